import type { MonitorType } from '../instrumentation'

/** What a new model is to be. */
export type NewModelKind = 'da' | 'ha' | 'ltl'

/** A file of a new model: what its name ends in, and its text. */
export interface NewModel {
  readonly spec: { readonly ending: 'dot' | 'ltl'; readonly text: string }
  readonly instrumentation: string
}

/**
 * A small model that is sound and runs: one to change, rather than an empty page.
 *
 * @param name of the monitor: letters, digits and `_`
 */
export function newModel(kind: NewModelKind, name: string, type: MonitorType): NewModel {
  switch (kind) {
    case 'da':
      return type === 'per_task'
        ? automaton(name, type, TASK_EDGES, '', TASK_TRACEPOINTS)
        : automaton(name, type, CPU_EDGES, '', CPU_TRACEPOINTS)
    case 'ha':
      return type === 'per_task'
        ? automaton(name, type, TIMED_TASK_EDGES, 'timer: hrtimer\n', TASK_TRACEPOINTS)
        : automaton(name, type, TIMED_CPU_EDGES, 'timer: hrtimer\n', CPU_TRACEPOINTS)
    case 'ltl':
      return formula(name)
  }
}

/** States with their invariants, and edges; the first state is the initial one. */
interface Drawn {
  readonly states: readonly (readonly [string, string])[]
  readonly edges: readonly (readonly [string, string, string])[]
}

const CPU_EDGES: Drawn = {
  states: [
    ['preemptive', ''],
    ['non_preemptive', '']
  ],
  edges: [
    ['preemptive', 'non_preemptive', 'preempt_disable'],
    ['non_preemptive', 'preemptive', 'preempt_enable']
  ]
}
const TIMED_CPU_EDGES: Drawn = {
  states: [
    ['preemptive', ''],
    ['non_preemptive', 'clk < 100ms']
  ],
  edges: [
    ['preemptive', 'non_preemptive', 'preempt_disable;reset(clk)'],
    ['non_preemptive', 'preemptive', 'preempt_enable']
  ]
}
const TASK_EDGES: Drawn = {
  states: [
    ['waiting', ''],
    ['running', '']
  ],
  edges: [
    ['waiting', 'running', 'switch_in'],
    ['running', 'waiting', 'switch_out']
  ]
}
const TIMED_TASK_EDGES: Drawn = {
  states: [
    ['waiting', ''],
    ['running', 'clk < 1s']
  ],
  edges: [
    ['waiting', 'running', 'switch_in;reset(clk)'],
    ['running', 'waiting', 'switch_out']
  ]
}

const CPU_TRACEPOINTS = `  preempt_disable:
    - event: preempt_disable
      call: handle_event
  preempt_enable:
    - event: preempt_enable
      call: handle_start_event
`
const TASK_TRACEPOINTS = `  sched_switch:
    - event: switch_out
      call: handle_start_event
      on: prev
    - event: switch_in
      call: handle_event
      on: next
`

function automaton(
  name: string,
  type: MonitorType,
  { states, edges }: Drawn,
  head: string,
  tracepoints: string
): NewModel {
  const initial = states[0]?.[0] ?? ''
  const lines = [
    `digraph ${name} {`,
    `\t"__init_${initial}" [shape = plaintext, style = invis, label = ""]`,
    ...states.map(([state, invariant], i) => {
      const label = invariant === '' ? state : `${state}\\n${invariant}`
      return `\t"${state}" [shape = ${i === 0 ? 'doublecircle' : 'circle'}, label = "${label}"]`
    }),
    '',
    `\t"__init_${initial}" -> "${initial}"`,
    ...edges.map(([from, to, label]) => `\t"${from}" -> "${to}" [label = "${label}"]`),
    '}'
  ]
  return {
    spec: { ending: 'dot', text: `${lines.join('\n')}\n` },
    instrumentation: `monitor: ${name}
type: ${type}
description: what ${name} checks
${head}
tracepoints:
${tracepoints}`
  }
}

function formula(name: string): NewModel {
  return {
    spec: {
      ending: 'ltl',
      text: `# A real-time task raises no page fault.
RULE = always (RT imply (not PAGEFAULT))
`
    },
    instrumentation: `monitor: ${name}
type: per_task
description: what ${name} checks

fetch:
  RT: task.rt_or_dl

init:
  PAGEFAULT: 0

tracepoints:
  page_fault_user, page_fault_kernel:
    - atom: PAGEFAULT
      call: atom_pulse
      on: current
`
  }
}
