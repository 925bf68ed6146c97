import type { LogLine } from '../../../contract/state'
import { parse, type Grammar } from '../../filter/language'
import { recordFilter, type RecordFilter } from '../../filter/records'
import { rvLine } from './rv-line'

/** Names of the levels as `dmesg` prints them, by their number (include/linux/kern_levels.h). */
export const LEVELS = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug'] as const

type TextField = 'text' | 'monitor' | 'state' | 'event'
type NumberField = 'level' | 'time'

const GRAMMAR: Grammar<TextField, NumberField, 'rv'> = {
  texts: ['text', 'monitor', 'state', 'event'],
  numbers: {
    level: {
      field: 'level',
      names: Object.fromEntries(LEVELS.map((name, level) => [name, level]))
    },
    time: { field: 'time', measure: 'time' }
  },
  marks: ['rv']
}

/** The filter of the kernel log. A word is looked for in the text. */
export function logFilter(text: string): RecordFilter<LogLine> {
  return recordFilter(parse(text, GRAMMAR), {
    words: (line) => [line.text],
    texts: (line, field) => {
      if (field === 'text') return [line.text]
      const found = rvLine(line.text)
      const value = found?.[field] ?? ''
      return value === '' ? [] : [value]
    },
    numbers: (line, field) =>
      field === 'level' ? [line.level] : [line.sec * 1e9 + line.usec * 1e3],
    is: (line) => rvLine(line.text) !== null
  })
}
