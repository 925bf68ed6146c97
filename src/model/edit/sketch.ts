import { INIT_MARKER } from '../dot/statements'
import type { Span } from '../findings'
import { parseEventLabel, parseStateLabel } from '../labels'
import type { EdgeMention, NodeMention, Outline, Word } from './outline'

/** A state as the text has it now, sound or not. */
export interface SketchState {
  readonly name: string
  readonly initial: boolean
  readonly final: boolean
  /** As written behind the name, or empty. */
  readonly invariant: string
  /** An edge names it, but no statement makes it a state. */
  readonly undeclared: boolean
  /** Where it stands in the text: its labelled statement first. */
  readonly spans: readonly Span[]
}

/** One event of an edge. */
export interface SketchLabel {
  readonly event: string
  /** Guard and reset as written, without the `;` before them, or empty. */
  readonly guard: string
  readonly span: Span
}

/** All events from one state to another. */
export interface SketchEdge {
  /** Index of the state. */
  readonly from: number
  readonly to: number
  readonly labels: readonly SketchLabel[]
  readonly span: Span
}

/** What can be drawn of a text: also of one that makes no sound automaton yet. */
export interface Sketch {
  readonly states: readonly SketchState[]
  readonly edges: readonly SketchEdge[]
}

/** The states and edges of an outline, as parseDot() would read them, without its demands. */
export function sketchOf(outline: Outline): Sketch {
  const initial = initialName(outline)
  const states = new Map<string, SketchState>()
  const isFinal = finalStates(outline)
  for (const [name, mentions] of nodesById(outline)) {
    const label = labelOf(mentions)
    if (name.startsWith(INIT_MARKER) || label === undefined || label.text === '') continue
    states.set(name, {
      name,
      initial: name === initial,
      final: isFinal.has(name),
      invariant: invariantOf(label),
      undeclared: false,
      spans: [...mentions]
        .sort((a, b) => Number(b.label === label) - Number(a.label === label))
        .map((m) => m.span)
    })
  }
  const edges = new Map<string, { from: string; to: string; label: Word; span: Span }>()
  for (const edge of outline.edges) {
    const { from, to, label, span } = edge
    if (from.text.startsWith(INIT_MARKER) || label === undefined) continue
    for (const end of [from, to]) {
      if (states.has(end.text)) continue
      states.set(end.text, undeclared(end, end.text === initial))
    }
    const key = edgeKey(from.text, to.text)
    if (!edges.has(key)) edges.set(key, { from: from.text, to: to.text, label, span })
  }
  const order = [...states.values()].sort((a, b) => Number(b.initial) - Number(a.initial))
  const index = new Map(order.map(({ name }, i) => [name, i]))
  return {
    states: order,
    edges: [...edges.values()].map(({ from, to, label, span }) => ({
      from: index.get(from) ?? 0,
      to: index.get(to) ?? 0,
      labels: labelsOf(label),
      span
    }))
  }
}

/** Key of an edge in a map. */
export const edgeKey = (from: string, to: string): string => JSON.stringify([from, to])

/** Every statement that names a node, by its name. */
export function nodesById({ nodes }: Outline): Map<string, NodeMention[]> {
  const found = new Map<string, NodeMention[]>()
  for (const node of nodes) {
    const list = found.get(node.id.text)
    if (list === undefined) found.set(node.id.text, [node])
    else list.push(node)
  }
  return found
}

/** Every statement of an edge, in the order of the text. */
export function edgeMentions(outline: Outline, from: string, to: string): EdgeMention[] {
  return outline.edges.filter((e) => e.from.text === from && e.to.text === to)
}

/** The label that counts: across statements the first one. */
export function labelOf(mentions: readonly (NodeMention | EdgeMention)[]): Word | undefined {
  return mentions.find((m) => m.label !== undefined)?.label
}

/** Name of the state that the first marker marks, whether there is such a state or not. */
export function initialName({ nodes }: Outline): string | undefined {
  const marker = nodes.find((n) => n.id.text.startsWith(INIT_MARKER))
  return marker?.id.text.slice(INIT_MARKER.length)
}

/** Names of the states whose shape makes them final. */
export function markedFinal(outline: Outline): Set<string> {
  const marked = new Set<string>()
  for (const [name, mentions] of nodesById(outline)) {
    const shape = mentions.find((m) => m.shape !== undefined)?.shape?.text
    const label = labelOf(mentions)?.text ?? ''
    const isState = label !== '' && !name.startsWith(INIT_MARKER)
    if (isState && (shape === 'doublecircle' || shape === 'ellipse')) marked.add(name)
  }
  return marked
}

/** Where no state is marked, the initial one is final. */
function finalStates(outline: Outline): Set<string> {
  const marked = markedFinal(outline)
  const initial = initialName(outline)
  return marked.size === 0 && initial !== undefined ? new Set([initial]) : marked
}

/** What stands behind the name in a state's label. */
function invariantOf({ text }: Word): string {
  const parsed = parseStateLabel(text)
  if ('value' in parsed) {
    const { invariant } = parsed.value
    return invariant === undefined ? '' : text.slice(invariant.span.start, invariant.span.end)
  }
  const at = text.indexOf('\\n')
  return at < 0 ? '' : text.slice(at + 2).trim()
}

function undeclared({ text, span }: Word, initial: boolean): SketchState {
  return { name: text, initial, final: false, invariant: '', undeclared: true, spans: [span] }
}

/** The events of a label; one that cannot be read stands as it is written. */
function labelsOf({ text, span }: Word): SketchLabel[] {
  const parsed = parseEventLabel(text)
  const shifted = (start: number, end: number): Span => ({
    start: span.start + start,
    end: span.start + end
  })
  if ('error' in parsed) return text === '' ? [] : [{ event: text, guard: '', span }]
  return parsed.value.map(({ event, span: at }) => {
    const written = text.slice(at.start, at.end)
    const semicolon = written.indexOf(';')
    return {
      event,
      guard: semicolon < 0 ? '' : written.slice(semicolon + 1).trim(),
      span: shifted(at.start, at.end)
    }
  })
}
