import type { Span } from '../../findings'
import type { CToken } from '../c-tokens'
import type { Cursor } from './cursor'

/** Braces in an initializer: structure, array, row, and some more for good measure. */
const MAX_DEPTH = 8

/** What stands in the braces of a definition. */
export type Initializer =
  | { readonly kind: 'list'; readonly items: readonly Item[]; readonly span: Span }
  | { readonly kind: 'value'; readonly tokens: readonly CToken[]; readonly span: Span }

interface Item {
  /** `.name = ` */
  readonly field: string | undefined
  /** `[index] = ` */
  readonly index: readonly CToken[] | undefined
  readonly value: Initializer
}

/** Reads from behind an opening brace to behind the one that closes it. */
export function readList(at: Cursor, start: Span, depth = 0): Initializer {
  if (depth > MAX_DEPTH) at.fail('fewer braces inside each other')
  const items: Item[] = []
  while (!at.take('}')) {
    let field: string | undefined
    let index: CToken[] | undefined
    if (at.take('.')) {
      field = at.word('the name of a field')
      at.expect('=', 'behind the name of a field')
    } else if (at.take('[')) {
      index = until(at, [']'])
      at.expect(']', 'behind an index')
      at.expect('=', 'behind an index')
    }
    items.push({ field, index, value: readValue(at, depth) })
    if (at.take(',')) continue
    at.expect('}', 'or `,` in the list')
    break
  }
  return { kind: 'list', items, span: { start: start.start, end: at.span().start } }
}

function readValue(at: Cursor, depth: number): Initializer {
  const span = at.span()
  if (at.take('{')) return readList(at, span, depth + 1)
  const tokens = until(at, [',', '}'])
  const last = tokens.at(-1)
  if (last === undefined) at.fail('a value')
  return { kind: 'value', tokens, span: { start: span.start, end: last.end } }
}

function until(at: Cursor, ends: readonly string[]): CToken[] {
  const tokens: CToken[] = []
  for (let token = at.peek(); token !== undefined; token = at.peek()) {
    if (token.kind === 'mark' && ends.includes(token.text)) break
    if (token.text === '{' || token.text === ';') at.fail('a value')
    tokens.push(token)
    at.next()
  }
  return tokens
}
