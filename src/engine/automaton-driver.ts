import type { Automaton } from '../model/automaton'
import type { HandlerCall, InstrumentationRule, StorageCall } from '../model/instrumentation'
import { createStorage, type DaStorage } from './da-storage'
import { Errno } from './errno'
import type { InstanceCell } from './expressions'
import type { EngineCore, MonitorDefinition, MonitorDriver, RvMonitor } from './monitor'
import { ObjectStorage } from './object-storage'
import { ProbeSet, type Handler } from './rules'
import {
  HANDLE_EVENT,
  HANDLE_START_EVENT,
  HANDLE_START_RUN_EVENT,
  INITIAL,
  NOT_MONITORING,
  step,
  VIOLATION,
  type Call
} from './step'
import { StorageSeeds } from './storage-seeds'

/** What a class adds to the deterministic automaton (the da_monitor_*_hook of the kernel). */
export interface AutomatonHooks {
  /** Once the instances are there, before the first event. */
  enabled(): void
  /** After the last event, before the instances go. */
  disabled(): void
  /** An instance starts to monitor. */
  started(place: number): void
  /**
   * After the new state was stored.
   * @returns false where a constraint does not hold; that was reported, the instance is reset next
   */
  allows(place: number, key: number, state: number, event: number, next: number): boolean
}

const CALLS: Record<HandlerCall, Call> = {
  handle_event: HANDLE_EVENT,
  handle_start_event: HANDLE_START_EVENT,
  handle_start_run_event: HANDLE_START_RUN_EVENT
}

/** A rule ready to run: an event and how it is handled, or what is done with the storage. */
type Code =
  | { readonly storage: undefined; readonly call: Call; readonly event: number }
  | { readonly storage: StorageCall }

/** A monitor of an automaton (include/rv/da_monitor.h). */
export class AutomatonDriver implements MonitorDriver, Handler<Code> {
  readonly storage: DaStorage
  private readonly automaton: Automaton
  private readonly table: Int16Array
  private readonly events: number
  private readonly cell: InstanceCell = { key: 0 }
  private readonly probes: ProbeSet<Code>
  private readonly seeds: StorageSeeds | undefined
  private hooks: AutomatonHooks | undefined
  /** Reaction messages by state and event: a violation makes no string twice. */
  private readonly messages: string[] = []

  /** @throws Errno EINVAL where the definition names what this kernel does not have */
  constructor(
    private readonly core: EngineCore,
    private readonly monitor: RvMonitor,
    automaton: Automaton,
    definition: MonitorDefinition
  ) {
    const { type, storage } = definition.instrumentation
    this.automaton = automaton
    this.table = automaton.table
    this.events = automaton.events.length
    this.storage = createStorage(type, core, storage === undefined)
    this.seeds = storage && new StorageSeeds(core, monitor.name, storage)
    this.probes = new ProbeSet(definition, core, this.cell, this)
  }

  /** Called once, before the monitor is enabled. */
  setHooks(hooks: AutomatonHooks): void {
    this.hooks = hooks
  }

  enable(): void {
    const { storage } = this
    storage.init()
    try {
      if (storage instanceof ObjectStorage) this.seeds?.plant(storage)
    } catch (error) {
      storage.destroy()
      throw error
    }
    this.hooks?.enabled()
    this.probes.attach()
  }

  disable(): void {
    this.probes.detach()
    this.hooks?.disabled()
    this.storage.destroy()
  }

  readonly reset = (): void => this.storage.resetAll()

  stateOf(key: number): number {
    const at = this.storage.locate(key, false)
    return at < 0 ? NOT_MONITORING : (this.storage.state[at] ?? NOT_MONITORING)
  }

  prepare(rule: InstrumentationRule): Code {
    const refuse = (what: string): Errno =>
      new Errno('EINVAL', `monitor ${this.monitor.name}: ${what}`)
    if (rule.kind === 'atom') throw refuse(`an automaton has no atoms such as ${rule.atom}`)
    if (rule.kind === 'storage') {
      const { type } = this.monitor
      if (type !== 'per_obj' && !(type === 'per_task' && rule.call === 'reset')) {
        throw refuse(`${rule.call} is not possible for a ${type ?? 'container'} monitor`)
      }
      return { storage: rule.call }
    }
    const event = this.automaton.events.indexOf(rule.event)
    if (event < 0) throw refuse(`its model has no event ${rule.event}`)
    return { storage: undefined, call: CALLS[rule.call], event }
  }

  handle(code: Code, key: number): void {
    if (this.core.halted) return
    if (code.storage === undefined) this.event(code.call, code.event, key)
    else this.store(code.storage, key)
  }

  /** da_handle_event() and its two sisters. */
  private event(call: Call, event: number, key: number): void {
    if (!this.core.switches.monitoringOn || !this.monitor.enabled) return
    const { storage, hooks } = this
    const at = storage.locate(key, call !== HANDLE_EVENT)
    if (at < 0) return
    const { state } = storage
    const before = state[at] ?? NOT_MONITORING
    if (hooks !== undefined && before < 0 && call !== HANDLE_EVENT) hooks.started(at)
    const next = step(this.table, this.events, state, at, event, call)
    const from = Math.max(before, INITIAL)
    if (next >= 0) {
      if (hooks === undefined || hooks.allows(at, key, from, event, next)) {
        const { index } = this.monitor
        this.core.host.trace.event(index, storage.idOf(key), from, event, next)
      } else if (!this.core.halted) {
        storage.reset(at)
      }
    } else if (next === VIOLATION) {
      this.violation(key, at, from, event)
    }
  }

  /** These ask neither switch, as in the kernel. */
  private store(call: StorageCall, key: number): void {
    const { storage } = this
    if (call === 'reset') {
      const at = storage.locate(key, false)
      if (at >= 0) storage.reset(at)
    } else if (storage instanceof ObjectStorage) {
      if (call === 'create') storage.create(key)
      else storage.remove(key)
    }
  }

  /** da_event() on an invalid transition: react, then the error_ event, then the reset. */
  private violation(key: number, at: number, state: number, event: number): void {
    const { core, monitor, storage } = this
    core.react(monitor, this.message(state, event))
    if (core.halted) return
    core.host.trace.error(monitor.index, storage.idOf(key), state, event)
    storage.reset(at)
  }

  private message(state: number, event: number): string {
    return (this.messages[state * this.events + event] ??=
      `rv: monitor ${this.monitor.name} does not allow event ` +
      `${this.automaton.events[event] ?? 'INVALID'} on state ${this.automaton.states[state] ?? 'INVALID'}\n`)
  }
}
