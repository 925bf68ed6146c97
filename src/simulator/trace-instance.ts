import { RingBuffer, RECORD_WORDS } from './ring-buffer'
import { PAGE_DATA } from './raw-page'
import { TraceOptions } from './trace-options'
import type { EventTrigger } from './event-trigger'
import type { HistTrigger } from './hist-trigger'

/** Size of a buffer once tracing was used, kB per CPU. */
export const DEFAULT_BUFFER_KB = 1408

/** Whether a record's words at an offset stay. */
export interface AppliedFilter {
  /** As the file reads, without its newline. */
  readonly text: string
  keeps(words: Int32Array, at: number): boolean
}

/** One trace instance: the top level, or a directory of instances/. */
export class TraceInstance {
  readonly rings: readonly RingBuffer[]
  /** enabled[event id] */
  readonly enabled: Uint8Array
  readonly filters = new Map<number, AppliedFilter>()
  readonly triggers = new Map<number, readonly EventTrigger[]>()
  /** Histograms by event id. */
  readonly hists = new Map<number, readonly HistTrigger[]>()
  readonly options: TraceOptions
  /** excluded[cpu]: tracing_cpumask leaves it out. */
  readonly excluded: Uint8Array
  tracingOn = true
  clock = 'local'
  /** How full a buffer is to be before a reader that splices wakes, per cent. */
  percent = 50
  /** Texts of events/SYSTEM/filter that were refused in part, by system. */
  readonly systemFilters = new Map<string, string>()
  /** set_event_pid and set_event_notrace_pid; undefined: no such filter. */
  onlyPids: ReadonlySet<number> | undefined
  withoutPids: ReadonlySet<number> | undefined
  /** Pipes that are open: the instance cannot be removed. */
  openPipes = 0
  removed = false
  private readonly pages: Int32Array

  constructor(
    readonly name: string,
    cpus: number,
    events: number
  ) {
    this.pages = new Int32Array(cpus).fill(pagesOf(DEFAULT_BUFFER_KB))
    this.rings = Array.from({ length: cpus }, (_, cpu) => new RingBuffer(this.bytesOf(cpu)))
    this.enabled = new Uint8Array(events)
    this.excluded = new Uint8Array(cpus)
    this.options = new TraceOptions(name === '')
  }

  wants(event: number, pid: number): boolean {
    return this.enabled[event] === 1 && this.tracingOn && this.takesPid(pid)
  }

  /** Whether events of a context are taken, by set_event_pid and set_event_notrace_pid. */
  takesPid(pid: number): boolean {
    if (this.withoutPids?.has(pid) === true) return false
    return this.onlyPids === undefined || this.onlyPids.has(pid)
  }

  /** Copies a record into the buffer of its CPU. */
  write(cpu: number, time: number, record: Int32Array): void {
    if (this.excluded[cpu] === 1) return
    const ring = this.rings[cpu]!
    const at = ring.push(time)
    if (at === -1) return
    const words = ring.recordWords
    for (let i = 0; i < RECORD_WORDS; i++) words[at + i] = record[i]!
  }

  /** kB of a CPU's buffer, in whole sub-buffers and rounded down, as the file shows it. */
  kilobytes(cpu: number): number {
    return Math.floor(this.bytesOf(cpu) / 1024)
  }

  /** kB of all buffers. */
  get totalKilobytes(): number {
    let total = 0
    for (let cpu = 0; cpu < this.pages.length; cpu++) total += this.kilobytes(cpu)
    return total
  }

  /** A new size. What was there is dropped. @param cpu -1: every one */
  resize(kb: number, cpu = -1): void {
    for (let one = 0; one < this.pages.length; one++) {
      if (cpu !== -1 && cpu !== one) continue
      this.pages[one] = pagesOf(kb)
      this.rings[one]!.resize(this.bytesOf(one))
    }
  }

  clear(): void {
    for (const ring of this.rings) ring.clear()
  }

  setOption(name: string, on: boolean): boolean {
    if (!this.options.set(name, on)) return false
    for (const ring of this.rings) ring.overwrite = this.options.has('overwrite')
    return true
  }

  /** With event-fork on, a child is filtered as its parent is. */
  forked(parent: number, child: number): void {
    if (!this.options.has('event-fork')) return
    if (this.onlyPids?.has(parent) === true) this.onlyPids = new Set(this.onlyPids).add(child)
    if (this.withoutPids?.has(parent) === true)
      this.withoutPids = new Set(this.withoutPids).add(child)
  }

  exited(pid: number): void {
    if (!this.options.has('event-fork')) return
    this.onlyPids = without(this.onlyPids, pid)
    this.withoutPids = without(this.withoutPids, pid)
  }

  private bytesOf(cpu: number): number {
    return this.pages[cpu]! * PAGE_DATA
  }
}

/** Sub-buffers for so many kB: two at least. */
const pagesOf = (kb: number): number => Math.max(2, Math.ceil((kb * 1024) / PAGE_DATA))

function without(
  pids: ReadonlySet<number> | undefined,
  pid: number
): ReadonlySet<number> | undefined {
  if (pids?.has(pid) !== true) return pids
  const rest = new Set(pids)
  rest.delete(pid)
  return rest
}
