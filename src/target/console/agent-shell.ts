import { randomBytes } from 'node:crypto'
import type { TracefsStream } from '../port'
import { oneLine } from '../sanitize'
import type { CommandRunner, RunningCommand } from './line-terminal'

/** Runs a command line on the target; its output is a stream, which ends with it. */
export type RunLine = (line: string) => Promise<TracefsStream>

/** In front of what a command line says at its end, and behind it. */
const MARK = 0x1e
/** Bytes that the end of a command line may have: its status and a path. */
const MAX_END = 8192

/** Text as one word for a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/**
 * Runs the user's commands one by one through the agent, where a link has no second terminal: a
 * serial line, a command under a pty. The directory is kept from one command to the next; nothing
 * else is, and what wants a screen or input does not work.
 */
export class AgentShell implements CommandRunner {
  readonly greeting =
    'This link is one line, which the panel and its agent share: each command runs by itself here,\nwithout a terminal and without input. What you change on the target is yours: it is not put back.'
  readonly #run: RunLine
  readonly #target: string
  #cwd: string

  private constructor(run: RunLine, target: string, cwd: string) {
    this.#run = run
    this.#target = target
    this.#cwd = cwd
  }

  /** @param target its name, for the prompt */
  static async open(run: RunLine, target: string): Promise<AgentShell> {
    const shell = new AgentShell(run, target, '/')
    const first = await shell.run('cd ~ 2> /dev/null || cd /')
    while ((await first.next()) !== undefined);
    return shell
  }

  prompt(): string {
    return `${oneLine(this.#target, 40)}:${oneLine(this.#cwd, 60)}$ `
  }

  async run(command: string): Promise<RunningCommand> {
    const nonce = randomBytes(6).toString('hex')
    const line = `trap 'printf "\\036%s %d %s\\036" ${nonce} "$?" "$PWD"' EXIT; cd -- ${quoted(this.#cwd)} 2> /dev/null; eval ${quoted(command)}`
    const stream = await this.#run(line)
    const output = new EndFinder(nonce)
    let finish: (status: number | undefined) => void = () => undefined
    const status = new Promise<number | undefined>((resolve) => {
      finish = resolve
    })
    return {
      next: async () => {
        for (;;) {
          const chunk = await stream.next().catch(() => undefined)
          const bytes = chunk === undefined ? output.rest() : output.push(chunk)
          if (bytes.length > 0) return bytes
          if (chunk !== undefined) continue
          const end = output.end
          if (end !== undefined) this.#cwd = end.cwd
          finish(end?.status)
          return undefined
        }
      },
      interrupt: () => {
        void stream.close()
      },
      status
    }
  }

  async complete(before: string): Promise<readonly string[]> {
    const word = /[\w./+-]*$/u.exec(before)?.[0] ?? ''
    if (word === '') return []
    const slash = word.lastIndexOf('/')
    const folder = slash < 0 ? '.' : word.slice(0, slash + 1)
    const running = await this.run(`ls -ap ${quoted(folder)} 2> /dev/null`)
    let text = ''
    for (let bytes = await running.next(); bytes; bytes = await running.next()) {
      text += Buffer.from(bytes).toString('utf8')
      if (text.length > 65_536) running.interrupt()
    }
    return text
      .split('\n')
      .filter((name) => /^[\w.+-]+\/?$/u.test(name) && name.startsWith(word.slice(slash + 1)))
      .map((name) => `${word.slice(0, slash + 1)}${name}${name.endsWith('/') ? '' : ' '}`)
  }
}

/** Takes what a command line says at its end out of its output. */
class EndFinder {
  readonly #nonce: string
  #held = Buffer.alloc(0)

  constructor(nonce: string) {
    this.#nonce = nonce
  }

  /** What of the output is the command's own, as far as that can be told yet. */
  push(bytes: Uint8Array): Uint8Array {
    const all = Buffer.concat([this.#held, bytes])
    const at = all.indexOf(Buffer.concat([Buffer.of(MARK), Buffer.from(this.#nonce)]))
    // A mark that came in two pieces has its first half at the end.
    const from = at >= 0 ? at : all.indexOf(MARK, Math.max(0, all.length - this.#nonce.length - 1))
    if (from < 0) {
      this.#held = Buffer.alloc(0)
      return all
    }
    this.#held = all.subarray(from)
    if (this.#held.length > MAX_END) return this.rest()
    return all.subarray(0, from)
  }

  /** What was held back and is no end. */
  rest(): Uint8Array {
    if (this.end !== undefined) return new Uint8Array()
    const held = this.#held
    this.#held = Buffer.alloc(0)
    return held
  }

  /** Status and directory at the end of the command; undefined: it did not come to its end. */
  get end(): { readonly status: number; readonly cwd: string } | undefined {
    // eslint-disable-next-line no-control-regex -- the mark is one
    const end = /^\u001e([0-9a-f]+) (\d{1,3}) (\/[^\u001e]*)\u001e/.exec(
      this.#held.toString('utf8')
    )
    if (end?.[1] !== this.#nonce) return undefined
    return { status: Number(end[2]), cwd: end[3] ?? '/' }
  }
}
