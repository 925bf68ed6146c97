import { OTHER_NAME } from './batch'
import type { ByteNames } from './names'

/** What the name of a trace event says about its payload. */
export enum EventClass {
  Other = 1,
  /** `event_<monitor>` */
  Event = 2,
  /** `error_<monitor>` */
  Error = 3,
  /** `error_env_<monitor>`, or `error_` of a monitor whose name begins with `env_` */
  ErrorEnv = 4,
  /** `rv_retries_error` */
  Retries = 5,
  /** No name of a trace event: the first word of something else. */
  NoName = 6
}

/** Trace events of other systems whose names look like those of a monitor. */
const FOREIGN: ReadonlySet<string> = new Set(['error_report_end'])

/** Class and monitor of each trace event, found once per name. Indexes are those of the name table. */
export class EventNames {
  readonly #names: ByteNames
  readonly #classes: (EventClass | undefined)[] = []
  #monitors = new Uint32Array(1024)
  /** Of `error_env_x`: the monitor `env_x`. */
  #envMonitors = new Uint32Array(1024)

  constructor(names: ByteNames) {
    this.#names = names
  }

  classOf(event: number): EventClass {
    return this.#classes[event] ?? this.#classify(event)
  }

  /** Only after classOf; 0 for Other and Retries. */
  monitorOf(event: number): number {
    return this.#monitors[event] ?? 0
  }

  /** The monitor, if an `error_env_x` is an error of the monitor `env_x`. */
  envMonitorOf(event: number): number {
    return this.#envMonitors[event] ?? 0
  }

  #classify(event: number): EventClass {
    // No name at all, or one for which the name table had no room.
    if (event <= OTHER_NAME) return EventClass.NoName
    const name = this.#names.names[event] ?? ''
    let found = EventClass.Other
    let monitor = ''
    if (!/^[A-Za-z0-9_]+$/.test(name)) {
      found = EventClass.NoName
    } else if (name === 'rv_retries_error') {
      found = EventClass.Retries
    } else if (name.startsWith('event_')) {
      found = EventClass.Event
      monitor = name.slice('event_'.length)
    } else if (name.startsWith('error_env_')) {
      found = EventClass.ErrorEnv
      monitor = name.slice('error_env_'.length)
    } else if (name.startsWith('error_') && !FOREIGN.has(name)) {
      found = EventClass.Error
      monitor = name.slice('error_'.length)
    }
    this.#store(event, found, monitor)
    return found
  }

  #store(event: number, found: EventClass, monitor: string): void {
    if (event >= this.#monitors.length) {
      const size = Math.max(event + 1, this.#monitors.length * 2)
      const monitors = new Uint32Array(size)
      const envMonitors = new Uint32Array(size)
      monitors.set(this.#monitors)
      envMonitors.set(this.#envMonitors)
      this.#monitors = monitors
      this.#envMonitors = envMonitors
    }
    // Without holes, so that the array stays a plain one.
    while (this.#classes.length < event) this.#classes.push(undefined)
    this.#classes[event] = found
    this.#monitors[event] = this.#names.indexOf(monitor)
    if (found === EventClass.ErrorEnv) {
      this.#envMonitors[event] = this.#names.indexOf(`env_${monitor}`)
    }
  }
}
