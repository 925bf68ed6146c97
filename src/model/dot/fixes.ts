import type { Fix } from '../diagnostics'
import { closest, quoted } from '../findings'
import type { Span } from '../findings'
import { cutStatement } from '../text-edit'
import { INIT_MARKER } from './statements'
import type { EdgeEntry, NodeEntry, Statements } from './statements'
import type { Value } from './syntax'

/*
 * Ways to mend a model's text. Each takes its finding away and brings no error,
 * or is undefined.
 */

const isName = (text: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(text)

/** Labels a node that never gets an attribute. */
export function giveLabel({ id, statement }: NodeEntry): Fix | undefined {
  const isMarker = id.startsWith(INIT_MARKER)
  if (!isMarker && !isName(id)) return undefined
  const label = isMarker ? '' : id
  return {
    title: `Add \`label = "${label}"\``,
    edits: [{ start: statement.end, end: statement.end, text: ` [label = "${label}"]` }]
  }
}

/** Makes the name in a state's label that of its node. */
export function renameLabel(id: string, name: string, label: Value): Fix | undefined {
  if (!isName(id)) return undefined
  const start = label.span.start + label.text.indexOf(name)
  return {
    title: `Label it ${quoted(id)}`,
    edits: [{ start, end: start + name.length, text: id }]
  }
}

/** Writes the close name, if there is one, in the place of another. */
export function renameTo(
  at: Span,
  name: string,
  names: readonly string[],
  prefix = ''
): Fix | undefined {
  const meant = closest(name, names)
  if (meant === undefined || !isName(meant)) return undefined
  return {
    title: `Write ${quoted(prefix + meant)}`,
    edits: [{ ...at, text: prefix + meant }]
  }
}

/** Adds a labelled node before the graph's end. */
export function addNode(id: string, { end }: Statements): Fix | undefined {
  if (!isName(id) || id.startsWith(INIT_MARKER)) return undefined
  return {
    title: `Add the state ${quoted(id)}`,
    edits: [{ start: end, end, text: `\t"${id}" [shape = circle, label = "${id}"]\n` }]
  }
}

/** Marks the first of the states as the initial one. */
export function addMarker(states: readonly string[], { edges, end }: Statements): Fix | undefined {
  // The author may have drawn the arrow and forgotten the node.
  const drawn = edges.find((e) => e.from.text.startsWith(INIT_MARKER))?.from.text
  const named = drawn?.slice(INIT_MARKER.length) ?? ''
  const state = states.includes(named) ? named : states[0]
  if (state === undefined) return undefined
  const marker = INIT_MARKER + state
  // Attributes that all edges get would make the arrow a transition.
  const bare = !edges.some((e) => e.attributes.any && e.list === undefined)
  const arrow = drawn === undefined && bare ? `\t"${marker}" -> "${state}"\n` : ''
  return {
    title: `Make ${quoted(state)} the initial state`,
    edits: [
      {
        start: end,
        end,
        text: `\t"${marker}" [shape = plaintext, style = invis, label = ""]\n${arrow}`
      }
    ]
  }
}

/** Takes a node's only statement out. */
export function removeNode({ id, statement, count }: NodeEntry, text: string): Fix | undefined {
  if (count !== 1) return undefined
  return {
    title: `Remove ${quoted(id)}`,
    edits: [cutStatement(text, statement.start, statement.end)],
    loses: true
  }
}

/** Takes the attributes off the arrow to the initial state. */
export function bareArrow({ from, list, ignored }: EdgeEntry): Fix | undefined {
  if (!from.text.startsWith(INIT_MARKER) || list === undefined || ignored.length > 0) {
    return undefined
  }
  return {
    title: 'Remove the attributes of the arrow to the initial state',
    edits: [{ ...list, text: '' }]
  }
}

/** Moves the events that a second edge would lose to the label that counts. */
export function mergeEdge(
  kept: Value,
  lost: readonly string[],
  statement: Span,
  text: string
): Fix {
  const removal = cutStatement(text, statement.start, statement.end)
  const title = 'Join the events in the first edge'
  if (lost.length === 0) return { title: 'Remove the second edge', edits: [removal] }
  if (kept.isQuoted) {
    const at = kept.span.end
    return { title, edits: [{ start: at, end: at, text: `\\n${lost.join('\\n')}` }, removal] }
  }
  const label = `"${[kept.text, ...lost].join('\\n')}"`
  return { title, edits: [{ ...kept.span, text: label }, removal] }
}
