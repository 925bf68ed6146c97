import type { MonitorInfo, Violation } from '../../../contract/state'
import { modelOf } from '../../graph/model'

/** A transition that the model has in a state. */
export interface AllowedStep {
  readonly event: string
  readonly to: string
}

/** What the model allows in the state where a violation happened; null: no model of an automaton is known. */
export function allowedSteps(v: Violation, monitor: MonitorInfo | undefined): AllowedStep[] | null {
  if (typeof monitor?.model !== 'string' || v.kind === 'ltl' || v.kind === 'retries') return null
  const { automaton } = modelOf(monitor.model, monitor.name)
  const state = automaton?.states.indexOf(v.state) ?? -1
  if (automaton === undefined || state < 0) return null
  return automaton.transitions
    .filter(({ from }) => from === state)
    .map(({ event, to }) => ({
      event: automaton.events[event] ?? '',
      to: automaton.states[to] ?? ''
    }))
}
