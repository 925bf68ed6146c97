import type { Automaton } from '../automaton'
import { quoted } from '../findings'
import { automatonOf } from './assemble'
import { DEAD, dfaOf } from './dfa'
import type { Dfa, Language } from './dfa'
import { OperationFailure } from './failure'

/** Sets of states that the subset construction makes before it gives up; each may double with one state more. */
const MAX_SETS = 100_000
/** Longer names are cut to a number: nobody reads them. */
const MAX_NAME = 48

/**
 * What is seen of a language by someone who does not see the hidden events, made deterministic
 * (subset construction, Rabin and Scott, 1959): a word is accepted where some way of putting hidden
 * events between its letters is.
 *
 * @throws OperationFailure where that takes more than `maxSets` states
 */
export function hideEvents(dfa: Dfa, hidden: ReadonlySet<string>, maxSets = MAX_SETS): Dfa {
  const width = dfa.events.length
  const silent: number[] = []
  const seen: number[] = []
  dfa.events.forEach((event, e) => (hidden.has(event) ? silent : seen).push(e))
  /** The states that hidden events lead to, too; sorted. */
  const close = (set: Iterable<number>): number[] => {
    const closed = new Set(set)
    for (const s of closed) {
      for (const e of silent) {
        const to = dfa.table[s * width + e] ?? DEAD
        if (to !== DEAD) closed.add(to)
      }
    }
    return [...closed].sort((x, y) => x - y)
  }
  const sets: number[][] = []
  const numbers = new Map<string, number>()
  const numberOf = (set: number[]): number => {
    const key = set.join(',')
    const known = numbers.get(key)
    if (known !== undefined) return known
    if (sets.length === maxSets) {
      throw new OperationFailure(
        `The projection has more than ${maxSets} states; expected a smaller model or more events to keep.`
      )
    }
    numbers.set(key, sets.length)
    return sets.push(set) - 1
  }
  numberOf(close([0]))
  const rows: number[] = []
  // The list grows while it is walked.
  for (const set of sets) {
    for (const e of seen) {
      const next = new Set<number>()
      for (const s of set) {
        const to = dfa.table[s * width + e] ?? DEAD
        if (to !== DEAD) next.add(to)
      }
      rows.push(next.size === 0 ? DEAD : numberOf(close(next)))
    }
  }
  return {
    events: seen.map((e) => dfa.events[e] ?? ''),
    states: sets.map((set, i) =>
      setName(
        set.map((s) => dfa.states[s] ?? ''),
        i
      )
    ),
    accepting: Uint8Array.from(sets, (set) => (set.some((s) => dfa.accepting[s] === 1) ? 1 : 0)),
    table: Int32Array.from(rows)
  }
}

/** `a_or_b`, or a number where that is long. */
function setName(names: readonly string[], number: number): string {
  const name = names.join('_or_')
  return name.length <= MAX_NAME ? name : `set_${number}`
}

/**
 * The model as it looks where only some of its events are seen. A state of the result stands for
 * all states that the model may be in, and is final where one of them is.
 *
 * @param keep the events that are seen
 * @throws OperationFailure for an event that the model does not have, for guards, and as hideEvents()
 */
export function project(automaton: Automaton, keep: readonly string[]): Automaton {
  const unknown = keep.find((event) => !automaton.events.includes(event))
  if (unknown !== undefined) {
    throw new OperationFailure(
      `${automaton.name} has no event ${quoted(unknown)}; expected some of ${automaton.events.join(', ')}.`
    )
  }
  const hidden = new Set(automaton.events.filter((event) => !keep.includes(event)))
  const language: Language = 'marked'
  return automatonOf(automaton.name, hideEvents(dfaOf(automaton, language), hidden))
}
