import { CONSTANTS } from '../../model/tracepoints'
import { key, type Payload } from './payload'
import type { ReplayTasks } from './tasks'

/** Reads a record's payload into the tracepoint's arguments, in the catalog's order. */
export type ReadArguments = (
  payload: Payload,
  args: Float64Array,
  tasks: ReplayTasks,
  cpu: number
) => void

/** How the records of one trace event become those of a tracepoint. */
export interface RecordReader {
  /** Trace event and tracepoint; both have the same name. */
  readonly name: string
  readonly read: ReadArguments
}

const COMM = key('comm=')
const PID = key(' pid=')
const PRIO = key(' prio=')

/** prev_state as printed (__trace_sched_switch_state, sched_switch's print format). */
const STATES = new Map<number, number>(
  [
    ['R', 'TASK_RUNNING'],
    ['S', 'TASK_INTERRUPTIBLE'],
    ['D', 'TASK_UNINTERRUPTIBLE'],
    ['T', '__TASK_STOPPED'],
    ['t', '__TASK_TRACED'],
    ['X', 'EXIT_DEAD'],
    ['Z', 'EXIT_ZOMBIE'],
    ['P', 'TASK_PARKED'],
    ['I', 'TASK_IDLE']
  ].map(([letter = '', name = '']) => [letter.charCodeAt(0), CONSTANTS.get(name) ?? 0])
)
const PLUS = '+'.charCodeAt(0)

const PREV_COMM = key('prev_comm=')
const PREV_PID = key(' prev_pid=')
const PREV_PRIO = key(' prev_prio=')
const PREV_STATE = key(' prev_state=')
const NEXT_COMM = key('> next_comm=')
const NEXT_PID = key(' next_pid=')
const NEXT_PRIO = key(' next_prio=')

/**
 * `prev_state` has the reported state only: RTLOCK_WAIT and frozen tasks show as D, and
 * whether TASK_INTERRUPTIBLE stood alone or with TASK_FREEZABLE is not in the record.
 */
const switched: ReadArguments = (payload, args, tasks, cpu) => {
  payload.skip(PREV_COMM)
  payload.comm(PREV_PID)
  const prev = tasks.index(payload.int(), cpu)
  payload.skip(PREV_PRIO)
  const prevPrio = payload.int()
  payload.skip(PREV_STATE)
  let state = 0
  let preempt = 0
  for (let letter = payload.letter(); letter >= 0; letter = payload.letter()) {
    if (letter === PLUS) preempt = 1
    else state |= STATES.get(letter) ?? 0
  }
  payload.find(NEXT_COMM)
  payload.comm(NEXT_PID)
  const next = tasks.index(payload.int(), cpu)
  payload.skip(NEXT_PRIO)
  const nextPrio = payload.int()
  // A record that was cut says nothing of anybody.
  if (payload.failed) return
  tasks.setPrio(prev, prevPrio)
  tasks.setPrio(next, nextPrio)
  args[0] = preempt
  args[1] = prev
  args[2] = next
  args[3] = state
}

/** `comm=… pid=… prio=…`, as all of sched_wakeup, sched_waking and sched_process_exit begin. */
const task: ReadArguments = (payload, args, tasks, cpu) => {
  payload.skip(COMM)
  payload.comm(PID)
  const index = tasks.index(payload.int(), cpu)
  payload.skip(PRIO)
  const prio = payload.int()
  if (payload.failed) return
  tasks.setPrio(index, prio)
  args[0] = index
}

const NEW_PID = key('pid=')
const created: ReadArguments = (payload, args, tasks, cpu) => {
  payload.skip(NEW_PID)
  args[0] = tasks.index(payload.int(), cpu)
}

const nothing: ReadArguments = () => undefined

/** A record that begins with `name` and an integer. */
function first(name: string): ReadArguments {
  const text = key(name)
  return (payload, args) => {
    payload.skip(text)
    args[0] = payload.int()
  }
}

const ERROR_CODE = key('error_code=0x')
/** The addresses are printed as symbols, and left out. */
const pageFault: ReadArguments = (payload, args) => {
  payload.find(ERROR_CODE)
  args[0] = args[1] = 0
  args[2] = payload.hex()
}

const FLAGS = key(' (flags=')
const LOCK_FLAGS = [
  ['SPIN', 'LCB_F_SPIN'],
  ['READ', 'LCB_F_READ'],
  ['WRITE', 'LCB_F_WRITE'],
  ['RT', 'LCB_F_RT'],
  ['PERCPU', 'LCB_F_PERCPU'],
  ['MUTEX', 'LCB_F_MUTEX']
].map(([word = '', name = '']) => ({ word: key(word), flag: CONSTANTS.get(name) ?? 0 }))

/** The lock's address is a hash of it, and left out. */
const contended: ReadArguments = (payload, args) => {
  payload.find(FLAGS)
  args[0] = 0
  args[1] = payload.flags(LOCK_FLAGS)
}

const RET = key(' (ret=')
const released: ReadArguments = (payload, args) => {
  payload.find(RET)
  args[0] = 0
  args[1] = payload.int()
}

const NR = key('NR ')
const OPEN = key(' (')
const COMMA = key(', ')
/** What a handler finds with the registers (target, policy, flags) is not in the record. */
const systemCall: ReadArguments = (payload, args) => {
  payload.skip(NR)
  args[0] = payload.int()
  for (let i = 1; i <= 6; i++) {
    payload.skip(i === 1 ? OPEN : COMMA)
    args[i] = payload.hex()
  }
  args[7] = args[8] = args[9] = -1
}

const EQUALS = key(' = ')
const systemCallEnd: ReadArguments = (payload, args) => {
  payload.skip(NR)
  args[0] = payload.int()
  payload.skip(EQUALS)
  args[1] = payload.int()
}

const VECTORS = ['local_timer', 'reschedule', 'call_function', 'call_function_single', 'irq_work']

/**
 * The trace events that a stock kernel can write and that are tracepoints of the catalog.
 * Those whose names end in _tp have no trace event, so that monitors which need them
 * cannot be replayed. To add one, add a line.
 */
export const RECORDS: readonly RecordReader[] = [
  ...['preempt_disable', 'preempt_enable', 'irq_disable', 'irq_enable'].map((name) => ({
    name,
    read: nothing
  })),
  { name: 'sched_switch', read: switched },
  ...['sched_wakeup', 'sched_wakeup_new', 'sched_waking', 'sched_process_exit'].map((name) => ({
    name,
    read: task
  })),
  { name: 'task_newtask', read: created },
  ...['irq_handler_entry', 'irq_handler_exit'].map((name) => ({ name, read: first('irq=') })),
  ...['softirq_entry', 'softirq_exit'].map((name) => ({ name, read: first('vec=') })),
  ...VECTORS.flatMap((vector) => [`${vector}_entry`, `${vector}_exit`]).map((name) => ({
    name,
    read: first('vector=')
  })),
  { name: 'signal_deliver', read: first('sig=') },
  ...['page_fault_user', 'page_fault_kernel'].map((name) => ({ name, read: pageFault })),
  { name: 'contention_begin', read: contended },
  { name: 'contention_end', read: released },
  { name: 'sys_enter', read: systemCall },
  { name: 'sys_exit', read: systemCallEnd }
]

const CHILD_COMM = key(' child_comm=')
const CHILD_PID = key(' child_pid=')

/** The child's pid of a sched_process_fork record, which is no tracepoint of the catalog. */
export function forkedPid(payload: Payload): number {
  payload.skip(COMM)
  payload.comm(PID)
  payload.int()
  payload.skip(CHILD_COMM)
  payload.comm(CHILD_PID)
  return payload.int()
}
