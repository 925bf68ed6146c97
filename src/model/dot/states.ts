import type { Constraint } from '../automaton'
import { quoted } from '../findings'
import type { Findings, Span } from '../findings'
import { parseStateLabel } from '../labels'
import * as fixes from './fixes'
import { labelError, nodeStatement, shift } from './label-places'
import { INIT_MARKER, isFinalShape } from './statements'
import type { NodeEntry, Statements } from './statements'
import type { Value } from './syntax'
import type { State } from './table'

/** The states by their nodes. */
export interface ReadStates {
  readonly states: Map<string, State>
  /** Those whose label says another name than the node, by that name. */
  readonly otherNames: ReadonlyMap<string, State>
  /** Labels whose limit is not known. */
  readonly unread: readonly string[]
}

/** Reads the nodes that are states, and what their labels say. */
export function readStates(
  nodes: ReadonlyMap<string, NodeEntry>,
  isWhole: boolean,
  findings: Findings
): ReadStates {
  const states = new Map<string, State>()
  const otherNames = new Map<string, State>()
  const unread: string[] = []
  for (const node of nodes.values()) {
    const { label, any } = node.attributes
    if (!any) {
      // Defaults that could not be read may give it attributes.
      if (!isWhole) continue
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
      unread.push(label.text)
      states.set(node.id, stateOf(node, undefined, undefined))
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
    const isLimit = invariant?.op === '<' || invariant?.op === '<='
    if (invariant !== undefined && !isLimit) unread.push(label.text)
    const state = isLimit
      ? stateOf(node, withoutSpan(invariant), shift(invariant.span, label))
      : stateOf(node, undefined, undefined)
    states.set(node.id, state)
    if (name !== node.id) otherNames.set(name, state)
  }
  return { states, otherNames, unread }
}

function stateOf(
  { id, span, attributes }: NodeEntry,
  invariant: Constraint | undefined,
  invariantSpan: Span | undefined
): State {
  return { name: id, span, final: isFinalShape(attributes.shape?.text), invariant, invariantSpan }
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

/**
 * The states that may be the initial one: one in a sound model; none where
 * nothing says which.
 */
export function findInitial(
  statements: Statements,
  { states, otherNames }: ReadStates,
  isWhole: boolean,
  file: Span,
  findings: Findings
): State[] {
  const { nodes } = statements
  const markers = [...nodes.values()].filter((n) => n.id.startsWith(INIT_MARKER))
  const named = (id: string): State | undefined => {
    const name = id.slice(INIT_MARKER.length)
    return states.get(name) ?? otherNames.get(name)
  }
  const [first, second] = markers
  if (first === undefined) {
    if (!isWhole) return []
    findings.error(
      'no-initial-state',
      file,
      "The automaton doesn't have an initial state; expected a node named `__init_` and the state's name.",
      fixes.addMarker([...states.keys()], statements)
    )
    const drawn = statements.edges.find((e) => e.from.text.startsWith(INIT_MARKER))
    const meant = drawn && named(drawn.from.text)
    return meant === undefined ? [] : [meant]
  }
  if (second !== undefined) {
    findings.error(
      'two-initial-states',
      second.span,
      `${quoted(second.id)} marks a second initial state, ${quoted(first.id)} at ${findings.place(first.span.start)} marks the first; expected one.`,
      fixes.removeNode(second, findings.text)
    )
    return markers.map((m) => named(m.id)).filter((s) => s !== undefined)
  }
  const state = named(first.id)
  if (state !== undefined) return [state]
  const name = first.id.slice(INIT_MARKER.length)
  // A node without attributes was reported.
  if (isWhole && nodes.get(name)?.attributes.any !== false) {
    findings.error(
      'no-initial-state',
      first.span,
      `The automaton doesn't have an initial state: ${quoted(first.id)} names no labelled node.${findings.suggestion(name, states.keys())}`,
      fixes.renameTo(first.span, name, [...states.keys()], INIT_MARKER)
    )
  }
  return []
}
