import type { Automaton } from '../automaton'
import { automatonOf } from './assemble'
import { DEAD, dfaOf } from './dfa'
import type { Dfa, Language } from './dfa'

/** Every word over the alphabet that the language does not have: a state for what was refused, and the other states accept. */
export function complementDfa({ events, states, accepting, table }: Dfa): Dfa {
  const sink = states.length
  const width = events.length
  const total = new Int32Array((sink + 1) * width).fill(sink)
  for (let cell = 0; cell < table.length; cell++) {
    const to = table[cell] ?? DEAD
    if (to !== DEAD) total[cell] = to
  }
  return {
    events,
    states: [...states, 'refused'],
    accepting: Uint8Array.from({ length: sink + 1 }, (_, s) =>
      s < sink && accepting[s] === 1 ? 0 : 1
    ),
    table: total
  }
}

/**
 * The sequences that a model refuses, as a model: its final states mark them. It has to be read by
 * them, since as a monitor it refuses nothing. For `prefixes` the state `refused` is the only final
 * one; a complement is never closed under prefixes, so no monitor can refuse exactly its words.
 *
 * @throws OperationFailure for a model with guards, and for one that refuses nothing
 */
export function complement(automaton: Automaton, language: Language): Automaton {
  return automatonOf(automaton.name, reachable(complementDfa(dfaOf(automaton, language))))
}

/** Without the states that no word leads to. */
export function reachable(dfa: Dfa): Dfa {
  const { events, states, accepting, table } = dfa
  const width = events.length
  const place = new Int32Array(states.length).fill(DEAD)
  const order = [0]
  place[0] = 0
  // The list grows while it is walked.
  for (const state of order) {
    const row = state * width
    for (let e = 0; e < width; e++) {
      const to = table[row + e] ?? DEAD
      if (to === DEAD || place[to] !== DEAD) continue
      place[to] = order.push(to) - 1
    }
  }
  const kept = new Int32Array(order.length * width).fill(DEAD)
  order.forEach((old, s) => {
    for (let e = 0; e < width; e++) {
      const to = table[old * width + e] ?? DEAD
      if (to !== DEAD) kept[s * width + e] = place[to] ?? DEAD
    }
  })
  return {
    events,
    states: order.map((s) => states[s] ?? ''),
    accepting: Uint8Array.from(order, (s) => accepting[s] ?? 0),
    table: kept
  }
}
