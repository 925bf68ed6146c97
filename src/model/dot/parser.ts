import { quoted } from '../findings'
import type { Findings, Span } from '../findings'
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  EDGE,
  END,
  EQUALS,
  KEYWORD,
  NAME,
  NUMBER,
  OPEN_BRACE,
  OPEN_BRACKET,
  SEMICOLON,
  STRING
} from './scanner'
import type { Tokens } from './scanner'
import type { Assignment, AttributeList, Graph, Statement, Value } from './syntax'

/** Thrown and caught in this file alone: the finding is made. */
class Refused extends Error {}

/**
 * Reads the tokens as one graph of rvgen's grammar. After an error it goes on at
 * the next statement: behind a `;`, or on another line.
 *
 * @returns undefined where the end of the graph was not found
 */
export function parseGraph(tokens: Tokens, findings: Findings): Graph | undefined {
  return new GraphParser(tokens, findings).graph()
}

const NO_ATTRIBUTES: AttributeList = { assignments: [], span: undefined }

class GraphParser {
  readonly #tokens: Tokens
  readonly #findings: Findings
  #at = 0
  #refused = false

  constructor(tokens: Tokens, findings: Findings) {
    this.#tokens = tokens
    this.#findings = findings
  }

  graph(): Graph | undefined {
    try {
      const start = this.#start()
      if (this.#word() === 'strict') this.#at++
      if (this.#word() !== 'graph' && this.#word() !== 'digraph') {
        this.#refuse('`digraph` or `graph`')
      }
      const head = { start, end: this.#end() }
      this.#at++
      if (this.#isId()) this.#at++
      if (this.#kind() !== OPEN_BRACE) this.#refuse('`{`')
      this.#at++
      const statements = this.#statements()
      const end = this.#start()
      if (this.#kind() !== CLOSE_BRACE) this.#refuse('a statement, or `}` at the end of the graph')
      this.#at++
      if (this.#kind() !== END) this.#refuse('nothing behind the end of the graph')
      return { head, statements, end, isWhole: !this.#refused }
    } catch (e) {
      if (e instanceof Refused) return undefined
      throw e
    }
  }

  /** Up to the closing brace or the end of the file. */
  #statements(): Statement[] {
    const found: Statement[] = []
    while (this.#kind() !== CLOSE_BRACE && this.#kind() !== END) {
      const before = this.#at
      try {
        found.push(this.#statement())
        if (this.#kind() === SEMICOLON) this.#at++
      } catch (e) {
        if (!(e instanceof Refused)) throw e
        if (this.#findings.full) throw e
        this.#recover(before)
      }
    }
    return found
  }

  /** To the next place where a statement may begin. */
  #recover(before: number): void {
    if (this.#at === before) this.#at++
    for (; ; this.#at++) {
      const kind = this.#kind()
      if (kind === END || kind === CLOSE_BRACE) return
      if (kind === SEMICOLON) {
        this.#at++
        return
      }
      const canBegin = this.#isId() || kind === KEYWORD || kind === OPEN_BRACE
      if (canBegin && this.#beginsLine()) return
    }
  }

  #statement(): Statement {
    const start = this.#start()
    const word = this.#word()
    if (word === 'node' || word === 'edge' || word === 'graph') {
      this.#at++
      if (this.#kind() !== OPEN_BRACKET) this.#refuse(`\`[\` behind \`${word}\``)
      const attributes = this.#attributes()
      return { kind: 'defaults', of: word, attributes, span: this.#since(start) }
    }
    if (word === 'subgraph' || this.#kind() === OPEN_BRACE) {
      const statements = this.#subgraph()
      if (this.#kind() === EDGE) return this.#edge(start, undefined)
      return { kind: 'subgraph', statements, span: this.#since(start) }
    }
    const id = this.#id('a statement: a node, an edge, or `}`')
    if (this.#kind() === EQUALS) {
      this.#at++
      this.#id('a value behind `=`')
      return { kind: 'assignment', span: this.#since(start) }
    }
    this.#port()
    if (this.#kind() === EDGE) return this.#edge(start, id)
    const attributes = this.#kind() === OPEN_BRACKET ? this.#attributes() : NO_ATTRIBUTES
    return { kind: 'node', id, attributes, span: this.#since(start) }
  }

  #edge(start: number, from: Value | undefined): Statement {
    const ends: (Value | undefined)[] = [from]
    while (this.#kind() === EDGE) {
      this.#at++
      if (this.#word() === 'subgraph' || this.#kind() === OPEN_BRACE) {
        this.#subgraph()
        ends.push(undefined)
        continue
      }
      ends.push(this.#id('a node at the end of the edge'))
      this.#port()
    }
    const attributes = this.#kind() === OPEN_BRACKET ? this.#attributes() : NO_ATTRIBUTES
    return { kind: 'edge', ends, attributes, span: this.#since(start) }
  }

  #subgraph(): Statement[] {
    if (this.#word() === 'subgraph') {
      this.#at++
      if (this.#isId()) this.#at++
    }
    const open = this.#start()
    if (this.#kind() !== OPEN_BRACE) this.#refuse('`{` of the subgraph')
    this.#at++
    const statements = this.#statements()
    if (this.#kind() !== CLOSE_BRACE) {
      this.#refuse(`\`}\` for the brace at ${this.#findings.place(open)}`)
    }
    this.#at++
    return statements
  }

  #attributes(): AttributeList {
    const start = this.#start()
    const assignments: Assignment[] = []
    while (this.#kind() === OPEN_BRACKET) {
      this.#at++
      while (this.#kind() !== CLOSE_BRACKET) {
        const key = this.#id('an attribute such as `label = "name"`, or `]`')
        if (this.#kind() !== EQUALS) this.#refuse('`=` and a value')
        this.#at++
        assignments.push({ key, value: this.#id('a value behind `=`') })
        if (this.#kind() === SEMICOLON || this.#kind() === COMMA) this.#at++
      }
      this.#at++
    }
    return { assignments, span: this.#since(start) }
  }

  /** Passes over what the scanner reported. */
  #port(): void {
    while (this.#kind() === COLON) {
      const start = this.#start()
      this.#at++
      if (this.#isId()) this.#at++
      const at = this.#since(start)
      this.#findings.error(
        'port',
        { start, end: start + 1 },
        'rvgen reads no ports; expected the node name alone.',
        { title: 'Remove the port', edits: [{ ...at, text: '' }] }
      )
    }
  }

  #id(expected: string): Value {
    const { text } = this.#tokens
    const start = this.#start()
    const end = this.#end()
    switch (this.#kind()) {
      case NAME:
      case NUMBER:
        this.#at++
        return { text: text.slice(start, end), span: { start, end }, isQuoted: false }
      case STRING: {
        this.#at++
        // Columns in the text between the quotes are columns of the file.
        const span = { start: start + 1, end: end - 1 }
        return { text: text.slice(span.start, span.end), span, isQuoted: true }
      }
      case KEYWORD:
        return this.#refuse(
          `${expected}, or double quotes around ${quoted(text.slice(start, end))} for a name`
        )
      default:
        return this.#refuse(expected)
    }
  }

  #refuse(expected: string): never {
    const { text } = this.#tokens
    const at = { start: this.#start(), end: this.#end() }
    const found =
      this.#kind() === END ? 'the end of the file' : quoted(text.slice(at.start, at.end))
    this.#findings.error('syntax', at, `Found ${found}; expected ${expected}.`)
    this.#refused = true
    throw new Refused()
  }

  #isId(): boolean {
    const kind = this.#kind()
    return kind === NAME || kind === STRING || kind === NUMBER
  }

  /** The keyword here, if it is one. */
  #word(): string | undefined {
    if (this.#kind() !== KEYWORD) return undefined
    return this.#tokens.text.slice(this.#start(), this.#end())
  }

  #beginsLine(): boolean {
    const from = this.#tokens.ends[this.#at - 1] ?? 0
    return /[\r\n]/.test(this.#tokens.text.slice(from, this.#start()))
  }

  #kind(): number {
    return this.#tokens.kinds[this.#at] ?? END
  }

  #start(): number {
    return this.#tokens.starts[this.#at] ?? this.#tokens.text.length
  }

  #end(): number {
    return this.#tokens.ends[this.#at] ?? this.#tokens.text.length
  }

  /** From an offset to the end of the last token. */
  #since(start: number): Span {
    return { start, end: this.#tokens.ends[this.#at - 1] ?? start }
  }
}
