import type { Automaton } from '../../model/automaton'
import { printConstraint, printGuard } from '../../model/labels'
import type { MonitorLive } from '../stores/columns'

/** A state as it is drawn. */
export interface SpecState {
  readonly name: string
  readonly initial: boolean
  readonly final: boolean
  /** `clk<10us`, or empty. */
  readonly invariant: string
}

/** One event of an edge, with its guard and reset as text, or empty. */
export interface SpecLabel {
  readonly event: string
  readonly guard: string
}

/** All transitions from one state to another: one arrow, a line of text per event. */
export interface SpecEdge {
  readonly from: number
  readonly to: number
  readonly labels: readonly SpecLabel[]
}

/** An automaton as it is drawn: from a known model, or learned from what was seen. */
export interface GraphSpec {
  readonly states: readonly SpecState[]
  readonly edges: readonly SpecEdge[]
  readonly learned: boolean
}

class EdgeCollector {
  private readonly edges = new Map<string, { from: number; to: number; labels: SpecLabel[] }>()

  add(from: number, to: number, label: SpecLabel): void {
    const key = `${from}>${to}`
    let edge = this.edges.get(key)
    if (!edge) this.edges.set(key, (edge = { from, to, labels: [] }))
    edge.labels.push(label)
  }

  list(): SpecEdge[] {
    return [...this.edges.values()]
  }
}

export function specOfAutomaton(automaton: Automaton): GraphSpec {
  const edges = new EdgeCollector()
  for (const t of automaton.transitions) {
    edges.add(t.from, t.to, {
      event: automaton.events[t.event] ?? '',
      guard: t.guard ? printGuard(t.guard) : ''
    })
  }
  return {
    states: automaton.states.map((name, i) => {
      const invariant = automaton.invariants[i]
      return {
        name,
        initial: i === 0,
        final: automaton.final[i] ?? false,
        invariant: invariant ? printConstraint(invariant) : ''
      }
    }),
    edges: edges.list(),
    learned: false
  }
}

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
