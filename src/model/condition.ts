import { closest, quoted } from './findings'
import type { Span } from './findings'
import type { Condition, Operand } from './instrumentation'
import { CONSTANTS } from './tracepoints'
import type { Tracepoint } from './tracepoints'

/** Comparisons of one condition, and the depth of its parentheses; nobody writes more by hand. */
const MAX_TERMS = 64

export type ConditionResult =
  | { readonly condition: Condition }
  /** Offsets in the condition's text; a whole sentence. */
  | { readonly error: { readonly span: Span; readonly message: string } }

/**
 * Reads a condition over a tracepoint's fields, in C's spelling:
 * `prev_state == TASK_INTERRUPTIBLE`, `!preempt && prev_state != 0`,
 * `state & TASK_UNINTERRUPTIBLE`. `&` asks whether the two have a bit in common.
 * A name alone asks whether it is not 0. Where C's precedence is a known trap
 * (`a & b == c`, `!a == b`), parentheses are demanded.
 */
export function parseCondition(text: string, tracepoint: Tracepoint): ConditionResult {
  try {
    return { condition: new ConditionParser(text, tracepoint).parse() }
  } catch (e) {
    if (e instanceof Refused) return { error: { span: e.span, message: e.message } }
    throw e
  }
}

/** A condition ready to run: true when it holds for the tracepoint's arguments. Does not allocate. */
export type CompiledCondition = (args: Float64Array) => boolean

/**
 * Makes a function of a condition.
 *
 * @param fieldIndex position of a field among the arguments. An argument that
 *   is missing compares as NaN, so that no comparison but `!=` holds.
 */
export function compileCondition(
  condition: Condition,
  fieldIndex: (field: string) => number
): CompiledCondition {
  switch (condition.kind) {
    case 'not': {
      const of = compileCondition(condition.of, fieldIndex)
      return (args) => !of(args)
    }
    case 'and': {
      const left = compileCondition(condition.left, fieldIndex)
      const right = compileCondition(condition.right, fieldIndex)
      return (args) => left(args) && right(args)
    }
    case 'or': {
      const left = compileCondition(condition.left, fieldIndex)
      const right = compileCondition(condition.right, fieldIndex)
      return (args) => left(args) || right(args)
    }
    case 'compare': {
      const left = compileOperand(condition.left, fieldIndex)
      const right = compileOperand(condition.right, fieldIndex)
      switch (condition.op) {
        case '==':
          return (args) => left(args) === right(args)
        case '!=':
          return (args) => left(args) !== right(args)
        case '<':
          return (args) => left(args) < right(args)
        case '<=':
          return (args) => left(args) <= right(args)
        case '>':
          return (args) => left(args) > right(args)
        case '>=':
          return (args) => left(args) >= right(args)
        case '&':
          // The low 32 bits: as wide as the kernel's task states.
          return (args) => (left(args) & right(args)) !== 0
      }
    }
  }
}

function compileOperand(
  operand: Operand,
  fieldIndex: (field: string) => number
): (args: Float64Array) => number {
  if (operand.kind === 'number') {
    const { value } = operand
    return () => value
  }
  const index = fieldIndex(operand.name)
  return (args) => args[index] ?? NaN
}

/** Thrown and caught in this file alone. */
class Refused extends Error {
  readonly span: Span
  constructor(span: Span, message: string) {
    super(message)
    this.span = span
  }
}

const TOKEN =
  /\s*(?:(&&|\|\||==|!=|<=|>=|[<>&!()])|(-?(?:0[xX][0-9A-Fa-f]+|[0-9]+))(?!\w)|([A-Za-z_]\w*))/y
const COMPARISONS = ['==', '!=', '<', '<=', '>', '>=', '&'] as const
type ComparisonToken = (typeof COMPARISONS)[number]

interface Token extends Span {
  /** Empty at the end of the text, and for a character that begins no token. */
  readonly text: string
  readonly kind: 'sign' | 'number' | 'name' | 'end' | 'unknown'
}

class ConditionParser {
  readonly #text: string
  readonly #tracepoint: Tracepoint
  #token: Token
  #terms = 0
  #depth = 0

  constructor(text: string, tracepoint: Tracepoint) {
    this.#text = text
    this.#tracepoint = tracepoint
    this.#token = this.#scan(0)
  }

  parse(): Condition {
    const condition = this.#or()
    if (this.#token.kind !== 'end') this.#expected('`&&`, `||` or the end of the condition')
    return condition
  }

  #or(): Condition {
    let left = this.#and()
    while (this.#take('||')) left = { kind: 'or', left, right: this.#and() }
    return left
  }

  #and(): Condition {
    let left = this.#unary()
    while (this.#take('&&')) left = { kind: 'and', left, right: this.#unary() }
    return left
  }

  #unary(): Condition {
    if (this.#take('!')) {
      this.#enter()
      const of = this.#isSign('!') || this.#isSign('(') ? this.#unary() : truth(this.#operand())
      this.#depth--
      if (this.#comparison() !== undefined) {
        this.#expected('parentheses after `!`, as in `!(a == b)`')
      }
      return { kind: 'not', of }
    }
    if (this.#take('(')) {
      this.#enter()
      const inner = this.#or()
      if (!this.#take(')')) this.#expected('`)`')
      this.#depth--
      return inner
    }
    const left = this.#operand()
    const op = this.#comparison()
    if (op === undefined) return truth(left)
    this.#next()
    const right = this.#operand()
    if (this.#comparison() !== undefined) {
      this.#expected('`&&`, `||` or the end; each comparison has two sides')
    }
    return { kind: 'compare', op, left, right }
  }

  #operand(): Operand {
    const token = this.#token
    if (token.kind === 'number') {
      const negative = token.text.startsWith('-')
      const magnitude = Number(negative ? token.text.slice(1) : token.text)
      if (!Number.isSafeInteger(magnitude)) {
        throw new Refused(token, `${quoted(token.text)} is too large; expected less than 2^53.`)
      }
      this.#count()
      return { kind: 'number', value: negative ? 0 - magnitude : magnitude }
    }
    if (token.kind !== 'name') this.#expected('a field, a constant or a number')
    this.#count()
    const field = this.#tracepoint.fields.find((f) => f.name === token.text)
    if (field?.kind === 'int') return { kind: 'field', name: field.name }
    if (field !== undefined) {
      throw new Refused(
        token,
        `${quoted(field.name)} is a task; a condition compares integers: ${this.#intFields()}.`
      )
    }
    const constant = CONSTANTS.get(token.text)
    if (constant !== undefined) return { kind: 'number', value: constant }
    const names = [...this.#tracepoint.fields.map((f) => f.name), ...CONSTANTS.keys()]
    const close = closest(token.text, names)
    throw new Refused(
      token,
      `${quoted(token.text)} is no field of ${this.#tracepoint.name} and no constant; it has ${this.#intFields()}.${close === undefined ? '' : ` Did you mean \`${close}\`?`}`
    )
  }

  #intFields(): string {
    const fields = this.#tracepoint.fields.filter((f) => f.kind === 'int')
    return fields.length === 0 ? 'no integer field' : fields.map((f) => quoted(f.name)).join(', ')
  }

  #count(): void {
    if (++this.#terms > 2 * MAX_TERMS) this.#tooLong()
    this.#next()
  }

  #enter(): void {
    if (++this.#depth > MAX_TERMS) this.#tooLong()
  }

  #tooLong(): never {
    throw new Refused(
      this.#token,
      `The condition is too long; expected at most ${MAX_TERMS} comparisons and parentheses.`
    )
  }

  #comparison(): ComparisonToken | undefined {
    return this.#token.kind === 'sign' ? COMPARISONS.find((c) => c === this.#token.text) : undefined
  }

  #isSign(sign: string): boolean {
    return this.#token.kind === 'sign' && this.#token.text === sign
  }

  #take(sign: string): boolean {
    if (!this.#isSign(sign)) return false
    this.#next()
    return true
  }

  #next(): void {
    this.#token = this.#scan(this.#token.end)
  }

  #scan(from: number): Token {
    TOKEN.lastIndex = from
    const found = TOKEN.exec(this.#text)
    if (found !== null) {
      const [, sign, number, name] = found
      const text = sign ?? number ?? name ?? ''
      const end = TOKEN.lastIndex
      const kind = sign !== undefined ? 'sign' : number !== undefined ? 'number' : 'name'
      return { text, start: end - text.length, end, kind }
    }
    const start = from + (/^\s*/.exec(this.#text.slice(from))?.[0].length ?? 0)
    if (start >= this.#text.length) return { text: '', start, end: start, kind: 'end' }
    return { text: this.#text[start] ?? '', start, end: start + 1, kind: 'unknown' }
  }

  #expected(what: string): never {
    const found = this.#token.kind === 'end' ? 'the end' : quoted(this.#token.text)
    throw new Refused(this.#token, `Found ${found} in the condition; expected ${what}.`)
  }
}

const truth = (operand: Operand): Condition => ({
  kind: 'compare',
  op: '!=',
  left: operand,
  right: { kind: 'number', value: 0 }
})
