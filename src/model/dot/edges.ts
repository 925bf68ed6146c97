import type { Fix } from '../diagnostics'
import { closest, quoted } from '../findings'
import type { Findings } from '../findings'
import { parseEventLabel } from '../labels'
import type { EventLabel } from '../labels'
import * as fixes from './fixes'
import { labelError, nodeStatement, shift } from './label-places'
import type { ReadStates } from './states'
import { INIT_MARKER } from './statements'
import type { EdgeEntry, Statements } from './statements'
import type { Value } from './syntax'
import type { Labelled, State } from './table'

/** A way between two states which may turn out to be a transition; one without a label is bare. */
export interface StateLink {
  readonly from: State
  readonly to: State
  readonly isBare: boolean
}

/** What the edges say. */
export interface ReadEdges {
  readonly labelled: readonly Labelled[]
  /** Ends of edges that are no states. */
  readonly missing: ReadonlySet<State>
  /** Pairs of states between which something goes that cannot be read. */
  readonly links: readonly StateLink[]
  /** Labels that cannot be read. */
  readonly unread: readonly string[]
}

/** @param initial the initial state, where that is known */
export function readEdges(
  statements: Statements,
  states: ReadStates,
  initial: State | undefined,
  isWhole: boolean,
  findings: Findings
): ReadEdges {
  return new EdgeReader(statements, states, isWhole, findings).read(initial)
}

class EdgeReader {
  readonly #statements: Statements
  readonly #states: ReadStates
  readonly #isWhole: boolean
  readonly #findings: Findings
  readonly #labelled: Labelled[] = []
  readonly #links: StateLink[] = []
  readonly #unread: string[] = []
  /** Ends that are no states, each with the state that may be meant. */
  readonly #missing = new Map<
    string,
    { readonly state: State; readonly meant: State | undefined }
  >()

  constructor(statements: Statements, states: ReadStates, isWhole: boolean, findings: Findings) {
    this.#statements = statements
    this.#states = states
    this.#isWhole = isWhole
    this.#findings = findings
  }

  read(initial: State | undefined): ReadEdges {
    for (const edge of this.#statements.edges) {
      if (edge.attributes.any) this.#edge(edge)
      else drawnOnly(edge, this.#states, initial, this.#findings)
    }
    for (const { ends, label } of this.#statements.chains) {
      if (label !== undefined) this.#unread.push(label.text)
      ends.slice(1).forEach((to, i) => {
        const from = ends[i]
        if (from !== undefined) this.#link(from, to, label === undefined)
      })
    }
    return {
      labelled: this.#labelled,
      missing: new Set([...this.#missing.values()].map((m) => m.state)),
      links: this.#links,
      unread: this.#unread
    }
  }

  #edge(edge: EdgeEntry): void {
    const { label } = edge.attributes
    if (label === undefined) {
      this.#findings.error(
        'edge-without-label',
        edge.span,
        'This edge has attributes but no label; expected `label = "event"`, or no attributes on the arrow to the initial state.',
        fixes.bareArrow(edge)
      )
      this.#link(edge.from, edge.to, true)
      return
    }
    if (this.#isWhole) {
      const { states } = this.#states
      checkEnd(edge.from, this.#statements, states, this.#findings, fixes.bareArrow(edge))
      checkEnd(edge.to, this.#statements, states, this.#findings)
    }
    const parsed = parseEventLabel(label.text)
    if ('error' in parsed) {
      labelError('bad-event-label', 'event', label, parsed.error, this.#findings)
      this.#unread.push(label.text)
      this.#link(edge.from, edge.to, false)
      return
    }
    const from = this.#end(edge.from)
    const to = this.#end(edge.to)
    if (from !== undefined && to !== undefined) {
      let before = label.span.start
      for (const l of parsed.value) {
        const span = shift(l.span, label)
        this.#labelled.push({ from, to, label: l, span, before })
        before = span.end
      }
      this.#meant(from, to)
    }
    ignoredLabels(edge, label, parsed.value, this.#findings)
  }

  #link(fromName: Value, toName: Value, isBare: boolean): void {
    const [from, to] = [this.#end(fromName), this.#end(toName)]
    if (from === undefined || to === undefined) return
    this.#links.push({ from, to, isBare })
    this.#meant(from, to, isBare)
  }

  /** An end that is no state may be misspelt. */
  #meant(from: State, to: State, isBare = false): void {
    const [a, b] = [this.#meantBy(from), this.#meantBy(to)]
    if (a === from && b === to) return
    this.#links.push({ from: a, to, isBare }, { from, to: b, isBare }, { from: a, to: b, isBare })
  }

  #meantBy(state: State): State {
    const missing = this.#missing.get(state.name)
    return missing?.state === state ? (missing.meant ?? state) : state
  }

  /** The state of a name; one of its own where there is none. Markers have none. */
  #end({ text, span }: Value): State | undefined {
    const { states, otherNames } = this.#states
    const known = states.get(text) ?? otherNames.get(text)
    if (known !== undefined || text.startsWith(INIT_MARKER)) return known
    let missing = this.#missing.get(text)
    if (missing === undefined) {
      const name = closest(text, states.keys())
      const state: State = {
        name: text,
        span,
        final: false,
        invariant: undefined,
        invariantSpan: undefined
      }
      missing = { state, meant: name === undefined ? undefined : states.get(name) }
      this.#missing.set(text, missing)
    }
    return missing.state
  }
}

/** An edge without attributes is the arrow to the initial state, or a slip. */
function drawnOnly(
  edge: EdgeEntry,
  { otherNames }: ReadStates,
  initial: State | undefined,
  findings: Findings
): void {
  if (!edge.from.text.startsWith(INIT_MARKER)) {
    findings.warning(
      'edge-ignored',
      edge.span,
      'An edge without attributes is no transition for rvgen; expected `[label = "event"]`.'
    )
  } else if (
    initial !== undefined &&
    edge.to.text !== initial.name &&
    otherNames.get(edge.to.text) !== initial
  ) {
    findings.warning(
      'init-arrow-elsewhere',
      edge.to.span,
      `The arrow goes to ${quoted(edge.to.text)}, but the initial state is ${quoted(initial.name)}: the marker's name decides.`,
      {
        title: `Draw the arrow to ${quoted(initial.name)}`,
        edits: [{ ...edge.to.span, text: initial.name }]
      }
    )
  }
}

function checkEnd(
  end: Value,
  statements: Statements,
  states: ReadonlyMap<string, State>,
  findings: Findings,
  fix?: Fix
): void {
  if (states.has(end.text)) return
  const node = statements.nodes.get(end.text)
  // A node without attributes was reported there.
  if (node?.attributes.any === false) return
  findings.error(
    'not-a-state',
    end.span,
    `${quoted(end.text)} is no state; expected a node statement ${nodeStatement(end.text)}.${findings.suggestion(end.text, states.keys())}`,
    fix,
    fixes.renameTo(end.span, end.text, findings.full ? [] : [...states.keys()]),
    fixes.addNode(end.text, statements)
  )
}

function ignoredLabels(
  edge: EdgeEntry,
  kept: Value,
  events: readonly EventLabel[],
  findings: Findings
): void {
  for (const { label: other, statement } of edge.ignored) {
    if (other.span.start === kept.span.start) continue
    const parsed = parseEventLabel(other.text)
    const lost =
      'error' in parsed
        ? []
        : parsed.value.filter(({ event }) => !events.some((l) => l.event === event))
    const names = lost.map((l) => quoted(l.event)).join(', ')
    const loss = lost.length === 0 ? '' : `, so ${names} ${lost.length === 1 ? 'is' : 'are'} lost`
    const texts = lost.map((l) => other.text.slice(l.span.start, l.span.end))
    findings.warning(
      'duplicate-edge',
      other.span,
      `A second edge from ${quoted(edge.from.text)} to ${quoted(edge.to.text)}: only the first label (${findings.place(kept.span.start)}) counts${loss}; expected one edge with the events joined by \`\\n\`.`,
      'error' in parsed ? undefined : fixes.mergeEdge(kept, texts, statement, findings.text)
    )
  }
}
