import type { Automaton, ClockKind, Comparison, Constraint, Guard } from '../automaton'
import { clockKind } from '../labels'

/*
 * Whether guards can hold, decided exactly where values are numbers, and for
 * names as far as each comparison with the same name goes: a name may stand for
 * any number. Values are unsigned, of 64 bits, as the kernel compares them.
 */

/** Largest value of an environment variable. */
export const MAX_VALUE = (1n << 64n) - 1n

/** So many combinations are looked at; no hand-written guard has more. */
const MAX_COMBINATIONS = 256

/** Constraints that hold together; a guard is a disjunction of these. */
export type Conjunction = readonly Constraint[]

const SCALE = { ns: 1n, us: 1_000n, ms: 1_000_000n, s: 1_000_000_000n, j: 1n } as const

/** A literal in what its clock counts; undefined for a name. */
export function exactValue({ value, unit }: Constraint): bigint | undefined {
  return value.kind === 'literal' ? BigInt(value.text) * SCALE[unit ?? 'ns'] : undefined
}

/** The guard's alternatives: `&&` binds tighter than `||`. One that asks for nothing has an empty one. */
export function alternatives(guard: Guard | undefined): readonly Conjunction[] {
  if (guard === undefined || guard.constraints.length === 0) return [[]]
  const found: Constraint[][] = [[]]
  guard.constraints.forEach((c, i) => {
    if (i > 0 && guard.joins[i - 1] === '||') found.push([])
    found.at(-1)?.push(c)
  })
  return found
}

/** Decides on constraints of one automaton, whose clocks it knows. */
export class GuardLogic {
  readonly #kinds: ReadonlyMap<string, ClockKind | undefined>

  constructor({ envs, envKinds }: Pick<Automaton, 'envs' | 'envKinds'>) {
    this.#kinds = new Map(envs.map((env, i) => [env, envKinds[i]]))
  }

  /** Whether all of them can hold at once. */
  canHold(conjunction: Conjunction): boolean {
    const numbers = new Map<string, Interval>()
    const names = new Map<string, number>()
    for (const c of conjunction) {
      const exact = exactValue(c)
      if (exact === undefined) {
        const key = `${this.#key(c)} ${c.value.text} ${c.unit ?? ''}`
        names.set(key, (names.get(key) ?? ANY) & RELATIONS[c.op])
        continue
      }
      const key = this.#key(c)
      let interval = numbers.get(key)
      if (interval === undefined) numbers.set(key, (interval = new Interval()))
      interval.restrict(c.op, exact)
    }
    return (
      [...names.values()].every((relations) => relations !== 0) &&
      [...numbers.values()].every((interval) => !interval.isEmpty)
    )
  }

  /** Whether both guards can hold at once; undefined where there are too many ways to try. */
  overlap(a: Guard | undefined, b: Guard | undefined): boolean | undefined {
    const [ofA, ofB] = [alternatives(a), alternatives(b)]
    if (ofA.length * ofB.length > MAX_COMBINATIONS) return undefined
    return ofA.some((x) => ofB.some((y) => this.canHold([...x, ...y])))
  }

  /** Whether the guard's condition can never be false; false where that is not known. */
  alwaysHolds(guard: Guard): boolean {
    // Its negation: of each alternative one constraint fails.
    let combinations: Constraint[][] = [[]]
    for (const conjunction of alternatives(guard)) {
      combinations = combinations.flatMap((chosen) =>
        conjunction.map((c) => [...chosen, { ...c, op: NEGATED[c.op] }])
      )
      if (combinations.length > MAX_COMBINATIONS) return false
    }
    return !combinations.some((conjunction) => this.canHold(conjunction))
  }

  /** Comparisons in ns and in jiffies say nothing of each other. */
  #key(c: Constraint): string {
    const kind = clockKind(c)
    const own = this.#kinds.get(c.env)
    return kind === undefined || kind === own ? c.env : `${c.env} ${kind}`
  }
}

const LESS = 1
const EQUAL = 2
const GREATER = 4
const ANY = LESS | EQUAL | GREATER

const RELATIONS: Readonly<Record<Comparison, number>> = {
  '<': LESS,
  '<=': LESS | EQUAL,
  '==': EQUAL,
  '!=': LESS | GREATER,
  '>=': GREATER | EQUAL,
  '>': GREATER
}

const NEGATED: Readonly<Record<Comparison, Comparison>> = {
  '<': '>=',
  '<=': '>',
  '==': '!=',
  '!=': '==',
  '>=': '<',
  '>': '<='
}

/** The values from #low to #high without #holes. */
class Interval {
  #low = 0n
  #high = MAX_VALUE
  readonly #holes = new Set<bigint>()

  restrict(op: Comparison, value: bigint): void {
    switch (op) {
      case '<':
        this.#atMost(value - 1n)
        break
      case '<=':
        this.#atMost(value)
        break
      case '>':
        this.#atLeast(value + 1n)
        break
      case '>=':
        this.#atLeast(value)
        break
      case '==':
        this.#atLeast(value)
        this.#atMost(value)
        break
      case '!=':
        this.#holes.add(value)
    }
  }

  get isEmpty(): boolean {
    if (this.#high < this.#low) return true
    if (this.#high - this.#low >= BigInt(this.#holes.size)) return false
    for (let value = this.#low; value <= this.#high; value++) {
      if (!this.#holes.has(value)) return false
    }
    return true
  }

  #atMost(value: bigint): void {
    if (value < this.#high) this.#high = value
  }

  #atLeast(value: bigint): void {
    if (value > this.#low) this.#low = value
  }
}
