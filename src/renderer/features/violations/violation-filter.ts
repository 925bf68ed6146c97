import { parse, type Grammar } from '../../filter/language'
import { recordFilter, type RecordFilter } from '../../filter/records'
import type { ViolationRows } from '../../stores/violation-rows'
import { monitorNames, type NamedMonitor } from '../monitor-names'

type TextField = 'monitor' | 'state' | 'event' | 'comm' | 'env'
type NumberField = 'cpu' | 'pid' | 'id' | 'time'
type Mark = 'new' | 'stack' | 'timeout' | 'retries'

const GRAMMAR: Grammar<TextField, NumberField, Mark> = {
  texts: ['monitor', 'state', 'event', 'comm', 'env'],
  numbers: {
    cpu: { field: 'cpu' },
    pid: { field: 'pid' },
    id: { field: 'id' },
    time: { field: 'time', measure: 'time' }
  },
  marks: ['new', 'stack', 'timeout', 'retries']
}

/**
 * The filter of the violations, by their numbers. A word is looked for in monitor, state, event, comm
 * (of the context, and of the task that violated) and environment.
 */
export function violationFilter(
  text: string,
  rows: ViolationRows,
  monitors: readonly NamedMonitor[]
): RecordFilter<number> {
  const comms = (seq: number): string[] => present([rows.comm(seq), rows.label(seq)])
  return recordFilter(parse(text, GRAMMAR), {
    words: (seq) => [
      monitors[rows.monitor(seq)]?.fullName ?? '',
      rows.state(seq),
      rows.event(seq),
      rows.env(seq),
      ...comms(seq)
    ],
    texts: (seq, field) => {
      switch (field) {
        case 'monitor':
          return monitorNames(monitors[rows.monitor(seq)])
        case 'state':
          return present([rows.state(seq)])
        case 'event':
          return present([rows.event(seq)])
        case 'env':
          return present([rows.env(seq)])
        case 'comm':
          return comms(seq)
      }
    },
    numbers: (seq, field) => {
      const id = rows.id(seq)
      switch (field) {
        case 'cpu':
          return [rows.cpu(seq)]
        case 'pid':
          return id === null ? [rows.pid(seq)] : [rows.pid(seq), id]
        case 'id':
          return id === null ? [] : [id]
        case 'time':
          return [rows.time(seq)]
      }
    },
    is: (seq, mark) => {
      switch (mark) {
        case 'new':
          return !rows.isSeen(seq)
        case 'stack':
          return rows.hasStack(seq)
        case 'timeout':
          return rows.kind(seq) === 'error_env' && rows.event(seq) === 'none'
        case 'retries':
          return rows.kind(seq) === 'retries'
      }
    },
    known: (field) => (field === 'monitor' ? monitors.flatMap(monitorNames) : undefined)
  })
}

function present(texts: readonly string[]): string[] {
  return texts.filter((text) => text !== '')
}
