/** What a tracepoint passes: an integer, or a task (its index in the host, see EngineHost). */
export type FieldKind = 'int' | 'task'

/** One argument of a tracepoint. */
export interface TracepointField {
  readonly name: string
  readonly kind: FieldKind
}

/** A tracepoint and its arguments, in the order in which they are passed. */
export interface Tracepoint {
  readonly name: string
  readonly fields: readonly TracepointField[]
}

const int = (name: string): TracepointField => ({ name, kind: 'int' })
const task = (name: string): TracepointField => ({ name, kind: 'task' })

/**
 * The tracepoints that instrumentation may name, with the kernel's names
 * (include/trace/events/). Those that end in _tp have no trace event in
 * tracefs. To add one, add a line.
 */
export const TRACEPOINTS: readonly Tracepoint[] = [
  { name: 'preempt_disable', fields: [] },
  { name: 'preempt_enable', fields: [] },
  { name: 'irq_disable', fields: [] },
  { name: 'irq_enable', fields: [] },
  {
    name: 'sched_switch',
    fields: [int('preempt'), task('prev'), task('next'), int('prev_state')]
  },
  { name: 'sched_wakeup', fields: [task('p')] },
  { name: 'sched_wakeup_new', fields: [task('p')] },
  { name: 'sched_waking', fields: [task('p')] },
  { name: 'irq_handler_entry', fields: [int('irq')] },
  { name: 'irq_handler_exit', fields: [int('irq')] },
  { name: 'local_timer_entry', fields: [int('vector')] },
  { name: 'local_timer_exit', fields: [int('vector')] },
  { name: 'softirq_entry', fields: [int('vec')] },
  { name: 'softirq_exit', fields: [int('vec')] },
  { name: 'sched_entry_tp', fields: [int('preempt')] },
  { name: 'sched_exit_tp', fields: [int('is_switch')] },
  { name: 'sched_set_state_tp', fields: [task('tsk'), int('state')] },
  { name: 'sched_set_need_resched_tp', fields: [task('tsk'), int('cpu'), int('tif')] },
  { name: 'task_newtask', fields: [task('task')] },
  { name: 'sched_process_exit', fields: [task('p')] },
  { name: 'signal_deliver', fields: [int('sig')] }
]

/** Names that conditions may use for integers: task states of include/linux/sched.h. */
export const CONSTANTS: ReadonlyMap<string, number> = new Map([
  ['TASK_RUNNING', 0],
  ['TASK_INTERRUPTIBLE', 0x1],
  ['TASK_UNINTERRUPTIBLE', 0x2],
  ['__TASK_STOPPED', 0x4],
  ['__TASK_TRACED', 0x8],
  ['EXIT_DEAD', 0x10],
  ['EXIT_ZOMBIE', 0x20],
  ['TASK_PARKED', 0x40],
  ['TASK_DEAD', 0x80],
  ['TASK_WAKEKILL', 0x100],
  ['TASK_WAKING', 0x200],
  ['TASK_NOLOAD', 0x400],
  ['TASK_NEW', 0x800],
  ['TASK_RTLOCK_WAIT', 0x1000],
  ['TASK_FREEZABLE', 0x2000],
  ['TASK_FROZEN', 0x8000],
  ['TASK_KILLABLE', 0x102],
  ['TASK_IDLE', 0x402]
])

const byName = new Map(TRACEPOINTS.map((t, i) => [t.name, i]))

/** Position of a tracepoint in TRACEPOINTS, or -1. */
export function tracepointIndex(name: string): number {
  return byName.get(name) ?? -1
}

/** The tracepoint of that name, or undefined. */
export function findTracepoint(name: string): Tracepoint | undefined {
  return TRACEPOINTS[tracepointIndex(name)]
}

/** Position of a field among the tracepoint's arguments, or -1. */
export function fieldIndex(tracepoint: Tracepoint, field: string): number {
  return tracepoint.fields.findIndex((f) => f.name === field)
}
