import { MonitorLive } from '../../stores/columns'
import { delta, monitorInfo, type RowValues } from '../../testing'
import type { MonitorDelta, MonitorInfo } from '../../../contract/state'
import { InstanceView } from './view'

export const STATES = ['not_running', 'running']
export const EVENTS = ['switch_in', 'wakeup']

/** Instances of a monitor of tasks, as the table reads them. */
export function viewOf(
  rows: RowValues[],
  labels: MonitorDelta['labels'] = [],
  parts: Partial<MonitorInfo> = {},
  rate: (row: number) => number = () => NaN
): InstanceView {
  const live = new MonitorLive()
  live.apply(delta(0, { states: STATES, events: EVENTS, rows, labels }))
  const info = monitorInfo('wwnr', { type: 'per_task', ...parts })
  return new InstanceView(info, live, live, 10_000, false, [], 4, rate)
}
