/** What an editor has to tell. */
export interface EditorEvents {
  /** Characters for the screen. */
  readonly show: (text: string) => void
  /** A line was ended with Enter. */
  readonly line: (line: string) => void
  /** Ctrl+C. */
  readonly interrupt: () => void
  /** Ctrl+D on an empty line. */
  readonly eof: () => void
  /** Ways to go on with the word before the cursor, each as the whole word; Tab. */
  readonly complete: (before: string) => Promise<readonly string[]>
}

/** Characters of a line; more are not taken. */
const MAX_LINE = 4096
const MAX_HISTORY = 500

/**
 * Edits one line as shells do: cursor keys, Home and End, Ctrl+A E K U W, history, Tab. It writes
 * what a terminal needs to show it, and expects the line to fit the row: longer ones still work,
 * though they are not wrapped in the middle of an edit.
 */
export class LineEditor {
  readonly #events: EditorEvents
  readonly #history: string[] = []
  #at = 0
  #draft = ''
  #line: string[] = []
  #cursor = 0
  #prompt = ''
  #rest = ''
  #isActive = false

  constructor(events: EditorEvents) {
    this.#events = events
  }

  /** Shows a prompt and edits a new line. What was typed ahead is taken now. */
  begin(prompt: string): void {
    this.#prompt = prompt
    this.#line = []
    this.#cursor = 0
    this.#at = this.#history.length
    this.#draft = ''
    this.#isActive = true
    this.#events.show(prompt)
    const rest = this.#rest
    this.#rest = ''
    if (rest !== '') this.type(rest)
  }

  /** Keys, and pasted text. Keys that come while no line is edited wait, but for Ctrl+C. */
  type(text: string): void {
    let rest = text
    while (rest !== '') {
      if (!this.#isActive) {
        const interrupt = rest.indexOf('\u0003')
        if (interrupt >= 0) {
          this.#rest = ''
          this.#events.interrupt()
          rest = rest.slice(interrupt + 1)
          continue
        }
        this.#rest = (this.#rest + rest).slice(0, MAX_LINE)
        return
      }
      // eslint-disable-next-line no-control-regex -- escape sequences of keys begin with one
      const key = /^(?:\u001b\[(?:\d{1,3}(?:;\d{1,3})?)?[A-Za-z~]|\u001bO[A-Z]|[\s\S])/u.exec(rest)
      const [taken = rest] = key ?? []
      rest = rest.slice(taken.length)
      this.#key(taken)
    }
  }

  #key(key: string): void {
    const line = this.#line
    switch (key) {
      case '\r':
      case '\n': {
        const text = line.join('')
        this.#isActive = false
        this.#events.show('\r\n')
        if (text.trim() !== '' && text !== this.#history.at(-1)) {
          this.#history.push(text)
          if (this.#history.length > MAX_HISTORY) this.#history.shift()
        }
        this.#events.line(text)
        return
      }
      case '\u0003':
        this.#isActive = false
        this.#events.show('^C\r\n')
        this.#events.line('')
        return
      case '\u0004':
        if (line.length === 0) this.#events.eof()
        return
      case '\t':
        void this.#complete()
        return
      case '\u007f':
      case '\b':
        if (this.#cursor > 0) {
          line.splice(--this.#cursor, 1)
          this.#redraw()
        }
        return
      case '\u001b[3~':
        if (this.#cursor < line.length) {
          line.splice(this.#cursor, 1)
          this.#redraw()
        }
        return
      case '\u001b[D':
      case '\u0002':
        this.#move(this.#cursor - 1)
        return
      case '\u001b[C':
      case '\u0006':
        this.#move(this.#cursor + 1)
        return
      case '\u001b[H':
      case '\u001bOH':
      case '\u0001':
        this.#move(0)
        return
      case '\u001b[F':
      case '\u001bOF':
      case '\u0005':
        this.#move(line.length)
        return
      case '\u001b[A':
      case '\u0010':
        this.#recall(this.#at - 1)
        return
      case '\u001b[B':
      case '\u000e':
        this.#recall(this.#at + 1)
        return
      case '\u000b':
        line.length = this.#cursor
        this.#redraw()
        return
      case '\u0015':
        line.splice(0, this.#cursor)
        this.#cursor = 0
        this.#redraw()
        return
      case '\u0017': {
        const before = line.slice(0, this.#cursor).join('')
        const kept = before.replace(/\S+\s*$/u, '')
        const left = Array.from(kept)
        line.splice(0, this.#cursor, ...left)
        this.#cursor = left.length
        this.#redraw()
        return
      }
      case '\u000c':
        this.#events.show('\u001b[H\u001b[2J')
        this.#redraw()
        return
      default:
        this.#insert(key)
    }
  }

  #insert(text: string): void {
    const typed = Array.from(text).filter((c) => c >= ' ' && c !== '\u007f')
    if (typed.length === 0 || this.#line.length + typed.length > MAX_LINE) return
    this.#line.splice(this.#cursor, 0, ...typed)
    this.#cursor += typed.length
    if (this.#cursor === this.#line.length) this.#events.show(typed.join(''))
    else this.#redraw()
  }

  #move(to: number): void {
    this.#cursor = Math.max(0, Math.min(this.#line.length, to))
    this.#redraw()
  }

  #recall(to: number): void {
    if (to < 0 || to > this.#history.length) return
    if (this.#at === this.#history.length) this.#draft = this.#line.join('')
    this.#at = to
    this.#line = Array.from(to === this.#history.length ? this.#draft : (this.#history[to] ?? ''))
    this.#cursor = this.#line.length
    this.#redraw()
  }

  async #complete(): Promise<void> {
    const line = this.#line
    const cursor = this.#cursor
    const before = line.slice(0, cursor).join('')
    const word = /\S*$/u.exec(before)?.[0] ?? ''
    const ways = await this.#events.complete(before).catch(() => [])
    // Somebody typed on meanwhile.
    if (!this.#isActive || this.#line !== line || this.#cursor !== cursor) return
    const [first] = ways
    if (first === undefined) return
    const common = ways.reduce((a, b) => {
      let i = 0
      while (i < a.length && a[i] === b[i]) i++
      return a.slice(0, i)
    }, first)
    const more = common.slice(word.length)
    if (more !== '') this.#insert(more)
    else if (ways.length > 1) {
      const names = ways.map((way) => way.replace(/^.*\/(?=.)/u, ''))
      this.#events.show(`\r\n${names.slice(0, 200).join('  ')}\r\n`)
      this.#redraw()
    }
  }

  #redraw(): void {
    const back = this.#line.length - this.#cursor
    this.#events.show(
      `\r\u001b[K${this.#prompt}${this.#line.join('')}${back > 0 ? `\u001b[${String(back)}D` : ''}`
    )
  }
}
