import type { TracefsPort, TracefsStream } from '../target/port'
import { RingAccounts } from './hops'
import type { RvClient } from './rv-client'
import { isMissing } from './text'
import type { TraceInstance } from './trace-instance'
import type { RvMonitor } from './tree'
import type { Clock } from './clock'
import { RawFeed } from './watch/raw-feed'
import { HistInstance } from './watch/ways'

/** Ring of the event instance for each CPU, KiB: at most, and of all CPUs together. */
const EVENT_RING = 4096
const ALL_EVENT_RINGS = 65_536
/** Errors are rare; a ring of this size, KiB, holds some ten thousand of them. */
const VIOLATION_RING = 1024
/** CPUs whose loss counters are read in one round. */
const CPUS_PER_ROUND = 8
/** Of include/rv/da_monitor.h; its record says which monitor it is about. */
const RETRIES = 'rv_retries_error'

/**
 * The two trace instances of the panel: one for everything that monitors say, and one for their
 * errors alone, which a flood of events cannot push out. Only the events of monitors that are
 * enabled are switched on.
 */
export class Feed {
  /** Streams that are open, to be closed before their instances can go. */
  readonly #streams: TracefsStream[] = []
  /** Error events of the monitors whose events are on. */
  readonly #on = new Map<string, readonly string[]>()
  /** Monitors whose events are not streamed, by full name: their errors are all the same. */
  readonly #quiet = new Set<string>()
  /** Monitors whose events and errors are in the raw instance. */
  readonly #inRaw = new Map<string, TraceInstance>()
  readonly rings = new RingAccounts()
  /** CPUs that have rings, as their folders are named: their numbers may have holes. */
  #cpus: readonly string[] = []
  #nextCpu = 0
  #stacks = false
  /** The error event of no monitor of its own, where the kernel has it: on all the time. */
  readonly #retries: string[] = []

  private constructor(
    private readonly client: RvClient,
    readonly events: TraceInstance,
    readonly violations: TraceInstance,
    /** Watches the monitors whose events are not streamed. */
    readonly hists: HistInstance,
    /** Has the events of monitors that are streamed as raw pages. */
    readonly raw: RawFeed
  ) {}

  /** Makes and prepares the instances; `name` is unique among panels. */
  static async open(client: RvClient, port: TracefsPort, name: string): Promise<Feed> {
    const violations = await client.createInstance(`${name}-viol`)
    const events = await client.createInstance(`${name}-ev`)
    const cpus = Math.max(1, port.info.cpus)
    const ring = Math.max(256, Math.min(EVENT_RING, Math.floor(ALL_EVENT_RINGS / cpus)))
    const hists = new HistInstance(client, port, name)
    const raw = new RawFeed(client, port, name, ring)
    const feed = new Feed(client, events, violations, hists, raw)
    await optional(events.setBufferSize(ring))
    await optional(violations.setBufferSize(Math.min(VIOLATION_RING, ring)))
    feed.#cpus = await events.cpus()
    await optional(events.setEvent(RETRIES, true))
    if (await optional(violations.setEvent(RETRIES, true))) feed.#retries.push(RETRIES)
    return feed
  }

  /**
   * Keeps the processes of the bridge out of both traces. The reader of each stream is one of them:
   * call it again when a stream was opened. Returns their pids.
   */
  async keepOwnOut(port: TracefsPort): Promise<ReadonlySet<number>> {
    const pids = await port.ownPids()
    for (const instance of [this.events, this.violations]) {
      // A kernel without these files shows the bridge at its work.
      await instance.keepOut(pids)
    }
    await this.hists.keepOut(pids)
    await this.raw.keepOut(pids)
    return new Set(pids)
  }

  /** Switches a monitor's events on or off. Errors first on and last off, so that none is missed. */
  async setMonitor(monitor: RvMonitor, on: boolean): Promise<void> {
    if (this.#on.has(monitor.fullName) === on) return
    const { event, error, errorEnv } = monitor.events
    const errors = [error, errorEnv].filter((name) => name !== undefined)
    const events = this.#inRaw.get(monitor.fullName) ?? this.events
    const steps: (readonly [TraceInstance, string])[] = [
      ...errors.map((name) => [this.violations, name] as const),
      ...errors.map((name) => [events, name] as const),
      ...(event === undefined || (on && this.#quiet.has(monitor.fullName))
        ? []
        : [[events, event] as const])
    ]
    if (!on) steps.reverse()
    if (on && this.#stacks) await this.#setStacks(errors, true)
    for (const [instance, name] of steps) await instance.setEvent(name, on)
    if (!on && this.#stacks) await this.#setStacks(errors, false)
    if (on) this.#on.set(monitor.fullName, errors)
    else this.#on.delete(monitor.fullName)
  }

  /** Has the events of a monitor streamed, or no more; its errors are in either case. */
  async setStreamed(monitor: RvMonitor, streamed: boolean): Promise<void> {
    const { fullName, events } = monitor
    if (this.#quiet.has(fullName) === !streamed) return
    if (events.event !== undefined && this.#on.has(fullName)) {
      const instance = this.#inRaw.get(fullName) ?? this.events
      await instance.setEvent(events.event, streamed)
    }
    if (streamed) this.#quiet.delete(fullName)
    else this.#quiet.add(fullName)
  }

  /**
   * Has a monitor's events and errors come as raw pages, or as text. Between the two nothing of it
   * is recorded for a moment. Rejects where pages cannot be read; then it is as it was.
   */
  async setRaw(monitor: RvMonitor, raw: boolean, clock: Clock): Promise<void> {
    const { fullName, events } = monitor
    const from = this.#inRaw.get(fullName) ?? this.events
    const to = raw ? await this.raw.open(clock) : this.events
    if (from === to) return
    const errors = this.#on.get(fullName)
    if (errors !== undefined) {
      const streamed = events.event !== undefined && !this.#quiet.has(fullName)
      const names = streamed ? [...errors, events.event] : errors
      for (const name of names.toReversed()) await from.setEvent(name, false)
      for (const name of names) await to.setEvent(name, true)
    }
    if (raw) this.#inRaw.set(fullName, to)
    else this.#inRaw.delete(fullName)
  }

  /** Whether violations are recorded with the kernel's stack. */
  get stacks(): boolean {
    return this.#stacks
  }

  /**
   * Has stacks of violations recorded, or no more: behind each error, in the instance of violations
   * alone. Rejects with the target's refusal; then it is as it was.
   */
  async setStacks(on: boolean): Promise<void> {
    if (on === this.#stacks) return
    await this.#setStacks([...this.#retries, ...[...this.#on.values()].flat()], on)
    this.#stacks = on
  }

  #setStacks(errors: readonly string[], on: boolean): Promise<void> {
    return this.client.setStacks(this.violations, errors, on)
  }

  /** Opens both streams. */
  async openStreams(): Promise<{ events: TracefsStream; violations: TracefsStream }> {
    const violations = await this.violations.openPipe()
    this.#streams.push(violations)
    const events = await this.events.openPipe()
    this.#streams.push(events)
    return { events, violations }
  }

  /** Adds a stream to those that close() closes. */
  keep(stream: TracefsStream): void {
    this.#streams.push(stream)
  }

  /** Reads the counters of the rings of some CPUs, taking turns. */
  async readCounters(): Promise<void> {
    for (let i = 0; i < Math.min(CPUS_PER_ROUND, this.#cpus.length); i++) {
      const cpu = this.#cpus[this.#nextCpu++ % this.#cpus.length] ?? ''
      const number = Number(cpu.slice('cpu'.length))
      const raw = await this.raw.opened?.catch(() => undefined)
      for (const role of ['events', 'violations', 'raw'] as const) {
        const arrived = this.rings.arrivals[role].of(number)
        const instance = role === 'raw' ? raw : this[role]
        const counters = await instance?.counters(cpu)
        if (counters !== undefined) this.rings.note(role, number, arrived, counters)
      }
    }
  }

  async closeStreams(): Promise<void> {
    await Promise.allSettled(this.#streams.map((stream) => stream.close()))
  }
}

/** What an older kernel does not have is done without. Returns whether it has it. */
async function optional(action: Promise<void>): Promise<boolean> {
  try {
    await action
    return true
  } catch (error) {
    if (!isMissing(error)) throw error
    return false
  }
}
