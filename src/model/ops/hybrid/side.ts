import type { Automaton, ClockKind, Comparison, Constraint, Guard } from '../../automaton'
import type { Dfa } from '../dfa'
import { OperationFailure } from '../failure'
import { alternatives } from '../guards'
import { constraintsOf, valueOf } from './values'
import type { Values } from './values'
import type { Interval } from './zone'

/** One comparison of a guard: of the clock, or of an environment variable. */
interface Condition {
  /** Undefined: the clock. */
  readonly env: string | undefined
  readonly op: Comparison
  readonly value: number
}

/** What a transition asks and does. */
export interface SideGuard {
  /** Holds where all conditions of one of them do; empty: always. */
  readonly anyOf: readonly (readonly Condition[])[]
  readonly asksClock: boolean
  readonly resets: boolean
  /** Environment variables that it asks. */
  readonly envs: readonly string[]
}

/** What the environment is at one moment: of each variable the interval that it is in. */
export type Environment = ReadonlyMap<string, Interval>

/** One of two automata that are compared, with numbers in its guards. */
export interface Side {
  readonly name: string
  readonly states: readonly string[]
  readonly events: readonly string[]
  readonly accepting: Uint8Array
  readonly table: Int32Array
  /** By cell of the table. */
  readonly guards: ReadonlyMap<number, SideGuard>
  /** The largest clock value, included, with which an event is taken in a state. */
  readonly limits: readonly (number | undefined)[]
  readonly hasClock: boolean
  /** What the clock counts; undefined where it is not said. */
  readonly clockKind: ClockKind | undefined
  /** Numbers that the clock is compared with, and those of each environment variable. */
  readonly clockNumbers: readonly number[]
  readonly envNumbers: ReadonlyMap<string, readonly number[]>
}

/** The variable that a model resets, if any. @throws OperationFailure for what no kernel would run */
export function clockOf({ name, envs, storedEnvs, invariants }: Automaton): string | undefined {
  if (storedEnvs > 1) {
    throw new OperationFailure(
      `${name} resets ${envs.slice(0, storedEnvs).join(' and ')}; a kernel stores one clock for each instance.`
    )
  }
  const clock = storedEnvs === 1 ? envs[0] : undefined
  const other = invariants.find((c) => c !== undefined && c.env !== clock)
  if (other !== undefined) {
    throw new OperationFailure(
      `${name} has an invariant on ${other.env}, which no transition resets; expected a clock.`
    )
  }
  return clock
}

/**
 * A model as a side, with values for its symbols.
 *
 * A guard that asks a clock that was never reset holds. An invariant is looked at when an event
 * comes: in ns the clock may show the limit, in jiffies it may not, whichever of `<` and `<=` is
 * written (include/rv/ha_monitor.h).
 */
export function sideOf(automaton: Automaton, accepting: Uint8Array, values: Values): Side {
  const { name, states, events, table, transitions, invariants, envKinds } = automaton
  const clock = clockOf(automaton)
  const clockNumbers: number[] = []
  const envNumbers = new Map<string, number[]>()
  for (const constraint of constraintsOf(automaton)) {
    const value = valueOf(constraint, values)
    if (constraint.env === clock) clockNumbers.push(value)
    else append(envNumbers, constraint.env, value)
  }
  const guards = new Map<number, SideGuard>()
  for (const { from, event, guard } of transitions) {
    if (guard !== undefined) guards.set(from * events.length + event, guardOf(guard, clock, values))
  }
  return {
    name,
    states,
    events,
    accepting,
    table: new Int32Array(table),
    guards,
    limits: invariants.map((c) => c && limitOf(c, envKinds[0], values)),
    hasClock: clock !== undefined,
    clockKind: clock === undefined ? undefined : envKinds[0],
    clockNumbers,
    envNumbers
  }
}

/** An automaton without guards as a side. */
export function plainSide(name: string, { states, events, accepting, table }: Dfa): Side {
  return {
    name,
    states,
    events,
    accepting,
    table,
    guards: new Map(),
    limits: [],
    hasClock: false,
    clockKind: undefined,
    clockNumbers: [],
    envNumbers: new Map()
  }
}

function guardOf(guard: Guard, clock: string | undefined, values: Values): SideGuard {
  const envs = new Set(guard.constraints.map(({ env }) => env).filter((env) => env !== clock))
  return {
    anyOf: alternatives(guard).map((all) =>
      all.map((c) => ({
        env: c.env === clock ? undefined : c.env,
        op: c.op,
        value: valueOf(c, values)
      }))
    ),
    asksClock: guard.constraints.some(({ env }) => env === clock),
    resets: guard.reset !== undefined,
    envs: [...envs]
  }
}

function limitOf(c: Constraint, kind: ClockKind | undefined, values: Values): number {
  return valueOf(c, values) - (kind === 'jiffies' ? 1 : 0)
}

function append(map: Map<string, number[]>, key: string, value: number): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}

/**
 * Whether a guard holds.
 *
 * @param clock the clock's value; undefined where it was never reset
 */
export function holds(
  guard: SideGuard,
  clock: number | undefined,
  environment: Environment
): boolean {
  if (guard.anyOf.length === 0 || (guard.asksClock && clock === undefined)) return true
  return guard.anyOf.some((all) =>
    all.every(({ env, op, value }) =>
      compares((env === undefined ? clock : environment.get(env)?.low) ?? 0, op, value)
    )
  )
}

function compares(left: number, op: Comparison, right: number): boolean {
  switch (op) {
    case '==':
      return left === right
    case '!=':
      return left !== right
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
  }
}

/** The intervals of whole numbers from 0 on in which no comparison with the numbers changes its answer. */
export function cellsOf(numbers: readonly number[]): Interval[] {
  const cells: Interval[] = []
  let low = 0
  for (const number of [...new Set(numbers)].sort((x, y) => x - y)) {
    if (number > low) cells.push({ low, high: number - 1 })
    cells.push({ low: number, high: number })
    low = number + 1
  }
  cells.push({ low, high: Infinity })
  return cells
}
