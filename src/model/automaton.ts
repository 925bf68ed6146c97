/** Comparison operators of guards and invariants. */
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>='

/** Units of a hybrid automaton's clock values; `j` is jiffies. */
export type Unit = 'ns' | 'us' | 'ms' | 's' | 'j'

/**
 * What a clock counts: nanoseconds, or ticks. A unit of us, ms or s makes a clock of nanoseconds
 * (literalValue() converts), `j` one of ticks; a value's name may tell too (unitOf()).
 */
export type ClockKind = 'ns' | 'jiffies'

/** What a guard compares with; the kinds are rvgen's (tools/verification/rvgen/automata.py). */
export interface GuardValue {
  readonly kind: 'literal' | 'constant' | 'constant-call' | 'parameter' | 'function'
  /** As written: `10`, `LIMIT`, `LIMIT()`, `threshold_jiffies`, `limit_ns()`. */
  readonly text: string
}

/** `env op value unit?` */
export interface Constraint {
  readonly env: string
  readonly op: Comparison
  readonly value: GuardValue
  readonly unit: Unit | undefined
}

/** What a hybrid transition asks and does: constraints joined left to right (`&&` binds tighter). */
export interface Guard {
  readonly constraints: readonly Constraint[]
  /** joins[i] stands between constraints[i] and constraints[i + 1]. */
  readonly joins: readonly ('&&' | '||')[]
  /** Environment variable that the transition resets. */
  readonly reset: string | undefined
}

/** One valid cell of the transition function; from, event and to are indexes. */
export interface Transition {
  readonly from: number
  readonly event: number
  readonly to: number
  readonly guard: Guard | undefined
}

/** No transition: the model does not allow this event in this state. */
export const INVALID = -1

/**
 * A deterministic (`da`) or hybrid (`ha`) automaton, as dot2c makes it:
 * states are the initial one and then the others sorted, events are sorted.
 */
export interface Automaton {
  readonly name: string
  readonly kind: 'da' | 'ha'
  /** states[0] is the initial state. */
  readonly states: readonly string[]
  readonly events: readonly string[]
  /** final[state] */
  readonly final: readonly boolean[]
  /** next state, or INVALID: table[state * events.length + event] */
  readonly table: Int16Array
  /** Every valid transition, in order of (from, event). */
  readonly transitions: readonly Transition[]
  /** invariants[state]: a clock limit that holds while in the state. */
  readonly invariants: readonly (Constraint | undefined)[]
  /** Environment variables; the stored ones (those that are ever reset) come first, each part sorted. */
  readonly envs: readonly string[]
  readonly storedEnvs: number
  /** envKinds[env]: for an environment variable that is a clock, what it counts; undefined where no unit tells. */
  readonly envKinds: readonly (ClockKind | undefined)[]
}
