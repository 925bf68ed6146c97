import { LineEditor } from './line-editor'
import { OutputQueue, type TargetTerminal } from './terminal'

/** A command at work. */
export interface RunningCommand {
  /** Next output; undefined at the end. */
  next(): Promise<Uint8Array | undefined>
  /** Ends it, as Ctrl+C does. */
  interrupt(): void
  /** Its exit status, once it has ended; undefined: not known. */
  readonly status: Promise<number | undefined>
}

/** What runs commands one at a time. */
export interface CommandRunner {
  /** Shown once, at the beginning. */
  readonly greeting: string
  /** Before each command, such as `root@board:/sys# `. */
  prompt(): string
  run(command: string): Promise<RunningCommand>
  /** Ways to go on with the word at the end of a line, each as the whole word. */
  complete(before: string): Promise<readonly string[]>
}

const encoder = new TextEncoder()
/** Output that may wait before the command is no longer read. */
const HOLD = 100_000

/** A terminal over something that runs commands: the line is edited here, and its end runs it. */
export class LineTerminal implements TargetTerminal {
  readonly kind = 'lines'
  readonly #runner: CommandRunner
  readonly #output = new OutputQueue()
  readonly #editor: LineEditor
  #running: RunningCommand | undefined
  #isClosed = false
  #roomy: (() => void) | undefined
  #waiting = 0

  constructor(runner: CommandRunner) {
    this.#runner = runner
    this.#output.onSize = (size) => {
      this.#waiting = size
      if (size < HOLD) this.#roomy?.()
    }
    this.#editor = new LineEditor({
      show: (text) => {
        this.#output.push(encoder.encode(text))
      },
      line: (line) => {
        void this.#execute(line)
      },
      interrupt: () => {
        this.#running?.interrupt()
      },
      eof: () => {
        this.#output.push(encoder.encode('\r\n'))
        void this.close()
      },
      complete: (before) => runner.complete(before)
    })
    if (runner.greeting !== '') this.#output.push(encoder.encode(crlf(`${runner.greeting}\n`)))
    this.#editor.begin(runner.prompt())
  }

  next(): Promise<Uint8Array | undefined> {
    return this.#output.next()
  }

  write(text: string): void {
    if (!this.#isClosed) this.#editor.type(text)
  }

  resize(): void {
    // A line has no height, and the width is the window's.
  }

  close(): Promise<void> {
    this.#isClosed = true
    this.#running?.interrupt()
    this.#output.end()
    this.#roomy?.()
    return Promise.resolve()
  }

  async #execute(line: string): Promise<void> {
    if (line.trim() !== '') {
      let column = 0
      try {
        const running = await this.#runner.run(line)
        this.#running = running
        for (let bytes = await running.next(); bytes; bytes = await running.next()) {
          const out = crlfBytes(bytes)
          this.#output.push(out)
          column = out.at(-1) === 10 ? 0 : 1
          if (this.#waiting > HOLD && !this.#isClosed) {
            await new Promise<void>((resolve) => {
              this.#roomy = resolve
            })
            this.#roomy = undefined
          }
        }
        await running.status
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        this.#output.push(encoder.encode(`${crlf(why)}\r\n`))
        column = 0
      }
      this.#running = undefined
      if (column > 0) this.#output.push(encoder.encode('\r\n'))
    }
    if (!this.#isClosed) this.#editor.begin(this.#runner.prompt())
  }
}

const crlf = (text: string): string => text.replaceAll(/\r?\n/g, '\r\n')

/** Output of a program has no terminal behind it that would return the carriage. */
function crlfBytes(bytes: Uint8Array): Uint8Array {
  let newlines = 0
  for (const byte of bytes) if (byte === 10) newlines++
  if (newlines === 0) return bytes
  const out = new Uint8Array(bytes.length + newlines)
  let at = 0
  for (const byte of bytes) {
    if (byte === 10) out[at++] = 13
    out[at++] = byte
  }
  return out
}
