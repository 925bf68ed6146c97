import { gunzipSync } from 'node:zlib'

import type { Encoding } from './script'

/** Lines of encoded text in a frame: less than a thousand bytes. */
export const MOST_LINES = 12
/** Bytes of a script's output in a chunk. */
export const LEAST_BYTES = 256
export const MOST_BYTES = 16_384
/** Characters of the text of a chunk: two for each byte, in lines. */
const MOST_TEXT = 4 * MOST_BYTES

/** A part of a chunk: COUNT lines of the text from line AT of TOTAL. */
export interface Part {
  readonly channel: number
  readonly chunk: number
  readonly at: number
  readonly count: number
  readonly total: number
  readonly text: string
}

/** Reads the body of a frame that carries a part; undefined: it is none. */
export function parsePart(body: string): Part | undefined {
  const match = /^c ([4-9]) ([0-9]{1,15}) ([0-9]{1,6}) ([0-9]{1,6}) ([0-9]{1,6}) (\S*)$/.exec(body)
  if (!match) return undefined
  const [channel = 0, chunk = 0, at = 0, count = 0, total = 0] = match.slice(1, 6).map(Number)
  if (at + count > total || (count === 0 && total > 0)) return undefined
  return { channel, chunk, at, count, total, text: match[6] ?? '' }
}

/** The parts of one chunk as they come, in any order and more than once. */
export class Chunk {
  private readonly parts = new Map<number, Part>()
  private total: number | undefined
  private length = 0

  get isEmpty(): boolean {
    return this.parts.size === 0
  }

  /** Takes a part; false where the chunk would become longer than any. */
  add(part: Part): boolean {
    if (this.total !== undefined && this.total !== part.total) return false
    this.total = part.total
    const known = this.parts.get(part.at)
    if (known && known.count >= part.count) return true
    this.length += part.text.length - (known?.text.length ?? 0)
    this.parts.set(part.at, part)
    return this.length <= MOST_TEXT
  }

  /** First hole: lines from `from`, `count` of them, 0 for all; undefined: the chunk is whole. */
  missing(): { readonly from: number; readonly count: number } | undefined {
    if (this.total === undefined) return { from: 0, count: 0 }
    let at = 0
    while (at < this.total) {
      const part = this.parts.get(at)
      if (!part) {
        const next = Math.min(this.total, ...[...this.parts.keys()].filter((start) => start > at))
        return { from: at, count: next - at }
      }
      at += part.count
    }
    return undefined
  }

  /** The text of a chunk that is whole. */
  text(): string {
    let text = ''
    for (let at = 0; at < (this.total ?? 0);) {
      const part = this.parts.get(at)
      if (!part) break
      text += part.text
      at += part.count
    }
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
