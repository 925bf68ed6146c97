import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cube } from '../ltl'
import { Budget, TooComplex } from './budget'
import { FALSE, MAX_CUBES, TRUE, both, either, literal } from './cubes'

const ATOMS = 5
const SETS = Array.from({ length: 2 ** ATOMS }, (_, atoms) => atoms)
const truth = (cubes: readonly Cube[]): boolean[] =>
  SETS.map((atoms) => cubes.some(({ care, value }) => ((atoms & care) ^ value) === 0))

const enough = (): Budget => new Budget(1e6)
const covers = (a: Cube, b: Cube): boolean =>
  (a.care & ~b.care) === 0 && ((a.value ^ b.value) & a.care) === 0

const label = fc
  .array(
    fc
      .array(fc.tuple(fc.nat(ATOMS - 1), fc.boolean()), { maxLength: 4 })
      .map((literals) =>
        literals.reduce((sum, [a, sign]) => both(sum, literal(a, sign), enough()), TRUE)
      ),
    { maxLength: 6 }
  )
  .map((terms) => terms.reduce((sum, term) => either(sum, term, enough()), FALSE))

describe('labels', () => {
  it('mean the conjunction and the disjunction of what they were made of', () => {
    fc.assert(
      fc.property(label, label, (a, b) => {
        const [x, y] = [truth(a), truth(b)]
        expect(truth(both(a, b, enough()))).toEqual(x.map((v, i) => v && y[i]))
        expect(truth(either(a, b, enough()))).toEqual(x.map((v, i) => v || y[i]))
      })
    )
  })

  it('have no cube that another covers', () => {
    fc.assert(
      fc.property(label, label, (a, b) => {
        for (const cubes of [both(a, b, enough()), either(a, b, enough())]) {
          const covered = cubes.filter((c) =>
            cubes.some((other) => other !== c && covers(other, c))
          )
          expect(covered).toEqual([])
        }
      })
    )
  })

  it('are one cube where two differ in the sign of an atom', () => {
    const [a, b] = [literal(0, true), literal(31, true)]
    const sum = either(both(a, b, enough()), both(a, literal(31, false), enough()), enough())
    expect(sum).toEqual(a)
    expect(either(b, literal(31, false), enough())).toEqual(TRUE)
    expect(both(b, literal(31, false), enough())).toEqual(FALSE)
  })

  it('end where they are too large, or take too long', () => {
    const pairs = Array.from({ length: 9 }, (_, i) =>
      either(literal(i, true), literal(i + 9, true), enough())
    )
    const product = (n: number, budget: Budget): readonly Cube[] =>
      pairs.slice(0, n).reduce((sum, pair) => both(sum, pair, budget), TRUE)
    expect(product(8, enough())).toHaveLength(MAX_CUBES)
    expect(() => product(9, enough())).toThrow(TooComplex)
    expect(() => product(8, new Budget(100))).toThrow(TooComplex)
  })
})
