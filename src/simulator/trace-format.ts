import { AT_ARGUMENTS, AT_COMM, AT_EVENT, AT_FLAGS, AT_PID } from './ring-buffer'
import { EV } from './trace-events'
import {
  FLAG_BH_OFF,
  FLAG_HARDIRQ,
  FLAG_IRQS_OFF,
  FLAG_NEED_RESCHED,
  FLAG_NMI,
  FLAG_SOFTIRQ,
  type TraceHub
} from './trace-hub'

/** The five latency columns (trace_print_lat_fmt of kernel/trace/trace_output.c). */
export function latencyColumns(flags: number): string {
  const irqsOff = (flags & FLAG_IRQS_OFF) !== 0
  const bhOff = (flags & FLAG_BH_OFF) !== 0
  const hard = (flags & FLAG_HARDIRQ) !== 0
  const soft = (flags & FLAG_SOFTIRQ) !== 0
  const nmi = (flags & FLAG_NMI) !== 0
  return (
    (irqsOff ? (bhOff ? 'D' : 'd') : bhOff ? 'b' : '.') +
    ((flags & FLAG_NEED_RESCHED) !== 0 ? 'N' : '.') +
    // An NMI counts a level of hardirq as well: `z` alone does not come.
    (nmi ? 'Z' : hard ? (soft ? 'H' : 'h') : soft ? 's' : '.') +
    depth((flags >> 8) & 15) +
    depth((flags >> 16) & 15)
  )
}

const depth = (value: number): string => (value === 0 ? '.' : value.toString(16))

/** Seconds and microseconds, rounded as ns2usecs() does. */
export function traceTime(ns: number): string {
  const us = Math.floor((ns + 500) / 1000)
  const seconds = Math.floor(us / 1_000_000)
  return `${String(seconds).padStart(5)}.${String(us - seconds * 1_000_000).padStart(6, '0')}`
}

/** One line of trace or trace_pipe, newline included. */
export function traceLine(
  hub: TraceHub,
  cpu: number,
  ns: number,
  words: Int32Array,
  at: number
): string {
  const pid = words[at + AT_PID]!
  const comm = pid === 0 ? '<idle>' : hub.comm(words[at + AT_COMM]!)
  const event = hub.eventById[words[at + AT_EVENT]!]
  hub.currentCpu = cpu
  const text = event?.text((index) => words[at + AT_ARGUMENTS + index]!, hub) ?? ''
  const head =
    `${comm.padStart(16)}-${String(pid).padEnd(7)} [${String(cpu).padStart(3, '0')}] ` +
    `${latencyColumns(words[at + AT_FLAGS]!)} ${traceTime(ns)}: `
  if (event?.id === EV.kernelStack) return `${head}<stack trace>${text}\n`
  const name = event?.system === 'ftrace' ? 'tracing_mark_write' : (event?.name ?? '')
  return `${head}${name}: ${text}\n`
}

/** What `trace` begins with. */
export function traceHeader(entries: number, written: number, cpus: number): string {
  return (
    '# tracer: nop\n#\n' +
    `# entries-in-buffer/entries-written: ${entries}/${written}   #P:${cpus}\n#\n` +
    '#                                _-----=> irqs-off/BH-disabled\n' +
    '#                               / _----=> need-resched\n' +
    '#                              | / _---=> hardirq/softirq\n' +
    '#                              || / _--=> preempt-depth\n' +
    '#                              ||| / _-=> migrate-disable\n' +
    '#                              |||| /     delay\n' +
    '#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION\n' +
    '#              | |         |   |||||     |         |\n'
  )
}

export const lostLine = (cpu: number, events: number): string =>
  `CPU:${cpu} [LOST ${events} EVENTS]\n`
