import { INVALID, type Automaton, type Transition } from '../../model/automaton'
import type { Expression } from '../../model/expression'
import type {
  EventRule,
  HandlerCall,
  Instrumentation,
  InstrumentationRule,
  MonitorType,
  StorageCall,
  Subject
} from '../../model/instrumentation'
import type { BuchiAutomaton, Cube } from '../../model/ltl'
import type { MonitorDefinition } from '../monitor'

/** Edges as `state event next`; the first state is the initial one. */
export function automaton(name: string, edges: readonly string[]): Automaton {
  const split = edges.map((edge) => edge.split(' ') as [string, string, string])
  const initial = split[0]?.[0] ?? 'initial'
  const others = new Set(split.flatMap(([from, , to]) => [from, to]))
  others.delete(initial)
  const states = [initial, ...[...others].sort()]
  const events = [...new Set(split.map(([, event]) => event))].sort()
  const table = new Int16Array(states.length * events.length).fill(INVALID)
  const transitions: Transition[] = split.map(([from, event, to]) => ({
    from: states.indexOf(from),
    event: events.indexOf(event),
    to: states.indexOf(to),
    guard: undefined
  }))
  for (const { from, event, to } of transitions) table[from * events.length + event] = to
  return {
    name,
    kind: 'da',
    states,
    events,
    final: states.map((_, index) => index === 0),
    table,
    transitions,
    invariants: states.map(() => undefined),
    envs: [],
    storedEnvs: 0,
    envKinds: []
  }
}

/** Instrumentation of which only some parts matter. */
export function instrumentation(
  monitor: string,
  type: MonitorType,
  parts: Partial<Instrumentation>
): Instrumentation {
  return {
    monitor,
    type,
    description: `${monitor} for tests.`,
    parent: undefined,
    parameters: [],
    tracepoints: [],
    storage: undefined,
    hybrid: undefined,
    ltl: undefined,
    ...parts
  }
}

/** `cpu`, `global`, `current`, or the field with the task or object. */
export function subject(type: MonitorType, on: string): Subject {
  if (type === 'per_cpu') return { kind: 'cpu' }
  if (type === 'global') return { kind: 'global' }
  if (type === 'per_obj') return { kind: 'id', of: { kind: 'field', name: on } }
  return on === 'current' ? { kind: 'current' } : { kind: 'field', name: on }
}

const STORAGE_CALLS: readonly string[] = ['create', 'destroy', 'reset'] satisfies StorageCall[]

/** Rules as `tracepoint call event on`, or `tracepoint create|destroy|reset on`. */
export function rules(
  type: MonitorType,
  lines: readonly string[]
): Pick<Instrumentation, 'tracepoints'> {
  const tracepoints = new Map<string, (readonly InstrumentationRule[])[]>()
  for (const line of lines) {
    const [tracepoint = '', call = '', third = '', fourth = ''] = line.split(' ')
    const steps = tracepoints.get(tracepoint) ?? []
    const when = undefined
    steps.push([
      STORAGE_CALLS.includes(call)
        ? { kind: 'storage', call: call as StorageCall, on: subject(type, third), when }
        : {
            kind: 'event',
            event: third,
            call: call as HandlerCall,
            on: subject(type, fourth),
            when
          }
    ])
    tracepoints.set(tracepoint, steps)
  }
  return { tracepoints: [...tracepoints].map(([tracepoint, steps]) => ({ tracepoint, steps })) }
}

/** A monitor of an automaton; one rule as rules() reads it. */
export function definition(
  model: Automaton,
  type: MonitorType,
  lines: readonly string[],
  parts: Partial<Instrumentation> = {}
): MonitorDefinition {
  return {
    automaton: model,
    instrumentation: instrumentation(model.name, type, { ...rules(type, lines), ...parts })
  }
}

/** `wip` of spec and kernel: wakeup in preemptive. */
export const wip = (): MonitorDefinition =>
  definition(
    automaton('wip', [
      'preemptive preempt_disable non_preemptive',
      'non_preemptive sched_waking non_preemptive',
      'non_preemptive preempt_enable preemptive'
    ]),
    'per_cpu',
    [
      'preempt_disable handle_event preempt_disable cpu',
      'preempt_enable handle_start_event preempt_enable cpu',
      'sched_waking handle_event sched_waking cpu'
    ]
  )

export const field = (name: string): Expression => ({ kind: 'field', name })
export const number = (value: number): Expression => ({ kind: 'number', value })
export const binary = (
  left: Expression,
  op: (Expression & { kind: 'binary' })['op'],
  right: Expression
): Expression => ({ kind: 'binary', op, left, right })

/** A rule about the task that a field of the tracepoint holds. */
export const taskRule = (
  event: string,
  call: HandlerCall,
  on: string,
  when?: Expression
): EventRule => ({ kind: 'event', event, call, on: { kind: 'field', name: on }, when })

/** `wwnr`: wakeup while not running. */
export function wwnr(name = 'wwnr', parent?: string): MonitorDefinition {
  const model = automaton(name, [
    'not_running wakeup not_running',
    'not_running switch_in running',
    'running switch_out not_running'
  ])
  const slept = binary(field('prev_state'), '==', number(1))
  return {
    automaton: model,
    instrumentation: instrumentation(name, 'per_task', {
      description: 'wakeup while not running per-task testing model.',
      parent,
      tracepoints: [
        {
          tracepoint: 'sched_switch',
          steps: [
            [
              taskRule('switch_out', 'handle_start_event', 'prev', slept),
              taskRule('switch_out', 'handle_event', 'prev')
            ],
            [taskRule('switch_in', 'handle_event', 'next')]
          ]
        },
        { tracepoint: 'sched_wakeup', steps: [[taskRule('wakeup', 'handle_event', 'p')]] }
      ]
    })
  }
}

/** A Büchi automaton; `next` are the successors of a state. */
export function buchi(
  initial: readonly number[],
  states: readonly { readonly label: readonly Cube[]; readonly next: readonly number[] }[]
): BuchiAutomaton {
  const setOf = (members: readonly number[]): number =>
    members.reduce((set, member) => set | (1 << member), 0) >>> 0
  return {
    states: states.length,
    initial: setOf(initial),
    successors: Uint32Array.from(states, ({ next }) => setOf(next)),
    labels: states.map(({ label }) => label),
    labelTexts: states.map(() => '')
  }
}
