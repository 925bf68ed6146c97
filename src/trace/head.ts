import {
  BRACKET_CLOSE,
  BRACKET_OPEN,
  CLASS,
  COLON,
  DASH,
  DIGIT,
  DOT,
  PAREN_CLOSE,
  PAREN_OPEN,
  SPACE,
  ZERO
} from './bytes'
import type { Columns } from './columns'
import { HASH_SEED, nextHash } from './names'

/** trace_print_context() (kernel/trace/trace_output.c) prints the comm in so many columns; a comm has 15 bytes at most. */
const COMM_WIDTH = 16
const MAX_PID = 0x7fff_ffff
const MAX_CPU = 0xffff
const MAX_SECONDS = 0xffff_ffff

/**
 * Reads `  comm-pid  (tgid) [cpu] flags  time: ` into the row under
 * construction. The columns `(tgid)` and flags are there or not, as the
 * options record-tgid and irq-info of the trace have it.
 */
export class HeadParser {
  readonly #out: Columns
  #pid = 0
  #cpu = 0

  constructor(out: Columns) {
    this.#out = out
  }

  /** Where the head of the line start .. end (bytes[end] is a newline) stops, or -1 where there is none. */
  parse(start: number, end: number): number {
    const bytes = this.#out.bytes
    // The kernel pads: whatever a comm contains, its dash is here.
    let dash = start + COMM_WIDTH
    let after = dash < end && bytes[dash] === DASH ? this.#afterDash(dash) : -1
    if (after < 0) {
      // A longer comm, or padding that somebody took away.
      for (dash = start; dash < end && after < 0; dash++) {
        if (bytes[dash] === DASH) after = this.#afterDash(dash)
      }
      if (after < 0) return -1
      dash--
    }
    const row = this.#out.count
    this.#out.pid[row] = this.#pid
    this.#out.cpu[row] = this.#cpu
    const stop = this.#flagsAndTime(after, row)
    if (stop >= 0) this.#comm(start, dash, row)
    return stop
  }

  /** Reads `-pid  (tgid) [cpu] ` and says where it stops. */
  #afterDash(dash: number): number {
    const bytes = this.#out.bytes
    let at = dash + 1
    let pid = 0
    for (; digit(bytes, at); at++) {
      pid = pid * 10 + (bytes[at] as number) - ZERO
      if (pid > MAX_PID) return -1
    }
    if (at === dash + 1 || bytes[at] !== SPACE) return -1
    at = this.#spaces(at)
    if (bytes[at] === PAREN_OPEN) {
      // `(    123)`, or `(-------)` where the kernel does not know it.
      at = this.#spaces(at + 1)
      while (digit(bytes, at) || bytes[at] === DASH) at++
      if (bytes[at] !== PAREN_CLOSE || bytes[at + 1] !== SPACE) return -1
      at = this.#spaces(at + 1)
    }
    if (bytes[at] !== BRACKET_OPEN) return -1
    const first = ++at
    let cpu = 0
    for (; digit(bytes, at); at++) {
      cpu = cpu * 10 + (bytes[at] as number) - ZERO
      if (cpu > MAX_CPU) return -1
    }
    if (at === first || bytes[at] !== BRACKET_CLOSE || bytes[at + 1] !== SPACE) return -1
    this.#pid = pid
    this.#cpu = cpu
    return at + 1
  }

  /** Reads ` flags   12.345678: `; nanoseconds where there are nine digits, ticks of a clock without unit where there is no dot. */
  #flagsAndTime(from: number, row: number): number {
    const out = this.#out
    const bytes = out.bytes
    let at = this.#spaces(from)
    out.flags[row] = 0
    if (!digit(bytes, at)) {
      const start = at
      let hash = HASH_SEED
      for (let byte = bytes[at] as number; byte > SPACE; byte = bytes[++at] as number) {
        hash = nextHash(hash, byte)
      }
      if (at === start || bytes[at] !== SPACE) return -1
      out.flags[row] = out.names.intern(bytes, start, at, hash)
      at = this.#spaces(at)
    }
    const first = at
    let sec = 0
    for (; digit(bytes, at); at++) sec = sec * 10 + (bytes[at] as number) - ZERO
    if (at === first) return -1
    if (bytes[at] === DOT) {
      const point = ++at
      let fraction = 0
      for (; digit(bytes, at); at++) fraction = fraction * 10 + (bytes[at] as number) - ZERO
      const digits = at - point
      if ((digits !== 6 && digits !== 9) || sec > MAX_SECONDS) return -1
      out.timeSec[row] = sec
      out.timeNsec[row] = digits === 6 ? fraction * 1000 : fraction
    } else {
      // Split by digits: a count may exceed what a number holds exactly.
      let upper = 0
      let lower = 0
      const split = Math.max(first, at - 9)
      for (let i = first; i < split; i++) upper = upper * 10 + (bytes[i] as number) - ZERO
      for (let i = split; i < at; i++) lower = lower * 10 + (bytes[i] as number) - ZERO
      if (upper > MAX_SECONDS) return -1
      out.timeSec[row] = upper
      out.timeNsec[row] = lower
    }
    return bytes[at] === COLON && bytes[at + 1] === SPACE ? at + 2 : -1
  }

  /** Reads the comm before the dash; what pads it on the left is no part of it. */
  #comm(start: number, dash: number, row: number): void {
    const bytes = this.#out.bytes
    let at = start
    while (at < dash && bytes[at] === SPACE) at++
    const first = at
    let hash = HASH_SEED
    for (; at < dash; at++) hash = nextHash(hash, bytes[at] as number)
    this.#out.comm[row] = this.#out.names.intern(bytes, first, dash, hash)
  }

  #spaces(at: number): number {
    const bytes = this.#out.bytes
    while (bytes[at] === SPACE) at++
    return at
  }
}

function digit(bytes: Uint8Array, at: number): boolean {
  return ((CLASS[bytes[at] as number] as number) & DIGIT) !== 0
}
