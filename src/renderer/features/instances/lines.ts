import { visibleLine } from '../../ui/text'
import type { Column, ColumnKey } from './columns'
import type { InstanceView } from './view'

/** One cell as a program reads it: numbers bare, times in s. */
function plain(view: InstanceView, row: number, key: ColumnKey): string | number {
  const known = (value: number, digits: number): string | number =>
    Number.isFinite(value) ? Number(value.toFixed(digits)) : ''
  switch (key) {
    case 'id':
      return view.id(row)
    case 'comm':
      return view.comm(row)
    case 'group':
      return view.tgid(row) < 0 ? '' : `${String(view.tgid(row))} ${view.leader(row)}`.trim()
    case 'runs':
      return view.runs(row)
    case 'kind':
      return view.kind(row)
    case 'state':
      return view.stateName(row)
    case 'since':
      return known(view.age(row) / 1e9, 9)
    case 'transitions':
      return view.transitions(row)
    case 'rate':
      return known(view.rate(row), 1)
    case 'violations':
      return view.violations(row)
    case 'event':
      return view.eventName(row)
  }
}

/** Names of the columns, with units where a time or a rate has lost its own. */
function heads(columns: readonly Column[]): string[] {
  const units: Partial<Record<ColumnKey, string>> = { since: ' (s)', rate: '' }
  return columns.map(({ key, label }) => label + (units[key] ?? ''))
}

/** Rows for the clipboard: columns parted by tabs, no control character in a cell. */
export function asTsv(
  view: InstanceView,
  rows: Iterable<number>,
  columns: readonly Column[]
): string {
  const lines = [heads(columns).join('\t')]
  for (const row of rows) {
    lines.push(columns.map(({ key }) => visibleLine(String(plain(view, row, key)))).join('\t'))
  }
  return lines.join('\n') + '\n'
}

/** Rows as CSV (RFC 4180), with a last column that says which tasks have exited. */
export function asCsv(
  view: InstanceView,
  rows: Iterable<number>,
  columns: readonly Column[],
  exited: string
): string {
  const lines = [[...heads(columns), exited].map(csvCell).join(',')]
  for (const row of rows) {
    const cells = columns.map(({ key }) => csvCell(plain(view, row, key)))
    lines.push([...cells, view.exited(row) ? 1 : 0].join(','))
  }
  return lines.join('\r\n') + '\r\n'
}

function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const text = visibleLine(value)
  // A spreadsheet takes what begins so for a formula, and a task calls itself whatever it wants.
  const safe = /^[=+\-@]/.test(text) ? `'${text}` : text
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
