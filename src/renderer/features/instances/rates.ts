import type { Rows } from '../../stores/columns'

/** Time over which rates are smoothed, s. */
const TAU = 3

/** Transitions a second of every instance: one pass over the columns for each sample, nothing is made. */
export class InstanceRates {
  private ids = new Int32Array(0)
  private last = new Float64Array(0)
  private value = new Float64Array(0)
  private known = 0
  private at = 0

  /** Transitions a second, smoothed; NaN until an instance was seen twice. */
  of(row: number): number {
    return row < this.known ? (this.value[row] ?? NaN) : NaN
  }

  clear(): void {
    this.known = 0
  }

  /** @param now ms of the window's clock */
  sample(rows: Rows, now: number): void {
    const dt = (now - this.at) / 1000
    if (this.known > 0 && dt <= 0) return
    this.at = now
    if (this.ids.length < rows.size) this.grow(rows.id.length)
    const { ids, last, value } = this
    const share = 1 - Math.exp(-dt / TAU)
    for (let row = 0; row < rows.size; row++) {
      const id = rows.id[row] ?? 0
      const total = rows.transitions[row] ?? 0
      const before = last[row] ?? 0
      if (row >= this.known || ids[row] !== id || total < before) {
        ids[row] = id
        value[row] = NaN
      } else {
        const rate = (total - before) / dt
        const old = value[row] ?? NaN
        value[row] = Number.isNaN(old) ? rate : old + (rate - old) * share
      }
      last[row] = total
    }
    this.known = rows.size
  }

  private grow(capacity: number): void {
    const ids = new Int32Array(capacity)
    const last = new Float64Array(capacity)
    const value = new Float64Array(capacity)
    ids.set(this.ids)
    last.set(this.last)
    value.set(this.value)
    this.ids = ids
    this.last = last
    this.value = value
  }
}
