import type { ClockKind, Comparison, Constraint, Guard, GuardValue, Unit } from './automaton'
import type { Span } from './findings'

/*
 * The grammar of state and event labels, as rvgen reads them
 * (tools/verification/rvgen/rvgen/automata.py). A label is taken as it stands
 * between the quotes: its line break is a backslash and an n.
 */

export interface StateLabel {
  readonly name: string
  readonly invariant: (Constraint & { readonly span: Span }) | undefined
}

export interface EventLabel {
  readonly event: string
  readonly guard: Guard | undefined
  /** Offsets in the label. */
  readonly span: Span
}

/** What a label should have had, and where; `expected` completes "Expected ...". */
export interface LabelError {
  readonly span: Span
  readonly expected: string
}

export type LabelResult<T> = { readonly value: T } | { readonly error: LabelError }

/** `name` or `name\nenv op value unit?`. The operator is not checked here. */
export function parseStateLabel(text: string): LabelResult<StateLabel> {
  return run(text, (at) => {
    const name = at.word('a state name')
    if (!at.lineBreak()) {
      at.end('the end of the label, or `\\n` and a condition on a clock')
      return { name, invariant: undefined }
    }
    const start = at.offset()
    const condition = constraint(at)
    const span = { start, end: at.lastEnd }
    at.end('the end of the label')
    return { name, invariant: { ...condition, span } }
  })
}

/** `event`, `event;guard`, several joined by `\n`. */
export function parseEventLabel(text: string): LabelResult<readonly EventLabel[]> {
  return run(text, (at) => {
    const events: EventLabel[] = []
    do {
      const start = at.offset()
      const event = at.word('an event name')
      const guarded = at.take(';') ? guard(at) : undefined
      events.push({ event, guard: guarded, span: { start, end: at.lastEnd } })
    } while (at.lineBreak())
    at.end('`;` and a guard, `\\n` and another event, or the end of the label')
    return events
  })
}

/** The unit of a value: the one written, or the one that rvgen infers from the value's name. */
export function unitOf(constraint: Constraint): Unit | undefined {
  if (constraint.unit !== undefined) return constraint.unit
  const name = valueName(constraint.value).toLowerCase()
  if (name.endsWith('_ns')) return 'ns'
  if (name.endsWith('_jiffies')) return 'j'
  return undefined
}

const NS: Readonly<Record<Unit, number>> = { ns: 1, us: 1_000, ms: 1_000_000, s: 1e9, j: 1 }

/** What the clock of a constraint counts, or undefined where nothing tells its unit. */
export function clockKind(constraint: Constraint): ClockKind | undefined {
  const unit = unitOf(constraint)
  return unit === undefined ? undefined : unit === 'j' ? 'jiffies' : 'ns'
}

/** A constraint's literal in what its clock counts (us, ms and s in ns); undefined for a name. */
export function literalValue({ value, unit }: Constraint): number | undefined {
  return value.kind === 'literal' ? Number(value.text) * NS[unit ?? 'ns'] : undefined
}

/** The name of a symbolic value: `DEADLINE_NS` of `DEADLINE_NS()`. */
export function valueName({ text }: GuardValue): string {
  return text.replace('()', '')
}

/** The label text of a constraint, such as `clk<10us`. */
export function printConstraint(c: Constraint): string {
  // A word after a word needs a blank, else the unit would be read as part of the name.
  const unit = c.unit === undefined ? '' : c.value.kind === 'literal' ? c.unit : ` ${c.unit}`
  return `${c.env}${c.op}${c.value.text}${unit}`
}

/** The label text of a guard, without the event before it. */
export function printGuard(guard: Guard): string {
  let text = ''
  guard.constraints.forEach((c, i) => {
    text += (i === 0 ? '' : ` ${guard.joins[i - 1] ?? '&&'} `) + printConstraint(c)
  })
  if (guard.reset === undefined) return text
  return text === '' ? `reset(${guard.reset})` : `${text};reset(${guard.reset})`
}

function guard(at: Reader): Guard {
  let constraints: Constraint[] = []
  let joins: ('&&' | '||')[] = []
  let reset: string | undefined
  if (at.peekWord() === 'reset') {
    reset = resetClause(at)
    if (at.take(';')) [constraints, joins] = rule(at)
  } else {
    ;[constraints, joins] = rule(at)
    if (at.take(';')) reset = resetClause(at)
  }
  return { constraints, joins, reset }
}

function resetClause(at: Reader): string {
  if (at.peekWord() !== 'reset') at.fail('`reset(NAME)`')
  at.word('`reset`')
  if (!at.take('(')) at.fail('`(` after `reset`')
  const env = at.word('the name of the clock to reset')
  if (!at.take(')')) at.fail('`)`')
  return env
}

function rule(at: Reader): [Constraint[], ('&&' | '||')[]] {
  const constraints = [constraint(at)]
  const joins: ('&&' | '||')[] = []
  for (;;) {
    const join = at.take('&&') ? '&&' : at.take('||') ? '||' : undefined
    if (join === undefined) return [constraints, joins]
    joins.push(join)
    constraints.push(constraint(at))
  }
}

function constraint(at: Reader): Constraint {
  const env = at.word('a condition such as `clk<10us`, or `reset(clk)`')
  const op = at.match(/==|!=|<=|>=|<|>/y)
  if (op === undefined) at.fail('a comparison (`==`, `!=`, `<`, `<=`, `>` or `>=`)')
  const value = at.match(/[0-9]+|[A-Z_]+(?:\(\))?|[a-z_]+(?:\(\))?/y)
  if (value === undefined) {
    at.fail('a number, a CONSTANT, a MACRO(), a parameter or a function() (names without digits)')
  }
  const unit = at.match(/ns|us|ms|s|j/y)
  return {
    env,
    op: op as Comparison,
    value: { kind: valueKind(value), text: value },
    unit: unit as Unit | undefined
  }
}

function valueKind(text: string): GuardValue['kind'] {
  if (/^[0-9]/.test(text)) return 'literal'
  const call = text.endsWith('()')
  if (/^[A-Z_]+(\(\))?$/.test(text)) return call ? 'constant-call' : 'constant'
  return call ? 'function' : 'parameter'
}

/** Thrown by Reader.fail and caught by run: never leaves this file. */
class Failed extends Error {
  readonly error: LabelError
  constructor(error: LabelError) {
    super(error.expected)
    this.error = error
  }
}

function run<T>(text: string, body: (at: Reader) => T): LabelResult<T> {
  try {
    return { value: body(new Reader(text)) }
  } catch (e) {
    if (e instanceof Failed) return { error: e.error }
    throw e
  }
}

/** Reads a label from left to right; blanks between tokens mean nothing. */
class Reader {
  readonly #text: string
  #pos = 0
  /** Where the last token ended. */
  lastEnd = 0

  constructor(text: string) {
    this.#text = text
  }

  /** Where the next token starts. */
  offset(): number {
    while (' \t\f\r'.includes(this.#text[this.#pos] ?? 'x')) this.#pos++
    return this.#pos
  }

  match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.offset()
    const found = sticky.exec(this.#text)?.[0]
    if (found === undefined) return undefined
    this.#pos += found.length
    this.lastEnd = this.#pos
    return found
  }

  take(token: string): boolean {
    if (!this.#text.startsWith(token, this.offset())) return false
    this.#pos += token.length
    this.lastEnd = this.#pos
    return true
  }

  lineBreak(): boolean {
    return this.take('\\n')
  }

  peekWord(): string | undefined {
    const word = /[A-Za-z_][A-Za-z0-9_]*/y
    word.lastIndex = this.offset()
    return word.exec(this.#text)?.[0]
  }

  word(expected: string): string {
    return this.match(/[A-Za-z_][A-Za-z0-9_]*/y) ?? this.fail(expected)
  }

  end(expected: string): void {
    if (this.offset() < this.#text.length) this.fail(expected)
  }

  fail(expected: string): never {
    const start = this.offset()
    throw new Failed({ span: { start, end: Math.min(start + 1, this.#text.length) }, expected })
  }
}
