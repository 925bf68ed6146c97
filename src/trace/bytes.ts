/** The bytes that a trace line's grammar knows. */
export const NEWLINE = 0x0a
export const RETURN = 0x0d
export const SPACE = 0x20
export const HASH_SIGN = 0x23
export const PAREN_OPEN = 0x28
export const PAREN_CLOSE = 0x29
export const DASH = 0x2d
export const DOT = 0x2e
export const ZERO = 0x30
export const COLON = 0x3a
export const GREATER = 0x3e
export const UPPER_C = 0x43
export const BRACKET_OPEN = 0x5b
export const BRACKET_CLOSE = 0x5d
export const LOWER_X = 0x78

export const DIGIT = 1
/** What names of states, events, monitors and trace events are made of. */
export const IDENTIFIER = 2
/** What a set of Büchi states prints as: `0-2,5`. */
export const STATE_SET = 4
/** What a list of atoms prints as: `us_th,ab_sl`. */
export const ATOM_LIST = 8

/** Byte to the bits of the classes above. */
const CLASS = classes()

/*
 * An index out of range would give undefined: the defaults here, and all over
 * this folder, satisfy the type and are never taken.
 */

/** The classes of the byte at `at`. */
export function classAt(bytes: Uint8Array, at: number): number {
  return CLASS[bytes[at] ?? 0] ?? 0
}

/** The value of the digit at `at`; below 0 or above 9 where there is none. */
export function digitAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) - ZERO
}

function classes(): Uint8Array {
  const table = new Uint8Array(256)
  const mark = (from: string, to: string, bits: number): void => {
    for (let byte = from.charCodeAt(0); byte <= to.charCodeAt(0); byte++) {
      table[byte] = (table[byte] ?? 0) | bits
    }
  }
  mark('0', '9', DIGIT | IDENTIFIER | STATE_SET | ATOM_LIST)
  mark('a', 'z', IDENTIFIER | ATOM_LIST)
  mark('A', 'Z', IDENTIFIER | ATOM_LIST)
  mark('_', '_', IDENTIFIER | ATOM_LIST)
  mark(',', ',', STATE_SET | ATOM_LIST)
  mark('-', '-', STATE_SET)
  return table
}

/** Whether a word of four bytes is four digits. */
export function areDigits(word: number): boolean {
  // The upper half of each is 3, and is so still when 6 is added: the lower is 9 at most.
  const high = 0xf0f0_f0f0 | 0
  return (word & high) === 0x3030_3030 && ((word + 0x0606_0606) & high) === 0x3030_3030
}

/** The value of a word of four digits, the first in its lowest byte. */
export function fourDigits(word: number): number {
  const pairs = (word & 0x0f0f_0f0f) * 10 + ((word >>> 8) & 0x000f_0f0f)
  return (pairs & 0xff) * 100 + ((pairs >>> 16) & 0xff)
}

/** ASCII text as bytes, for comparisons. */
export function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** Whether bytes[at ..] begins with the literal. The caller's data ends in a newline, which no literal has. */
export function startsWith(bytes: Uint8Array, at: number, literal: Uint8Array): boolean {
  for (let i = 0; i < literal.length; i++) if (bytes[at + i] !== literal[i]) return false
  return true
}

/** Where the next newline at or after `at` is; there must be one. Four bytes at a time: a word has a zero byte where it was one. */
export function newlineAt(view: DataView, at: number): number {
  for (;;) {
    const word = view.getInt32(at, true) ^ 0x0a0a_0a0a
    if (((word - 0x0101_0101) & ~word & 0x8080_8080) !== 0) break
    at += 4
  }
  while (view.getUint8(at) !== NEWLINE) at++
  return at
}
