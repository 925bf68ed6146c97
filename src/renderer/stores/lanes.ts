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

/** Nanoseconds since boot as a double. */
export function nsOf(sec: number, nsec: number): number {
  return sec * 1e9 + nsec
}

/**
 * History of states for the timeline. Exact where the event log is complete;
 * where the log has a hole, or only the state at the end of a frame is known,
 * the lane says UNKNOWN for the time between.
 */
export class Lanes {
  private monitors: Map<number, Lane>[] = []
  private marksOf: Mark[][] = []
  /** Number of the next event row without a hole; -1: none seen. */
  private nextRow = -1
  /** Newest time of anything, ns. */
  now = 0

  clear(): void {
    this.monitors = []
    this.marksOf = []
    this.nextRow = -1
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

  /** The rows of the event log, before the deltas of the same batch. */
  applyEvents(events: EventRows, live: readonly MonitorLive[]): void {
    const hole = this.nextRow >= 0 && events.first > this.nextRow
    const firstRow = events.rows[0]
    if (hole && firstRow) this.gap(nsOf(firstRow.sec, firstRow.nsec))
    this.nextRow = events.first + events.rows.length
    for (const row of events.rows) {
      const monitor = live[row.monitor]
      if (!monitor) continue
      const time = nsOf(row.sec, row.nsec)
      if (time > this.now) this.now = time
      const match = EVENT_TEXT.exec(row.text)
      if (row.error) {
        const id = /^(?:error_\w+: )?(-?\d+): /.exec(row.text)?.[1]
        this.push(row.monitor, monitor, id, row.cpu, time, NOT_MONITORING)
      } else if (match?.[4] !== undefined) {
        const state = monitor.stateIndex.get(match[4])
        if (state !== undefined) this.push(row.monitor, monitor, match[1], row.cpu, time, state)
      }
    }
  }

  /** The state at the end of the frame, for instances that the event log did not bring up to date. */
  apply(monitor: number, delta: MonitorDelta, live: MonitorLive): void {
    const r = delta.rows
    for (let i = 0; i < r.index.length; i++) {
      const row = r.index[i] ?? 0
      if (row >= MAX_LANES) continue
      const lane = this.laneFor(monitor, row)
      const time = nsOf(r.sinceSec[i] ?? 0, r.sinceNsec[i] ?? 0)
      const transitions = r.transitions[i] ?? 0
      if (time > this.now) this.now = time
      const state = live.rows.state[row] ?? NOT_MONITORING
      if (lane.size === 0) {
        lane.push(time, state)
      } else if (time > lane.lastTime || lane.stateAt(lane.size - 1) !== state) {
        if (transitions > lane.transitions + 1) lane.push(lane.lastTime + 1, UNKNOWN)
        lane.push(Math.max(time, lane.lastTime + 1), state)
      }
      lane.transitions = transitions
    }
  }

  private gap(until: number): void {
    for (const lanes of this.monitors) {
      if (!lanes) continue
      for (const lane of lanes.values()) {
        if (lane.size > 0 && lane.lastTime < until) {
          const at = Math.max(lane.lastTime + 1, Math.min(this.now, until - 1))
          lane.push(at, UNKNOWN)
        }
      }
    }
  }

  private push(
    index: number,
    live: MonitorLive,
    id: string | undefined,
    cpu: number,
    time: number,
    state: number
  ): void {
    const row = live.rowOf(id === undefined ? cpu : Number(id))
    if (row < 0 || row >= MAX_LANES) return
    const lane = this.laneFor(index, row)
    lane.push(time, state)
    lane.transitions++
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
