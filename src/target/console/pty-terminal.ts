import { closeSync, constants, openSync } from 'node:fs'
import type { IPty } from 'node-pty'
import { OutputQueue, type TargetTerminal, type TerminalSize } from './terminal'

/** Bytes that may wait before the program is held, and from which on it goes on. */
const HOLD = 100_000
const GO_ON = 5_000
/** A shell that does not end by itself is killed after so many ms. */
const GRACE = 2_000

/** A program under a pseudo-terminal of this machine. */
export class PtyTerminal implements TargetTerminal {
  readonly kind = 'pty'
  readonly #pty: IPty
  readonly #output = new OutputQueue()
  readonly #ended: Promise<void>
  #hasEnded = false

  private constructor(pty: IPty & { readonly ptsName?: string }) {
    this.#pty = pty
    // node-pty 1.1.0 drops what a program wrote just before its end, unless someone else holds the
    // terminal open.
    const slave =
      pty.ptsName === undefined
        ? undefined
        : openSync(pty.ptsName, constants.O_RDWR | constants.O_NOCTTY)
    let held = false
    this.#output.onSize = (size) => {
      if (this.#hasEnded) return
      if (!held && size > HOLD) pty.pause()
      else if (held && size < GO_ON) pty.resume()
      held = held ? size >= GO_ON : size > HOLD
    }
    // With encoding null node-pty gives bytes, whatever its types say.
    pty.onData((data: string | Uint8Array) => {
      this.#output.push(typeof data === 'string' ? Buffer.from(data) : data)
    })
    this.#ended = new Promise((resolve) => {
      pty.onExit(() => {
        this.#hasEnded = true
        if (slave !== undefined) closeSync(slave)
        this.#output.end()
        resolve()
      })
    })
  }

  /** Starts a program. Arguments are passed on as they are: no shell takes them apart. */
  static async spawn(
    program: string,
    args: readonly string[],
    size: TerminalSize,
    env: NodeJS.ProcessEnv
  ): Promise<PtyTerminal> {
    const { spawn } = await import('node-pty')
    const pty = spawn(program, [...args], {
      name: 'xterm-256color',
      cols: size.columns,
      rows: size.rows,
      env: { ...env, COLORTERM: undefined, TERM: 'xterm-256color' },
      encoding: null
    })
    return new PtyTerminal(pty)
  }

  next(): Promise<Uint8Array | undefined> {
    return this.#output.next()
  }

  write(text: string): void {
    if (!this.#hasEnded) this.#pty.write(text)
  }

  resize({ columns, rows }: TerminalSize): void {
    if (!this.#hasEnded) this.#pty.resize(columns, rows)
  }

  async close(): Promise<void> {
    if (this.#hasEnded) return
    // What waits to be taken would keep the end from coming.
    this.#pty.resume()
    this.#pty.kill('SIGHUP')
    const timer = setTimeout(() => {
      this.#pty.kill('SIGKILL')
    }, GRACE)
    await this.#ended
    clearTimeout(timer)
  }
}
