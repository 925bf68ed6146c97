import type { Span } from './findings'

/** A token of an expression, with its place in the expression's text. */
export interface Token extends Span {
  /** Empty at the end of the text; one character where no token begins. */
  readonly text: string
  readonly kind: 'sign' | 'number' | 'name' | 'end' | 'unknown'
}

const TOKEN =
  /\s*(?:(&&|\|\||==|!=|<=|>=|[<>&|!~()+.-])|(0[xX][0-9A-Fa-f]+|[0-9]+)(?![\w.])|([A-Za-z_]\w*))/y

/** The token that begins at or, behind blanks, after the offset. */
export function scanToken(text: string, from: number): Token {
  TOKEN.lastIndex = from
  const found = TOKEN.exec(text)
  if (found !== null) {
    const [, sign, number, name] = found
    const own = sign ?? number ?? name ?? ''
    const end = TOKEN.lastIndex
    const kind = sign !== undefined ? 'sign' : number !== undefined ? 'number' : 'name'
    return { text: own, start: end - own.length, end, kind }
  }
  const start = from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0)
  const unknown = String.fromCodePoint(text.codePointAt(start) ?? 32)
  return start >= text.length
    ? { text: '', start, end: start, kind: 'end' }
    : { text: unknown, start, end: start + unknown.length, kind: 'unknown' }
}
