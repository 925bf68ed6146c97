import type { RvMonitor } from '../engine/monitor'
import {
  EXIT_ZOMBIE,
  TASK_DEAD,
  TASK_IDLE,
  TASK_INTERRUPTIBLE,
  TASK_UNINTERRUPTIBLE
} from './tasks'
import { diskIrq, networkIrq, VECTOR_DISK } from './vectors'

/** A field as the `format` file of an event lists it. */
export interface TraceField {
  readonly declaration: string
  readonly size: number
  readonly signed: boolean
}

/** A trace event of the simulated kernel: `events/<system>/<name>`. */
export interface TraceEvent {
  readonly id: number
  readonly system: string
  readonly name: string
  readonly fields: readonly TraceField[]
  /** The last line of `format`. */
  readonly printFormat: string
  /** Text behind the colon, from the record's arguments. */
  text(argument: (index: number) => number, names: RecordNames): string
}

/** Where numbers in records get their names. */
export interface RecordNames {
  comm(index: number): string
  readonly monitors: readonly RvMonitor[]
  /** Texts written to trace_marker. */
  marker(index: number): string
  /** Functions of a stack, innermost first. */
  stack(index: number): readonly string[]
  currentCpu: number
}

/** Numbers of the events that the kernel itself raises. */
export const EV = {
  schedSwitch: 0,
  schedWaking: 1,
  schedWakeup: 2,
  schedWakeupNew: 3,
  schedMigrateTask: 4,
  schedProcessFork: 5,
  schedProcessExit: 6,
  irqHandlerEntry: 7,
  irqHandlerExit: 8,
  softirqEntry: 9,
  softirqExit: 10,
  localTimerEntry: 11,
  localTimerExit: 12,
  rescheduleEntry: 13,
  rescheduleExit: 14,
  callFunctionSingleEntry: 15,
  callFunctionSingleExit: 16,
  preemptDisable: 17,
  preemptEnable: 18,
  irqDisable: 19,
  irqEnable: 20,
  taskNewtask: 21,
  print: 22,
  rvRetriesError: 23,
  callFunctionEntry: 24,
  callFunctionExit: 25,
  irqWorkEntry: 26,
  irqWorkExit: 27,
  signalGenerate: 28,
  signalDeliver: 29,
  pageFaultUser: 30,
  pageFaultKernel: 31,
  contentionBegin: 32,
  contentionEnd: 33,
  sysEnter: 34,
  sysExit: 35,
  nmiHandler: 36,
  schedPiSetprio: 37,
  kernelStack: 38
} as const

/** The rv events of monitor i: this + 3 i, then error, then error_env. */
export const FIRST_MONITOR_EVENT = 39
export const EVENTS_PER_MONITOR = 3

export const field = (declaration: string, size: number, signed: boolean): TraceField => ({
  declaration,
  size,
  signed
})
const comm = (name: string): TraceField => field(`char ${name}[16]`, 16, false)
export const int = (name: string): TraceField => field(`int ${name}`, 4, true)
export const text = (name: string): TraceField => field(`__data_loc char[] ${name}`, 4, false)

const pad3 = (n: number): string => String(n).padStart(3, '0')

/** Letters of TASK_REPORT, as sched_switch prints prev_state. */
export function stateLetter(state: number, exitState: number): string {
  if ((state & TASK_IDLE) === TASK_IDLE) return 'I'
  const reported = state | exitState
  if ((reported & EXIT_ZOMBIE) !== 0) return 'Z'
  if ((reported & TASK_DEAD) !== 0) return 'X'
  if ((reported & TASK_UNINTERRUPTIBLE) !== 0) return 'D'
  if ((reported & TASK_INTERRUPTIBLE) !== 0) return 'S'
  return 'R'
}

/** What sched_switch records for a preempted task: TASK_REPORT_MAX. */
export const PREEMPTED = -1

const SOFTIRQ_NAMES = [
  'HI',
  'TIMER',
  'NET_TX',
  'NET_RX',
  'BLOCK',
  'IRQ_POLL',
  'TASKLET',
  'SCHED',
  'HRTIMER',
  'RCU'
]

const wakeupFields = [comm('comm'), field('pid_t pid', 4, true), int('prio'), int('target_cpu')]
const WAKEUP_FORMAT =
  '"comm=%s pid=%d prio=%d target_cpu=%03d", REC->comm, REC->pid, REC->prio, REC->target_cpu'
const wakeupText: TraceEvent['text'] = (a, names) =>
  `comm=${names.comm(a(0))} pid=${a(1)} prio=${a(2)} target_cpu=${pad3(a(3))}`

const callerFields = [field('s32 caller_offs', 4, true), field('s32 parent_offs', 4, true)]
const CALLER_FORMAT =
  '"caller=%pS parent=%pS", (void *)((unsigned long)(_stext) + REC->caller_offs), (void *)((unsigned long)(_stext) + REC->parent_offs)'
const callerText =
  (site: string): TraceEvent['text'] =>
  () =>
    `caller=${site} parent=${site}`

/** Callers in the `format` of kernel_stack; a record may have any number (FTRACE_STACK_ENTRIES of kernel/trace/trace.h). */
export const STACK_CALLERS = 8
const STACK_FORMAT =
  [3, 3, 2].map((n) => `"${'\\t=> %ps\\n'.repeat(n)}"`).join(' ') +
  Array.from({ length: STACK_CALLERS }, (_, i) => `, (void *)REC->caller[${i}]`).join('')

const vectorFields = [int('vector')]
const VECTOR_FORMAT = '"vector=%d", REC->vector'
const vectorText: TraceEvent['text'] = (a) => `vector=${a(0)}`

const softirqFields = [field('unsigned int vec', 4, false)]
const SOFTIRQ_FORMAT =
  '"vec=%u [action=%s]", REC->vec, __print_symbolic(REC->vec, { 0, "HI" }, { 1, "TIMER" }, { 2, "NET_TX" }, { 3, "NET_RX" }, { 4, "BLOCK" }, { 5, "IRQ_POLL" }, { 6, "TASKLET" }, { 7, "SCHED" }, { 8, "HRTIMER" }, { 9, "RCU" })'
const softirqText: TraceEvent['text'] = (a) => `vec=${a(0)} [action=${SOFTIRQ_NAMES[a(0)] ?? ''}]`

const hex = (value: number): string => (value >>> 0).toString(16)
/** A 64-bit address of two words of a record. */
const address = (low: number, high: number): string =>
  high === 0 ? hex(low) : hex(high) + hex(low).padStart(8, '0')
const long = (name: string): TraceField => field(`long ${name}`, 8, true)
const unsignedLong = (name: string): TraceField => field(`unsigned long ${name}`, 8, false)

const faultFields = ['address', 'ip', 'error_code'].map(unsignedLong)
const FAULT_FORMAT =
  '"address=%ps ip=%ps error_code=0x%lx", (void *)REC->address, (void *)REC->ip, REC->error_code'
const faultText: TraceEvent['text'] = (a) =>
  `address=0x${address(a(0), a(1))} ip=0x${address(a(2), a(3))} error_code=0x${hex(a(4))}`

const CONTENTION_FLAGS = ['SPIN', 'READ', 'WRITE', 'RT', 'PERCPU', 'MUTEX']
const contentionFlags = (flags: number): string =>
  CONTENTION_FLAGS.filter((_, bit) => (flags & (1 << bit)) !== 0).join('|')
const CONTENTION_TABLE = CONTENTION_FLAGS.map((name, bit) => `{ (1U << ${bit}), "${name}" }`)
/** As %p prints a pointer: hashed to 32 bits. */
const pointer = (value: number): string => hex(value).padStart(16, '0')

export const irqOf = (vector: number, cpu: number): number =>
  vector === VECTOR_DISK ? diskIrq(cpu) : networkIrq(cpu)
export const irqName = (vector: number, cpu: number): string =>
  vector === VECTOR_DISK ? `nvme0q${cpu + 1}` : `eth0-rx-${cpu}`

type Entry = readonly [string, string, readonly TraceField[], string, TraceEvent['text']]

const TABLE: readonly Entry[] = [
  [
    'sched',
    'sched_switch',
    [
      comm('prev_comm'),
      field('pid_t prev_pid', 4, true),
      int('prev_prio'),
      field('long prev_state', 8, true),
      comm('next_comm'),
      field('pid_t next_pid', 4, true),
      int('next_prio')
    ],
    '"prev_comm=%s prev_pid=%d prev_prio=%d prev_state=%s%s ==> next_comm=%s next_pid=%d next_prio=%d", REC->prev_comm, REC->prev_pid, REC->prev_prio, (REC->prev_state & ((((0x00000000 | 0x00000001 | 0x00000002 | 0x00000004 | 0x00000008 | 0x00000010 | 0x00000020 | 0x00000040) + 1) << 1) - 1)) ? __print_flags(REC->prev_state & ((((0x00000000 | 0x00000001 | 0x00000002 | 0x00000004 | 0x00000008 | 0x00000010 | 0x00000020 | 0x00000040) + 1) << 1) - 1), "|", { 0x00000001, "S" }, { 0x00000002, "D" }, { 0x00000004, "T" }, { 0x00000008, "t" }, { 0x00000010, "X" }, { 0x00000020, "Z" }, { 0x00000040, "P" }, { 0x00000080, "I" }) : "R", REC->prev_state & (((0x00000000 | 0x00000001 | 0x00000002 | 0x00000004 | 0x00000008 | 0x00000010 | 0x00000020 | 0x00000040) + 1) << 1) ? "+" : "", REC->next_comm, REC->next_pid, REC->next_prio',
    (a, names) => {
      const state = a(3) === PREEMPTED ? 'R+' : stateLetter(a(3), 0)
      return `prev_comm=${names.comm(a(0))} prev_pid=${a(1)} prev_prio=${a(2)} prev_state=${state} ==> next_comm=${names.comm(a(4))} next_pid=${a(5)} next_prio=${a(6)}`
    }
  ],
  ['sched', 'sched_waking', wakeupFields, WAKEUP_FORMAT, wakeupText],
  ['sched', 'sched_wakeup', wakeupFields, WAKEUP_FORMAT, wakeupText],
  ['sched', 'sched_wakeup_new', wakeupFields, WAKEUP_FORMAT, wakeupText],
  [
    'sched',
    'sched_migrate_task',
    [text('comm'), field('pid_t pid', 4, true), int('prio'), int('orig_cpu'), int('dest_cpu')],
    '"comm=%s pid=%d prio=%d orig_cpu=%d dest_cpu=%d", __get_str(comm), REC->pid, REC->prio, REC->orig_cpu, REC->dest_cpu',
    (a, names) =>
      `comm=${names.comm(a(0))} pid=${a(1)} prio=${a(2)} orig_cpu=${a(3)} dest_cpu=${a(4)}`
  ],
  [
    'sched',
    'sched_process_fork',
    [
      text('parent_comm'),
      field('pid_t parent_pid', 4, true),
      text('child_comm'),
      field('pid_t child_pid', 4, true)
    ],
    '"comm=%s pid=%d child_comm=%s child_pid=%d", __get_str(parent_comm), REC->parent_pid, __get_str(child_comm), REC->child_pid',
    (a, names) =>
      `comm=${names.comm(a(0))} pid=${a(1)} child_comm=${names.comm(a(2))} child_pid=${a(3)}`
  ],
  [
    'sched',
    'sched_process_exit',
    [comm('comm'), field('pid_t pid', 4, true), int('prio'), field('bool group_dead', 1, false)],
    '"comm=%s pid=%d prio=%d group_dead=%s", REC->comm, REC->pid, REC->prio, REC->group_dead ? "true" : "false"',
    (a, names) => `comm=${names.comm(a(0))} pid=${a(1)} prio=${a(2)} group_dead=true`
  ],
  [
    'irq',
    'irq_handler_entry',
    [int('irq'), text('name')],
    '"irq=%d name=%s", REC->irq, __get_str(name)',
    (a, names) => `irq=${irqOf(a(0), names.currentCpu)} name=${irqName(a(0), names.currentCpu)}`
  ],
  [
    'irq',
    'irq_handler_exit',
    [int('irq'), int('ret')],
    '"irq=%d ret=%s", REC->irq, REC->ret ? "handled" : "unhandled"',
    (a, names) => `irq=${irqOf(a(0), names.currentCpu)} ret=handled`
  ],
  ['irq', 'softirq_entry', softirqFields, SOFTIRQ_FORMAT, softirqText],
  ['irq', 'softirq_exit', softirqFields, SOFTIRQ_FORMAT, softirqText],
  ['irq_vectors', 'local_timer_entry', vectorFields, VECTOR_FORMAT, vectorText],
  ['irq_vectors', 'local_timer_exit', vectorFields, VECTOR_FORMAT, vectorText],
  ['irq_vectors', 'reschedule_entry', vectorFields, VECTOR_FORMAT, vectorText],
  ['irq_vectors', 'reschedule_exit', vectorFields, VECTOR_FORMAT, vectorText],
  ['irq_vectors', 'call_function_single_entry', vectorFields, VECTOR_FORMAT, vectorText],
  ['irq_vectors', 'call_function_single_exit', vectorFields, VECTOR_FORMAT, vectorText],
  [
    'preemptirq',
    'preempt_disable',
    callerFields,
    CALLER_FORMAT,
    callerText('preempt_count_add+0x18/0x1a')
  ],
  [
    'preemptirq',
    'preempt_enable',
    callerFields,
    CALLER_FORMAT,
    callerText('preempt_count_sub+0x15/0x20')
  ],
  [
    'preemptirq',
    'irq_disable',
    callerFields,
    CALLER_FORMAT,
    callerText('trace_hardirqs_off+0x2c/0x30')
  ],
  [
    'preemptirq',
    'irq_enable',
    callerFields,
    CALLER_FORMAT,
    callerText('trace_hardirqs_on+0x2c/0x30')
  ],
  [
    'task',
    'task_newtask',
    [
      field('pid_t pid', 4, true),
      comm('comm'),
      field('u64 clone_flags', 8, false),
      field('short oom_score_adj', 2, true)
    ],
    '"pid=%d comm=%s clone_flags=%llx oom_score_adj=%hd", REC->pid, REC->comm, REC->clone_flags, REC->oom_score_adj',
    (a, names) => `pid=${a(0)} comm=${names.comm(a(1))} clone_flags=1200000 oom_score_adj=0`
  ],
  [
    'ftrace',
    'print',
    [field('unsigned long ip', 8, false), field('char buf[]', 0, false)],
    '"%ps: %s", (void *)REC->ip, REC->buf',
    (a, names) => names.marker(a(0))
  ],
  [
    'rv',
    'rv_retries_error',
    [text('name'), text('event')],
    '"3 retries reached for event %s, resetting monitor %s", __get_str(event), __get_str(name)',
    (a, names) => {
      const monitor = names.monitors[a(0)]
      const event = monitor?.automaton?.events[a(1)] ?? 'INVALID'
      return `3 retries reached for event ${event}, resetting monitor ${monitor?.name ?? ''}`
    }
  ],
  ['irq_vectors', 'call_function_entry', vectorFields, VECTOR_FORMAT, vectorText],
  ['irq_vectors', 'call_function_exit', vectorFields, VECTOR_FORMAT, vectorText],
  ['irq_vectors', 'irq_work_entry', vectorFields, VECTOR_FORMAT, vectorText],
  ['irq_vectors', 'irq_work_exit', vectorFields, VECTOR_FORMAT, vectorText],
  [
    'signal',
    'signal_generate',
    [
      int('sig'),
      int('errno'),
      int('code'),
      comm('comm'),
      field('pid_t pid', 4, true),
      int('group'),
      int('result')
    ],
    '"sig=%d errno=%d code=%d comm=%s pid=%d grp=%d res=%d", REC->sig, REC->errno, REC->code, REC->comm, REC->pid, REC->group, REC->result',
    (a, names) => `sig=${a(0)} errno=0 code=0 comm=${names.comm(a(1))} pid=${a(2)} grp=1 res=0`
  ],
  [
    'signal',
    'signal_deliver',
    [int('sig'), int('errno'), int('code'), unsignedLong('sa_handler'), unsignedLong('sa_flags')],
    '"sig=%d errno=%d code=%d sa_handler=%lx sa_flags=%lx", REC->sig, REC->errno, REC->code, REC->sa_handler, REC->sa_flags',
    (a) => `sig=${a(0)} errno=0 code=0 sa_handler=55d0c0de1230 sa_flags=14000000`
  ],
  ['exceptions', 'page_fault_user', faultFields, FAULT_FORMAT, faultText],
  ['exceptions', 'page_fault_kernel', faultFields, FAULT_FORMAT, faultText],
  [
    'lock',
    'contention_begin',
    [field('void * lock_addr', 8, false), field('unsigned int flags', 4, false)],
    `"%p (flags=%s)", REC->lock_addr, __print_flags(REC->flags, "|", ${CONTENTION_TABLE.join(', ')} )`,
    (a) => `${pointer(a(0))} (flags=${contentionFlags(a(1))})`
  ],
  [
    'lock',
    'contention_end',
    [field('void * lock_addr', 8, false), int('ret')],
    '"%p (ret=%d)", REC->lock_addr, REC->ret',
    (a) => `${pointer(a(0))} (ret=${a(1)})`
  ],
  [
    'raw_syscalls',
    'sys_enter',
    [long('id'), field('unsigned long args[6]', 48, false)],
    '"NR %ld (%lx, %lx, %lx, %lx, %lx, %lx)", REC->id, REC->args[0], REC->args[1], REC->args[2], REC->args[3], REC->args[4], REC->args[5]',
    (a) =>
      `NR ${a(0)} (${hex(a(1))}, ${hex(a(2))}, ${hex(a(3))}, ${hex(a(4))}, ${hex(a(5))}, ${hex(a(6))})`
  ],
  [
    'raw_syscalls',
    'sys_exit',
    [long('id'), long('ret')],
    '"NR %ld = %ld", REC->id, REC->ret',
    (a) => `NR ${a(0)} = ${a(1)}`
  ],
  [
    'nmi',
    'nmi_handler',
    [field('void * handler', 8, false), field('s64 delta_ns', 8, true), int('handled')],
    '"%ps() delta_ns: %lld handled: %d", REC->handler, REC->delta_ns, REC->handled',
    (a) => `perf_event_nmi_handler() delta_ns: ${a(0)} handled: 1`
  ],
  [
    'sched',
    'sched_pi_setprio',
    [text('comm'), field('pid_t pid', 4, true), int('oldprio'), int('newprio')],
    '"comm=%s pid=%d oldprio=%d newprio=%d", __get_str(comm), REC->pid, REC->oldprio, REC->newprio',
    (a, names) => `comm=${names.comm(a(0))} pid=${a(1)} oldprio=${a(2)} newprio=${a(3)}`
  ],
  [
    'ftrace',
    'kernel_stack',
    [int('size'), field(`unsigned long caller[${STACK_CALLERS}]`, 8 * STACK_CALLERS, false)],
    STACK_FORMAT,
    (a, names) =>
      names
        .stack(a(0))
        .map((name) => `\n => ${name}`)
        .join('')
  ]
]

/** Events that every machine has; those of monitors come behind them. */
export const KERNEL_EVENTS: readonly TraceEvent[] = TABLE.map(
  ([system, name, fields, printFormat, textOf], id) => ({
    id,
    system,
    name,
    fields,
    printFormat,
    text: textOf
  })
)
