import type { EventRows, MonitorDelta, Violation } from '../../contract/state'
import type { MonitorLive } from './columns'

/** Changes that a lane remembers; it begins with FIRST_CAPACITY and doubles. */
const CAPACITY = 8192
const FIRST_CAPACITY = 128
/** Instances per monitor that get a lane. */
const MAX_LANES = 512
/** Violation marks that are remembered per monitor. */
const MAX_MARKS = 512

/** What a lane shows beside the monitor's states. */
export const NOT_MONITORING = -1
/** More happened than was shown: states in between are not known. */
export const UNKNOWN = -2

/** Changes of one instance over time, oldest first. Times are ns since the target's boot (exact below 104 days). */
export class Lane {
  private time = new Float64Array(FIRST_CAPACITY)
  private state = new Int16Array(FIRST_CAPACITY)
  private capacity = FIRST_CAPACITY
  private head = 0
  size = 0
  /** Transitions of the instance that the lane accounts for. */
  transitions = 0

  /** Appends a change; one that is older than the last is ignored. */
  push(time: number, state: number): void {
    if (this.size > 0) {
      const last = (this.head + this.size - 1) % this.capacity
      const lastTime = this.time[last] ?? 0
      if (time < lastTime) return
      if (this.state[last] === state) return
      if (time === lastTime) {
        this.state[last] = state
        return
      }
    }
    if (this.size === this.capacity) {
      if (this.capacity < CAPACITY) this.grow()
      else {
        this.head = (this.head + 1) % this.capacity
        this.size--
      }
    }
    const at = (this.head + this.size) % this.capacity
    this.time[at] = time
    this.state[at] = state
    this.size++
  }

  timeAt(i: number): number {
    return this.time[(this.head + i) % this.capacity] ?? 0
  }

  stateAt(i: number): number {
    return this.state[(this.head + i) % this.capacity] ?? NOT_MONITORING
  }

  /** Only before the ring wraps for the first time, so that head is 0. */
  private grow(): void {
    this.capacity *= 2
    const time = new Float64Array(this.capacity)
    const state = new Int16Array(this.capacity)
    time.set(this.time)
    state.set(this.state)
    this.time = time
    this.state = state
  }

  /** Index of the change that holds at a time, -1: before the first. */
  find(time: number): number {
    let low = 0
    let high = this.size
    while (low < high) {
      const mid = (low + high) >> 1
      if (this.timeAt(mid) <= time) low = mid + 1
      else high = mid
    }
    return low - 1
  }

  get lastTime(): number {
    return this.size > 0 ? this.timeAt(this.size - 1) : 0
  }
}

/** A violation on a lane. */
export interface Mark {
  readonly time: number
  readonly seq: number
  /** CPU or id of the instance. */
  readonly id: number
}

/** `[id: ]state x event -> next[ (final)]`, after the trace event's name where it is there. */
const EVENT_TEXT = /^(?:event_\w+: )?(?:(-?\d+): )?(\S+) x (\S+) -> (\S+)/

const ERROR_ID = /^(?:error_(?:env_)?\w+: )?(-?\d+): /

type EventRow = EventRows['rows'][number]

/** Nanoseconds since boot as a double. */
export function nsOf(sec: number, nsec: number): number {
  return sec * 1e9 + nsec
}

/**
 * History of states for the timeline. The event log gives every change while it
 * is complete; an instance's count of transitions tells whether it was. Where
 * changes are missing, the lane says UNKNOWN for the time between.
 */
export class Lanes {
  private monitors: Map<number, Lane>[] = []
  private marksOf: Mark[][] = []
  /** Changes of a lane that the batch's event log has. */
  private readonly found = new Map<Lane, number>()
  /** `now` at the end of the batch before. */
  private lastNow = 0
  /** Newest time of anything, ns. */
  now = 0

  clear(): void {
    this.monitors = []
    this.marksOf = []
    this.lastNow = 0
    this.now = 0
  }

  lane(monitor: number, row: number): Lane | undefined {
    return this.monitors[monitor]?.get(row)
  }

  marks(monitor: number): readonly Mark[] {
    return this.marksOf[monitor] ?? []
  }

  mark(violation: Violation): void {
    const marks = (this.marksOf[violation.monitor] ??= [])
    const time = nsOf(violation.sec, violation.nsec)
    marks.push({ time, seq: violation.seq, id: violation.id ?? violation.cpu })
    if (marks.length > MAX_MARKS) marks.shift()
  }

  /** Applies a batch, after the live state of its monitors is up to date. */
  apply(
    deltas: readonly MonitorDelta[],
    events: EventRows | undefined,
    live: readonly MonitorLive[]
  ): void {
    this.found.clear()
    for (const row of events?.rows ?? []) this.count(row, live)
    for (const delta of deltas) this.gaps(delta)
    for (const row of events?.rows ?? []) this.event(row, live)
    for (const delta of deltas) this.settle(delta, live)
  }

  /** First pass: how many of each lane's changes the event log has. */
  private count(row: EventRow, live: readonly MonitorLive[]): void {
    if (row.error) return
    const lane = this.laneOf(row, live, EVENT_TEXT.exec(row.text)?.[1])
    if (lane) this.found.set(lane, (this.found.get(lane) ?? 0) + 1)
  }

  /** Second pass: lanes that changed more often than the log says have a gap since their last change. */
  private gaps(delta: MonitorDelta): void {
    const r = delta.rows
    for (let i = 0; i < r.index.length; i++) {
      const row = r.index[i] ?? 0
      if (row >= MAX_LANES) continue
      const lane = this.laneFor(delta.monitor, row)
      const transitions = r.transitions[i] ?? 0
      const missing = transitions - lane.transitions - (this.found.get(lane) ?? 0)
      if (lane.size > 0 && missing > 0)
        lane.push(Math.max(lane.lastTime, this.lastNow) + 1, UNKNOWN)
      lane.transitions = transitions
    }
  }

  /** Third pass: the changes themselves. */
  private event(row: EventRow, live: readonly MonitorLive[]): void {
    const time = nsOf(row.sec, row.nsec)
    if (time > this.now) this.now = time
    if (row.error) {
      const id = ERROR_ID.exec(row.text)?.[1]
      this.laneOf(row, live, id)?.push(time, NOT_MONITORING)
      return
    }
    const match = EVENT_TEXT.exec(row.text)
    const state = live[row.monitor]?.stateIndex.get(match?.[4] ?? '')
    if (match && state !== undefined) this.laneOf(row, live, match[1])?.push(time, state)
  }

  /** Last pass: the state at the end of the frame is known in any case. */
  private settle(delta: MonitorDelta, live: readonly MonitorLive[]): void {
    const r = delta.rows
    for (let i = 0; i < r.index.length; i++) {
      const row = r.index[i] ?? 0
      if (row >= MAX_LANES) continue
      const lane = this.laneFor(delta.monitor, row)
      const time = nsOf(r.sinceSec[i] ?? 0, r.sinceNsec[i] ?? 0)
      if (time > this.now) this.now = time
      const state = live[delta.monitor]?.rows.state[row] ?? NOT_MONITORING
      const last = lane.size > 0 ? lane.stateAt(lane.size - 1) : UNKNOWN
      if (lane.size === 0) lane.push(time, state)
      else if (last !== state) lane.push(Math.max(time, lane.lastTime + 1), state)
    }
    this.lastNow = this.now
  }

  private laneOf(
    row: EventRow,
    live: readonly MonitorLive[],
    id: string | undefined
  ): Lane | undefined {
    const index = live[row.monitor]?.rowOf(id === undefined ? row.cpu : Number(id)) ?? -1
    return index < 0 || index >= MAX_LANES ? undefined : this.laneFor(row.monitor, index)
  }

  private laneFor(monitor: number, row: number): Lane {
    const lanes = (this.monitors[monitor] ??= new Map())
    let lane = lanes.get(row)
    if (!lane) {
      lane = new Lane()
      lanes.set(row, lane)
    }
    return lane
  }
}
