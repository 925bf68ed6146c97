import type { Automaton } from '../../model/automaton'
import type { MonitorType } from '../../model/instrumentation'
import type { AutomatonModel } from '../../model/load'

/** The kernel's wip. */
export const wip: Automaton = automaton(
  'wip',
  ['preemptive', 'non_preemptive'],
  ['preempt_disable', 'preempt_enable', 'sched_waking'],
  [1, -1, -1, -1, 0, 1]
)

/** The kernel's wwnr. */
export const wwnr: Automaton = automaton(
  'wwnr',
  ['not_running', 'running'],
  ['switch_in', 'switch_out', 'wakeup'],
  [1, -1, 0, -1, 0, -1]
)

/** A model of the panel's own, as loaded from a folder. */
export function known(of: Automaton, type: MonitorType): AutomatonModel {
  return {
    kind: 'automaton',
    name: of.name,
    automaton: of,
    source: `digraph { ${of.name} }`,
    type,
    instrumentation: {
      monitor: of.name,
      type,
      description: '',
      parent: undefined,
      parameters: [],
      tracepoints: [],
      storage: undefined,
      hybrid: undefined,
      ltl: undefined
    }
  }
}

function automaton(
  name: string,
  states: readonly string[],
  events: readonly string[],
  table: readonly number[]
): Automaton {
  return {
    name,
    kind: 'da',
    states,
    events,
    final: states.map((_, state) => state === 0),
    table: Int16Array.from(table),
    transitions: [],
    invariants: states.map(() => undefined),
    envs: [],
    storedEnvs: 0,
    envKinds: []
  }
}
