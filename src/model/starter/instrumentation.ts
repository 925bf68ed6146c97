import type { Automaton } from '../automaton'
import type { HandlerCall, MonitorType } from '../instrumentation'
import type { LtlModel } from '../ltl'
import { TRACEPOINTS, findTracepoint } from '../tracepoints'
import type { Tracepoint } from '../tracepoints'

/** A model that has no instrumentation yet. */
export type Bare =
  | { readonly kind: 'automaton'; readonly automaton: Automaton }
  | { readonly kind: 'ltl'; readonly ltl: LtlModel }

/**
 * A first instrumentation of a model, for its author to fill in. An event that is called like a
 * tracepoint is mapped to it; the others stand in comments, and so do the tracepoints that there
 * are. Start events are those that rvgen infers (rvgen/dot2k.py).
 *
 * @param name of the monitor
 * @param type of an automaton's monitor; a formula's is per-task
 */
export function starterInstrumentation(model: Bare, name: string, type: MonitorType): string {
  const head = (of: MonitorType): string[] => [
    `monitor: ${name}`,
    `type: ${of}`,
    `description: what ${name} checks`,
    ''
  ]
  const lines =
    model.kind === 'ltl'
      ? [...head('per_task'), ...atoms(model.ltl)]
      : [...head(type), ...hybrid(model.automaton), ...events(model.automaton, type)]
  return `${[...lines, '', ...catalog()].join('\n')}\n`
}

/** The call that rvgen would write for each event. */
export function inferredCalls({ events: names, transitions }: Automaton): readonly HandlerCall[] {
  const of = names.map((_, event) => transitions.filter((t) => t.event === event))
  const starts = of.map((list) => list.every((t) => t.to === 0))
  const any = starts.includes(true)
  return of.map((list, i) => {
    if (starts[i] === true) return 'handle_start_event'
    const runs = !any && list.every((t) => t.from === 0)
    return runs ? 'handle_start_run_event' : 'handle_event'
  })
}

function events(automaton: Automaton, type: MonitorType): string[] {
  const calls = inferredCalls(automaton)
  const rules = automaton.events.map((event, i) => {
    const tracepoint = findTracepoint(event)
    const rule = [
      `  ${tracepoint?.name ?? 'TRACEPOINT'}:`,
      `    - event: ${event}`,
      `      call: ${calls[i] ?? 'handle_event'}`,
      ...subject(type, tracepoint)
    ]
    return { isMapped: tracepoint !== undefined, rule }
  })
  const mapped = rules.filter((r) => r.isMapped).flatMap((r) => r.rule)
  const open = rules.filter((r) => !r.isMapped).flatMap((r) => r.rule)
  return [
    mapped.length === 0 ? 'tracepoints: none' : 'tracepoints:',
    ...mapped,
    ...(open.length === 0
      ? []
      : [
          '',
          '# Events without a tracepoint: say which one raises them, and remove the #',
          ...(mapped.length === 0 ? ['# (and the word none above).'] : []),
          ...open.map((line) => `#${line}`)
        ])
  ]
}

/** Whose instance it is: the first argument that is a task or an object. */
function subject(type: MonitorType, tracepoint: Tracepoint | undefined): string[] {
  const first = (kind: 'task' | 'object'): string | undefined =>
    tracepoint?.fields.find((f) => f.kind === kind)?.name
  if (type === 'per_task') return [`      on: ${first('task') ?? 'current'}`]
  if (type === 'per_obj') return [`      on: ${first('object') ?? 'OBJECT'}`]
  return []
}

/** What a hybrid automaton needs besides: getters and values. */
function hybrid({
  kind,
  envs,
  storedEnvs,
  envKinds,
  invariants,
  transitions
}: Automaton): string[] {
  if (kind !== 'ha') return []
  const limits = new Set(invariants.flatMap((c) => (c === undefined ? [] : [c.env])))
  const getters = envs.filter(
    (env, i) => i >= storedEnvs && envKinds[i] === undefined && !limits.has(env)
  )
  const constraints = [
    ...transitions.flatMap((t) => t.guard?.constraints ?? []),
    ...invariants.flatMap((c) => (c === undefined ? [] : [c]))
  ]
  const values = new Set(
    constraints.flatMap(({ value }) =>
      value.kind === 'literal' ? [] : [value.text.replace('()', '')]
    )
  )
  const section = (key: string, names: Iterable<string>): string[] => {
    const entries = [...names].map((n) => `  ${n}: 0 # an expression`)
    return entries.length === 0 ? [] : [`${key}:`, ...entries, '']
  }
  return [...section('environment', getters), ...section('values', values)]
}

function atoms({ atoms: names }: LtlModel): string[] {
  return [
    'tracepoints: none',
    '',
    '# Each atom needs to be said: by a tracepoint (remove the # and the word none above),',
    '# or by an expression under the key fetch, such as `RT: task.rt_or_dl`.',
    ...names.flatMap((atom) => [
      '#  TRACEPOINT:',
      `#    - atom: ${atom}`,
      '#      call: atom_update',
      '#      on: current'
    ])
  ]
}

function catalog(): string[] {
  return [
    '# Tracepoints and their arguments:',
    ...TRACEPOINTS.map(({ name, fields }) =>
      fields.length === 0 ? `#   ${name}` : `#   ${name}: ${fields.map((f) => f.name).join(', ')}`
    )
  ]
}
