import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'

import { oneLine } from './sanitize'

/** How a transport runs a POSIX shell on the target with plain pipes. `remote` is one command for a shell there. */
export type SpawnShell = (remote: string) => ChildProcessWithoutNullStreams

/**
 * The command that takes a script over standard input and runs it. The script
 * is read byte by byte with dd, since shells read ahead of the script that they
 * execute and would swallow what follows it.
 */
export function bootstrap(script: string): string {
  return `exec sh -c 'eval "$(dd bs=1 count=${String(Buffer.byteLength(script))} 2>/dev/null)"'`
}

/** How a child ended. */
export interface ChannelEnd {
  /** Exit code, or null after a signal or when it could not be started. */
  readonly code: number | null
  /** What it wrote to standard error, at most 4 KiB, as one line. */
  readonly said: string
}

/** One of the panel's scripts at work on the target. */
export interface ScriptChannel {
  readonly stdin: Writable
  readonly stdout: Readable
  /** Settles when the script has ended. Never rejects. */
  readonly ended: Promise<ChannelEnd>
  /**
   * Ends its input, which ends the script, and waits for it at most `grace` ms; what
   * takes longer is killed or, where it may still have work to do, left to itself.
   */
  end(afterGrace: 'kill' | 'leave', grace?: number): Promise<void>
  /** Ends it by force, at once and without waiting. */
  drop(): void
}

/** How a transport starts one of the panel's scripts (agent.sh, stream.sh). */
export type StartScript = (script: string) => ScriptChannel

/** Starts scripts with a shell for each. */
export function scriptsOver(spawn: SpawnShell): StartScript {
  return (script) => new Channel(spawn(bootstrap(script)), script)
}

/** A shell script at work on the target, with what it says on standard error. */
export class Channel implements ScriptChannel {
  readonly ended: Promise<ChannelEnd>
  private said = ''

  constructor(
    readonly child: ChildProcessWithoutNullStreams,
    script: string
  ) {
    child.stderr.setEncoding('utf8')
    child.stderr.on('data', (text: string) => {
      if (this.said.length < 4096) this.said += text.slice(0, 4096 - this.said.length)
    })
    // A link that ends while something is being written is reported by `ended`.
    child.stdin.on('error', () => undefined)
    child.stdout.on('error', () => undefined)
    child.stderr.on('error', () => undefined)
    this.ended = new Promise((resolve) => {
      child.once('error', (error: NodeJS.ErrnoException) => {
        // As a shell has it for a command that it does not find.
        resolve({ code: error.code === 'ENOENT' ? 127 : null, said: error.message })
      })
      child.once('close', (code) => {
        resolve({ code, said: oneLine(this.said) })
      })
    })
    child.stdin.write(script)
  }

  get stdin(): Writable {
    return this.child.stdin
  }

  get stdout(): Readable {
    return this.child.stdout
  }

  async end(afterGrace: 'kill' | 'leave', grace = 5_000): Promise<void> {
    this.child.stdin.end()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        if (afterGrace === 'kill') this.child.kill('SIGKILL')
        this.letGo()
        resolve()
      }, grace)
    })
    await Promise.race([this.ended, late])
    clearTimeout(timer)
  }

  drop(): void {
    this.child.kill('SIGKILL')
    this.letGo()
  }

  /** Closes the pipes on this side: processes that the child started may hold the others for ever. */
  private letGo(): void {
    this.child.stdin.destroy()
    this.child.stdout.destroy()
    this.child.stderr.destroy()
    this.child.unref()
  }
}

/** Bytes or a path as the agent takes them: `.` and an octal escape for each byte. */
export function encodeBytes(text: string): string {
  let out = '.'
  for (const byte of Buffer.from(text, 'utf8')) {
    out += `\\0${byte.toString(8).padStart(3, '0')}`
  }
  return out
}
