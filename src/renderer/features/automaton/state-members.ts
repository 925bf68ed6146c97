import type { MonitorInfo } from '../../../contract/state'
import { CLOCK_UNSEEN } from '../../../contract/state'
import type { MonitorLive } from '../../stores/columns'
import { instanceName } from '../names'

export type MemberOrder = 'since' | 'name' | 'clock'

/**
 * Rows that are in a state, in the wanted order: longest in it first, by name, or the clock that was
 * reset first in front.
 *
 * @param state -1: those that are not monitoring, and those of which events were lost
 */
export function membersOf(
  info: MonitorInfo,
  live: MonitorLive,
  state: number,
  search: string,
  order: MemberOrder
): Uint32Array {
  const { rows } = live
  const wanted = search.trim().toLowerCase()
  const found: number[] = []
  for (let row = 0; row < rows.size; row++) {
    const at = rows.unsure[row] === 1 ? -1 : (rows.state[row] ?? -1)
    if (at !== state) continue
    if (wanted === '' || instanceName(info, live, row).toLowerCase().includes(wanted)) {
      found.push(row)
    }
  }
  found.sort((a, b) => compare(info, live, order, a, b) || a - b)
  return Uint32Array.from(found)
}

function compare(
  info: MonitorInfo,
  { rows }: MonitorLive,
  order: MemberOrder,
  a: number,
  b: number
): number {
  if (order === 'since') {
    return (
      (rows.sinceSec[a] ?? 0) - (rows.sinceSec[b] ?? 0) ||
      (rows.sinceNsec[a] ?? 0) - (rows.sinceNsec[b] ?? 0)
    )
  }
  if (order === 'clock') {
    const [sec, nsec] = [rows.clockSec[0], rows.clockNsec[0]]
    return (
      (sec?.[a] ?? CLOCK_UNSEEN) - (sec?.[b] ?? CLOCK_UNSEEN) || (nsec?.[a] ?? 0) - (nsec?.[b] ?? 0)
    )
  }
  const byId = (rows.id[a] ?? 0) - (rows.id[b] ?? 0)
  if (info.type === 'per_cpu' || info.type === 'global') return byId
  return (rows.labels[a] ?? '').localeCompare(rows.labels[b] ?? '', 'en') || byId
}
