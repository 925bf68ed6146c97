import type { Automaton, ClockKind, Comparison, Constraint, Guard } from '../model/automaton'
import {
  compileExpression,
  type CompiledExpression,
  type ExpressionScope
} from '../model/expression-compiler'
import type { HybridParts } from '../model/instrumentation'
import { literalValue, valueName } from '../model/labels'
import { Errno } from './errno'

/** An environment variable: a stored clock, or what an expression computes. */
export type HybridEnv =
  { readonly kind: ClockKind } | { readonly kind: 'computed'; readonly value: CompiledExpression }

/** One comparison of a guard. */
export interface HybridCondition {
  /** Index in envs. */
  readonly env: number
  readonly op: Comparison
  readonly value: CompiledExpression
}

/** What a transition asks and does besides changing the state. */
export interface HybridGuard {
  /** The guard holds where every condition of one of them does; empty: always. */
  readonly anyOf: readonly (readonly HybridCondition[])[]
  /** Stored clocks that it asks: where one was never reset, the whole guard holds. */
  readonly stored: readonly number[]
  /** Whether it resets the stored clock. */
  readonly resets: boolean
}

/** How long an instance may stay in a state. */
export interface HybridInvariant {
  readonly kind: ClockKind
  readonly limit: CompiledExpression
}

/** What a hybrid automaton adds to its table, ready to run. */
export interface HybridModel {
  readonly envs: readonly HybridEnv[]
  /** By state * events + event; undefined where there is none. */
  readonly guards: readonly (HybridGuard | undefined)[]
  /** By state. */
  readonly invariants: readonly (HybridInvariant | undefined)[]
  /** By event: 1 where some transition from a state to itself with it resets a clock. */
  readonly resetsInLoop: Uint8Array
}

/** MAX_HA_ENV_LEN: clocks that an instance has room for. */
export const MAX_STORED_ENVS = 1

/**
 * Makes functions of a model's guards and invariants.
 * @param scope where the expressions of its instrumentation are compiled
 * @throws Errno EINVAL where something that the model names is nowhere defined
 */
export function compileHybrid(
  automaton: Automaton,
  parts: HybridParts,
  scope: ExpressionScope,
  parameters: readonly string[]
): HybridModel {
  const { name, envs, storedEnvs, events, states, transitions } = automaton
  const refuse = (what: string): Errno => new Errno('EINVAL', `monitor ${name}: ${what}`)
  if (storedEnvs > MAX_STORED_ENVS) {
    const clocks = envs.slice(0, storedEnvs).join(', ')
    throw refuse(`it has room for ${MAX_STORED_ENVS} clock that is reset, not for ${clocks}`)
  }
  const env = (index: number): HybridEnv => {
    const own = envs[index] ?? ''
    const expression = parts.environment.get(own)
    if (index >= storedEnvs) {
      if (expression !== undefined) {
        return { kind: 'computed', value: compileExpression(expression, scope) }
      }
      throw refuse(`${own} is never reset and computed by nothing; expected it in environment`)
    }
    const kind = automaton.envKinds[index]
    if (kind !== undefined && expression === undefined) return { kind }
    throw refuse(`${own} is reset, so it is a clock; expected a unit, and no computation`)
  }
  const indexOf = (own: string): number => envs.indexOf(own)
  const value = (constraint: Constraint): CompiledExpression => {
    const literal = literalValue(constraint)
    if (literal !== undefined) {
      const wrapped = literal < 2 ** 63 ? literal : literal - 2 ** 64
      return () => wrapped
    }
    const symbol = valueName(constraint.value)
    const expression = parts.values.get(symbol)
    if (expression !== undefined) return compileExpression(expression, scope)
    if (parameters.includes(symbol)) return scope.parameter(symbol)
    throw refuse(`nothing says what ${constraint.value.text} is; expected it in values`)
  }
  const condition = (constraint: Constraint): HybridCondition => ({
    env: indexOf(constraint.env),
    op: constraint.op,
    value: value(constraint)
  })
  const guards = new Array<HybridGuard | undefined>(states.length * events.length).fill(undefined)
  const resetsInLoop = new Uint8Array(events.length)
  for (const { from, event, to, guard } of transitions) {
    if (guard === undefined) continue
    const asked = guard.constraints.map((constraint) => indexOf(constraint.env))
    guards[from * events.length + event] = {
      anyOf: alternatives(guard).map((all) => all.map(condition)),
      stored: [...new Set(asked.filter((index) => index < storedEnvs))],
      resets: guard.reset !== undefined
    }
    if (from === to && guard.reset !== undefined) resetsInLoop[event] = 1
  }
  const invariant = (constraint: Constraint | undefined): HybridInvariant | undefined => {
    if (constraint === undefined) return undefined
    if (parts.timer === 'none') throw refuse('its invariants need a timer: wheel or hrtimer')
    const clock = compiled[indexOf(constraint.env)]
    if (clock === undefined || clock.kind === 'computed') {
      throw refuse(`its invariant is on ${constraint.env}, which no transition resets`)
    }
    return { kind: clock.kind, limit: value(constraint) }
  }
  const compiled = envs.map((_, index) => env(index))
  return {
    envs: compiled,
    guards,
    invariants: automaton.invariants.map(invariant),
    resetsInLoop
  }
}

/** The constraints of a guard as C reads them: `&&` binds tighter than `||`. */
function alternatives(guard: Guard): Constraint[][] {
  const found: Constraint[][] = []
  guard.constraints.forEach((constraint, i) => {
    const last = guard.joins[i - 1] === '&&' ? found.at(-1) : undefined
    if (last === undefined) found.push([constraint])
    else last.push(constraint)
  })
  return found
}
