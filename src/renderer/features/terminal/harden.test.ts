import { Terminal } from '@xterm/xterm'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { harden } from './harden'

/** What output made the terminal do, beyond its screen. */
interface Effects {
  readonly title: string[]
  /** What it typed into the target by itself. */
  readonly typed: string[]
}

let terminal: Terminal
let effects: Effects
beforeEach(() => {
  terminal = new Terminal({ cols: 40, rows: 5, linkHandler: null })
  harden(terminal)
  effects = { title: [], typed: [] }
  terminal.onTitleChange((title) => effects.title.push(title))
  terminal.onData((data) => effects.typed.push(data))
})
afterEach(() => terminal.dispose())

const write = (text: string): Promise<void> =>
  new Promise((resolve) => {
    terminal.write(text, resolve)
  })
const line = (): string => terminal.buffer.active.getLine(0)?.translateToString(true) ?? ''

describe('output of a target', () => {
  it.each([
    ['the title', '\u001b]0;owned\u0007'],
    ['the title, with another end', '\u001b]2;owned\u001b\\'],
    ['the clipboard', '\u001b]52;c;b3duZWQ=\u0007'],
    ['a question for the clipboard', '\u001b]52;c;?\u0007'],
    ['a question for colours', '\u001b]10;?\u0007\u001b]4;1;?\u0007'],
    ['the title read back', '\u001b[21t'],
    ['the size of the window', '\u001b[18t'],
    ['a status string', '\u001bP$qm\u001b\\'],
    ['a capability', '\u001bP+q544e\u001b\\'],
    ['a mode asked back', '\u001b[?1$p\u001b[4$p'],
    ['secondary and tertiary attributes', '\u001b[>c\u001b[=c'],
    ['the version', '\u001b[>q'],
    ['parameters', '\u001b[x'],
    ['extended cursor position', '\u001b[?6n']
  ])('reaches not %s', async (_, sequence) => {
    await write(`a${sequence}b`)
    expect(effects).toEqual({ title: [], typed: [] })
    expect(line()).toBe('ab')
  })

  it('makes no links', async () => {
    await write('\u001b]8;;https://example.com/\u0007here\u001b]8;;\u0007')
    expect(line()).toBe('here')
    // A cell of a link has an extended attribute with the link's number.
    const cell = terminal.buffer.active.getLine(0)?.getCell(0)
    expect(cell?.isUnderline()).toBe(0)
  })

  it('is still answered where shells ask for the cursor, with digits only', async () => {
    await write('\u001b[6n')
    // eslint-disable-next-line no-control-regex -- the answer is an escape sequence
    expect(effects.typed.join('')).toMatch(/^\u001b\[\d+;\d+R$/)
  })

  it('whatever it is, types nothing but positions and attributes, and changes no title', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '\u001b]',
        '\u001bP',
        '\u001b[',
        '\u001b\\',
        '\u0007',
        ';',
        '?',
        '$',
        '>',
        '='
      ),
      fc.constantFrom('0', '2', '8', '52', 'q', 'p', 'n', 'c', 't', 'x', 'u', 'R', ' '),
      fc.string({ maxLength: 3 })
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
        effects = { title: [], typed: [] }
        await write(`${pieces.join('')}\u001b\\\u0018`)
        expect(effects.title).toEqual([])
        // eslint-disable-next-line no-control-regex -- answers are escape sequences
        expect(effects.typed.join('').replaceAll(/\u001b\[\??[\d;]*[Rcn]/g, '')).toBe('')
      }),
      { numRuns: 300 }
    )
  })
})
