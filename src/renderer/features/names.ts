import type { MonitorInfo } from '../../contract/state'
import type { MonitorLive } from '../stores/columns'
import { MAX_CHIPS } from '../../model/draw/chips'
import { texts } from '../texts'

/** How an instance is called: `CPU 3`, `cyclictest 2231`, `object 7`. */
export function instanceName(info: MonitorInfo, live: MonitorLive, row: number): string {
  const id = live.rows.id[row] ?? 0
  const label = live.rows.labels[row]
  switch (info.type) {
    case 'global':
      return texts.monitor.global
    case 'per_cpu':
      return texts.monitor.cpu(id)
    case 'per_task':
      return label ? `${label} ${id}` : String(id)
    case 'per_obj':
      return label ? `${label} ${id}` : texts.monitor.object(id)
    case 'unknown':
      return label ? `${label} ${id}` : String(id)
  }
}

/** Chips are for CPUs and single instances; tasks and objects are counted. */
export function showsChips(info: MonitorInfo, rows: number): boolean {
  if (info.type === 'per_cpu' || info.type === 'global') return rows <= MAX_CHIPS
  return false
}
