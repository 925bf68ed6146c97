import type { BinaryOperator, UnaryOperator } from './syntax'

/**
 * A formula of linear temporal logic with every definition put in. Each
 * operator, atom and constant of the text is an object of its own, even where
 * two are equal: rvgen tells them apart, and so do the states of its automata.
 * Only what stands below the top of a definition is shared by its uses.
 * `release` is the dual of `until`; no file can write it.
 */
export type Formula =
  | { readonly id: number; readonly kind: 'constant'; readonly value: boolean }
  | { readonly id: number; readonly kind: 'atom'; readonly name: string }
  | {
      readonly id: number
      readonly kind: 'unary'
      readonly op: UnaryOperator
      readonly of: Formula
    }
  | {
      readonly id: number
      readonly kind: 'binary'
      readonly op: BinaryOperator | 'release'
      readonly left: Formula
      readonly right: Formula
    }

/** Makes formulas. Their ids count from 0 in the order in which they are made. */
export class Formulas {
  #next = 0

  constant(value: boolean): Formula {
    return { id: this.#next++, kind: 'constant', value }
  }

  atom(name: string): Formula {
    return { id: this.#next++, kind: 'atom', name }
  }

  unary(op: UnaryOperator, of: Formula): Formula {
    return { id: this.#next++, kind: 'unary', op, of }
  }

  binary(op: BinaryOperator | 'release', left: Formula, right: Formula): Formula {
    return { id: this.#next++, kind: 'binary', op, left, right }
  }

  /** Another object of the same operator and operands. */
  copy(formula: Formula): Formula {
    return { ...formula, id: this.#next++ }
  }
}

/** Makes a function of a formula that is computed once for each formula. */
export function memoized<T>(compute: (f: Formula) => T): (f: Formula) => T {
  const known = new Map<number, T>()
  return (f) => {
    const before = known.get(f.id)
    if (before !== undefined) return before
    const value = compute(f)
    known.set(f.id, value)
    return value
  }
}

/**
 * The formula in negation normal form: of atoms, negated atoms, constants,
 * `and`, `or`, `next`, `until` and `release` alone.
 */
export function normalize(formula: Formula, formulas: Formulas): Formula {
  const positive: (f: Formula) => Formula = memoized((f) => make(f, positive, negative, false))
  const negative: (f: Formula) => Formula = memoized((f) => make(f, negative, positive, true))

  /** `same` goes on with the sign that f has, `flipped` with the other. */
  function make(
    f: Formula,
    same: (f: Formula) => Formula,
    flipped: (f: Formula) => Formula,
    negated: boolean
  ): Formula {
    switch (f.kind) {
      case 'constant':
        return formulas.constant(f.value !== negated)
      case 'atom':
        return negated ? formulas.unary('not', f) : f
      case 'unary':
        switch (f.op) {
          case 'not':
            return flipped(f.of)
          case 'next':
            return formulas.unary('next', same(f.of))
          case 'always':
            return negated
              ? formulas.binary('until', formulas.constant(true), same(f.of))
              : formulas.binary('release', formulas.constant(false), same(f.of))
          case 'eventually':
            return negated
              ? formulas.binary('release', formulas.constant(false), same(f.of))
              : formulas.binary('until', formulas.constant(true), same(f.of))
        }
      // eslint-disable-next-line no-fallthrough -- every operator returned
      case 'binary':
        switch (f.op) {
          case 'and':
            return formulas.binary(negated ? 'or' : 'and', same(f.left), same(f.right))
          case 'or':
            return formulas.binary(negated ? 'and' : 'or', same(f.left), same(f.right))
          case 'imply':
            return formulas.binary(negated ? 'and' : 'or', flipped(f.left), same(f.right))
          case 'equivalent':
            return negated
              ? formulas.binary(
                  'or',
                  formulas.binary('and', positive(f.left), negative(f.right)),
                  formulas.binary('and', positive(f.right), negative(f.left))
                )
              : formulas.binary(
                  'and',
                  formulas.binary('or', negative(f.left), positive(f.right)),
                  formulas.binary('or', negative(f.right), positive(f.left))
                )
          case 'until':
            return formulas.binary(negated ? 'release' : 'until', same(f.left), same(f.right))
          case 'release':
            return formulas.binary(negated ? 'until' : 'release', same(f.left), same(f.right))
        }
    }
  }

  return positive(formula)
}
