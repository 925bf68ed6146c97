import type { RecordingCounts } from '../../../../contract/model-files'
import { CoverageCounter } from '../../../../model/explore/coverage'
import type { Coverage } from '../../../../model/explore/coverage'
import { LtlCoverageCounter } from '../../../../model/explore/ltl-coverage'
import type { LtlCoverage } from '../../../../model/explore/ltl-coverage'
import type { MonitorSpec } from '../../../../model/instrumentation-yaml'
import type { Panel } from '../../../stores/panel'
import { edgeKey, NO_MARKS } from '../model-tools'
import type { Marks } from '../model-tools'

/** Coverage of a model of either kind. */
export type Covered =
  | { readonly kind: 'automaton'; readonly coverage: Coverage }
  | { readonly kind: 'ltl'; readonly coverage: LtlCoverage }

/** What records have of a model, as it is now. */
export function coverageOf(
  spec: MonitorSpec,
  { steps, violations }: Pick<RecordingCounts, 'steps' | 'violations'>
): Covered {
  if (spec.kind === 'ltl') {
    const counter = new LtlCoverageCounter(spec.ltl)
    for (const { event, next, count } of steps) counter.step(event, next, count)
    for (const { count } of violations) counter.violation(count)
    return { kind: 'ltl', coverage: counter.result() }
  }
  const counter = new CoverageCounter(spec.automaton)
  for (const { state, event, next, count } of steps) counter.step(state, event, next, count)
  for (const { state, event, count } of violations) counter.violation(state, event, count)
  return { kind: 'automaton', coverage: counter.result() }
}

/** What the running monitor of a name has counted; undefined where there is none, or nothing. */
export function countsOfMonitor(
  panel: Panel,
  name: string
): Pick<RecordingCounts, 'steps' | 'violations'> | undefined {
  const live = panel.liveOf(panel.monitors.value.findIndex((monitor) => monitor.name === name))
  if (live === undefined || live.eventsTotal === 0) return undefined
  const { states, events, edges, refused } = live
  const steps = Array.from({ length: edges.size }, (_, i) => ({
    state: states[edges.from[i] ?? 0] ?? '',
    event: events[edges.event[i] ?? 0] ?? '',
    next: states[edges.to[i] ?? 0] ?? '',
    count: edges.count[i] ?? 0
  }))
  const violations = Array.from({ length: refused.size }, (_, i) => ({
    state: states[refused.from[i] ?? 0] ?? '',
    event: events[refused.event[i] ?? 0] ?? '',
    count: refused.count[i] ?? 0
  }))
  return { steps, violations }
}

/** Coverage as heat on the edges. */
export function heatOf(spec: MonitorSpec, covered: Covered): Marks {
  if (spec.kind === 'ltl' || covered.kind === 'ltl') {
    const entered = covered.kind === 'ltl' ? covered.coverage.states : []
    const states = entered.flatMap((n, s) => (n > 0 ? [[`S${s}`, 'current'] as const] : []))
    return { ...NO_MARKS, states: new Map(states) }
  }
  const { states, events } = spec.automaton
  const counts = covered.coverage.transitions.map(
    ({ transition: t, count }) =>
      [edgeKey(states[t.from] ?? '', events[t.event] ?? '', states[t.to] ?? ''), count] as const
  )
  return { ...NO_MARKS, counts: new Map(counts) }
}
