import {
  LANE_ALL,
  LANE_ROWS,
  LANE_UNKNOWN,
  type MonitorDelta,
  type Violation
} from '../../contract/state'
import type { MonitorLive } from './columns'

/** Changes that a lane remembers; it begins with FIRST_CAPACITY and doubles. */
const CAPACITY = 8192
const FIRST_CAPACITY = 128
/** Violation marks that are remembered per monitor. */
const MAX_MARKS = 4096

/** What a lane shows beside the monitor's states. */
export const NOT_MONITORING = -1
/** More happened than was shown: states in between are not known. */
export const UNKNOWN = LANE_UNKNOWN

/** Changes of one instance over time, oldest first. Times are ns since the target's boot (exact below 104 days). */
export class Lane {
  private time = new Float64Array(FIRST_CAPACITY)
  private state = new Int16Array(FIRST_CAPACITY)
  private capacity = FIRST_CAPACITY
  private head = 0
  size = 0

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

/** Nanoseconds since boot as a double. */
export function nsOf(sec: number, nsec: number): number {
  return sec * 1e9 + nsec
}

/**
 * History of states for the timeline: every change that the observer sent. Where
 * it could not send all, or events were lost, a lane says UNKNOWN for the time.
 */
export class Lanes {
  private monitors: Lane[][] = []
  private marksOf: Mark[][] = []
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
    return this.monitors[monitor]?.[row]
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
  apply(deltas: readonly MonitorDelta[], live: readonly MonitorLive[]): void {
    for (const delta of deltas) {
      if (delta.lane.missed > 0) this.gaps(delta)
      this.changes(delta)
    }
    for (const delta of deltas) this.settle(delta, live)
    this.lastNow = this.now
  }

  /** What changed in this frame is not known from its beginning to the first change that was sent. */
  private gaps(delta: MonitorDelta): void {
    for (const row of delta.rows.index) {
      if (row >= LANE_ROWS) continue
      const lane = this.laneFor(delta.monitor, row)
      if (lane.size > 0) lane.push(Math.max(lane.lastTime, this.lastNow) + 1, UNKNOWN)
    }
  }

  private changes(delta: MonitorDelta): void {
    const { index, state, sec, nsec } = delta.lane
    for (let i = 0; i < index.length; i++) {
      const row = index[i] ?? 0
      const time = nsOf(sec[i] ?? 0, nsec[i] ?? 0)
      if (time > this.now) this.now = time
      if (row < LANE_ROWS) this.laneFor(delta.monitor, row).push(time, state[i] ?? UNKNOWN)
      else if (row === LANE_ALL) {
        // forEach leaves out rows that have no lane yet.
        this.monitors[delta.monitor]?.forEach((lane) => lane.push(time, state[i] ?? UNKNOWN))
      }
    }
  }

  /** A lane begins with the state that its row has, and ends when a monitor is switched off. */
  private settle(delta: MonitorDelta, live: readonly MonitorLive[]): void {
    const r = delta.rows
    for (let i = 0; i < r.index.length; i++) {
      const row = r.index[i] ?? 0
      if (row >= LANE_ROWS) continue
      const lane = this.laneFor(delta.monitor, row)
      const time = nsOf(r.sinceSec[i] ?? 0, r.sinceNsec[i] ?? 0)
      if (time > this.now) this.now = time
      const state = live[delta.monitor]?.rows.state[row] ?? NOT_MONITORING
      if (lane.size === 0 || time > lane.lastTime) lane.push(time, state)
      else if (state === NOT_MONITORING) lane.push(Math.max(this.now, lane.lastTime + 1), state)
    }
  }

  private laneFor(monitor: number, row: number): Lane {
    const lanes = (this.monitors[monitor] ??= [])
    return (lanes[row] ??= new Lane())
  }
}
