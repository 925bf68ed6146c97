/** What width and colour of an edge show: transitions per second, transitions so far, or nothing. */
export type HeatMode = 'rate' | 'count' | 'off'
export const HEAT_MODES: readonly HeatMode[] = ['rate', 'count', 'off']

/** Time over which rates are smoothed, ms: what changes faster cannot be read. */
const SMOOTH_MS = 1000
/** Below this rate (per second) an edge is cold. */
const COLD = 0.05
/** Width of a cold edge, and of the hottest one, px. */
const THIN = 1.25
const THICK = 6

/** Largest value of a scale: a fixed one, so that drawings of different moments compare. */
export const HEAT_TOP: Readonly<Record<'rate' | 'count', number>> = { rate: 1e5, count: 1e9 }

/** Where a value lies on the logarithmic scale, 0 (cold) .. 1. */
export function heatOf(mode: HeatMode, value: number): number {
  if (mode === 'off' || !(value > COLD)) return 0
  return Math.min(1, Math.log10(1 + value) / Math.log10(1 + HEAT_TOP[mode]))
}

/** Width of a line in px, in quarters, so that writes stay rare. */
export function heatWidth(share: number): number {
  return Math.round((THIN + (THICK - THIN) * share) * 4) / 4
}

/** Marks of the legend: values with their place on the scale. */
export function heatMarks(mode: 'rate' | 'count'): { value: number; share: number }[] {
  const values = mode === 'rate' ? [1, 100, 10_000] : [1, 1000, 1_000_000]
  return values.map((value) => ({ value, share: heatOf(mode, value) }))
}

/** Rates of growing counters, smoothed. */
export class SmoothRates {
  private readonly rates: Float64Array
  private readonly totals: Float64Array
  private at = -1

  constructor(readonly size: number) {
    this.rates = new Float64Array(size)
    this.totals = new Float64Array(size).fill(-1)
  }

  /** Takes the counters as they are at `now`, ms. A counter that fell starts anew. */
  sample(totals: ArrayLike<number>, now: number): void {
    const dt = now - this.at
    if (this.at >= 0 && dt <= 0) return
    const first = this.at < 0
    this.at = now
    // The share of the old value that is left after dt.
    const kept = Math.exp(-dt / SMOOTH_MS)
    for (let i = 0; i < this.size; i++) {
      const total = totals[i] ?? 0
      const before = this.totals[i] ?? -1
      this.totals[i] = total
      if (first || before < 0 || total < before) continue
      const rate = ((total - before) * 1000) / dt
      const next = rate + ((this.rates[i] ?? 0) - rate) * kept
      this.rates[i] = next < COLD / 2 ? 0 : next
    }
  }

  of(index: number): number {
    return this.rates[index] ?? 0
  }

  /** Some rate has not come to rest yet. */
  get isMoving(): boolean {
    return this.rates.some((rate) => rate > 0)
  }
}
