import { LANE_ALL, LANE_ROWS, type MonitorDelta } from '../contract/state'

/** Changes of state that one frame carries for one monitor: a quarter of a second at 260,000 a second. */
export const LANE_STEPS = 65_536
const FIRST_CAPACITY = 256

/**
 * The changes of state of one monitor's instances since the last frame, in their order: the newest
 * LANE_STEPS, and how many were overwritten. Adding allocates nothing but when the columns double.
 */
export class LaneRing {
  #capacity = FIRST_CAPACITY
  #total = 0
  #index = new Uint32Array(FIRST_CAPACITY)
  #state = new Int16Array(FIRST_CAPACITY)
  #sec = new Uint32Array(FIRST_CAPACITY)
  #nsec = new Uint32Array(FIRST_CAPACITY)

  /** Row `row`, or LANE_ALL, went to `state` (-1: not monitoring, or LANE_UNKNOWN) at that time. */
  add(row: number, state: number, sec: number, nsec: number): void {
    if (row < 0 || (row >= LANE_ROWS && row !== LANE_ALL)) return
    if (this.#total === this.#capacity && this.#capacity < LANE_STEPS) this.#double()
    const at = this.#total++ % this.#capacity
    this.#index[at] = row
    this.#state[at] = state
    this.#sec[at] = sec
    this.#nsec[at] = nsec
  }

  /** Rows have got another meaning. */
  clear(): void {
    this.#total = 0
  }

  /** The changes since the last call, oldest first. */
  take(): MonitorDelta['lane'] {
    const length = Math.min(this.#total, this.#capacity)
    const begin = this.#total - length
    const lane = {
      index: new Uint32Array(length),
      state: new Int16Array(length),
      sec: new Uint32Array(length),
      nsec: new Uint32Array(length),
      missed: begin
    }
    for (let i = 0; i < length; i++) {
      const at = (begin + i) % this.#capacity
      lane.index[i] = this.#index[at] ?? 0
      lane.state[i] = this.#state[at] ?? -1
      lane.sec[i] = this.#sec[at] ?? 0
      lane.nsec[i] = this.#nsec[at] ?? 0
    }
    this.#total = 0
    return lane
  }

  /** Only before anything was overwritten. */
  #double(): void {
    this.#capacity *= 2
    this.#index = into(this.#index, new Uint32Array(this.#capacity))
    this.#state = into(this.#state, new Int16Array(this.#capacity))
    this.#sec = into(this.#sec, new Uint32Array(this.#capacity))
    this.#nsec = into(this.#nsec, new Uint32Array(this.#capacity))
  }
}

function into<T extends Uint32Array | Int16Array>(old: T, bigger: T): T {
  bigger.set(old)
  return bigger
}
