import { NEWLINE } from './bytes'

/** One record of the kernel log. */
export interface KmsgRecord {
  /** kern_levels.h: 0 emergency .. 7 debug. */
  readonly level: number
  /** Number of the record; a hole means that the kernel overwrote some. */
  readonly seq: number
  /** Time since boot. */
  readonly sec: number
  readonly usec: number
  /** UTF-8; `\n` where the kernel's message had a line break. Hostile. */
  readonly text: string
}

export interface KmsgDecoder {
  /** The records that these bytes complete, cut anywhere. Lines that are no record are dropped and counted. */
  decode(bytes: Uint8Array): KmsgRecord[]
  /** Lines that were no record so far. */
  readonly malformed: number
}

/** The kernel's records have 2 KiB at most (PRINTKRB_RECORD_MAX), escapes make it 8. */
const MAX_LINE = 16_384

/**
 * A decoder of /dev/kmsg (Documentation/ABI/testing/dev-kmsg):
 * `level,seq,usec,flags[,more];text`, then lines ` KEY=value` that go unused.
 * Bytes outside of printable ASCII come as `\xNN`.
 */
export function createKmsgDecoder(): KmsgDecoder {
  return new Decoder()
}

class Decoder implements KmsgDecoder {
  malformed = 0
  readonly #line = new Uint8Array(MAX_LINE)
  #length = 0

  decode(bytes: Uint8Array): KmsgRecord[] {
    const records: KmsgRecord[] = []
    let start = 0
    while (start < bytes.length) {
      const newline = bytes.indexOf(NEWLINE, start)
      const end = newline < 0 ? bytes.length : newline
      const part = bytes.subarray(start, end)
      // What a line has beyond its limit is dropped.
      const taken = part.subarray(0, MAX_LINE - this.#length)
      this.#line.set(taken, this.#length)
      this.#length += taken.length
      start = end + 1
      if (newline < 0) break
      const record = this.#record()
      if (record !== undefined) records.push(record)
      this.#length = 0
    }
    return records
  }

  #record(): KmsgRecord | undefined {
    const line = decodeUtf8(this.#line.subarray(0, this.#length))
    if (line.startsWith(' ')) return undefined
    const match = /^(\d{1,9}),(\d{1,15}),(\d{1,15}),[^;]*;(.*)$/s.exec(line)
    if (match === null) {
      this.malformed++
      return undefined
    }
    const [, prefix = '', seq = '', time = '', text = ''] = match
    const usec = Number(time)
    return {
      // The facility stands above the three bits of the level.
      level: Number(prefix) & 7,
      seq: Number(seq),
      sec: Math.floor(usec / 1_000_000),
      usec: usec % 1_000_000,
      text: unescape(text)
    }
  }
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()

function decodeUtf8(bytes: Uint8Array): string {
  return utf8.decode(bytes)
}

/** Undoes `\xNN`; the escaped bytes of a character stand side by side. */
function unescape(text: string): string {
  if (!text.includes('\\x')) return text
  return text.replace(/(?:\\x[0-9a-f]{2})+/gi, (escapes) => {
    const bytes = encoder.encode(escapes)
    const values = new Uint8Array(bytes.length / 4)
    for (let i = 0; i < values.length; i++) {
      values[i] = Number.parseInt(escapes.slice(i * 4 + 2, i * 4 + 4), 16)
    }
    return decodeUtf8(values)
  })
}
