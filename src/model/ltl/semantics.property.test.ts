import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LtlModel } from '../ltl'
import { startBuchi, stepBuchi } from './buchi'
import { ATOMS, formulas, holdsOnLasso, holdsOnPrefix, textOf } from './formulas.testing'
import type { TestFormula } from './formulas.testing'
import { parseLtl } from './parse'

/*
 * The automaton against what a formula means, by evaluators that share nothing
 * with it. Letters are sets of A, B and C.
 */

const letter = fc.nat(2 ** ATOMS.length - 1)
const word = fc.array(letter, { minLength: 1, maxLength: 7 })
const lasso = fc.record({
  stem: fc.array(letter, { maxLength: 4 }),
  loop: fc.array(letter, { minLength: 1, maxLength: 4 })
})
const RUNS = { numRuns: 1500 }

/** The model of a formula, or why there is none. */
function modelOf(f: TestFormula): { model?: LtlModel; codes: string[] } {
  const { model, diagnostics } = parseLtl(`RULE = ${textOf(f)}\n`, 'random.ltl')
  const codes = diagnostics.filter((d) => d.severity === 'error').map((d) => d.code)
  return model === undefined ? { codes } : { model, codes }
}

/** A letter as the model's set of atoms, which has only the formula's own. */
function atomsOf({ atoms }: LtlModel, letter: number): number {
  return atoms.reduce(
    (set, atom, i) =>
      set | (((letter >> (ATOMS as readonly string[]).indexOf(atom)) & 1) === 1 ? 1 << i : 0),
    0
  )
}

/** The sets of states behind each letter. */
function runs(model: LtlModel, letters: readonly number[]): number[] {
  let states = 0
  return letters.map((letter, i) => {
    const atoms = atomsOf(model, letter)
    states = i === 0 ? startBuchi(model.buchi, atoms) : stepBuchi(model.buchi, states, atoms)
    return states
  })
}

describe('the automaton of a formula', () => {
  it('has a run on exactly the words that can be reconciled with the formula step by step', () => {
    fc.assert(
      fc.property(formulas(), word, (formula, letters) => {
        const { model, codes } = modelOf(formula)
        if (model === undefined) {
          expect(codes).toHaveLength(1)
          expect(['contradiction', 'too-complex']).toContain(codes[0])
          if (codes[0] === 'contradiction') {
            expect(holdsOnPrefix(formula, letters.slice(0, 1), 0, true)).toBe(false)
          }
          return
        }
        const sets = runs(model, letters)
        sets.forEach((states, i) => {
          const prefix = letters.slice(0, i + 1)
          expect(states !== 0, `${model.rule} after ${prefix.join(' ')}`).toBe(
            holdsOnPrefix(formula, prefix, 0, true)
          )
        })
      }),
      RUNS
    )
  })

  it('never ends on a word that satisfies the formula', () => {
    fc.assert(
      fc.property(formulas(), lasso, (formula, { stem, loop }) => {
        if (!holdsOnLasso(formula, stem, loop)) return
        const { model, codes } = modelOf(formula)
        if (model === undefined) {
          expect(codes).toEqual(['too-complex'])
          return
        }
        const letters = [...stem, ...Array.from({ length: 12 }, () => loop).flat()]
        expect(runs(model, letters).every((states) => states !== 0)).toBe(true)
      }),
      RUNS
    )
  })

  it('ends on every word that breaks a formula without promises', () => {
    const safety = formulas(['always', 'next'], ['and', 'or'])
    let broken = 0
    fc.assert(
      fc.property(safety, lasso, (formula, { stem, loop }) => {
        const { model } = modelOf(formula)
        if (model === undefined) return
        const satisfied = holdsOnLasso(formula, stem, loop)
        if (!satisfied) broken++
        // A run that is longer than states times positions repeats itself without end.
        const rounds = Array.from({ length: model.buchi.states + 1 }, () => loop).flat()
        expect(runs(model, [...stem, ...rounds]).every((states) => states !== 0)).toBe(satisfied)
      }),
      RUNS
    )
    expect(broken).toBeGreaterThan(100)
  })

  it('is that of its own text, `rule`', () => {
    fc.assert(
      fc.property(formulas(), (formula) => {
        const { model } = modelOf(formula)
        if (model === undefined) return
        const again = parseLtl(`RULE = ${model.rule}\n`, 'random.ltl')
        expect(again.model).toEqual(model)
        expect(again.diagnostics.map((d) => d.code)).not.toContain('mixed-operators')
        expect(again.diagnostics.map((d) => d.code)).not.toContain('unary-takes-all')
      }),
      { numRuns: 500 }
    )
  })
})
