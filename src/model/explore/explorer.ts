import type { Automaton, ClockKind } from '../automaton'
import { INVALID } from '../automaton'
import { closest, quoted } from '../findings'
import { startCalls } from '../gen/start-events'
import type { HandlerCall } from '../instrumentation'
import { printConstraint, printGuard } from '../labels'
import { duration } from '../ops/hybrid/compare'
import { Machine } from './machine'
import type { Moment } from './machine'
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

/**
 * Steps through an automaton as a kernel's monitor does (include/rv/da_monitor.h and ha_monitor.h):
 * the invariant of the old state first, then the guard, then the reset, and the timer of the new
 * state. Begins in the initial state, monitoring. After a violation the instance waits for an event
 * that starts it; which ones do is rvgen's guess from the model.
 */
export class AutomatonExplorer {
  readonly automaton: Automaton
  readonly #machine: Machine
  readonly #starts: readonly HandlerCall[]
  readonly #history: History<Moment>

  /** @throws OperationFailure for a model that no kernel would run: one with two clocks */
  constructor(automaton: Automaton) {
    this.automaton = automaton
    this.#machine = new Machine(automaton)
    this.#starts = startCalls(automaton)
    this.#history = new History<Moment>({ ...BEGINNING, values: new Map() })
  }

  /** Names that assign() takes: environment variables, constants and parameters, and the clock. */
  get names(): readonly string[] {
    const { names, clock } = this.#machine
    return [...names, ...(clock === undefined ? [] : [clock])]
  }

  /** What was done up to now. */
  get actions(): readonly string[] {
    return this.#history.actions
  }

  get position(): Position {
    const moment = this.#history.now
    const { state, now, violation } = moment
    const { clock, clockKind } = this.#machine
    const invariant = this.automaton.invariants[state]
    return {
      state: this.automaton.states[state],
      final: this.automaton.final[state] === true,
      invariant: invariant && printConstraint(invariant),
      violation: state === INVALID ? violation : undefined,
      time: clock === undefined ? undefined : duration(now, clockKind),
      env: this.#machine.environment(moment)
    }
  }

  /** Events that may start an instance that waits. */
  get startEvents(): readonly string[] {
    return this.automaton.events.filter((_, e) => this.#starts[e] !== 'handle_event')
  }

  /** Every event of the model, in its order. */
  events(): EventOption[] {
    const moment = this.#history.now
    const { state } = moment
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
      const found = this.#machine.transition(state, e)
      if (found === undefined) return { event, to: undefined, guard: undefined, allowed: false }
      return {
        event,
        to: automaton.states[found.to],
        guard: found.guard && printGuard(found.guard),
        allowed:
          this.#machine.unknown(e, moment) === undefined
            ? this.#machine.allows(e, moment)
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
    const moment = this.#history.now
    if (moment.state !== INVALID) return this.#step(e, moment)
    if (this.#starts[e] === 'handle_event') {
      this.#history.add(event, moment)
      return { kind: 'ignored', lines: [`${event} is ignored: it starts no monitoring`] }
    }
    const started = { ...moment, ...BEGINNING, now: moment.now }
    if (this.#starts[e] === 'handle_start_run_event') return this.#step(e, started)
    this.#history.add(event, started)
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
    const moment = this.#history.now
    const { clockKind } = this.#machine
    const action = `wait ${duration(amount, clockKind)}`
    const then = { ...moment, now: moment.now + amount }
    const { deadline } = moment
    // In ns the value of the limit itself still passes.
    if (deadline !== undefined && then.now >= deadline + (clockKind === 'ns' ? 1 : 0)) {
      return this.#violate(action, 'none', { ...moment, now: deadline }, then, true)
    }
    this.#history.add(action, then)
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
    const { clock, names } = this.#machine
    const action = `env ${name}=${value}`
    if (name === clock) {
      this.#history.add(action, this.#machine.withClock(value, moment))
      return { kind: 'changed', lines: [] }
    }
    if (!names.has(name)) {
      const known = this.names
      throw new ExploreFailure(
        `${this.automaton.name} has no variable ${quoted(name)}; expected ${known.length === 0 ? 'none' : `one of ${known.join(', ')}`}.`
      )
    }
    this.#history.add(action, {
      ...moment,
      values: new Map([...moment.values, [name, value]])
    })
    return { kind: 'changed', lines: [] }
  }

  /** The value of one of `names`; undefined where it has none yet, or the clock was never reset. */
  valueOf(name: string): number | undefined {
    const { values, now, epoch } = this.#history.now
    if (name !== this.#machine.clock) return values.get(name)
    return epoch === undefined ? undefined : now - epoch
  }

  /** The timer of the state's invariant, in what the clock counts; undefined where none is armed. */
  get timer(): { readonly left: number; readonly length: number } | undefined {
    const { now, deadline } = this.#history.now
    const length = this.#machine.limit(this.#history.now)
    if (deadline === undefined || length === undefined) return undefined
    return { left: Math.max(0, deadline - now), length }
  }

  /** What the clock counts; undefined without a clock. */
  get clock(): { readonly name: string; readonly kind: ClockKind } | undefined {
    const { clock, clockKind } = this.#machine
    return clock === undefined ? undefined : { name: clock, kind: clockKind }
  }

  /** Back to the initial state at time 0; values stay. Can be undone. */
  reset(): void {
    this.#history.add('reset', { ...this.#history.now, ...BEGINNING })
  }

  /** @returns what was undone; undefined where nothing was done */
  undo(): string | undefined {
    return this.#history.undo()
  }

  /** @returns what was done again; undefined where nothing was undone */
  redo(): string | undefined {
    return this.#history.redo()
  }

  #step(e: number, moment: Moment): Outcome {
    const { automaton } = this
    const event = automaton.events[e] ?? ''
    const next = this.#machine.transition(moment.state, e)?.to
    if (next === undefined) return this.#violate(event, event, moment, moment, false)
    const unknown = this.#machine.unknown(e, moment)
    if (unknown !== undefined) {
      throw new ExploreFailure(
        `Whether ${event} is allowed depends on ${unknown}, which has no value; give it one (env ${unknown}=N).`,
        unknown
      )
    }
    if (!this.#machine.allows(e, moment)) return this.#violate(event, event, moment, moment, true)
    this.#history.add(event, this.#machine.behind(e, next, moment))
    const [from, to] = [automaton.states[moment.state] ?? '', automaton.states[next] ?? '']
    const final = automaton.final[next] === true ? ' (final)' : ''
    return {
      kind: 'moved',
      lines: [`event_${automaton.name}: ${from} x ${event} -> ${to}${final}`]
    }
  }

  /**
   * @param at the moment of the violation
   * @param then the moment when the action is over, but for the violation
   * @param isConstraint a guard or an invariant, and not a missing transition
   */
  #violate(
    action: string,
    event: string,
    at: Moment,
    then: Moment,
    isConstraint: boolean
  ): Outcome {
    const { name, states } = this.automaton
    const state = states[at.state] ?? ''
    const env = isConstraint ? ` with env ${this.#machine.environment(at)}` : ''
    const violation = `rv: monitor ${name} does not allow event ${event} on state ${state}${env}`
    this.#history.add(action, { ...then, ...BEGINNING, now: then.now, state: INVALID, violation })
    const starts = this.startEvents
    return {
      kind: 'violation',
      lines: [
        violation,
        `${isConstraint ? 'error_env' : 'error'}_${name}: event ${event} not expected in the state ${state}${env}`,
        starts.length === 0
          ? 'The instance waits; no event of the model starts it.'
          : `The instance waits for an event that starts it: ${starts.join(', ')}.`
      ]
    }
  }
}

/** In the initial state, with a clock that was never reset. */
const BEGINNING: Omit<Moment, 'values'> = {
  state: 0,
  now: 0,
  epoch: undefined,
  deadline: undefined,
  violation: undefined
}
