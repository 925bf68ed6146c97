import type { MonitorInfo } from '../../../contract/state'
import { MAX_HISTORY_ROWS } from '../../../contract/history'
import type { MonitorLive } from '../../stores/columns'

/** Tasks or objects that get a lane beside the chosen ones: the most active. */
export const ACTIVE_LANES = 32

/**
 * Rows that have a lane, in their order. CPUs by number. Of tasks and objects the followed one, then
 * the pinned ones in the order of pinning, then those that did most; who has a lane keeps it, so that
 * lanes do not jump under the eye.
 */
export function laneRows(
  info: MonitorInfo,
  live: MonitorLive,
  before: readonly number[],
  pinned: readonly number[],
  followed: number | null
): number[] {
  const { rows } = live
  if (info.type === 'per_cpu' || info.type === 'global') {
    return Array.from({ length: Math.min(rows.size, MAX_HISTORY_ROWS) }, (_, row) => row).sort(
      (a, b) => (rows.id[a] ?? 0) - (rows.id[b] ?? 0)
    )
  }
  const chosen = [...(followed === null ? [] : [followed]), ...pinned]
    .map((id) => live.rowOf(id))
    .filter((row, i, all) => row >= 0 && all.indexOf(row) === i)
    .slice(0, MAX_HISTORY_ROWS - ACTIVE_LANES)
  const active = before
    .filter((row) => row < rows.size && !chosen.includes(row))
    .slice(0, ACTIVE_LANES)
  if (active.length < ACTIVE_LANES) {
    const taken = new Set([...chosen, ...active])
    active.push(...mostActive(live, taken, ACTIVE_LANES - active.length))
  }
  return [...chosen, ...active]
}

/** Rows with the most transitions, without sorting all of them. */
function mostActive(live: MonitorLive, without: ReadonlySet<number>, most: number): number[] {
  const { transitions, size } = live.rows
  const best: number[] = []
  const of = (row: number | undefined): number => transitions[row ?? -1] ?? 0
  for (let row = 0; row < size; row++) {
    const n = of(row)
    if (n === 0 || without.has(row)) continue
    if (best.length === most && n <= of(best[most - 1])) continue
    let at = best.length
    while (at > 0 && of(best[at - 1]) < n) at--
    best.splice(at, 0, row)
    if (best.length > most) best.pop()
  }
  return best
}
