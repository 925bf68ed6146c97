import { gunzipSync } from 'node:zlib'

import type { Encoding } from './script'

/** Lines of encoded text in a frame: less than a thousand bytes. */
export const MOST_LINES = 12
/** Bytes of a script's output in a chunk. */
export const LEAST_BYTES = 2048
export const MOST_BYTES = 65_536
/** Characters of the text of a chunk, two for each byte, and its lines, at most one for 16. */
const MOST_TEXT = 3 * MOST_BYTES
const MOST_TOTAL = 5_000

/** A part of a chunk: so many lines of its text, from line AT of TOTAL. */
export interface Part {
  readonly channel: number
  readonly chunk: number
  readonly at: number
  readonly total: number
  readonly lines: readonly string[]
}

/** Reads the body of a frame that carries a part; undefined: it is none. */
export function parsePart(body: string): Part | undefined {
  const match =
    /^c ([4-9]) ([0-9]{1,15}) ([0-9]{1,6}) ([0-9]{1,6}) ([0-9]{1,6}) ((?:,[^\s,]+)*)$/.exec(body)
  if (!match) return undefined
  const [channel = 0, chunk = 0, at = 0, count = 0, total = 0] = match.slice(1, 6).map(Number)
  const lines = (match[6] ?? '').split(',').slice(1)
  if (lines.length !== count || at + count > total || total > MOST_TOTAL) return undefined
  if (count === 0 && total > 0) return undefined
  return { channel, chunk, at, total, lines }
}

/** The lines of one chunk as they come, in any order and more than once. */
export class Chunk {
  private readonly lines = new Map<number, string>()
  private total: number | undefined
  private length = 0

  get isEmpty(): boolean {
    return this.total === undefined
  }

  /** Takes a part; false where it is none of this chunk, or the chunk would become longer than any. */
  add(part: Part): boolean {
    if (this.total !== undefined && this.total !== part.total) return false
    this.total = part.total
    for (const [i, line] of part.lines.entries()) {
      if (this.lines.has(part.at + i)) continue
      this.lines.set(part.at + i, line)
      this.length += line.length
    }
    return this.length <= MOST_TEXT
  }

  /**
   * Lines to ask for again: all from the first missing one to the last where that is most of
   * them, otherwise the first that are missing together. Count 0 means all; undefined: the
   * chunk is whole.
   */
  missing(): { readonly from: number; readonly count: number } | undefined {
    if (this.total === undefined) return { from: 0, count: 0 }
    const holes: number[] = []
    for (let line = 0; line < this.total; line++) if (!this.lines.has(line)) holes.push(line)
    const [from] = holes
    const last = holes.at(-1)
    if (from === undefined || last === undefined) return undefined
    const span = last + 1 - from
    if (2 * holes.length > span) return { from, count: span }
    const together = holes.findIndex((line, i) => line !== from + i)
    return { from, count: together < 0 ? holes.length : together }
  }

  /** The text of a chunk that is whole. */
  text(): string {
    let text = ''
    for (let line = 0; line < (this.total ?? 0); line++) text += this.lines.get(line) ?? ''
    return text
  }
}

/** The bytes that a chunk's text stands for; undefined: it is none. */
export function decodeChunk(text: string, encoding: Encoding, zip: boolean): Buffer | undefined {
  const packed = unarmour(text, encoding)
  if (!packed || !zip || packed.length === 0) return packed
  try {
    return gunzipSync(packed, { maxOutputLength: MOST_BYTES })
  } catch {
    return undefined
  }
}

function unarmour(text: string, encoding: Encoding): Buffer | undefined {
  if (encoding === 'od') {
    return /^(?:[0-9a-f]{2})*$/.test(text) ? Buffer.from(text, 'hex') : undefined
  }
  // The words around the lines of uuencode.
  const bare =
    encoding === 'base64' ? text : text.replace(/^begin-base64[0-7]{3,4}-/, '').replace(/====$/, '')
  return /^[A-Za-z0-9+/]*={0,2}$/.test(bare) ? Buffer.from(bare, 'base64') : undefined
}
