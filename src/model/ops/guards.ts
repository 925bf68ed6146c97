import type { Constraint, Guard } from '../automaton'
import { OperationFailure } from './failure'

/** Conjunctions of a conjoined guard; a longer one nobody reads, nor a C compiler's user. */
const MAX_ALTERNATIVES = 64

/** A guard without its reset as alternatives, one of which holds as a whole; `&&` binds tighter than `||`. */
export function alternatives({ constraints, joins }: Guard): Constraint[][] {
  const result: Constraint[][] = []
  let current: Constraint[] = []
  constraints.forEach((constraint, i) => {
    if (i > 0 && joins[i - 1] === '||') {
      result.push(current)
      current = []
    }
    current.push(constraint)
  })
  if (current.length > 0) result.push(current)
  return result
}

/**
 * The guard that holds where both do, and resets what either resets. There are no parentheses in a
 * guard, so `(a || b) && c` becomes `a && c || b && c`.
 *
 * @throws OperationFailure where the two reset different variables, or the guard gets too long
 */
export function conjunction(a: Guard | undefined, b: Guard | undefined): Guard | undefined {
  if (a === undefined) return b
  if (b === undefined) return a
  if (a.reset !== undefined && b.reset !== undefined && a.reset !== b.reset) {
    throw new OperationFailure(
      `A transition of the result resets both ${a.reset} and ${b.reset}; a guard can reset one.`
    )
  }
  const reset = a.reset ?? b.reset
  const left = alternatives(a)
  const right = alternatives(b)
  if (left.length === 0) return { ...b, reset }
  if (right.length === 0) return { ...a, reset }
  if (left.length * right.length > MAX_ALTERNATIVES) {
    throw new OperationFailure(
      `A guard of the result has ${left.length * right.length} alternatives; expected at most ${MAX_ALTERNATIVES}.`
    )
  }
  const constraints: Constraint[] = []
  const joins: ('&&' | '||')[] = []
  for (const x of left) {
    for (const y of right) {
      const both = [...x, ...y]
      both.forEach((constraint, i) => {
        if (constraints.length > 0) joins.push(i === 0 ? '||' : '&&')
        constraints.push(constraint)
      })
    }
  }
  return { constraints, joins, reset }
}
