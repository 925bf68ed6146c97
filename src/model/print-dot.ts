import type { Automaton, Transition } from './automaton'
import { INIT_MARKER } from './dot/statements'
import { printConstraint, printGuard } from './labels'

/** What of an automaton is written; the rest follows from it. */
export type WrittenAutomaton = Pick<
  Automaton,
  'name' | 'states' | 'events' | 'final' | 'transitions' | 'invariants'
>

/**
 * The automaton as DOT text that parseDot reads back as the same automaton.
 * One statement for each state, one edge for each pair of states with events
 * between them.
 */
export function printDot(automaton: WrittenAutomaton): string {
  const { name, states, final, invariants } = automaton
  const marker = INIT_MARKER + (states[0] ?? '')
  const lines = [
    `digraph "${name}" {`,
    `\t"${marker}" [shape = plaintext, style = invis, label = ""]`
  ]
  states.forEach((state, i) => {
    const invariant = invariants[i]
    const label = invariant === undefined ? state : `${state}\\n${printConstraint(invariant)}`
    const shape = final[i] === true ? 'doublecircle' : 'circle'
    lines.push(`\t"${state}" [shape = ${shape}, label = "${label}"]`)
  })
  lines.push(`\t"${marker}" -> "${states[0] ?? ''}"`)
  for (const [edge, transitions] of edges(automaton)) {
    const label = transitions.map((t) => eventLabel(automaton, t)).join('\\n')
    lines.push(`\t${edge} [label = "${label}"]`)
  }
  lines.push('}')
  return `${lines.join('\n')}\n`
}

/** The label of one transition: `event`, or `event;guard`. */
export function eventLabel(
  automaton: Pick<Automaton, 'events'>,
  { event, guard }: Transition
): string {
  const name = automaton.events[event] ?? ''
  return guard === undefined ? name : `${name};${printGuard(guard)}`
}

function edges({ states, transitions }: WrittenAutomaton): Map<string, Transition[]> {
  const found = new Map<string, Transition[]>()
  for (const t of transitions) {
    const key = `"${states[t.from] ?? ''}" -> "${states[t.to] ?? ''}"`
    const list = found.get(key)
    if (list === undefined) found.set(key, [t])
    else list.push(t)
  }
  return found
}
