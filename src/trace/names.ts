import { OTHER_NAME } from './batch'
import type { NameTable } from './batch'

/** Names that a table keeps unless told otherwise. */
const DEFAULT_LIMIT = 65_536
/** A comm has 15 bytes, a monitor's name 31, a state list 32; longer names are nobody's. */
const MAX_NAME_BYTES = 255
/** Where hostile names pile up in the hash table, the search ends after so many slots. */
const MAX_PROBES = 64

const MIX_WORD = 0x9e37_79b1 | 0
const MIX_BYTE = 0x85eb_ca6b | 0

/**
 * A hash of the bytes from `start` up to one that a word has a copy of in each
 * byte: `stop` 0x0a0a0a0a hashes a line. The byte must be there. Names and
 * payloads are found by their hash and then compared in full, so that its
 * quality is a matter of speed only.
 */
export class UntilHash {
  /** Where the byte is. */
  end = 0

  hash(view: DataView, start: number, stop: number): number {
    let hash = 0
    let at = start
    let word = view.getInt32(at, true)
    // A word has a zero byte after the exclusive or, where it had the byte.
    let marks = word ^ stop
    while (((marks - 0x0101_0101) & ~marks & (0x8080_8080 | 0)) === 0) {
      hash = mixWord(hash, word)
      at += 4
      word = view.getInt32(at, true)
      marks = word ^ stop
    }
    const byte = stop & 0xff
    for (let last = view.getUint8(at); last !== byte; last = view.getUint8(++at)) {
      hash = mixByte(hash, last)
    }
    this.end = at
    return finish(hash, at - start)
  }
}

/** The same hash of bytes start .. end. */
export function hashOf(view: DataView, start: number, end: number): number {
  let hash = 0
  let at = start
  for (; at + 4 <= end; at += 4) hash = mixWord(hash, view.getInt32(at, true))
  for (; at < end; at++) hash = mixByte(hash, view.getUint8(at))
  return finish(hash, end - start)
}

function mixWord(hash: number, word: number): number {
  return Math.imul(hash ^ word, MIX_WORD) ^ (hash >>> 15)
}

function mixByte(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, MIX_BYTE)
}

function finish(hash: number, length: number): number {
  return ((hash ^ (hash >>> 13) ^ (hash >>> 22)) + length) | 0
}

/** Whether two ranges of so many bytes are the same. */
export function equalBytes(
  a: DataView,
  aAt: number,
  b: DataView,
  bAt: number,
  length: number
): boolean {
  let i = 0
  for (; i + 4 <= length; i += 4) {
    if (a.getInt32(aAt + i, true) !== b.getInt32(bAt + i, true)) return false
  }
  for (; i < length; i++) if (a.getUint8(aAt + i) !== b.getUint8(bAt + i)) return false
  return true
}

const utf8Decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const utf8Encoder = new TextEncoder()

/**
 * A name table that finds names by their bytes, so that a known name costs no
 * string. Bytes that are not UTF-8 become U+FFFD in the string only: two such
 * names stay two. A full table answers OTHER_NAME for every name it does not have.
 */
export class ByteNames implements NameTable {
  readonly names: string[] = []
  /** Open addressing: index + 1 of a name, 0 is free; the length is a power of two. */
  #slots = new Int32Array(2048)
  #hashes = new Int32Array(1024)
  /** The bytes of name i are #bytes[#starts[i] .. #starts[i + 1]]. */
  #starts = new Uint32Array(1025)
  #bytes = new Uint8Array(16_384)
  #view = new DataView(this.#bytes.buffer)
  readonly #limit: number

  constructor(limit = DEFAULT_LIMIT) {
    this.#limit = limit
    this.indexOf('')
    this.indexOf('…')
  }

  indexOf(name: string): number {
    const bytes = utf8Encoder.encode(name)
    return this.intern(new DataView(bytes.buffer, bytes.byteOffset), 0, bytes.length)
  }

  /** The index of the name in bytes start .. end. */
  intern(view: DataView, start: number, end: number): number {
    return this.internHashed(view, start, end, hashOf(view, start, end))
  }

  /** The same, where the caller has the hash of these bytes. */
  internHashed(view: DataView, start: number, end: number, hash: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = hash & mask
    for (let probes = 0; probes < MAX_PROBES; probes++) {
      const entry = slots[slot] ?? 0
      if (entry === 0) return this.#add(view, start, end, hash, slot)
      if (this.#hashes[entry - 1] === hash && this.#equals(entry - 1, view, start, end)) {
        return entry - 1
      }
      slot = (slot + 1) & mask
    }
    return OTHER_NAME
  }

  #equals(index: number, view: DataView, start: number, end: number): boolean {
    const at = this.#starts[index] ?? 0
    const length = (this.#starts[index + 1] ?? 0) - at
    return length === end - start && equalBytes(this.#view, at, view, start, length)
  }

  #add(view: DataView, start: number, end: number, hash: number, slot: number): number {
    const index = this.names.length
    if (index >= this.#limit || end - start > MAX_NAME_BYTES) return OTHER_NAME
    const at = this.#starts[index] ?? 0
    const stop = at + (end - start)
    if (stop > this.#bytes.length) {
      this.#bytes = grown(this.#bytes, new Uint8Array(stop * 2))
      this.#view = new DataView(this.#bytes.buffer)
    }
    const name = new Uint8Array(view.buffer, view.byteOffset + start, end - start)
    this.#bytes.set(name, at)
    this.names.push(utf8Decoder.decode(name))
    this.#starts[index + 1] = stop
    this.#hashes[index] = hash
    this.#slots[slot] = index + 1
    if (this.names.length === this.#hashes.length) this.#double()
    return index
  }

  /** Makes room for twice as many names; the hash table stays at most half full. */
  #double(): void {
    const size = this.#hashes.length * 2
    this.#hashes = grown(this.#hashes, new Int32Array(size))
    this.#starts = grown(this.#starts, new Uint32Array(size + 1))
    this.#slots = new Int32Array(size * 2)
    const mask = this.#slots.length - 1
    for (let index = 0; index < this.names.length; index++) {
      const hash = this.#hashes[index] ?? 0
      let slot = hash & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = index + 1
    }
  }
}

function grown<T extends Uint8Array | Int32Array | Uint32Array>(old: T, bigger: T): T {
  bigger.set(old)
  return bigger
}
