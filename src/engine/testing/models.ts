import { INVALID, type Automaton, type Transition } from '../../model/automaton'
import type {
  Condition,
  HandlerCall,
  Instrumentation,
  MonitorType
} from '../../model/instrumentation'
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
    storedEnvs: 0
  }
}

/** One rule as `tracepoint call event on`. */
export function definition(
  model: Automaton,
  type: MonitorType,
  rules: readonly string[],
  options: Partial<Pick<Instrumentation, 'parent' | 'description'>> = {}
): MonitorDefinition {
  const tracepoints = new Map<string, Instrumentation['tracepoints'][number]['steps'][number][]>()
  for (const rule of rules) {
    const [tracepoint = '', call = '', event = '', on = ''] = rule.split(' ')
    const steps = tracepoints.get(tracepoint) ?? []
    steps.push([{ event, call: call as HandlerCall, on, when: undefined }])
    tracepoints.set(tracepoint, steps)
  }
  return {
    automaton: model,
    instrumentation: {
      monitor: model.name,
      type,
      description: options.description ?? `${model.name} for tests.`,
      parent: options.parent,
      tracepoints: [...tracepoints].map(([tracepoint, steps]) => ({ tracepoint, steps }))
    }
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

const sleptInterruptibly: Condition = {
  kind: 'compare',
  op: '==',
  left: { kind: 'field', name: 'prev_state' },
  right: { kind: 'number', value: 1 }
}

/** `wwnr`: wakeup while not running. */
export function wwnr(name = 'wwnr', parent?: string): MonitorDefinition {
  const model = automaton(name, [
    'not_running wakeup not_running',
    'not_running switch_in running',
    'running switch_out not_running'
  ])
  return {
    automaton: model,
    instrumentation: {
      monitor: name,
      type: 'per_task',
      description: 'wakeup while not running per-task testing model.',
      parent,
      tracepoints: [
        {
          tracepoint: 'sched_switch',
          steps: [
            [
              {
                event: 'switch_out',
                call: 'handle_start_event',
                on: 'prev',
                when: sleptInterruptibly
              },
              { event: 'switch_out', call: 'handle_event', on: 'prev', when: undefined }
            ],
            [{ event: 'switch_in', call: 'handle_event', on: 'next', when: undefined }]
          ]
        },
        {
          tracepoint: 'sched_wakeup',
          steps: [[{ event: 'wakeup', call: 'handle_event', on: 'p', when: undefined }]]
        }
      ]
    }
  }
}
