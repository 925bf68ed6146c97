import {
  BRACKET_CLOSE,
  BRACKET_OPEN,
  COLON,
  DASH,
  DOT,
  PAREN_CLOSE,
  PAREN_OPEN,
  SPACE,
  ZERO
} from './bytes'
import type { Columns } from './columns'
import { TASK_BYTES, TaskMemo } from './memo'

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
  readonly #tasks = new TaskMemo()

  constructor(out: Columns) {
    this.#out = out
  }

  /** Where the head of the line start .. end (bytes[end] is a newline) stops, or -1 where there is none. */
  parse(start: number, end: number): number {
    const out = this.#out
    const bytes = out.bytes
    const row = out.count
    if (end - start > TASK_BYTES && bytes[start + TASK_BYTES] === BRACKET_OPEN) {
      // The kernel pads: whatever a comm contains, its pid is here, unless the pid has 8 digits.
      const entry = this.#tasks.entryOf(out.view, start)
      if (this.#tasks.recall(out, row, start, entry)) {
        const after = this.#cpu(start + TASK_BYTES, row)
        return after < 0 ? -1 : this.#flagsAndTime(after, row)
      }
      if (bytes[start + COMM_WIDTH] === DASH) {
        const after = this.#afterDash(start + COMM_WIDTH, row)
        if (after >= 0) {
          this.#comm(start, start + COMM_WIDTH, row)
          this.#tasks.keep(out, row, start, entry)
          return this.#flagsAndTime(after, row)
        }
      }
    }
    return this.#unpadded(start, end, row)
  }

  /** A pid with more digits, a column `(tgid)`, a longer comm, or padding that somebody took away. */
  #unpadded(start: number, end: number, row: number): number {
    const bytes = this.#out.bytes
    let dash = start + COMM_WIDTH
    let after = dash < end && bytes[dash] === DASH ? this.#afterDash(dash, row) : -1
    for (let at = start; at < end && after < 0; at++) {
      if (bytes[at] === DASH) {
        dash = at
        after = this.#afterDash(dash, row)
      }
    }
    if (after < 0) return -1
    this.#comm(start, dash, row)
    return this.#flagsAndTime(after, row)
  }

  /** Reads `-pid  (tgid) [cpu] ` and says where it stops. */
  #afterDash(dash: number, row: number): number {
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
    this.#out.pid[row] = pid
    return this.#cpu(at, row)
  }

  /** Reads `[cpu] `. */
  #cpu(at: number, row: number): number {
    const bytes = this.#out.bytes
    if (bytes[at] !== BRACKET_OPEN) return -1
    const first = ++at
    let cpu = 0
    for (; digit(bytes, at); at++) {
      cpu = cpu * 10 + (bytes[at] as number) - ZERO
      if (cpu > MAX_CPU) return -1
    }
    if (at === first || bytes[at] !== BRACKET_CLOSE || bytes[at + 1] !== SPACE) return -1
    this.#out.cpu[row] = cpu
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
      while ((bytes[at] as number) > SPACE) at++
      if (at === start || bytes[at] !== SPACE) return -1
      out.flags[row] = out.names.intern(out.view, start, at)
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
    this.#out.comm[row] = this.#out.names.intern(this.#out.view, at, dash)
  }

  #spaces(at: number): number {
    const bytes = this.#out.bytes
    while (bytes[at] === SPACE) at++
    return at
  }
}

function digit(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at] as number) - ZERO) >>> 0 <= 9
}
