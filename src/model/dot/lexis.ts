import { DefaultScanner, syntaxKind } from 'dot-language-support'
import { quoted } from '../findings'
import type { Findings, Span } from '../findings'

/** Braces and brackets nest no deeper than this; the kernel's models use two levels. */
const MAX_DEPTH = 64

/**
 * `clean`: nothing found. `readable`: refused by rvgen, but the rest can still
 * be read and checked. `broken`: what follows would be guesswork.
 */
export type Lexis = 'clean' | 'readable' | 'broken'

/**
 * Reports what the whole DOT language has and rvgen's dialect has not
 * (tools/verification/rvgen/rvgen/automata.py): comments, numbers without a
 * dot, HTML strings, `+`, ports, strings over several lines, names beyond ASCII.
 */
export function checkLexis(text: string, findings: Findings): Lexis {
  const scanner = new DefaultScanner()
  let worst: Lexis = 'clean'
  let depth = 0
  const broken = (code: string, at: Span, message: string): void => {
    worst = 'broken'
    findings.error(code, at, message)
  }
  const readable = (code: string, at: Span, message: string): void => {
    if (worst === 'clean') worst = 'readable'
    findings.error(code, at, message)
  }
  scanner.setText(text)
  scanner.setErrorCallback(() => {
    const at = { start: scanner.tokenPos, end: scanner.tokenPos + 1 }
    const c = text[scanner.tokenPos] ?? ''
    if (c === '"') {
      broken('unterminated-string', at, 'This string has no end on its line; expected `"`.')
    } else if (c === '<') {
      broken('html-string', at, 'rvgen reads no HTML strings; expected a string in double quotes.')
    } else {
      broken('unexpected-character', at, unexpected(c))
    }
  })
  for (let last = 0; !findings.full; last = scanner.pos) {
    const token = scanner.scan(false)
    const at = { start: scanner.tokenPos, end: scanner.pos }
    oddBlanks(text, last, at.start, broken)
    switch (token) {
      case syntaxKind.EndOfFileToken:
        return worst
      case syntaxKind.WhitespaceTrivia:
        oddBlanks(text, at.start, at.end, broken)
        break
      case syntaxKind.HashCommentTrivia:
      case syntaxKind.SingleLineCommentTrivia:
      case syntaxKind.MultiLineCommentTrivia:
        readable('comment', at, 'rvgen reads no comments in a model; expected a statement.')
        break
      case syntaxKind.NumericIdentifier:
        checkNumber(text.slice(at.start, at.end), at, readable, broken)
        break
      case syntaxKind.HtmlIdentifier:
        // An unterminated one was reported by the scanner.
        if (!scanner.isUnterminated) {
          broken(
            'html-string',
            at,
            'rvgen reads no HTML strings; expected a string in double quotes.'
          )
        }
        break
      case syntaxKind.PlusToken:
        broken('concatenation', at, 'rvgen does not join strings with `+`; expected one string.')
        break
      case syntaxKind.ColonToken:
        readable('port', at, 'rvgen reads no ports; expected the node name alone.')
        break
      case syntaxKind.StringLiteral:
        if (!scanner.isUnterminated) checkString(text.slice(at.start, at.end), at, broken)
        break
      case syntaxKind.TextIdentifier:
        checkName(text.slice(at.start, at.end), at, broken)
        break
      case syntaxKind.OpenBraceToken:
      case syntaxKind.OpenBracketToken:
        if (++depth > MAX_DEPTH) {
          broken('too-deep', at, `Braces nest deeper than ${MAX_DEPTH} levels; expected a model.`)
          return worst
        }
        break
      case syntaxKind.CloseBraceToken:
      case syntaxKind.CloseBracketToken:
        depth = Math.max(0, depth - 1)
        break
      default:
        checkKeyword(text.slice(at.start, at.end), at, broken)
    }
  }
  return 'broken'
}

type Report = (code: string, at: Span, message: string) => void

function unexpected(c: string): string {
  if (c === '\0') return 'Found a NUL byte: this is no DOT text.'
  return `Unexpected ${quoted(c)}; expected a name, a string in double quotes, or one of { } [ ] = ; , -> --.`
}

/** Characters between tokens that are blanks for Graphviz but not for rvgen. */
function oddBlanks(text: string, from: number, to: number, report: Report): void {
  for (let i = from; i < to; i++) {
    const c = text[i] ?? ''
    if (' \t\f\r\n'.includes(c)) continue
    const at = { start: i, end: i + 1 }
    if (c === '\uFEFF') {
      report('byte-order-mark', at, 'rvgen reads no byte order mark; expected plain UTF-8 text.')
    } else if (/\s|\u200B|\u0085/.test(c)) {
      report('odd-blank', at, `${quoted(c)} is no blank for rvgen; expected a space or a tab.`)
    }
  }
}

function checkNumber(text: string, at: Span, readable: Report, broken: Report): void {
  if (/^-?(\.[0-9]+|[0-9]+\.[0-9]*)$/.test(text)) return
  if (/^-?[0-9]+$/.test(text)) {
    readable(
      'bare-integer',
      at,
      `rvgen reads no number without a dot; expected ${quoted(`"${text}"`)} or ${quoted(`${text}.0`)}.`
    )
  } else {
    broken('bad-number', at, `${quoted(text)} is no number; expected one such as \`0.5\`.`)
  }
}

function checkString(text: string, at: Span, broken: Report): void {
  if (/[\n\r]/.test(text)) {
    broken('multi-line-string', at, 'rvgen reads no string over several lines; expected one line.')
  } else if (text.includes('\0')) {
    broken('unexpected-character', at, 'Found a NUL byte in a string: this is no DOT text.')
  }
}

function checkName(text: string, at: Span, broken: Report): void {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(text)) return
  broken(
    'non-ascii-name',
    at,
    `The name ${quoted(text)} needs double quotes: rvgen reads only letters, digits and \`_\`.`
  )
}

/** Graphviz reads keywords in any case, rvgen in lower case alone: the two would disagree. */
function checkKeyword(text: string, at: Span, broken: Report): void {
  const lower = text.toLowerCase()
  if (!/^[a-z]+$/i.test(text) || text === lower) return
  broken(
    'keyword-case',
    at,
    `rvgen's keywords are in lower case; expected \`${lower}\`, or \`"${text}"\` for a name.`
  )
}
