import { spawn as spawnProcess } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import type { IPty } from 'node-pty'

import { plainText } from './sanitize'

/** Text that is kept of a dialogue, characters. */
const MAX_TRANSCRIPT = 16_384

/** A program under a pseudo-terminal, whose screen is kept as plain text. */
export class Terminal {
  /** Settles when the program has ended and all that it wrote is in `text`. */
  readonly ended: Promise<void>
  /** Called when the program has written something. */
  onText: () => void = () => undefined
  private raw = ''
  private slave: number | undefined

  private constructor(private readonly pty: IPty & { readonly ptsName?: string }) {
    // node-pty 1.1.0 drops what a program wrote just before its end, unless
    // someone else holds the terminal open.
    if (pty.ptsName !== undefined) {
      this.slave = openSync(pty.ptsName, constants.O_RDWR | constants.O_NOCTTY)
    }
    pty.onData((data) => {
      this.raw = (this.raw + data).slice(-MAX_TRANSCRIPT)
      this.onText()
    })
    this.ended = new Promise((resolve) => {
      pty.onExit(() => {
        if (this.slave !== undefined) closeSync(this.slave)
        this.slave = undefined
        resolve()
      })
    })
  }

  static async spawn(
    command: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv
  ): Promise<Terminal> {
    // Loaded when needed: a panel without ssh works without the native module.
    const { spawn } = await import('node-pty')
    return new Terminal(spawn(command, [...args], { name: 'dumb', cols: 1000, rows: 100, env }))
  }

  get pid(): number {
    return this.pty.pid
  }

  /** What the screen shows: control characters dropped, invisible ones escaped. */
  get text(): string {
    return plainText(this.raw)
  }

  /** Types a line. */
  answer(line: string): void {
    // eslint-disable-next-line no-control-regex -- a control character would be a key press, such as Ctrl-D
    this.pty.write(`${line.replace(/[\u0000-\u001f\u007f]/g, '')}\r`)
  }

  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.pty.kill(signal)
  }

  /** Whether typed characters show; undefined where stty cannot tell. */
  async echoes(): Promise<boolean | undefined> {
    const { slave } = this
    if (slave === undefined) return undefined
    return new Promise((resolve) => {
      const child = spawnProcess('stty', ['-a'], { stdio: [slave, 'pipe', 'ignore'] })
      let said = ''
      child.stdout?.setEncoding('latin1')
      child.stdout?.on('data', (text: string) => (said += text))
      child.once('error', () => {
        resolve(undefined)
      })
      child.once('close', () => {
        const word = /(?:^|\s)(-?)echo(?:\s|;|$)/.exec(said)
        resolve(word ? word[1] === '' : undefined)
      })
    })
  }
}
