import type { ViolationRows } from '../../stores/violation-rows'

/**
 * The violation that is closest to a time (ns since boot), of those that fit and are no further than
 * `within` from it; undefined: none that is listed.
 */
export function nearestViolation(
  rows: ViolationRows,
  time: number,
  within: number,
  fits: (seq: number) => boolean
): number | undefined {
  let best: number | undefined
  let least = within
  for (const seq of rows) {
    const apart = Math.abs(rows.time(seq) - time)
    if (apart > least || !fits(seq)) continue
    best = seq
    least = apart
  }
  return best
}
