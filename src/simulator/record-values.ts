import type { RvMonitor } from '../engine/monitor'
import { layoutOf } from './record-layout'
import { addressOf } from './stacks'
import { atomList, bitmapList } from './monitor-events'
import {
  EV,
  EVENTS_PER_MONITOR,
  FIRST_MONITOR_EVENT,
  irqName,
  irqOf,
  PREEMPTED,
  STACK_CALLERS,
  stateLetter,
  type RecordNames,
  type TraceEvent
} from './trace-events'

/** A field's value; an array of numbers is one. */
export type FieldValue = number | bigint | string | readonly (number | bigint)[]

type Argument = (index: number) => number
type Values = (a: Argument, names: RecordNames) => readonly FieldValue[]

/** Bits of prev_state by the letter that is printed for them; a preempted task has the one above. */
const STATE_BITS: Readonly<Record<string, number>> = {
  R: 0,
  S: 1,
  D: 2,
  T: 4,
  t: 8,
  X: 0x10,
  Z: 0x20,
  P: 0x40,
  I: 0x80
}
const TASK_REPORT_MAX = 0x100

/** A 64-bit number of two words of a record. */
const wide = (low: number, high: number): bigint => (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
const unsigned = (value: number): number => value >>> 0

const padded = (callers: readonly bigint[]): readonly bigint[] => [
  ...callers,
  ...new Array<bigint>(STACK_CALLERS - callers.length).fill(0n)
]

/** Where a record's arguments are not its fields one by one. */
const SPECIAL: ReadonlyMap<number, Values> = new Map<number, Values>([
  [
    EV.schedSwitch,
    (a, names) => [
      names.comm(a(0)),
      a(1),
      a(2),
      a(3) === PREEMPTED ? TASK_REPORT_MAX : (STATE_BITS[stateLetter(a(3), 0)] ?? 0),
      names.comm(a(4)),
      a(5),
      a(6)
    ]
  ],
  [EV.schedProcessExit, (a, names) => [names.comm(a(0)), a(1), a(2), 1]],
  [
    EV.irqHandlerEntry,
    (a, names) => [irqOf(a(0), names.currentCpu), irqName(a(0), names.currentCpu)]
  ],
  [EV.irqHandlerExit, (a, names) => [irqOf(a(0), names.currentCpu), 1]],
  [EV.taskNewtask, (a, names) => [a(0), names.comm(a(1)), 0x1200000, 0]],
  [
    EV.kernelStack,
    (a, names) => {
      const callers = names.stack(a(0)).slice(0, STACK_CALLERS)
      return [callers.length, padded(callers.map(addressOf))]
    }
  ],
  [EV.print, (a, names) => [0, `${names.marker(a(0))}\n`]],
  [
    EV.rvRetriesError,
    (a, names) => {
      const monitor = names.monitors[a(0)]
      return [monitor?.name ?? '', monitor?.automaton?.events[a(1)] ?? 'INVALID']
    }
  ],
  [EV.signalGenerate, (a, names) => [a(0), 0, 0, names.comm(a(1)), a(2), 1, 0]],
  [EV.signalDeliver, (a) => [a(0), 0, 0, 0x55d0c0de1230n, 0x14000000]],
  [EV.pageFaultUser, (a) => [wide(a(0), a(1)), wide(a(2), a(3)), unsigned(a(4))]],
  [EV.pageFaultKernel, (a) => [wide(a(0), a(1)), wide(a(2), a(3)), unsigned(a(4))]],
  [EV.contentionBegin, (a) => [unsigned(a(0)), a(1)]],
  [EV.contentionEnd, (a) => [unsigned(a(0)), a(1)]],
  [EV.sysEnter, (a) => [a(0), [1, 2, 3, 4, 5, 6].map((index) => unsigned(a(index)))]],
  [EV.nmiHandler, (a) => [0, a(0), 1]]
])

/** The values of a record's fields, in the order of the event's `format`. */
export function fieldValues(
  event: TraceEvent,
  argument: Argument,
  names: RecordNames
): readonly FieldValue[] {
  const special = SPECIAL.get(event.id)
  if (special !== undefined) return special(argument, names)
  if (event.id >= FIRST_MONITOR_EVENT) return monitorValues(event.id, argument, names)
  return layoutOf(event).fields.map(({ kind }, index) =>
    kind === 'integer' ? argument(index) : names.comm(argument(index))
  )
}

/** The rv events: arguments are id, state, event and what follows; those of LTL comm, pid and sets. */
function monitorValues(id: number, a: Argument, names: RecordNames): readonly FieldValue[] {
  const monitor = names.monitors[Math.floor((id - FIRST_MONITOR_EVENT) / EVENTS_PER_MONITOR)]
  const kind = (id - FIRST_MONITOR_EVENT) % EVENTS_PER_MONITOR
  if (monitor === undefined) return []
  const { ltl } = monitor
  if (ltl !== undefined) {
    const task = [names.comm(a(0)), a(1)]
    if (kind === 1) return task
    return [...task, bitmapList(a(2)), atomList(ltl, a(3)), bitmapList(a(4))]
  }
  return automatonValues(monitor, kind, a, names)
}

function automatonValues(
  { automaton, type }: RvMonitor,
  kind: number,
  a: Argument,
  names: RecordNames
): readonly FieldValue[] {
  if (automaton === undefined) return []
  const id = type === 'per_task' || type === 'per_obj' ? [a(0)] : []
  const state = automaton.states[a(1)] ?? 'INVALID'
  // A timer that expired has no event.
  const event = kind === 2 && a(2) < 0 ? 'none' : (automaton.events[a(2)] ?? 'INVALID')
  if (kind === 1) return [...id, state, event]
  if (kind === 2) return [...id, state, event, names.marker(a(3))]
  const final = automaton.final[a(3)] === true ? 1 : 0
  return [...id, state, event, automaton.states[a(3)] ?? 'INVALID', final]
}
