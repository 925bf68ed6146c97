import type { Automaton } from '../automaton'
import { printConstraint, printGuard } from '../labels'
import type { LtlModel } from '../ltl'

/** A state as it is drawn. */
export interface SpecState {
  readonly name: string
  readonly initial: boolean
  readonly final: boolean
  /** `clk<10us`, of a state of a Büchi automaton its label `!RT || SLEEP`, or empty. */
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
  /** None in a Büchi automaton: its labels are the states'. */
  readonly labels: readonly SpecLabel[]
}

/** An automaton as it is drawn: from a known model, or learned from what was seen. */
export interface GraphSpec {
  readonly states: readonly SpecState[]
  readonly edges: readonly SpecEdge[]
  readonly learned: boolean
}

/** Collects transitions one by one; those of one pair of states become one edge. */
export class EdgeCollector {
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

/** What is drawn of an automaton: states by their index, edges in order of their first transition. */
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

/**
 * What is drawn of a formula: its Büchi automaton as the kernel runs it, with the states that
 * rvgen calls S0, S1, ... A run is in a state while the state's label holds; acceptance is
 * ignored, so no state is final.
 */
export function specOfLtl({ buchi }: LtlModel): GraphSpec {
  const all = Array.from({ length: buchi.states }, (_, i) => i)
  const has = (set: number, i: number): boolean => ((set >>> i) & 1) === 1
  return {
    states: all.map((i) => ({
      name: `S${i}`,
      initial: has(buchi.initial, i),
      final: false,
      invariant: buchi.labelTexts[i] ?? ''
    })),
    edges: all.flatMap((from) =>
      all
        .filter((to) => has(buchi.successors[from] ?? 0, to))
        .map((to) => ({ from, to, labels: [] }))
    ),
    learned: false
  }
}
