import { Parser, syntaxKind } from 'dot-language-support'
import type {
  AttributeContainer,
  EdgeStatement,
  Graph,
  Identifier,
  NodeStatement,
  Statement
} from 'dot-language-support'
import { MAX_DOT_LENGTH } from '../dot'
import { checkLexis } from '../dot/lexis'
import { skipBlanks } from '../dot/statements'
import { Findings } from '../findings'
import type { Span } from '../findings'

/** An identifier or a value as it stands in the text. */
export interface Word {
  /** Without its quotes. */
  readonly text: string
  /** Without its quotes. */
  readonly span: Span
  /** With its quotes, if it has any. */
  readonly whole: Span
  readonly quoted: boolean
}

/** `key = value` in an attribute list. */
export interface OutlineAttribute {
  readonly key: string
  readonly value: Word
  /** Behind the value and the separator that follows it. */
  readonly end: number
  /** A `,` or `;` follows. */
  readonly separated: boolean
  /** Text between key and value: `=` with its blanks. */
  readonly equals: string
}

/** The first attribute list of a statement. */
export interface OutlineList {
  /** Behind the `[`. */
  readonly open: number
  /** At the `]`. */
  readonly close: number
}

interface Mention {
  /** The statement without the blanks and comments before it, with its `;`. */
  readonly span: Span
  readonly attributes: readonly OutlineAttribute[]
  readonly list: OutlineList | undefined
  /** The value that counts in this statement, its own or a default around it. */
  readonly label: Word | undefined
  readonly shape: Word | undefined
  readonly group: Group
}

/** A statement that names a node. */
export interface NodeMention extends Mention {
  readonly kind: 'node'
  readonly id: Word
}

/** A statement of one edge between two nodes. */
export interface EdgeMention extends Mention {
  readonly kind: 'edge'
  readonly from: Word
  readonly to: Word
}

/** A pair of braces: the graph itself, or a subgraph. */
export interface Group {
  readonly kind: 'group'
  readonly span: Span
  /** Behind the `{`. */
  readonly open: number
  readonly parent: Group | undefined
  readonly members: (NodeMention | EdgeMention | Group)[]
}

/** What stands where in a DOT text, in the order of the text. */
export interface Outline {
  readonly text: string
  readonly graph: Group
  readonly nodes: readonly NodeMention[]
  readonly edges: readonly EdgeMention[]
}

/**
 * Where the statements of a model stand. Undefined where the text cannot be taken apart: a syntax
 * error, or an edge over more than two nodes. What is wrong beyond that (comments, states without
 * a label, nondeterminism) does not matter here.
 */
export function readOutline(text: string): Outline | undefined {
  if (text.length > MAX_DOT_LENGTH || !/^\s*(strict|graph|digraph)\b/i.test(text)) return undefined
  if (checkLexis(text, new Findings('', text)) === 'broken') return undefined
  let graph: Graph | undefined
  try {
    const parsed = new Parser().parse(text)
    if (parsed.diagnostics.length === 0) graph = parsed.graph
  } catch {
    // The library throws strings where its own assumptions fail.
    return undefined
  }
  if (graph === undefined) return undefined
  const reader = new OutlineReader(text)
  return reader.read(graph)
}

interface Defaults {
  node: Effective
  edge: Effective
}

interface Effective {
  readonly label: Word | undefined
  readonly shape: Word | undefined
}

const NONE: Effective = { label: undefined, shape: undefined }

class OutlineReader {
  readonly #text: string
  readonly #nodes: NodeMention[] = []
  readonly #edges: EdgeMention[] = []
  #supported = true

  constructor(text: string) {
    this.#text = text
  }

  read(graph: Graph): Outline | undefined {
    const group = this.#group(graph, graph.statements.pos, undefined)
    this.#statements(graph.statements, group, { node: NONE, edge: NONE })
    if (!this.#supported) return undefined
    return { text: this.#text, graph: group, nodes: this.#nodes, edges: this.#edges }
  }

  #statements(list: readonly Statement[], group: Group, scope: Defaults): void {
    for (const statement of list) {
      switch (statement.kind) {
        case syntaxKind.NodeStatement:
          this.#node(statement, group, scope)
          break
        case syntaxKind.EdgeStatement:
          this.#edge(statement, group, scope)
          break
        case syntaxKind.AttributeStatement: {
          const own = effective(this.#attributes(statement.attributes))
          const { kind } = statement.subject
          if (kind === syntaxKind.NodeKeyword) scope.node = over(own, scope.node)
          if (kind === syntaxKind.EdgeKeyword) scope.edge = over(own, scope.edge)
          break
        }
        case syntaxKind.SubGraphStatement: {
          const { subgraph } = statement
          const inner = this.#group(statement, subgraph.statements.pos, group)
          group.members.push(inner)
          this.#statements(subgraph.statements, inner, { ...scope })
          break
        }
        case syntaxKind.IdEqualsIdStatement:
          break
      }
    }
  }

  #node(statement: NodeStatement, group: Group, scope: Defaults): void {
    const mention: NodeMention = {
      kind: 'node',
      id: this.#word(statement.id.id),
      ...this.#mention(statement, group, scope.node)
    }
    this.#nodes.push(mention)
    group.members.push(mention)
  }

  #edge(statement: EdgeStatement, group: Group, scope: Defaults): void {
    const target = statement.rhs[0]?.target
    if (
      statement.source.kind !== syntaxKind.NodeId ||
      target?.kind !== syntaxKind.NodeId ||
      statement.rhs.length !== 1
    ) {
      this.#supported = false
      return
    }
    const mention: EdgeMention = {
      kind: 'edge',
      from: this.#word(statement.source.id),
      to: this.#word(target.id),
      ...this.#mention(statement, group, scope.edge)
    }
    this.#edges.push(mention)
    group.members.push(mention)
  }

  #mention(statement: NodeStatement | EdgeStatement, group: Group, defaults: Effective): Mention {
    const attributes = this.#attributes(statement.attributes)
    const [first] = statement.attributes
    const list = first && { open: first.openBracket.end, close: first.closeBracket.end - 1 }
    const values = over(effective(attributes), defaults)
    return { span: this.#span(statement), attributes, list, ...values, group }
  }

  #attributes(containers: readonly AttributeContainer[]): OutlineAttribute[] {
    const found: OutlineAttribute[] = []
    for (const { assignments } of containers) {
      for (const assignment of assignments) {
        // rvgen does not recognise a quoted attribute name.
        if (assignment.leftId.kind === syntaxKind.QuotedTextIdentifier) continue
        const key = this.#word(assignment.leftId)
        const value = this.#word(assignment.rightId)
        found.push({
          key: key.text,
          value,
          end: assignment.end,
          separated: assignment.terminator !== undefined,
          equals: this.#text.slice(key.whole.end, value.whole.start)
        })
      }
    }
    return found
  }

  #group(node: { pos: number; end: number }, open: number, parent: Group | undefined): Group {
    return { kind: 'group', span: this.#span(node), open, parent, members: [] }
  }

  #word(id: Identifier): Word {
    const whole = this.#span(id)
    const quoted = id.kind === syntaxKind.QuotedTextIdentifier
    const span = quoted
      ? { start: whole.start + 1, end: Math.max(whole.start + 1, whole.end - 1) }
      : whole
    return { text: this.#text.slice(span.start, span.end), span, whole, quoted }
  }

  #span(node: { pos: number; end: number }): Span {
    return { start: Math.min(skipBlanks(this.#text, node.pos), node.end), end: node.end }
  }
}

/** Of an attribute that stands twice the first one counts. */
function effective(attributes: readonly OutlineAttribute[]): Effective {
  const first = (key: string): Word | undefined => attributes.find((a) => a.key === key)?.value
  return { label: first('label'), shape: first('shape') }
}

const over = (own: Effective, defaults: Effective): Effective => ({
  label: own.label ?? defaults.label,
  shape: own.shape ?? defaults.shape
})
