/** Points of a sparkline. */
export const HISTORY = 32
/** Time between two points, ms. */
export const SAMPLE_MS = 500

/** Rate of a growing counter, sampled at a fixed interval of the window's own clock. */
export class Rate {
  private last = -1
  private lastAt = 0
  /** Per second, of the last interval. */
  now = 0
  /** Ring of the last intervals; `head` is the oldest. */
  readonly history = new Float64Array(HISTORY)
  head = 0

  /** `at` in ms. A counter that fell (a new connection) starts anew. */
  sample(total: number, at: number): void {
    if (this.last < 0 || total < this.last) {
      this.last = total
      this.lastAt = at
      this.now = 0
      return
    }
    const dt = (at - this.lastAt) / 1000
    if (dt <= 0) return
    this.now = (total - this.last) / dt
    this.last = total
    this.lastAt = at
    this.history[this.head] = this.now
    this.head = (this.head + 1) % HISTORY
  }

  /** Points for an SVG polyline in a box, oldest left; a square-root scale keeps small rates visible. */
  points(width: number, height: number): string {
    let max = 1
    for (const v of this.history) if (v > max) max = v
    let out = ''
    for (let i = 0; i < HISTORY; i++) {
      const v = this.history[(this.head + i) % HISTORY] ?? 0
      const x = (i / (HISTORY - 1)) * width
      const y = height - 1 - Math.sqrt(v / max) * (height - 2)
      out += `${x.toFixed(1)},${y.toFixed(1)} `
    }
    return out
  }
}
