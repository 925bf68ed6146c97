import type { Automaton } from '../automaton'
import { reachedStates } from '../check/graph'
import { quoted } from '../findings'
import type { Findings, Span } from '../findings'
import { clockKind } from '../labels'
import type { Built } from './build'

/** Stored environment variables that a hybrid monitor may have (MAX_HA_ENV_LEN, include/rv/ha_monitor.h). */
const MAX_STORED_ENVS = 1

/** What rvgen never asks: is every state reached, does every state lead on. */
export function checkAutomaton({ automaton, places, doubts }: Built, findings: Findings): void {
  const { states } = automaton
  const file = places.head
  const reached = reachedStates(automaton, doubts)
  const leads = new Set([...automaton.transitions, ...doubts.links].map(({ from }) => from))
  states.forEach((name, i) => {
    if (!doubts.isWhole || doubts.missing.has(i)) return
    const at = places.states[i] ?? file
    if (reached?.has(i) === false) {
      findings.warning(
        'unreachable-state',
        at,
        `No sequence of events leads from the initial state to ${quoted(name)}.`
      )
    }
    if (!leads.has(i)) {
      findings.warning(
        'dead-end',
        at,
        `No event is allowed in ${quoted(name)}: every one is a violation.`
      )
    }
  })
  checkUnits(automaton, file, findings)
  if (automaton.storedEnvs > MAX_STORED_ENVS) {
    findings.warning(
      'too-many-clocks',
      file,
      `The model resets ${automaton.storedEnvs} environment variables; the kernel stores ${MAX_STORED_ENVS} for each instance.`
    )
  }
}

/** A clock counts one thing; rvgen takes the last unit that it sees, whatever the others were. */
function checkUnits(automaton: Automaton, at: Span, findings: Findings): void {
  const { transitions, invariants, envs, envKinds } = automaton
  const counts = new Map(envs.map((env, i) => [env, envKinds[i]]))
  const mixed = new Set<string>()
  for (const c of [...transitions.flatMap((t) => t.guard?.constraints ?? []), ...invariants]) {
    if (c === undefined) continue
    const kind = clockKind(c)
    if (kind !== undefined && kind !== counts.get(c.env)) mixed.add(c.env)
  }
  for (const env of mixed) {
    findings.warning(
      'mixed-units',
      at,
      `${quoted(env)} is compared both with nanoseconds and with jiffies; expected one of them everywhere.`
    )
  }
}
