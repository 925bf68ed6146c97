import type { BinaryOperator, UnaryOperator } from './syntax'

/**
 * A formula of linear temporal logic with every definition put in. Equal
 * formulas of one `Formulas` are one object, so a large formula that repeats
 * itself stays small. `release` is the dual of `until`; no file can write it.
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

/** Makes formulas, each once. Their ids count from 0 in the order in which they were first made. */
export class Formulas {
  readonly #all: Formula[] = []
  readonly #byKey = new Map<string, Formula>()

  /** Number of formulas made. */
  get size(): number {
    return this.#all.length
  }

  constant(value: boolean): Formula {
    return this.#make(String(value), (id) => ({ id, kind: 'constant', value }))
  }

  atom(name: string): Formula {
    return this.#make(`"${name}`, (id) => ({ id, kind: 'atom', name }))
  }

  unary(op: UnaryOperator, of: Formula): Formula {
    return this.#make(`${op} ${of.id}`, (id) => ({ id, kind: 'unary', op, of }))
  }

  binary(op: BinaryOperator | 'release', left: Formula, right: Formula): Formula {
    return this.#make(`${left.id} ${op} ${right.id}`, (id) => ({
      id,
      kind: 'binary',
      op,
      left,
      right
    }))
  }

  #make(key: string, make: (id: number) => Formula): Formula {
    const before = this.#byKey.get(key)
    if (before !== undefined) return before
    const formula = make(this.#all.length)
    this.#all.push(formula)
    this.#byKey.set(key, formula)
    return formula
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
  const { constant, unary, binary } = {
    constant: (value: boolean) => formulas.constant(value),
    unary: (op: UnaryOperator, of: Formula) => formulas.unary(op, of),
    binary: (op: BinaryOperator | 'release', l: Formula, r: Formula) => formulas.binary(op, l, r)
  }
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
        return constant(f.value !== negated)
      case 'atom':
        return negated ? unary('not', f) : f
      case 'unary':
        switch (f.op) {
          case 'not':
            return flipped(f.of)
          case 'next':
            return unary('next', same(f.of))
          case 'always':
            return negated
              ? binary('until', constant(true), same(f.of))
              : binary('release', constant(false), same(f.of))
          case 'eventually':
            return negated
              ? binary('release', constant(false), same(f.of))
              : binary('until', constant(true), same(f.of))
        }
      // eslint-disable-next-line no-fallthrough -- every operator returned
      case 'binary':
        switch (f.op) {
          case 'and':
            return binary(negated ? 'or' : 'and', same(f.left), same(f.right))
          case 'or':
            return binary(negated ? 'and' : 'or', same(f.left), same(f.right))
          case 'imply':
            return binary(negated ? 'and' : 'or', flipped(f.left), same(f.right))
          case 'equivalent':
            return negated
              ? binary(
                  'or',
                  binary('and', positive(f.left), negative(f.right)),
                  binary('and', positive(f.right), negative(f.left))
                )
              : binary(
                  'and',
                  binary('or', negative(f.left), positive(f.right)),
                  binary('or', negative(f.right), positive(f.left))
                )
          case 'until':
            return binary(negated ? 'release' : 'until', same(f.left), same(f.right))
          case 'release':
            return binary(negated ? 'until' : 'release', same(f.left), same(f.right))
        }
    }
  }

  return positive(formula)
}
