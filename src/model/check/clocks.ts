import type { Automaton, Constraint, Transition } from '../automaton'
import type { Built, Places } from '../dot/build'
import type { Doubts } from '../dot/doubts'
import { quoted } from '../findings'
import type { Findings, Span } from '../findings'
import { clockKind, printConstraint } from '../labels'
import { envUses } from './env-places'
import { reachable } from './graph'
import { GuardLogic, MAX_VALUE, alternatives, exactValue } from './guards'
import type { Conjunction } from './guards'

/** More stored variables than these make the model wrong enough. */
const MAX_STORED = 4

/** Guards, invariants and clocks of a hybrid automaton. */
export function checkClocks(built: Built, findings: Findings): void {
  if (built.automaton.kind === 'ha') new ClockChecks(built, findings).run()
}

class ClockChecks {
  readonly #automaton: Automaton
  readonly #places: Places
  readonly #doubts: Doubts
  /** Whether what a variable seems to lack is not in something that could not be read. */
  readonly #isWhole: boolean
  readonly #findings: Findings
  readonly #logic: GuardLogic
  readonly #stored: ReadonlySet<string>
  /** Those of which the resets do not all contradict others. */
  readonly #surelyStored: ReadonlySet<string>
  /** Those of the stored variables that are looked at one by one; the kernel takes a single one. */
  readonly #few: readonly string[]

  constructor(built: Built, findings: Findings) {
    const { automaton, places, doubts } = built
    this.#automaton = automaton
    this.#places = places
    this.#doubts = doubts
    this.#isWhole = doubts.isWhole && !doubts.links.some((l) => l.isBare === true)
    this.#findings = findings
    this.#logic = new GuardLogic(automaton)
    this.#stored = new Set(automaton.envs.slice(0, automaton.storedEnvs))
    const sure = automaton.transitions.filter((t) => !doubts.contested.has(t))
    this.#surelyStored = new Set(sure.flatMap((t) => t.guard?.reset ?? []))
    this.#few = [...this.#stored].filter((e) => this.#surelyStored.has(e)).slice(0, MAX_STORED)
  }

  run(): void {
    const { transitions, invariants } = this.#automaton
    invariants.forEach((c, state) => {
      if (c !== undefined) this.#invariant(c, this.#invariantPlace(state))
    })
    const notReset = new Map([...this.#few].map((env) => [env, this.#statesBeforeReset(env)]))
    transitions.forEach((t, i) => {
      const at = this.#places.transitions[i] ?? this.#places.head
      const { guard } = t
      if (guard !== undefined && guard.constraints.length > 0) {
        for (const c of guard.constraints) this.#value(c, at, false)
        this.#mixedJoins(t, at)
        if (!this.#ownCondition(t, at)) return
        this.#beforeReset(t, at, notReset)
      }
      this.#againstInvariants(t, at)
    })
    this.#started(notReset)
    this.#environment()
  }

  #invariantPlace(state: number): Span {
    return this.#places.invariants[state] ?? this.#places.states[state] ?? this.#places.head
  }

  #invariant(c: Constraint, at: Span): void {
    this.#value(c, at, true)
    // A limit of nothing has passed when the state is entered.
    if (exactValue(c) === 0n) {
      this.#findings.warning(
        'invariant-never-holds',
        at,
        `The limit of ${quoted(printConstraint(c))} is 0, so it has passed as soon as the state is entered; expected a longer time.`
      )
    }
  }

  #value(c: Constraint, at: Span, isInvariant: boolean): void {
    const exact = exactValue(c)
    if (exact !== undefined && exact > MAX_VALUE) {
      this.#findings.warning(
        'value-too-large',
        at,
        `The value of ${quoted(printConstraint(c))} does not fit in 64 bits; expected at most ${MAX_VALUE}.`
      )
    }
    const scaled = c.unit === 'us' || c.unit === 'ms' || c.unit === 's'
    if (!isInvariant && scaled && c.value.kind !== 'literal') {
      this.#findings.warning(
        'symbolic-unit',
        at,
        `rvgen compares with ${quoted(c.value.text)} as it is and does not convert it from ${c.unit}; expected a name that ends in _ns or _jiffies, and no unit.`
      )
    }
  }

  #mixedJoins({ guard }: Transition, at: Span): void {
    if (guard === undefined) return
    if (!guard.joins.includes('&&') || !guard.joins.includes('||')) return
    const read = alternatives(guard)
      .map((c) => (c.length === 1 ? printAll(c) : `(${printAll(c)})`))
      .join(' || ')
    this.#findings.note(
      'mixed-and-or',
      at,
      `\`&&\` binds tighter than \`||\`: this is ${quoted(read)}; a guard has no parentheses.`
    )
  }

  /** Whether the guard is worth comparing with anything else. */
  #ownCondition({ guard, event, from }: Transition, at: Span): boolean {
    if (guard === undefined) return true
    const { events, states } = this.#automaton
    const parts = alternatives(guard)
    const dead = parts.filter((c) => !this.#logic.canHold(c))
    const [first] = dead
    if (first === undefined) {
      if (this.#logic.alwaysHolds(guard)) {
        this.#findings.note('guard-always-holds', at, 'This guard always holds; expected none.')
      }
      return true
    }
    const all = dead.length === parts.length
    this.#findings.warning(
      all ? 'guard-never-holds' : 'guard-part-never-holds',
      at,
      all
        ? `This guard can never hold: every ${quoted(events[event] ?? '')} in ${quoted(states[from] ?? '')} is a violation.`
        : `The part ${quoted(printAll(first))} of this guard can never hold.`
    )
    return !all
  }

  /** What holds while in the state: the kernel asks for less or equal of ns, and for less of jiffies. */
  #invariantOf(state: number): Constraint | undefined {
    const c = this.#automaton.invariants[state]
    return c && { ...c, op: clockKind(c) === 'jiffies' ? '<' : '<=' }
  }

  #againstInvariants(t: Transition, at: Span): void {
    const { states } = this.#automaton
    const own = this.#invariantOf(t.from)
    const parts = alternatives(t.guard)
    const can = (more: readonly (Constraint | undefined)[]): boolean =>
      parts.some((c) => this.#logic.canHold([...c, ...more.filter((m) => m !== undefined)]))
    if (own !== undefined && !can([own])) {
      this.#findings.warning(
        'guard-against-invariant',
        at,
        `This guard and the invariant ${quoted(this.#printInvariant(t.from))} of ${quoted(states[t.from] ?? '')} never hold at once, so the transition is never taken.`
      )
      return
    }
    const next = this.#invariantOf(t.to)
    if (next === undefined || next.env === t.guard?.reset || t.to === t.from) return
    if (can([own, next])) return
    this.#findings.warning(
      'expired-invariant',
      at,
      `The invariant ${quoted(this.#printInvariant(t.to))} of ${quoted(states[t.to] ?? '')} has expired when this transition enters it; expected \`reset(${next.env})\` here, or another limit.`
    )
  }

  #printInvariant(state: number): string {
    const c = this.#automaton.invariants[state]
    return c === undefined ? '' : printConstraint(c)
  }

  /** States that are known to be reached without a reset of the clock; monitoring starts without one. */
  #statesBeforeReset(env: string): ReadonlySet<number> {
    const { states, transitions } = this.#automaton
    const { initial, contested } = this.#doubts
    if (initial.length !== 1) return new Set()
    const sure = transitions.filter((t) => t.guard?.reset !== env && !contested.has(t))
    return reachable({ states, transitions: sure }, initial, 'forwards')
  }

  #beforeReset(
    { guard, from }: Transition,
    at: Span,
    notReset: ReadonlyMap<string, ReadonlySet<number>>
  ): void {
    const env = guard?.constraints.find((c) => notReset.get(c.env)?.has(from) === true)?.env
    if (env === undefined) return
    this.#findings.note(
      'guard-before-reset',
      at,
      `${quoted(env)} may not have been reset yet in ${quoted(this.#automaton.states[from] ?? '')}: until then the whole guard counts as true.`
    )
  }

  /** A jiffy clock that was never reset is far past every limit; one of ns passes. */
  #started(notReset: ReadonlyMap<string, ReadonlySet<number>>): void {
    const { invariants, states } = this.#automaton
    invariants.forEach((c, state) => {
      if (c === undefined || clockKind(c) !== 'jiffies') return
      if (notReset.get(c.env)?.has(state) !== true) return
      this.#findings.warning(
        'clock-not-started',
        this.#invariantPlace(state),
        `${quoted(states[state] ?? '')} can be reached before ${quoted(c.env)} was ever reset, and a clock of jiffies is past its limit then; expected \`reset(${c.env})\` on every way to it.`
      )
    })
  }

  #environment(): void {
    const { envs, envKinds } = this.#automaton
    const uses = envUses(this.#automaton)
    envs.forEach((env, i) => {
      if (!this.#isWhole || this.#doubts.unread.has(env)) return
      const { invariant, guard, reset } = uses.get(env) ?? {}
      const at =
        invariant !== undefined
          ? this.#invariantPlace(invariant)
          : (this.#places.transitions[guard ?? reset ?? -1] ?? this.#places.head)
      const isBounded = invariant !== undefined
      const isStored = this.#stored.has(env)
      const isCompared = isBounded || guard !== undefined
      if (isStored && !isCompared) {
        this.#findings.note(
          'clock-never-compared',
          at,
          `${quoted(env)} is reset and never compared: it takes storage for nothing.`
        )
      } else if (!isStored && isBounded) {
        this.#findings.warning(
          'clock-never-reset',
          at,
          `${quoted(env)} has a limit here, but no transition resets it; expected \`reset(${env})\` where the time begins.`
        )
      } else if (!isStored && envKinds[i] !== undefined) {
        this.#findings.note(
          'unit-without-reset',
          at,
          `${quoted(env)} has a unit of time, but no transition resets it: rvgen takes it for a clock; expected \`reset(${env})\` where the time begins.`
        )
      }
      if ((this.#surelyStored.has(env) || isBounded) && isCompared && envKinds[i] === undefined) {
        this.#findings.warning(
          'clock-without-unit',
          at,
          `Nothing says what ${quoted(env)} counts, so rvgen leaves blanks for how to read and reset it; expected a unit (ns, us, ms, s or j), or a value whose name ends in _ns or _jiffies.`
        )
      }
    })
    this.#substrings()
  }

  /** rvgen looks for the names of stored variables anywhere in the C code of a guard. */
  #substrings(): void {
    const { name, transitions } = this.#automaton
    const reported = new Set<string>()
    transitions.forEach(({ guard }, i) => {
      if (guard === undefined || guard.constraints.length === 0) return
      const code = guard.constraints
        .map((c) => `ha_get_env(ha_mon, ${c.env}_${name}, time_ns) ${c.value.text}`)
        .join(' ')
      for (const env of this.#few) {
        if (reported.has(env) || guard.constraints.some((c) => c.env === env)) continue
        if (!code.includes(env)) continue
        reported.add(env)
        this.#findings.warning(
          'env-in-other-name',
          this.#places.transitions[i] ?? this.#places.head,
          `rvgen finds the letters of ${quoted(env)} in the code of this guard and takes the guard for true until ${quoted(env)} was reset; expected a name that no other one contains, such as \`clk\`.`
        )
      }
    })
  }
}

function printAll(conjunction: Conjunction): string {
  return conjunction.map(printConstraint).join(' && ')
}
