import type { MonitorInfo } from '../../../contract/state'
import { clockLimits, type ClockLimit } from '../../graph/clocks'
import { modelOf } from '../../graph/model'
import type { Panel } from '../../stores/panel'

/** ns of the target's clock that the views show: the moment that the user went back to, or now. */
export function shownTime(panel: Panel): number {
  return panel.moment.value ?? panel.clock.sec * 1e9 + panel.clock.nsec
}

/** ns since a time of the target's clock, as of the moment that the views show. */
export function sinceShown(panel: Panel, sec: number, nsec: number): number {
  const { value: moment } = panel.moment
  if (moment === null) return panel.clock.since(sec, nsec)
  return Math.max(0, moment - (sec * 1e9 + nsec))
}

const known = new WeakMap<MonitorInfo, readonly (ClockLimit | undefined)[]>()

/** Limits of a monitor's clocks by state; empty where its model is not known or has none. */
export function limitsOf(monitor: MonitorInfo | undefined): readonly (ClockLimit | undefined)[] {
  if (typeof monitor?.model !== 'string') return []
  const before = known.get(monitor)
  if (before) return before
  const { automaton } = modelOf(monitor.model, monitor.name)
  const limits = automaton ? clockLimits(automaton, monitor.values ?? []) : []
  known.set(monitor, limits)
  return limits
}

/** Name of a state of the drawing. */
export function drawnState(monitor: MonitorInfo | undefined, state: number): string | undefined {
  if (typeof monitor?.model !== 'string') return undefined
  return modelOf(monitor.model, monitor.name).automaton?.states[state]
}
