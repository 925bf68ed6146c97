/** What Linux 7.3 with every RV monitor shows: kernel/trace/rv/monitors, in the order of available_monitors. */
export interface Expected {
  /** As available_monitors lists it. */
  readonly listed: string
  readonly name: string
  readonly kind: 'container' | 'da' | 'ha' | 'ltl'
  /** Whether its trace events carry an id (per task, per object); LTL ones carry comm and pid. */
  readonly id: boolean
  readonly description: string
}

const monitor = (
  listed: string,
  kind: Expected['kind'],
  instances: 'per_cpu' | 'per_task' | 'per_obj' | undefined,
  description: string
): Expected => ({
  listed,
  name: listed.split(':').at(-1) ?? listed,
  kind,
  id: instances === 'per_task' || instances === 'per_obj',
  description
})

// prettier-ignore
export const MONITORS: readonly Expected[] = [
  monitor('wip', 'da', 'per_cpu', 'wakeup in preemptive per-cpu testing monitor.'),
  monitor('wwnr', 'da', 'per_task', 'wakeup while not running per-task testing model.'),
  monitor('sched', 'container', undefined, 'container for several scheduler monitor specifications.'),
  // A nested monitor is put directly behind its container: the last one that registers is the first.
  monitor('sched:opid', 'ha', 'per_cpu', 'operations with preemption and irq disabled.'),
  monitor('sched:sssw', 'da', 'per_task', 'set state sleep and wakeup.'),
  monitor('sched:nrp', 'da', 'per_task', 'need resched preempts.'),
  monitor('sched:sts', 'da', 'per_cpu', 'schedule implies task switch.'),
  monitor('sched:snep', 'da', 'per_cpu', 'schedule does not enable preempt.'),
  monitor('sched:scpd', 'da', 'per_cpu', 'schedule called with preemption disabled.'),
  monitor('sched:snroc', 'da', 'per_task', 'set non runnable on its own context.'),
  monitor('sched:sco', 'da', 'per_cpu', 'scheduling context operations.'),
  monitor('rtapp', 'container', undefined, 'Collection of monitors for detecting problems with real-time applications'),
  monitor('rtapp:wakeup', 'ltl', undefined, 'Monitor that real-time tasks are not woken by lower-priority tasks'),
  monitor('rtapp:sleep', 'ltl', undefined, 'Monitor that RT tasks do not undesirably sleep'),
  monitor('rtapp:pagefault', 'ltl', undefined, 'Monitor that RT tasks do not raise page faults'),
  monitor('stall', 'ha', 'per_task', 'identify tasks stalled for longer than a threshold.'),
  monitor('deadline', 'container', undefined, 'container for several deadline scheduler specifications.'),
  monitor('deadline:nomiss', 'ha', 'per_obj', 'dl entities run to completion before their deadline.')
]

/** Containers with their children as available_monitors lists them. */
export const CONTAINERS: ReadonlyMap<string, readonly string[]> = new Map(
  MONITORS.filter(({ kind }) => kind === 'container').map(({ name }) => [
    name,
    MONITORS.flatMap((one) => (one.listed.startsWith(`${name}:`) ? [one.name] : []))
  ])
)

/**
 * Monitors whose violations are traced and call no reactor: the handlers of wakeup hand
 * rv_react() another struct rv_monitor than the registered one, whose `react` is never set.
 */
export const SILENT: ReadonlySet<string> = new Set(['wakeup'])

/** Directory below rv/monitors. */
export const directoryOf = ({ listed }: Expected): string => listed.replace(':', '/')

/** Trace events of a monitor in events/rv. */
export function traceEventsOf({ kind, name }: Expected): string[] {
  if (kind === 'container') return []
  const events = [`event_${name}`, `error_${name}`]
  return kind === 'ha' ? [...events, `error_env_${name}`] : events
}
