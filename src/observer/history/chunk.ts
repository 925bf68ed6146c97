import type { EdgeTable } from '../edge-table'
import type { InstanceTable } from '../instance-table'

/** What a record says of its row; three bits. */
export const Kind = {
  /** Took an edge, and is in the state that it leads to. */
  Step: 0,
  /** Took an edge while the monitor is off: in no state. */
  StepOff: 1,
  /** A violation: in no state until its next event. */
  Error: 2,
  /** In no state any more: the task has exited. */
  Stop: 3,
  /** All rows are in no state: the monitor was reset. */
  StopAll: 4,
  /** Events were lost: its state is not known until its next event. */
  Loss: 5,
  /** The same of all rows. */
  LossAll: 6,
  /** The row has become another instance's. */
  Reuse: 7
} as const

/** In place of an edge: none; of an error, an event that stays as it was. */
export const NO_EDGE = 0xffff

/** Records of a chunk: enough that the checkpoint before them stays small beside them. */
const LEAST_RECORDS = 32_768
const MOST_RECORDS = 262_144
/** Records beyond the capacity, for what one event brings after there was room for one. */
const SLACK = 8
/** Bytes of a record: time 6 with its kind, row 2, edge 2. */
const RECORD_BYTES = 10
/** Bytes of a row in a checkpoint. */
const ROW_BYTES = 20
/** Times of loss that a chunk lists; its records have all of them. */
const MAX_LOSSES = 1024
/** A record is at most this long after its chunk's beginning, ns (9.7 hours): 13 bits and 32. */
export const CHUNK_NS = 2 ** 45

/** The tables of a monitor as they were at one moment. */
export interface Checkpoint {
  readonly rows: number
  readonly state: Int16Array
  readonly event: Int16Array
  /** ns since boot */
  readonly since: Float64Array
  readonly transitions: Float64Array
  readonly edges: Float64Array
  /** Events of the monitor so far. */
  readonly events: number
  /** Rows about which events were lost since their last one. */
  readonly unsure: Uint8Array
}

/** Records in the order of time, and the state of everything before the first of them. */
export class Chunk {
  count = 0
  /** Times at which events were lost, as many as there is room for. */
  readonly losses: number[] = []
  readonly capacity: number
  readonly bytes: number
  /** Upper bits of the time below the kind. */
  readonly high: Uint16Array
  readonly low: Uint32Array
  readonly row: Uint16Array
  readonly edge: Uint16Array
  /** Time of the last record, ns. */
  last: number

  constructor(
    /** Time that records count from, ns since boot. */
    readonly base: number,
    /** Number of the first record among all of the monitor. */
    readonly first: number,
    readonly check: Checkpoint
  ) {
    this.capacity = Math.min(MOST_RECORDS, Math.max(LEAST_RECORDS, check.rows * 8))
    const size = this.capacity + SLACK
    this.high = new Uint16Array(size)
    this.low = new Uint32Array(size)
    this.row = new Uint16Array(size)
    this.edge = new Uint16Array(size)
    this.bytes = size * RECORD_BYTES + check.rows * (ROW_BYTES + 1) + check.edges.length * 8
    this.last = base
  }

  /** There is no room for a further event, or its time does not fit. */
  isFull(time: number): boolean {
    return this.count >= this.capacity || this.isTooLate(time)
  }

  /** A time does not fit. */
  isTooLate(time: number): boolean {
    return time - this.base >= CHUNK_NS
  }

  add(kind: number, row: number, edge: number, time: number): void {
    const at = this.count++
    const offset = time - this.base
    const high = (offset / 0x1_0000_0000) | 0
    this.high[at] = (kind << 13) | high
    this.low[at] = offset - high * 0x1_0000_0000
    this.row[at] = row
    this.edge[at] = edge
    this.last = time
    if ((kind === Kind.Loss || kind === Kind.LossAll) && this.losses.length < MAX_LOSSES) {
      this.losses.push(time)
    }
  }

  timeAt(at: number): number {
    return this.base + ((this.high[at] ?? 0) & 0x1fff) * 0x1_0000_0000 + (this.low[at] ?? 0)
  }

  /** Records up to and including a time. */
  countAt(time: number): number {
    let low = 0
    let high = this.count
    while (low < high) {
      const mid = (low + high) >> 1
      if (this.timeAt(mid) <= time) low = mid + 1
      else high = mid
    }
    return low
  }
}

/** Copies the tables as they are. */
export function checkpointOf(
  table: InstanceTable,
  edges: EdgeTable,
  events: number,
  unsure: Uint8Array
): Checkpoint {
  const rows = table.length
  const since = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    since[row] = (table.sinceSec[row] ?? 0) * 1e9 + (table.sinceNsec[row] ?? 0)
  }
  return {
    rows,
    state: table.state.slice(0, rows),
    event: table.event.slice(0, rows),
    since,
    transitions: table.transitions.slice(0, rows),
    edges: edges.counts(),
    events,
    unsure: unsure.slice(0, rows)
  }
}
