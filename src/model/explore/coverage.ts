import type { Automaton, Transition } from '../automaton'
import { INVALID } from '../automaton'

/** One transition, and how often a recording has it. */
export interface TransitionCount {
  readonly transition: Transition
  readonly count: number
}

/** Something that a recording has and the model does not. */
export interface UnexpectedCount {
  readonly state: string
  readonly event: string
  /** Undefined for a violation, which has no next state. */
  readonly next: string | undefined
  readonly count: number
}

/** What recordings have of a model. */
export interface Coverage {
  readonly transitions: readonly TransitionCount[]
  /** How often each state was entered. */
  readonly entered: readonly number[]
  /** Steps that no transition of the model is. */
  readonly foreign: readonly UnexpectedCount[]
  /** Violations that the monitor reported. */
  readonly violations: readonly UnexpectedCount[]
  /** Part of the transitions that were taken, from 0 to 1. */
  readonly covered: number
}

/** Counts the records of one monitor against its model. */
export class CoverageCounter {
  readonly #automaton: Automaton
  readonly #states: ReadonlyMap<string, number>
  readonly #events: ReadonlyMap<string, number>
  readonly #taken: Float64Array
  readonly #foreign = new Map<string, UnexpectedCount>()
  readonly #violations = new Map<string, UnexpectedCount>()

  constructor(automaton: Automaton) {
    this.#automaton = automaton
    this.#states = new Map(automaton.states.map((name, i) => [name, i]))
    this.#events = new Map(automaton.events.map((name, i) => [name, i]))
    this.#taken = new Float64Array(automaton.states.length * automaton.events.length)
  }

  /** An `event_` record, or several of the same: the step was allowed. */
  step(state: string, event: string, next: string, times = 1): void {
    const { events, table } = this.#automaton
    const from = this.#states.get(state)
    const by = this.#events.get(event)
    const to = this.#states.get(next)
    if (from !== undefined && by !== undefined && to !== undefined) {
      const cell = from * events.length + by
      if ((table[cell] ?? INVALID) === to) {
        this.#taken[cell] = (this.#taken[cell] ?? 0) + times
        return
      }
    }
    count(this.#foreign, { state, event, next }, times)
  }

  /** An `error_` or `error_env_` record, or several of the same. */
  violation(state: string, event: string, times = 1): void {
    count(this.#violations, { state, event, next: undefined }, times)
  }

  result(): Coverage {
    const { transitions, events, states } = this.#automaton
    const counted = transitions.map((transition) => ({
      transition,
      count: this.#taken[transition.from * events.length + transition.event] ?? 0
    }))
    const entered = states.map(() => 0)
    for (const { transition, count: times } of counted) {
      entered[transition.to] = (entered[transition.to] ?? 0) + times
    }
    const taken = counted.filter(({ count: times }) => times > 0).length
    return {
      transitions: counted,
      entered,
      foreign: sorted(this.#foreign),
      violations: sorted(this.#violations),
      covered: transitions.length === 0 ? 1 : taken / transitions.length
    }
  }
}

/** Different pairs are few in what a kernel writes; a damaged recording may have any number. */
const MAX_PAIRS = 10_000

function count(
  counts: Map<string, UnexpectedCount>,
  { state, event, next }: Omit<UnexpectedCount, 'count'>,
  times: number
): void {
  const key = JSON.stringify([state, event, next])
  const before = counts.get(key)
  if (before === undefined && counts.size === MAX_PAIRS) return
  counts.set(key, { state, event, next, count: (before?.count ?? 0) + times })
}

const sorted = (counts: ReadonlyMap<string, UnexpectedCount>): UnexpectedCount[] =>
  [...counts.values()].sort((a, b) => b.count - a.count)
