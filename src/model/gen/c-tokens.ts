/** A token of C. Offsets are those of the text. */
export interface CToken {
  /** `directive`: a whole line of the preprocessor, in `text` without comments. */
  readonly kind: 'word' | 'number' | 'string' | 'mark' | 'directive'
  /** As written; a string without its quotes and with its escapes replaced. */
  readonly text: string
  readonly start: number
  readonly end: number
}

/** The tokens of a text, or where and why it is no C. */
export interface CTokens {
  readonly tokens: readonly CToken[]
  readonly error: { readonly at: number; readonly message: string } | undefined
}

const SPACE = /[ \t\r\n\f\v]+|\\\r?\n/y
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y
const NUMBER = /\.?[0-9][A-Za-z0-9_.]*/y
const STRING = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y
const MARK = /->|\+\+|--|<<=|>>=|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|\.\.\.|##|[!-/:-@[-`{-~]/y
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0' }

/** Splits C into its tokens; comments are left out. Never throws, whatever the text. */
export function scanC(text: string): CTokens {
  const tokens: CToken[] = []
  let at = text.startsWith('\uFEFF') ? 1 : 0
  let lineStart = true
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(text)?.[0]
  }
  while (at < text.length) {
    const space = match(SPACE)
    if (space !== undefined) {
      if (space.includes('\n') && !space.startsWith('\\')) lineStart = true
      at += space.length
      continue
    }
    const comment = commentEnd(text, at)
    if (comment !== undefined) {
      if (comment < 0) return { tokens, error: { at, message: 'This comment has no end.' } }
      at = comment
      continue
    }
    const start = at
    if (text[at] === '#' && lineStart) {
      const { end, line } = directive(text, at)
      if (end < 0) return { tokens, error: { at, message: 'A comment in this line has no end.' } }
      at = end
      tokens.push({ kind: 'directive', text: line, start, end })
      continue
    }
    lineStart = false
    const word = match(WORD)
    const number = word ?? match(NUMBER)
    const string = number ?? match(STRING)
    const found = string ?? match(MARK)
    if (found === undefined || (string === undefined && (found === '"' || found === "'"))) {
      const message =
        found === undefined ? 'This character is none of C.' : 'This string has no end.'
      return { tokens, error: { at, message } }
    }
    at += found.length
    if (word !== undefined) tokens.push({ kind: 'word', text: found, start, end: at })
    else if (number !== undefined) tokens.push({ kind: 'number', text: found, start, end: at })
    else if (string !== undefined && found.startsWith('"')) {
      tokens.push({ kind: 'string', text: unescaped(found.slice(1, -1)), start, end: at })
    } else if (string !== undefined) tokens.push({ kind: 'number', text: found, start, end: at })
    else tokens.push({ kind: 'mark', text: found, start, end: at })
  }
  return { tokens, error: undefined }
}

/** Where the comment that begins here ends; -1: nowhere; undefined: none begins. */
function commentEnd(text: string, at: number): number | undefined {
  if (text.startsWith('/*', at)) {
    const end = text.indexOf('*/', at + 2)
    return end < 0 ? -1 : end + 2
  }
  if (!text.startsWith('//', at)) return undefined
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}

/** A line of the preprocessor, with those that a backslash joins to it. */
function directive(text: string, start: number): { end: number; line: string } {
  let line = ''
  let at = start
  while (at < text.length && text[at] !== '\n') {
    const comment = commentEnd(text, at)
    if (comment !== undefined) {
      if (comment < 0) return { end: -1, line }
      line += ' '
      at = comment
    } else if (text[at] === '\\' && /^\\\r?\n/.test(text.slice(at, at + 3))) {
      line += ' '
      at += text[at + 1] === '\r' ? 3 : 2
    } else {
      line += text[at] ?? ''
      at++
    }
  }
  return { end: at, line: line.trim() }
}

const unescaped = (text: string): string =>
  text.replace(/\\(.)/gs, (_, c: string) => ESCAPES[c] ?? c)
