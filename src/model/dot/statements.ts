import { quoted } from '../findings'
import type { Findings, Span } from '../findings'
import type { AttributeList, Graph, Statement, Value } from './syntax'

/** Prefix of the node that marks the initial state. */
export const INIT_MARKER = '__init_'

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
  /** The whole first statement. */
  readonly statement: Span
  /** How many statements it has. */
  count: number
  readonly attributes: Attributes
}

/** A label that does not count, since another edge statement came before. */
export interface IgnoredLabel {
  readonly label: Value
  /** The whole statement. */
  readonly statement: Span
}

/** All statements of one edge, merged. */
export interface EdgeEntry {
  readonly from: Value
  readonly to: Value
  /** The first statement. */
  readonly span: Span
  /** From the first statement's `[` to its last `]`, where it has attributes of its own. */
  readonly list: Span | undefined
  readonly attributes: Attributes
  readonly ignored: IgnoredLabel[]
}

/** An edge statement with more than two ends, which is no transition. */
export interface Chain {
  readonly ends: readonly Value[]
  readonly label: Value | undefined
}

/** What a graph says of nodes and edges. */
export interface Statements {
  readonly nodes: ReadonlyMap<string, NodeEntry>
  readonly edges: readonly EdgeEntry[]
  readonly chains: readonly Chain[]
  /** Whether an edge has a subgraph for an end, of which nothing is known. */
  readonly hasGroupEnds: boolean
  /** Offset of the graph's closing brace. */
  readonly end: number
}

/**
 * Nodes and edges with their effective attributes: defaults are inherited
 * inwards and overridden by own attributes; across statements of the same node
 * or edge the first value seen wins.
 */
export function collectStatements(graph: Graph, findings: Findings): Statements {
  const collector = new Collector(findings)
  collector.statements(graph.statements, { node: none(), edge: none() })
  const { nodes, edges, chains, hasGroupEnds } = collector
  return { nodes, edges, chains, hasGroupEnds, end: graph.end }
}

/**
 * Statements of one list that rvgen can read, as seen with Python 3.12: each takes
 * three of the 1,000 calls that may lie inside each other.
 */
const MAX_STATEMENTS = 325

interface Scope {
  node: Attributes
  edge: Attributes
}

const none = (): Attributes => ({ label: undefined, shape: undefined, any: false })

function over(own: Attributes, defaults: Attributes): Attributes {
  // Most statements stand where no defaults are.
  if (!defaults.any) return own
  return {
    label: own.label ?? defaults.label,
    shape: own.shape ?? defaults.shape,
    any: own.any || defaults.any
  }
}

class Collector {
  readonly nodes = new Map<string, NodeEntry>()
  readonly edges: EdgeEntry[] = []
  readonly chains: Chain[] = []
  hasGroupEnds = false
  readonly #edgesFrom = new Map<string, Map<string, EdgeEntry>>()
  readonly #findings: Findings
  #hasTooMany = false

  constructor(findings: Findings) {
    this.#findings = findings
  }

  /** @param before statements that rvgen has on its stack above this list */
  statements(list: readonly Statement[], scope: Scope, before = 0): void {
    const last = list[MAX_STATEMENTS - before]
    if (last !== undefined) this.#tooMany(last.span)
    let above = before
    for (const statement of list) {
      above++
      switch (statement.kind) {
        case 'node':
          this.#node(statement, scope)
          break
        case 'edge':
          this.#edge(statement, scope)
          break
        case 'defaults': {
          const own = this.#attributes(statement.attributes)
          if (statement.of === 'node') scope.node = over(own, scope.node)
          if (statement.of === 'edge') scope.edge = over(own, scope.edge)
          break
        }
        case 'subgraph':
          this.statements(statement.statements, { ...scope }, above + 1)
          break
        case 'assignment':
          // Graph attributes have no meaning for the automaton.
          break
      }
    }
  }

  #tooMany(at: Span): void {
    if (this.#hasTooMany) return
    this.#hasTooMany = true
    this.#findings.note(
      'too-many-statements',
      { start: at.start, end: at.start + 1 },
      `rvgen ends with a RecursionError on more than about ${MAX_STATEMENTS} statements in a row; expected groups of them in braces, \`{ ... }\`, where rvgen is to read the file.`
    )
  }

  #node({ id, attributes, span }: Statement & { kind: 'node' }, scope: Scope): void {
    const own = this.#attributes(attributes)
    const merged = over(own, scope.node)
    const entry = this.nodes.get(id.text)
    if (entry === undefined) {
      const made = { id: id.text, span: id.span, statement: span, count: 1, attributes: merged }
      this.nodes.set(id.text, made)
    } else {
      entry.count++
      this.#ignored(id.text, own, entry.attributes)
      Object.assign(entry.attributes, over(entry.attributes, merged))
    }
  }

  /** Values that an earlier statement of the node has already given. Defaults that differ are usual. */
  #ignored(id: string, own: Attributes, before: Attributes): void {
    for (const key of ['label', 'shape'] as const) {
      const value = own[key]
      const first = before[key]
      if (value === undefined || first === undefined || value.text === first.text) continue
      if (key === 'shape' && isFinalShape(value.text) === isFinalShape(first.text)) continue
      this.#findings.warning(
        'attribute-ignored',
        value.span,
        `The ${key} of ${quoted(id)} is given at ${this.#findings.place(first.span.start)} already, and the first one counts; expected one.`
      )
    }
  }

  #edge({ ends, attributes, span }: Statement & { kind: 'edge' }, scope: Scope): void {
    const [from, to] = ends
    if (from === undefined || to === undefined || ends.length !== 2) {
      this.#findings.error(
        'not-state-to-state',
        span,
        'Only state-to-state transition is supported; expected one edge between two nodes.'
      )
      if (ends.includes(undefined)) this.hasGroupEnds = true
      const { label } = over(this.#attributes(attributes), scope.edge)
      this.chains.push({ ends: ends.filter((end) => end !== undefined), label })
      return
    }
    const merged = over(this.#attributes(attributes), scope.edge)
    let targets = this.#edgesFrom.get(from.text)
    if (targets === undefined) {
      targets = new Map<string, EdgeEntry>()
      this.#edgesFrom.set(from.text, targets)
    }
    const entry = targets.get(to.text)
    if (entry === undefined) {
      const made = { from, to, span, list: attributes.span, attributes: merged, ignored: [] }
      targets.set(to.text, made)
      this.edges.push(made)
      return
    }
    if (entry.attributes.label !== undefined && merged.label !== undefined) {
      entry.ignored.push({ label: merged.label, statement: span })
    }
    Object.assign(entry.attributes, over(entry.attributes, merged))
  }

  #attributes({ assignments }: AttributeList): Attributes {
    const found = none()
    assignments.forEach(({ key, value }, i) => {
      found.any = true
      const name = key.text
      if (name !== 'label' && name !== 'shape') return
      if (key.isQuoted) {
        this.#findings.warning(
          'quoted-attribute',
          key.span,
          `rvgen does not recognise a quoted attribute name; expected ${name} without quotes.`,
          {
            title: 'Remove the quotes',
            edits: [{ start: key.span.start - 1, end: key.span.end + 1, text: name }]
          }
        )
        return
      }
      if (found[name] !== undefined) {
        // The value before it ends behind its quote.
        const before = assignments[i - 1]?.value
        const start = before === undefined ? key.span.start : endOf(before)
        this.#findings.warning(
          'duplicate-attribute',
          key.span,
          `The attribute ${quoted(name)} stands twice in one statement; the first one counts.`,
          { title: 'Remove the second one', edits: [{ start, end: endOf(value), text: '' }] }
        )
        return
      }
      found[name] = value
    })
    return found
  }
}

/** Shapes of final states. */
export function isFinalShape(shape: string | undefined): boolean {
  return shape === 'doublecircle' || shape === 'ellipse'
}

/** Behind the closing quote. */
function endOf(value: Value): number {
  return value.isQuoted ? value.span.end + 1 : value.span.end
}
