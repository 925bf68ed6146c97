import { FitAddon } from '@xterm/addon-fit'
import { Terminal, type ITheme } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import { copyText } from '../../ui/copy'
import { harden } from './harden'
import { styleDocument, withConstructedStyles } from './style-document'

/** Lines that can be scrolled back to. */
const SCROLLBACK = 5000

/** What a screen tells its owner. */
export interface ScreenEvents {
  /** Typed or pasted. */
  readonly input: (text: string) => void
  readonly resized: (columns: number, rows: number) => void
}

/** A terminal's screen: xterm.js, with the sequences disabled that reach beyond it. */
export class Screen {
  readonly #terminal: Terminal
  readonly #fit = new FitAddon()
  readonly #host: HTMLElement

  constructor(host: HTMLElement, label: string, events: ScreenEvents) {
    this.#host = host
    this.#terminal = new Terminal({
      documentOverride: styleDocument(document),
      scrollback: SCROLLBACK,
      fontFamily: property('--mono'),
      fontSize: 12.5,
      lineHeight: 1.2,
      cursorBlink: false,
      theme: themeOf(),
      minimumContrastRatio: 4.5,
      linkHandler: null,
      macOptionIsMeta: true,
      rightClickSelectsWord: false
    })
    this.#terminal.loadAddon(this.#fit)
    harden(this.#terminal)
    this.#terminal.attachCustomKeyEventHandler((event) => this.#isForTarget(event))
    this.#terminal.onData(events.input)
    this.#terminal.onResize(({ cols, rows }) => {
      events.resized(cols, rows)
    })
    withConstructedStyles(document, () => this.#terminal.open(host))
    this.#terminal.textarea?.setAttribute('aria-label', label)
    this.fit()
  }

  get size(): { readonly columns: number; readonly rows: number } {
    return { columns: this.#terminal.cols, rows: this.#terminal.rows }
  }

  write(data: Uint8Array | string, shown?: () => void): void {
    this.#terminal.write(data, shown)
  }

  /** As many characters as there is room for. */
  fit(): void {
    if (this.#host.clientWidth > 0 && this.#host.clientHeight > 0) this.#fit.fit()
  }

  /** Colours and size anew, after the theme changed. */
  restyle(): void {
    this.#terminal.options.theme = themeOf()
  }

  focus(): void {
    this.#terminal.focus()
  }

  clear(): void {
    this.#terminal.clear()
  }

  reset(): void {
    this.#terminal.reset()
  }

  /** Lines of the screen and of what was scrolled away, for tests and screen readers. */
  get text(): string {
    const { active } = this.#terminal.buffer
    const lines = Array.from(
      { length: active.length },
      (_, i) => active.getLine(i)?.translateToString(true) ?? ''
    )
    return lines.join('\n').trimEnd()
  }

  copy(): boolean {
    const text = this.#terminal.getSelection()
    if (text === '') return false
    const done = copyText(text)
    this.#terminal.focus()
    return done
  }

  /** As if it was pasted: bracketed where the program asked for that. */
  paste(text: string): void {
    this.#terminal.paste(text)
    this.#terminal.focus()
  }

  dispose(): void {
    this.#terminal.dispose()
  }

  /** False for keys that are the window's own. */
  #isForTarget(event: KeyboardEvent): boolean {
    if (!event.ctrlKey) return true
    if (event.key === '`') return false
    if (!event.shiftKey) return true
    if (event.type === 'keydown' && event.key === 'C') {
      this.copy()
      event.preventDefault()
    }
    return false
  }
}

function property(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

/** The sixteen colours of a terminal out of the window's own, so that they fit both themes. */
function themeOf(): ITheme {
  const [black, red, green, yellow] = ['--text', '--bad', '--good', '--warn'].map(property)
  const [blue, magenta, cyan, white] = ['--accent', '--s3', '--s7', '--soft'].map(property)
  const dim = property('--dim')
  return {
    background: property('--panel'),
    foreground: property('--text'),
    cursor: property('--accent'),
    cursorAccent: property('--panel'),
    selectionBackground: property('--accent-bg'),
    black: property('--line-strong'),
    brightBlack: dim,
    ...{ red, green, yellow, blue, magenta, cyan, white },
    ...{ brightRed: red, brightGreen: green, brightYellow: yellow, brightBlue: blue },
    ...{ brightMagenta: magenta, brightCyan: cyan, brightWhite: black }
  } as ITheme
}
