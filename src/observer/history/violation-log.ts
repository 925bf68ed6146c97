/** Violations that are remembered one by one; older ones are only counted. */
export const MAX_LOGGED = 200_000
const RESET = 0xfffe
const NONE = 0xffff

/** Counts of violations at a moment. */
export interface ViolationCounts {
  readonly byRow: Uint32Array
  /** By index of the refused edge. */
  readonly refused: Float64Array
  readonly total: number
}

/** When which instance violated its model: for counts at a moment, and for the way to the next one. */
export class ViolationLog {
  length = 0
  time = new Float64Array(64)
  row = new Uint32Array(64)
  seq = new Uint32Array(64)
  #refused = new Uint16Array(64)
  /** Counts of what is no longer kept one by one. */
  #oldRows = new Uint32Array(0)
  #oldRefused = new Float64Array(0)
  #oldTotal = 0
  readonly #limit: number

  constructor(limit = MAX_LOGGED) {
    this.#limit = limit
  }

  get bytes(): number {
    return this.time.length * 18 + this.#oldRows.length * 4 + this.#oldRefused.length * 8
  }

  /** `row` -1: of no instance; `refused` -1: no edge that the model lacks. */
  add(time: number, row: number, refused: number, seq: number): void {
    this.#push(time, row < 0 ? 0xffffffff : row, refused < 0 ? NONE : refused, seq)
  }

  /** The row has become another instance's, which has violated nothing. */
  reset(time: number, row: number): void {
    this.#push(time, row, RESET, 0)
  }

  clear(): void {
    this.length = 0
    this.#oldRows = new Uint32Array(0)
    this.#oldRefused = new Float64Array(0)
    this.#oldTotal = 0
  }

  /** Counts of all violations up to a time. */
  countsAt(time: number, rows: number, refused: number): ViolationCounts {
    const byRow = new Uint32Array(rows)
    byRow.set(this.#oldRows.subarray(0, rows))
    const counts = new Float64Array(refused)
    counts.set(this.#oldRefused.subarray(0, refused))
    const total = this.#oldTotal + this.#count(0, this.length, time, byRow, counts)
    return { byRow, refused: counts, total }
  }

  /** Index of the violation before (-1) or after (1) a time, of all rows or of one; -1: none is kept. */
  find(time: number, direction: 1 | -1, row: number | null): number {
    let best = -1
    for (let i = 0; i < this.length; i++) {
      if (this.#refused[i] === RESET || (row !== null && this.row[i] !== row)) continue
      const at = this.time[i] ?? 0
      if (direction > 0 ? at <= time : at >= time) continue
      if (best < 0 || (at - (this.time[best] ?? 0)) * direction < 0) best = i
    }
    return best
  }

  /** Indexes of violations within a time, the newest `most` of them. */
  within(from: number, to: number, most: number): number[] {
    const found: number[] = []
    for (let i = this.length - 1; i >= 0 && found.length < most; i--) {
      const at = this.time[i] ?? 0
      if (this.#refused[i] !== RESET && at >= from && at <= to) found.push(i)
    }
    return found.reverse()
  }

  #count(
    from: number,
    to: number,
    time: number,
    byRow: Uint32Array,
    refused: Float64Array
  ): number {
    let total = 0
    for (let i = from; i < to; i++) {
      if ((this.time[i] ?? 0) > time) continue
      const row = this.row[i] ?? 0
      const edge = this.#refused[i] ?? NONE
      if (edge === RESET) {
        if (row < byRow.length) byRow[row] = 0
        continue
      }
      total++
      if (row < byRow.length) byRow[row] = (byRow[row] ?? 0) + 1
      if (edge < refused.length) refused[edge] = (refused[edge] ?? 0) + 1
    }
    return total
  }

  #push(time: number, row: number, refused: number, seq: number): void {
    if (this.length === this.#limit) this.#fold()
    if (this.length === this.time.length) this.#double()
    const at = this.length++
    this.time[at] = time
    this.row[at] = row
    this.#refused[at] = refused
    this.seq[at] = seq
  }

  /** The older half becomes counts. */
  #fold(): void {
    const half = this.#limit >> 1
    let rows = this.#oldRows.length
    let edges = this.#oldRefused.length
    for (let i = 0; i < half; i++) {
      const row = this.row[i] ?? 0
      const edge = this.#refused[i] ?? NONE
      if (row !== 0xffffffff) rows = Math.max(rows, row + 1)
      if (edge < RESET) edges = Math.max(edges, edge + 1)
    }
    const byRow = new Uint32Array(rows)
    byRow.set(this.#oldRows)
    const refused = new Float64Array(edges)
    refused.set(this.#oldRefused)
    this.#oldTotal += this.#count(0, half, Infinity, byRow, refused)
    this.#oldRows = byRow
    this.#oldRefused = refused
    for (const column of [this.time, this.row, this.seq, this.#refused]) {
      column.copyWithin(0, half, this.length)
    }
    this.length -= half
  }

  #double(): void {
    const size = Math.min(this.time.length * 2, this.#limit)
    const bigger = <T extends Float64Array | Uint32Array | Uint16Array>(to: T, old: T): T => {
      to.set(old)
      return to
    }
    this.time = bigger(new Float64Array(size), this.time)
    this.row = bigger(new Uint32Array(size), this.row)
    this.seq = bigger(new Uint32Array(size), this.seq)
    this.#refused = bigger(new Uint16Array(size), this.#refused)
  }
}
