import { isSafePath, TracefsError, type TracefsPort, type TracefsStream } from '../target/port'
import { fileText, isMissing } from './text'

/** Counters of the ring of a CPU: per_cpu/cpuN/stats of kernel/trace/trace.c. */
export interface RingCounters {
  /** Not read yet. */
  readonly entries: number
  /** Overwritten before they were read. */
  readonly overrun: number
  readonly commitOverrun: number
  readonly dropped: number
  readonly read: number
}

/** A trace instance of the panel's own: which events go into it, and its stream. */
export class TraceInstance {
  readonly #port: TracefsPort

  /** `path` is relative to the tracefs root: `instances/rvpanel-1-ev`. */
  constructor(
    port: TracefsPort,
    readonly path: string
  ) {
    this.#port = port
  }

  /** Switches trace events of system `rv` on or off in this instance. */
  async setEvent(event: string, on: boolean): Promise<void> {
    await this.#port.write(`${this.#folder(event)}/enable`, on ? '1' : '0', 'truncate')
  }

  /** Where the triggers of an event of system `rv` are. Throws EINVAL where that is no event's name. */
  triggerPath(event: string): string {
    return `${this.#folder(event)}/trigger`
  }

  /** Where the histograms of an event of system `rv` are read. Throws EINVAL where that is no event's name. */
  histPath(event: string): string {
    return `${this.#folder(event)}/hist`
  }

  /** Adds a trigger to an event of system `rv`, beside those that it has. */
  addTrigger(event: string, trigger: string): Promise<void> {
    return this.#port.write(this.triggerPath(event), trigger, 'append')
  }

  /** Removes all triggers of an event of system `rv`: to open the file with O_TRUNC does. */
  clearTriggers(event: string): Promise<void> {
    return this.#port.write(this.triggerPath(event), '', 'truncate')
  }

  /** Removes a trigger, given as it was added. One that is gone already is no error. */
  async removeTrigger(event: string, trigger: string): Promise<void> {
    try {
      await this.#port.write(this.triggerPath(event), `!${trigger}`, 'append')
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  }

  /** Has the kernel record the stack behind each of an event's records, or no more. */
  async setStack(event: string, on: boolean): Promise<void> {
    try {
      const command = on ? 'stacktrace' : '!stacktrace'
      await this.#port.write(this.triggerPath(event), command, 'append')
    } catch (error) {
      // It is there already, or gone already (Linux 6.x says so).
      const wanted = on ? 'EEXIST' : 'ENOENT'
      if (!(error instanceof TracefsError) || error.code !== wanted) throw error
    }
  }

  /** Ring buffer size for each CPU, KiB. */
  setBufferSize(kib: number): Promise<void> {
    return this.#port.write(`${this.path}/buffer_size_kb`, String(Math.round(kib)), 'truncate')
  }

  /**
   * Keeps processes, and those that they start, out of what is traced: moving the events of a
   * monitor raises more of them. Returns whether this kernel can (6.x: set_event_notrace_pid).
   */
  async keepOut(pids: readonly number[]): Promise<boolean> {
    if (pids.length === 0) return true
    try {
      await this.#port.write(`${this.path}/options/event-fork`, '1', 'truncate')
      await this.#port.write(`${this.path}/set_event_notrace_pid`, pids.join(' '), 'truncate')
      return true
    } catch (error) {
      if (isMissing(error)) return false
      throw error
    }
  }

  /** Opens trace_pipe, which consumes. */
  openPipe(): Promise<TracefsStream> {
    return this.#port.stream(`${this.path}/trace_pipe`)
  }

  /** The CPUs that have a ring: `cpu0`, `cpu2` …; none where it cannot be told. */
  async cpus(): Promise<readonly string[]> {
    try {
      const entries = await this.#port.list(`${this.path}/per_cpu`)
      return entries.map((entry) => entry.name).filter((name) => /^cpu\d{1,4}$/.test(name))
    } catch (error) {
      if (isMissing(error)) return []
      throw error
    }
  }

  /** The counters of the ring of a CPU (`cpu0`). Undefined where they cannot be told. */
  async counters(cpu: string): Promise<RingCounters | undefined> {
    const path = `${this.path}/per_cpu/${cpu}/stats`
    if (!isSafePath(path)) return undefined
    try {
      const text = fileText(await this.#port.read(path))
      const counters = new Map(
        [...text.matchAll(/^([a-z ]{1,40}):\s*(\d{1,15})\s*$/gm)].map(
          ([, name = '', count]) => [name, Number(count)] as const
        )
      )
      if (!counters.has('overrun')) return undefined
      const of = (name: string): number => counters.get(name) ?? 0
      return {
        entries: of('entries'),
        overrun: of('overrun'),
        commitOverrun: of('commit overrun'),
        dropped: of('dropped events'),
        read: of('read events')
      }
    } catch {
      return undefined
    }
  }

  #folder(event: string): string {
    if (!/^[A-Za-z0-9_]+$/.test(event)) {
      throw new TracefsError(
        'EINVAL',
        this.path,
        'A trace event has a name of letters, digits and _.'
      )
    }
    return `${this.path}/events/rv/${event}`
  }
}
