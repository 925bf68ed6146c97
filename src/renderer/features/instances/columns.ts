import type { MonitorInfo } from '../../../contract/state'
import type { Settings } from '../../stores/settings'
import { instanceTexts } from '../../texts-instances'

export const COLUMN_KEYS = [
  'id',
  'comm',
  'runs',
  'kind',
  'state',
  'since',
  'transitions',
  'rate',
  'violations',
  'event',
  'group'
] as const
export type ColumnKey = (typeof COLUMN_KEYS)[number]

export interface Column {
  readonly key: ColumnKey
  readonly label: string
  /** What the column shows, in a sentence. */
  readonly help: string
  readonly isNumber: boolean
  /** px */
  readonly width: number
}

const NUMBERS: readonly ColumnKey[] = ['id', 'since', 'transitions', 'rate', 'violations']
/** px */
export const MIN_WIDTH = 44
export const MAX_WIDTH = 800
const WIDTHS: Readonly<Record<ColumnKey, number>> = {
  id: 58,
  comm: 132,
  group: 150,
  runs: 160,
  kind: 140,
  state: 122,
  since: 76,
  transitions: 80,
  rate: 60,
  violations: 66,
  event: 180
}

/** Columns that a monitor's instances have, in the order of COLUMN_KEYS. */
export function columnsOf(info: Pick<MonitorInfo, 'type'>): readonly ColumnKey[] {
  const only: Partial<Record<ColumnKey, readonly MonitorInfo['type'][]>> = {
    comm: ['per_task', 'per_obj', 'unknown'],
    group: ['per_task'],
    runs: ['per_cpu'],
    kind: ['per_obj']
  }
  return COLUMN_KEYS.filter((key) => only[key]?.includes(info.type) ?? true)
}

function isKey(key: string): key is ColumnKey {
  return COLUMN_KEYS.some((one) => one === key)
}

/** All columns of a monitor in the user's order; what the order does not have stands behind. */
export function orderedColumns(
  info: Pick<MonitorInfo, 'type'>,
  { order }: Settings['instanceTable']
): ColumnKey[] {
  const wanted = [...new Set([...order.filter(isKey), ...COLUMN_KEYS])]
  const here = columnsOf(info)
  return wanted.filter((key) => here.includes(key))
}

/** The columns that are shown. The first one cannot be hidden: a table of nothing tells nothing. */
export function shownColumns(
  info: Pick<MonitorInfo, 'type'>,
  settings: Settings['instanceTable']
): Column[] {
  const all = orderedColumns(info, settings)
  const shown = all.filter((key) => key === 'id' || !settings.hidden.includes(key))
  return shown.map((key) => ({
    key,
    label: columnLabel(key, info.type),
    help: instanceTexts.help[key],
    isNumber: NUMBERS.includes(key),
    width: clampWidth(settings.widths[key] ?? WIDTHS[key])
  }))
}

export function columnLabel(key: ColumnKey, type: MonitorInfo['type']): string {
  return key === 'id' ? instanceTexts.ids[type] : instanceTexts.columns[key]
}

export function clampWidth(width: number): number {
  return Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width)))
}

/** The order with a column moved by so many places among those of a monitor. */
export function moved(
  info: Pick<MonitorInfo, 'type'>,
  settings: Settings['instanceTable'],
  key: ColumnKey,
  to: ColumnKey
): ColumnKey[] {
  const all = [...new Set([...settings.order.filter(isKey), ...COLUMN_KEYS])]
  const from = all.indexOf(key)
  const target = all.indexOf(to)
  if (from < 0 || target < 0 || !columnsOf(info).includes(key)) return all
  all.splice(from, 1)
  all.splice(target, 0, key)
  return all
}

/** Columns of which most or newest is what one looks for: their first click sorts them so. */
export function startsDescending(key: ColumnKey): boolean {
  return key === 'since' || key === 'transitions' || key === 'rate' || key === 'violations'
}
