import type { Fix } from '../diagnostics'
import { closest, quoted } from '../findings'
import type { Findings, Span } from '../findings'
import { BINARY_OPERATORS, UNARY_OPERATORS } from './syntax'
import type { BinaryOperator, UnaryOperator } from './syntax'

export type Token = Span & {
  readonly text: string
  /** Reported; its meaning is a guess. */
  readonly isGuess?: true
} & (
    | { readonly kind: 'name' }
    | { readonly kind: 'literal'; readonly value: boolean }
    | { readonly kind: 'unary'; readonly op: UnaryOperator }
    | { readonly kind: 'binary'; readonly op: BinaryOperator }
    | { readonly kind: '(' | ')' | '=' | 'end' }
    /** Reported already; stands where an operand or operator was meant. */
    | { readonly kind: 'bad' }
  )

/** What is written elsewhere, by the word that is meant here. */
const SPELLINGS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    and: ['&&', '&', '/\\', '∧', '^', '*'],
    or: ['||', '|', '\\/', '∨', '+'],
    not: ['!', '~', '¬'],
    imply: ['->', '=>', '→', '⇒', '-->', 'implies', 'then'],
    equivalent: ['<->', '<=>', '↔', '⇔', 'iff', 'xnor'],
    always: ['[]', '□', 'globally', 'henceforth'],
    eventually: ['<>', '◇', 'finally', 'future', 'sometimes'],
    '=': ['==', ':=', '===', ':'],
    true: ['1'],
    false: ['0']
  }).flatMap(([word, others]) => others.map((other): [string, string] => [other, word]))
)

const KEYWORDS = [...UNARY_OPERATORS, ...BINARY_OPERATORS, 'true', 'false']
const BLANK = /[ \t\r\n]/
const WORD = /[A-Za-z0-9_]+/y
const SIGNS = /[^\sA-Za-z0-9_()#]+/y

/** Splits the text into tokens, the last of which is `end`. What is no token is reported once and kept as `bad`. */
export function tokenize(text: string, findings: Findings): Token[] {
  const tokens: Token[] = []
  let pos = 0
  while (pos < text.length) {
    const c = text[pos] ?? ''
    if (BLANK.test(c)) {
      pos++
    } else if (c === '#') {
      pos = comment(text, pos, findings)
    } else {
      const before = findings.errorCount
      const token = next(text, pos, findings)
      tokens.push(findings.errorCount > before ? { ...token, isGuess: true } : token)
      pos = token.end
    }
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length })
  return tokens
}

function comment(text: string, start: number, findings: Findings): number {
  const end = text.indexOf('\n', start)
  if (end !== -1) return end + 1
  findings.warning(
    'comment-newline',
    { start, end: text.length },
    'The comment ends with the file; expected a line break behind it, without which rvgen refuses the file.',
    { title: 'Add a line break', edits: [{ start: text.length, end: text.length, text: '\n' }] }
  )
  return text.length
}

function next(text: string, start: number, findings: Findings): Token {
  const c = text[start] ?? ''
  if (c === '(' || c === ')') return { kind: c, text: c, start, end: start + 1 }
  WORD.lastIndex = start
  const word = WORD.exec(text)?.[0]
  if (word !== undefined) return ofWord(word, { start, end: start + word.length }, findings)
  SIGNS.lastIndex = start
  // An `=` ends at the sign behind it that can begin an operand in other tools: `=!A`.
  const signs = /^=(?=[!~¬])/.exec(text.slice(start, start + 2))?.[0] ?? SIGNS.exec(text)?.[0]
  const found = signs ?? String.fromCodePoint(text.codePointAt(start) ?? 0)
  const at = { start, end: start + found.length }
  if (found === '=') return { kind: '=', text: found, ...at }
  const meant = SPELLINGS.get(found)
  findings.error(
    'syntax',
    at,
    meant === undefined
      ? `Found ${quoted(found)}; expected names, words such as \`always\` and \`and\`, parentheses and \`=\`.`
      : `Found ${quoted(found)}; expected \`${meant}\`.`,
    meant === undefined ? undefined : write(meant, text, at)
  )
  // Where the meaning is clear, the rest of the line is still worth reading.
  if (meant === '=') return { kind: '=', text: found, ...at }
  return keyword(meant ?? '', at) ?? { kind: 'bad', text: found, ...at }
}

/** The word in the place of a sign, with the blanks that it needs around it. */
function write(meant: string, text: string, at: Span): Fix {
  const before = /\w/.test(text[at.start - 1] ?? '') ? ' ' : ''
  const after = /\w/.test(text[at.end] ?? '') ? ' ' : ''
  return { title: `Write \`${meant}\``, edits: [{ ...at, text: before + meant + after }] }
}

function ofWord(word: string, at: Span, findings: Findings): Token {
  const token = keyword(word, at)
  if (token !== undefined) return token
  if (/^[A-Z_][A-Z0-9_]*$/.test(word)) return { kind: 'name', text: word, ...at }
  const meant = SPELLINGS.get(word) ?? closest(word, KEYWORDS)
  if (/^[0-9]/.test(word)) {
    findings.error(
      'syntax',
      at,
      `Found ${quoted(word)}; expected a name, which begins with a letter or \`_\`${meant === undefined ? '' : `, or \`${meant}\``}.`
    )
  } else {
    findings.error(
      'lower-case-name',
      at,
      `${quoted(word)} is neither a name nor an operator; expected a name in upper case, ${quoted(word.toUpperCase())}.${meant === undefined ? '' : ` Did you mean \`${meant}\`?`}`,
      {
        title: `Write \`${meant ?? word.toUpperCase()}\``,
        edits: [{ ...at, text: meant ?? word.toUpperCase() }]
      }
    )
  }
  const replaced = SPELLINGS.has(word) || meant !== undefined ? keyword(meant ?? '', at) : undefined
  return replaced ?? { kind: 'name', text: word, ...at }
}

function keyword(word: string, at: Span): Token | undefined {
  if (word === 'true' || word === 'false') {
    return { kind: 'literal', value: word === 'true', text: word, ...at }
  }
  const unary = UNARY_OPERATORS.find((op) => op === word)
  if (unary !== undefined) return { kind: 'unary', op: unary, text: word, ...at }
  const binary = BINARY_OPERATORS.find((op) => op === word)
  if (binary !== undefined) return { kind: 'binary', op: binary, text: word, ...at }
  return undefined
}
