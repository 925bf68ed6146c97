/**
 * What a tracepoint passes: an integer, a task (its index in the host, see
 * EngineHost; -1 for none), or an object (its integer id).
 */
export type FieldKind = 'int' | 'task' | 'object'

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
const object = (name: string): TracepointField => ({ name, kind: 'object' })

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
  { name: 'reschedule_entry', fields: [int('vector')] },
  { name: 'reschedule_exit', fields: [int('vector')] },
  { name: 'call_function_entry', fields: [int('vector')] },
  { name: 'call_function_exit', fields: [int('vector')] },
  { name: 'call_function_single_entry', fields: [int('vector')] },
  { name: 'call_function_single_exit', fields: [int('vector')] },
  { name: 'irq_work_entry', fields: [int('vector')] },
  { name: 'irq_work_exit', fields: [int('vector')] },
  { name: 'sched_entry_tp', fields: [int('preempt')] },
  { name: 'sched_exit_tp', fields: [int('is_switch')] },
  { name: 'sched_set_state_tp', fields: [task('tsk'), int('state')] },
  { name: 'sched_set_need_resched_tp', fields: [task('tsk'), int('cpu'), int('tif')] },
  { name: 'task_newtask', fields: [task('task')] },
  { name: 'sched_process_exit', fields: [task('p')] },
  { name: 'signal_deliver', fields: [int('sig')] },
  { name: 'page_fault_user', fields: [int('address'), int('ip'), int('error_code')] },
  { name: 'page_fault_kernel', fields: [int('address'), int('ip'), int('error_code')] },
  // lock_addr is an address in the kernel, flags are LCB_F_*.
  { name: 'contention_begin', fields: [int('lock_addr'), int('flags')] },
  { name: 'contention_end', fields: [int('lock_addr'), int('ret')] },
  // Besides the registers: what a handler finds with them. `target` is the task that arg0 names
  // as a pid (0 is current, -1 where there is none); policy and sched_flags are those of a
  // struct sched_attr or sched_param system call, read from user memory (-1 for other calls).
  {
    name: 'sys_enter',
    fields: [
      int('id'),
      int('arg0'),
      int('arg1'),
      int('arg2'),
      int('arg3'),
      int('arg4'),
      int('arg5'),
      task('target'),
      int('policy'),
      int('sched_flags')
    ]
  },
  { name: 'sys_exit', fields: [int('id'), int('ret')] },
  // dl_se is the id that the deadline monitors give an entity: a task's pid, -cpu for the fair
  // server of a CPU, -cpu - nr_cpus for its ext server.
  { name: 'sched_dl_throttle_tp', fields: [object('dl_se'), int('cpu'), int('type')] },
  { name: 'sched_dl_replenish_tp', fields: [object('dl_se'), int('cpu'), int('type')] },
  { name: 'sched_dl_update_tp', fields: [object('dl_se'), int('cpu'), int('type')] },
  { name: 'sched_dl_server_start_tp', fields: [object('dl_se'), int('cpu'), int('type')] },
  { name: 'sched_dl_server_stop_tp', fields: [object('dl_se'), int('cpu'), int('type')] }
]

/** A name that expressions may use, and what it stands for. */
export interface CatalogEntry {
  readonly name: string
  readonly meaning: string
}

const entry = (name: string, meaning: string): CatalogEntry => ({ name, meaning })

/** What an expression may ask of the place where a handler runs; the host answers by index (EngineHost.context). To add one, add a line and let hosts answer. */
export const CONTEXT_VARIABLES: readonly CatalogEntry[] = [
  entry('cpu', 'smp_processor_id(); in storage with `each: cpu`, that CPU'),
  entry('nr_cpus', 'nr_cpu_ids'),
  entry('irqs_disabled', '1 where interrupts are off'),
  entry(
    'preempt_off',
    '1 where the preempt count (its PREEMPT_MASK part) was above 0 before the tracepoint added to it'
  ),
  entry('in_task', '1 in process context: no softirq being served, no hardirq, no NMI'),
  entry('in_hardirq', '1 in a hardirq handler'),
  entry('in_serving_softirq', '1 while a softirq is served, also below a hardirq'),
  entry('in_nmi', '1 in an NMI handler')
]

/** What an expression may ask of a task (EngineHost.taskAttribute, by index). */
export const TASK_ATTRIBUTES: readonly CatalogEntry[] = [
  entry('pid', 'pid of the thread; 0 for idle tasks'),
  entry('prio', 'effective priority, 0-139 (-1 for SCHED_DEADLINE), priority inheritance included'),
  entry('policy', 'SCHED_NORMAL, SCHED_FIFO, ... SCHED_DEADLINE'),
  entry('rt_or_dl', 'rt_or_dl_task(): 1 where prio < MAX_RT_PRIO'),
  entry('kthread', '1 for a kernel thread (PF_KTHREAD)'),
  entry('idle', '1 for the idle task of a CPU'),
  entry('has_dl_server', '1 where a deadline server runs it (task->dl_server)'),
  entry('dl_server', 'id of that server; meaningless where has_dl_server is 0')
]

/** What an expression may ask of an object (EngineHost.objectAttribute, by index). */
export const OBJECT_ATTRIBUTES: readonly CatalogEntry[] = [
  entry('dl_deadline', 'relative deadline of a deadline entity in ns'),
  entry('dl_period', 'its period in ns'),
  entry('dl_runtime', 'its runtime in ns'),
  entry('dl_defer', '1 for a server that is deferred')
]

/** Names that expressions may use for integers, with their values on x86-64: task states, policies, system calls, futex commands, flags of lock contention. To add one, add a line. */
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
  ['TASK_IDLE', 0x402],
  ['SCHED_NORMAL', 0],
  ['SCHED_FIFO', 1],
  ['SCHED_RR', 2],
  ['SCHED_BATCH', 3],
  ['SCHED_IDLE', 5],
  ['SCHED_DEADLINE', 6],
  ['SCHED_EXT', 7],
  ['SCHED_RESET_ON_FORK', 0x4000_0000],
  ['SCHED_FLAG_KEEP_POLICY', 0x08],
  // x86 has the generic bits (include/asm-generic/thread_info_tif.h).
  ['TIF_NEED_RESCHED', 4],
  ['TIF_NEED_RESCHED_LAZY', 5],
  ['LCB_F_SPIN', 1],
  ['LCB_F_READ', 2],
  ['LCB_F_WRITE', 4],
  ['LCB_F_RT', 8],
  ['LCB_F_PERCPU', 16],
  ['LCB_F_MUTEX', 32],
  ['__NR_sched_setscheduler', 144],
  ['__NR_futex', 202],
  ['__NR_clock_nanosleep', 230],
  ['__NR_epoll_wait', 232],
  ['__NR_sched_setattr', 314],
  ['CLOCK_REALTIME', 0],
  ['TIMER_ABSTIME', 1],
  ['FUTEX_WAIT', 0],
  ['FUTEX_LOCK_PI', 6],
  ['FUTEX_WAIT_BITSET', 9],
  ['FUTEX_WAIT_REQUEUE_PI', 11],
  ['FUTEX_LOCK_PI2', 13],
  // ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME)
  ['FUTEX_CMD_MASK', -385],
  ['DL_OTHER', 0],
  ['DL_TASK', 1],
  ['DL_SERVER_FAIR', 2],
  ['DL_SERVER_EXT', 3]
])

/** Value of a constant. @throws RangeError for a name that is not in CONSTANTS */
export function constant(name: string): number {
  const value = CONSTANTS.get(name)
  if (value === undefined) throw new RangeError(`there is no constant ${name}`)
  return value
}

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

/** Position in CONTEXT_VARIABLES, TASK_ATTRIBUTES or OBJECT_ATTRIBUTES, or -1. */
export function catalogIndex(catalog: readonly CatalogEntry[], name: string): number {
  return catalog.findIndex((one) => one.name === name)
}
