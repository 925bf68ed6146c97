import { Errno } from '../engine/errno'
import { AT_ARGUMENTS, AT_PID } from './ring-buffer'
import type { RecordNames, TraceEvent } from './trace-events'

/** A compiled filter: which records stay. */
export interface EventFilter {
  readonly text: string
  keeps(words: Int32Array, at: number): boolean
}

type Test = (words: Int32Array, at: number) => boolean

/**
 * A subset of the kernel's filters: comparisons of a field with a number or a
 * string, joined by && and ||, with parentheses and !.
 * @throws Errno EINVAL where it is none
 */
export function compileFilter(text: string, event: TraceEvent, names: RecordNames): EventFilter {
  const tokens = text.match(/&&|\|\||==|!=|<=|>=|[<>&!()]|"[^"]*"|'[^']*'|-?\w+/g) ?? []
  if (tokens.join('') !== text.replace(/\s+(?=([^"']*["'][^"']*["'])*[^"']*$)/g, ''))
    throw bad(text)
  let position = 0
  const peek = (): string | undefined => tokens[position]
  const next = (): string => {
    const token = tokens[position++]
    if (token === undefined) throw bad(text)
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
    if (token === '!') {
      const of = single()
      return (words, at) => !of(words, at)
    }
    if (token === '(') {
      const inner = either()
      if (next() !== ')') throw bad(text)
      return inner
    }
    return comparison(token, next(), next())
  }
  const comparison = (field: string, op: string, value: string): Test => {
    const read = fieldReader(event, field, names)
    if (read === undefined)
      throw new Errno('EINVAL', `${event.name} has no field ${field} that can be compared`)
    const quoted = /^["'](.*)["']$/.exec(value)?.[1]
    if (read.kind === 'string') {
      const wanted = quoted ?? value
      if (op === '==') return (words, at) => read.of(words, at) === wanted
      if (op === '!=') return (words, at) => read.of(words, at) !== wanted
      throw bad(text)
    }
    const number = Number(value)
    if (quoted !== undefined || !Number.isInteger(number)) throw bad(text)
    const { of } = read
    switch (op) {
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
        throw bad(text)
    }
  }

  const keeps = either()
  if (position !== tokens.length) throw bad(text)
  return { text, keeps }
}

const bad = (text: string): Errno =>
  new Errno('EINVAL', `${JSON.stringify(text)} is no filter that this kernel knows`)

type Reader =
  | { readonly kind: 'number'; readonly of: (words: Int32Array, at: number) => number }
  | { readonly kind: 'string'; readonly of: (words: Int32Array, at: number) => string }

function fieldReader(event: TraceEvent, field: string, names: RecordNames): Reader | undefined {
  const argument = (index: number) => (words: Int32Array, at: number) =>
    words[at + AT_ARGUMENTS + index]!
  if (field === 'common_pid') return { kind: 'number', of: (words, at) => words[at + AT_PID]! }
  const index = event.fields.findIndex(({ declaration }) =>
    new RegExp(`\\b${field}\\b(\\[|$)`).test(declaration)
  )
  const declaration = event.fields[index]?.declaration
  if (declaration === undefined) return undefined
  if (event.system === 'rv') return rvField(event, field, names)
  if (event.system !== 'sched')
    return declaration.includes('[') ? undefined : { kind: 'number', of: argument(index) }
  const of = argument(index)
  if (declaration.includes('['))
    return { kind: 'string', of: (words, at) => names.comm(of(words, at)) }
  return { kind: 'number', of }
}

/** Fields of the rv events: their arguments are id, state, event, next. */
function rvField(event: TraceEvent, field: string, names: RecordNames): Reader | undefined {
  const name = event.name.replace(/^(event|error|error_env)_/, '')
  const automaton = names.monitors.find((monitor) => monitor.name === name)?.automaton
  if (automaton === undefined) return undefined
  const word = (index: number) => (words: Int32Array, at: number) =>
    words[at + AT_ARGUMENTS + index]!
  switch (field) {
    case 'id':
      return { kind: 'number', of: word(0) }
    case 'state':
      return { kind: 'string', of: (words, at) => automaton.states[word(1)(words, at)] ?? '' }
    case 'event':
      return { kind: 'string', of: (words, at) => automaton.events[word(2)(words, at)] ?? '' }
    case 'next_state':
      return { kind: 'string', of: (words, at) => automaton.states[word(3)(words, at)] ?? '' }
    case 'final_state':
      return {
        kind: 'number',
        of: (words, at) => (automaton.final[word(3)(words, at)] === true ? 1 : 0)
      }
    default:
      return undefined
  }
}
