import type { Automaton } from '../automaton'
import { INVALID } from '../automaton'
import { isGuarded } from './guarded'
import { OperationFailure } from './failure'

/** No successor: whatever follows is refused. */
export const DEAD = INVALID

/**
 * What a model is asked for.
 *
 * `prefixes`: the sequences of events that a monitor takes without a violation. A monitor refuses a
 * sequence where it comes to a state that has no transition for the next event, and all that
 * follows with it, so every state accepts and the language is closed under prefixes.
 *
 * `marked`: those of them that end in a final state.
 */
export type Language = 'prefixes' | 'marked'

/**
 * A deterministic finite automaton with an accepting set of its own. Unlike an Automaton it may have
 * no accepting state, or accept only where a monitor has refused. The initial state is 0.
 */
export interface Dfa {
  /** The alphabet, sorted. */
  readonly events: readonly string[]
  /** Names for people. */
  readonly states: readonly string[]
  /** accepting[state]: 1 or 0 */
  readonly accepting: Uint8Array
  /** next state, or DEAD: table[state * events.length + event] */
  readonly table: Int32Array
}

/**
 * The language of an automaton without guards and invariants.
 *
 * @throws OperationFailure for a hybrid automaton that asks its environment anything
 */
export function dfaOf(automaton: Automaton, language: Language): Dfa {
  if (isGuarded(automaton)) {
    throw new OperationFailure(
      `${automaton.name} has guards or invariants; expected an automaton without them.`
    )
  }
  const { states, events, final, table } = automaton
  return {
    events,
    states,
    accepting: Uint8Array.from(states, (_, s) =>
      language === 'prefixes' || final[s] === true ? 1 : 0
    ),
    // INVALID is DEAD.
    table: new Int32Array(table)
  }
}

/** The same over another alphabet: what the automaton did not have it refuses. Events may not be lost. */
export function withAlphabet(dfa: Dfa, events: readonly string[]): Dfa {
  if (dfa.events.length === events.length && dfa.events.every((event, e) => event === events[e])) {
    return dfa
  }
  const columns = new Map(dfa.events.map((event, i) => [event, i]))
  const width = dfa.events.length
  const table = new Int32Array(dfa.states.length * events.length).fill(DEAD)
  events.forEach((event, e) => {
    const column = columns.get(event)
    if (column === undefined) return
    for (let s = 0; s < dfa.states.length; s++) {
      table[s * events.length + e] = dfa.table[s * width + column] ?? DEAD
    }
  })
  return { ...dfa, events, table }
}

/** Both alphabets together, sorted. */
export function unionOf(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])].sort()
}

/** Where a word leads: a state, or DEAD. @param word events by name; one outside the alphabet is refused */
export function run(dfa: Dfa, word: readonly string[]): number {
  let state = 0
  for (const event of word) {
    const e = dfa.events.indexOf(event)
    if (e < 0 || state === DEAD) return DEAD
    state = dfa.table[state * dfa.events.length + e] ?? DEAD
  }
  return state
}

/** Whether the word is in the language. */
export function accepts(dfa: Dfa, word: readonly string[]): boolean {
  const state = run(dfa, word)
  return state !== DEAD && dfa.accepting[state] === 1
}
