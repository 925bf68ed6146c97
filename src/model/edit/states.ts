import { INIT_MARKER } from '../dot/statements'
import { quoted } from '../findings'
import { parseStateLabel } from '../labels'
import type { TextEdit } from '../text-edit'
import { done, nameProblem, refused } from './edited'
import type { Edited } from './edited'
import { attributeSet, edgeStatement, nodeStatement, renamed } from './insert'
import type { EdgeMention, NodeMention, Outline, Word } from './outline'
import { statementsRemoved } from './remove'
import { initialName, labelOf, markedFinal, nodesById } from './sketch'

/** Adds a state without edges. The first one of a model becomes its initial state. */
export function addState(outline: Outline, name: string): Edited {
  const problem = nameProblem(name)
  if (problem !== undefined) return refused(problem)
  if (isState(outline, name)) return refused(`There is a state ${quoted(name)} already.`)
  const node = nodeStatement(outline, name, [
    ['shape', 'circle'],
    ['label', name]
  ])
  if (initialName(outline) !== undefined) return done(node)
  const [marker, arrow] = initialMarker(outline, name)
  return done(marker, node, arrow)
}

/** Renames a state wherever it stands: nodes, labels, edges and the marker of the initial state. */
export function renameState(outline: Outline, from: string, to: string): Edited {
  if (from === to) return done()
  const problem = nameProblem(to) ?? unknown(outline, from)
  if (problem !== undefined) return refused(problem)
  const words = allNames(outline)
  if (words.some(({ text }) => text === to || text === INIT_MARKER + to)) {
    return refused(`There is a node ${quoted(to)} already.`)
  }
  const edits = new Map<number, TextEdit>()
  for (const word of words) {
    if (word.text === from) edits.set(word.whole.start, renamed(word, to))
    if (word.text === INIT_MARKER + from) {
      edits.set(word.whole.start, renamed(word, INIT_MARKER + to))
    }
  }
  for (const { label } of nodesById(outline).get(from) ?? []) {
    if (label === undefined) continue
    const [blanks = ''] = /^\s*/.exec(label.text) ?? []
    const name = /^[A-Za-z0-9_]+/.exec(label.text.slice(blanks.length))?.[0]
    if (name !== from) continue
    const start = label.span.start + blanks.length
    edits.set(
      label.whole.start,
      label.quoted ? { start, end: start + from.length, text: to } : renamed(label, to)
    )
  }
  return done(...edits.values())
}

/** Removes a state with its edges. The initial state stays. */
export function removeState(outline: Outline, name: string): Edited {
  if (initialName(outline) === name && isState(outline, name)) {
    return refused(
      `${quoted(name)} is the initial state; make another state the initial one before you remove it.`
    )
  }
  const gone = new Set<NodeMention | EdgeMention>([
    ...outline.nodes.filter((n) => n.id.text === name),
    ...outline.edges.filter((e) => e.from.text === name || e.to.text === name)
  ])
  if (gone.size === 0) return refused(noState(name))
  return done(...statementsRemoved(outline, gone))
}

/** Makes a state the initial one: its marker moves, with the arrow that is drawn from it. */
export function setInitial(outline: Outline, name: string): Edited {
  const problem = unknown(outline, name)
  if (problem !== undefined) return refused(problem)
  const old = initialName(outline)
  if (old === name) return done()
  if (old === undefined) return done(...initialMarker(outline, name))
  const marker = INIT_MARKER + old
  return done(
    ...allNames(outline)
      .filter(({ text }) => text === marker)
      .map((word) => renamed(word, INIT_MARKER + name)),
    ...outline.edges.filter((e) => e.from.text === marker).map((e) => renamed(e.to, name))
  )
}

/**
 * Makes a state final or not. Where no state is marked as final, the initial one is; it is marked
 * then as soon as another one is, so that it stays final.
 */
export function setFinal(outline: Outline, name: string, on: boolean): Edited {
  const problem = unknown(outline, name)
  if (problem !== undefined) return refused(problem)
  const marked = markedFinal(outline)
  const initial = initialName(outline)
  const isFinal = marked.size === 0 ? name === initial : marked.has(name)
  if (isFinal === on) return done()
  if (on) {
    const implicit = marked.size === 0 && initial !== undefined && isState(outline, initial)
    const also = implicit ? [shapeSet(outline, initial, 'doublecircle')] : []
    return done(...also, shapeSet(outline, name, 'doublecircle'))
  }
  if (name === initial && marked.size < 2) {
    return refused(
      'A model has a final state, and where none is marked it is the initial one; make another state final first.'
    )
  }
  return done(shapeSet(outline, name, 'circle'))
}

/** Sets a state's invariant, such as `clk < 10us`; an empty one removes it. */
export function setInvariant(outline: Outline, name: string, invariant: string): Edited {
  const mentions = nodesById(outline).get(name) ?? []
  const label = labelOf(mentions)
  const mention = mentions.find((m) => m.label !== undefined)
  if (label === undefined || mention === undefined) return refused(noState(name))
  const condition = invariant.trim()
  const head = (label.text.split('\\n')[0] ?? name).trimEnd()
  const text = condition === '' ? head : `${head}\\n${condition}`
  const parsed = parseStateLabel(text)
  const op = 'value' in parsed ? parsed.value.invariant?.op : undefined
  if ('error' in parsed || condition.includes('"') || (op !== undefined && !op.startsWith('<'))) {
    return refused(`${quoted(condition)} is no invariant; expected a limit such as \`clk < 10us\`.`)
  }
  return label.text === text ? done() : done(attributeSet(outline, mention, 'label', text))
}

function shapeSet(outline: Outline, name: string, shape: string): TextEdit {
  const mentions = nodesById(outline).get(name) ?? []
  const mention =
    mentions.find((m) => m.shape !== undefined) ??
    mentions.find((m) => m.label !== undefined) ??
    mentions[0]
  if (mention === undefined) throw new RangeError(`no statement of the state ${name}`)
  return attributeSet(outline, mention, 'shape', shape)
}

/** The marker of an initial state, and the arrow that is drawn from it. */
function initialMarker(outline: Outline, name: string): readonly [TextEdit, TextEdit] {
  const marker = nodeStatement(outline, INIT_MARKER + name, [
    ['shape', 'plaintext'],
    ['style', 'invis'],
    ['label', '']
  ])
  return [marker, edgeStatement(outline, INIT_MARKER + name, name, undefined)]
}

function allNames({ nodes, edges }: Outline): Word[] {
  return [...nodes.map((n) => n.id), ...edges.flatMap((e) => [e.from, e.to])]
}

function isState(outline: Outline, name: string): boolean {
  const text = labelOf(nodesById(outline).get(name) ?? [])?.text
  return text !== undefined && text !== ''
}

const noState = (name: string): string => `There is no state ${quoted(name)}.`

function unknown(outline: Outline, name: string): string | undefined {
  return isState(outline, name) ? undefined : noState(name)
}
