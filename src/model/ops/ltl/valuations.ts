import type { BuchiAutomaton, Cube, LtlModel } from '../../ltl'
import { OperationFailure } from '../failure'

/** Classes of valuations that are told apart in one step. */
const MAX_CLASSES = 200_000

/** What is known of some atoms: by name, true or false. */
export type Valuation = ReadonlyMap<string, boolean>

/** A model, a set of states that its monitor may enter next, and that set once the labels are known. */
interface Candidates {
  readonly model: LtlModel
  readonly states: number
}

/**
 * Every different outcome of one step of several monitors at once: calls back with the states that
 * each enters, and with the atoms that decide it; the others may be anything. Branches on an atom
 * only where a label depends on it, so that many atoms cost nothing where few matter.
 *
 * @throws OperationFailure where too many valuations have to be told apart
 */
export function forEachOutcome(
  sides: readonly Candidates[],
  found: (entered: readonly number[], valuation: Valuation) => void
): void {
  const known = new Map<string, boolean>()
  let left = MAX_CLASSES
  const branch = (): void => {
    if (left-- <= 0) {
      throw new OperationFailure(
        `A step of the formulas depends on too many atoms at once; expected less than ${MAX_CLASSES} different cases.`
      )
    }
    const entered: number[] = []
    for (const { model, states } of sides) {
      const settled = settle(model, states, known)
      if (typeof settled === 'string') {
        for (const value of [false, true]) {
          known.set(settled, value)
          branch()
        }
        known.delete(settled)
        return
      }
      entered.push(settled)
    }
    found(entered, new Map(known))
  }
  branch()
}

/** Those of the states whose labels hold, or an atom that has to be known to say so. */
function settle({ atoms, buchi }: LtlModel, states: number, known: Valuation): number | string {
  let care = 0
  let value = 0
  atoms.forEach((atom, i) => {
    const is = known.get(atom)
    if (is === undefined) return
    care |= 1 << i
    if (is) value |= 1 << i
  })
  let holding = 0
  for (let left = states; left !== 0; left &= left - 1) {
    const bit = left & -left
    const open = labelHolds(buchi.labels[31 - Math.clz32(bit)] ?? [], care, value)
    if (typeof open === 'number') return atoms[open] ?? ''
    if (open) holding |= bit
  }
  return holding >>> 0
}

/** Whether a label holds, or the index of an atom that decides. */
function labelHolds(label: readonly Cube[], care: number, value: number): boolean | number {
  let open: number | undefined
  for (const cube of label) {
    if (((cube.value ^ value) & cube.care & care) !== 0) continue
    const unknown = cube.care & ~care
    if (unknown === 0) return true
    open ??= 31 - Math.clz32(unknown & -unknown)
  }
  return open ?? false
}

/** All successors of a set of states. */
export function successorsOf({ successors }: BuchiAutomaton, states: number): number {
  let all = 0
  for (let left = states; left !== 0; left &= left - 1) {
    all |= successors[31 - Math.clz32(left & -left)] ?? 0
  }
  return all >>> 0
}

/** A set of states as the kernel's trace events print it: `0-2,5`. */
export function printStates(states: number): string {
  const parts: string[] = []
  for (let i = 0; i < 32; i++) {
    if (((states >>> i) & 1) === 0) continue
    const first = i
    while (i + 1 < 32 && ((states >>> (i + 1)) & 1) === 1) i++
    parts.push(first === i ? `${i}` : `${first}-${i}`)
  }
  return parts.join(',')
}
