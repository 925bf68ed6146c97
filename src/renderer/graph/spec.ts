import { EdgeCollector, type GraphSpec } from '../../model/draw/spec'
import type { MonitorLive } from '../stores/columns'

/** What was seen so far; initial and final states are not known. */
export function specOfLive(live: MonitorLive): GraphSpec {
  const edges = new EdgeCollector()
  for (let i = 0; i < live.edges.size; i++) {
    const from = live.edges.from[i] ?? -1
    const to = live.edges.to[i] ?? -1
    const event = live.events[live.edges.event[i] ?? -1]
    if (from >= 0 && to >= 0 && event !== undefined) edges.add(from, to, { event, guard: '' })
  }
  return {
    states: live.states.map((name) => ({ name, initial: false, final: false, invariant: '' })),
    edges: edges.list(),
    learned: true
  }
}
