import type { Expression } from './expression'
import { resolveAttribute, resolveName } from './expression-names'
import type { ExpressionNames, NameProblem } from './expression-names'
import { scanToken } from './expression-scanner'
import type { Token } from './expression-scanner'
import { quoted } from './findings'
import type { Span } from './findings'

/** Names and numbers of one expression, and the depth of its parentheses; nobody writes more by hand. */
const MAX_TERMS = 128
const MAX_DEPTH = 64

export type ExpressionResult =
  | { readonly expression: Expression }
  /** Offsets in the expression's text; a whole sentence. */
  | { readonly error: { readonly span: Span; readonly message: string } }

/**
 * Reads an expression in C's spelling: `prev_state == TASK_INTERRUPTIBLE`,
 * `!preempt && (flags & LCB_F_RT) != 0`, `current.prio <= p.prio`,
 * `-cpu - nr_cpus`. Operators, from loose to tight: `||`, `&&`, `|` and `&`,
 * `== != < <= > >=`, `+ -`, then `!`, `-` and `~`. Where C's precedence is a
 * known trap (`a & b == c`, `!a == b`, `a + b & c`), parentheses are demanded.
 */
export function parseExpression(text: string, names: ExpressionNames): ExpressionResult {
  try {
    return { expression: new ExpressionParser(text, names).parse() }
  } catch (e) {
    if (e instanceof Refused) return { error: { span: e.span, message: e.message } }
    throw e
  }
}

/** Thrown and caught in this file alone. */
class Refused extends Error {
  readonly span: Span
  constructor(span: Span, message: string) {
    super(message)
    this.span = span
  }
}

const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='] as const
const BITS = ['&', '|'] as const
const SUMS = ['+', '-'] as const
type BinaryOp = (Expression & { kind: 'binary' })['op']

class ExpressionParser {
  readonly #text: string
  readonly #names: ExpressionNames
  #token: Token
  #terms = 0
  #depth = 0

  constructor(text: string, names: ExpressionNames) {
    this.#text = text
    this.#names = names
    this.#token = scanToken(text, 0)
  }

  parse(): Expression {
    const expression = this.#or()
    if (this.#token.kind !== 'end') this.#expected('an operator or the end of the expression')
    return expression
  }

  #or(): Expression {
    let left = this.#and()
    while (this.#take('||')) left = binary('||', left, this.#and())
    return left
  }

  #and(): Expression {
    let left = this.#bits()
    while (this.#take('&&')) left = binary('&&', left, this.#bits())
    return left
  }

  #bits(): Expression {
    const first = this.#comparison()
    const op = this.#oneOf(BITS)
    if (op === undefined) return first.expression
    if (!first.tight) this.#expected(`parentheses, as in \`(a + b) ${op} c\``)
    let left = first.expression
    while (this.#take(op)) {
      const right = this.#sum()
      if (!right.tight || this.#oneOf(COMPARISONS) !== undefined) {
        this.#expected(`parentheses, as in \`(a ${op} b) == c\` or \`a ${op} (b + c)\``)
      }
      left = binary(op, left, right.expression)
    }
    if (this.#oneOf(BITS) !== undefined) this.#expected('parentheses, as in `(a & b) | c`')
    return left
  }

  #comparison(): Operand {
    const left = this.#sum()
    const op = this.#oneOf(COMPARISONS)
    if (op === undefined) return left
    this.#next()
    const right = this.#sum()
    if (this.#oneOf(COMPARISONS) !== undefined) {
      this.#expected('`&&`, `||` or the end; each comparison has two sides')
    }
    if (this.#oneOf(BITS) !== undefined) {
      this.#expected('parentheses, as in `a == (b & c)`')
    }
    return { expression: binary(op, left.expression, right.expression), tight: false }
  }

  #sum(): Operand {
    let expression = this.#unary()
    let tight = true
    for (let op = this.#oneOf(SUMS); op !== undefined; op = this.#oneOf(SUMS)) {
      this.#next()
      tight = false
      expression = binary(op, expression, this.#unary())
    }
    return { expression, tight }
  }

  #unary(): Expression {
    const sign = this.#oneOf(['!', '-', '~'] as const)
    if (sign === undefined) return this.#primary()
    this.#next()
    this.#enter()
    const of = this.#unary()
    this.#depth--
    if (sign === '-') return negative(of)
    if (sign === '~') return complement(of)
    if (this.#oneOf([...COMPARISONS, ...BITS, ...SUMS]) !== undefined) {
      this.#expected('parentheses after `!`, as in `!(a == b)`')
    }
    return { kind: 'unary', op: '!', of }
  }

  #primary(): Expression {
    if (this.#take('(')) {
      this.#enter()
      const inner = this.#or()
      if (!this.#take(')')) this.#expected('`)`')
      this.#depth--
      return inner
    }
    const token = this.#token
    if (token.kind !== 'number' && token.kind !== 'name') {
      this.#expected('a field, a constant or a number')
    }
    if (++this.#terms > MAX_TERMS) this.#tooLong()
    this.#next()
    if (token.kind === 'number') return { kind: 'number', value: integer(token) }
    if (!this.#take('.')) return sound(resolveName(token, this.#names))
    const attribute = this.#token
    if (attribute.kind !== 'name') this.#expected('the name of an attribute after `.`')
    this.#next()
    return sound(resolveAttribute(token, attribute, this.#names))
  }

  #enter(): void {
    if (++this.#depth > MAX_DEPTH) this.#tooLong()
  }

  #tooLong(): never {
    throw new Refused(
      this.#token,
      `The expression is too long; expected at most ${MAX_TERMS} names and numbers and ${MAX_DEPTH} parentheses in each other.`
    )
  }

  #oneOf<T extends string>(signs: readonly T[]): T | undefined {
    return this.#token.kind === 'sign' ? signs.find((s) => s === this.#token.text) : undefined
  }

  #take(sign: string): boolean {
    if (this.#oneOf([sign]) === undefined) return false
    this.#next()
    return true
  }

  #next(): void {
    this.#token = scanToken(this.#text, this.#token.end)
  }

  #expected(what: string): never {
    const found = this.#token.kind === 'end' ? 'the end' : quoted(this.#token.text)
    throw new Refused(this.#token, `Found ${found} in the expression; expected ${what}.`)
  }
}

interface Operand {
  readonly expression: Expression
  /** Whether nothing in it is looser than `&` outside of parentheses. */
  readonly tight: boolean
}

function integer(token: Token): number {
  if (/^0\d/.test(token.text)) {
    throw new Refused(
      token,
      `C reads ${quoted(token.text)} as octal; expected a decimal or hexadecimal number.`
    )
  }
  const value = Number(token.text)
  if (Number.isSafeInteger(value)) return value
  throw new Refused(token, `${quoted(token.text)} is too large; expected less than 2^53.`)
}

function sound(result: Expression | NameProblem): Expression {
  if ('kind' in result) return result
  throw new Refused(result.span, result.message)
}

const binary = (op: BinaryOp, left: Expression, right: Expression): Expression => ({
  kind: 'binary',
  op,
  left,
  right
})

const negative = (of: Expression): Expression =>
  of.kind === 'number' ? signed('-', of, 0 - of.value) : { kind: 'unary', op: '-', of }

/** In two's complement ~x is -x - 1. */
const complement = (of: Expression): Expression =>
  of.kind === 'number'
    ? signed('~', of, -1 - of.value)
    : binary('-', negative(of), { kind: 'number', value: 1 })

/** A number behind a sign; a constant keeps its name behind one, as in `~SCHED_RESET_ON_FORK`. */
const signed = (
  sign: '-' | '~',
  of: Expression & { kind: 'number' },
  value: number
): Expression => ({
  kind: 'number',
  value,
  ...(of.name !== undefined && /^\w/.test(of.name) ? { name: sign + of.name } : {})
})
