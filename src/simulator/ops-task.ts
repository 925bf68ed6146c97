import { PREEMPT_OFFSET, SOFTIRQ_DISABLE_OFFSET } from './machine'
import { faultInKernel, repeat } from './ops-fault'
import { runSoftirqs } from './ops-interrupt'
import {
  irqOff,
  irqOn,
  lockIrqsave,
  preemptCountAdd,
  preemptCountAddIrqsOff,
  preemptCountSub,
  preemptCountSubIrqsOff,
  preemptDisable,
  preemptEnable,
  unlockIrqrestore
} from './ops-preempt'
import {
  CHOSEN,
  enterKernel,
  futexWait,
  jitter,
  locks,
  setState,
  sleepUntilDone,
  systemCall,
  waitEvent
} from './ops-syscall'
import { changePolicy } from './priority'
import { jump, nothing, type Assembler, type Operation, type RoutineWriter } from './program'
import { TIMER_DISK, TIMER_HIGH_RESOLUTION, TIMER_WHEEL } from './devices'
import { CALL, enter, leave } from './syscalls'
import {
  EXIT_ZOMBIE,
  TASK_DEAD,
  TASK_IDLE,
  TASK_INTERRUPTIBLE,
  TASK_SLEEPING,
  TASK_UNINTERRUPTIBLE
} from './tasks'

/** What tasks do: user code, system calls and the loops of kernel threads. */

const behave: Operation = (m, cpu) => {
  const task = m.context[cpu]!
  m.call(task, m.workload.next(task))
  return 0
}

const userWork: Operation = (m, cpu) => {
  const task = m.context[cpu]!
  m.userMode[task] = 1
  return m.r0[task]!
}

const workOutside: Operation = (m, cpu) => {
  const mean = m.r2[m.context[cpu]!]!
  return jitter(mean, m.prng.below(mean + 1))
}

const workInside: Operation = (m, cpu) => {
  const mean = m.r1[m.context[cpu]!]!
  return jitter(mean, m.prng.below(mean + 1))
}

const giveToken: Operation = (m, cpu) => {
  const wakee = m.wakee[m.context[cpu]!]!
  m.tasks.tokens[wakee] = m.tasks.tokens[wakee]! + 1
  return 0
}

const unlessWaiting: Operation = (m, cpu, target) => {
  const context = m.context[cpu]!
  if (m.tasks.waiting[m.wakee[context]!] === 0) m.pc[context] = target
  return 0
}

const fork: Operation = (m, cpu, failed) => {
  const task = m.context[cpu]!
  const child = m.workload.fork(task, cpu)
  m.wakee[task] = child
  m.tasks.syscallResult[task] = child === -1 ? -EAGAIN : m.tasks.pid[child]!
  if (child === -1) m.pc[task] = failed
  return 0
}
const EAGAIN = 11

const wakeNew: Operation = (m, cpu) => {
  m.scheduler.wakeNew(cpu, m.wakee[m.context[cpu]!]!)
  return 0
}

/** The system call that made a child returns in the child as well. */
const leaveClone: Operation = (m, cpu) => {
  const task = m.context[cpu]!
  m.tasks.syscall[task] = CALL.clone
  m.tasks.syscallResult[task] = 0
  leave(m, cpu, task)
  return 0
}

const enterExit: Operation = (m, cpu) => {
  const task = m.context[cpu]!
  m.userMode[task] = 0
  enter(m, cpu, task, CALL.exitGroup)
  return 0
}

const processExit: Operation = (m, cpu) => {
  const task = m.context[cpu]!
  m.probes.processExit(cpu, task)
  m.wakee[task] = m.tasks.parent[task]!
  return 0
}

const becomeZombie: Operation = (m, cpu) => {
  m.tasks.exitState[m.context[cpu]!] = EXIT_ZOMBIE
  return 0
}

const setPolicy: Operation = (m, cpu) => {
  changePolicy(m, cpu, m.context[cpu]!)
  return 0
}

const yieldDeadline: Operation = (m, cpu) => {
  m.scheduler.deadline.yieldTask(cpu, m.context[cpu]!)
  return 0
}

/** r0 times: r2 ns of preemptible kernel code, r1 ns with preemption off. */
function sections(r: RoutineWriter): void {
  r.label('again')
  r.op(workOutside)
  preemptDisable(r)
  r.op(workInside)
  preemptEnable(r)
  r.jump(repeat, 'again')
}

/** Gives the wakee what it waits for, and wakes it if it does. */
function giveAndWake(r: RoutineWriter): void {
  r.op(giveToken, 0, 30)
  r.jump(unlessWaiting, 'nobody', 15)
  r.call('wake_up')
  r.label('nobody')
}

export function assembleTasks(assembler: Assembler): void {
  assembler.routine('task_main', (r) => {
    r.label('again')
    r.op(behave)
    r.jump(jump, 'again', 25)
  })
  assembler.routine('compute', (r) => {
    r.op(userWork)
    r.ret()
  })
  systemCall(assembler, 'sections', CHOSEN, sections)
  // Reads into memory that is touched for the first time.
  systemCall(assembler, 'read_to_new_page', CALL.read, (r) => {
    locks(r, 2, 130)
    faultInKernel(r)
    locks(r, 1, 90)
  })
  // A system call of the network stack: bottom halves off.
  systemCall(assembler, 'bottom_half_section', CALL.sendto, (r) => {
    preemptCountAdd(r, SOFTIRQ_DISABLE_OFFSET)
    r.op(workInside)
    preemptCountSubIrqsOff(r, SOFTIRQ_DISABLE_OFFSET - PREEMPT_OFFSET, 10)
    r.op(runSoftirqs, 0, 15)
    preemptEnable(r)
  })
  systemCall(assembler, 'pipe_write', CALL.write, (r) => {
    locks(r, 2, 130)
    giveAndWake(r)
    locks(r, 1, 60)
  })
  systemCall(assembler, 'pipe_read', CALL.read, (r) => {
    locks(r, 1, 110)
    waitEvent(r, TASK_INTERRUPTIBLE)
    locks(r, 1, 90)
  })
  systemCall(assembler, 'wait_interruptible', CHOSEN, (r) => {
    waitEvent(r, TASK_INTERRUPTIBLE)
    locks(r, 1, 70)
  })
  systemCall(assembler, 'futex_wait', CALL.futexWait, (r) => {
    locks(r, 1, 80)
    futexWait(r)
  })
  systemCall(assembler, 'futex_wake', CALL.futexWake, (r) => {
    locks(r, 1, 80)
    giveAndWake(r)
  })
  // A timerfd in an epoll set: the timer's hardirq wakes who waits.
  systemCall(assembler, 'epoll_timer', CALL.epollWait, (r) => {
    locks(r, 1, 90)
    sleepUntilDone(r, TASK_INTERRUPTIBLE, TIMER_HIGH_RESOLUTION)
    locks(r, 1, 70)
  })
  systemCall(assembler, 'nanosleep', CHOSEN, (r) =>
    sleepUntilDone(r, TASK_SLEEPING, TIMER_HIGH_RESOLUTION)
  )
  systemCall(assembler, 'disk_request', CALL.fsync, (r) => {
    locks(r, 3, 140)
    sleepUntilDone(r, TASK_UNINTERRUPTIBLE, TIMER_DISK)
    locks(r, 1, 100)
  })
  systemCall(assembler, 'mlockall', CALL.mlockall, (r) => {
    locks(r, 6, 250)
    r.op(nothing, 0, 25_000)
  })
  // sched_setscheduler() or sched_setattr() of a task for itself.
  systemCall(assembler, 'set_policy', CHOSEN, (r) => {
    locks(r, 1, 150)
    lockIrqsave(r)
    r.op(setPolicy, 0, 400)
    unlockIrqrestore(r)
    r.op(nothing, 0, 90)
  })
  // sched_yield() of a deadline task: it is done until its next period.
  systemCall(assembler, 'deadline_yield', CALL.schedYield, (r) => {
    r.op(irqOff, 0, 20)
    preemptCountAddIrqsOff(r, PREEMPT_OFFSET)
    r.op(yieldDeadline, 0, 90)
    r.op(irqOn, 0, 20)
    // sched_preempt_enable_no_resched()
    preemptCountSub(r, PREEMPT_OFFSET)
    r.call('schedule')
  })
  systemCall(assembler, 'fork', CALL.clone, (r) => {
    locks(r, 4, 300)
    r.op(nothing, 0, 40_000)
    r.jump(fork, 'failed', 500)
    lockIrqsave(r)
    r.op(wakeNew, 0, 200)
    unlockIrqrestore(r)
    r.label('failed')
  })
  assembler.routine('child_starts', (r) => {
    r.op(leaveClone, 0, 120)
    r.ret()
  })
  systemCall(assembler, 'execve', CALL.execve, (r) => {
    locks(r, 6, 400)
    r.op(nothing, 0, 60_000)
    faultInKernel(r)
    locks(r, 2, 300)
  })
  assembler.routine('exit', (r) => {
    r.op(enterExit, 0, 2_000)
    locks(r, 3, 400)
    r.op(processExit, 0, 20_000)
    // Its parent waits for it.
    r.op(becomeZombie, 0, 100)
    giveAndWake(r)
    locks(r, 2, 200)
    preemptCountAdd(r, PREEMPT_OFFSET)
    r.op(setState, TASK_DEAD, 40)
    r.call('__schedule')
  })
  assembleKernelThreads(assembler)
}

function assembleKernelThreads(assembler: Assembler): void {
  assembler.routine('kthread_wait', (r) => {
    waitEvent(r, TASK_INTERRUPTIBLE)
    r.ret()
  })
  assembler.routine('kthread_idle', (r) => {
    sleepUntilDone(r, TASK_IDLE, TIMER_WHEEL)
    r.ret()
  })
  assembler.routine('kthread_sections', (r) => {
    r.op(enterKernel, 0, 160)
    sections(r)
    r.op(nothing, 0, 120)
    r.ret()
  })
  assembler.routine('kthread_softirqs', (r) => {
    preemptCountAdd(r, SOFTIRQ_DISABLE_OFFSET)
    preemptCountSubIrqsOff(r, SOFTIRQ_DISABLE_OFFSET - PREEMPT_OFFSET, 10)
    r.op(runSoftirqs, 0, 15)
    preemptEnable(r)
    r.ret()
  })
}
