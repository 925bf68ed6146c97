import type { BuchiAutomaton, Cube } from '../ltl'

/**
 * The states in which a run may begin: the initial ones whose label holds.
 *
 * @param atoms set of the atoms that are true.
 * @returns a set of states; empty where no run of the automaton begins so.
 */
export function startBuchi(buchi: BuchiAutomaton, atoms: number): number {
  return holding(buchi, buchi.initial, atoms)
}

/**
 * One step: of all successors of `states`, those whose label holds. Does not allocate.
 *
 * @param states set of the states that the automaton may be in.
 * @param atoms set of the atoms that are true now.
 * @returns a set of states; empty where the word so far has no run.
 */
export function stepBuchi(buchi: BuchiAutomaton, states: number, atoms: number): number {
  const { successors } = buchi
  let candidates = 0
  for (let left = states; left !== 0; left &= left - 1) {
    candidates |= successors[31 - Math.clz32(left & -left)] ?? 0
  }
  return holding(buchi, candidates, atoms)
}

/** Those of the states whose label holds. */
function holding(buchi: BuchiAutomaton, states: number, atoms: number): number {
  const { labels } = buchi
  let next = 0
  for (let left = states; left !== 0; left &= left - 1) {
    const bit = left & -left
    const label = labels[31 - Math.clz32(bit)]
    if (label !== undefined && anyHolds(label, atoms)) next |= bit
  }
  return next >>> 0
}

function anyHolds(label: readonly Cube[], atoms: number): boolean {
  for (const { care, value } of label) {
    // As integers of 32 bits, so that atom 31 compares like the others.
    if (((atoms & care) ^ value) === 0) return true
  }
  return false
}
