import { INVALID } from '../automaton'
import type { Automaton } from '../automaton'
import type { HandlerCall } from '../instrumentation'

/**
 * Which of the three calls begins to monitor with an event, as rvgen infers it
 * (__store_init_events() of tools/verification/rvgen/rvgen/automata.py): an event that leads to the
 * initial state wherever it is accepted is a start event; where no such event is, one that the
 * initial state alone accepts starts and is run.
 *
 * @returns for each event the call
 */
export function startCalls({ states, events, table }: Automaton): HandlerCall[] {
  const rows = Array.from({ length: states.length }, (_, state) => state * events.length)
  const isStart = events.map((_, event) => {
    const targets = rows
      .map((row) => table[row + event] ?? INVALID)
      .filter((next) => next !== INVALID)
    return targets.length > 0 && targets.every((next) => next === 0)
  })
  const anyStart = isStart.includes(true)
  return events.map((_, event) => {
    if (isStart[event] === true) return 'handle_start_event'
    const accepting = rows.filter((row) => table[row + event] !== INVALID)
    const isStartRun = !anyStart && accepting.length === 1 && accepting[0] === 0
    return isStartRun ? 'handle_start_run_event' : 'handle_event'
  })
}
