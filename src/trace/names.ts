import { OTHER_NAME } from './batch'
import type { NameTable } from './batch'

/** Names that a table keeps unless told otherwise. */
const DEFAULT_LIMIT = 65_536
/** A comm has 15 bytes, a monitor's name 31, a state list 32; longer names are nobody's. */
const MAX_NAME_BYTES = 255
/** Where hostile names pile up in the hash table, the search ends after so many slots. */
const MAX_PROBES = 64

/** Start value of `nextHash`. */
export const HASH_SEED = 0x811c9dc5 | 0

/** One step of the hash (FNV-1a) by which `intern` finds a name; kept inline by the engine. */
export function nextHash(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 16_777_619)
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
  readonly #limit: number

  constructor(limit = DEFAULT_LIMIT) {
    this.#limit = limit
    this.indexOf('')
    this.indexOf('…')
  }

  indexOf(name: string): number {
    const bytes = utf8Encoder.encode(name)
    let hash = HASH_SEED
    for (const byte of bytes) hash = nextHash(hash, byte)
    return this.intern(bytes, 0, bytes.length, hash)
  }

  /** The index of the name in bytes[start .. end], whose hash (`nextHash` over all of it) the caller has. */
  intern(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = (hash ^ (hash >>> 15)) & mask
    for (let probes = 0; probes < MAX_PROBES; probes++) {
      const entry = slots[slot] as number // masked: in range
      if (entry === 0) return this.#add(bytes, start, end, hash, slot)
      if (this.#hashes[entry - 1] === hash && this.#equals(entry - 1, bytes, start, end)) {
        return entry - 1
      }
      slot = (slot + 1) & mask
    }
    return OTHER_NAME
  }

  #equals(index: number, bytes: Uint8Array, start: number, end: number): boolean {
    const own = this.#bytes
    let at = this.#starts[index] as number // index is of a name
    if ((this.#starts[index + 1] as number) - at !== end - start) return false
    for (let i = start; i < end; i++, at++) if (own[at] !== bytes[i]) return false
    return true
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const index = this.names.length
    if (index >= this.#limit || end - start > MAX_NAME_BYTES) return OTHER_NAME
    const at = this.#starts[index] as number // one longer than the names
    const stop = at + (end - start)
    if (stop > this.#bytes.length) this.#bytes = grown(this.#bytes, new Uint8Array(stop * 2))
    for (let from = start, to = at; from < end; from++, to++)
      this.#bytes[to] = bytes[from] as number
    this.names.push(utf8Decoder.decode(bytes.subarray(start, end)))
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
      const hash = this.#hashes[index] as number // index is of a name
      let slot = (hash ^ (hash >>> 15)) & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = index + 1
    }
  }
}

function grown<T extends Uint8Array | Int32Array | Uint32Array>(old: T, bigger: T): T {
  bigger.set(old)
  return bigger
}
