import { seqAt, sizeOf, type RowGroup } from '../../stores/violation-groups'
import type { ViolationRows } from '../../stores/violation-rows'

/** Bars of a histogram. */
export const BARS = 48

/** The time that all histograms show, ns. */
export interface Span {
  readonly from: number
  /** Beyond the last; greater than `from`. */
  readonly to: number
}

/**
 * The span from the oldest time until now, in steps of a bar or less: the bars stand still while the
 * time goes on, and so does what the reader points at.
 */
export function steadySpan(oldest: number, now: number): Span {
  const width = Math.max(1, now - oldest) / BARS
  const step = 10 ** Math.floor(Math.log10(width))
  const from = Math.floor(oldest / step) * step
  return { from, to: Math.max(from + step, (Math.floor(now / step) + 1) * step) }
}

/** Violations of a group in each bar of a span. */
export function countBars(rows: ViolationRows, group: RowGroup, { from, to }: Span): Uint32Array {
  const bars = new Uint32Array(BARS)
  const scale = BARS / (to - from)
  for (let place = 0; place < sizeOf(group); place++) {
    const bar = barOf((rows.time(seqAt(group, place) ?? 0) - from) * scale)
    bars[bar] = (bars[bar] ?? 0) + 1
  }
  return bars
}

/** The first violation of a group in a bar, or in the nearest bar that has one. */
export function firstInBar(
  rows: ViolationRows,
  group: RowGroup,
  { from, to }: Span,
  bar: number
): number | undefined {
  const scale = BARS / (to - from)
  let best: number | undefined
  let least = Infinity
  for (let place = 0; place < sizeOf(group); place++) {
    const seq = seqAt(group, place)
    if (seq === undefined) continue
    const apart = Math.abs(barOf((rows.time(seq) - from) * scale) - bar)
    if (apart < least) {
      best = seq
      least = apart
    }
  }
  return best
}

function barOf(place: number): number {
  return Math.min(BARS - 1, Math.max(0, Math.floor(place)))
}
