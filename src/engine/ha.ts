import type { Automaton, Comparison } from '../model/automaton'
import type { HybridParts } from '../model/instrumentation'
import { AutomatonDriver, type AutomatonHooks } from './automaton-driver'
import type { DaStorage } from './da-storage'
import { Errno } from './errno'
import { expressionScope, NO_ARGS, type InstanceCell } from './expressions'
import { grown } from './grow'
import { armInvariant, below, clockValue, invariantHolds, NEVER } from './ha-clocks'
import { compileHybrid, type HybridCondition, type HybridGuard, type HybridModel } from './ha-model'
import type { EngineCore, MonitorClass, RvMonitor } from './monitor'
import { tracepointOf } from './rules'
import { NOT_MONITORING } from './step'
import type { TimerOwner } from './timers'
import type { Probe } from './tracepoints'

/** What trace lines get as the event of a timeout; its label is `none`. */
const EVENT_NONE = -1
/** ENV_BUFFER_SIZE with its final NUL. */
const ENV_BUFFER_SIZE = 64
const NO_TIMER = -1

/** Environment, guards, invariants and timers of a hybrid automaton (include/rv/ha_monitor.h). */
class HybridConstraints implements AutomatonHooks, TimerOwner, Probe {
  private readonly model: HybridModel
  private readonly events: number
  private readonly wheel: boolean
  private readonly stored: boolean
  private readonly usesNs: boolean
  private readonly usesJiffies: boolean
  private readonly cell: InstanceCell = { key: 0 }
  private readonly exitTracepoint: number
  private readonly exitField: number
  /** When the clock of each instance was reset, in its unit. */
  private epochs = new Float64Array(64).fill(NEVER)
  private timers = new Int32Array(64).fill(NO_TIMER)

  /** @throws Errno EINVAL where the model names what nothing defines */
  constructor(
    private readonly core: EngineCore,
    private readonly monitor: RvMonitor,
    private readonly automaton: Automaton,
    parts: HybridParts,
    parameters: readonly string[],
    private readonly storage: DaStorage
  ) {
    const scope = expressionScope({ ...core, monitor: monitor.name }, undefined, this.cell)
    this.model = compileHybrid(automaton, parts, scope, parameters)
    this.events = automaton.events.length
    this.wheel = parts.timer === 'wheel'
    this.stored = automaton.storedEnvs > 0
    this.usesNs = this.model.envs.some(({ kind }) => kind === 'ns')
    this.usesJiffies = this.model.envs.some(({ kind }) => kind === 'jiffies')
    this.exitTracepoint =
      monitor.type === 'per_task' ? tracepointOf(core, monitor.name, 'sched_process_exit') : -1
    this.exitField = core.bus.fieldIndex(this.exitTracepoint, 'p')
    storage.resetHook = (place) => this.cancel(place)
  }

  enabled(): void {
    if (this.exitTracepoint >= 0) this.core.bus.attach(this.exitTracepoint, this)
  }

  /** The exit hook goes, and every timer: one that expired now would do nothing. */
  disabled(): void {
    if (this.exitTracepoint >= 0) this.core.bus.detach(this.exitTracepoint, this)
    for (let place = 0; place < this.timers.length; place++) {
      const timer = this.timers[place] ?? NO_TIMER
      if (timer !== NO_TIMER) this.core.timers.release(timer)
      this.timers[place] = NO_TIMER
    }
  }

  /** ha_handle_sched_process_exit() */
  run(args: Float64Array): void {
    const place = this.storage.locate(args[this.exitField] ?? -1, false)
    if (place >= 0) this.storage.reset(place)
  }

  /** Every clock is as if it had never been reset; the timer is not armed. */
  started(place: number): void {
    if (!this.stored) return
    if (place >= this.epochs.length) {
      this.epochs = grown(this.epochs, place, NEVER)
      this.timers = grown(this.timers, place, NO_TIMER)
    }
    this.epochs[place] = NEVER
  }

  /** Invariant of the old state, guard and reset of the transition, timer of the new state. */
  allows(place: number, key: number, state: number, event: number, next: number): boolean {
    const { host } = this.core
    const { guards, invariants, resetsInLoop } = this.model
    const ns = this.usesNs ? host.now() : 0
    const jiffies = this.usesJiffies ? host.jiffies() : 0
    this.cell.key = key
    const before = invariants[state]
    if (before !== undefined) {
      const now = before.kind === 'ns' ? ns : jiffies
      const limit = before.limit(NO_ARGS)
      if (!invariantHolds(before.kind, now, this.epochs[place] ?? NEVER, limit)) {
        return this.violated(place, key, state, event, ns, jiffies)
      }
    }
    const guard = guards[state * this.events + event]
    if (guard !== undefined) {
      const holds = this.holds(guard, place, ns, jiffies)
      // Also where the guard does not hold.
      if (guard.resets) this.epochs[place] = this.usesNs ? ns : jiffies
      if (!holds) return this.violated(place, key, state, event, ns, jiffies)
    }
    if (next === state && resetsInLoop[event] !== 1) return true
    const after = invariants[next]
    if (after !== undefined) {
      const now = after.kind === 'ns' ? ns : jiffies
      const limit = after.limit(NO_ARGS)
      const timer = this.timerOf(place)
      armInvariant(host, timer, this.wheel, after.kind, now, this.epochs[place] ?? NEVER, limit)
    } else if (before !== undefined) {
      this.cancel(place)
    }
    return true
  }

  /** The invariant's time is over. */
  timerExpired(place: number): void {
    const { core, storage } = this
    if (!this.handling()) return
    const state = storage.state[place] ?? NOT_MONITORING
    if (state < 0) return
    const key = storage.keyAt(place)
    this.cell.key = key
    this.violated(place, key, state, EVENT_NONE, core.host.now(), core.host.jiffies())
    if (!core.halted) storage.reset(place)
  }

  private handling(): boolean {
    const { halted, switches } = this.core
    return !halted && switches.monitoringOn && this.monitor.enabled
  }

  private holds(guard: HybridGuard, place: number, ns: number, jiffies: number): boolean {
    const { anyOf } = guard
    if (anyOf.length === 0) return true
    if (guard.stored.length > 0 && this.epochs[place] === NEVER) return true
    for (const all of anyOf) if (this.allHold(all, place, ns, jiffies)) return true
    return false
  }

  private allHold(
    all: readonly HybridCondition[],
    place: number,
    ns: number,
    jiffies: number
  ): boolean {
    for (const { env, op, value } of all) {
      if (!compares(this.valueOf(env, place, ns, jiffies), op, value(NO_ARGS))) {
        return false
      }
    }
    return true
  }

  /** ha_get_env() */
  private valueOf(env: number, place: number, ns: number, jiffies: number): number {
    const what = this.model.envs[env]
    if (what === undefined) return 0
    if (what.kind === 'computed') return what.value(NO_ARGS)
    return clockValue(what.kind === 'ns' ? ns : jiffies, this.epochs[place] ?? NEVER)
  }

  /** Reacts, then the error_env_ event. @returns false */
  private violated(
    place: number,
    key: number,
    state: number,
    event: number,
    ns: number,
    jiffies: number
  ): false {
    const { core, monitor, automaton, storage } = this
    const env = automaton.envs
      .map((name, index) => `${name}=${decimal(this.valueOf(index, place, ns, jiffies))}`)
      .join(',')
      .slice(0, ENV_BUFFER_SIZE - 1)
    if (core.reacts(monitor)) {
      const label = event === EVENT_NONE ? 'none' : (automaton.events[event] ?? 'INVALID')
      core.react(
        monitor,
        `rv: monitor ${monitor.name} does not allow event ${label} on state ` +
          `${automaton.states[state] ?? 'INVALID'} with env ${env}\n`
      )
    }
    if (!core.halted) {
      core.host.trace.errorEnv(monitor.index, storage.idOf(key), state, event, env)
    }
    return false
  }

  private timerOf(place: number): number {
    const timer = this.timers[place] ?? NO_TIMER
    if (timer !== NO_TIMER) return timer
    return (this.timers[place] = this.core.timers.allocate(this, place))
  }

  private cancel(place: number): void {
    const timer = this.timers[place] ?? NO_TIMER
    if (timer !== NO_TIMER) this.core.host.timers.cancel(timer)
  }
}

function compares(left: number, op: Comparison, right: number): boolean {
  switch (op) {
    case '==':
      return left === right
    case '!=':
      return left !== right
    case '<':
      return below(left, right)
    case '<=':
      return !below(right, left)
    case '>':
      return below(right, left)
    case '>=':
      return !below(left, right)
  }
}

/** %llu. NaN, which no host should give, is 0. */
const decimal = (value: number): string =>
  BigInt.asUintN(64, BigInt(Math.trunc(value) || 0)).toString()

/** Hybrid automata: deterministic ones with an environment, guards and invariants. */
export const hybridAutomata: MonitorClass = {
  title: 'hybrid automata',
  accepts: ({ automaton }) => automaton?.kind === 'ha',
  create: (monitor, definition, core) => {
    const { automaton, instrumentation } = definition
    const { hybrid, parameters } = instrumentation
    if (automaton === undefined || hybrid === undefined) {
      throw new Errno('EINVAL', `monitor ${monitor.name}: its environment is not described`)
    }
    const driver = new AutomatonDriver(core, monitor, automaton, definition)
    const names = parameters.map(({ name }) => name)
    driver.setHooks(new HybridConstraints(core, monitor, automaton, hybrid, names, driver.storage))
    return driver
  }
}
