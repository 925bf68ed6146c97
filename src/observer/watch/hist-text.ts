import { isPlainName } from '../text'
import type { RvMonitor } from '../tree'

/*
 * The hist triggers that watch a monitor, and what they print (kernel/trace/trace_events_hist.c).
 * The kernel takes three keys at most and only one string among them (HIST_KEY_SIZE_MAX), so that
 * there is one trigger for each event, with the CPU and the state as its key: in a deterministic
 * model these three name the edge.
 */

/** Entries of a table: powers of two within the kernel's bounds. */
const MIN_SIZE = 128
const MAX_SIZE = 8192
/** Characters of a state's name in a table that are taken. */
const MAX_NAME = 256
/** Rows that are taken of one file; a kernel's tables have fewer. */
const MAX_ROWS = 262_144

/** Names of the fields of a monitor's `event_`. */
interface Fields {
  readonly id: string | undefined
  readonly state: string
  readonly event: string
  readonly next: string
}

/** How the fields of the event are called (include/trace/events/rv.h). */
export function fieldsOf({ class: kind, hasId }: RvMonitor): Fields {
  if (kind === 'ltl') return { id: 'pid', state: 'states', event: 'atoms', next: 'next' }
  return { id: hasId ? 'id' : undefined, state: 'state', event: 'event', next: 'next_state' }
}

const sizeFor = (entries: number): number =>
  Math.min(MAX_SIZE, Math.max(MIN_SIZE, 2 ** Math.ceil(Math.log2(Math.max(1, entries)))))

/**
 * What keeps the latest event of each instance: by id or, where it has none, by CPU.
 * @param entries instances that are expected
 */
export function sampleTrigger(monitor: RvMonitor, entries: number): string {
  const { id, state, event, next } = fieldsOf(monitor)
  // common_timestamp would set the instance to the global clock; the streams' is the local one.
  return (
    `hist:keys=${id ?? 'common_cpu'}:t=common_timestamp:onmax($t).save(${state},${event},${next}` +
    `${id === undefined ? '' : ',common_cpu'}):size=${String(sizeFor(2 * entries))}:clock=local`
  )
}

/**
 * What counts the transitions of a monitor: one trigger for each known event, and one for all
 * others, whose number alone is told. The sets of an LTL monitor name no edge: its events are
 * counted by CPU.
 */
export function countTriggers(
  monitor: RvMonitor,
  events: readonly string[],
  states: number,
  cpus: number
): readonly string[] {
  const size = `:size=${String(sizeFor(2 * cpus * Math.max(8, states)))}`
  if (monitor.class === 'ltl') return [`hist:keys=common_cpu${size}`]
  const named = events.filter(isPlainName)
  const others = named.map((name) => `event!="${name}"`).join(' && ')
  return [
    ...named.map((name) => `hist:keys=common_cpu,state${size} if event=="${name}"`),
    `hist:keys=common_cpu${size}${others === '' ? '' : ` if ${others}`}`
  ]
}

/** Transitions since the trigger was set. */
export interface CountRow {
  readonly cpu: number
  /** Undefined where only the number is counted. */
  readonly state: string | undefined
  readonly event: string | undefined
  readonly hits: number
}

/** The latest event of an instance. */
export interface SampleRow {
  /** Id of the instance, or CPU. */
  readonly id: number
  /** Its events since the trigger was set. */
  readonly hits: number
  readonly sec: number
  readonly nsec: number
  readonly state: string
  readonly event: string
  readonly next: string
  readonly cpu: number
}

/** A table, and the events that found no room in it. */
export interface HistTable<Row> {
  readonly rows: readonly Row[]
  readonly dropped: number
  /** A table of the kind was in the file. */
  readonly found: boolean
}

/** Reads the tables of transitions out of a file `hist`; lines that are none are passed over. */
export function parseCounts(text: string): HistTable<CountRow> {
  const rows: CountRow[] = []
  let dropped = 0
  let found = false
  for (const { info, body } of tablesOf(text)) {
    if (info.includes('onmax(')) continue
    found = true
    const event = / if event=="([A-Za-z0-9_]+)" \[/.exec(info)?.[1]
    dropped += droppedIn(body)
    for (const [, cpu, state, hits] of body.matchAll(
      /^\{ common_cpu: +(\d{1,5})(?:, state: (\S{1,256}) *)? \} hitcount: +(\d{1,15})$/gm
    )) {
      if (rows.length === MAX_ROWS) break
      rows.push({ cpu: Number(cpu), state, event, hits: Number(hits) })
    }
  }
  return { rows, dropped, found }
}

/** Reads the table of the latest events out of a file `hist`, in the order of their times. */
export function parseSamples(text: string, monitor: RvMonitor): HistTable<SampleRow> {
  const { id, state, event, next } = fieldsOf(monitor)
  const row = new RegExp(
    `^\\{ ${id ?? 'common_cpu'}: +(\\d{1,20}) \\} hitcount: +(\\d{1,15})\\n` +
      `\\tmax: +(\\d{1,19}) {2}${state}: (.{0,${String(MAX_NAME)}}?) +${event}: (.{0,${String(MAX_NAME)}}?) +` +
      `${next}: (.{0,${String(MAX_NAME)}}?) *(?: common_cpu: +(\\d{1,5}))?$`,
    'gm'
  )
  const rows: SampleRow[] = []
  let dropped = 0
  let found = false
  for (const { info, body } of tablesOf(text)) {
    if (!info.includes('onmax(')) continue
    found = true
    dropped += droppedIn(body)
    for (const [, key = '', hits, max = '', from = '', by = '', to = '', cpu] of body.matchAll(
      row
    )) {
      if (rows.length === MAX_ROWS) break
      const ns = BigInt(max)
      rows.push({
        // A negative id is printed as the unsigned number of 64 bits.
        id: Number(BigInt.asIntN(32, BigInt(key))),
        hits: Number(hits),
        sec: Number(ns / 1_000_000_000n),
        nsec: Number(ns % 1_000_000_000n),
        state: from,
        event: by,
        next: to,
        cpu: cpu === undefined ? Number(key) : Number(cpu)
      })
    }
  }
  rows.sort((a, b) => a.sec - b.sec || a.nsec - b.nsec)
  return { rows, dropped, found }
}

function* tablesOf(text: string): Generator<{ readonly info: string; readonly body: string }> {
  for (const part of text.split('# event histogram\n').slice(1)) {
    const info = /^# trigger info: (.*)$/m.exec(part)?.[1]
    if (info !== undefined) yield { info, body: part }
  }
}

const droppedIn = (body: string): number => Number(/^ +Dropped: (\d{1,15})$/m.exec(body)?.[1] ?? 0)
