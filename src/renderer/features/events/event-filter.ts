import { parse, type Grammar } from '../../filter/language'
import { recordFilter, type RecordFilter } from '../../filter/records'
import type { EventRow } from '../../stores/panel'
import { monitorNames, type NamedMonitor } from '../monitor-names'
import { eventParts } from './event-text'

type TextField = 'monitor' | 'state' | 'event' | 'comm' | 'text'
type NumberField = 'cpu' | 'pid' | 'id' | 'time'
type Mark = 'violation' | 'final'

const GRAMMAR: Grammar<TextField, NumberField, Mark> = {
  texts: ['monitor', 'state', 'event', 'comm', 'text'],
  numbers: {
    cpu: { field: 'cpu' },
    pid: { field: 'pid' },
    id: { field: 'id' },
    time: { field: 'time', measure: 'time' }
  },
  marks: ['violation', 'final']
}

/** The filter of the event log. A word is looked for in the line and in comm. */
export function eventFilter(
  text: string,
  monitors: readonly NamedMonitor[]
): RecordFilter<EventRow> {
  return recordFilter(parse(text, GRAMMAR), {
    words: (row) => [row.text, row.comm],
    texts: (row, field) => {
      switch (field) {
        case 'monitor':
          return monitorNames(monitors[row.monitor])
        case 'comm':
          return [row.comm]
        case 'text':
          return [row.text]
        case 'state': {
          const parts = eventParts(row.text)
          return parts ? [parts.state, parts.next].filter((name) => name !== '') : []
        }
        case 'event': {
          const parts = eventParts(row.text)
          return parts && parts.event !== '' ? [parts.event] : []
        }
      }
    },
    numbers: (row, field) => {
      switch (field) {
        case 'cpu':
          return [row.cpu]
        case 'pid':
          return instanceIds(row.text, row.pid)
        case 'id': {
          const id = eventParts(row.text)?.id ?? null
          return id === null ? [] : [id]
        }
        case 'time':
          return [row.sec * 1e9 + row.nsec]
      }
    },
    is: (row, mark) => (mark === 'violation' ? row.error : eventParts(row.text)?.isFinal === true),
    known: (field) => (field === 'monitor' ? monitors.flatMap(monitorNames) : undefined)
  })
}

/** The context's pid, and that of the task which the line is about. */
function instanceIds(text: string, pid: number): number[] {
  const id = eventParts(text)?.id ?? null
  return id === null ? [pid] : [pid, id]
}
