import {
  fieldsOf,
  parse,
  type Parsed as ParsedOf,
  type Grammar,
  type Term as TermOf
} from '../../filter/language'

const TEXT_FIELDS = ['state', 'comm', 'leader', 'event', 'runs', 'kind'] as const
export type TextField = (typeof TEXT_FIELDS)[number]

export type NumberField = 'id' | 'tgid' | 'violations' | 'transitions' | 'rate' | 'time'

const MARKS = ['pinned', 'exited', 'monitored', 'violated'] as const
export type Mark = (typeof MARKS)[number]

const GRAMMAR: Grammar<TextField, NumberField, Mark> = {
  texts: TEXT_FIELDS,
  // `id` is also called what it is: a pid, a CPU, an object.
  numbers: {
    pid: { field: 'id' },
    cpu: { field: 'id' },
    id: { field: 'id' },
    object: { field: 'id' },
    tgid: { field: 'tgid' },
    violations: { field: 'violations' },
    transitions: { field: 'transitions' },
    rate: { field: 'rate' },
    time: { field: 'time', measure: 'time' }
  },
  marks: MARKS
}

/** Names of all fields, as a message lists them. */
export const FIELDS: readonly string[] = fieldsOf(GRAMMAR)

export type Term = TermOf<TextField, NumberField, Mark>
export type Parsed = ParsedOf<TextField, NumberField, Mark>

/** Reads a filter of instances; a word is looked for in comm, id and state. */
export function parseFilter(text: string): Parsed {
  return parse(text, GRAMMAR)
}
