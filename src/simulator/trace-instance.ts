import { RingBuffer, RECORD_WORDS } from './ring-buffer'

/** Default of buffer_size_kb, as a kernel has it once tracing was used. */
export const DEFAULT_BUFFER_KB = 1408

/** One trace instance: the top level, or a directory of instances/. */
export class TraceInstance {
  readonly rings: readonly RingBuffer[]
  /** enabled[event id] */
  readonly enabled: Uint8Array
  /** Filter of an event: says whether a record's words at an offset stay. */
  readonly filters = new Map<
    number,
    { readonly text: string; keeps(words: Int32Array, at: number): boolean }
  >()
  tracingOn = true
  bufferKb = DEFAULT_BUFFER_KB
  /** set_event_pid and set_event_notrace_pid; undefined: no such filter. */
  onlyPids: ReadonlySet<number> | undefined
  withoutPids: ReadonlySet<number> | undefined
  eventFork = false
  /** Pipes that are open: the instance cannot be removed. */
  openPipes = 0
  removed = false

  constructor(
    readonly name: string,
    cpus: number,
    events: number
  ) {
    this.rings = Array.from({ length: cpus }, () => new RingBuffer(this.bufferKb * 1024))
    this.enabled = new Uint8Array(events)
  }

  wants(event: number, pid: number): boolean {
    if (this.enabled[event] === 0 || !this.tracingOn) return false
    if (this.withoutPids?.has(pid) === true) return false
    return this.onlyPids === undefined || this.onlyPids.has(pid)
  }

  /** Copies a record into the buffer of its CPU. */
  write(cpu: number, time: number, record: Int32Array): void {
    const ring = this.rings[cpu]!
    const at = ring.push(time)
    const words = ring.recordWords
    for (let i = 0; i < RECORD_WORDS; i++) words[at + i] = record[i]!
  }

  resize(kb: number): void {
    this.bufferKb = kb
    for (const ring of this.rings) ring.resize(kb * 1024)
  }

  clear(): void {
    for (const ring of this.rings) ring.clear()
  }

  /** With event-fork on, a child is filtered as its parent is. */
  forked(parent: number, child: number): void {
    if (!this.eventFork) return
    if (this.onlyPids?.has(parent) === true) this.onlyPids = new Set(this.onlyPids).add(child)
    if (this.withoutPids?.has(parent) === true)
      this.withoutPids = new Set(this.withoutPids).add(child)
  }

  exited(pid: number): void {
    if (!this.eventFork) return
    this.onlyPids = without(this.onlyPids, pid)
    this.withoutPids = without(this.withoutPids, pid)
  }
}

function without(
  pids: ReadonlySet<number> | undefined,
  pid: number
): ReadonlySet<number> | undefined {
  if (pids?.has(pid) !== true) return pids
  const rest = new Set(pids)
  rest.delete(pid)
  return rest
}
