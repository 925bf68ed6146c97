import { quoted } from '../../findings'
import type { Findings, Span } from '../../findings'
import type { CToken } from '../c-tokens'
import { Cursor, NotRecognized, attempt } from './cursor'
import { readList } from './initializer'
import type { Initializer } from './initializer'

/** Largest number of states and events: what an automaton has room for. */
const MAX_STATES = 0x7fff

/** What a header says of an automaton, in its own order. */
export interface HeaderModel {
  /** What MONITOR_NAME, or the names of the header, call the monitor. */
  readonly name: string | undefined
  readonly states: readonly string[]
  readonly events: readonly string[]
  /** Empty for a deterministic automaton. */
  readonly envs: readonly string[]
  /** next[state][event]; undefined where the event is invalid. */
  readonly next: readonly (readonly (number | undefined)[])[]
  readonly initial: number
  readonly final: readonly boolean[]
  /** Enumerators and numbers that `#define` gives a name, by name. */
  readonly constants: ReadonlyMap<string, number>
  /** Of the definition, for findings about the whole. */
  readonly span: Span
}

/** Reads the tokens of a header; undefined after an error. */
export function readHeader(tokens: readonly CToken[], findings: Findings): HeaderModel | undefined {
  const constants = readConstants(tokens, findings)
  const definition = findDefinition(tokens, findings)
  if (definition === undefined) return undefined
  return attempt(findings, 'error', 'not-dot2c', () =>
    new DefinitionReader(definition, constants).read(monitorName(tokens, definition.type))
  )
}

/** Enumerators and `#define NAME number-or-name`. */
function readConstants(tokens: readonly CToken[], findings: Findings): Map<string, number> {
  const constants = new Map<string, number>()
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i]?.text !== 'enum') continue
    const open = tokens[i + 1]?.text === '{' ? i + 1 : i + 2
    if (tokens[open]?.text !== '{') continue
    const at = new Cursor(tokens, open + 1)
    attempt(findings, 'warning', 'enum', () => {
      readEnum(at, constants)
    })
    i = at.index - 1
  }
  for (const { kind, text } of tokens) {
    if (kind !== 'directive') continue
    const [, name, value] = /^#\s*define\s+(\w+)\s+\(?(-?\w+)\)?$/.exec(text) ?? []
    if (name === undefined || value === undefined || constants.has(name)) continue
    const number = constants.get(value) ?? numberOf(value)
    if (number !== undefined) constants.set(name, number)
  }
  return constants
}

function readEnum(at: Cursor, constants: Map<string, number>): void {
  let value = 0
  while (!at.take('}')) {
    const name = at.word('the name of an enumerator')
    if (at.take('=')) {
      const sign = at.take('-') ? -1 : 1
      const token = at.next()
      const number =
        token === undefined ? undefined : (constants.get(token.text) ?? numberOf(token.text))
      if (number === undefined) at.fail('a number, or an enumerator that stands before it')
      value = sign * number
    }
    constants.set(name, value++)
    if (at.take(',')) continue
    at.expect('}', 'or `,` in the enum')
    break
  }
}

/** A C integer that fits; undefined for what is none. */
function numberOf(text: string): number | undefined {
  const match = /^(-?)(0[xX][0-9a-fA-F]+|[0-9]+)[uUlL]*$/.exec(text)
  if (match === null) return text === 'true' ? 1 : text === 'false' ? 0 : undefined
  const value = Number(match[2])
  return Number.isSafeInteger(value) ? (match[1] === '-' ? -value : value) : undefined
}

interface Definition {
  readonly type: string
  readonly list: Extract<Initializer, { kind: 'list' }>
  readonly span: Span
}

/** The definition `struct X Y = { .function = ... }`. */
function findDefinition(tokens: readonly CToken[], findings: Findings): Definition | undefined {
  let found: Definition | undefined
  let broken = false
  for (let i = 0; i + 4 < tokens.length; i++) {
    const [keyword, type, variable, equals, open] = tokens.slice(i, i + 5)
    if (keyword?.text !== 'struct' || type?.kind !== 'word' || variable?.kind !== 'word') continue
    if (equals?.text !== '=' || open?.text !== '{') continue
    const at = new Cursor(tokens, i + 5)
    const list = attempt(findings, 'error', 'syntax', () => readList(at, open))
    if (list?.kind !== 'list') {
      broken = true
      break
    }
    if (list.items.some(({ field }) => field === 'function')) {
      found ??= { type: type.text, list, span: { start: keyword.start, end: variable.end } }
    }
    i = at.index - 1
  }
  if (found !== undefined || broken) return found
  const isLtl = tokens.some(({ text }) => text === 'ltl_buchi_state' || text === 'LTL_NUM_ATOM')
  findings.error(
    isLtl ? 'ltl-header' : 'no-automaton',
    { start: 0, end: 0 },
    isLtl
      ? 'This is the Büchi automaton of an LTL monitor, which does not tell its formula, and is no deterministic automaton; expected the header of a da or ha monitor.'
      : 'The file defines no automaton; expected `static const struct automaton aut = { ... .function = { ... } ... };` as dot2c prints it.'
  )
  return undefined
}

function monitorName(tokens: readonly CToken[], type: string): string | undefined {
  for (const { kind, text } of tokens) {
    const name = kind === 'directive' ? /^#\s*define\s+MONITOR_NAME\s+(\w+)$/.exec(text) : null
    if (name?.[1] !== undefined) return name[1]
  }
  return /^automaton_(\w+)$/.exec(type)?.[1]
}

class DefinitionReader {
  readonly #definition: Definition
  readonly #constants: ReadonlyMap<string, number>

  constructor(definition: Definition, constants: ReadonlyMap<string, number>) {
    this.#definition = definition
    this.#constants = constants
  }

  read(name: string | undefined): HeaderModel {
    const states = this.#names('state_names', 'state')
    const events = this.#names('event_names', 'event')
    const envs = this.#field('env_names') ? this.#names('env_names', 'environment variable') : []
    const { span } = this.#definition
    return {
      name,
      states,
      events,
      envs,
      next: this.#matrix(states, events),
      initial: this.#initial(states),
      final: this.#finals(states),
      constants: this.#constants,
      span
    }
  }

  #field(name: string): Initializer | undefined {
    // Of two, C takes the last.
    return this.#definition.list.items.findLast(({ field }) => field === name)?.value
  }

  #required(name: string): Initializer {
    const value = this.#field(name)
    if (value !== undefined) return value
    return this.#fail(this.#definition.span, `The definition has no \`.${name}\`; expected one.`)
  }

  /** The elements of an array by their index; those that are not given are undefined. */
  #array(name: string, of: Initializer, length: number): (Initializer | undefined)[] {
    if (of.kind !== 'list') this.#fail(of.span, `Expected a list in braces for ${name}.`)
    const found: (Initializer | undefined)[] = []
    let at = 0
    for (const { index, value, field } of of.items) {
      if (field !== undefined) this.#fail(value.span, `Expected no field in ${name}.`)
      if (index !== undefined) at = this.#number(index, value.span)
      if (at < 0 || at >= length) {
        this.#fail(value.span, `${name} has more than ${length} elements.`)
      }
      found[at++] = value
    }
    return Array.from({ length: Math.max(found.length, 0) }, (_, i) => found[i])
  }

  #names(field: string, what: string): string[] {
    const seen = new Set<string>()
    const all = this.#array(`\`.${field}\``, this.#required(field), MAX_STATES)
    if (all.length === 0) {
      this.#fail(this.#required(field).span, `\`.${field}\` is empty; expected a name.`)
    }
    return all.map((item) => {
      const span = item?.span ?? this.#definition.span
      const tokens = item?.kind === 'value' ? item.tokens : []
      if (tokens.length === 0 || tokens.some(({ kind }) => kind !== 'string')) {
        this.#fail(span, `Expected the name of each ${what} as a string.`)
      }
      const name = tokens.map(({ text }) => text).join('')
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || name.startsWith('__init_')) {
        this.#fail(
          span,
          `${quoted(name)} cannot be the name of a${what.startsWith('e') ? 'n' : ''} ${what} in DOT; expected a C identifier.`
        )
      }
      if (seen.has(name))
        this.#fail(span, `The ${what} ${quoted(name)} stands twice; expected it once.`)
      seen.add(name)
      return name
    })
  }

  #matrix(states: readonly string[], events: readonly string[]): (number | undefined)[][] {
    const field = this.#required('function')
    const rows = this.#array('`.function`', field, states.length)
    return states.map((state, s) => {
      const row = rows[s]
      if (row === undefined) {
        this.#fail(field.span, `\`.function\` has no row for the state ${quoted(state)}.`)
      }
      const cells = this.#array(`The row of the state ${quoted(state)}`, row, events.length)
      return events.map((event, e) => {
        const cell = cells[e]
        if (cell?.kind !== 'value') {
          this.#fail(
            row.span,
            `The row of the state ${quoted(state)} has no state for the event ${quoted(event)}.`
          )
        }
        const isMark = cell.tokens.length === 1 && cell.tokens[0]?.text === 'INVALID_STATE'
        if (isMark && !this.#constants.has('INVALID_STATE')) return undefined
        const next = this.#number(cell.tokens, cell.span)
        // Older headers say -1; the number of states is INVALID_STATE.
        if (next === -1 || next === states.length) return undefined
        if (next < 0 || next > states.length) {
          this.#fail(
            cell.span,
            `${next} is no state; expected 0 to ${states.length - 1}, or INVALID_STATE.`
          )
        }
        return next
      })
    })
  }

  #initial(states: readonly string[]): number {
    const value = this.#required('initial_state')
    const tokens = value.kind === 'value' ? value.tokens : []
    const initial = this.#number(tokens, value.span)
    if (initial >= 0 && initial < states.length) return initial
    return this.#fail(value.span, `${initial} is no state; expected 0 to ${states.length - 1}.`)
  }

  /** What is not given is 0 in C. */
  #finals(states: readonly string[]): boolean[] {
    const field = this.#required('final_states')
    const all = this.#array('`.final_states`', field, states.length)
    return states.map((_, i) => {
      const one = all[i]
      return one?.kind === 'value' && this.#number(one.tokens, one.span) !== 0
    })
  }

  #number(tokens: readonly CToken[], span: Span): number {
    const [first, second, third] = tokens
    const isNegative = first?.text === '-'
    const token = isNegative ? second : first
    const rest = isNegative ? third : second
    const value =
      token === undefined || rest !== undefined
        ? undefined
        : (this.#constants.get(token.text) ?? numberOf(token.text))
    if (value !== undefined) return isNegative ? -value : value
    const text = tokens.map((one) => one.text).join(' ')
    return this.#fail(
      span,
      `${quoted(text)} is not known; expected a number or an enumerator of this file.`
    )
  }

  #fail(span: Span, message: string): never {
    throw new NotRecognized(span, message)
  }
}
