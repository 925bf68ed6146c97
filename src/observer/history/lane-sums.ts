import { LANE_UNKNOWN } from '../../contract/state'
import type { EdgeTable } from '../edge-table'
import { NOT_MONITORING } from '../instance-table'
import { Kind, type Chunk } from './chunk'
import type { Past } from './replay'

/** Which part of the past, and how fine. */
export interface LaneQuery {
  readonly rows: Uint32Array
  /** ns since boot */
  readonly from: number
  readonly to: number
  readonly columns: number
}

/** Lanes of some rows, summed up by columns of equal time; entry row * columns + column. */
export interface LaneColumns {
  /** State that took most of the column; -1: not monitoring; LANE_UNKNOWN: events were lost. */
  readonly state: Int16Array<ArrayBuffer>
  /** Changes of state within the column. */
  readonly changes: Uint32Array<ArrayBuffer>
  /** 1: for a part of the column the state is not known. */
  readonly unknown: Uint8Array<ArrayBuffer>
  /** Events of all rows by column. */
  readonly total: Uint32Array<ArrayBuffer>
  /** Records of loss by column. */
  readonly losses: Uint32Array<ArrayBuffer>
}

/** Slots of time by state begin with these two. */
const FIRST_SLOT = 2

/**
 * Sums up records by columns, in flat columns itself: millions of them are read while somebody
 * zooms.
 */
export class LaneSums {
  readonly out: LaneColumns
  readonly #query: LaneQuery
  readonly #width: number
  readonly #slots: number
  readonly #lane = new Int32Array(65_536).fill(-1)
  /** By lane: the state, until when its time is accounted for, in which column that is. */
  readonly #state: Int32Array
  readonly #at: Float64Array
  readonly #column: Int32Array
  /** Something was seen of the row: before, a loss says nothing of it. */
  readonly #isSeen: Uint8Array
  /** Time by state in the current column, and the slot that has most of it. */
  readonly #spent: Float64Array
  readonly #best: Int32Array
  /** States by edge, so that a record is looked up in one step. */
  readonly #to: Int16Array

  /**
   * @param begin when the lanes begin; what is before in the first columns is not kept
   * @param past all rows at that time
   */
  constructor(query: LaneQuery, states: number, edges: EdgeTable, begin: number, past?: Past) {
    const { rows, from, to, columns } = query
    const n = rows.length
    this.#query = query
    this.#width = (to - from) / columns
    this.#slots = states + FIRST_SLOT + 1
    this.out = {
      state: new Int16Array(n * columns).fill(NOT_MONITORING),
      changes: new Uint32Array(n * columns),
      unknown: new Uint8Array(n * columns),
      total: new Uint32Array(columns),
      losses: new Uint32Array(columns)
    }
    this.#state = new Int32Array(n)
    this.#at = new Float64Array(n).fill(begin)
    const kept = Math.min(columns, Math.max(0, Math.floor((begin - from) / this.#width)))
    this.#column = new Int32Array(n).fill(kept)
    this.#isSeen = new Uint8Array(n)
    this.#spent = new Float64Array(n * this.#slots)
    this.#best = new Int32Array(n)
    this.#to = Int16Array.from({ length: edges.length }, (_, edge) => edges.toOf(edge))
    rows.forEach((row, lane) => {
      this.#lane[row] = lane
      this.out.state.fill(LANE_UNKNOWN, lane * columns, lane * columns + kept)
      this.#state[lane] =
        past?.unsure[row] === 1 ? LANE_UNKNOWN : (past?.state[row] ?? NOT_MONITORING)
      this.#isSeen[lane] = row < (past?.rows ?? 0) ? 1 : 0
    })
  }

  /** Takes records `begin` to `end` of a chunk. */
  take(chunk: Chunk, begin: number, end: number): void {
    const { from, columns } = this.#query
    const { total, losses } = this.out
    const { high, low, row: rows, edge: edges } = chunk
    for (let i = begin; i < end; i++) {
      const word = high[i] ?? 0
      const kind = word >> 13
      const time = chunk.base + (word & 0x1fff) * 0x1_0000_0000 + (low[i] ?? 0)
      const column = Math.min(columns - 1, ((time - from) / this.#width) | 0)
      if (kind <= Kind.Error) total[column] = (total[column] ?? 0) + 1
      else if (kind === Kind.Loss || kind === Kind.LossAll) {
        losses[column] = (losses[column] ?? 0) + 1
      }
      if (kind === Kind.StopAll || kind === Kind.LossAll) {
        this.#all(kind === Kind.StopAll ? NOT_MONITORING : LANE_UNKNOWN, time, column)
        continue
      }
      const lane = this.#lane[rows[i] ?? 0] ?? -1
      if (lane < 0) continue
      this.#isSeen[lane] = 1
      if (kind === Kind.Reuse) {
        this.out.state.fill(NOT_MONITORING, lane * columns, lane * columns + column)
      }
      const state =
        kind === Kind.Step
          ? (this.#to[edges[i] ?? 0] ?? NOT_MONITORING)
          : kind === Kind.Loss
            ? LANE_UNKNOWN
            : NOT_MONITORING
      if (state !== this.#state[lane]) this.#change(lane, time, column, state)
    }
  }

  /** Accounts for the time up to the end. */
  finish(end: number): LaneColumns {
    for (let lane = 0; lane < this.#state.length; lane++) {
      this.#spend(lane, end)
      this.#settle(lane, this.#column[lane] ?? 0)
    }
    return this.out
  }

  #all(state: number, time: number, column: number): void {
    for (let lane = 0; lane < this.#state.length; lane++) {
      if (this.#isSeen[lane] === 1 && this.#state[lane] !== state) {
        this.#change(lane, time, column, state)
      }
    }
  }

  #change(lane: number, time: number, column: number, state: number): void {
    this.#spend(lane, time)
    this.#state[lane] = state
    const { changes } = this.out
    const at = lane * this.#query.columns + column
    changes[at] = (changes[at] ?? 0) + 1
  }

  /** Accounts for the time until `time`, over as many columns as it takes. */
  #spend(lane: number, time: number): void {
    const { from, columns } = this.#query
    const base = lane * this.#slots
    const slot = (this.#state[lane] ?? NOT_MONITORING) + FIRST_SLOT
    let column = this.#column[lane] ?? 0
    let at = this.#at[lane] ?? 0
    while (column < columns) {
      const end = from + (column + 1) * this.#width
      const until = time < end ? time : end
      if (until > at) {
        const spent = (this.#spent[base + slot] ?? 0) + until - at
        this.#spent[base + slot] = spent
        at = until
        if (spent > (this.#spent[base + (this.#best[lane] ?? 0)] ?? 0)) this.#best[lane] = slot
      }
      if (time < end) break
      this.#settle(lane, column++)
    }
    this.#at[lane] = at
    this.#column[lane] = column
  }

  /** Writes a column, and starts the next one with nothing. */
  #settle(lane: number, column: number): void {
    const { columns } = this.#query
    const base = lane * this.#slots
    const best = this.#best[lane] ?? 0
    if (column < columns && (this.#spent[base + best] ?? 0) > 0) {
      this.out.state[lane * columns + column] = best - FIRST_SLOT
      this.out.unknown[lane * columns + column] = (this.#spent[base] ?? 0) > 0 ? 1 : 0
    }
    for (let slot = base; slot < base + this.#slots; slot++) this.#spent[slot] = 0
    this.#best[lane] = 0
  }
}
