import { eventTexts } from '../../texts-events'

/** Columns of the event log in their order; time and text are always there. */
export const EVENT_COLUMNS = ['time', 'cpu', 'apart', 'flags', 'who', 'monitor', 'text'] as const
export type EventColumn = (typeof EVENT_COLUMNS)[number]

/** Columns that can be hidden. */
export const OPTIONAL_COLUMNS: readonly EventColumn[] = ['cpu', 'apart', 'flags', 'who', 'monitor']

const WIDTHS: Readonly<Record<EventColumn, string>> = {
  time: '132px',
  cpu: '34px',
  apart: '72px',
  flags: '56px',
  who: '150px',
  monitor: '170px',
  text: 'minmax(240px, 1fr)'
}

export function shownColumns(hidden: readonly string[]): EventColumn[] {
  return EVENT_COLUMNS.filter((one) => !hidden.includes(one) || !OPTIONAL_COLUMNS.includes(one))
}

export function columnTemplate(columns: readonly EventColumn[]): string {
  return columns.map((one) => WIDTHS[one]).join(' ')
}

export function columnLabel(column: EventColumn): string {
  return eventTexts.columns[column]
}
