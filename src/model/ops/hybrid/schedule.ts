import type { TimedStep } from './search'

/**
 * The earliest moments at which the steps can happen, from 0 on: a solution of the differences
 * that the clocks' intervals ask (Bellman and Ford). Undefined where there is none, which a path of
 * a search never is.
 */
export function schedule(steps: readonly TimedStep[]): number[] | undefined {
  const bounds = boundsOf(steps)
  const times = new Array<number>(steps.length + 1).fill(0)
  for (let round = 0; round <= steps.length + 1; round++) {
    let settled = true
    for (const { from, to, least, most } of bounds) {
      const start = times[from] ?? 0
      const end = times[to] ?? 0
      if (end < start + least) {
        times[to] = start + least
        settled = false
      }
      if (end - most > start) {
        times[from] = end - most
        settled = false
      }
    }
    if (settled) return times.slice(1)
  }
  return undefined
}

/** times[to] - times[from] is at least and at most. */
interface Bound {
  readonly from: number
  readonly to: number
  readonly least: number
  readonly most: number
}

function boundsOf(steps: readonly TimedStep[]): Bound[] {
  const bounds: Bound[] = []
  const lastReset: [number, number] = [0, 0]
  steps.forEach(({ clocks, resets }, i) => {
    const to = i + 1
    bounds.push({ from: i, to, least: 0, most: Infinity })
    for (const side of [0, 1] as const) {
      const cell = clocks[side]
      if (cell !== undefined) {
        bounds.push({ from: lastReset[side], to, least: cell.low, most: cell.high })
      }
      if (resets[side]) lastReset[side] = to
    }
  })
  return bounds
}
