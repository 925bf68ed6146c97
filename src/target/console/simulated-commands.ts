import type { TracefsPort, TracefsStream } from '../port'
import type { Place } from './simulated-shell'

/** Output of a command, piece by piece. */
export type Bytes = AsyncGenerator<Uint8Array, void, undefined>

/** A command that could not do what it was asked; the message is one line. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

/** What a command works on. */
export interface ShellContext {
  readonly port: TracefsPort
  /** Output of the command before in a pipe. */
  readonly input: Bytes
  /** Ctrl+C. */
  readonly signal: AbortSignal
  /** Absolute path. */
  readonly cwd: string
  /** The file that a path names. @throws CommandError */
  readonly place: (path: string) => Place
  /** Whether reading a file blocks until something comes. */
  readonly isPipe: (path: string) => boolean
}

interface Command {
  readonly usage: string
  readonly help: string
  readonly run: (args: readonly string[], context: ShellContext) => Bytes
}

const encoder = new TextEncoder()

/** Bytes of a file; of a pipe those that come until somebody interrupts. */
async function* bytesOf(path: string, context: ShellContext): Bytes {
  const { port, signal } = context
  const place = context.place(path)
  if (place.in === 'module') {
    yield encoder.encode(await port.readParameter(place.module, place.parameter))
  } else if (context.isPipe(place.path)) {
    yield* following(await port.stream(place.path), signal)
  } else yield await port.read(place.path)
}

async function* following(stream: TracefsStream, signal: AbortSignal): Bytes {
  const stop = (): void => void stream.close()
  signal.addEventListener('abort', stop, { once: true })
  try {
    for (let bytes = await stream.next(); bytes; bytes = await stream.next()) {
      if (signal.aborted) return
      yield bytes
    }
  } finally {
    signal.removeEventListener('abort', stop)
    await stream.close()
  }
}

/** The files, or what comes through the pipe where there are none. */
async function* inputOf(files: readonly string[], context: ShellContext): Bytes {
  if (files.length === 0) yield* context.input
  for (const file of files) yield* bytesOf(file, context)
}

async function* linesOf(bytes: Bytes): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const piece of bytes) {
    rest += decoder.decode(piece, { stream: true })
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}

/** `-n N` or `-N` before the files. */
function countOption(args: readonly string[], command: string): { count: number; files: string[] } {
  const [first = '', second = '', ...rest] = args
  if (first === '-n' && /^\d{1,7}$/.test(second)) return { count: Number(second), files: rest }
  const short = /^-n?(\d{1,7})$/.exec(first)
  if (short) return { count: Number(short[1]), files: args.slice(1) }
  if (first.startsWith('-')) throw new CommandError(`${command}: expected -n NUMBER, got ${first}`)
  return { count: 10, files: [...args] }
}

async function* head(args: readonly string[], context: ShellContext): Bytes {
  const { count, files } = countOption(args, 'head')
  let left = count
  if (left === 0) return
  for await (const line of linesOf(inputOf(files, context))) {
    yield encoder.encode(`${line}\n`)
    if (--left === 0) return
  }
}

async function* tail(args: readonly string[], context: ShellContext): Bytes {
  const { count, files } = countOption(args, 'tail')
  const kept: string[] = []
  for await (const line of linesOf(inputOf(files, context))) {
    kept.push(line)
    if (kept.length > count) kept.shift()
  }
  for (const line of kept) yield encoder.encode(`${line}\n`)
}

async function* grep(args: readonly string[], context: ShellContext): Bytes {
  const options = args.filter((arg) => /^-[ivc]+$/.test(arg)).join('')
  const [pattern, ...files] = args.filter((arg) => !/^-[ivc]+$/.test(arg))
  if (pattern === undefined) throw new CommandError('grep: expected TEXT [FILE...]')
  const fold = (text: string): string => (options.includes('i') ? text.toLowerCase() : text)
  let count = 0
  for await (const line of linesOf(inputOf(files, context))) {
    if (fold(line).includes(fold(pattern)) === options.includes('v')) continue
    count++
    if (!options.includes('c')) yield encoder.encode(`${line}\n`)
  }
  if (options.includes('c')) yield encoder.encode(`${String(count)}\n`)
}

async function* list(args: readonly string[], context: ShellContext): Bytes {
  const paths = args.filter((arg) => !arg.startsWith('-'))
  for (const path of paths.length === 0 ? ['.'] : paths) {
    const place = context.place(path)
    if (place.in !== 'tracefs') {
      yield encoder.encode(`${path}\n`)
      continue
    }
    const slash = place.path.lastIndexOf('/')
    const inside = await context.port.list(place.path.slice(0, Math.max(0, slash)))
    const self = inside.find(({ name }) => name === place.path.slice(slash + 1))
    if (place.path !== '' && self?.directory === false) {
      yield encoder.encode(`${path}\n`)
      continue
    }
    const entries = await context.port.list(place.path)
    const names = entries.map(({ name, directory }) => `${name}${directory ? '/' : ''}`).sort()
    if (names.length > 0) yield encoder.encode(`${columns(names)}\n`)
  }
}

/** Names in columns of a row of 100 characters, read downwards as ls has them. */
function columns(names: readonly string[]): string {
  const width = Math.max(...names.map((name) => name.length)) + 2
  const across = Math.max(1, Math.floor(100 / width))
  const down = Math.ceil(names.length / across)
  return Array.from({ length: down }, (_, row) =>
    names
      .filter((_name, i) => i % down === row)
      .map((name) => name.padEnd(width))
      .join('')
      .trimEnd()
  ).join('\n')
}

async function* dmesg(_: readonly string[], context: ShellContext): Bytes {
  yield encoder.encode('Messages from now on; Ctrl+C ends it.\n')
  for await (const line of linesOf(following(await context.port.kernelLog(), context.signal))) {
    const record = /^\d+,\d+,(\d+),[^;]*;(.*)$/.exec(line)
    if (!record) continue
    const usec = Number(record[1])
    const stamp = `${String(Math.floor(usec / 1e6)).padStart(5)}.${String(usec % 1e6).padStart(6, '0')}`
    yield encoder.encode(`[${stamp}] ${record[2] ?? ''}\n`)
  }
}

async function* processes(_: readonly string[], context: ShellContext): Bytes {
  yield encoder.encode('    PID COMMAND\n')
  const tasks = [...(await context.port.tasks())].sort(([a], [b]) => a - b)
  for (const [pid, { comm }] of tasks) yield encoder.encode(`${String(pid).padStart(7)} ${comm}\n`)
}

/* eslint-disable @typescript-eslint/require-await -- these have nothing to wait for, and are streams as the others are */
async function* echo(args: readonly string[]): Bytes {
  const [first, ...rest] = args
  yield encoder.encode(first === '-n' ? rest.join(' ') : `${args.join(' ')}\n`)
}

async function* say(text: string): Bytes {
  yield encoder.encode(`${text}\n`)
}

async function* help(): Bytes {
  const rows = Object.entries(COMMANDS).map(([name, { usage, help: text }]) => [
    `${name} ${usage}`.trimEnd(),
    text
  ])
  rows.push(['cd [DIR]', 'goes to a directory of tracefs'])
  const width = Math.max(...rows.map(([usage = '']) => usage.length)) + 2
  for (const [usage = '', text = ''] of rows) {
    yield encoder.encode(`${usage.padEnd(width)}${text}\n`)
  }
  yield encoder.encode('Quotes, \\, |, ;, &&, > and >> work as in sh; Ctrl+C ends a command.\n')
}
/* eslint-enable @typescript-eslint/require-await */

/** What the shell can do, by name. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  cat: {
    usage: '[FILE...]',
    help: 'writes files; trace_pipe until Ctrl+C',
    run: inputOf
  },
  echo: { usage: '[-n] [TEXT...]', help: 'writes text, with > or >> into a file', run: echo },
  ls: { usage: '[FILE...]', help: 'lists directories', run: list },
  head: { usage: '[-n N] [FILE...]', help: 'the first lines', run: head },
  tail: { usage: '[-n N] [FILE...]', help: 'the last lines', run: tail },
  grep: { usage: '[-ivc] TEXT [FILE...]', help: 'lines that have a text', run: grep },
  mkdir: {
    usage: 'DIR',
    help: 'makes a trace instance',
    run: async function* (args, context) {
      for (const arg of args) {
        const place = context.place(arg)
        if (place.in === 'tracefs') await context.port.mkdir(place.path)
      }
      yield* []
    }
  },
  rmdir: {
    usage: 'DIR',
    help: 'removes a trace instance',
    run: async function* (args, context) {
      for (const arg of args) {
        const place = context.place(arg)
        if (place.in === 'tracefs') await context.port.rmdir(place.path)
      }
      yield* []
    }
  },
  dmesg: { usage: '', help: 'follows the kernel log', run: dmesg },
  ps: { usage: '', help: 'lists the tasks', run: processes },
  uname: {
    usage: '',
    help: 'names the kernel',
    run: (_, { port }) => say(`Linux simulated ${port.info.release} x86_64`)
  },
  pwd: { usage: '', help: 'names the directory', run: (_, { cwd }) => say(cwd) },
  help: { usage: '', help: 'lists this', run: help }
}
