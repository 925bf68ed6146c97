import { MAX_DOT_LENGTH } from '../dot'
import { parseGraph } from '../dot/parser'
import { OPEN_BRACE, scan } from '../dot/scanner'
import type { AttributeList, Statement, Value } from '../dot/syntax'
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
  if (text.length > MAX_DOT_LENGTH) return undefined
  const findings = new Findings('', text)
  const tokens = scan(text, findings)
  if (tokens.lexis === 'broken') return undefined
  const graph = parseGraph(tokens, findings)
  if (graph === undefined) return undefined
  const open = tokens.ends[tokens.kinds.indexOf(OPEN_BRACE)] ?? graph.head.end
  return new OutlineReader(text).read(graph.statements, open, graph.end)
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

  read(statements: readonly Statement[], open: number, end: number): Outline | undefined {
    const span = { start: open, end }
    const group: Group = { kind: 'group', span, open, parent: undefined, members: [] }
    this.#statements(statements, group, { node: NONE, edge: NONE })
    if (!this.#supported) return undefined
    return { text: this.#text, graph: group, nodes: this.#nodes, edges: this.#edges }
  }

  #statements(list: readonly Statement[], group: Group, scope: Defaults): void {
    for (const statement of list) {
      switch (statement.kind) {
        case 'node': {
          const id = this.#word(statement.id)
          const node: NodeMention = {
            kind: 'node',
            id,
            ...this.#mention(statement, group, scope.node)
          }
          this.#nodes.push(node)
          group.members.push(node)
          break
        }
        case 'edge':
          this.#edge(statement, group, scope)
          break
        case 'defaults': {
          const own = effective(this.#attributes(statement.attributes))
          if (statement.of === 'node') scope.node = over(own, scope.node)
          if (statement.of === 'edge') scope.edge = over(own, scope.edge)
          break
        }
        case 'subgraph': {
          const span = this.#withSemicolon(statement.span)
          const open = this.#text.indexOf('{', span.start) + 1
          const inner: Group = { kind: 'group', span, open, parent: group, members: [] }
          group.members.push(inner)
          this.#statements(statement.statements, inner, { ...scope })
          break
        }
        case 'assignment':
          break
      }
    }
  }

  #edge(statement: Statement & { kind: 'edge' }, group: Group, scope: Defaults): void {
    const [from, to] = statement.ends
    if (from === undefined || to === undefined || statement.ends.length !== 2) {
      this.#supported = false
      return
    }
    const edge: EdgeMention = {
      kind: 'edge',
      from: this.#word(from),
      to: this.#word(to),
      ...this.#mention(statement, group, scope.edge)
    }
    this.#edges.push(edge)
    group.members.push(edge)
  }

  #mention(
    statement: Statement & { kind: 'node' | 'edge' },
    group: Group,
    defaults: Effective
  ): Mention {
    const attributes = this.#attributes(statement.attributes)
    const brackets = statement.attributes.span
    const list = brackets && { open: brackets.start + 1, close: brackets.end - 1 }
    const values = over(effective(attributes), defaults)
    return { span: this.#withSemicolon(statement.span), attributes, list, ...values, group }
  }

  #attributes({ assignments }: AttributeList): OutlineAttribute[] {
    const found: OutlineAttribute[] = []
    for (const assignment of assignments) {
      // rvgen does not recognise a quoted attribute name.
      if (assignment.key.isQuoted) continue
      const key = this.#word(assignment.key)
      const value = this.#word(assignment.value)
      const end = this.#behind(value.whole.end, /[ \t]*[,;]/y)
      found.push({
        key: key.text,
        value,
        end,
        separated: end > value.whole.end,
        equals: this.#text.slice(key.whole.end, value.whole.start)
      })
    }
    return found
  }

  #word({ text, span, isQuoted }: Value): Word {
    const whole = isQuoted ? { start: span.start - 1, end: span.end + 1 } : span
    return { text, span, whole, quoted: isQuoted }
  }

  #withSemicolon({ start, end }: Span): Span {
    return { start, end: this.#behind(end, /[ \t]*;/y) }
  }

  /** Behind what matches at a place, or the place. */
  #behind(at: number, sticky: RegExp): number {
    sticky.lastIndex = at
    return sticky.test(this.#text) ? sticky.lastIndex : at
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
