import type { Automaton } from '../automaton'
import { INVALID } from '../automaton'
import type { Places } from '../dot/build'
import { quoted } from '../findings'
import type { Findings } from '../findings'

/** Looks at which states follow which, and which events the monitor can start with. */
export function checkGraph(automaton: Automaton, places: Places, findings: Findings): void {
  const reached = reachable(automaton, [0], 'forwards')
  checkFinal(automaton, reached, places, findings)
  checkEvents(automaton, reached, places, findings)
  checkStart(automaton, places, findings)
}

/** The states that transitions lead to from some, or that lead to them. Each includes the given ones. */
export function reachable(
  { states, transitions }: Pick<Automaton, 'states' | 'transitions'>,
  from: Iterable<number>,
  direction: 'forwards' | 'backwards'
): ReadonlySet<number> {
  const next = states.map((): number[] => [])
  for (const t of transitions) {
    if (direction === 'forwards') next[t.from]?.push(t.to)
    else next[t.to]?.push(t.from)
  }
  const reached = new Set(from)
  // A Set visits what is added to it while it is visited.
  for (const state of reached) for (const to of next[state] ?? []) reached.add(to)
  return reached
}

function checkFinal(
  automaton: Automaton,
  reached: ReadonlySet<number>,
  places: Places,
  findings: Findings
): void {
  const { states, final, transitions } = automaton
  const ends = [...final.keys()].filter((i) => final[i] === true)
  const leads = reachable(automaton, ends, 'backwards')
  const leaves = new Set(transitions.map((t) => t.from))
  states.forEach((name, i) => {
    // A state that is not reached, or has no way out at all, was reported as that.
    if (leads.has(i) || !reached.has(i) || !leaves.has(i)) return
    findings.warning(
      'no-way-to-final',
      places.states[i] ?? places.head,
      `No sequence of events leads from ${quoted(name)} to a final state.`
    )
  })
}

/** Events that every use of lies in states which are never reached. */
function checkEvents(
  { events, transitions }: Automaton,
  reached: ReadonlySet<number>,
  places: Places,
  findings: Findings
): void {
  const accepted = new Set<number>()
  const first = new Map<number, number>()
  transitions.forEach(({ from, event }, i) => {
    if (reached.has(from)) accepted.add(event)
    else if (!first.has(event)) first.set(event, i)
  })
  events.forEach((name, event) => {
    const at = first.get(event)
    if (accepted.has(event) || at === undefined) return
    findings.warning(
      'event-never-accepted',
      places.transitions[at] ?? places.head,
      `No state that can be reached accepts ${quoted(name)}: every one is a violation.`
    )
  })
}

/**
 * How rvgen chooses the events that monitoring starts with: those that lead to
 * the initial state wherever they are accepted; where there is none, those that
 * are accepted in the initial state alone.
 */
export function startEvents({ states, events, table }: Automaton): {
  readonly start: readonly number[]
  readonly startRun: readonly number[]
} {
  const start: number[] = []
  const startRun: number[] = []
  for (let event = 0; event < events.length; event++) {
    let used = 0
    let toInitial = 0
    for (let state = 0; state < states.length; state++) {
      const to = table[state * events.length + event] ?? INVALID
      if (to !== INVALID) used++
      if (to === 0) toInitial++
    }
    if (toInitial > 0 && used === toInitial) start.push(event)
    if (used === 1 && table[event] !== INVALID) startRun.push(event)
  }
  return { start, startRun: start.length > 0 ? [] : startRun }
}

function checkStart(automaton: Automaton, places: Places, findings: Findings): void {
  const { start, startRun } = startEvents(automaton)
  if (start.length > 0 || startRun.length > 0) return
  findings.warning(
    'no-start-event',
    places.states[0] ?? places.head,
    `rvgen finds no event to start with, so its monitor never starts; expected one that leads to ${quoted(automaton.states[0] ?? '')} wherever it is accepted, or is accepted there alone, or a handler that calls da_handle_start_event() by hand.`
  )
}
