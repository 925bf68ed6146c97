import streamScript from './stream.sh?raw'
import { ByteStream } from './byte-stream'
import { encodeBytes, type StartScript } from './channel'
import { codeOf, linkError, refusal } from './errno'
import type { TracefsStream } from './port'

/** A stream of a target's file over a channel of its own. */
export interface ShellStream extends TracefsStream {
  /** Process ids on the target: the shell that holds the stream, and the reader of the file. */
  pids: readonly [number, number]
  /** Lines that stream.sh wrote before the data (mode `kmsg`). */
  readonly preface: readonly string[]
}

/** Bytes before the data that a target may send: the greeting and a line of its log. */
const MAX_PREFACE = 16_384

/**
 * Opens a file (absolute path) on the target, or runs a command line (mode `exec`, `path` is the line). Rejects with a TracefsError that
 * names `shown`: the errno, or LINK when the channel ends before it could be opened.
 */
export async function openShellStream(
  start: StartScript,
  mode: 'file' | 'kmsg' | 'exec',
  path: string,
  shown: string
): Promise<ShellStream> {
  const channel = start(streamScript)
  channel.stdin.write(`${mode} ${encodeBytes(path)}\n`)
  const stream = new ByteStream(channel.stdout, async () => {
    await channel.end('kill')
  })
  const timer = setTimeout(() => {
    channel.drop()
  }, 20_000)
  try {
    const lines = await preface(stream, mode === 'kmsg' ? 3 : 1)
    const greeting = /^rvpanel-stream 1 ([1-9][0-9]{0,9}) ([1-9][0-9]{0,9})$/.exec(lines?.[0] ?? '')
    if (!lines || !greeting) {
      await stream.close()
      const { code, said } = await channel.ended
      if (code === 255 || said === '') {
        throw linkError(shown, `Cannot open ${shown}: the link to the target is gone.`)
      }
      throw refusal({ op: 'stream', path: shown }, codeOf(said))
    }
    return Object.assign(stream, {
      pids: [Number(greeting[1]), Number(greeting[2])] as const,
      preface: lines.slice(1)
    })
  } finally {
    clearTimeout(timer)
  }
}

/** Reads lines from the greeting on, and puts back what follows them. Undefined: there is no greeting. */
async function preface(stream: ByteStream, count: number): Promise<string[] | undefined> {
  let bytes = Buffer.alloc(0)
  for (;;) {
    const start = greetingAt(bytes)
    if (start >= 0) {
      let end = start
      const lines: string[] = []
      while (lines.length < count) {
        const newline = bytes.indexOf(10, end)
        if (newline < 0) break
        lines.push(bytes.subarray(end, newline).toString('latin1'))
        end = newline + 1
      }
      if (lines.length === count) {
        stream.unread(bytes.subarray(end))
        return lines
      }
    }
    if (bytes.length > MAX_PREFACE) return undefined
    const chunk = await stream.next()
    if (!chunk) return undefined
    bytes = Buffer.concat([bytes, chunk])
  }
}

/** Where the greeting's line begins: a login shell may have written lines before it. */
function greetingAt(bytes: Buffer): number {
  const mark = 'rvpanel-stream 1 '
  if (bytes.indexOf(mark) === 0) return 0
  const at = bytes.indexOf(`\n${mark}`)
  return at < 0 ? -1 : at + 1
}
