import { INVALID } from '../automaton'
import type { Automaton, Transition } from '../automaton'
import type { Findings, Span } from '../findings'
import type { Doubts, Link } from './doubts'
import { readEdges } from './edges'
import type { StateLink } from './edges'
import { findInitial, readStates } from './states'
import type { Statements } from './statements'
import { fillTable, orderEnvs, readKinds } from './table'
import type { State } from './table'

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
  /**
   * After errors, what is known of it, for further findings alone: its transitions
   * may contradict each other, and of those the table has one.
   */
  readonly automaton: Automaton
  readonly places: Places
  readonly doubts: Doubts
}

/**
 * The automaton of the statements; undefined where too little is known of it to
 * say anything.
 *
 * @param isWhole whether every statement of the file could be read
 */
export function buildAutomaton(
  name: string,
  statements: Statements,
  isWhole: boolean,
  file: Span,
  findings: Findings
): Built | undefined {
  const read = readStates(statements.nodes, isWhole, findings)
  const starts = findInitial(statements, read, isWhole, file, findings)
  const [initial, second] = starts
  const edges = readEdges(
    statements,
    read,
    second === undefined ? initial : undefined,
    isWhole,
    findings
  )
  const { labelled } = edges
  if (labelled.length === 0) {
    if (isWhole && edges.links.length === 0) {
      findings.error(
        'no-events',
        file,
        'The model has no event; expected an edge such as `"a" -> "b" [label = "event"]`.'
      )
    }
    return undefined
  }
  const known = [...read.states.values(), ...edges.missing]
  const others = known.filter((s) => s !== initial).sort(byName)
  const order = initial === undefined ? others : [initial, ...others]
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
  const { cells, contested } = fillTable(order, events, labelled, findings)
  const transitions = cells.map((c) => c.transition)
  const anyFinal = order.some((s) => s.final)
  const { envs, storedEnvs } = orderEnvs(transitions, invariants)
  const kinds = readKinds(transitions, invariants)
  const automaton: Automaton = {
    name,
    kind: envs.length > 0 ? 'ha' : 'da',
    states: order.map((s) => s.name),
    events,
    final: order.map((s) => (anyFinal ? s.final : starts.includes(s))),
    table: tableOf(transitions, order.length, events.length),
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
  const index = new Map(order.map((s, i) => [s, i]))
  const indexes = (of: Iterable<State>): number[] => [...of].map((s) => index.get(s) ?? 0)
  const twoNames = [...read.otherNames].flatMap(
    ([other, from]): Pick<StateLink, 'from' | 'to'>[] => {
      const to = read.states.get(other)
      return to === undefined
        ? []
        : [
            { from, to },
            { from: to, to: from }
          ]
    }
  )
  const doubts: Doubts = {
    isWhole,
    initial: indexes(starts),
    links: [...edges.links, ...twoNames].map((l): Link => ({
      ...l,
      from: index.get(l.from) ?? 0,
      to: index.get(l.to) ?? 0
    })),
    unread: wordsOf([...read.unread, ...edges.unread]),
    missing: new Set(indexes(edges.missing)),
    misnamed: new Set(indexes(read.otherNames.values())),
    contested
  }
  return { automaton, places, doubts }
}

/** Of transitions that contradict each other, one to the initial state: the monitor may start with that. */
function tableOf(transitions: readonly Transition[], states: number, events: number): Int16Array {
  const table = new Int16Array(states * events).fill(INVALID)
  for (const { from, event, to } of transitions) {
    const cell = from * events + event
    if (table[cell] === INVALID || to === 0) table[cell] = to
  }
  return table
}

function wordsOf(labels: readonly string[]): Set<string> {
  return new Set(labels.flatMap((text) => text.replaceAll('\\n', ' ').match(/\w+/g) ?? []))
}

const byName = (a: State, b: State): number => (a.name < b.name ? -1 : 1)
