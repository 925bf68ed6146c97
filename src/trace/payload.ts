import { RecordKind } from './batch'
import {
  ascii,
  ATOM_LIST,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  classAt,
  COLON,
  DASH,
  DIGIT,
  digitAt,
  GREATER,
  IDENTIFIER,
  LOWER_X,
  PAREN_CLOSE,
  PAREN_OPEN,
  RETURN,
  SPACE,
  startsWith,
  STATE_SET
} from './bytes'
import type { Columns } from './columns'
import { TransitionMemo } from './memo'
import { UntilHash } from './names'

/** A newline in each byte of a word. */
const NEWLINES = 0x0a0a_0a0a
const TIMES = ascii(' x ')
const ARROW = ascii(' -> ')
const FINAL = ascii(' (final)')
const EVENT = ascii('event ')
const NOT_EXPECTED = ascii(' not expected in the state ')
const WITH_ENV = ascii(' with env ')
const VIOLATION = ascii(']: violation detected')
const RETRIES = ascii('3 retries reached for event ')
const RESETTING = ascii(', resetting monitor ')

/**
 * Reads the payloads of the rv trace events (include/trace/events/rv.h,
 * kernel/trace/rv/rv_trace.h) into the row under construction. A payload counts
 * only when the whole of it fits; otherwise the row's columns are undefined.
 */
export class PayloadParser {
  readonly #out: Columns
  /** Where the line of the last event() ends: its text, and its newline. */
  end = 0
  newline = 0
  /** What #name and #number read. */
  #name = 0
  #number = 0

  readonly #hash = new UntilHash()
  readonly #memo = new TransitionMemo()

  constructor(out: Columns) {
    this.#out = out
  }

  /** `[id: ]state x event -> next[ (final)]`, or LTL's, up to the newline; sets `end` and `newline`. */
  event(start: number): boolean {
    const out = this.#out
    const row = out.count
    out.kind[row] = RecordKind.Event
    const at = this.#id(start, row)
    const hash = this.#hash.hash(out.view, at, NEWLINES)
    const newline = this.#hash.end
    this.newline = this.end = newline
    // What was read as an id may have been the beginning of a comm.
    const whole = at === start
    if ((whole || !this.#memo.isLtl(hash)) && this.#memo.recall(out, row, at, newline, hash)) {
      return true
    }
    const end = newline > start && out.bytes[newline - 1] === RETURN ? newline - 1 : newline
    this.end = end
    const isDa = this.#transition(at, end, row)
    if (!isDa && !this.#ltlEvent(start, end)) return false
    if (end === newline && (isDa || whole)) this.#memo.keep(out, row, at, newline, hash)
    return true
  }

  /** `[id: ]event E not expected in the state S`, with ` with env …` if so asked, or LTL's. */
  error(at: number, end: number, withEnv: boolean): boolean {
    return this.#daError(at, end, withEnv) || (!withEnv && this.#ltlError(at, end))
  }

  /** `3 retries reached for event E, resetting monitor M`; sets event and monitor. */
  retries(at: number, end: number): boolean {
    const out = this.#out
    const row = out.count
    if (!startsWith(out.bytes, at, RETRIES)) return false
    at = this.#identifier(at + RETRIES.length)
    out.event[row] = this.#name
    if (at < 0 || !startsWith(out.bytes, at, RESETTING)) return false
    at = this.#identifier(at + RESETTING.length)
    out.monitor[row] = this.#name
    out.kind[row] = RecordKind.Retries
    out.hasId[row] = 0
    return at === end
  }

  /** `state x event -> next[ (final)]` */
  #transition(start: number, end: number, row: number): boolean {
    const out = this.#out
    const bytes = out.bytes
    let at = this.#identifier(start)
    out.state[row] = this.#name
    if (at < 0 || !startsWith(bytes, at, TIMES)) return false
    at = this.#identifier(at + TIMES.length)
    out.event[row] = this.#name
    if (at < 0 || !startsWith(bytes, at, ARROW)) return false
    at = this.#identifier(at + ARROW.length)
    out.next[row] = this.#name
    if (at < 0) return false
    const final = at !== end
    out.final[row] = final ? 1 : 0
    return !final || (startsWith(bytes, at, FINAL) && at + FINAL.length === end)
  }

  #daError(start: number, end: number, withEnv: boolean): boolean {
    const out = this.#out
    const bytes = out.bytes
    const row = out.count
    let at = this.#id(start, row)
    if (!startsWith(bytes, at, EVENT)) return false
    at = this.#identifier(at + EVENT.length)
    out.event[row] = this.#name
    if (at < 0 || !startsWith(bytes, at, NOT_EXPECTED)) return false
    at = this.#identifier(at + NOT_EXPECTED.length)
    out.state[row] = this.#name
    if (at < 0) return false
    out.kind[row] = withEnv ? RecordKind.ErrorEnv : RecordKind.Error
    if (!withEnv) return at === end
    return startsWith(bytes, at, WITH_ENV) && at + WITH_ENV.length < end
  }

  /**
   * `comm[pid]: (states) x (atoms) -> (next)`. From the right, since a comm may
   * contain anything, and the sets contain no parenthesis.
   */
  #ltlEvent(start: number, end: number): boolean {
    const out = this.#out
    const bytes = out.bytes
    const row = out.count
    let at = this.#setBefore(end, start, STATE_SET)
    out.next[row] = this.#name
    if (at < start + 4 || bytes[at - 1] !== SPACE || bytes[at - 2] !== GREATER) return false
    if (bytes[at - 3] !== DASH || bytes[at - 4] !== SPACE) return false
    at = this.#setBefore(at - 4, start, ATOM_LIST)
    out.event[row] = this.#name
    if (at < start + 3 || bytes[at - 1] !== SPACE || bytes[at - 2] !== LOWER_X) return false
    if (bytes[at - 3] !== SPACE) return false
    at = this.#setBefore(at - 3, start, STATE_SET)
    out.state[row] = this.#name
    if (at < start + 2 || bytes[at - 1] !== SPACE || bytes[at - 2] !== COLON) return false
    out.kind[row] = RecordKind.LtlEvent
    out.final[row] = 0
    return this.#task(start, at - 3, row)
  }

  /** `comm[pid]: violation detected` */
  #ltlError(start: number, end: number): boolean {
    const at = end - VIOLATION.length
    const out = this.#out
    if (at < start || !startsWith(out.bytes, at, VIOLATION)) return false
    out.kind[out.count] = RecordKind.LtlError
    return this.#task(start, at, out.count)
  }

  /** `comm[pid]` in bytes[start .. close], where `close` is that of the bracket. */
  #task(start: number, close: number, row: number): boolean {
    const out = this.#out
    const bytes = out.bytes
    if (close <= start || bytes[close] !== BRACKET_CLOSE) return false
    let open = close - 1
    while (open > start && (classAt(bytes, open) & DIGIT) !== 0) open--
    if (open > start && bytes[open] === DASH && open < close - 1) open--
    if (bytes[open] !== BRACKET_OPEN || this.#integer(open + 1) !== close) return false
    out.hasId[row] = 1
    out.id[row] = this.#number
    out.taskComm[row] = out.names.intern(out.view, start, open)
    return true
  }

  /** Reads a set in parentheses that ends before `end`; gives where it begins, or -1. Sets #name. */
  #setBefore(end: number, start: number, charset: number): number {
    const bytes = this.#out.bytes
    if (end <= start || bytes[end - 1] !== PAREN_CLOSE) return -1
    let at = end - 2
    while (at >= start && (classAt(bytes, at) & charset) !== 0) at--
    if (at < start || bytes[at] !== PAREN_OPEN) return -1
    this.#name = this.#out.names.intern(this.#out.view, at + 1, end - 1)
    return at
  }

  /** Reads `id: ` where it is there; gives where the rest begins. */
  #id(at: number, row: number): number {
    const out = this.#out
    const stop = this.#integer(at)
    if (stop > 0 && out.bytes[stop] === COLON && out.bytes[stop + 1] === SPACE) {
      out.hasId[row] = 1
      out.id[row] = this.#number
      return stop + 2
    }
    out.hasId[row] = 0
    out.id[row] = 0
    return at
  }

  /** Reads a decimal int into #number; gives where it ends, or -1. */
  #integer(at: number): number {
    const bytes = this.#out.bytes
    const negative = bytes[at] === DASH
    if (negative) at++
    const first = at
    let value = 0
    while ((classAt(bytes, at) & DIGIT) !== 0) {
      value = value * 10 + digitAt(bytes, at++)
    }
    if (at === first || value > (negative ? 0x8000_0000 : 0x7fff_ffff)) return -1
    this.#number = negative ? -value : value
    return at
  }

  /** Reads an identifier into #name; gives where it ends, or -1 where there is none. */
  #identifier(start: number): number {
    const bytes = this.#out.bytes
    let at = start
    while ((classAt(bytes, at) & IDENTIFIER) !== 0) at++
    if (at === start) return -1
    this.#name = this.#out.names.intern(this.#out.view, start, at)
    return at
  }
}
