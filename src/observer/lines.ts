import type { ContextLine, EventRows } from '../contract/state'
import { RecordKind, textOf, type TraceBatch } from '../trace'

/** Integers that one trace line takes. */
export const LINE_INTS = 12
const SEC = 0
const NSEC = 1
const PID = 2
const COMM = 3
const FLAGS = 4
const MONITOR = 5
/** kind | hasId << 8 | final << 9 | cpu << 16 */
const BITS = 6
const ID = 7
const STATE = 8
const EVENT = 9
const NEXT = 10
/** LTL: the instance's comm. */
const TASK = 11

const KINDS: readonly RecordKind[] = [
  RecordKind.Event,
  RecordKind.Error,
  RecordKind.ErrorEnv,
  RecordKind.LtlEvent,
  RecordKind.LtlError,
  RecordKind.Retries,
  RecordKind.Lost,
  RecordKind.Other
]

/** A number of a batch's kind column as what it means. */
export function kindOf(value: number | undefined): RecordKind {
  return KINDS[value ?? -1] ?? RecordKind.Malformed
}

/** Whether time a is later than time b. */
export function isLater(aSec: number, aNsec: number, bSec: number, bNsec: number): boolean {
  return aSec === bSec ? aNsec > bNsec : aSec > bSec
}

/** What a packed line needs to become text: the decoder's names and the monitors by their index. */
export interface LineWords {
  readonly names: readonly string[]
  monitorName(monitor: number): string
}

/** A ring of the newest trace lines in packed form. Adding allocates nothing but for the rare kinds with free text. */
export class LineRing {
  /** Lines ever added. */
  total = 0
  readonly #lines: Int32Array
  /** Text of lines that the names cannot tell. */
  readonly #texts: string[]

  constructor(readonly capacity: number) {
    this.#lines = new Int32Array(capacity * LINE_INTS)
    this.#texts = new Array<string>(capacity).fill('')
  }

  /**
   * Adds row `i` of a batch; `monitor` is the observer's index, or -1. The time is the caller's,
   * since loss marks have none of their own.
   */
  push(batch: TraceBatch, i: number, monitor: number, sec: number, nsec: number): void {
    const slot = this.total++ % this.capacity
    const at = slot * LINE_INTS
    const lines = this.#lines
    const kind = kindOf(batch.kind[i])
    lines[at + SEC] = sec
    lines[at + NSEC] = nsec
    lines[at + PID] = batch.pid[i] ?? 0
    lines[at + COMM] = batch.comm[i] ?? 0
    lines[at + FLAGS] = batch.flags[i] ?? 0
    lines[at + MONITOR] = monitor
    lines[at + BITS] =
      kind |
      ((batch.hasId[i] ?? 0) << 8) |
      ((batch.final[i] ?? 0) << 9) |
      ((batch.cpu[i] ?? 0) << 16)
    lines[at + ID] = batch.id[i] ?? 0
    lines[at + STATE] = batch.state[i] ?? 0
    lines[at + EVENT] = batch.event[i] ?? 0
    lines[at + NEXT] = batch.next[i] ?? 0
    lines[at + TASK] = batch.taskComm[i] ?? 0
    this.#texts[slot] = isPlain(kind) ? '' : lineText(batch, i)
  }

  /**
   * Copies up to `count` of the newest lines that are no later than the given time, oldest first.
   * Returns how many, and puts their free texts into `texts`.
   */
  copyUpTo(
    sec: number,
    nsec: number,
    count: number,
    into: Int32Array,
    offset: number,
    texts: string[]
  ): number {
    const lines = this.#lines
    const oldest = Math.max(0, this.total - this.capacity)
    let end = this.total
    while (end > oldest) {
      const at = ((end - 1) % this.capacity) * LINE_INTS
      if (!isLater((lines[at + SEC] ?? 0) >>> 0, lines[at + NSEC] ?? 0, sec, nsec)) break
      end--
    }
    const begin = Math.max(oldest, end - count)
    for (let line = begin; line < end; line++) {
      const slot = line % this.capacity
      const to = offset + (line - begin) * LINE_INTS
      for (let k = 0; k < LINE_INTS; k++) into[to + k] = lines[slot * LINE_INTS + k] ?? 0
      texts.push(this.#texts[slot] ?? '')
    }
    return end - begin
  }

  /** The lines numbered `from` .. total - 1 that are still there, as rows of the event log. */
  *since(from: number, words: LineWords): Generator<EventRows['rows'][number]> {
    for (let line = Math.max(from, this.total - this.capacity, 0); line < this.total; line++) {
      const slot = line % this.capacity
      const at = slot * LINE_INTS
      const kind = kindOf((this.#lines[at + BITS] ?? 0) & 0xff)
      const shown = unpackLine(this.#lines, at, this.#texts[slot] ?? '', words)
      yield {
        sec: shown.sec,
        nsec: shown.nsec,
        cpu: shown.cpu,
        pid: shown.pid,
        comm: shown.comm,
        flags: shown.flags,
        monitor: this.#lines[at + MONITOR] ?? -1,
        error:
          kind !== RecordKind.Event && kind !== RecordKind.LtlEvent && kind !== RecordKind.Other,
        text: shown.text
      }
    }
  }
}

/** A packed line as the window shows it. */
export function unpackLine(
  lines: Int32Array,
  at: number,
  text: string,
  words: LineWords
): ContextLine {
  const name = (index: number): string => words.names[lines[at + index] ?? 0] ?? ''
  const bits = lines[at + BITS] ?? 0
  return {
    sec: (lines[at + SEC] ?? 0) >>> 0,
    nsec: lines[at + NSEC] ?? 0,
    cpu: bits >>> 16,
    pid: lines[at + PID] ?? 0,
    comm: name(COMM),
    flags: name(FLAGS),
    text: text === '' ? plainText(lines, at, words) : text,
    here: false
  }
}

/** Kinds whose text the columns give back. */
function isPlain(kind: RecordKind): boolean {
  return (
    kind === RecordKind.Event ||
    kind === RecordKind.Error ||
    kind === RecordKind.LtlEvent ||
    kind === RecordKind.LtlError
  )
}

/** The formats of include/trace/events/rv.h and of kernel/trace/rv/rv_trace.h. */
function plainText(lines: Int32Array, at: number, words: LineWords): string {
  const name = (index: number): string => words.names[lines[at + index] ?? 0] ?? ''
  const bits = lines[at + BITS] ?? 0
  const id = String(lines[at + ID] ?? 0)
  const monitor = words.monitorName(lines[at + MONITOR] ?? -1)
  const subject = (bits & 0x100) === 0 ? '' : `${id}: `
  const kind = kindOf(bits & 0xff)
  switch (kind) {
    case RecordKind.Event: {
      const final = (bits & 0x200) === 0 ? '' : ' (final)'
      return `event_${monitor}: ${subject}${name(STATE)} x ${name(EVENT)} -> ${name(NEXT)}${final}`
    }
    case RecordKind.LtlEvent:
      return `event_${monitor}: ${name(TASK)}[${id}]: (${name(STATE)}) x (${name(EVENT)}) -> (${name(NEXT)})`
    case RecordKind.LtlError:
      return `error_${monitor}: ${name(TASK)}[${id}]: violation detected`
    default:
      return `error_${monitor}: ${subject}event ${name(EVENT)} not expected in the state ${name(STATE)}`
  }
}

/** Trace event and payload of a record as the kernel prints them. */
export function lineText(batch: TraceBatch, i: number): string {
  const text = textOf(batch, i)
  const name = batch.names.names[batch.monitor[i] ?? 0] ?? ''
  switch (batch.kind[i]) {
    case RecordKind.Event:
    case RecordKind.LtlEvent:
      return `event_${name}: ${text}`
    case RecordKind.Error:
    case RecordKind.LtlError:
      return `error_${name}: ${text}`
    case RecordKind.ErrorEnv:
      return `error_env_${name}: ${text}`
    case RecordKind.Retries:
      return `rv_retries_error: ${text}`
    case RecordKind.Other:
      // A stack has no name.
      return name === '' ? text : `${name}: ${text}`
    default:
      return text
  }
}
