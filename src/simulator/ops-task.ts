import { PREEMPT_OFFSET, SOFTIRQ_DISABLE_OFFSET } from './machine'
import { runSoftirqs } from './ops-interrupt'
import {
  lockIrqsave,
  preemptCountAdd,
  preemptCountSubIrqsOff,
  preemptDisable,
  preemptEnable,
  unlockIrqrestore
} from './ops-preempt'
import { jump, nothing, type Assembler, type Operation, type RoutineWriter } from './program'
import { TIMER_DISK, TIMER_HIGH_RESOLUTION, TIMER_WHEEL } from './devices'
import {
  EXIT_ZOMBIE,
  TASK_DEAD,
  TASK_IDLE,
  TASK_INTERRUPTIBLE,
  TASK_RUNNING,
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

const enterKernel: Operation = (m, cpu) => {
  m.userMode[m.context[cpu]!] = 0
  return 0
}

/** About half to one and a half of a mean: no two passes take the same time. */
const jitter = (mean: number, random: number): number => (mean >> 1) + random

const workOutside: Operation = (m, cpu) => {
  const mean = m.r2[m.context[cpu]!]!
  return jitter(mean, m.prng.below(mean + 1))
}

const workInside: Operation = (m, cpu) => {
  const mean = m.r1[m.context[cpu]!]!
  return jitter(mean, m.prng.below(mean + 1))
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

/** Counts r0 down and jumps while it is not 0. */
const repeat: Operation = (m, cpu, target) => {
  const context = m.context[cpu]!
  const left = m.r0[context]! - 1
  m.r0[context] = left
  if (left > 0) m.pc[context] = target
  return 0
}

/** set_current_state() */
const setState: Operation = (m, cpu, state) => {
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

/** Starts the task's timer for r0 ns. */
const startTimer: Operation = (m, cpu, kind) => {
  const task = m.context[cpu]!
  m.devices.startTimer(cpu, task, m.r0[task]!, kind)
  return 0
}

const fork: Operation = (m, cpu, failed) => {
  const task = m.context[cpu]!
  const child = m.workload.fork(task, cpu)
  m.wakee[task] = child
  if (child === -1) m.pc[task] = failed
  return 0
}

const wakeNew: Operation = (m, cpu) => {
  m.scheduler.wakeNew(cpu, m.wakee[m.context[cpu]!]!)
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

function systemCall(assembler: Assembler, name: string, write: (r: RoutineWriter) => void): void {
  assembler.routine(name, (r) => {
    r.op(enterKernel, 0, 160)
    write(r)
    r.op(nothing, 0, 120)
    r.ret()
  })
}

/** A few locks on the way: what makes up most preempt_disable/enable pairs. */
function locks(r: RoutineWriter, count: number, ns: number): void {
  for (let i = 0; i < count; i++) {
    preemptDisable(r)
    r.op(nothing, 0, ns)
    preemptEnable(r)
    r.op(nothing, 0, ns)
  }
}

/** wait_event(): queue, set the state, look again, sleep. */
function waitEvent(r: RoutineWriter, state: number): void {
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
function sleepUntilDone(r: RoutineWriter, state: number, timer: number): void {
  r.op(startTimer, timer, 120)
  r.label('wait')
  r.op(setState, state, 30)
  r.jump(ifDone, 'finish', 40)
  r.call('schedule')
  r.jump(jump, 'wait', 50)
  r.label('finish')
  r.op(setState, TASK_RUNNING, 40)
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
  // r0 times: r2 ns of preemptible kernel code, r1 ns with preemption off.
  systemCall(assembler, 'sections', (r) => {
    r.label('again')
    r.op(workOutside)
    preemptDisable(r)
    r.op(workInside)
    preemptEnable(r)
    r.jump(repeat, 'again')
  })
  // A system call of the network stack: bottom halves off.
  systemCall(assembler, 'bottom_half_section', (r) => {
    preemptCountAdd(r, SOFTIRQ_DISABLE_OFFSET)
    r.op(workInside)
    preemptCountSubIrqsOff(r, SOFTIRQ_DISABLE_OFFSET - PREEMPT_OFFSET, 10)
    r.op(runSoftirqs, 0, 15)
    preemptEnable(r)
  })
  systemCall(assembler, 'pipe_write', (r) => {
    locks(r, 2, 130)
    r.op(giveToken, 0, 30)
    r.jump(unlessWaiting, 'nobody', 15)
    r.call('wake_up')
    r.label('nobody')
    locks(r, 1, 60)
  })
  systemCall(assembler, 'pipe_read', (r) => {
    locks(r, 1, 110)
    waitEvent(r, TASK_INTERRUPTIBLE)
    locks(r, 1, 90)
  })
  systemCall(assembler, 'wait_interruptible', (r) => {
    waitEvent(r, TASK_INTERRUPTIBLE)
    locks(r, 1, 70)
  })
  assembler.routine('kthread_wait', (r) => {
    waitEvent(r, TASK_INTERRUPTIBLE)
    r.ret()
  })
  assembler.routine('kthread_idle', (r) => {
    sleepUntilDone(r, TASK_IDLE, TIMER_WHEEL)
    r.ret()
  })
  assembler.routine('kthread_softirqs', (r) => {
    preemptCountAdd(r, SOFTIRQ_DISABLE_OFFSET)
    preemptCountSubIrqsOff(r, SOFTIRQ_DISABLE_OFFSET - PREEMPT_OFFSET, 10)
    r.op(runSoftirqs, 0, 15)
    preemptEnable(r)
    r.ret()
  })
  systemCall(assembler, 'nanosleep', (r) => sleepUntilDone(r, TASK_SLEEPING, TIMER_HIGH_RESOLUTION))
  systemCall(assembler, 'disk_request', (r) => {
    locks(r, 3, 140)
    sleepUntilDone(r, TASK_UNINTERRUPTIBLE, TIMER_DISK)
    locks(r, 1, 100)
  })
  systemCall(assembler, 'fork', (r) => {
    locks(r, 4, 300)
    r.op(nothing, 0, 40_000)
    r.jump(fork, 'failed', 500)
    lockIrqsave(r)
    r.op(wakeNew, 0, 200)
    unlockIrqrestore(r)
    r.label('failed')
  })
  assembler.routine('exit', (r) => {
    r.op(enterKernel, 0, 2_000)
    locks(r, 3, 400)
    r.op(processExit, 0, 20_000)
    // Its parent waits for it.
    r.op(becomeZombie, 0, 100)
    r.op(giveToken, 0, 60)
    r.jump(unlessWaiting, 'nobody', 30)
    r.call('wake_up')
    r.label('nobody')
    locks(r, 2, 200)
    preemptCountAdd(r, PREEMPT_OFFSET)
    r.op(setState, TASK_DEAD, 40)
    r.call('__schedule')
  })
}
