import type { BuchiAutomaton } from '../ltl'
import { startBuchi, stepBuchi } from './buchi'

/** Steps of the automaton after which no answer is given. */
const MAX_STEPS = 100_000

/**
 * Whether some word, once the automaton has started on it, ends all its runs:
 * whether a monitor of it can ever report anything. Tries every valuation of
 * the atoms in every set of states that can be reached.
 *
 * @returns undefined where that takes too long.
 */
export function isViolable(buchi: BuchiAutomaton): boolean | undefined {
  let care = 0
  for (const label of buchi.labels) for (const cube of label) care |= cube.care
  const seen = new Set<number>()
  const pending: number[] = []
  let steps = 0
  /** Calls back with every subset of the atoms that matter; false when the steps are used up. */
  const valuations = (each: (atoms: number) => boolean): boolean | undefined => {
    let atoms = 0
    do {
      if (++steps > MAX_STEPS) return undefined
      if (each(atoms)) return true
      atoms = (atoms - care) & care
    } while (atoms !== 0)
    return false
  }
  const reach = (states: number): void => {
    if (seen.has(states)) return
    seen.add(states)
    pending.push(states)
  }
  const started = valuations((atoms) => {
    const states = startBuchi(buchi, atoms)
    if (states !== 0) reach(states)
    return false
  })
  if (started === undefined) return undefined
  for (let states = pending.pop(); states !== undefined; states = pending.pop()) {
    const from = states
    const ended = valuations((atoms) => {
      const next = stepBuchi(buchi, from, atoms)
      if (next !== 0) reach(next)
      return next === 0
    })
    if (ended !== false) return ended
  }
  return false
}
