import { isSafePath, TracefsError, type TracefsPort, type TracefsStream } from '../target/port'
import { fileText, isMissing } from './text'

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
    if (!/^[A-Za-z0-9_]+$/.test(event)) {
      throw new TracefsError(
        'EINVAL',
        this.path,
        'A trace event has a name of letters, digits and _.'
      )
    }
    await this.#port.write(`${this.path}/events/rv/${event}/enable`, on ? '1' : '0', 'truncate')
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

  /**
   * Events that the ring of a CPU (`cpu0`) lost: overwritten before they were read, or without room
   * (per_cpu/cpuN/stats of kernel/trace/trace.c). Undefined where it cannot be told.
   */
  async lost(cpu: string): Promise<number | undefined> {
    const path = `${this.path}/per_cpu/${cpu}/stats`
    if (!isSafePath(path)) return undefined
    try {
      const text = fileText(await this.#port.read(path))
      const counters = [
        ...text.matchAll(/^(?:overrun|commit overrun|dropped events):\s*(\d{1,15})\s*$/gm)
      ]
      if (counters.length === 0) return undefined
      return counters.reduce((sum, counter) => sum + Number(counter[1]), 0)
    } catch {
      return undefined
    }
  }
}
