import type { Automaton } from '../model/automaton'
import { createStorage, type DaStorage } from './da-storage'
import type {
  EngineCore,
  MonitorClass,
  MonitorDefinition,
  MonitorDriver,
  RvMonitor
} from './monitor'
import { ProbeSet, type Handler } from './rules'
import { HANDLE_EVENT, INITIAL, NOT_MONITORING, step, VIOLATION, type Call } from './step'

/** A deterministic automaton monitor (include/rv/da_monitor.h). */
class DaDriver implements MonitorDriver, Handler {
  private readonly automaton: Automaton
  private readonly table: Int16Array
  private readonly events: number
  private readonly storage: DaStorage
  private readonly probes: ProbeSet
  /** Reaction messages by state and event: a violation makes no string twice. */
  private readonly messages: string[] = []

  constructor(
    private readonly core: EngineCore,
    private readonly monitor: RvMonitor,
    definition: MonitorDefinition
  ) {
    this.automaton = definition.automaton
    this.table = this.automaton.table
    this.events = this.automaton.events.length
    this.storage = createStorage(definition.instrumentation.type, core)
    this.probes = new ProbeSet(definition, core.bus, this)
  }

  enable(): void {
    this.storage.init()
    this.probes.attach()
  }

  disable(): void {
    this.probes.detach()
    this.storage.destroy()
  }

  readonly reset = (): void => this.storage.resetAll()

  stateOf(key: number): number {
    const at = this.storage.locate(key, false)
    return at < 0 ? NOT_MONITORING : (this.storage.state[at] ?? NOT_MONITORING)
  }

  currentCpu(): number {
    return this.core.host.currentCpu()
  }

  handle(call: Call, event: number, key: number): void {
    if (!this.core.switches.monitoringOn || !this.monitor.enabled || this.core.halted) return
    const at = this.storage.locate(key, call !== HANDLE_EVENT)
    if (at < 0) return
    const { state } = this.storage
    const before = Math.max(state[at] ?? INITIAL, INITIAL)
    const next = step(this.table, this.events, state, at, event, call)
    if (next >= 0) {
      const { host } = this.core
      host.trace.event(this.monitor.index, this.storage.idOf(key), before, event, next)
    } else if (next === VIOLATION) {
      this.violation(key, at, before, event)
    }
  }

  /** da_event() on an invalid transition: react, then the error_ event, then the reset. */
  private violation(key: number, at: number, state: number, event: number): void {
    const { core, monitor, storage } = this
    core.react(monitor, this.message(state, event))
    if (core.halted) return
    core.host.trace.error(monitor.index, storage.idOf(key), state, event)
    storage.state[at] = NOT_MONITORING
  }

  private message(state: number, event: number): string {
    return (this.messages[state * this.events + event] ??=
      `rv: monitor ${this.monitor.name} does not allow event ` +
      `${this.automaton.events[event] ?? 'INVALID'} on state ${this.automaton.states[state] ?? 'INVALID'}\n`)
  }
}

/** Deterministic automata: what dot2c and rvgen make of a model without guards. */
export const deterministicAutomata: MonitorClass = {
  title: 'deterministic automata',
  accepts: ({ automaton }) => automaton.kind === 'da',
  create: (monitor, definition, core) => new DaDriver(core, monitor, definition)
}
