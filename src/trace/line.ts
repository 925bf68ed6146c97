import { RecordKind } from './batch'
import {
  ascii,
  classAt,
  COLON,
  DIGIT,
  digitAt,
  HASH_SIGN,
  newlineAt,
  RETURN,
  SPACE,
  startsWith,
  UPPER_C
} from './bytes'
import type { Columns } from './columns'
import { EventClass, EventNames } from './events'
import { HeadParser } from './head'
import { EventNameMemo } from './memo'
import { PayloadParser } from './payload'

const CPU = ascii('CPU:')
const LOST = ascii(' [LOST ')
const EVENTS = ascii('EVENTS]')
const STACK_ENTRY = ascii(' => ')

const MAX_CPU = 0xffff
const MAX_LOST = 0x7fff_ffff

/** Decodes single lines into rows. */
export class LineParser {
  readonly #out: Columns
  readonly #head: HeadParser
  readonly #payload: PayloadParser
  readonly #events: EventNames
  readonly #names = new EventNameMemo()
  /** Where the text of the entry at hand begins. */
  #text = 0
  /** The line before had a head, or continued one that had. */
  #inEntry = false
  /** Where the newline of the entry at hand is. */
  #newline = 0
  /** Row of the last line with a head. */
  #lastRow = 0

  constructor(out: Columns) {
    this.#out = out
    this.#head = new HeadParser(out)
    this.#payload = new PayloadParser(out)
    this.#events = new EventNames(out.names)
  }

  /** Adds the row of the line at `start` and gives where its newline is, which must be there. Comments add none. */
  line(start: number): number {
    const out = this.#out
    const first = out.bytes[start]
    if (first !== HASH_SIGN && first !== UPPER_C && this.#entry(start)) return this.#newline
    const newline = newlineAt(out.view, start)
    if (first === HASH_SIGN) return newline
    const end = this.#contentEnd(start, newline)
    if (first === UPPER_C && (this.#lost(start, end) || this.#entry(start))) return newline
    if (!this.#continuation(start, end)) this.malformed(start, end)
    return newline
  }

  /** Adds a row for what is no trace line. */
  malformed(start: number, end: number): void {
    this.#inEntry = false
    this.#out.addBare(RecordKind.Malformed, 0, 0, start, end)
  }

  /** Text that went through a terminal ends its lines in two characters. */
  #contentEnd(start: number, newline: number): number {
    return newline > start && this.#out.bytes[newline - 1] === RETURN ? newline - 1 : newline
  }

  /** A line with a head: a trace event. Sets #newline. */
  #entry(start: number): boolean {
    const out = this.#out
    const row = out.count
    const from = this.#head.parse(start)
    if (from < 0) return false

    const event = this.#eventName(from)
    const text = this.#text
    out.textStart[row] = text
    out.state[row] = out.event[row] = out.next[row] = out.taskComm[row] = 0
    out.final[row] = 0
    const known = this.#events.classOf(event)
    if (known === EventClass.Event) {
      out.monitor[row] = this.#events.monitorOf(event)
      if (!this.#payload.event(text)) return false
      this.#newline = this.#payload.newline
      out.textEnd[row] = this.#payload.end
    } else {
      this.#newline = newlineAt(out.view, from)
      const end = this.#contentEnd(from, this.#newline)
      out.textEnd[row] = end
      if (from === end || !this.#rareEvent(known, event, from, text, end)) return false
    }
    this.#inEntry = true
    this.#lastRow = row
    out.count++
    return true
  }

  /** The name of the trace event at `from`, or 0 where there is none; sets #text. */
  #eventName(from: number): number {
    const { bytes, view, names } = this.#out
    if (this.#names.find(view, from)) {
      this.#text = from + this.#names.length
      return this.#names.name
    }
    let at = from
    // Whether this is an event's name at all, EventNames knows.
    while ((bytes[at] ?? 0) > SPACE && bytes[at] !== COLON) at++
    this.#text = from
    if (at === from || bytes[at] !== COLON || bytes[at + 1] !== SPACE) return 0
    this.#text = at + 2
    const name = names.intern(view, from, at)
    this.#names.keep(view, bytes, from, at + 2, name)
    return name
  }

  /** The kind and payload of a row. An rv event whose payload does not fit is no trace line: it was damaged. */
  #rareEvent(known: EventClass, event: number, from: number, text: number, end: number): boolean {
    const out = this.#out
    const row = out.count
    switch (known) {
      case EventClass.Error:
        out.monitor[row] = this.#events.monitorOf(event)
        return this.#payload.error(text, end, false)
      case EventClass.ErrorEnv:
        out.monitor[row] = this.#events.monitorOf(event)
        if (this.#payload.error(text, end, true)) return true
        out.monitor[row] = this.#events.envMonitorOf(event)
        return this.#payload.error(text, end, false)
      case EventClass.Retries:
        return this.#payload.retries(text, end)
      case EventClass.Other:
        return this.#other(event, row)
      default:
        // `<stack trace>`, or what trace_printk() wrote: all of it is text.
        out.textStart[row] = from
        return this.#other(0, row)
    }
  }

  #other(event: number, row: number): boolean {
    const out = this.#out
    out.kind[row] = RecordKind.Other
    out.monitor[row] = event
    out.hasId[row] = 0
    out.id[row] = 0
    return true
  }

  /** A stack trace's ` => function` lines belong to the entry before them, and have its head. */
  #continuation(start: number, end: number): boolean {
    const out = this.#out
    if (!this.#inEntry || !startsWith(out.bytes, start, STACK_ENTRY)) return false
    const row = out.count
    // Rows stay as they are after a batch was handed over, until they are written again.
    const before = this.#lastRow
    out.addBare(RecordKind.Other, out.cpu[before] ?? 0, 0, start, end)
    out.timeSec[row] = out.timeSec[before] ?? 0
    out.timeNsec[row] = out.timeNsec[before] ?? 0
    out.pid[row] = out.pid[before] ?? 0
    out.comm[row] = out.comm[before] ?? 0
    out.flags[row] = out.flags[before] ?? 0
    this.#lastRow = row
    return true
  }

  /** `CPU:2 [LOST 12 EVENTS]`, or without the number. */
  #lost(start: number, end: number): boolean {
    const bytes = this.#out.bytes
    if (!startsWith(bytes, start, CPU)) return false
    let at = start + CPU.length
    const firstOfCpu = at
    const cpu = this.#number(at)
    while (this.#digit(at)) at++
    if (at === firstOfCpu || cpu > MAX_CPU || !startsWith(bytes, at, LOST)) return false
    at += LOST.length
    const firstOfCount = at
    const count = this.#number(at)
    while (this.#digit(at)) at++
    const counted = at > firstOfCount
    if (counted && bytes[at++] !== SPACE) return false
    if (!startsWith(bytes, at, EVENTS) || at + EVENTS.length !== end) return false
    this.#inEntry = false
    this.#out.addBare(RecordKind.Lost, cpu, counted ? Math.min(count, MAX_LOST) : -1, start, end)
    return true
  }

  #number(at: number): number {
    let value = 0
    for (; this.#digit(at); at++) value = value * 10 + digitAt(this.#out.bytes, at)
    return value
  }

  #digit(at: number): boolean {
    return (classAt(this.#out.bytes, at) & DIGIT) !== 0
  }
}
