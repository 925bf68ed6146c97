import { Errno } from '../engine/errno'
import { fieldValues } from './record-values'
import { AT_ARGUMENTS, AT_COMM, AT_PID } from './ring-buffer'
import { layoutOf } from './record-layout'
import {
  EVENTS_PER_MONITOR,
  FIRST_MONITOR_EVENT,
  type RecordNames,
  type TraceEvent
} from './trace-events'

/** A compiled filter: which records stay. */
export interface EventFilter {
  readonly text: string
  keeps(words: Int32Array, at: number): boolean
}

type Test = (words: Int32Array, at: number) => boolean

/** Why a text is no filter: what the kernel shows below it. */
export class FilterError extends Errno {
  constructor(
    /** Characters before what is wrong. */
    readonly position: number,
    /** The kernel's words (kernel/trace/trace_events_filter.c). */
    readonly words: string
  ) {
    super('EINVAL', `the filter is wrong at character ${position + 1}: ${words}`)
  }
}

interface Token {
  readonly text: string
  readonly at: number
}

/**
 * The kernel's filters: comparisons of a field with a number or a string,
 * joined by && and ||, with parentheses and !.
 * @throws FilterError where it is none
 */
export function compileFilter(text: string, event: TraceEvent, names: RecordNames): EventFilter {
  const tokens = tokensOf(text)
  let position = 0
  const peek = (): string | undefined => tokens[position]?.text
  const next = (): Token => {
    const token = tokens[position++]
    if (token === undefined) throw new FilterError(text.length, 'Unbalanced parens or no predicate')
    return token
  }

  const either = (): Test => {
    let left = both()
    while (peek() === '||') {
      next()
      const a = left
      const b = both()
      left = (words, at) => a(words, at) || b(words, at)
    }
    return left
  }
  const both = (): Test => {
    let left = single()
    while (peek() === '&&') {
      next()
      const a = left
      const b = single()
      left = (words, at) => a(words, at) && b(words, at)
    }
    return left
  }
  const single = (): Test => {
    const token = next()
    if (token.text === '!') {
      const of = single()
      return (words, at) => !of(words, at)
    }
    if (token.text === '(') {
      const inner = either()
      const close = tokens[position++]
      if (close?.text !== ')') throw new FilterError(close?.at ?? text.length, 'Too many (')
      return inner
    }
    return comparison(token)
  }
  const comparison = (field: Token): Test => {
    const read = fieldReader(event, field.text, names)
    // The kernel's arrow stands one place further.
    if (read === undefined) {
      throw new FilterError(field.at + field.text.length + 1, 'Field not found')
    }
    const op = tokens[position++]
    if (op === undefined) throw new FilterError(text.length, 'Invalid operator')
    const value = next()
    return read.kind === 'string' ? compareText(read, op, value) : compareNumber(read, op, value)
  }

  const keeps = either()
  const more = tokens[position]
  if (more !== undefined) {
    throw new FilterError(more.at, more.text === ')' ? 'Too many )' : 'Invalid operator')
  }
  return { text, keeps }
}

function tokensOf(text: string): readonly Token[] {
  const pattern = /\s+|&&|\|\||==|!=|<=|>=|[<>&!()~]|"[^"]*"|'[^']*'|-?\w+/gy
  const tokens: Token[] = []
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex
    const found = pattern.exec(text)?.[0]
    if (found === undefined) throw new FilterError(at, 'Invalid operator')
    if (found.trim() !== '') tokens.push({ text: found, at })
  }
  return tokens
}

function compareText(
  { of }: { readonly of: (words: Int32Array, at: number) => string },
  op: Token,
  value: Token
): Test {
  const wanted = /^["'](.*)["']$/s.exec(value.text)?.[1]
  if (wanted === undefined) {
    throw new FilterError(value.at + 1, 'Invalid value (did you forget quotes)?')
  }
  switch (op.text) {
    case '==':
      return (words, at) => of(words, at) === wanted
    case '!=':
      return (words, at) => of(words, at) !== wanted
    case '~': {
      const pattern = new RegExp(`^${wanted.split('*').map(escaped).join('.*')}$`, 's')
      return (words, at) => pattern.test(of(words, at))
    }
    default:
      throw new FilterError(op.at, 'Illegal operation for field type')
  }
}

const escaped = (text: string): string =>
  text.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\?/g, '.')

function compareNumber(
  { of }: { readonly of: (words: Int32Array, at: number) => number },
  op: Token,
  value: Token
): Test {
  const number = Number(value.text)
  if (!/^-?\w+$/.test(value.text) || !Number.isInteger(number)) {
    throw new FilterError(value.at, 'Invalid value (did you forget quotes)?')
  }
  switch (op.text) {
    case '==':
      return (words, at) => of(words, at) === number
    case '!=':
      return (words, at) => of(words, at) !== number
    case '<':
      return (words, at) => of(words, at) < number
    case '<=':
      return (words, at) => of(words, at) <= number
    case '>':
      return (words, at) => of(words, at) > number
    case '>=':
      return (words, at) => of(words, at) >= number
    case '&':
      return (words, at) => (of(words, at) & number) !== 0
    default:
      throw new FilterError(op.at, 'Illegal operation for field type')
  }
}

/** Reads a field of a record whose words begin at `at`. */
export type FieldReader =
  | { readonly kind: 'number'; readonly of: (words: Int32Array, at: number) => number }
  | { readonly kind: 'string'; readonly of: (words: Int32Array, at: number) => string }

/** How a field of an event is read; undefined: it has none of that name, or an array. */
export function fieldReader(
  event: TraceEvent,
  field: string,
  names: RecordNames
): FieldReader | undefined {
  const { fields } = layoutOf(event)
  const index = fields.findIndex(({ field: { declaration } }) =>
    new RegExp(`\\b${field}(\\[\\d*\\])?$`).test(declaration)
  )
  const layout = fields[index]
  if (layout === undefined) return commonReader(field, names)
  const monitor = monitorReader(event, field, names)
  if (monitor !== undefined) return monitor
  // The rest is read as a raw record has it.
  const value = (words: Int32Array, at: number): unknown =>
    fieldValues(event, (argument) => words[at + AT_ARGUMENTS + argument]!, names)[index]
  switch (layout.kind) {
    case 'integer':
      return { kind: 'number', of: (words, at) => Number(value(words, at)) }
    case 'array':
      return undefined
    default:
      return { kind: 'string', of: (words, at) => String(value(words, at)) }
  }
}

/** Fields that every record has. */
function commonReader(field: string, names: RecordNames): FieldReader | undefined {
  if (field === 'common_pid') return { kind: 'number', of: (words, at) => words[at + AT_PID]! }
  if (field === 'comm' || field === 'COMM') {
    return { kind: 'string', of: (words, at) => names.comm(words[at + AT_COMM]!) }
  }
  if (field === 'cpu' || field === 'CPU' || field === 'common_cpu') {
    return { kind: 'number', of: () => names.currentCpu }
  }
  return undefined
}

/** Fields of an automaton's events, read without making anything: these are the ones that are filtered. */
function monitorReader(
  event: TraceEvent,
  field: string,
  names: RecordNames
): FieldReader | undefined {
  if (event.id < FIRST_MONITOR_EVENT) return undefined
  const index = Math.floor((event.id - FIRST_MONITOR_EVENT) / EVENTS_PER_MONITOR)
  const automaton = names.monitors[index]?.automaton
  if (automaton === undefined) return undefined
  const word = (of: number) => (words: Int32Array, at: number) => words[at + AT_ARGUMENTS + of]!
  switch (field) {
    case 'id':
      return { kind: 'number', of: word(0) }
    case 'state':
      return { kind: 'string', of: (words, at) => automaton.states[word(1)(words, at)] ?? '' }
    case 'event':
      return { kind: 'string', of: (words, at) => automaton.events[word(2)(words, at)] ?? 'none' }
    case 'next_state':
      return { kind: 'string', of: (words, at) => automaton.states[word(3)(words, at)] ?? '' }
    default:
      return undefined
  }
}
