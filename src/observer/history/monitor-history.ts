import type { EdgeTable } from '../edge-table'
import type { InstanceTable } from '../instance-table'
import type { HistoryBudget, Holder } from './budget'
import { Chunk, checkpointOf, Kind, NO_EDGE } from './chunk'
import { replay, type Past } from './replay'
import { ViolationLog } from './violation-log'

/** Rows that got another instance and are told apart in the past; older ones bound what is kept. */
const MAX_REUSES = 65_536

/** What a row was before it became another instance's. */
interface Reuse {
  /** Number of the record among all of the monitor. */
  readonly record: number
  readonly row: number
  readonly id: number
  readonly label: string
}

/** All rows of a monitor at a moment, and who they were. */
export interface Moment {
  readonly past: Past
  readonly ids: Int32Array<ArrayBuffer>
  /** Names of rows that are called otherwise now. */
  readonly labels: readonly { readonly index: number; readonly label: string }[]
  readonly violations: Uint32Array
  readonly refused: Float64Array
  readonly violationCount: number
}

/**
 * What happened to the instances of one monitor: every event, appended to columns of ten bytes, and
 * from time to time a copy of the tables, so that the state at any moment which is kept is found by
 * going on from the copy before it. Times never go back; one that does counts as the newest.
 */
export class MonitorHistory implements Holder {
  readonly violations = new ViolationLog()
  readonly #table: InstanceTable
  readonly #edges: EdgeTable
  readonly #refused: EdgeTable
  readonly #events: () => number
  readonly #budget: HistoryBudget
  #chunks: Chunk[] = []
  #bytes = 0
  /** Something that happened is not kept any more. */
  #hasDropped = false
  #unsure = new Uint8Array(64)
  #reuses: Reuse[] = []
  #exits = new Map<number, number>()
  #last = 0
  #total = 0

  constructor(
    table: InstanceTable,
    edges: EdgeTable,
    refused: EdgeTable,
    events: () => number,
    budget: HistoryBudget
  ) {
    this.#table = table
    this.#edges = edges
    this.#refused = refused
    this.#events = events
    this.#budget = budget
    budget.add(this)
    table.onReuse = (row) => {
      this.#reused(row)
    }
  }

  get bytes(): number {
    return this.#bytes + this.violations.bytes
  }

  /** Chunks in the order of time; what is in them does not change. */
  get chunks(): readonly Chunk[] {
    return this.#chunks
  }

  get edges(): EdgeTable {
    return this.#edges
  }

  /** Since when everything is kept, ns since boot; 0: since the connection. */
  get keptFrom(): number {
    return this.#hasDropped ? (this.#chunks[0]?.base ?? this.#last) : 0
  }

  /** Time of the newest record, 0: there is none. */
  get newest(): number {
    return this.#last
  }

  /** Makes room for an event before the tables change: the copy has to be of what was before it. */
  prepare(sec: number, nsec: number): void {
    const time = sec * 1e9 + nsec
    const chunk = this.#chunks[this.#chunks.length - 1]
    if (chunk === undefined || chunk.isFull(time)) this.#begin(time)
  }

  /** A row took an edge (-1: of which nothing is kept). */
  step(row: number, edge: number, isOff: boolean, sec: number, nsec: number): void {
    if (edge < 0) {
      this.lose(row, sec, nsec)
      return
    }
    this.#add(isOff ? Kind.StepOff : Kind.Step, row, edge, sec * 1e9 + nsec)
    if (row < this.#unsure.length) this.#unsure[row] = 0
    else this.#grow(row)
  }

  /** A row violated its model; `event` -1: its last event stays what it was. */
  error(row: number, event: number, sec: number, nsec: number): void {
    this.#add(Kind.Error, row, event < 0 ? NO_EDGE : event, sec * 1e9 + nsec)
    this.#sure(row)
  }

  /** A row is in no state any more, since its task is gone. */
  stop(row: number, sec: number, nsec: number): void {
    this.#add(Kind.Stop, row, NO_EDGE, sec * 1e9 + nsec)
    this.#sure(row)
    this.#exits.set(row, this.#last)
  }

  /** No row is in a state any more. */
  stopAll(sec: number, nsec: number): void {
    this.#add(Kind.StopAll, 0, NO_EDGE, sec * 1e9 + nsec)
    this.#unsure.fill(0)
  }

  /** Events of a row were lost, or of all rows where it is null. */
  lose(row: number | null, sec: number, nsec: number): void {
    if (row === null) {
      this.#add(Kind.LossAll, 0, NO_EDGE, sec * 1e9 + nsec)
      this.#unsure.fill(1, 0, this.#table.length)
    } else if (row >= 0) {
      this.#add(Kind.Loss, row, NO_EDGE, sec * 1e9 + nsec)
      this.#grow(row)
      this.#unsure[row] = 1
    }
  }

  /** Rows have got another meaning: nothing of what was holds for them. */
  clear(): void {
    this.#chunks = []
    this.#bytes = 0
    this.#hasDropped = this.#total > 0
    this.#unsure.fill(0)
    this.#reuses = []
    this.#exits.clear()
    this.violations.clear()
  }

  /** All rows as they were at a time; undefined where that is not kept. */
  at(time: number): Moment | undefined {
    const [first] = this.#chunks
    if (first === undefined || (this.#hasDropped && time < first.base)) return undefined
    const past = replay(this.#chunkAt(time) ?? first, time, this.#edges, this.#table.length)
    const counts = this.violations.countsAt(time, past.state.length, this.#refused.length)
    return {
      past,
      ...this.#whoThen(past, time),
      violations: counts.byRow,
      refused: counts.refused,
      violationCount: counts.total
    }
  }

  /** The chunk that holds at a time. */
  #chunkAt(time: number): Chunk | undefined {
    let low = 0
    let high = this.#chunks.length
    while (low < high) {
      const mid = (low + high) >> 1
      if ((this.#chunks[mid]?.base ?? 0) <= time) low = mid + 1
      else high = mid
    }
    return this.#chunks[low - 1]
  }

  dropOldest(): boolean {
    if (this.#chunks.length < 2) return false
    this.#bytes -= this.#chunks.shift()?.bytes ?? 0
    this.#hasDropped = true
    const first = this.#chunks[0]?.first ?? 0
    while ((this.#reuses[0]?.record ?? Infinity) < first) this.#reuses.shift()
    return true
  }

  #whoThen(past: Past, time: number): Pick<Moment, 'ids' | 'labels'> {
    const ids = new Int32Array(past.state.length)
    ids.set(this.#table.id.subarray(0, ids.length))
    const names = new Map<number, string>()
    for (const [row, exited] of this.#exits) {
      const label = this.#table.labels[row] ?? ''
      if (time < exited && label.endsWith(EXITED)) names.set(row, label.slice(0, -EXITED.length))
    }
    for (let i = this.#reuses.length - 1; i >= 0; i--) {
      const reuse = this.#reuses[i]
      if (reuse === undefined || reuse.record < past.record) break
      ids[reuse.row] = reuse.id
      names.set(reuse.row, reuse.label)
    }
    return { ids, labels: Array.from(names, ([index, label]) => ({ index, label })) }
  }

  #reused(row: number): void {
    const id = this.#table.id[row] ?? 0
    const label = this.#table.labels[row] ?? ''
    this.#add(Kind.Reuse, row, NO_EDGE, this.#last)
    this.#sure(row)
    this.#exits.delete(row)
    this.violations.reset(this.#last, row)
    // The name without what was said of its end: at the moments that it stands for it lived.
    const name = label.endsWith(EXITED) ? label.slice(0, -EXITED.length) : label
    this.#reuses.push({ record: this.#total - 1, row, id, label: name })
    if (this.#reuses.length > MAX_REUSES) this.dropOldest()
  }

  #add(kind: number, row: number, edge: number, at: number): void {
    const time = at > this.#last ? at : this.#last
    let chunk = this.#chunks[this.#chunks.length - 1]
    // Beyond the slack, or too late for the chunk: what has not gone through prepare().
    if (chunk === undefined || chunk.count === chunk.low.length || chunk.isTooLate(time)) {
      chunk = this.#begin(time)
    }
    chunk.add(kind, row, edge, time)
    this.#last = time
    this.#total++
  }

  #begin(at: number): Chunk {
    const time = Math.max(at, this.#last)
    const { length } = this.#table
    if (length > 0) this.#grow(length - 1)
    const check = checkpointOf(this.#table, this.#edges, this.#events(), this.#unsure)
    const chunk = new Chunk(time, this.#total, check)
    this.#chunks.push(chunk)
    this.#bytes += chunk.bytes
    this.#budget.settle()
    return chunk
  }

  #sure(row: number): void {
    this.#grow(row)
    this.#unsure[row] = 0
  }

  #grow(row: number): void {
    if (row < this.#unsure.length) return
    const bigger = new Uint8Array(Math.max(row + 1, this.#unsure.length * 2))
    bigger.set(this.#unsure)
    this.#unsure = bigger
  }
}

/** Behind the name of a task that is gone. */
export const EXITED = ' (exited)'
