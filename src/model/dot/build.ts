import type { Automaton, ClockKind, Constraint, Guard, Transition } from '../automaton'
import { INVALID } from '../automaton'
import { quoted } from '../findings'
import type { Findings, Span } from '../findings'
import { clockKind, parseEventLabel, parseStateLabel } from '../labels'
import type { EventLabel, LabelError } from '../labels'
import type { EdgeEntry, NodeEntry, Statements } from './statements'
import type { Value } from './syntax'

/** Prefix of the node that marks the initial state. */
export const INIT_MARKER = '__init_'

/** Cells of the largest transition table that is built: 8 MiB of memory. */
const MAX_CELLS = 1 << 22
/** State numbers are 16 bits wide with a sign. */
const MAX_STATES = 0x7fff

interface State {
  readonly name: string
  readonly span: Span
  readonly final: boolean
  readonly invariant: Constraint | undefined
}

interface Labelled {
  readonly edge: EdgeEntry
  readonly label: EventLabel
  /** Of the event in the file. */
  readonly span: Span
}

/** Where things of an automaton stand in the file, for findings about the whole. */
export interface Places {
  readonly states: readonly Span[]
}

/** The automaton of the statements, or undefined after an error. */
export function buildAutomaton(
  name: string,
  { nodes, edges }: Statements,
  file: Span,
  findings: Findings
): { automaton: Automaton; places: Places } | undefined {
  const states = readStates(nodes, findings)
  const initial = findInitial(nodes, states, file, findings)
  const labelled = readEdges(edges, nodes, states, initial, findings)
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
  const transitions = fillTable(order, events, labelled, findings)
  if (transitions === undefined) return undefined
  const table = new Int16Array(order.length * events.length).fill(INVALID)
  for (const t of transitions) table[t.from * events.length + t.event] = t.to
  const anyFinal = order.some((s) => s.final)
  const invariants = order.map((s) => s.invariant)
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
  return { automaton, places: { states: order.map((s) => s.span) } }
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
        `The node ${quoted(node.id)} never gets an attribute; expected a statement such as ${nodeStatement(node.id)}.`
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
        `The node ${quoted(node.id)} is labelled ${quoted(name)}; expected the same name in both.`
      )
    }
    if (invariant !== undefined) checkInvariant(invariant, label, findings)
    states.set(node.id, {
      name,
      span: node.span,
      final: shape?.text === 'doublecircle' || shape?.text === 'ellipse',
      invariant: invariant && withoutSpan(invariant)
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
  nodes: ReadonlyMap<string, NodeEntry>,
  states: ReadonlyMap<string, State>,
  file: Span,
  findings: Findings
): State | undefined {
  const markers = [...nodes.values()].filter((n) => n.id.startsWith(INIT_MARKER))
  const [first, second] = markers
  if (first === undefined) {
    if (findings.hasErrors) return undefined
    findings.error(
      'no-initial-state',
      file,
      "The automaton doesn't have an initial state; expected a node named `__init_` and the state's name."
    )
    return undefined
  }
  if (second !== undefined) {
    findings.error(
      'two-initial-states',
      second.span,
      `${quoted(second.id)} marks a second initial state, ${quoted(first.id)} at ${findings.place(first.span.start)} marks the first; expected one.`
    )
    return undefined
  }
  const name = first.id.slice(INIT_MARKER.length)
  const state = states.get(name)
  if (state === undefined && !findings.hasErrors) {
    findings.error(
      'no-initial-state',
      first.span,
      `The automaton doesn't have an initial state: ${quoted(first.id)} names no labelled node.${findings.suggestion(name, states.keys())}`
    )
  }
  return state
}

function readEdges(
  edges: readonly EdgeEntry[],
  nodes: ReadonlyMap<string, NodeEntry>,
  states: ReadonlyMap<string, State>,
  initial: State | undefined,
  findings: Findings
): Labelled[] {
  const labelled: Labelled[] = []
  for (const edge of edges) {
    const { label, any } = edge.attributes
    if (!any) {
      drawnOnly(edge, initial, findings)
      continue
    }
    if (label === undefined) {
      findings.error(
        'edge-without-label',
        edge.span,
        'This edge has attributes but no label; expected `label = "event"`, or no attributes on the arrow to the initial state.'
      )
      continue
    }
    checkEnd(edge.from, nodes, states, findings)
    checkEnd(edge.to, nodes, states, findings)
    const parsed = parseEventLabel(label.text)
    if ('error' in parsed) {
      labelError('bad-event-label', 'event', label, parsed.error, findings)
      continue
    }
    for (const l of parsed.value) labelled.push({ edge, label: l, span: shift(l.span, label) })
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
      `The arrow goes to ${quoted(edge.to.text)}, but the initial state is ${quoted(initial.name)}: the marker's name decides.`
    )
  }
}

function checkEnd(
  end: Value,
  nodes: ReadonlyMap<string, NodeEntry>,
  states: ReadonlyMap<string, State>,
  findings: Findings
): void {
  if (states.has(end.text)) return
  const node = nodes.get(end.text)
  // A node whose own label is at fault was reported there.
  if (node !== undefined && (!node.attributes.any || node.attributes.label?.text)) return
  findings.error(
    'not-a-state',
    end.span,
    `${quoted(end.text)} is no state; expected a node statement ${nodeStatement(end.text)}.${findings.suggestion(end.text, states.keys())}`
  )
}

function ignoredLabels(
  edge: EdgeEntry,
  kept: Value,
  events: readonly EventLabel[],
  findings: Findings
): void {
  for (const { label: other } of edge.ignored) {
    if (other.span.start === kept.span.start) continue
    const parsed = parseEventLabel(other.text)
    const lost =
      'error' in parsed
        ? []
        : parsed.value.map((l) => l.event).filter((e) => !events.some((l) => l.event === e))
    const loss = lost.length === 0 ? '' : `, so ${lost.map(quoted).join(', ')} is lost`
    findings.warning(
      'duplicate-edge',
      other.span,
      `A second edge from ${quoted(edge.from.text)} to ${quoted(edge.to.text)}: only the first label (${findings.place(kept.span.start)}) counts${loss}; expected one edge with the events joined by \`\\n\`.`
    )
  }
}

function fillTable(
  states: readonly State[],
  events: readonly string[],
  labelled: readonly Labelled[],
  findings: Findings
): Transition[] | undefined {
  const stateIndex = new Map(states.map((s, i) => [s.name, i]))
  const eventIndex = new Map(events.map((e, i) => [e, i]))
  const cells = new Map<number, { transition: Transition; span: Span }>()
  let sound = true
  for (const { edge, label, span } of labelled) {
    const from = stateIndex.get(edge.from.text)
    const to = stateIndex.get(edge.to.text)
    const event = eventIndex.get(label.event)
    if (from === undefined || to === undefined || event === undefined) continue
    const cell = from * events.length + event
    const before = cells.get(cell)
    if (before === undefined) {
      cells.set(cell, { transition: { from, event, to, guard: label.guard }, span })
      continue
    }
    const pair = `${quoted(label.event)} in ${quoted(edge.from.text)}`
    const first = findings.place(before.span.start)
    if (before.transition.to !== to) {
      sound = false
      const other = states[before.transition.to]?.name ?? ''
      findings.error(
        'nondeterministic',
        span,
        `${pair} goes to ${quoted(edge.to.text)} here and to ${quoted(other)} at ${first}; expected one target.`
      )
    } else if (!sameGuard(before.transition.guard, label.guard)) {
      sound = false
      findings.error(
        'two-guards',
        span,
        `${pair} has a guard here that differs from the one at ${first}; expected one guard.`
      )
    } else {
      findings.warning('duplicate-event', span, `${pair} stands twice, first at ${first}.`)
    }
  }
  if (!sound) return undefined
  return [...cells.entries()].sort(([a], [b]) => a - b).map(([, c]) => c.transition)
}

const sameGuard = (a: Guard | undefined, b: Guard | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

function orderEnvs(
  transitions: readonly Transition[],
  invariants: readonly (Constraint | undefined)[]
): { envs: string[]; storedEnvs: number } {
  const all = new Set<string>()
  const stored = new Set<string>()
  for (const { guard } of transitions) {
    for (const c of guard?.constraints ?? []) all.add(c.env)
    if (guard?.reset !== undefined) stored.add(guard.reset)
  }
  for (const c of invariants) if (c !== undefined) all.add(c.env)
  const envs = [...[...stored].sort(), ...[...all].filter((e) => !stored.has(e)).sort()]
  return { envs, storedEnvs: stored.size }
}

/** As rvgen infers it: of several units of one variable the last counts (checks.ts warns of them). */
function readKinds(
  transitions: readonly Transition[],
  invariants: readonly (Constraint | undefined)[]
): Map<string, ClockKind> {
  const kinds = new Map<string, ClockKind>()
  for (const c of [...transitions.flatMap((t) => t.guard?.constraints ?? []), ...invariants]) {
    if (c === undefined) continue
    const kind = clockKind(c)
    if (kind !== undefined) kinds.set(c.env, kind)
  }
  return kinds
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
