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

  /** Events that this instance's ring of one CPU overwrote before they were read; undefined where it cannot be told. */
  async overrun(cpu: number): Promise<number | undefined> {
    const path = `${this.path}/per_cpu/cpu${String(cpu)}/stats`
    if (!isSafePath(path)) return undefined
    try {
      const match = /^overrun:\s*(\d+)\s*$/m.exec(fileText(await this.#port.read(path)))
      return match?.[1] === undefined ? undefined : Number(match[1])
    } catch {
      return undefined
    }
  }
}
