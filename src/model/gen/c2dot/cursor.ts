import type { Findings, Span } from '../../findings'
import type { CToken } from '../c-tokens'

/** Thrown by Cursor.fail and caught by attempt(): never leaves this folder. */
export class NotRecognized extends Error {
  readonly span: Span
  constructor(span: Span, message: string) {
    super(message)
    this.span = span
  }
}

/** What the body reads, or undefined after a finding where the C has another form. */
export function attempt<T>(
  findings: Findings,
  severity: 'error' | 'warning',
  code: string,
  body: () => T
): T | undefined {
  try {
    return body()
  } catch (e) {
    if (!(e instanceof NotRecognized)) throw e
    findings[severity](code, e.span, e.message)
    return undefined
  }
}

/** Reads tokens from left to right. */
export class Cursor {
  readonly #tokens: readonly CToken[]
  readonly #end: number
  #at: number

  /** @param end index of the first token that is not read any more */
  constructor(tokens: readonly CToken[], at = 0, end = tokens.length) {
    this.#tokens = tokens
    this.#at = at
    this.#end = Math.min(end, tokens.length)
  }

  get index(): number {
    return this.#at
  }

  peek(ahead = 0): CToken | undefined {
    return this.#at + ahead < this.#end ? this.#tokens[this.#at + ahead] : undefined
  }

  next(): CToken | undefined {
    const token = this.peek()
    if (token !== undefined) this.#at++
    return token
  }

  /** Whether the next token is this one, which is then read. */
  take(text: string): boolean {
    const token = this.peek()
    if (token?.text !== text || token.kind === 'string') return false
    this.#at++
    return true
  }

  expect(text: string, where: string): void {
    if (!this.take(text)) this.fail(`\`${text}\` ${where}`)
  }

  word(what: string): string {
    const token = this.peek()
    if (token?.kind !== 'word') this.fail(what)
    this.#at++
    return token.text
  }

  /** Where the next token stands, or the last one where none is left. */
  span(): Span {
    return this.peek() ?? this.#tokens[this.#end - 1] ?? { start: 0, end: 0 }
  }

  /** @param expected completes "expected ..." */
  fail(expected: string, span = this.span()): never {
    const found = this.peek()
    const what = found === undefined ? 'the end' : `\`${found.text.slice(0, 40)}\``
    throw new NotRecognized(span, `Found ${what}; expected ${expected}.`)
  }
}
