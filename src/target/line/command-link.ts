import { spawn as spawnProcess } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { IPty } from 'node-pty'

import type { ByteLink } from './link'

/**
 * A command under a pseudo-terminal as a link: picocom, adb shell, docker exec -it, a lab's
 * gateway. Rejects with an Error of one clear sentence.
 */
export async function commandLink(command: readonly string[]): Promise<ByteLink> {
  const [program = '', ...args] = command
  if (!(await isProgram(program)))
    throw new Error(`There is no program ${program} on this machine.`)
  const { spawn } = await import('node-pty')
  const env = { ...process.env, TERM: 'dumb' }
  const pty = spawn(program, args, { name: 'dumb', cols: 2000, rows: 100, env, encoding: null })
  return new CommandLink(pty, program)
}

/** Whether execvp(3) would find it. */
async function isProgram(name: string): Promise<boolean> {
  const folders = name.includes('/') ? [''] : (process.env.PATH ?? '').split(delimiter)
  for (const folder of folders) {
    const path = name.includes('/') ? name : join(folder, name)
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false
    )
    if (found) return true
  }
  return false
}

class CommandLink implements ByteLink {
  onBytes: (chunk: Uint8Array) => void = () => undefined
  readonly ended: Promise<string>
  private readonly exited: Promise<void>
  private slave: number | undefined

  constructor(
    private readonly pty: IPty & { readonly ptsName?: string },
    program: string
  ) {
    // node-pty 1.1.0 drops what a program wrote just before its end, unless
    // someone else holds the terminal open.
    if (pty.ptsName !== undefined) {
      this.slave = openSync(pty.ptsName, constants.O_RDWR | constants.O_NOCTTY)
      // What passes through belongs to two programs, not to a keyboard: neither echo, nor
      // signals, nor another newline. A program that wants it otherwise says so itself.
      spawnProcess('stty', ['raw', '-echo'], { stdio: [this.slave, 'ignore', 'ignore'] }).once(
        'error',
        () => undefined
      )
    }
    pty.onData((data) => {
      // With encoding null these are bytes, whatever the type says.
      this.onBytes(Buffer.isBuffer(data) ? data : Buffer.from(data, 'latin1'))
    })
    let code = 0
    this.exited = new Promise((resolve) => {
      pty.onExit(({ exitCode }) => {
        code = exitCode
        if (this.slave !== undefined) closeSync(this.slave)
        this.slave = undefined
        resolve()
      })
    })
    this.ended = this.exited.then(() =>
      code === 0
        ? `The link to the target is gone: ${program} ended.`
        : `The link to the target is gone: ${program} ended with exit code ${String(code)}.`
    )
  }

  write(text: string): void {
    if (this.slave !== undefined || this.pty.ptsName === undefined) this.pty.write(text)
  }

  async close(): Promise<void> {
    const kill = (signal: string): void => {
      try {
        this.pty.kill(signal)
      } catch {
        // It has ended meanwhile.
      }
    }
    kill('SIGHUP')
    const timers = [
      setTimeout(() => {
        kill('SIGTERM')
      }, 500),
      setTimeout(() => {
        kill('SIGKILL')
      }, 2_000)
    ]
    await this.exited
    for (const timer of timers) clearTimeout(timer)
  }
}
