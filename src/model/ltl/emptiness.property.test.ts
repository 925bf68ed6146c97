import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Budget, TooComplex } from './budget'
import { isSatisfiable } from './emptiness'
import { ATOMS, formulas, holdsOnLasso, textOf } from './formulas.testing'
import type { TestFormula } from './formulas.testing'
import { parseLtlFormula } from './parse'

/*
 * Against what a formula means on infinite words: of a formula that none satisfies
 * no word may be found, of one that some do, a word within a few steps.
 */

const LETTERS = 2 ** ATOMS.length

/** Undefined where there is no automaton of at most 32 states. */
function satisfiable(f: TestFormula): boolean | undefined {
  const { formula } = parseLtlFormula(`RULE = ${textOf(f)}\n`, 'random.ltl')
  if (formula === undefined) return undefined
  try {
    return isSatisfiable(formula.rule, formula.formulas, [...ATOMS], new Budget(200_000))
  } catch (e) {
    if (e instanceof TooComplex) return undefined
    throw e
  }
}

/** Words of so many letters, all of them. */
function words(length: number): number[][] {
  if (length === 0) return [[]]
  const letters = Array.from({ length: LETTERS }, (_, letter) => letter)
  return words(length - 1).flatMap((word) => letters.map((letter) => [...word, letter]))
}

const lassos = [0, 1, 2].flatMap((stem) =>
  [1, 2].flatMap((loop) => words(stem).flatMap((s) => words(loop).map((l) => [s, l] as const)))
)

/** Steps that a formula looks ahead by itself. */
function depth(f: TestFormula): number {
  switch (f.kind) {
    case 'literal':
    case 'atom':
      return 0
    case 'unary':
      return depth(f.of) + (f.op === 'not' ? 0 : 1)
    case 'binary':
      return Math.max(depth(f.left), depth(f.right)) + (f.op === 'until' ? 1 : 0)
  }
}

describe('whether a formula can be satisfied', () => {
  it('is what short words say', () => {
    let never = 0
    let some = 0
    fc.assert(
      fc.property(formulas(), (formula) => {
        const can = satisfiable(formula)
        // Formulas that look far ahead may need longer words than are tried.
        if (can === undefined || (can && depth(formula) > 2)) return
        const found = lassos.some(([stem, loop]) => holdsOnLasso(formula, stem, loop))
        expect(found).toBe(can)
        if (can) some++
        else never++
      }),
      { numRuns: 400 }
    )
    expect(never).toBeGreaterThan(5)
    expect(some).toBeGreaterThan(50)
  })
})
