import type { Automaton } from '../automaton'

/** Whether anything but the event decides what an automaton does: a guard, a reset or an invariant. */
export function isGuarded({ transitions, invariants }: Automaton): boolean {
  return (
    invariants.some((invariant) => invariant !== undefined) ||
    transitions.some(({ guard }) => guard !== undefined)
  )
}
