import { syntaxKind } from 'dot-language-support'
import type {
  AttributeContainer,
  EdgeStatement,
  Graph,
  Identifier,
  NodeStatement,
  Statement,
  SyntaxNode
} from 'dot-language-support'
import { quoted } from '../findings'
import type { Findings, Span } from '../findings'

/** An attribute's value as written, without quotes, and where it stands. */
export interface Value {
  readonly text: string
  readonly span: Span
}

/** The attributes that mean something for the automaton. */
export interface Attributes {
  label: Value | undefined
  shape: Value | undefined
  /** Any attribute at all: an edge without is drawn only. */
  any: boolean
}

/** All statements of one node, merged. */
export interface NodeEntry {
  readonly id: string
  /** Name in its first statement. */
  readonly span: Span
  readonly attributes: Attributes
}

/** All statements of one edge, merged; `ignored` are labels after the first. */
export interface EdgeEntry {
  readonly from: Value
  readonly to: Value
  readonly span: Span
  readonly attributes: Attributes
  readonly ignored: Value[]
}

export interface Statements {
  readonly nodes: ReadonlyMap<string, NodeEntry>
  readonly edges: readonly EdgeEntry[]
}

/**
 * Nodes and edges with their effective attributes: defaults are inherited
 * inwards and overridden by own attributes; across statements of the same node
 * or edge the first value seen wins.
 */
export function collectStatements(graph: Graph, text: string, findings: Findings): Statements {
  const collector = new Collector(text, findings)
  collector.statements(graph.statements, { node: none(), edge: none() })
  return { nodes: collector.nodes, edges: [...collector.edges.values()] }
}

interface Scope {
  node: Attributes
  edge: Attributes
}

const none = (): Attributes => ({ label: undefined, shape: undefined, any: false })

const over = (own: Attributes, defaults: Attributes): Attributes => ({
  label: own.label ?? defaults.label,
  shape: own.shape ?? defaults.shape,
  any: own.any || defaults.any
})

class Collector {
  readonly nodes = new Map<string, NodeEntry>()
  readonly edges = new Map<string, EdgeEntry>()
  readonly #text: string
  readonly #findings: Findings

  constructor(text: string, findings: Findings) {
    this.#text = text
    this.#findings = findings
  }

  statements(list: readonly Statement[], scope: Scope): void {
    for (const statement of list) {
      switch (statement.kind) {
        case syntaxKind.NodeStatement:
          this.#node(statement, scope)
          break
        case syntaxKind.EdgeStatement:
          this.#edge(statement, scope)
          break
        case syntaxKind.AttributeStatement: {
          const own = this.#attributes(statement.attributes)
          if (statement.subject.kind === syntaxKind.NodeKeyword) scope.node = over(own, scope.node)
          if (statement.subject.kind === syntaxKind.EdgeKeyword) scope.edge = over(own, scope.edge)
          break
        }
        case syntaxKind.SubGraphStatement:
          this.statements(statement.subgraph.statements, { ...scope })
          break
        case syntaxKind.IdEqualsIdStatement:
          // Graph attributes have no meaning for the automaton.
          break
      }
    }
  }

  #node(statement: NodeStatement, scope: Scope): void {
    const id = this.#value(statement.id.id)
    const attributes = over(this.#attributes(statement.attributes), scope.node)
    const entry = this.nodes.get(id.text)
    if (entry === undefined) {
      this.nodes.set(id.text, { id: id.text, span: id.span, attributes })
    } else {
      Object.assign(entry.attributes, over(entry.attributes, attributes))
    }
  }

  #edge(statement: EdgeStatement, scope: Scope): void {
    const span = this.#span(statement)
    const target = statement.rhs[0]?.target
    if (
      statement.source.kind !== syntaxKind.NodeId ||
      target?.kind !== syntaxKind.NodeId ||
      statement.rhs.length !== 1
    ) {
      this.#findings.error(
        'not-state-to-state',
        span,
        'Only state-to-state transition is supported; expected one edge between two nodes.'
      )
      return
    }
    const from = this.#value(statement.source.id)
    const to = this.#value(target.id)
    const attributes = over(this.#attributes(statement.attributes), scope.edge)
    const key = JSON.stringify([from.text, to.text])
    const entry = this.edges.get(key)
    if (entry === undefined) {
      this.edges.set(key, { from, to, span, attributes, ignored: [] })
      return
    }
    if (entry.attributes.label !== undefined && attributes.label !== undefined) {
      entry.ignored.push(attributes.label)
    }
    Object.assign(entry.attributes, over(entry.attributes, attributes))
  }

  #attributes(containers: readonly AttributeContainer[]): Attributes {
    const found = none()
    for (const container of containers) {
      for (const assignment of container.assignments) {
        found.any = true
        const key = this.#value(assignment.leftId)
        if (key.text !== 'label' && key.text !== 'shape') continue
        if (assignment.leftId.kind === syntaxKind.QuotedTextIdentifier) {
          this.#findings.warning(
            'quoted-attribute',
            key.span,
            `rvgen does not recognise a quoted attribute name; expected ${key.text} without quotes.`
          )
          continue
        }
        if (found[key.text] !== undefined) {
          this.#findings.warning(
            'duplicate-attribute',
            key.span,
            `The attribute ${quoted(key.text)} stands twice in one statement; the first one counts.`
          )
          continue
        }
        found[key.text] = this.#value(assignment.rightId)
      }
    }
    return found
  }

  /** The raw text between the quotes: columns in it are columns of the file. */
  #value(id: Identifier): Value {
    const span = this.#span(id)
    if (id.kind !== syntaxKind.QuotedTextIdentifier) {
      return { text: this.#text.slice(span.start, span.end), span }
    }
    const inside = { start: span.start + 1, end: Math.max(span.start + 1, span.end - 1) }
    return { text: this.#text.slice(inside.start, inside.end), span: inside }
  }

  /** A syntax node begins with the blanks and comments before it. */
  #span(node: SyntaxNode): Span {
    return { start: Math.min(skipBlanks(this.#text, node.pos), node.end), end: node.end }
  }
}

/**
 * Where the next token begins, behind blanks and comments.
 *
 * The library's own skipTrivia never returns at a carriage return without a
 * line feed, and a regular expression may run out of stack on a megabyte.
 */
export function skipBlanks(text: string, from: number): number {
  let pos = from
  for (;;) {
    const c = text[pos]
    if (c === '#' || text.startsWith('//', pos)) {
      while (pos < text.length && text[pos] !== '\n' && text[pos] !== '\r') pos++
    } else if (text.startsWith('/*', pos)) {
      const end = text.indexOf('*/', pos + 2)
      pos = end < 0 ? text.length : end + 2
    } else if (c !== undefined && ' \t\f\r\n'.includes(c)) {
      pos++
    } else {
      return pos
    }
  }
}
