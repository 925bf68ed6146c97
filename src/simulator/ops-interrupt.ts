import { HARDIRQ_OFFSET, HARDIRQ_MASK, SOFTIRQ_MASK, SOFTIRQ_OFFSET } from './machine'
import {
  irqOff,
  irqOn,
  lockIrqsave,
  preemptCountAddIrqsOff,
  preemptCountSubIrqsOff,
  unlockIrqrestore
} from './ops-preempt'
import { jump, nothing, type Assembler, type Operation, type RoutineWriter } from './program'
import {
  LOCAL_TIMER_VECTOR,
  SOFTIRQ_NET_RX,
  SOFTIRQ_SCHED,
  SOFTIRQ_TIMER,
  VECTOR_CALL_FUNCTION,
  VECTOR_CALL_FUNCTION_MANY,
  VECTOR_DISK,
  VECTOR_IRQ_WORK,
  VECTOR_NETWORK,
  VECTOR_RESCHEDULE,
  VECTOR_TIMER
} from './vectors'

/** irqentry_enter() finds interrupts traced as on and says that they are off. */
function enter(r: RoutineWriter): void {
  r.op(irqOff, 0, 20)
  preemptCountAddIrqsOff(r, HARDIRQ_OFFSET, 60)
}

/** irq_exit(), softirqs on its tail, and what irqentry_exit() finds to do. */
function exit(r: RoutineWriter): void {
  preemptCountSubIrqsOff(r, HARDIRQ_OFFSET, 20)
  r.op(runSoftirqs)
  r.op(leave)
}

/**
 * Softirqs that wait run on the tail of a hardirq, and in do_softirq() at
 * local_bh_enable(), where the count still has a level of its own besides.
 */
export const runSoftirqs: Operation = (m, cpu) => {
  const inside = (m.preemptCount[cpu]! & (HARDIRQ_MASK | SOFTIRQ_MASK)) !== 0
  if (m.pendingSoftirqs[cpu] !== 0 && !inside) m.enterSoftirq(cpu)
  return 0
}

const leave: Operation = (m, cpu) => m.leaveInterrupt(cpu)

/** Takes the next task of a list of things that are done, to wake it; jumps where there is none. */
const nextOf =
  (list: 'expired' | 'completed' | 'wheel'): Operation =>
  (m, cpu, none) => {
    const task = m.devices[list].take(cpu)
    const context = m.context[cpu]!
    if (task === -1) {
      m.pc[context] = none
      return 0
    }
    m.tasks.done[task] = 1
    m.wakee[context] = task
    return 0
  }

const nextExpired = nextOf('expired')
const nextCompletion = nextOf('completed')
/** Timer wheel: runs in a softirq, as in the kernel. */
const nextWheelTimer = nextOf('wheel')

/** Runs the handler of one of the RV engine's timers that has expired; jumps when none is left. */
const nextEngineTimer =
  (wheel: boolean): Operation =>
  (m, cpu, none) => {
    const timer = wheel ? m.timers.takeWheel(cpu) : m.timers.takeHigh(cpu)
    if (timer === -1) {
      m.pc[m.context[cpu]!] = none
      return 0
    }
    m.probes.cpu = cpu
    m.timerExpired(timer)
    return 150
  }

const nextEngineWheelTimer = nextEngineTimer(true)
const nextEngineHighTimer = nextEngineTimer(false)

/** dl_task_timer() of deadline entities, hard hrtimers. */
const deadlineTimers: Operation = (m, cpu) => {
  m.scheduler.deadline.runTimers(cpu)
  return 0
}

const collectWheel: Operation = (m, cpu) => {
  m.timers.collect(cpu)
  return 0
}

/** A packet goes to one of the tasks that serve packets; jumps when none is left. */
const nextPacket: Operation = (m, cpu, none) => {
  const context = m.context[cpu]!
  const task = m.devices.takePacket(cpu)
  if (task === -1) {
    m.pc[context] = none
    return 0
  }
  m.tasks.tokens[task] = m.tasks.tokens[task]! + 1
  m.wakee[context] = task
  // Nobody to wake: look for the next packet.
  if (m.tasks.waiting[task] === 0) m.pc[context] = m.pc[context]! - 1
  return 150
}

/** perf_event_wakeup(); jumps where the profiler does not wait. */
const wakeProfiler: Operation = (m, cpu, none) => {
  const context = m.context[cpu]!
  const { task } = m.profiler
  m.tasks.tokens[task] = 1
  m.wakee[context] = task
  if (m.tasks.waiting[task] === 0) m.pc[context] = none
  return 0
}

const tick: Operation = (m, cpu) => m.scheduler.tick(cpu)

const irqEntry: Operation = (m, cpu, vector) => {
  m.probes.irqHandlerEntry(cpu, vector)
  return 0
}
const irqExit: Operation = (m, cpu, vector) => {
  m.probes.irqHandlerExit(cpu, vector)
  return 0
}
const timerEntry: Operation = (m, cpu) => {
  m.probes.localTimerEntry(cpu, LOCAL_TIMER_VECTOR)
  return 0
}
const timerExit: Operation = (m, cpu) => {
  m.probes.localTimerExit(cpu, LOCAL_TIMER_VECTOR)
  return 0
}

const raiseSoftirq: Operation = (m, cpu, softirq) => {
  m.pendingSoftirqs[cpu] = m.pendingSoftirqs[cpu]! | (1 << softirq)
  return 0
}

/** Jumps to the handler of the next pending softirq, or goes on behind it. */
function softirqHandler(r: RoutineWriter, softirq: number, name: string): void {
  const take: Operation = (m, cpu, otherwise) => {
    const pending = m.pendingSoftirqs[cpu]!
    const context = m.context[cpu]!
    if ((pending & (1 << softirq)) === 0) {
      m.pc[context] = otherwise
      return 0
    }
    m.pendingSoftirqs[cpu] = pending & ~(1 << softirq)
    m.probes.softirqEntry(cpu, softirq)
    return 0
  }
  const end: Operation = (m, cpu) => {
    m.probes.softirqExit(cpu, softirq)
    return 0
  }
  r.jump(take, `no-${name}`, 90)
  r.call(name)
  r.op(end, 0, 30)
  r.label(`no-${name}`)
}

/** do_softirq() goes round while handlers raise further softirqs, a few times. */
const again: Operation = (m, cpu, target) => {
  const context = m.context[cpu]!
  const rounds = m.r0[context]! + 1
  m.r0[context] = rounds
  if (m.pendingSoftirqs[cpu] !== 0 && rounds < 10) m.pc[context] = target
  return 0
}

const firstRound: Operation = (m, cpu) => {
  m.r0[m.context[cpu]!] = 0
  return 0
}

/** What is left after ten rounds goes to ksoftirqd; jumps when nothing is left. */
const leftOver: Operation = (m, cpu, none) => {
  const context = m.context[cpu]!
  const thread = m.workload.ksoftirqd(cpu)
  if (m.pendingSoftirqs[cpu] === 0 || thread === -1) {
    m.pc[context] = none
    return 0
  }
  m.tasks.tokens[thread] = 1
  m.wakee[context] = thread
  return 0
}

function handleSoftirqs(r: RoutineWriter): void {
  preemptCountAddIrqsOff(r, SOFTIRQ_OFFSET, 40)
  r.op(firstRound)
  r.label('again')
  r.op(irqOn, 0, 20)
  softirqHandler(r, SOFTIRQ_TIMER, 'softirq_timer')
  softirqHandler(r, SOFTIRQ_NET_RX, 'softirq_net_rx')
  softirqHandler(r, SOFTIRQ_SCHED, 'softirq_sched')
  r.op(irqOff, 0, 15)
  r.jump(again, 'again')
  r.jump(leftOver, 'done')
  r.call('try_to_wake_up')
  r.label('done')
  preemptCountSubIrqsOff(r, SOFTIRQ_OFFSET, 20)
}

/** wakeup_preempt() and sched_wakeup of tasks that another CPU left to this one. */
const nextRemoteWakeup: Operation = (m, cpu, none) => {
  const context = m.context[cpu]!
  const task = m.scheduler.remoteWakeups.take(cpu)
  if (task === -1) m.pc[context] = none
  else m.scheduler.activateHere(cpu, task)
  return 0
}

export function assembleInterrupts(assembler: Assembler): void {
  assembler.routine('vector_timer', (r) => {
    enter(r)
    r.op(timerEntry, 0, 150)
    r.label('engine')
    r.jump(nextEngineHighTimer, 'more')
    r.jump(jump, 'engine')
    r.label('more')
    r.op(deadlineTimers)
    r.jump(nextExpired, 'tick', 130)
    r.call('try_to_wake_up')
    r.op(nothing, 0, 40)
    r.jump(jump, 'more')
    r.label('tick')
    r.op(tick, 0, 250)
    r.op(timerExit, 0, 40)
    exit(r)
  })
  assembler.routine('vector_disk', (r) => {
    enter(r)
    r.op(irqEntry, VECTOR_DISK, 300)
    r.label('more')
    r.jump(nextCompletion, 'done', 200)
    r.call('try_to_wake_up')
    r.jump(jump, 'more')
    r.label('done')
    r.op(irqExit, VECTOR_DISK, 60)
    exit(r)
  })
  assembler.routine('vector_network', (r) => {
    enter(r)
    r.op(irqEntry, VECTOR_NETWORK, 350)
    r.op(raiseSoftirq, SOFTIRQ_NET_RX, 40)
    r.op(irqExit, VECTOR_NETWORK, 60)
    exit(r)
  })
  assembler.routine('vector_reschedule', (r) => {
    enter(r)
    r.op((m, cpu) => (m.probes.rescheduleEntry(cpu), 0), 0, 60)
    r.op((m, cpu) => (m.probes.rescheduleExit(cpu), 0), 0, 30)
    exit(r)
  })
  assembler.routine('vector_call_function', (r) => {
    enter(r)
    r.op((m, cpu) => (m.probes.callFunctionSingleEntry(cpu), 0), 0, 80)
    r.label('more')
    r.jump(nextRemoteWakeup, 'done', 180)
    r.jump(jump, 'more')
    r.label('done')
    r.op((m, cpu) => (m.probes.callFunctionSingleExit(cpu), 0), 0, 30)
    exit(r)
  })
  // smp_call_function_many(): a function that only synchronises the CPU.
  assembler.routine('vector_call_function_many', (r) => {
    enter(r)
    r.op((m, cpu) => (m.probes.callFunctionEntry(cpu), 0), 0, 80)
    r.op((m) => (m.profiler.callDone(), 0), 0, 60)
    r.op((m, cpu) => (m.probes.callFunctionExit(cpu), 0), 0, 30)
    exit(r)
  })
  // irq_work_run(): wakes the profiler for the samples that NMIs took.
  assembler.routine('vector_irq_work', (r) => {
    enter(r)
    r.op((m, cpu) => (m.probes.irqWorkEntry(cpu), 0), 0, 70)
    r.jump(wakeProfiler, 'done', 90)
    r.call('wake_up')
    r.label('done')
    r.op((m, cpu) => (m.probes.irqWorkExit(cpu), 0), 0, 30)
    exit(r)
  })
  assembler.routine('softirq', (r) => {
    handleSoftirqs(r)
    r.op(leave)
  })
  // Interrupts are on and the count has one level when a task calls it.
  assembler.routine('softirq_from_task', (r) => {
    r.op(irqOff, 0, 15)
    handleSoftirqs(r)
    r.op(leave)
  })
  assembler.routine('softirq_timer', (r) => {
    r.label('more')
    r.jump(nextWheelTimer, 'engine', 110)
    r.call('try_to_wake_up')
    r.jump(jump, 'more')
    r.label('engine')
    r.op(collectWheel)
    r.label('engine-more')
    r.jump(nextEngineWheelTimer, 'done')
    r.jump(jump, 'engine-more')
    r.label('done')
    r.ret()
  })
  assembler.routine('softirq_net_rx', (r) => {
    r.op((m) => m.prng.between(400, 1_800))
    r.label('more')
    r.jump(nextPacket, 'done', 250)
    r.call('wake_up')
    r.jump(jump, 'more')
    r.label('done')
    r.op(nothing, 0, 200)
    r.ret()
  })
  assembler.routine('softirq_sched', (r) => {
    lockIrqsave(r)
    r.op((m, cpu) => m.scheduler.placement.balance(cpu), 0, 400)
    unlockIrqrestore(r)
    r.ret()
  })
}

/** Vectors in the order of their priority: bit 0 is taken first. */
export const VECTOR_ROUTINES: readonly string[] = (() => {
  const routines: string[] = []
  routines[VECTOR_TIMER] = 'vector_timer'
  routines[VECTOR_CALL_FUNCTION] = 'vector_call_function'
  routines[VECTOR_RESCHEDULE] = 'vector_reschedule'
  routines[VECTOR_DISK] = 'vector_disk'
  routines[VECTOR_NETWORK] = 'vector_network'
  routines[VECTOR_IRQ_WORK] = 'vector_irq_work'
  routines[VECTOR_CALL_FUNCTION_MANY] = 'vector_call_function_many'
  return routines
})()
