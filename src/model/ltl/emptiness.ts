import type { BuchiAutomaton } from '../ltl'
import type { Budget } from './budget'
import { normalize } from './formula'
import type { Formula, Formulas } from './formula'
import { buildFairBuchi } from './tableau'

/** A Büchi automaton with what the kernel leaves out: each set must be visited again and again. */
export interface FairBuchi {
  readonly buchi: BuchiAutomaton
  /** Of each promise (`until`), the states in which it is kept or not made. */
  readonly fair: readonly number[]
}

/**
 * Whether some sequence of events satisfies the formula; exact, other than what
 * the kernel's automaton tells, which never waits for a promise to be kept.
 *
 * @throws TooComplex
 */
export function isSatisfiable(
  formula: Formula,
  formulas: Formulas,
  atoms: readonly string[],
  budget: Budget
): boolean {
  return hasRun(buildFairBuchi(normalize(formula, formulas), atoms, budget))
}

/** Whether a component that can be reached has a loop that visits every fair set. */
function hasRun({ buchi, fair }: FairBuchi): boolean {
  let possible = 0
  buchi.labels.forEach((label, state) => {
    if (label.length > 0) possible |= 1 << state
  })
  const next = (states: number): number => {
    let found = 0
    for (let s = 0; s < buchi.states; s++) {
      if (((states >>> s) & 1) === 1) found |= buchi.successors[s] ?? 0
    }
    return found & possible
  }
  const closure = (from: number): number => {
    let reached = from
    for (;;) {
      const more = reached | next(reached)
      if (more === reached) return reached
      reached = more
    }
  }
  const reached = closure(buchi.initial & possible)
  const after = Array.from({ length: buchi.states }, (_, s) => closure(next(1 << s)))
  for (let s = 0; s < buchi.states; s++) {
    if (((reached >>> s) & 1) === 0 || (((after[s] ?? 0) >>> s) & 1) === 0) continue
    // States on a loop with s: those behind it that lead back.
    let loop = 0
    after.forEach((states, t) => {
      if ((((after[s] ?? 0) >>> t) & 1) === 1 && ((states >>> s) & 1) === 1) loop |= 1 << t
    })
    if (fair.every((set) => (set & loop) !== 0)) return true
  }
  return false
}
