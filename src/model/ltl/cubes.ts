import type { Cube } from '../ltl'
import type { Budget } from './budget'

/** A label: a disjunction of so many conjunctions at most. */
export const MAX_CUBES = 256

export const TRUE: readonly Cube[] = [{ care: 0, value: 0 }]
export const FALSE: readonly Cube[] = []

/** One atom, or its negation. @param atom 0 to 31 */
export function literal(atom: number, positive: boolean): readonly Cube[] {
  const care = (1 << atom) >>> 0
  return [{ care, value: positive ? care : 0 }]
}

/** Where one of the two holds. */
export function either(a: readonly Cube[], b: readonly Cube[], budget: Budget): readonly Cube[] {
  return simplified([...a, ...b], budget)
}

/** Where both hold; no cube where they contradict each other. */
export function both(a: readonly Cube[], b: readonly Cube[], budget: Budget): readonly Cube[] {
  if (a === TRUE) return b
  if (b === TRUE) return a
  let product: Cube[] = []
  for (const x of a) {
    for (const y of b) {
      budget.spend(1)
      if (((x.value ^ y.value) & x.care & y.care) !== 0) continue
      product.push({ care: (x.care | y.care) >>> 0, value: (x.value | y.value) >>> 0 })
      // Most of a product is often absorbed: do it before the product is large.
      if (product.length > 4 * MAX_CUBES) product = simplified(product, budget)
    }
  }
  return simplified(product, budget)
}

/** The same without cubes that others cover, and with pairs that differ in one atom's sign made one. */
function simplified(cubes: readonly Cube[], budget: Budget): Cube[] {
  let kept: Cube[] = []
  let queue = [...cubes].reverse()
  for (let cube = queue.pop(); cube !== undefined; cube = queue.pop()) {
    const added = cube
    budget.spend(kept.length + 1)
    if (kept.some((k) => covers(k, added))) continue
    const partner = kept.find((k) => mergeable(k, added))
    if (partner !== undefined) {
      const care = (added.care & ~(partner.value ^ added.value)) >>> 0
      kept = kept.filter((k) => k !== partner)
      queue.push({ care, value: (added.value & care) >>> 0 })
      continue
    }
    kept = kept.filter((k) => !covers(added, k))
    kept.push(added)
    if (kept.length > MAX_CUBES) {
      queue = []
      budget.exceeded(
        `a state's label is no disjunction of at most ${MAX_CUBES} conjunctions of atoms`
      )
    }
  }
  return kept
}

/** Whether b holds only where a does. */
const covers = (a: Cube, b: Cube): boolean =>
  (a.care & ~b.care) === 0 && ((a.value ^ b.value) & a.care) === 0

const mergeable = (a: Cube, b: Cube): boolean => {
  const differ = a.value ^ b.value
  return a.care === b.care && differ !== 0 && (differ & (differ - 1)) === 0
}
