import fc from 'fast-check'

/** For tests: a formula that knows its text and, apart from the code under test, its meaning. */
export type TestFormula =
  | { readonly kind: 'literal'; readonly value: boolean }
  | { readonly kind: 'atom'; readonly atom: number }
  | {
      readonly kind: 'unary'
      readonly op: 'always' | 'eventually' | 'next' | 'not'
      readonly of: TestFormula
    }
  | {
      readonly kind: 'binary'
      readonly op: 'until' | 'and' | 'or' | 'imply' | 'equivalent'
      readonly left: TestFormula
      readonly right: TestFormula
    }

export const ATOMS = ['A', 'B', 'C'] as const

/** Small formulas over A, B and C. */
export function formulas(
  unary: readonly (TestFormula & { kind: 'unary' })['op'][] = [
    'always',
    'eventually',
    'next',
    'not'
  ],
  binary: readonly (TestFormula & { kind: 'binary' })['op'][] = [
    'until',
    'and',
    'or',
    'imply',
    'equivalent'
  ]
): fc.Arbitrary<TestFormula> {
  return fc.letrec<{ formula: TestFormula }>((tie) => ({
    formula: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.oneof(
        {
          weight: 5,
          arbitrary: fc.record({
            kind: fc.constant('atom' as const),
            atom: fc.nat(ATOMS.length - 1)
          })
        },
        {
          weight: 1,
          arbitrary: fc.record({ kind: fc.constant('literal' as const), value: fc.boolean() })
        }
      ),
      fc.record({
        kind: fc.constant('unary' as const),
        op: fc.constantFrom(...unary),
        of: tie('formula')
      }),
      fc.record({
        kind: fc.constant('binary' as const),
        op: fc.constantFrom(...binary),
        left: tie('formula'),
        right: tie('formula')
      })
    )
  })).formula
}

/** The formula's text, with parentheses around every operand. */
export function textOf(f: TestFormula): string {
  switch (f.kind) {
    case 'literal':
      return String(f.value)
    case 'atom':
      return ATOMS[f.atom] ?? ''
    case 'unary':
      return `${f.op} (${textOf(f.of)})`
    case 'binary':
      return `(${textOf(f.left)}) ${f.op} (${textOf(f.right)})`
  }
}

/**
 * What is true at a position of a finite word when all that lies behind its end
 * is `beyond`: with true whether the word's letters are reconcilable with the
 * formula step by step, with false whether they fulfil it already.
 */
export function holdsOnPrefix(
  f: TestFormula,
  word: readonly number[],
  at: number,
  beyond: boolean
): boolean {
  const here = (g: TestFormula, position = at, end = beyond): boolean =>
    holdsOnPrefix(g, word, position, end)
  if (at >= word.length) return beyond
  switch (f.kind) {
    case 'literal':
      return f.value
    case 'atom':
      return (((word[at] ?? 0) >> f.atom) & 1) === 1
    case 'unary':
      switch (f.op) {
        case 'not':
          return !here(f.of, at, !beyond)
        case 'next':
          return here(f.of, at + 1)
        case 'always':
          return here(f.of) && here(f, at + 1)
        case 'eventually':
          return here(f.of) || here(f, at + 1)
      }
    // eslint-disable-next-line no-fallthrough -- every operator returned
    case 'binary':
      switch (f.op) {
        case 'and':
          return here(f.left) && here(f.right)
        case 'or':
          return here(f.left) || here(f.right)
        case 'imply':
          return !here(f.left, at, !beyond) || here(f.right)
        case 'equivalent':
          return (
            (!here(f.left, at, !beyond) || here(f.right)) &&
            (!here(f.right, at, !beyond) || here(f.left))
          )
        case 'until':
          return here(f.right) || (here(f.left) && here(f, at + 1))
      }
  }
}

/** Whether the infinite word, `loop` without end behind `stem`, satisfies the formula: the textbook's meaning. */
export function holdsOnLasso(
  f: TestFormula,
  stem: readonly number[],
  loop: readonly number[]
): boolean {
  const word = [...stem, ...loop]
  const next = (i: number): number => (i + 1 < word.length ? i + 1 : stem.length)
  /** Once around from the last position is far enough to see what comes. */
  const ahead = (i: number): number[] => {
    const positions = [i]
    for (let k = 0, at = i; k < word.length; k++) positions.push((at = next(at)))
    return positions
  }
  const truth = (g: TestFormula): boolean[] => {
    switch (g.kind) {
      case 'literal':
        return word.map(() => g.value)
      case 'atom':
        return word.map((letter) => ((letter >> g.atom) & 1) === 1)
      case 'unary': {
        const of = truth(g.of)
        const at = (i: number): boolean => of[i] === true
        switch (g.op) {
          case 'not':
            return of.map((value) => !value)
          case 'next':
            return word.map((_, i) => at(next(i)))
          case 'always':
            return word.map((_, i) => ahead(i).every(at))
          case 'eventually':
            return word.map((_, i) => ahead(i).some(at))
        }
      }
      // eslint-disable-next-line no-fallthrough -- every operator returned
      case 'binary': {
        const left = truth(g.left)
        const right = truth(g.right)
        return word.map((_, i) => {
          const [l, r] = [left[i] === true, right[i] === true]
          switch (g.op) {
            case 'and':
              return l && r
            case 'or':
              return l || r
            case 'imply':
              return !l || r
            case 'equivalent':
              return l === r
            case 'until': {
              const path = ahead(i)
              const reached = path.findIndex((at) => right[at] === true)
              return reached !== -1 && path.slice(0, reached).every((at) => left[at] === true)
            }
          }
        })
      }
    }
  }
  return truth(f)[0] === true
}
