import type { Automaton, ClockKind, Constraint } from '../automaton'
import { INVALID } from '../automaton'
import { closest, quoted } from '../findings'
import { startCalls } from '../gen/start-events'
import { printConstraint, printGuard } from '../labels'
import { clockOf, holds, sideOf } from '../ops/hybrid/side'
import type { Side, SideGuard } from '../ops/hybrid/side'
import { duration } from '../ops/hybrid/compare'
import { constraintsOf, symbolName } from '../ops/hybrid/values'
import { ExploreFailure, History } from './moves'
import type { Outcome } from './moves'

/** What may be done in the present state. */
export interface EventOption {
  readonly event: string
  /** Where it leads; undefined where the model has no transition for it, which is a violation. */
  readonly to: string | undefined
  /** As written; undefined where it has none. */
  readonly guard: string | undefined
  /** Whether the monitor takes it now; undefined where a value that the guard asks is not known. */
  readonly allowed: boolean | undefined
}

/** Where the exploration is. */
export interface Position {
  /** Undefined after a violation: the instance waits for an event that starts it. */
  readonly state: string | undefined
  readonly final: boolean
  /** What must hold to stay, as written. */
  readonly invariant: string | undefined
  /** The message of the violation that ended the last run. */
  readonly violation: string | undefined
  /** Time since the beginning, in what the clock counts; undefined without a clock. */
  readonly time: string | undefined
  /** Environment variables with their values, as in a trace event. */
  readonly env: string
}

/** All that changes, as one value. */
interface Moment {
  /** INVALID: not monitoring. */
  readonly state: number
  readonly now: number
  /** When the clock was reset; undefined: never. */
  readonly epoch: number | undefined
  /** When the timer of the state's invariant expires; undefined: it is not armed. */
  readonly deadline: number | undefined
  readonly violation: string | undefined
  /** Environment variables, and the values of constants and parameters. */
  readonly values: ReadonlyMap<string, number>
}

/**
 * Steps through an automaton as a kernel's monitor does (include/rv/da_monitor.h and ha_monitor.h):
 * the invariant of the old state first, then the guard, then the reset, and the timer of the new
 * state. Begins in the initial state, monitoring. After a violation the instance waits for an event
 * that starts it; which ones do is rvgen's guess from the model.
 */
export class AutomatonExplorer {
  readonly automaton: Automaton
  readonly #clock: string | undefined
  readonly #clockKind: ClockKind
  readonly #names: ReadonlySet<string>
  readonly #starts: readonly string[]
  readonly #history: History<Moment>
  #made: { readonly values: Moment['values']; readonly side: Side } | undefined

  /** @throws OperationFailure for a model that no kernel would run: one with two clocks */
  constructor(automaton: Automaton) {
    this.automaton = automaton
    this.#clock = clockOf(automaton)
    this.#clockKind = automaton.envKinds[0] ?? 'ns'
    this.#names = new Set([
      ...automaton.envs.filter((env) => env !== this.#clock),
      ...constraintsOf(automaton).flatMap((c) => symbolName(c) ?? [])
    ])
    this.#starts = startCalls(automaton)
    this.#history = new History({
      state: 0,
      now: 0,
      epoch: undefined,
      deadline: undefined,
      violation: undefined,
      values: new Map()
    })
  }

  /** Names that assign() takes: environment variables, constants and parameters, and the clock. */
  get names(): readonly string[] {
    return [...this.#names, ...(this.#clock === undefined ? [] : [this.#clock])]
  }

  /** What was done up to now. */
  get actions(): readonly string[] {
    return this.#history.actions
  }

  get position(): Position {
    const { state, now, violation } = this.#history.now
    const invariant = this.automaton.invariants[state]
    return {
      state: this.automaton.states[state],
      final: this.automaton.final[state] === true,
      invariant: invariant && printConstraint(invariant),
      violation: state === INVALID ? violation : undefined,
      time: this.#clock === undefined ? undefined : duration(now, this.#clockKind),
      env: this.#environment()
    }
  }

  /** Events that may start an instance that waits. */
  get startEvents(): readonly string[] {
    return this.automaton.events.filter((_, e) => this.#starts[e] !== 'handle_event')
  }

  /** Every event of the model, in its order. */
  events(): EventOption[] {
    const { state } = this.#history.now
    const { automaton } = this
    return automaton.events.map((event, e) => {
      if (state === INVALID) {
        const starts = this.#starts[e] !== 'handle_event'
        return {
          event,
          to: starts ? automaton.states[0] : undefined,
          guard: undefined,
          allowed: starts
        }
      }
      const found = automaton.transitions.find((t) => t.from === state && t.event === e)
      if (found === undefined) return { event, to: undefined, guard: undefined, allowed: false }
      return {
        event,
        to: automaton.states[found.to],
        guard: found.guard && printGuard(found.guard),
        allowed:
          this.#unknown(this.#asked(state, e, this.#history.now)) === undefined
            ? this.#allows(this.#side(), state, e)
            : undefined
      }
    })
  }

  /**
   * The event happens.
   *
   * @throws ExploreFailure for an event that the model does not have, or where a guard asks a value that is not known
   */
  take(event: string): Outcome {
    const { automaton } = this
    const e = automaton.events.indexOf(event)
    if (e < 0) {
      const near = closest(event, automaton.events)
      throw new ExploreFailure(
        `${automaton.name} has no event ${quoted(event)}; expected one of ${automaton.events.join(', ')}.${near === undefined ? '' : ` Did you mean ${near}?`}`
      )
    }
    const { state } = this.#history.now
    if (state !== INVALID) return this.#step(state, e)
    if (this.#starts[e] === 'handle_event') {
      this.#add(event, {})
      return { kind: 'ignored', lines: [`${event} is ignored: it starts no monitoring`] }
    }
    const started = { state: 0, epoch: undefined, deadline: undefined, violation: undefined }
    if (this.#starts[e] === 'handle_start_run_event') return this.#step(0, e, started)
    this.#add(event, started)
    return {
      kind: 'started',
      lines: [`${event} starts the monitor in ${automaton.states[0] ?? ''}; it is no step itself`]
    }
  }

  /**
   * Time passes, and the timer of an invariant may expire; where the limit was not known when the
   * state was entered, there is none.
   *
   * @param amount in what the clock counts: ns or jiffies
   */
  wait(amount: number): Outcome {
    const { now, deadline } = this.#history.now
    const action = `wait ${duration(amount, this.#clockKind)}`
    if (deadline !== undefined && now + amount >= deadline) {
      // The timer is at the limit; in ns the value of the limit itself still passes.
      const over = this.#clockKind === 'ns' ? deadline + 1 : deadline
      if (now + amount >= over) {
        return this.#violate(action, undefined, { now: now + amount }, deadline)
      }
    }
    this.#add(action, { now: now + amount })
    return { kind: 'changed', lines: [] }
  }

  /**
   * Gives a name a value, or the clock one: then it is as if it had been reset so long ago.
   *
   * @throws ExploreFailure for a name that the model does not have, or a value that is no whole number
   */
  assign(name: string, value: number): Outcome {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new ExploreFailure(`${name} is a whole number from 0 on; got ${value}.`)
    }
    const moment = this.#history.now
    if (name === this.#clock) {
      const now = Math.max(moment.now, value)
      const limit = this.#side().limits[moment.state]
      const timed = moment.deadline !== undefined && limit !== undefined
      this.#add(`env ${name}=${value}`, {
        now,
        epoch: now - value,
        deadline: timed ? now - value + this.#length(limit) : moment.deadline
      })
      return { kind: 'changed', lines: [] }
    }
    if (!this.#names.has(name)) {
      const known = this.names
      throw new ExploreFailure(
        `${this.automaton.name} has no variable ${quoted(name)}; expected ${known.length === 0 ? 'none' : `one of ${known.join(', ')}`}.`
      )
    }
    this.#add(`env ${name}=${value}`, { values: new Map([...moment.values, [name, value]]) })
    return { kind: 'changed', lines: [] }
  }

  /** The value of one of `names`; undefined where it has none yet, or the clock was never reset. */
  valueOf(name: string): number | undefined {
    const { values, now, epoch } = this.#history.now
    if (name !== this.#clock) return values.get(name)
    return epoch === undefined ? undefined : now - epoch
  }

  /** The timer of the state's invariant, in what the clock counts; undefined where none is armed. */
  get timer(): { readonly left: number; readonly length: number } | undefined {
    const { state, now, deadline } = this.#history.now
    const limit = this.#side().limits[state]
    if (deadline === undefined || limit === undefined) return undefined
    return { left: Math.max(0, deadline - now), length: this.#length(limit) }
  }

  /** What the clock counts; undefined without a clock. */
  get clock(): { readonly name: string; readonly kind: ClockKind } | undefined {
    return this.#clock === undefined ? undefined : { name: this.#clock, kind: this.#clockKind }
  }

  /** Back to the initial state at time 0; values stay. Can be undone. */
  reset(): void {
    this.#add('reset', {
      state: 0,
      now: 0,
      epoch: undefined,
      deadline: undefined,
      violation: undefined
    })
  }

  /** @returns what was undone; undefined where nothing was done */
  undo(): string | undefined {
    return this.#history.undo()
  }

  /** @returns what was done again; undefined where nothing was undone */
  redo(): string | undefined {
    return this.#history.redo()
  }

  #step(state: number, e: number, started: Partial<Moment> = {}): Outcome {
    const { automaton } = this
    const event = automaton.events[e] ?? ''
    const next = automaton.table[state * automaton.events.length + e] ?? INVALID
    if (next === INVALID) return this.#violate(event, event, started, undefined, 'no transition')
    const before = { ...this.#history.now, ...started }
    const unknown = this.#unknown(this.#asked(state, e, before), before)
    if (unknown !== undefined) {
      throw new ExploreFailure(
        `Whether ${event} is allowed depends on ${unknown}, which has no value; give it one (env ${unknown}=N).`,
        unknown
      )
    }
    const side = this.#side()
    if (!this.#allows(side, state, e, before)) return this.#violate(event, event, started)
    const guard = side.guards.get(state * automaton.events.length + e)
    const epoch = guard?.resets === true ? before.now : before.epoch
    const deadline = this.#timer(side, state, e, next, { ...before, epoch })
    this.#add(event, { ...started, state: next, epoch, deadline })
    const [from, to] = [automaton.states[state] ?? '', automaton.states[next] ?? '']
    const final = automaton.final[next] === true ? ' (final)' : ''
    return {
      kind: 'moved',
      lines: [`event_${automaton.name}: ${from} x ${event} -> ${to}${final}`]
    }
  }

  /** When the timer expires behind a transition, as ha_setup_timer() of a generated monitor has it. */
  #timer(side: Side, from: number, event: number, to: number, moment: Moment): number | undefined {
    const inLoop = this.automaton.transitions.some(
      (t) => t.event === event && t.from === t.to && t.guard?.reset !== undefined
    )
    if (from === to && !inLoop) return moment.deadline
    const limit = side.limits[to]
    if (limit === undefined) return undefined
    if (this.#unknown(limitNames(this.automaton.invariants[to]), moment) !== undefined) {
      return undefined
    }
    // A clock that was never reset has all of its time left.
    return (moment.epoch ?? moment.now) + this.#length(limit)
  }

  /** The invariant's value as written: a side has the last value of the clock that passes. */
  #length(limit: number): number {
    return this.#clockKind === 'jiffies' ? limit + 1 : limit
  }

  #allows(side: Side, state: number, e: number, moment: Moment = this.#history.now): boolean {
    const clock = moment.epoch === undefined ? undefined : moment.now - moment.epoch
    const limit = side.limits[state]
    if (limit !== undefined) {
      if (clock === undefined ? this.#clockKind === 'jiffies' : clock > limit) return false
    }
    const guard: SideGuard | undefined = side.guards.get(state * this.automaton.events.length + e)
    if (guard === undefined) return true
    const environment = new Map(
      [...moment.values].map(([name, value]) => [name, { low: value, high: value }] as const)
    )
    return holds(guard, clock, environment)
  }

  /** Names whose values decide about an event. */
  #asked(state: number, e: number, moment: Moment): string[] {
    const { transitions, invariants } = this.automaton
    const names = limitNames(invariants[state])
    const guard = transitions.find((t) => t.from === state && t.event === e)?.guard
    const constraints = guard?.constraints ?? []
    const asksClock = constraints.some(({ env }) => env === this.#clock)
    // A guard that asks a clock which was never reset holds as a whole.
    if (asksClock && moment.epoch === undefined) return names
    for (const c of constraints) {
      if (c.env !== this.#clock) names.push(c.env)
      names.push(...limitNames(c))
    }
    return names
  }

  #unknown(names: readonly string[], moment: Moment = this.#history.now): string | undefined {
    return names.find((name) => !moment.values.has(name))
  }

  #violate(
    action: string,
    event: string | undefined,
    changes: Partial<Moment>,
    at?: number,
    why?: 'no transition'
  ): Outcome {
    const { automaton } = this
    const before = { ...this.#history.now, ...changes, ...(at !== undefined && { now: at }) }
    const state = automaton.states[before.state] ?? ''
    const label = event ?? 'none'
    const env = why === undefined ? ` with env ${this.#environment(before)}` : ''
    const message = `rv: monitor ${automaton.name} does not allow event ${label} on state ${state}${env}`
    const trace = why === undefined ? 'error_env' : 'error'
    this.#add(action, {
      ...changes,
      state: INVALID,
      epoch: undefined,
      deadline: undefined,
      violation: message
    })
    const starts = this.startEvents
    return {
      kind: 'violation',
      lines: [
        message,
        `${trace}_${automaton.name}: event ${label} not expected in the state ${state}${env}`,
        starts.length === 0
          ? 'The instance waits; no event of the model starts it.'
          : `The instance waits for an event that starts it: ${starts.join(', ')}.`
      ]
    }
  }

  /** As the kernel prints it; what is not known is `?`. A clock that was never reset shows one more than the time. */
  #environment(moment: Moment = this.#history.now): string {
    return this.automaton.envs
      .map((env) => {
        if (env !== this.#clock) return `${env}=${moment.values.get(env) ?? '?'}`
        return `${env}=${moment.epoch === undefined ? moment.now + 1 : moment.now - moment.epoch}`
      })
      .join(',')
  }

  /** With the present values in its guards; made anew only where a value changed. */
  #side(): Side {
    const { values } = this.#history.now
    if (this.#made?.values !== values) {
      this.#made = { values, side: sideOf(this.automaton, new Uint8Array(), values) }
    }
    return this.#made.side
  }

  #add(action: string, changes: Partial<Moment>): void {
    this.#history.add(action, { ...this.#history.now, ...changes })
  }
}

const limitNames = (c: Constraint | undefined): string[] => {
  const symbol = c && symbolName(c)
  return symbol === undefined ? [] : [symbol]
}
