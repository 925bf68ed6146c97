import type { Automaton } from '../automaton'
import { assemble } from './assemble'

/**
 * Without the states that no sequence of events reaches, and, for the marked language, without those
 * from which no final state is reached. A guard counts as one that can hold. The initial state stays.
 *
 * @throws OperationFailure where no transition is left
 */
export function trim(
  automaton: Automaton,
  language: 'prefixes' | 'marked' = 'prefixes'
): Automaton {
  const { name, states, events, final, invariants, transitions } = automaton
  const kept = reachableStates(automaton)
  if (language === 'marked') {
    const alive = finalReaching(automaton)
    for (let s = 1; s < states.length; s++) if (alive[s] === 0) kept[s] = 0
  }
  const order = states.map((_, s) => s).filter((s) => kept[s] === 1)
  const place = new Map(order.map((s, i) => [s, i]))
  return assemble({
    name,
    states: order.map((s) => ({
      name: states[s] ?? '',
      final: final[s] === true,
      invariant: invariants[s]
    })),
    transitions: transitions.flatMap(({ from, event, to, guard }) => {
      const [f, t] = [place.get(from), place.get(to)]
      return f === undefined || t === undefined
        ? []
        : [{ from: f, event: events[event] ?? '', to: t, guard }]
    })
  })
}

/** reached[state] is 1 for the states that some sequence of events leads to. */
export function reachableStates({ states, transitions }: Automaton): Uint8Array {
  return closure(
    states.length,
    [0],
    transitions,
    ({ from }) => from,
    ({ to }) => to
  )
}

/** alive[state] is 1 for the states from which a final one is reached. */
export function finalReaching({ states, final, transitions }: Automaton): Uint8Array {
  const finals = states.map((_, s) => s).filter((s) => final[s] === true)
  return closure(
    states.length,
    finals,
    transitions,
    ({ to }) => to,
    ({ from }) => from
  )
}

function closure<T>(
  states: number,
  start: readonly number[],
  edges: readonly T[],
  from: (edge: T) => number,
  to: (edge: T) => number
): Uint8Array {
  const out: number[][] = Array.from({ length: states }, () => [])
  for (const edge of edges) out[from(edge)]?.push(to(edge))
  const seen = new Uint8Array(states)
  const pending = [...start]
  for (const s of pending) seen[s] = 1
  for (let s = pending.pop(); s !== undefined; s = pending.pop()) {
    for (const next of out[s] ?? []) {
      if (seen[next] === 1) continue
      seen[next] = 1
      pending.push(next)
    }
  }
  return seen
}
