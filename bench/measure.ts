const WARM_UP = 500_000
const RUN = 300_000
const RUNS = 7

/**
 * How often each contestant does its unit in a second of processor time, as the
 * median of several runs after a warm-up. Processor time, and in turns, since
 * other programs may run on the machine as well.
 *
 * @param contestants each does some units and returns how many
 */
export function rates(...contestants: readonly (() => number)[]): number[] {
  for (const work of contestants) timed(work, WARM_UP)
  const seen = contestants.map((): number[] => [])
  for (let run = 0; run < RUNS; run++) {
    contestants.forEach((work, i) => seen[i]?.push(timed(work, RUN)))
  }
  return seen.map(median)
}

/** Units per second over at least so many µs. */
function timed(work: () => number, least: number): number {
  const start = process.cpuUsage()
  for (let units = 0; ;) {
    units += work()
    const { user, system } = process.cpuUsage(start)
    if (user + system >= least) return (units * 1e6) / (user + system)
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** One line of the table. */
export interface BenchRow {
  readonly what: string
  /** Units per second, or a figure with its unit. */
  readonly figure: number
  readonly unit: string
  readonly peer?: string
  readonly peerFigure?: number
  /** figure / peerFigure must be at least this; without it the row has no aim of its own. */
  readonly aim?: number
  /** figure must be at most this. */
  readonly most?: number
  /** Why there is no figure. */
  readonly missing?: string
}

/**
 * Bytes of heap that a unit of work takes, over pieces so small that nothing is
 * collected in between; the median of several, as other parts of the process
 * allocate now and then.
 */
export function bytesPerUnit(work: () => number, collect: () => void): number {
  for (let i = 0; i < 20; i++) work()
  const seen: number[] = []
  for (let i = 0; i < 9; i++) {
    collect()
    const before = process.memoryUsage().heapUsed
    const units = work()
    seen.push((process.memoryUsage().heapUsed - before) / units)
  }
  return Math.max(0, median(seen))
}
