import { quoted } from '../findings'
import type { Findings, Span } from '../findings'
import type { Fix } from '../diagnostics'
import { cut } from '../text-edit'

/** Kinds of tokens; one character tokens have the code of their character. */
export const END = 0
export const NAME = 1
export const STRING = 2
export const NUMBER = 3
/** strict, graph, digraph, subgraph, node or edge. */
export const KEYWORD = 4
/** `->` or `--` */
export const EDGE = 5
export const OPEN_BRACE = 123
export const CLOSE_BRACE = 125
export const OPEN_BRACKET = 91
export const CLOSE_BRACKET = 93
export const EQUALS = 61
export const SEMICOLON = 59
export const COMMA = 44
export const COLON = 58

/** Braces and brackets nest no deeper than this; the kernel's models use two levels. */
const MAX_DEPTH = 64

/**
 * `clean`: nothing found. `readable`: refused by rvgen, but the rest can still
 * be read and checked. `broken`: what follows would be guesswork.
 */
export type Lexis = 'clean' | 'readable' | 'broken'

/** A text's tokens, the last of which is END. Offsets in UTF-16 units, end exclusive. */
export interface Tokens {
  readonly text: string
  readonly kinds: Uint8Array
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly lexis: Lexis
}

const KEYWORDS = new Set(['strict', 'graph', 'digraph', 'subgraph', 'node', 'edge'])

/** What a character can begin or go on with. */
const BLANK = 1
const LETTER = 2
const DIGIT = 3
const SIGN = 4
const CLASSES = new Uint8Array(128)
for (const c of ' \t\f\r\n') CLASSES[c.charCodeAt(0)] = BLANK
for (let c = 0; c < 128; c++) if (/\w/.test(String.fromCharCode(c))) CLASSES[c] = LETTER
for (const c of '0123456789') CLASSES[c.charCodeAt(0)] = DIGIT
for (const c of '{}[]=;,:') CLASSES[c.charCodeAt(0)] = SIGN

/**
 * Splits DOT text into tokens, and reports what the whole language has and
 * rvgen's dialect has not (tools/verification/rvgen/rvgen/automata.py):
 * comments, numbers without a dot, HTML strings, `+`, ports, strings over
 * several lines, names beyond ASCII.
 */
export function scan(text: string, findings: Findings): Tokens {
  return new Scanner(text, findings).scan()
}

class Scanner {
  readonly #text: string
  readonly #findings: Findings
  #kinds = new Uint8Array(1024)
  #starts = new Int32Array(1024)
  #ends = new Int32Array(1024)
  #count = 0
  #depth = 0
  #lexis: Lexis = 'clean'

  constructor(text: string, findings: Findings) {
    this.#text = text
    this.#findings = findings
  }

  scan(): Tokens {
    const text = this.#text
    let pos = 0
    while (pos < text.length && !this.#findings.full) {
      const c = text.charCodeAt(pos)
      switch (c < 128 ? CLASSES[c] : LETTER) {
        case BLANK:
          pos++
          break
        case LETTER:
          pos = this.#word(pos)
          break
        case DIGIT:
          pos = this.#number(pos)
          break
        case SIGN:
          this.#nest(c, pos)
          if (this.#depth > MAX_DEPTH) return this.#done()
          this.#push(c, pos, ++pos)
          break
        default:
          pos = this.#other(c, pos)
      }
    }
    if (pos < text.length) this.#lexis = 'broken'
    return this.#done()
  }

  #done(): Tokens {
    this.#push(END, this.#text.length, this.#text.length)
    return {
      text: this.#text,
      kinds: this.#kinds.subarray(0, this.#count),
      starts: this.#starts.subarray(0, this.#count),
      ends: this.#ends.subarray(0, this.#count),
      lexis: this.#lexis
    }
  }

  #push(kind: number, start: number, end: number): void {
    const i = this.#count++
    if (i === this.#kinds.length) {
      this.#kinds = grown(this.#kinds, new Uint8Array(2 * i))
      this.#starts = grown(this.#starts, new Int32Array(2 * i))
      this.#ends = grown(this.#ends, new Int32Array(2 * i))
    }
    this.#kinds[i] = kind
    this.#starts[i] = start
    this.#ends[i] = end
  }

  #broken(code: string, at: Span, message: string, fix?: Fix): void {
    this.#lexis = 'broken'
    this.#findings.error(code, at, message, fix)
  }

  #readable(code: string, at: Span, message: string, fix?: Fix): void {
    if (this.#lexis === 'clean') this.#lexis = 'readable'
    this.#findings.error(code, at, message, fix)
  }

  #nest(c: number, pos: number): void {
    if (c === CLOSE_BRACE || c === CLOSE_BRACKET) {
      this.#depth = Math.max(0, this.#depth - 1)
    } else if ((c === OPEN_BRACE || c === OPEN_BRACKET) && ++this.#depth > MAX_DEPTH) {
      this.#broken(
        'too-deep',
        { start: pos, end: pos + 1 },
        `Braces nest deeper than ${MAX_DEPTH} levels; expected a model.`
      )
    }
  }

  #word(start: number): number {
    const text = this.#text
    let pos = start
    let isAscii = true
    for (; pos < text.length; pos++) {
      const c = text.charCodeAt(pos)
      if (c >= 128) {
        if (isOddBlank(text[pos] ?? '')) break
        isAscii = false
      } else if ((CLASSES[c] ?? 0) < LETTER || CLASSES[c] === SIGN) break
    }
    if (pos === start) return this.#oddBlank(start)
    const word = text.slice(start, pos)
    const at = { start, end: pos }
    const lower = word.toLowerCase()
    if (!isAscii) {
      this.#readable(
        'non-ascii-name',
        at,
        `The name ${quoted(word)} needs double quotes: rvgen reads only letters, digits and \`_\`.`,
        { title: 'Put the name in double quotes', edits: [{ ...at, text: `"${word}"` }] }
      )
    } else if (!KEYWORDS.has(lower)) {
      this.#push(NAME, start, pos)
      return pos
    } else if (word !== lower) {
      // Graphviz reads keywords in any case: the two would disagree.
      this.#broken(
        'keyword-case',
        at,
        `rvgen's keywords are in lower case; expected \`${lower}\`, or \`"${word}"\` for a name.`,
        { title: `Write \`${lower}\``, edits: [{ ...at, text: lower }] }
      )
    }
    this.#push(KEYWORDS.has(lower) ? KEYWORD : NAME, start, pos)
    return pos
  }

  #oddBlank(start: number): number {
    const c = this.#text[start] ?? ''
    const at = { start, end: start + 1 }
    if (c === '\uFEFF') {
      this.#readable(
        'byte-order-mark',
        at,
        'rvgen reads no byte order mark; expected plain UTF-8 text.',
        { title: 'Remove the byte order mark', edits: [{ ...at, text: '' }] }
      )
    } else {
      const hex = c.charCodeAt(0).toString(16).toUpperCase()
      this.#readable(
        'odd-blank',
        at,
        `U+${hex.padStart(4, '0')} is no blank for rvgen; expected a space or a tab.`,
        { title: 'Put a space in its place', edits: [{ ...at, text: ' ' }] }
      )
    }
    return start + 1
  }

  /** A number with its sign; what is glued to it belongs to it, as nothing else could be meant. */
  #number(start: number): number {
    const text = this.#text
    let pos = start + 1
    while (pos < text.length && /[\w.]/.test(text[pos] ?? '')) pos++
    const word = text.slice(start, pos)
    const at = { start, end: pos }
    if (/^-?[0-9]+$/.test(word)) {
      this.#readable(
        'bare-integer',
        at,
        `rvgen reads no number without a dot; expected ${quoted(`"${word}"`)} or ${quoted(`${word}.0`)}.`,
        { title: 'Put the number in double quotes', edits: [{ ...at, text: `"${word}"` }] }
      )
    } else if (!/^-?(\.[0-9]+|[0-9]+\.[0-9]*)$/.test(word)) {
      this.#readable(
        'bad-number',
        at,
        `${quoted(word)} is no number; expected one such as \`0.5\`.`,
        { title: 'Put it in double quotes', edits: [{ ...at, text: `"${word}"` }] }
      )
    }
    this.#push(NUMBER, start, pos)
    return pos
  }

  #other(c: number, start: number): number {
    const text = this.#text
    switch (text[start] ?? '') {
      case '"':
        return this.#string(start)
      case '-': {
        const next = text[start + 1] ?? ''
        if (next === '>' || next === '-') {
          this.#push(EDGE, start, start + 2)
          return start + 2
        }
        if (/[0-9.]/.test(next)) return this.#number(start)
        break
      }
      case '.':
        return this.#number(start)
      case '#':
        return this.#comment(start, lineEnd(text, start))
      case '/':
        if (text[start + 1] === '/') return this.#comment(start, lineEnd(text, start))
        if (text[start + 1] === '*') {
          const end = text.indexOf('*/', start + 2)
          return this.#comment(start, end < 0 ? text.length : end + 2)
        }
        break
      case '<':
        return this.#html(start)
      case '+':
        this.#broken(
          'concatenation',
          { start, end: start + 1 },
          'rvgen does not join strings with `+`; expected one string.'
        )
        return start + 1
    }
    const at = { start, end: start + 1 }
    this.#broken(
      'unexpected-character',
      at,
      c === 0
        ? 'Found a NUL byte: this is no DOT text.'
        : `Unexpected ${quoted(text[start] ?? '')}; expected a name, a string in double quotes, or one of { } [ ] = ; , -> --.`
    )
    return start + 1
  }

  #comment(start: number, end: number): number {
    this.#readable(
      'comment',
      { start, end },
      'rvgen reads no comments in a model; expected a statement.',
      { title: 'Remove the comment', edits: [cut(this.#text, start, end)] }
    )
    return end
  }

  /** As Graphviz finds its end: angle brackets inside it pair. */
  #html(start: number): number {
    const text = this.#text
    let depth = 0
    let pos = start
    for (; pos < text.length; pos++) {
      if (text[pos] === '<') depth++
      else if (text[pos] === '>' && --depth === 0) break
    }
    const end = depth === 0 ? pos + 1 : lineEnd(text, start)
    this.#broken(
      'html-string',
      { start, end: depth === 0 ? end : start + 1 },
      'rvgen reads no HTML strings; expected a string in double quotes.'
    )
    this.#push(STRING, start, end)
    return end
  }

  #string(start: number): number {
    const text = this.#text
    let pos = start + 1
    let lines = false
    let nul = false
    for (; pos < text.length; pos++) {
      const c = text.charCodeAt(pos)
      if (c === 34) break
      if (c === 0) nul = true
      if (c === 92) {
        pos++
        const escaped = text.charCodeAt(pos)
        if (escaped === 10 || escaped === 13) lines = true
        if (escaped === 13 && text.charCodeAt(pos + 1) === 10) pos++
      } else if (c === 10 || c === 13) {
        this.#unterminated(start, pos)
        return pos
      }
    }
    if (pos >= text.length) {
      this.#unterminated(start, text.length)
      return text.length
    }
    const at = { start, end: ++pos }
    if (lines) {
      this.#broken(
        'multi-line-string',
        at,
        'rvgen reads no string over several lines; expected one line.',
        {
          title: 'Join the lines',
          edits: [{ ...at, text: text.slice(start, pos).replace(/\\(\r\n|\r|\n)/g, '') }]
        }
      )
    } else if (nul) {
      this.#broken('unexpected-character', at, 'Found a NUL byte in a string: this is no DOT text.')
    }
    this.#push(STRING, start, pos)
    return pos
  }

  #unterminated(start: number, end: number): void {
    this.#broken(
      'unterminated-string',
      { start, end: start + 1 },
      'This string has no end on its line; expected `"`.'
    )
    this.#push(STRING, start, end)
  }
}

/** Characters beyond ASCII that are blanks for people or for Graphviz but not for rvgen. */
function isOddBlank(c: string): boolean {
  return /\s|\u200B|\u0085/.test(c)
}

function lineEnd(text: string, from: number): number {
  let pos = from
  while (pos < text.length && text[pos] !== '\n' && text[pos] !== '\r') pos++
  return pos
}

function grown<T extends Uint8Array | Int32Array>(from: T, to: T): T {
  to.set(from)
  return to
}
