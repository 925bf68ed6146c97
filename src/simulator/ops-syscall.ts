import { lockIrqsave, preemptDisable, preemptEnable, unlockIrqrestore } from './ops-preempt'
import { jump, nothing, type Assembler, type Operation, type RoutineWriter } from './program'
import { enter, leave } from './syscalls'
import { TASK_RUNNING, TASK_SLEEPING } from './tasks'

/** The frame of system calls, and the pieces that many of them are made of. */

/** Only the cost of entering. */
export const enterKernel: Operation = (m, cpu) => {
  m.userMode[m.context[cpu]!] = 0
  return 0
}

/** @param call a place among FORMS, or -1 for the call that the task has chosen */
const sysEnter: Operation = (m, cpu, call) => {
  const task = m.context[cpu]!
  m.userMode[task] = 0
  enter(m, cpu, task, call === -1 ? m.tasks.syscall[task]! : call)
  return 0
}

const sysExit: Operation = (m, cpu) => {
  leave(m, cpu, m.context[cpu]!)
  return 0
}

/** What stands between sys_enter and sys_exit. @param call a place among FORMS; without it the task's choice */
export function inSystemCall(
  r: RoutineWriter,
  call: number,
  write: (r: RoutineWriter) => void
): void {
  r.op(sysEnter, call, 160)
  write(r)
  r.op(sysExit, 0, 120)
}

export function systemCall(
  assembler: Assembler,
  name: string,
  call: number,
  write: (r: RoutineWriter) => void
): void {
  assembler.routine(name, (r) => {
    inSystemCall(r, call, write)
    r.ret()
  })
}

/** For the routine of a task's choice, see Workload. */
export const CHOSEN = -1

/** A few locks on the way: what makes up most preempt_disable/enable pairs. */
export function locks(r: RoutineWriter, count: number, ns: number): void {
  for (let i = 0; i < count; i++) {
    preemptDisable(r)
    r.op(nothing, 0, ns)
    preemptEnable(r)
    r.op(nothing, 0, ns)
  }
}

/** About half to one and a half of a mean: no two passes take the same time. */
export const jitter = (mean: number, random: number): number => (mean >> 1) + random

/** set_current_state() */
export const setState: Operation = (m, cpu, state) => {
  const task = m.context[cpu]!
  const before = m.tasks.state[task]!
  // The tracepoint's own condition: only from running to not running or back.
  if ((before === 0) !== (state === 0)) m.probes.schedSetState(cpu, task, state)
  m.tasks.state[task] = state
  return 0
}

const queueSelf: Operation = (m, cpu) => {
  m.tasks.waiting[m.context[cpu]!] = 1
  return 0
}

const unqueueSelf: Operation = (m, cpu) => {
  m.tasks.waiting[m.context[cpu]!] = 0
  return 0
}

/** Jumps where what the task waits for is there. */
const ifReady: Operation = (m, cpu, target) => {
  const task = m.context[cpu]!
  if (m.tasks.tokens[task]! > 0) m.pc[task] = target
  return 0
}

const takeToken: Operation = (m, cpu) => {
  const task = m.context[cpu]!
  m.tasks.tokens[task] = m.tasks.tokens[task]! - 1
  return 0
}

/** Jumps where the task's own timer or request is done; takes that. */
const ifDone: Operation = (m, cpu, target) => {
  const task = m.context[cpu]!
  if (m.tasks.done[task] === 1) {
    m.tasks.done[task] = 0
    m.pc[task] = target
  }
  return 0
}

/** Starts the task's timer for r0 ns. */
const startTimer: Operation = (m, cpu, kind) => {
  const task = m.context[cpu]!
  m.devices.startTimer(cpu, task, m.r0[task]!, kind)
  return 0
}

/** wait_event(): queue, set the state, look again, sleep. */
export function waitEvent(r: RoutineWriter, state: number): void {
  r.jump(ifReady, 'ready', 60)
  r.label('wait')
  lockIrqsave(r)
  r.op(queueSelf, 0, 20)
  r.op(setState, state, 25)
  unlockIrqrestore(r)
  r.jump(ifReady, 'finish', 50)
  r.call('schedule')
  r.jump(jump, 'wait', 60)
  r.label('finish')
  r.op(setState, TASK_RUNNING, 20)
  r.op(unqueueSelf, 0, 40)
  r.label('ready')
  r.op(takeToken, 0, 40)
}

/** Sleeps until the task's own timer or request is done: no wait queue. */
export function sleepUntilDone(r: RoutineWriter, state: number, timer: number): void {
  r.op(startTimer, timer, 120)
  r.label('wait')
  r.op(setState, state, 30)
  r.jump(ifDone, 'finish', 40)
  r.call('schedule')
  r.jump(ifDone, 'awake', 50)
  r.jump(jump, 'wait')
  r.label('finish')
  r.op(setState, TASK_RUNNING, 40)
  r.label('awake')
}

/** futex_wait(): unlike wait_event() it does not set the state again to look whether it was woken. */
export function futexWait(r: RoutineWriter): void {
  r.jump(ifReady, 'ready', 60)
  r.label('wait')
  lockIrqsave(r)
  r.op(queueSelf, 0, 20)
  r.op(setState, TASK_SLEEPING, 25)
  unlockIrqrestore(r)
  r.jump(ifReady, 'finish', 50)
  r.call('schedule')
  r.op(unqueueSelf, 0, 40)
  r.jump(ifReady, 'ready', 40)
  r.jump(jump, 'wait')
  r.label('finish')
  r.op(setState, TASK_RUNNING, 20)
  r.op(unqueueSelf, 0, 40)
  r.label('ready')
  r.op(takeToken, 0, 40)
}
