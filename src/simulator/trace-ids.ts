import type { RvMonitor } from '../engine/monitor'
import {
  EVENTS_PER_MONITOR,
  FIRST_MONITOR_EVENT,
  type RecordNames,
  type TraceEvent
} from './trace-events'

/** Ids of kernel events on Linux 7.3, x86-64, as a tracefs of it shows them. */
const KERNEL_IDS: Readonly<Record<string, number>> = {
  'ftrace:kernel_stack': 4,
  'ftrace:print': 5,
  'irq_vectors:call_function_single_exit': 41,
  'irq_vectors:call_function_single_entry': 42,
  'irq_vectors:call_function_exit': 43,
  'irq_vectors:call_function_entry': 44,
  'irq_vectors:reschedule_exit': 45,
  'irq_vectors:reschedule_entry': 46,
  'irq_vectors:irq_work_exit': 47,
  'irq_vectors:irq_work_entry': 48,
  'irq_vectors:local_timer_exit': 55,
  'irq_vectors:local_timer_entry': 56,
  'nmi:nmi_handler': 61,
  'exceptions:page_fault_kernel': 80,
  'exceptions:page_fault_user': 81,
  'task:task_newtask': 96,
  'irq:softirq_raise': 112,
  'irq:softirq_exit': 113,
  'irq:softirq_entry': 114,
  'irq:irq_handler_exit': 115,
  'irq:irq_handler_entry': 116,
  'signal:signal_deliver': 151,
  'signal:signal_generate': 152,
  'sched:sched_pi_setprio': 249,
  'sched:sched_process_fork': 253,
  'sched:sched_process_exit': 256,
  'sched:sched_migrate_task': 258,
  'sched:sched_switch': 259,
  'sched:sched_wakeup_new': 260,
  'sched:sched_wakeup': 261,
  'sched:sched_waking': 262,
  'lock:contention_end': 295,
  'lock:contention_begin': 296,
  'raw_syscalls:sys_exit': 350,
  'raw_syscalls:sys_enter': 351,
  'preemptirq:preempt_enable': 455,
  'preemptirq:preempt_disable': 456,
  'preemptirq:irq_enable': 457,
  'preemptirq:irq_disable': 458,
  'rv:rv_retries_error': 477
}

/** First id of a monitor's events; kernel events that the table above lacks come far behind. */
const FIRST_RV = 478
const FIRST_OTHER = 2000

/**
 * The order in which kernel/trace/rv/rv_trace.h includes the monitors' events,
 * from the last: a linker section is filled from its end. Within a class the
 * monitors are in the order of their registration.
 */
function rank({ ltl, automaton, type }: RvMonitor): number {
  if (ltl !== undefined) return 0
  const instances = type === 'per_task' || type === 'per_obj' ? 0 : 2
  return (automaton?.kind === 'ha' ? 1 : 2) + instances
}

const ids = new WeakMap<readonly RvMonitor[], readonly number[]>()

/** First id of each monitor's events, by its index. */
function monitorIds(monitors: readonly RvMonitor[]): readonly number[] {
  const known = ids.get(monitors)
  if (known !== undefined) return known
  const first = new Array<number>(monitors.length).fill(0)
  const order = monitors
    .filter(({ ltl, automaton }) => ltl !== undefined || automaton !== undefined)
    .sort((a, b) => rank(a) - rank(b) || b.index - a.index)
  let next = FIRST_RV
  for (const monitor of order) {
    first[monitor.index] = next
    next += monitor.automaton?.kind === 'ha' ? 3 : 2
  }
  ids.set(monitors, first)
  return first
}

/** The number of an event in `id`, `format` and raw records: common_type. */
export function kernelId({ monitors }: Pick<RecordNames, 'monitors'>, event: TraceEvent): number {
  if (event.id < FIRST_MONITOR_EVENT) {
    return KERNEL_IDS[`${event.system}:${event.name}`] ?? FIRST_OTHER + event.id
  }
  const index = Math.floor((event.id - FIRST_MONITOR_EVENT) / EVENTS_PER_MONITOR)
  const last = monitors[index]?.automaton?.kind === 'ha' ? 2 : 1
  const kind = (event.id - FIRST_MONITOR_EVENT) % EVENTS_PER_MONITOR
  return (monitorIds(monitors)[index] ?? 0) + last - kind
}
