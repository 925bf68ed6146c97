import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import type { Readable, Transform } from 'node:stream'
import zlib, { createGunzip } from 'node:zlib'
import { ANY_MAGIC, MAGIC } from './format'
import { quoted } from '../text'

/** How a file's bytes are to be read. */
export type SourceFormat = 'trace' | 'trace.dat' | 'panel'
type Packing = 'none' | 'gzip' | 'zstd'

/** Bytes read at a time. */
const CHUNK = 1 << 18
/** Bytes from which the format is told. */
const SNIFF = 4096
const TRACE_DAT = Uint8Array.of(0x17, 0x08, 0x44, 0x74, 0x72, 0x61, 0x63, 0x69, 0x6e, 0x67)

/** Node has it from 22.15 on, which the window has; the command line may run on an older one. */
const unzstd: (() => Transform) | undefined = (
  zlib as { readonly createZstdDecompress?: () => Transform }
).createZstdDecompress

/** One sentence on what a recording must be. */
const EXPECTED = 'expected the text of trace or trace_pipe, or a recording of the panel (.rvrec)'

/** What is wrong with a file that should be a recording, in one sentence. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError'
}

export interface SourceOptions {
  readonly signal?: AbortSignal | undefined
  /** Called now and then: bytes of the file that have been read. */
  readonly onProgress?: (read: number, size: number) => void
}

/** A file that can be read from its beginning as often as it takes. */
export class Source {
  private constructor(
    readonly path: string,
    readonly size: number,
    readonly format: SourceFormat,
    private readonly packing: Packing,
    private readonly options: SourceOptions
  ) {}

  /** @throws RecordingError in one sentence for a file that cannot be one, as far as its beginning tells */
  static async open(path: string, options: SourceOptions): Promise<Source> {
    let size: number
    let head: Uint8Array
    try {
      const facts = await stat(path)
      if (facts.isDirectory()) throw new RecordingError(`${path} is a folder: ${EXPECTED}.`)
      if (!facts.isFile()) throw new RecordingError(`${path} is no file: ${EXPECTED}.`)
      size = facts.size
      head = await beginning(path)
    } catch (error) {
      throw told(path, error)
    }
    if (size === 0) throw new RecordingError(`${path} is empty: ${EXPECTED}.`)
    const packing = packingOf(head)
    if (packing === 'zstd' && unzstd === undefined) {
      throw new RecordingError(
        `${path} is compressed with zstd, which this program cannot read here: unpack it with “zstd -d” first.`
      )
    }
    if (packing !== 'none') head = await new Source(path, size, 'trace', packing, {}).first()
    return new Source(path, size, formatOf(path, head), packing, options)
  }

  /** Its bytes, unpacked. @throws RecordingError where it cannot be read to its end, or was given up */
  async *chunks(): AsyncGenerator<Uint8Array> {
    const raw = createReadStream(this.path, { highWaterMark: CHUNK })
    let read = 0
    raw.on('data', (bytes) => {
      read += bytes.length
    })
    raw.pause()
    const stream = this.unpacked(raw)
    try {
      for await (const bytes of stream) {
        if (this.options.signal?.aborted === true) {
          throw new RecordingError(`${this.path} was given up.`)
        }
        yield bytes as Uint8Array
        this.options.onProgress?.(read, this.size)
      }
    } catch (error) {
      throw told(this.path, error)
    } finally {
      raw.destroy()
      stream.destroy()
    }
  }

  private unpacked(raw: Readable): Readable {
    if (this.packing === 'none') return raw
    const unpack =
      this.packing === 'zstd' && unzstd !== undefined
        ? unzstd()
        : createGunzip({ chunkSize: CHUNK })
    raw.on('error', (error) => unpack.destroy(error))
    return raw.pipe(unpack)
  }

  private async first(): Promise<Uint8Array> {
    for await (const bytes of this.chunks()) return bytes.slice(0, SNIFF)
    throw new RecordingError(`${this.path} is empty when it is unpacked: ${EXPECTED}.`)
  }
}

async function beginning(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(SNIFF), 0, SNIFF, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

function packingOf(head: Uint8Array): Packing {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  return beginsWith(head, Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd)) ? 'zstd' : 'none'
}

function formatOf(path: string, head: Uint8Array): SourceFormat {
  const text = (magic: string): boolean => beginsWith(head, new TextEncoder().encode(magic))
  if (text(MAGIC)) return 'panel'
  if (text(ANY_MAGIC)) {
    const line = new TextDecoder().decode(head.subarray(0, 40)).split('\n')[0] ?? ''
    throw new RecordingError(
      `${path} was recorded by another version of the panel (${quoted(line)}); this one reads ${quoted(MAGIC.trim())}.`
    )
  }
  if (beginsWith(head, TRACE_DAT)) return 'trace.dat'
  const binary = head.findIndex((byte) => byte === 0 || (byte < 9 && byte > 0))
  if (binary >= 0) {
    throw new RecordingError(
      `${path} is no recording: it has a byte of 0x${(head[binary] ?? 0).toString(16).padStart(2, '0')} at ${String(binary)}, which no text has; ${EXPECTED}.`
    )
  }
  return 'trace'
}

const beginsWith = (head: Uint8Array, magic: Uint8Array): boolean =>
  head.length >= magic.length && magic.every((byte, i) => head[i] === byte)

function told(path: string, error: unknown): unknown {
  if (error instanceof RecordingError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EACCES: 'you may not read it',
    EPERM: 'you may not read it',
    EISDIR: 'it is a folder',
    Z_BUF_ERROR: 'its compressed data end too early: the file was cut',
    Z_DATA_ERROR: 'its compressed data are damaged'
  }
  const why = reasons[code] ?? (error instanceof Error ? error.message : 'no reason given')
  return new RecordingError(`${path} cannot be read: ${why}.`)
}
