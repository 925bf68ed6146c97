import {
  areDigits,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  COLON,
  DASH,
  digitAt,
  DOT,
  fourDigits,
  NEWLINE,
  newlineAt,
  PAREN_CLOSE,
  PAREN_OPEN,
  SPACE,
  ZERO
} from './bytes'
import type { Columns } from './columns'
import { FlagsMemo, TASK_BYTES, TaskMemo } from './memo'

/** trace_print_context() (kernel/trace/trace_output.c) prints the comm in so many columns; a comm has 15 bytes at most. */
const COMM_WIDTH = 16
const MAX_PID = 0x7fff_ffff
const MAX_CPU = 0xffff
const MAX_SECONDS = 0xffff_ffff
const COLON_SPACE = (SPACE << 8) | COLON

/**
 * Reads `  comm-pid  (tgid) [cpu] flags  time: ` into the row under
 * construction. The columns `(tgid)` and flags are there or not, as the
 * options record-tgid and irq-info of the trace have it.
 */
export class HeadParser {
  readonly #out: Columns
  readonly #tasks: TaskMemo
  readonly #flags: FlagsMemo
  /** What was read so far; the row is written at the end of a head only. */
  #pid = 0
  #cpu = 0
  #comm = 0

  constructor(out: Columns) {
    this.#out = out
    this.#tasks = new TaskMemo()
    this.#flags = new FlagsMemo(out.names)
  }

  /** Where the head of the line at `start`, which a newline ends, stops; or -1 where there is none. */
  parse(start: number): number {
    const { bytes, view } = this.#out
    const padded = start + TASK_BYTES
    if (bytes[padded] === BRACKET_OPEN) {
      // The kernel pads: whatever a comm contains, its pid is here, unless it has 8 digits.
      const entry = this.#tasks.find(view, start)
      if (entry >= 0) {
        this.#pid = this.#tasks.pidOf(entry)
        this.#comm = this.#tasks.commOf(entry)
        return this.#flagsAndTime(this.#cpuAt(padded))
      }
      if (bytes[start + COMM_WIDTH] === DASH && !hasNewline(bytes, start, start + COMM_WIDTH)) {
        const after = this.#afterDash(start + COMM_WIDTH)
        if (after >= 0) {
          this.#readComm(start, start + COMM_WIDTH)
          this.#tasks.keep(view, start, this.#pid, this.#comm)
          return this.#flagsAndTime(after)
        }
      }
    }
    return this.#unpadded(start, newlineAt(view, start))
  }

  /** A pid with more digits, a column `(tgid)`, a longer comm, or padding that somebody took away. */
  #unpadded(start: number, end: number): number {
    const bytes = this.#out.bytes
    let dash = start + COMM_WIDTH
    let after = dash < end && bytes[dash] === DASH ? this.#afterDash(dash) : -1
    for (let at = start; at < end && after < 0; at++) {
      if (bytes[at] !== DASH) continue
      dash = at
      after = this.#afterDash(dash)
    }
    if (after < 0) return -1
    this.#readComm(start, dash)
    return this.#flagsAndTime(after)
  }

  /** Reads `-pid  (tgid) [cpu] ` and says where it stops. */
  #afterDash(dash: number): number {
    const bytes = this.#out.bytes
    let at = dash + 1
    let pid = 0
    for (; digit(bytes, at); at++) {
      pid = pid * 10 + digitAt(bytes, at)
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
    this.#pid = pid
    return this.#cpuAt(at)
  }

  /** Reads `[cpu] `. */
  #cpuAt(at: number): number {
    const bytes = this.#out.bytes
    if (bytes[at] !== BRACKET_OPEN) return -1
    const first = ++at
    // `003]`: the kernel prints three digits at least.
    const word = this.#out.view.getInt32(at, true)
    if (word >>> 24 === BRACKET_CLOSE && bytes[at + 4] === SPACE) {
      const hundreds = (word & 0xff) - ZERO
      const tens = ((word >>> 8) & 0xff) - ZERO
      const ones = ((word >>> 16) & 0xff) - ZERO
      if (isDigit(hundreds) && isDigit(tens) && isDigit(ones)) {
        this.#cpu = hundreds * 100 + tens * 10 + ones
        return at + 4
      }
    }
    let cpu = 0
    for (let value = digitAt(bytes, at); isDigit(value); value = digitAt(bytes, ++at)) {
      cpu = cpu * 10 + value
      if (cpu > MAX_CPU) return -1
    }
    if (at === first || bytes[at] !== BRACKET_CLOSE || bytes[at + 1] !== SPACE) return -1
    this.#cpu = cpu
    return at + 1
  }

  /** Reads ` flags   12.345678: `; nanoseconds where there are nine digits, ticks of a clock without unit where there is no dot. */
  #flagsAndTime(from: number): number {
    if (from < 0) return -1
    const out = this.#out
    const bytes = out.bytes
    let at = this.#spaces(from)
    let flags = 0
    if (!digit(bytes, at)) {
      const start = at
      while ((bytes[at] ?? 0) > SPACE) at++
      if (at === start || bytes[at] !== SPACE) return -1
      flags = this.#flags.nameOf(out.view, start, at)
      at = this.#spaces(at)
    }
    const first = at
    let sec = 0
    let nsec = 0
    let value = digitAt(bytes, at)
    for (; isDigit(value); value = digitAt(bytes, ++at)) sec = sec * 10 + value
    if (at === first) return -1
    const word = bytes[at] === DOT ? out.view.getInt32(at + 1, true) : 0
    // Six digits, colon and space in two words, as the kernel prints every time of a clock in µs.
    const rest = areDigits(word) ? out.view.getInt32(at + 5, true) : 0
    const tens = (rest & 0xff) - ZERO
    const ones = ((rest >>> 8) & 0xff) - ZERO
    if (rest >>> 16 === COLON_SPACE && isDigit(tens) && isDigit(ones)) {
      nsec = (fourDigits(word) * 100 + tens * 10 + ones) * 1000
      at += 7
    } else if (bytes[at] === DOT) {
      const point = ++at
      value = digitAt(bytes, at)
      for (; isDigit(value); value = digitAt(bytes, ++at)) nsec = nsec * 10 + value
      const digits = at - point
      if (digits === 6) nsec *= 1000
      else if (digits !== 9) return -1
    } else {
      // Split by digits: a count may exceed what a number holds exactly.
      const split = Math.max(first, at - 9)
      sec = decimal(bytes, first, split)
      nsec = decimal(bytes, split, at)
    }
    if (sec > MAX_SECONDS || bytes[at] !== COLON || bytes[at + 1] !== SPACE) return -1
    const row = out.count
    out.pid[row] = this.#pid
    out.cpu[row] = this.#cpu
    out.comm[row] = this.#comm
    out.flags[row] = flags
    out.timeSec[row] = sec
    out.timeNsec[row] = nsec
    return at + 2
  }

  /** Reads the comm before the dash; what pads it on the left is no part of it. */
  #readComm(start: number, dash: number): void {
    const { bytes, view, names } = this.#out
    let at = start
    while (at < dash && bytes[at] === SPACE) at++
    this.#comm = names.intern(view, at, dash)
  }

  #spaces(at: number): number {
    const bytes = this.#out.bytes
    while (bytes[at] === SPACE) at++
    return at
  }
}

function digit(bytes: Uint8Array, at: number): boolean {
  return isDigit(digitAt(bytes, at))
}

function decimal(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let at = start; at < end; at++) value = value * 10 + digitAt(bytes, at)
  return value
}

function hasNewline(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === NEWLINE) return true
  return false
}

function isDigit(value: number): boolean {
  return value >>> 0 <= 9
}
