import type { Automaton, ClockKind, Constraint, Transition } from '../automaton'
import { clockOf, holds, sideOf } from '../ops/hybrid/side'
import type { Side } from '../ops/hybrid/side'
import { constraintsOf, symbolName } from '../ops/hybrid/values'

/** All that changes while a model is explored, as one value. */
export interface Moment {
  /** INVALID: not monitoring. */
  readonly state: number
  readonly now: number
  /** When the clock was reset; undefined: never. */
  readonly epoch: number | undefined
  /** When the timer of the state's invariant expires; undefined: it is not armed. */
  readonly deadline: number | undefined
  /** The message of the violation that ended the run. */
  readonly violation: string | undefined
  /** Environment variables, and the values of constants and parameters. */
  readonly values: ReadonlyMap<string, number>
}

/** What a kernel does with the guards, invariants and timers of one automaton (include/rv/ha_monitor.h). */
export class Machine {
  /** The variable that is reset, if any. */
  readonly clock: string | undefined
  /** What the clock counts: the unit of every time here. */
  readonly clockKind: ClockKind
  /** Environment variables, constants and parameters: all that has to be given a value. */
  readonly names: ReadonlySet<string>
  /** By state * events + event. */
  readonly #transitions = new Map<number, Transition>()
  /** With a reset on some transition from a state to itself: with these events the timer is set anew. */
  readonly #resetInLoop = new Set<number>()
  #side: { readonly values: Moment['values']; readonly side: Side } | undefined

  /** @throws OperationFailure for a model that no kernel would run: one with two clocks */
  constructor(private readonly automaton: Automaton) {
    this.clock = clockOf(automaton)
    this.clockKind = automaton.envKinds[0] ?? 'ns'
    this.names = new Set([
      ...automaton.envs.filter((env) => env !== this.clock),
      ...constraintsOf(automaton).flatMap((c) => symbolName(c) ?? [])
    ])
    for (const t of automaton.transitions) {
      this.#transitions.set(t.from * automaton.events.length + t.event, t)
      if (t.from === t.to && t.guard?.reset !== undefined) this.#resetInLoop.add(t.event)
    }
  }

  /** The transition of an event in a state, if the model has one. */
  transition(state: number, e: number): Transition | undefined {
    return this.#transitions.get(state * this.automaton.events.length + e)
  }

  /** A name that decides about an event and has no value. */
  unknown(e: number, moment: Moment): string | undefined {
    const { state } = moment
    const names = limitNames(this.automaton.invariants[state])
    const constraints = this.transition(state, e)?.guard?.constraints ?? []
    const asksClock = constraints.some(({ env }) => env === this.clock)
    // A guard that asks a clock which was never reset holds as a whole.
    if (!asksClock || moment.epoch !== undefined) {
      for (const c of constraints) {
        if (c.env !== this.clock) names.push(c.env)
        names.push(...limitNames(c))
      }
    }
    return names.find((name) => !moment.values.has(name))
  }

  /** Whether the invariant of the state and the guard of its transition hold. */
  allows(e: number, moment: Moment): boolean {
    const { state, epoch, now, values } = moment
    const side = this.#sideWith(moment.values)
    const clock = epoch === undefined ? undefined : now - epoch
    const limit = side.limits[state]
    if (limit !== undefined) {
      if (clock === undefined ? this.clockKind === 'jiffies' : clock > limit) return false
    }
    const guard = side.guards.get(state * this.automaton.events.length + e)
    if (guard === undefined) return true
    const environment = new Map(
      [...values].map(([name, value]) => [name, { low: value, high: value }] as const)
    )
    return holds(guard, clock, environment)
  }

  /** The moment behind a transition that is allowed: the reset, and the timer of the new state. */
  behind(e: number, to: number, moment: Moment): Moment {
    const resets = this.transition(moment.state, e)?.guard?.reset !== undefined
    const epoch = resets ? moment.now : moment.epoch
    const next = { ...moment, epoch, state: to }
    if (moment.state === to && !this.#resetInLoop.has(e)) return next
    return { ...next, deadline: this.#timer(next) }
  }

  /** The same moment, with a clock that shows so much. Time does not go back. */
  withClock(value: number, moment: Moment): Moment {
    const now = Math.max(moment.now, value)
    const next = { ...moment, now, epoch: now - value }
    return moment.deadline === undefined ? next : { ...next, deadline: this.#timer(next) }
  }

  /** As the kernel prints it; what is not known is `?`. A clock that was never reset shows one more than the time. */
  environment({ now, epoch, values }: Moment): string {
    return this.automaton.envs
      .map((env) => {
        if (env !== this.clock) return `${env}=${values.get(env) ?? '?'}`
        return `${env}=${epoch === undefined ? now + 1 : now - epoch}`
      })
      .join(',')
  }

  /** The clock value at which the invariant of the state ends; undefined without one, or where it has no value. */
  limit(moment: Moment): number | undefined {
    const invariant = this.automaton.invariants[moment.state]
    const limit = this.#sideWith(moment.values).limits[moment.state]
    if (limit === undefined || limitNames(invariant).some((name) => !moment.values.has(name))) {
      return undefined
    }
    // A side has the last value of the clock that passes.
    return this.clockKind === 'jiffies' ? limit + 1 : limit
  }

  /** When the invariant of a state that is entered ends; undefined where its limit has no value. */
  #timer(moment: Moment): number | undefined {
    const length = this.limit(moment)
    // A clock that was never reset has all of its time left.
    return length === undefined ? undefined : (moment.epoch ?? moment.now) + length
  }

  /** The automaton with the moment's values in its guards; made anew only where one has changed. */
  #sideWith(values: Moment['values']): Side {
    if (this.#side?.values !== values) {
      this.#side = { values, side: sideOf(this.automaton, new Uint8Array(), values) }
    }
    return this.#side.side
  }
}

function limitNames(c: Constraint | undefined): string[] {
  const symbol = c && symbolName(c)
  return symbol === undefined ? [] : [symbol]
}
