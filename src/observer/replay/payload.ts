/** TASK_COMM_LEN - 1: bytes of the longest comm. */
const MAX_COMM = 15

const DIGIT_0 = 0x30
const DIGIT_9 = 0x39
const LOWER_A = 0x61
const LOWER_F = 0x66
const MINUS = 0x2d
const BLANK = 0x20
const BAR = 0x7c
const CLOSE = 0x29

/** The bytes of an ASCII text, to look for in a payload. */
export function key(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/**
 * Reads what a trace event printed, from left to right, without making strings.
 * What does not come as it must makes `failed` true, and every later answer 0.
 */
export class Payload {
  failed = false
  private bytes: Uint8Array = new Uint8Array()
  private at = 0
  private end = 0

  /** From now on: the range of `bytes` from `start` to before `end`. */
  begin(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes
    this.at = start
    this.end = end
    this.failed = false
  }

  /** Goes past a text that comes here. */
  skip(text: Uint8Array): void {
    if (!this.failed && this.isAt(text, this.at)) this.at += text.length
    else this.failed = true
  }

  /**
   * Goes past a comm and the text behind it. A comm may have any bytes, also that very
   * text; but it is short, so that the last place in reach is the right one.
   */
  comm(behind: Uint8Array): void {
    for (let at = this.at + MAX_COMM; at >= this.at && !this.failed; at--) {
      if (!this.isAt(behind, at)) continue
      this.at = at + behind.length
      return
    }
    this.failed = true
  }

  /** Goes to behind the next place of a text. */
  find(text: Uint8Array): void {
    for (let at = this.at; at + text.length <= this.end && !this.failed; at++) {
      if (!this.isAt(text, at)) continue
      this.at = at + text.length
      return
    }
    this.failed = true
  }

  /** A decimal integer; it has a digit at least. */
  int(): number {
    const negative = this.peek() === MINUS
    if (negative) this.at++
    const from = this.at
    let value = 0
    for (let byte = this.peek(); byte >= DIGIT_0 && byte <= DIGIT_9; byte = this.peek()) {
      value = value * 10 + byte - DIGIT_0
      this.at++
    }
    if (this.at === from) this.failed = true
    return this.failed ? 0 : negative ? -value : value
  }

  /** A hexadecimal integer in lower case, without 0x. Above 2^53 its low bits are lost. */
  hex(): number {
    const from = this.at
    let value = 0
    for (;;) {
      const byte = this.peek()
      const digit =
        byte >= DIGIT_0 && byte <= DIGIT_9
          ? byte - DIGIT_0
          : byte >= LOWER_A && byte <= LOWER_F
            ? byte - LOWER_A + 10
            : -1
      if (digit < 0) break
      value = value * 16 + digit
      this.at++
    }
    if (this.at === from) this.failed = true
    return this.failed ? 0 : value
  }

  /** Words parted by `|`: the sum of the flags that have such a word; others count as none. */
  flags(words: readonly { readonly word: Uint8Array; readonly flag: number }[]): number {
    let sum = 0
    for (;;) {
      const from = this.at
      let byte = this.peek()
      while (byte >= 0 && byte !== BAR && byte !== CLOSE) {
        this.at++
        byte = this.peek()
      }
      for (const { word, flag } of words) {
        if (word.length === this.at - from && this.isAt(word, from)) sum |= flag
      }
      if (byte !== BAR) return this.failed ? 0 : sum
      this.at++
    }
  }

  /** The next byte, which is gone past; -1 at the end or at a blank, which is not. */
  letter(): number {
    const byte = this.peek()
    if (byte < 0 || byte === BLANK) return -1
    this.at++
    return byte
  }

  private peek(): number {
    return this.failed || this.at >= this.end ? -1 : (this.bytes[this.at] ?? -1)
  }

  private isAt(text: Uint8Array, at: number): boolean {
    if (at + text.length > this.end) return false
    for (let i = 0; i < text.length; i++) if (this.bytes[at + i] !== text[i]) return false
    return true
  }
}
