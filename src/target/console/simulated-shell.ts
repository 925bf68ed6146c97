import { isSafePath, TracefsError, type TracefsPort } from '../port'
import { COMMANDS, CommandError, type Bytes, type ShellContext } from './simulated-commands'
import type { CommandRunner, RunningCommand } from './line-terminal'
import { parseShellLine, type Pipeline } from './shell-words'

/** Where tracefs is mounted, as on a kernel. */
const ROOT = '/sys/kernel/tracing'
const MODULES = '/sys/module'

/** A file that a path of the shell names. */
export type Place =
  /** Below tracefs; '' is its root. */
  | { readonly in: 'tracefs'; readonly path: string }
  | { readonly in: 'module'; readonly module: string; readonly parameter: string }

const encoder = new TextEncoder()

/**
 * A small shell over the files of a simulated kernel, which has no user space of its own: `cat`,
 * `echo`, `ls` and what else one needs under /sys/kernel/tracing.
 */
export class SimulatedShell implements CommandRunner {
  readonly greeting =
    'The simulated kernel has no user space: this small shell of the panel works on its tracefs.\nhelp lists what it can do. What you change here is yours: it is not put back.'
  readonly #port: TracefsPort
  readonly #readPipe: (path: string) => boolean
  #cwd = ''

  constructor(port: TracefsPort) {
    this.#port = port
    this.#readPipe = (path) => /(^|\/)trace_pipe(_raw)?$/.test(path)
  }

  prompt(): string {
    const where = this.#cwd === '' ? ROOT : `${ROOT}/${this.#cwd}`
    return `root@simulated:${where}# `
  }

  run(command: string): Promise<RunningCommand> {
    const abort = new AbortController()
    const output = this.#execute(command, abort.signal)
    let finish: (status: number) => void = () => undefined
    const status = new Promise<number>((resolve) => {
      finish = resolve
    })
    return Promise.resolve({
      next: async () => {
        try {
          const { done, value } = await output.next()
          if (done !== true) return value
          finish(0)
          return undefined
        } catch (error) {
          finish(abort.signal.aborted ? 130 : 1)
          if (abort.signal.aborted) return undefined
          throw error
        }
      },
      interrupt: () => {
        abort.abort()
      },
      status
    })
  }

  async complete(before: string): Promise<readonly string[]> {
    const word = /\S*$/u.exec(before)?.[0] ?? ''
    if (word === before.trimStart()) {
      const names = [...Object.keys(COMMANDS), 'cd'].sort()
      return names.filter((name) => name.startsWith(word)).map((name) => `${name} `)
    }
    const slash = word.lastIndexOf('/')
    const folder = this.#place(slash < 0 ? '.' : word.slice(0, slash + 1))
    if (folder?.in !== 'tracefs') return []
    const entries = await this.#port.list(folder.path)
    return entries
      .filter(({ name }) => name.startsWith(word.slice(slash + 1)))
      .map(({ name, directory }) => `${word.slice(0, slash + 1)}${name}${directory ? '/' : ' '}`)
      .sort()
  }

  async *#execute(line: string, signal: AbortSignal): Bytes {
    let done = true
    for (const { pipeline, ifDone } of parseShellLine(line)) {
      if (signal.aborted) return
      if (ifDone && !done) continue
      try {
        yield* this.#pipe(pipeline, signal)
        done = true
      } catch (error) {
        if (!(error instanceof CommandError) && !(error instanceof TracefsError)) throw error
        done = false
        yield encoder.encode(`${error.message}\n`)
      }
    }
  }

  async *#pipe(pipeline: Pipeline, signal: AbortSignal): Bytes {
    let input: Bytes = nothing()
    for (const [i, { words, redirect }] of pipeline.entries()) {
      const [name = '', ...args] = words
      const output = this.#command(name, args, input, signal)
      if (redirect === undefined) {
        input = output
        continue
      }
      if (i < pipeline.length - 1) throw new CommandError('Only the last command may have a >.')
      await this.#write(redirect.path, redirect.append, await textOf(output))
      return
    }
    yield* input
  }

  #command(name: string, args: readonly string[], input: Bytes, signal: AbortSignal): Bytes {
    if (name === 'cd') return this.#cd(args)
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
    if (command === undefined) {
      throw new CommandError(`${name}: not found (help lists what there is)`)
    }
    const context: ShellContext = {
      port: this.#port,
      input,
      signal,
      cwd: this.#cwd === '' ? ROOT : `${ROOT}/${this.#cwd}`,
      place: (path) => this.#placed(path),
      isPipe: this.#readPipe
    }
    return command.run(args, context)
  }

  async *#cd([to = ROOT]: readonly string[]): Bytes {
    const place = this.#placed(to)
    if (place.in !== 'tracefs') throw new CommandError(`cd: ${to}: not a directory of tracefs`)
    // Listing says whether it is there, and a directory.
    await this.#port.list(place.path)
    this.#cwd = place.path
    yield* nothing()
  }

  async #write(path: string, append: boolean, text: string): Promise<void> {
    const place = this.#placed(path)
    if (place.in === 'module') {
      await this.#port.writeParameter(place.module, place.parameter, text)
      return
    }
    await this.#port.write(place.path, text, append ? 'append' : 'truncate')
  }

  #placed(path: string): Place {
    const place = this.#place(path)
    if (place !== undefined) return place
    throw new CommandError(
      `${path}: the simulated kernel has only ${ROOT} and ${MODULES}/NAME/parameters`
    )
  }

  #place(path: string): Place | undefined {
    const whole = path.startsWith('/') ? path : `${ROOT}/${this.#cwd}/${path}`
    const parts: string[] = []
    for (const part of whole.split('/')) {
      if (part === '' || part === '.') continue
      if (part === '..') parts.pop()
      else parts.push(part)
    }
    const absolute = `/${parts.join('/')}`
    const parameter = /^\/sys\/module\/(\w{1,64})\/parameters\/(\w{1,64})$/.exec(absolute)
    if (parameter) {
      return { in: 'module', module: parameter[1] ?? '', parameter: parameter[2] ?? '' }
    }
    if (absolute === ROOT) return { in: 'tracefs', path: '' }
    if (!absolute.startsWith(`${ROOT}/`)) return undefined
    const below = absolute.slice(ROOT.length + 1)
    return isSafePath(below) ? { in: 'tracefs', path: below } : undefined
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- an empty stream has nothing to wait for
async function* nothing(): Bytes {
  yield* []
}

/** All of an output as text. */
async function textOf(output: Bytes): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of output) text += decoder.decode(bytes, { stream: true })
  return text + decoder.decode()
}
