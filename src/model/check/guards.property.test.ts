import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Comparison, Constraint, Guard } from '../automaton'
import { GuardLogic, alternatives, exactValue } from './guards'

/*
 * The logic against trying every value: two variables from 0 to 9, literals from
 * 0 to 7, so that what holds somewhere holds there; and one name, which may be
 * any of these values.
 */

const OPS: readonly Comparison[] = ['==', '!=', '<', '<=', '>', '>=']
const VALUES = Array.from({ length: 10 }, (_, i) => i)
const logic = new GuardLogic({ envs: ['x', 'y'], envKinds: [undefined, undefined] })

const literal = fc.nat(7).map((n) => ({ kind: 'literal' as const, text: String(n) }))
const name = fc.constant({ kind: 'constant' as const, text: 'LIMIT' })
const constraint = (value: typeof literal | typeof name): fc.Arbitrary<Constraint> =>
  fc.record({
    env: fc.constantFrom('x', 'y'),
    op: fc.constantFrom(...OPS),
    value,
    unit: fc.constant(undefined)
  })
const guard = (value: typeof literal | typeof name): fc.Arbitrary<Guard> =>
  fc
    .record({
      constraints: fc.array(constraint(value), { minLength: 1, maxLength: 5 }),
      joins: fc.array(fc.constantFrom('&&' as const, '||' as const), {
        minLength: 4,
        maxLength: 4
      }),
      reset: fc.constant(undefined)
    })
    .map((g) => ({ ...g, joins: g.joins.slice(0, g.constraints.length - 1) }))

function compare(a: number, op: Comparison, b: number): boolean {
  switch (op) {
    case '==':
      return a === b
    case '!=':
      return a !== b
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
  }
}

/** As C evaluates `a || b && c`. */
function holds(g: Guard, env: Record<string, number>, limit: number): boolean {
  const single = g.constraints.map((c) =>
    compare(env[c.env] ?? 0, c.op, c.value.kind === 'literal' ? Number(c.value.text) : limit)
  )
  const parts: boolean[][] = [[]]
  single.forEach((value, i) => {
    if (i > 0 && g.joins[i - 1] === '||') parts.push([])
    parts.at(-1)?.push(value)
  })
  return parts.some((part) => part.every((value) => value))
}

const worlds = VALUES.flatMap((x) => VALUES.map((y) => ({ x, y })))

describe('whether guards can hold', () => {
  it('is what trying every value says', () => {
    fc.assert(
      fc.property(guard(literal), guard(literal), (a, b) => {
        const of = (g: Guard): boolean[] => worlds.map((w) => holds(g, w, 0))
        const [ofA, ofB] = [of(a), of(b)]
        expect(alternatives(a).some((c) => logic.canHold(c))).toBe(ofA.includes(true))
        expect(logic.alwaysHolds(a)).toBe(!ofA.includes(false))
        expect(logic.overlap(a, b)).toBe(ofA.some((value, i) => value && ofB[i] === true))
      }),
      { numRuns: 1000 }
    )
  })

  it('takes a name for any number', () => {
    fc.assert(
      fc.property(guard(name), (g) => {
        const some = [1, 5, 8].some((limit) => worlds.some((w) => holds(g, w, limit)))
        expect(alternatives(g).some((c) => logic.canHold(c))).toBe(some)
      })
    )
  })

  it('knows units, and values of 64 bits', () => {
    const c = (op: Comparison, text: string, unit?: Constraint['unit']): Constraint => ({
      env: 'x',
      op,
      value: { kind: 'literal', text },
      unit
    })
    const clock = new GuardLogic({ envs: ['x'], envKinds: ['ns'] })
    expect(clock.canHold([c('>', '20', 'us'), c('<', '1', 'ms')])).toBe(true)
    expect(clock.canHold([c('>', '20', 'ms'), c('<', '1000', 'us')])).toBe(false)
    // Jiffies and nanoseconds say nothing of each other.
    expect(clock.canHold([c('>', '20', 'j'), c('<', '1', 'us')])).toBe(true)
    expect(clock.canHold([c('>', '18446744073709551615')])).toBe(false)
    expect(clock.canHold([c('>=', '18446744073709551615')])).toBe(true)
    expect(clock.canHold([c('<', '0')])).toBe(false)
    expect(exactValue(c('<', '3', 's'))).toBe(3_000_000_000n)
  })
})
