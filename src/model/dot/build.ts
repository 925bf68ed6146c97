import type { Automaton, Constraint } from '../automaton'
import { INVALID } from '../automaton'
import type { Fix } from '../diagnostics'
import { quoted } from '../findings'
import type { Findings, Span } from '../findings'
import { parseEventLabel, parseStateLabel } from '../labels'
import type { EventLabel, LabelError } from '../labels'
import { INIT_MARKER, isFinalShape } from './statements'
import type { EdgeEntry, NodeEntry, Statements } from './statements'
import type { Value } from './syntax'
import * as fixes from './fixes'
import { fillTable, orderEnvs, readKinds } from './table'
import type { Labelled, State } from './table'

/** Cells of the largest transition table that is built: 8 MiB of memory. */
export const MAX_CELLS = 1 << 22
/** State numbers are 16 bits wide with a sign. */
export const MAX_STATES = 0x7fff

/** Where things of an automaton stand in the file, for findings about the whole. */
export interface Places {
  /** The keyword at the file's beginning, for what has no place of its own. */
  readonly head: Span
  /** Of each state, the name in its first statement. */
  readonly states: readonly Span[]
  /** Of each state's invariant. */
  readonly invariants: readonly (Span | undefined)[]
  /** Of each transition, the event and its guard. */
  readonly transitions: readonly Span[]
}

/** An automaton, and where its parts stand. */
export interface Built {
  readonly automaton: Automaton
  readonly places: Places
}

/** The automaton of the statements, or undefined after an error. */
export function buildAutomaton(
  name: string,
  statements: Statements,
  file: Span,
  findings: Findings
): Built | undefined {
  const { nodes } = statements
  const states = readStates(nodes, findings)
  const initial = findInitial(statements, states, file, findings)
  const labelled = readEdges(statements, states, initial, findings)
  if (labelled.length === 0 && !findings.hasErrors) {
    findings.error(
      'no-events',
      file,
      'The model has no event; expected an edge such as `"a" -> "b" [label = "event"]`.'
    )
  }
  if (findings.hasErrors || initial === undefined) return undefined
  const order = [initial, ...[...states.values()].filter((s) => s !== initial).sort(byName)]
  const events = [...new Set(labelled.map((l) => l.label.event))].sort()
  if (order.length > MAX_STATES || order.length * events.length > MAX_CELLS) {
    findings.error(
      'too-large',
      file,
      `Too many states: ${order.length} with ${events.length} events; expected at most ${MAX_STATES} states and ${MAX_CELLS} pairs of state and event.`
    )
    return undefined
  }
  const invariants = order.map((s) => s.invariant)
  const cells = fillTable(order, events, labelled, findings)
  if (cells === undefined) return undefined
  const transitions = cells.map((c) => c.transition)
  const table = new Int16Array(order.length * events.length).fill(INVALID)
  for (const t of transitions) table[t.from * events.length + t.event] = t.to
  const anyFinal = order.some((s) => s.final)
  const { envs, storedEnvs } = orderEnvs(transitions, invariants)
  const kinds = readKinds(transitions, invariants)
  const automaton: Automaton = {
    name,
    kind: envs.length > 0 ? 'ha' : 'da',
    states: order.map((s) => s.name),
    events,
    final: order.map((s) => (anyFinal ? s.final : s === initial)),
    table,
    transitions,
    invariants,
    envs,
    storedEnvs,
    envKinds: envs.map((env) => kinds.get(env))
  }
  const places: Places = {
    head: file,
    states: order.map((s) => s.span),
    invariants: order.map((s) => s.invariantSpan),
    transitions: cells.map((c) => c.span)
  }
  return { automaton, places }
}

const nodeStatement = (id: string): string => quoted(`"${id}" [label = "${id}"]`)

const byName = (a: State, b: State): number => (a.name < b.name ? -1 : 1)

function readStates(nodes: ReadonlyMap<string, NodeEntry>, findings: Findings): Map<string, State> {
  const states = new Map<string, State>()
  for (const node of nodes.values()) {
    const { label, shape, any } = node.attributes
    if (!any) {
      findings.error(
        'bare-node',
        node.span,
        `The node ${quoted(node.id)} never gets an attribute; expected a statement such as ${nodeStatement(node.id)}.`,
        fixes.giveLabel(node)
      )
      continue
    }
    if (label === undefined || label.text === '') continue
    const parsed = parseStateLabel(label.text)
    if ('error' in parsed) {
      labelError('bad-state-label', 'state', label, parsed.error, findings)
      continue
    }
    const { name, invariant } = parsed.value
    if (name !== node.id) {
      findings.error(
        'label-differs',
        label.span,
        `The node ${quoted(node.id)} is labelled ${quoted(name)}; expected the same name in both.`,
        fixes.renameLabel(node.id, name, label)
      )
    }
    if (invariant !== undefined) checkInvariant(invariant, label, findings)
    states.set(node.id, {
      name,
      span: node.span,
      final: isFinalShape(shape?.text),
      invariant: invariant && withoutSpan(invariant),
      invariantSpan: invariant && shift(invariant.span, label)
    })
  }
  return states
}

function checkInvariant(c: Constraint & { span: Span }, label: Value, findings: Findings): void {
  const at = shift(c.span, label)
  if (c.op !== '<' && c.op !== '<=') {
    findings.error(
      'bad-invariant',
      at,
      `State constraints must be clock expirations like \`clk<N\`; found \`${c.op}\`, expected \`<\` or \`<=\`.`
    )
  }
  if (c.value.kind !== 'literal' && (c.unit === 'us' || c.unit === 'ms' || c.unit === 's')) {
    findings.warning(
      'symbolic-unit',
      at,
      `rvgen cannot convert ${quoted(c.value.text)} from ${c.unit}; expected a name that ends in _ns or _jiffies, and no unit.`
    )
  }
}

const withoutSpan = ({ env, op, value, unit }: Constraint): Constraint => ({ env, op, value, unit })

function findInitial(
  statements: Statements,
  states: ReadonlyMap<string, State>,
  file: Span,
  findings: Findings
): State | undefined {
  const { nodes } = statements
  const markers = [...nodes.values()].filter((n) => n.id.startsWith(INIT_MARKER))
  const [first, second] = markers
  if (first === undefined) {
    if (findings.hasErrors) return undefined
    findings.error(
      'no-initial-state',
      file,
      "The automaton doesn't have an initial state; expected a node named `__init_` and the state's name.",
      fixes.addMarker([...states.keys()], statements)
    )
    return undefined
  }
  if (second !== undefined) {
    findings.error(
      'two-initial-states',
      second.span,
      `${quoted(second.id)} marks a second initial state, ${quoted(first.id)} at ${findings.place(first.span.start)} marks the first; expected one.`,
      fixes.removeNode(second, findings.text)
    )
    return undefined
  }
  const name = first.id.slice(INIT_MARKER.length)
  const state = states.get(name)
  if (state === undefined && !findings.hasErrors) {
    findings.error(
      'no-initial-state',
      first.span,
      `The automaton doesn't have an initial state: ${quoted(first.id)} names no labelled node.${findings.suggestion(name, states.keys())}`,
      fixes.renameTo(first.span, name, [...states.keys()], INIT_MARKER)
    )
  }
  return state
}

function readEdges(
  statements: Statements,
  states: ReadonlyMap<string, State>,
  initial: State | undefined,
  findings: Findings
): Labelled[] {
  const labelled: Labelled[] = []
  for (const edge of statements.edges) {
    const { label, any } = edge.attributes
    if (!any) {
      drawnOnly(edge, initial, findings)
      continue
    }
    if (label === undefined) {
      findings.error(
        'edge-without-label',
        edge.span,
        'This edge has attributes but no label; expected `label = "event"`, or no attributes on the arrow to the initial state.',
        fixes.bareArrow(edge)
      )
      continue
    }
    checkEnd(edge.from, statements, states, findings, fixes.bareArrow(edge))
    checkEnd(edge.to, statements, states, findings)
    const parsed = parseEventLabel(label.text)
    if ('error' in parsed) {
      labelError('bad-event-label', 'event', label, parsed.error, findings)
      continue
    }
    let before = label.span.start
    for (const l of parsed.value) {
      const span = shift(l.span, label)
      labelled.push({ edge, label: l, span, before })
      before = span.end
    }
    ignoredLabels(edge, label, parsed.value, findings)
  }
  return labelled
}

/** An edge without attributes is the arrow to the initial state, or a slip. */
function drawnOnly(edge: EdgeEntry, initial: State | undefined, findings: Findings): void {
  if (!edge.from.text.startsWith(INIT_MARKER)) {
    findings.warning(
      'edge-ignored',
      edge.span,
      'An edge without attributes is no transition for rvgen; expected `[label = "event"]`.'
    )
  } else if (initial !== undefined && edge.to.text !== initial.name) {
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
  // A node whose own label is at fault was reported there.
  if (node !== undefined && (!node.attributes.any || node.attributes.label?.text)) return
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

function labelError(
  code: string,
  what: string,
  label: Value,
  error: LabelError,
  findings: Findings
): void {
  findings.error(
    code,
    shift(error.span, label),
    `Unrecognised ${what} ${quoted(label.text)}; expected ${error.expected} here.`
  )
}

const shift = (span: Span, label: Value): Span => ({
  start: label.span.start + span.start,
  end: label.span.start + span.end
})
