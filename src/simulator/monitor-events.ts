import type { RvMonitor } from '../engine/monitor'
import type { LtlModel } from '../model/ltl'
import {
  EVENTS_PER_MONITOR,
  field,
  FIRST_MONITOR_EVENT,
  int,
  text,
  type TraceEvent
} from './trace-events'

/** The trace events of system `rv`. */

/** event_, error_ and for a hybrid automaton error_env_ of a monitor (include/trace/events/rv.h and the headers in kernel/trace/rv). */
export function monitorEvents(monitor: RvMonitor): readonly TraceEvent[] {
  const { automaton, ltl, name, index } = monitor
  if (ltl !== undefined) return ltlEvents(monitor, ltl)
  if (automaton === undefined) return []
  const perInstance = monitor.type === 'per_task' || monitor.type === 'per_obj'
  const idField = perInstance ? [int('id')] : []
  const idFormat = perInstance ? '%d: ' : ''
  const idArgument = perInstance ? 'REC->id, ' : ''
  const id = (a: (index: number) => number): string => (perInstance ? `${a(0)}: ` : '')
  const state = (at: number): string => automaton.states[at] ?? 'INVALID'
  const event = (at: number): string => automaton.events[at] ?? 'INVALID'
  const first = FIRST_MONITOR_EVENT + EVENTS_PER_MONITOR * index
  const events: TraceEvent[] = [
    {
      id: first,
      system: 'rv',
      name: `event_${name}`,
      fields: [
        ...idField,
        text('state'),
        text('event'),
        text('next_state'),
        field('bool final_state', 1, false)
      ],
      printFormat: `"${idFormat}%s x %s -> %s%s", ${idArgument}__get_str(state), __get_str(event), __get_str(next_state), REC->final_state ? " (final)" : ""`,
      text: (a) =>
        `${id(a)}${state(a(1))} x ${event(a(2))} -> ${state(a(3))}${automaton.final[a(3)] === true ? ' (final)' : ''}`
    },
    {
      id: first + 1,
      system: 'rv',
      name: `error_${name}`,
      fields: [...idField, text('state'), text('event')],
      printFormat: `"${idFormat}event %s not expected in the state %s", ${idArgument}__get_str(event), __get_str(state)`,
      text: (a) => `${id(a)}event ${event(a(2))} not expected in the state ${state(a(1))}`
    }
  ]
  if (automaton.kind === 'ha') {
    events.push({
      id: first + 2,
      system: 'rv',
      name: `error_env_${name}`,
      fields: [...idField, text('state'), text('event'), text('env')],
      printFormat: `"${idFormat}event %s not expected in the state %s with env %s", ${idArgument}__get_str(event), __get_str(state), __get_str(env)`,
      text: (a, names) =>
        `${id(a)}event ${a(2) < 0 ? 'none' : event(a(2))} not expected in the state ${state(a(1))} with env ${names.marker(a(3))}`
    })
  }
  return events
}

/** Sizes of the buffers in which the kernel prints sets of states and of atoms; the last byte is a NUL. */
const STATES_BUFFER = 32
const ATOMS_BUFFER = 64

/** A set of bits as %*pbl prints it: `0-2,5`. */
export function bitmapList(set: number): string {
  const ranges: string[] = []
  for (let bit = 0; bit < 32; bit++) {
    if (((set >>> bit) & 1) === 0) continue
    const first = bit
    while (bit < 31 && ((set >>> (bit + 1)) & 1) === 1) bit++
    ranges.push(first === bit ? `${first}` : `${first}-${bit}`)
  }
  return ranges.join(',').slice(0, STATES_BUFFER - 1)
}

/** Atoms that hold, as the kernel prints them. */
export function atomList(ltl: LtlModel, atoms: number): string {
  const held = ltl.abbreviations.filter((_, atom) => ((atoms >>> atom) & 1) === 1)
  return held.join(',').slice(0, ATOMS_BUFFER - 1)
}

/** event_ and error_ of an LTL monitor: texts of sets are made where the line is read. */
function ltlEvents({ name, index }: RvMonitor, ltl: LtlModel): readonly TraceEvent[] {
  const first = FIRST_MONITOR_EVENT + EVENTS_PER_MONITOR * index
  const taskFields = [text('comm'), field('pid_t pid', 4, true)]
  return [
    {
      id: first,
      system: 'rv',
      name: `event_${name}`,
      fields: [...taskFields, text('states'), text('atoms'), text('next')],
      printFormat:
        '"%s[%d]: (%s) x (%s) -> (%s)", __get_str(comm), REC->pid, __get_str(states), __get_str(atoms), __get_str(next)',
      text: (a, names) =>
        `${names.comm(a(0))}[${a(1)}]: (${bitmapList(a(2))}) x (${atomList(ltl, a(3))}) -> (${bitmapList(a(4))})`
    },
    {
      id: first + 1,
      system: 'rv',
      name: `error_${name}`,
      fields: taskFields,
      printFormat: '"%s[%d]: violation detected", __get_str(comm), REC->pid',
      text: (a, names) => `${names.comm(a(0))}[${a(1)}]: violation detected`
    }
  ]
}
