import { quoted } from '../findings'
import { parseEventLabel } from '../labels'
import { done, nameProblem, refused } from './edited'
import type { Edited } from './edited'
import { attributeSet, edgeStatement, renamed } from './insert'
import type { EdgeMention, Outline } from './outline'
import { statementsRemoved } from './remove'
import { edgeMentions } from './sketch'

/** One event of an edge as it is written. */
interface Part {
  readonly event: string
  /** The event with its guard. */
  readonly text: string
}

/** An edge, its statement whose label counts, and the events of that label. */
interface Edge {
  readonly mention: EdgeMention
  readonly parts: readonly Part[]
}

/**
 * Adds events to the edge between two states, which is made where there is none: never a second
 * edge, of which rvgen would read the first only.
 *
 * @param label `event`, `event;guard`, or several joined by `\n`
 */
export function addEvent(outline: Outline, from: string, to: string, label: string): Edited {
  const added = partsOf(label)
  if (added === undefined || added.length === 0) return refused(badLabel(label))
  const [first] = edgeMentions(outline, from, to)
  if (first === undefined) {
    return done(edgeStatement(outline, from, to, joined(added)))
  }
  const edge = readEdge(outline, from, to)
  if (edge === undefined) return refused(unreadable(from, to))
  const double = added.find(({ event }) => edge.parts.some((p) => p.event === event))
  if (double !== undefined) return refused(standsAlready(double.event, from, to))
  return relabelled(outline, edge, [...edge.parts, ...added])
}

/** Removes an event from an edge; with its last event goes the edge. */
export function removeEvent(outline: Outline, from: string, to: string, event: string): Edited {
  const edge = readEdge(outline, from, to)
  if (edge === undefined) return removeEdge(outline, from, to)
  const rest = edge.parts.filter((p) => p.event !== event)
  if (rest.length === edge.parts.length) return refused(noEvent(event, from, to))
  return rest.length === 0 ? removeEdge(outline, from, to) : relabelled(outline, edge, rest)
}

/** Removes an edge with all of its events. */
export function removeEdge(outline: Outline, from: string, to: string): Edited {
  const mentions = edgeMentions(outline, from, to)
  if (mentions.length === 0) return refused(noEdge(from, to))
  return done(...statementsRemoved(outline, new Set(mentions)))
}

/** Renames an event on one edge, or wherever it stands. */
export function renameEvent(
  outline: Outline,
  from: string,
  to: string,
  edge?: { readonly from: string; readonly to: string }
): Edited {
  if (from === to) return done()
  const problem = nameProblem(to)
  if (problem !== undefined) return refused(problem)
  const mentions = outline.edges.filter(
    (e) => edge === undefined || (e.from.text === edge.from && e.to.text === edge.to)
  )
  const edits = []
  for (const mention of mentions) {
    const parts = partsOf(mention.label?.text ?? '')
    if (parts?.some((p) => p.event === from) !== true) continue
    if (parts.some((p) => p.event === to)) {
      return refused(standsAlready(to, mention.from.text, mention.to.text))
    }
    const text = joined(
      parts.map((p) => (p.event === from ? { ...p, text: to + p.text.slice(from.length) } : p))
    )
    edits.push(attributeSet(outline, mention, 'label', text))
  }
  if (edits.length > 0) return done(...edits)
  return refused(
    edge === undefined ? `No edge has an event ${quoted(from)}.` : noEvent(from, edge.from, edge.to)
  )
}

/**
 * Sets what an event of an edge asks and does, such as `clk<10us;reset(clk)`; an empty text
 * removes guard and reset.
 */
export function setGuard(
  outline: Outline,
  from: string,
  to: string,
  event: string,
  guard: string
): Edited {
  const edge = readEdge(outline, from, to)
  if (edge === undefined) return refused(unreadable(from, to))
  if (!edge.parts.some((p) => p.event === event)) return refused(noEvent(event, from, to))
  const text = guard.trim() === '' ? event : `${event};${guard.trim()}`
  const read = partsOf(text)
  if (read?.length !== 1 || read[0]?.event !== event) {
    return refused(
      `${quoted(guard)} is no guard; expected a condition such as \`clk<10us\`, \`reset(clk)\`, or both with a \`;\` between.`
    )
  }
  return relabelled(
    outline,
    edge,
    edge.parts.map((p) => (p.event === event ? { event, text } : p))
  )
}

/** Moves an edge with all of its events between other states; onto an edge that is there, its events join it. */
export function retargetEdge(
  outline: Outline,
  from: string,
  to: string,
  newFrom: string,
  newTo: string
): Edited {
  const mentions = edgeMentions(outline, from, to)
  if (mentions.length === 0) return refused(noEdge(from, to))
  if (from === newFrom && to === newTo) return done()
  if (edgeMentions(outline, newFrom, newTo).length === 0) {
    return done(
      ...mentions.flatMap((m) => [
        ...(from === newFrom ? [] : [renamed(m.from, newFrom)]),
        ...(to === newTo ? [] : [renamed(m.to, newTo)])
      ])
    )
  }
  const edge = readEdge(outline, from, to)
  if (edge === undefined) return refused(unreadable(from, to))
  const added = addEvent(outline, newFrom, newTo, joined(edge.parts))
  if ('refused' in added) return added
  return done(...added.edits, ...statementsRemoved(outline, new Set(mentions)))
}

/** Moves one event between other states; the edge keeps its other events. */
export function retargetEvent(
  outline: Outline,
  from: string,
  to: string,
  event: string,
  newFrom: string,
  newTo: string
): Edited {
  const edge = readEdge(outline, from, to)
  if (edge === undefined) return refused(unreadable(from, to))
  const moved = edge.parts.find((p) => p.event === event)
  if (moved === undefined) return refused(noEvent(event, from, to))
  if (from === newFrom && to === newTo) return done()
  if (edge.parts.every((p) => p.event === event)) {
    return retargetEdge(outline, from, to, newFrom, newTo)
  }
  const added = addEvent(outline, newFrom, newTo, moved.text)
  if ('refused' in added) return added
  const removed = removeEvent(outline, from, to, event)
  return 'refused' in removed ? removed : done(...removed.edits, ...added.edits)
}

/** Undefined where there is no such edge, or its label cannot be read. */
function readEdge(outline: Outline, from: string, to: string): Edge | undefined {
  const mentions = edgeMentions(outline, from, to)
  const mention = mentions.find((m) => m.label !== undefined) ?? mentions[0]
  const parts = partsOf(mention?.label?.text ?? '')
  return mention === undefined || parts === undefined ? undefined : { mention, parts }
}

/** The events of a label; none of an empty one, undefined where it cannot be read. */
function partsOf(label: string): Part[] | undefined {
  if (label.trim() === '') return []
  // Not part of the dialect, and it would end the string.
  if (label.includes('"')) return undefined
  const parsed = parseEventLabel(label)
  if ('error' in parsed) return undefined
  return parsed.value.map(({ event, span }) => ({
    event,
    text: label.slice(span.start, span.end)
  }))
}

const joined = (parts: readonly Part[]): string => parts.map((p) => p.text).join('\\n')

function relabelled(outline: Outline, { mention }: Edge, parts: readonly Part[]): Edited {
  return done(attributeSet(outline, mention, 'label', joined(parts)))
}

const noEdge = (from: string, to: string): string =>
  `There is no edge from ${quoted(from)} to ${quoted(to)}.`

const noEvent = (event: string, from: string, to: string): string =>
  `The edge from ${quoted(from)} to ${quoted(to)} has no event ${quoted(event)}.`

const standsAlready = (event: string, from: string, to: string): string =>
  `The edge from ${quoted(from)} to ${quoted(to)} has the event ${quoted(event)} already.`

const unreadable = (from: string, to: string): string =>
  `The label of the edge from ${quoted(from)} to ${quoted(to)} cannot be read; mend it in the text first.`

const badLabel = (label: string): string =>
  `${quoted(label)} is no event; expected \`event\`, or \`event;guard\` such as \`wakeup;clk<10us\`.`
