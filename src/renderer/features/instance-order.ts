import type { MonitorInfo } from '../../contract/state'
import type { MonitorLive } from '../stores/columns'
import { instanceName } from './names'

export type InstanceColumn =
  'name' | 'id' | 'state' | 'since' | 'transitions' | 'violations' | 'event'

/** Rows of a monitor that match a filter, in the wanted order. Ties keep the order of rows. */
export function orderedRows(
  info: MonitorInfo,
  live: MonitorLive,
  filter: string,
  column: InstanceColumn,
  descending: boolean
): Uint32Array {
  const { rows } = live
  const wanted = filter.trim().toLowerCase()
  const out: number[] = []
  for (let row = 0; row < rows.size; row++) {
    if (wanted === '' || matches(info, live, row, wanted)) out.push(row)
  }
  const sign = descending ? -1 : 1
  const compare = comparison(info, live, column)
  out.sort((a, b) => sign * compare(a, b) || a - b)
  return Uint32Array.from(out)
}

function matches(info: MonitorInfo, live: MonitorLive, row: number, wanted: string): boolean {
  if (instanceName(info, live, row).toLowerCase().includes(wanted)) return true
  if (String(live.rows.id[row] ?? '').includes(wanted)) return true
  const state = live.states[live.rows.state[row] ?? -1]
  return state?.toLowerCase().includes(wanted) ?? false
}

function comparison(
  info: MonitorInfo,
  live: MonitorLive,
  column: InstanceColumn
): (a: number, b: number) => number {
  const { rows } = live
  const by = (values: ArrayLike<number>) => (a: number, b: number) =>
    (values[a] ?? 0) - (values[b] ?? 0)
  switch (column) {
    case 'id':
      return by(rows.id)
    case 'state':
      return by(rows.state)
    case 'event':
      return by(rows.event)
    case 'transitions':
      return by(rows.transitions)
    case 'violations':
      return by(rows.violations)
    case 'since':
      // Longest in its state is largest: entered earliest.
      return (a, b) =>
        (rows.sinceSec[b] ?? 0) - (rows.sinceSec[a] ?? 0) ||
        (rows.sinceNsec[b] ?? 0) - (rows.sinceNsec[a] ?? 0)
    case 'name':
      if (info.type === 'per_cpu' || info.type === 'global') return by(rows.id)
      return (a, b) => {
        const left = rows.labels[a] ?? ''
        const right = rows.labels[b] ?? ''
        return left < right ? -1 : left > right ? 1 : (rows.id[a] ?? 0) - (rows.id[b] ?? 0)
      }
  }
}
