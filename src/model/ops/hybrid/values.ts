import type { Automaton, Constraint } from '../../automaton'
import { literalValue } from '../../labels'
import { OperationFailure } from '../failure'

/** Names with an unknown value that are told apart. */
const MAX_SYMBOLS = 3
/** Orders of all values that are tried. */
const MAX_ORDERS = 3_000
/** A gap with more whole numbers than this is as good as any wide one. */
const WIDE = 16
/** How far above all numbers a symbol is put: more than any sequence has steps. */
const FAR = 2 ** 32

/** Values of symbols, by the names that symbolName() gives them. */
export type Values = ReadonlyMap<string, number>

/** What a constraint compares with where that is no number: a name of unknown value, the same wherever it stands. */
export function symbolName({ value, unit }: Constraint): string | undefined {
  if (value.kind === 'literal') return undefined
  // Nothing converts a name from us, ms or s: with such a unit it is a value of its own.
  return unit === 'us' || unit === 'ms' || unit === 's' ? `${value.text} ${unit}` : value.text
}

/** The number that a constraint compares with. */
export function valueOf(constraint: Constraint, values: Values): number {
  const symbol = symbolName(constraint)
  return (symbol === undefined ? literalValue(constraint) : values.get(symbol)) ?? 0
}

/** Every comparison of a model: guards, then invariants. */
export function constraintsOf({ transitions, invariants }: Automaton): Constraint[] {
  return [
    ...transitions.flatMap(({ guard }) => guard?.constraints ?? []),
    ...invariants.flatMap((invariant) => invariant ?? [])
  ]
}

/**
 * Values for all symbols, one set for each order in which they and the numbers of the models can
 * stand: equal to one, between two, above all. What two models do depends on that order only, as
 * long as their clocks are not apart (see isExactApart()), so that what holds for all sets holds for all values. A gap
 * between two numbers is filled with each value where it is narrow, and in its middle where it is wide.
 *
 * @throws OperationFailure where there are too many
 */
export function* orders(constraints: readonly Constraint[]): Generator<Values> {
  const symbols = new Set<string>()
  const numbers = new Set([0])
  for (const constraint of constraints) {
    const symbol = symbolName(constraint)
    if (symbol !== undefined) symbols.add(symbol)
    else numbers.add(literalValue(constraint) ?? 0)
  }
  if (symbols.size > MAX_SYMBOLS) {
    throw new OperationFailure(
      `The guards compare with ${symbols.size} values that are not known (${[...symbols].join(', ')}); expected at most ${MAX_SYMBOLS}.`
    )
  }
  let left = MAX_ORDERS
  for (const values of place(
    [...symbols],
    [...numbers].sort((x, y) => x - y)
  )) {
    if (left-- === 0) {
      throw new OperationFailure(
        `The values that the guards compare with can stand in more than ${MAX_ORDERS} orders; expected fewer numbers and names.`
      )
    }
    yield values
  }
}

/**
 * Whether the orders say everything even where two clocks were reset at different moments, so that
 * sums of values matter too: where the clocks are compared with numbers alone, or with one name and
 * nothing else but 0. Then a difference for one value of it is, stretched, one for every other: what
 * a value so far up does not show is not there.
 *
 * @param onClocks the constraints on clocks
 * @param others those on environment variables
 */
export function isExactApart(
  onClocks: readonly Constraint[],
  others: readonly Constraint[]
): boolean {
  const symbols = new Set(onClocks.flatMap((c) => symbolName(c) ?? []))
  if (symbols.size === 0) return true
  return (
    symbols.size === 1 &&
    onClocks.every((c) => symbolName(c) !== undefined || literalValue(c) === 0) &&
    others.every((c) => !symbols.has(symbolName(c) ?? ''))
  )
}

function* place(symbols: readonly string[], numbers: readonly number[]): Generator<Values> {
  const [symbol, ...rest] = symbols
  if (symbol === undefined) {
    yield new Map()
    return
  }
  for (const value of positions(numbers)) {
    const more = numbers.includes(value) ? numbers : [...numbers, value].sort((x, y) => x - y)
    for (const others of place(rest, more)) yield new Map([[symbol, value], ...others])
  }
}

/** One value for each place among the numbers, the usual first: above all, then between two, then equal. */
function positions(numbers: readonly number[]): number[] {
  const above = (numbers.at(-1) ?? 0) + FAR
  const between = numbers.slice(1).flatMap((high, i) => {
    const low = numbers[i] ?? 0
    const inside = high - low - 1
    if (inside > WIDE) return [low + Math.ceil(inside / 2)]
    return Array.from({ length: Math.max(0, inside) }, (_, k) => low + 1 + k)
  })
  return [above, ...between, ...numbers]
}
