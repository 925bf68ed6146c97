import { quoted } from '../findings'
import type { Findings, Span } from '../findings'
import type { Token } from './lexer'
import { BINARY_OPERATORS, UNARY_OPERATORS } from './syntax'
import type { LtlAssignment, LtlExpression } from './syntax'

/** Operators and parentheses inside each other; nobody writes more by hand. */
export const MAX_NESTING = 200

const OPERAND =
  'a name, `true`, `false`, `(`, or one of `always`, `eventually`, `next` and `not` and its operand'
const OPERATOR = '`and`, `or`, `imply` or `until`'

/** Names that stand for operators in other tools. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['G', 'always'],
  ['F', 'eventually'],
  ['X', 'next'],
  ['N', 'next'],
  ['U', 'until'],
  ['IMPLIES', 'imply']
])

/**
 * Reads a file's assignments:
 *
 *     file       = { NAME "=" expression }
 *     expression = unary expression | operand [ binary expression ]
 *     operand    = NAME | "true" | "false" | "(" expression ")"
 *
 * There is no precedence: what follows an operator is its right operand as far
 * as the expression goes. After an error the next `NAME =` is looked for.
 */
export function parseAssignments(tokens: readonly Token[], findings: Findings): ParsedAssignments {
  const parser = new LtlParser(tokens, findings)
  return parser.file()
}

export interface ParsedAssignments {
  readonly assignments: LtlAssignment[]
  /** Names that stand in what could not be read: they may be defined or used there. */
  readonly unread: ReadonlySet<string>
  /** Whether something could not be read of which not even the name is known. */
  readonly hasNameless: boolean
}

/** Thrown and caught in this file alone: the finding is made. */
class Refused extends Error {}

class LtlParser {
  readonly #tokens: readonly Token[]
  readonly #findings: Findings
  #at = 0
  #depth = 0

  constructor(tokens: readonly Token[], findings: Findings) {
    this.#tokens = tokens
    this.#findings = findings
  }

  file(): ParsedAssignments {
    const found: LtlAssignment[] = []
    const unread = new Set<string>()
    let hasNameless = false
    while (this.#token().kind !== 'end') {
      const before = this.#at
      try {
        const assignment = this.#assignment()
        if (!this.#tokens.slice(before, this.#at).some((t) => t.isGuess === true)) {
          found.push(assignment)
          continue
        }
      } catch (e) {
        if (!(e instanceof Refused)) throw e
        if (this.#at === before) this.#at++
        while (this.#token().kind !== 'end' && !this.#atAssignment()) this.#at++
      }
      const skipped = this.#tokens.slice(before, this.#at)
      if (skipped[0]?.kind !== 'name' || skipped[1]?.kind !== '=') hasNameless = true
      for (const { kind, text } of skipped) if (kind === 'name') unread.add(text.toUpperCase())
    }
    return { assignments: found, unread, hasNameless }
  }

  #assignment(): LtlAssignment {
    const name = this.#token()
    if (name.kind !== 'name') {
      const what = found(name)
      this.#refuse(name, `Found ${what}; expected \`NAME = formula\`, such as \`RULE = always A\`.`)
    }
    this.#at++
    const sign = this.#token()
    if (sign.kind !== '=') {
      this.#refuse(sign, `Found ${found(sign)} behind ${quoted(name.text)}; expected \`=\`.`)
    }
    this.#at++
    const expression = this.#expression()
    const after = this.#token()
    if (after.kind !== 'end' && !this.#atAssignment()) this.#refuseAfter(after)
    return { name: name.text, nameSpan: { start: name.start, end: name.end }, expression }
  }

  #expression(): LtlExpression {
    const token = this.#token()
    if (++this.#depth > MAX_NESTING) {
      this.#depth = 0
      this.#refuse(
        token,
        `The formula is nested too deeply; expected at most ${MAX_NESTING} operators and parentheses inside each other.`,
        'too-deep'
      )
    }
    const expression =
      token.kind === 'unary' ? this.#unary(token) : this.#binary(this.#operand(token))
    this.#depth--
    return expression
  }

  #unary(token: Token & { readonly kind: 'unary' }): LtlExpression {
    this.#at++
    const of = this.#expression()
    const span = { start: token.start, end: of.span.end }
    return { kind: 'unary', op: token.op, opSpan: spanOf(token), of, span }
  }

  #binary(left: LtlExpression): LtlExpression {
    const token = this.#token()
    if (token.kind !== 'binary') return left
    this.#at++
    const right = this.#expression()
    const span = { start: left.span.start, end: right.span.end }
    return { kind: 'binary', op: token.op, opSpan: spanOf(token), left, right, span }
  }

  #operand(token: Token): LtlExpression {
    // A definition that follows at once says that this one's formula is missing.
    if (token.kind === 'name' && !this.#atAssignment()) {
      this.#at++
      return { kind: 'name', name: token.text, span: spanOf(token) }
    }
    if (token.kind === 'literal') {
      this.#at++
      return { kind: 'literal', value: token.value, span: spanOf(token) }
    }
    if (token.kind !== '(') {
      this.#depth = 0
      this.#refuse(token, `Found ${found(token)}; expected ${OPERAND}.`)
    }
    this.#at++
    const of = this.#expression()
    const close = this.#token()
    if (close.kind !== ')') {
      const place = this.#findings.place(token.start)
      this.#refuseAfter(close, `, or \`)\` for the parenthesis of ${place}`)
    }
    this.#at++
    return { kind: 'group', of, span: { start: token.start, end: close.end } }
  }

  /** `instead` completes "expected an operator ...". */
  #refuseAfter(token: Token, instead = ', or `NAME = formula`'): never {
    this.#depth = 0
    const before = this.#tokens[this.#at - 1]
    const meant = wordFor(token, BINARY_OPERATORS) ?? wordFor(before, UNARY_OPERATORS)
    const hint = meant === undefined ? '' : ` Did you mean \`${meant}\`?`
    const unary = token.kind === 'unary' ? ` \`${token.op}\` has no left operand.` : ''
    this.#refuse(token, `Found ${found(token)}; expected ${OPERATOR}${instead}.${unary}${hint}`)
  }

  #refuse(token: Token, message: string, code = 'syntax'): never {
    // What the lexer reported needs no second finding.
    if (token.kind !== 'bad') this.#findings.error(code, spanOf(token), message)
    throw new Refused()
  }

  #token(): Token {
    const token = this.#tokens[this.#at]
    return token ?? { kind: 'end', text: '', start: 0, end: 0 }
  }

  #atAssignment(): boolean {
    return this.#token().kind === 'name' && this.#tokens[this.#at + 1]?.kind === '='
  }
}

const spanOf = (token: Token): Span => ({ start: token.start, end: token.end })

const found = (token: Token): string =>
  token.kind === 'end' ? 'the end of the file' : quoted(token.text)

/** The operator, one of those given, that a name was meant for. */
function wordFor(token: Token | undefined, operators: readonly string[]): string | undefined {
  if (token?.kind !== 'name') return undefined
  const word = LETTERS.get(token.text) ?? token.text.toLowerCase()
  return operators.find((op) => op === word)
}
