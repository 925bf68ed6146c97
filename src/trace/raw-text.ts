import { readInteger, readText, type RawField, type RawFormat } from './raw-format'
import type { RawPageReader } from './raw-page'

/*
 * From raw records of system rv to the lines that trace_pipe prints of them, so that everything
 * behind it is one road. What the kernel spends most of its time on, the printing, is done here.
 */

/** common_flags of a record (enum trace_flag_type of include/linux/trace_events.h). */
const IRQS_OFF = 0x01
const NEED_RESCHED_LAZY = 0x02
const NEED_RESCHED = 0x04
const HARDIRQ = 0x08
const SOFTIRQ = 0x10
const PREEMPT_RESCHED = 0x20
const NMI = 0x40
const BH_OFF = 0x80

/** By the bits lazy, need and preempt: trace_print_lat_fmt of kernel/trace/trace_output.c. */
const RESCHED = ['.', 'l', 'n', 'b', 'p', 'L', 'N', 'B']

/** The five latency columns. */
export function latencyOf(flags: number, preempt: number): string {
  const irqs =
    (flags & IRQS_OFF) !== 0
      ? (flags & BH_OFF) !== 0
        ? 'D'
        : 'd'
      : (flags & BH_OFF) !== 0
        ? 'b'
        : '.'
  const resched =
    RESCHED[
      ((flags & NEED_RESCHED_LAZY) >> 1) |
        ((flags & NEED_RESCHED) >> 1) |
        ((flags & PREEMPT_RESCHED) >> 3)
    ] ?? '.'
  const hard = (flags & HARDIRQ) !== 0
  const soft = (flags & SOFTIRQ) !== 0
  const context =
    (flags & NMI) !== 0 ? (hard ? 'Z' : 'z') : hard ? (soft ? 'H' : 'h') : soft ? 's' : '.'
  const depth = (value: number): string => (value === 0 ? '.' : value.toString(16))
  return irqs + resched + context + depth(preempt & 15) + depth((preempt >> 4) & 15)
}

type Print = (record: Uint8Array) => string

/** Prints records by the formats of the target. */
export class RawText {
  readonly #byId = new Map<number, { readonly name: string; readonly print: Print }>()
  /** Formats that are not understood: their records cannot be shown. */
  readonly unknown: readonly string[]
  readonly #comms: ReadonlyMap<number, string>
  /** Pids without a name, since it was looked at last. */
  readonly nameless = new Set<number>()
  readonly #flags = new Map<number, string>()

  /** @param comms names of tasks by pid, which may grow */
  constructor(formats: Iterable<RawFormat>, comms: ReadonlyMap<number, string>) {
    this.#comms = comms
    const unknown: string[] = []
    for (const format of formats) {
      const print = printerOf(format)
      if (print === undefined) unknown.push(format.name)
      else this.#byId.set(format.id, { name: format.name, print })
    }
    this.unknown = unknown
  }

  /** The record that the reader is at, as a line with its newline. */
  line(cpu: number, page: Uint8Array, at: RawPageReader): string {
    const record = page.subarray(at.offset, at.offset + at.length)
    const view = new DataView(record.buffer, record.byteOffset, record.length)
    const event = record.length < 8 ? undefined : this.#byId.get(view.getUint16(0, true))
    if (event === undefined)
      return `a record of ${String(record.length)} bytes that no format fits\n`
    const pid = view.getInt32(4, true)
    return `${this.#head(cpu, pid, view.getUint16(2, true))}${timeOf(at)}: ${event.name}: ${event.print(record)}\n`
  }

  #head(cpu: number, pid: number, flags: number): string {
    const known = pid === 0 ? '<idle>' : this.#comms.get(pid)
    if (known === undefined) this.nameless.add(pid)
    let latency = this.#flags.get(flags)
    if (latency === undefined) {
      latency = latencyOf(flags & 0xff, flags >> 8)
      this.#flags.set(flags, latency)
    }
    return `${(known ?? '<...>').padStart(16)}-${String(pid).padEnd(7)} [${String(cpu).padStart(3, '0')}] ${latency} `
  }
}

/** Seconds and microseconds, rounded as ns2usecs() does. */
function timeOf({ seconds, nanoseconds }: RawPageReader): string {
  const us = Math.floor((nanoseconds + 500) / 1000)
  const carry = us === 1_000_000 ? 1 : 0
  return `${String(seconds + carry).padStart(5)}.${String(carry === 1 ? 0 : us).padStart(6, '0')}`
}

/** How the events of include/trace/events/rv.h and kernel/trace/rv/rv_trace.h are printed; undefined: it is none. */
function printerOf({ name, fields }: RawFormat): Print | undefined {
  const field = (of: string): RawField | undefined => fields.find((one) => one.name === of)
  const text = (of: string): Print | undefined => {
    const found = field(of)
    return found?.text === true ? (record) => readText(record, found) ?? '' : undefined
  }
  const number = (of: string): Print | undefined => {
    const found = field(of)
    return found === undefined ? undefined : (record) => String(readInteger(record, found) ?? '')
  }
  const id = number('id')
  const subject: Print = id === undefined ? () => '' : (record) => `${id(record)}: `
  const [state, event, next, env] = ['state', 'event', 'next_state', 'env'].map(text)
  const final = field('final_state')
  if (name.startsWith('event_') && state && event && next && final) {
    return (record) =>
      `${subject(record)}${state(record)} x ${event(record)} -> ${next(record)}${
        readInteger(record, final) === 1n ? ' (final)' : ''
      }`
  }
  if (name.startsWith('error_') && state && event) {
    return (record) =>
      `${subject(record)}event ${event(record)} not expected in the state ${state(record)}${
        env === undefined ? '' : ` with env ${env(record)}`
      }`
  }
  const [comm, pid, states, atoms, nextStates] = [
    text('comm'),
    number('pid'),
    text('states'),
    text('atoms'),
    text('next')
  ]
  if (!comm || !pid) return undefined
  if (name.startsWith('event_') && states && atoms && nextStates) {
    return (record) =>
      `${comm(record)}[${pid(record)}]: (${states(record)}) x (${atoms(record)}) -> (${nextStates(record)})`
  }
  return name.startsWith('error_')
    ? (record) => `${comm(record)}[${pid(record)}]: violation detected`
    : undefined
}
