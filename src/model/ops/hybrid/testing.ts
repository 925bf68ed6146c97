import fc from 'fast-check'
import type { Automaton, Comparison, Constraint, Guard } from '../../automaton'
import { assemble } from '../assemble'

/* For tests: small hybrid automata, and an interpreter of them that shares nothing with the code under test. */

export const EVENTS = ['a', 'b']
/** One step of a timed word. */
export interface Letter {
  /** 'none': only time passes. */
  readonly event: string
  readonly delay: number
  readonly env: number
}

const compared = (env: string, op: Comparison, value: string): Constraint => ({
  env,
  op,
  value: { kind: /^[0-9]/.test(value) ? 'literal' : 'parameter', text: value },
  unit: env === 'clk' && /^[0-9]/.test(value) ? 'ns' : undefined
})

const operators = fc.constantFrom<Comparison>('==', '!=', '<', '<=', '>', '>=')
const numbers = fc.constantFrom('0', '1', '2')
const constraint = fc
  .tuple(fc.constantFrom('clk', 'clk', 'env'), operators, numbers)
  .map((parts) => compared(...parts))
export const guards: fc.Arbitrary<Guard | undefined> = fc.option(
  fc
    .record({
      constraints: fc.array(constraint, { maxLength: 2 }),
      join: fc.constantFrom('&&' as const, '||' as const),
      reset: fc.option(fc.constant('clk'), { nil: undefined })
    })
    .filter(({ constraints, reset }) => constraints.length > 0 || reset !== undefined)
    .map(({ constraints, join, reset }) => ({
      constraints,
      joins: constraints.length === 2 ? [join] : [],
      reset
    })),
  { nil: undefined }
)
const invariants = fc.option(
  fc
    .tuple(fc.constantFrom<Comparison>('<', '<='), numbers)
    .map(([op, n]) => compared('clk', op, n)),
  { nil: undefined, freq: 3 }
)

/** Hybrid automata with a clock that is reset somewhere. */
export const hybrids = fc
  .record({
    count: fc.integer({ min: 1, max: 3 }),
    cells: fc.array(fc.record({ to: fc.integer({ min: -1, max: 2 }), guard: guards }), {
      minLength: 6,
      maxLength: 6
    }),
    limits: fc.array(invariants, { minLength: 3, maxLength: 3 }),
    final: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 })
  })
  .map(({ count, cells, limits, final }) => ({
    states: Array.from({ length: count }, (_, i) => ({
      name: `s${i}`,
      final: i === 0 || final[i] === true,
      invariant: limits[i]
    })),
    transitions: cells
      .slice(0, 2 * count)
      .flatMap(({ to, guard }, cell) =>
        to < 0
          ? []
          : [{ from: Math.floor(cell / 2), event: EVENTS[cell % 2] ?? '', to: to % count, guard }]
      )
  }))
  .filter(({ transitions }) => transitions.some(({ guard }) => guard?.reset !== undefined))
  .map((parts) => assemble({ name: 'random', ...parts }))

/** A word by the rules of include/rv/ha_monitor.h; the state at the end, or undefined. */
export function follow(
  automaton: Automaton,
  word: readonly Letter[],
  values: Record<string, number> = {}
): number | undefined {
  const number = ({ value }: Constraint): number => values[value.text] ?? Number(value.text)
  let state = 0
  let now = 0
  let epoch: number | undefined
  for (const { event, delay, env } of word) {
    now += delay
    const clock = epoch === undefined ? undefined : now - epoch
    const limit = automaton.invariants[state]
    if (limit !== undefined && clock !== undefined && clock > number(limit)) return undefined
    if (event === 'none') continue
    const taken = automaton.transitions.find(
      (t) => t.from === state && automaton.events[t.event] === event
    )
    if (taken === undefined) return undefined
    const { guard } = taken
    if (guard !== undefined && guard.constraints.length > 0) {
      const unset = guard.constraints.some((c) => c.env === 'clk') && clock === undefined
      const truth = guard.constraints.map((c) =>
        compare(c.env === 'clk' ? (clock ?? 0) : env, c.op, number(c))
      )
      // With two conditions no precedence matters.
      const holds = guard.joins[0] === '||' ? truth.includes(true) : !truth.includes(false)
      if (!unset && !holds) return undefined
    }
    if (guard?.reset !== undefined) epoch = now
    state = taken.to
  }
  return state
}

function compare(x: number, op: Comparison, y: number): boolean {
  const answers = {
    '==': x === y,
    '!=': x !== y,
    '<': x < y,
    '<=': x <= y,
    '>': x > y,
    '>=': x >= y
  }
  return answers[op]
}
