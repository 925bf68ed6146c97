import type { Machine } from './machine'
import { lockIrqsave, preemptDisable, preemptEnable, unlockIrqrestore } from './ops-preempt'
import type { Assembler, Operation } from './program'
import { TASK_NORMAL, TASK_RUNNING } from './tasks'

/** How often a CPU looks at a lock that another one holds. */
const SPIN = 30

/** Takes the wakee's pi_lock (interrupts are off), or looks again later. */
export const lockWakee: Operation = (m, cpu) => {
  const context = m.context[cpu]!
  const task = m.wakee[context]!
  if (m.tasks.piLock[task] !== -1 || mustWait(m, cpu, task)) {
    m.pc[context] = m.pc[context]! - 1
    return SPIN
  }
  m.tasks.piLock[task] = cpu
  return 0
}

/** Only for tests: the machine that has no gap between setting the state and schedule(). */
function mustWait(m: Machine, cpu: number, task: number): boolean {
  const on = m.tasks.onCpu[task]!
  return (
    m.limits.noWakeupBeforeSchedule &&
    on !== -1 &&
    on !== cpu &&
    m.tasks.state[task] !== TASK_RUNNING &&
    m.tasks.onRq[task] === 1
  )
}

export const unlockWakee: Operation = (m, cpu) => {
  m.tasks.piLock[m.wakee[m.context[cpu]!]!] = -1
  return 0
}

/** sched_waking, if the task is in a state that this wakes; jumps otherwise. */
export const waking: Operation = (m, cpu, otherwise) => {
  const context = m.context[cpu]!
  const task = m.wakee[context]!
  if ((m.tasks.state[task]! & TASK_NORMAL) === 0) m.pc[context] = otherwise
  else m.probes.schedWaking(cpu, task)
  return 0
}

/** The state may have changed since: the task itself can set it to running without the lock. */
export const wake: Operation = (m, cpu) => {
  m.scheduler.wake(cpu, m.wakee[m.context[cpu]!]!)
  return 0
}

export function assembleWakeup(assembler: Assembler): void {
  // try_to_wake_up() of kernel/sched/core.c
  assembler.routine('try_to_wake_up', (r) => {
    preemptDisable(r)
    lockIrqsave(r)
    r.op(lockWakee, 0, 15)
    r.jump(waking, 'unlock', 90)
    r.op(wake, 0, 160)
    r.label('unlock')
    r.op(unlockWakee, 0, 8)
    unlockIrqrestore(r)
    preemptEnable(r)
    r.ret()
  })
  // __wake_up() of a wait queue with one waiter.
  assembler.routine('wake_up', (r) => {
    lockIrqsave(r)
    r.call('try_to_wake_up')
    unlockIrqrestore(r)
    r.ret()
  })
}
