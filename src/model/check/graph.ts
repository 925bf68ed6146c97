import type { Automaton } from '../automaton'
import { INVALID } from '../automaton'
import type { Built } from '../dot/build'
import type { Doubts, Link } from '../dot/doubts'
import { quoted } from '../findings'
import type { Findings } from '../findings'

/** Looks at which states follow which, and which events the monitor can start with. */
export function checkGraph(built: Built, findings: Findings): void {
  // What was not read may hold any transition.
  if (!built.doubts.isWhole) return
  const reached = reachedStates(built.automaton, built.doubts)
  if (reached === undefined) return
  checkFinal(built, reached, findings)
  checkEvents(built, reached, findings)
  checkStart(built, findings)
}

/** The states that may be reached; undefined where no initial state is known. */
export function reachedStates(
  { states, transitions }: Automaton,
  { initial, links }: Doubts
): ReadonlySet<number> | undefined {
  if (initial.length === 0) return undefined
  return reachable({ states, transitions: [...transitions, ...links] }, initial, 'forwards')
}

/** The states that transitions lead to from some, or that lead to them. Each includes the given ones. */
export function reachable(
  {
    states,
    transitions
  }: { readonly states: readonly string[]; readonly transitions: readonly Link[] },
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
  { automaton, places, doubts }: Built,
  reached: ReadonlySet<number>,
  findings: Findings
): void {
  const { states, final } = automaton
  const transitions = [...automaton.transitions, ...doubts.links]
  // What is no state yet may become a final one.
  const ends = [...final.keys()].filter((i) => final[i] === true || doubts.missing.has(i))
  const leads = reachable({ states, transitions }, ends, 'backwards')
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
  { automaton: { events, transitions }, places, doubts }: Built,
  reached: ReadonlySet<number>,
  findings: Findings
): void {
  // An edge without a label may be one of any event.
  if (doubts.links.some(({ from, isBare }) => isBare === true && reached.has(from))) return
  const accepted = new Set<number>()
  const first = new Map<number, number>()
  transitions.forEach(({ from, event }, i) => {
    if (reached.has(from) || doubts.missing.has(from)) accepted.add(event)
    else if (!first.has(event)) first.set(event, i)
  })
  events.forEach((name, event) => {
    const at = first.get(event)
    if (accepted.has(event) || at === undefined || doubts.unread.has(name)) return
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

function checkStart({ automaton, places, doubts }: Built, findings: Findings): void {
  const [initial, second] = doubts.initial
  if (initial !== 0 || second !== undefined) return
  // An event that cannot be read is one to start with if it is only there.
  if (doubts.links.some(({ from, to }) => from === 0 || to === 0)) return
  if (mayStart(automaton) || mayStart(withoutMissing(automaton, doubts))) return
  findings.warning(
    'no-start-event',
    places.states[0] ?? places.head,
    `rvgen finds no event to start with, so its monitor never starts; expected one that leads to ${quoted(automaton.states[0] ?? '')} wherever it is accepted, or is accepted there alone, or a handler that calls da_handle_start_event() by hand.`
  )
}

function mayStart(automaton: Automaton): boolean {
  const { start, startRun } = startEvents(automaton)
  return start.length > 0 || startRun.length > 0
}

/** Without what leaves states that may never be: it may take events to start with away, or be one. */
function withoutMissing(automaton: Automaton, { missing }: Doubts): Automaton {
  if (missing.size === 0) return automaton
  const table = automaton.table.slice()
  const width = automaton.events.length
  for (const state of missing) table.fill(INVALID, state * width, (state + 1) * width)
  return { ...automaton, table }
}
