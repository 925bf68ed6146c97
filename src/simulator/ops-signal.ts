import { TIMER_HIGH_RESOLUTION } from './devices'
import type { Machine } from './machine'
import { irqOff, irqOn, lockIrqsave, unlockIrqrestore } from './ops-preempt'
import { locks, setState, sleepUntilDone, systemCall } from './ops-syscall'
import { jump, type Assembler, type Operation } from './program'
import { SLICE } from './scheduler'
import { CALL } from './syscalls'
import { TASK_INTERRUPTIBLE, TASK_RUNNING, TASK_SLEEPING } from './tasks'
import { addThread } from './threads'
import { VECTOR_RESCHEDULE } from './vectors'

/** Signals: kill(2), a task whose sleep they end, and their delivery. */

const MS = 1_000_000
const SIGUSR1 = 10

/** Two tasks of stress-ng: one sends signals in bursts, the other sleeps until it gets one. */
export function addSignalTasks(m: Machine): void {
  const user = { prio: 120, kthread: false, boundTo: -1 }
  const waiter = addThread(m, { ...user, comm: 'stress-ng-sig', main: 'signal_waiter' })
  const sender = addThread(m, { ...user, comm: 'stress-ng-kill', main: 'signal_sender' })
  m.wakee[sender] = waiter
}

/** Tasks that addSignalTasks() makes. */
export const SIGNAL_TASKS = 2

/** send_signal_locked() */
const sendSignal: Operation = (m, cpu) => {
  const task = m.wakee[m.context[cpu]!]!
  m.tasks.pendingSignals[task] = m.tasks.pendingSignals[task]! | (1 << (SIGUSR1 - 1))
  m.probes.signalGenerate(cpu, SIGUSR1, task)
  return 0
}

/** signal_wake_up(): wakes interruptible sleepers only; one that runs elsewhere is kicked. Jumps where there is nobody to wake. */
const wakeOrKick: Operation = (m, cpu, done) => {
  const context = m.context[cpu]!
  const task = m.wakee[context]!
  if ((m.tasks.state[task]! & TASK_INTERRUPTIBLE) !== 0) return 0
  m.pc[context] = done
  const on = m.tasks.onCpu[task]!
  if (on !== -1 && on !== cpu) m.devices.sendIpi(on, VECTOR_RESCHEDULE)
  return 0
}

const startLongTimer: Operation = (m, cpu) => {
  const task = m.context[cpu]!
  m.tasks.done[task] = 0
  m.devices.startTimer(cpu, task, 500 * MS, TIMER_HIGH_RESOLUTION)
  return 0
}

const cancelTimer: Operation = (m, cpu) => {
  m.devices.cancelTimer(m.context[cpu]!)
  return 0
}

const ifTimerDone: Operation = (m, cpu, target) => {
  const task = m.context[cpu]!
  if (m.tasks.done[task] === 1) m.pc[task] = target
  return 0
}

const ifSignal: Operation = (m, cpu, target) => {
  const task = m.context[cpu]!
  if (m.tasks.pendingSignals[task] !== 0) m.pc[task] = target
  return 0
}

/** get_signal(): takes the lowest one, where there is one. */
export const deliverSignal: Operation = (m, cpu) => {
  const task = m.context[cpu]!
  const pending = m.tasks.pendingSignals[task]!
  if (pending === 0) return 0
  m.tasks.pendingSignals[task] = pending & (pending - 1)
  m.probes.signalDeliver(cpu, 32 - Math.clz32(pending & -pending))
  return 0
}

const userCode: Operation = (m, cpu, mean) => {
  m.userMode[m.context[cpu]!] = 1
  return (mean >> 1) + m.prng.below(mean)
}

/** The handler of the signal: mostly it only counts. */
const handlerCode: Operation = (m, cpu) => {
  m.userMode[m.context[cpu]!] = 1
  return m.prng.below(12) === 0 ? m.prng.between(200_000, 900_000) : m.prng.between(600, 1_800)
}

const mostly: Operation = (m, cpu, target) => {
  if (m.prng.below(4) !== 0) m.pc[m.context[cpu]!] = target
  return 0
}

/** yield_task_fair(): it has had its slice. */
const yieldFair: Operation = (m, cpu) => {
  const task = m.context[cpu]!
  m.tasks.vruntime[task] = m.tasks.vruntime[task]! + SLICE
  return 0
}

const chooseBurst: Operation = (m, cpu) => {
  const task = m.context[cpu]!
  m.r0[task] = m.prng.between(15 * MS, 45 * MS)
  m.r1[task] = m.prng.between(10, 30)
  return 0
}

const nextOfBurst: Operation = (m, cpu, again) => {
  const task = m.context[cpu]!
  const left = m.r1[task]! - 1
  m.r1[task] = left
  if (left > 0) m.pc[task] = again
  return 0
}

export function assembleSignals(assembler: Assembler): void {
  assembler.routine('signal_sender', (r) => {
    r.label('again')
    r.op(chooseBurst)
    r.call('signal_pause')
    r.label('more')
    r.call('kill')
    r.op(userCode, 1_500)
    r.jump(nextOfBurst, 'more')
    r.jump(jump, 'again')
  })
  systemCall(assembler, 'signal_pause', CALL.sleepFor, (r) =>
    sleepUntilDone(r, TASK_SLEEPING, TIMER_HIGH_RESOLUTION)
  )
  systemCall(assembler, 'kill', CALL.kill, (r) => {
    locks(r, 1, 60)
    // The lock of the signals is held over the wakeup.
    lockIrqsave(r)
    r.op(sendSignal, 0, 90)
    r.jump(wakeOrKick, 'sent', 40)
    r.call('try_to_wake_up')
    r.label('sent')
    unlockIrqrestore(r)
  })
  assembler.routine('signal_waiter', (r) => {
    r.label('again')
    r.call('interrupted_sleep')
    r.call('deliver_signal')
    r.op(handlerCode)
    r.jump(mostly, 'again')
    r.call('signal_yield')
    r.jump(jump, 'again')
  })
  systemCall(assembler, 'signal_yield', CALL.schedYield, (r) => {
    lockIrqsave(r)
    r.op(yieldFair, 0, 90)
    unlockIrqrestore(r)
    r.call('schedule')
  })
  // do_nanosleep(): a signal ends it, also one that came before it began to sleep.
  systemCall(assembler, 'interrupted_sleep', CALL.sleepFor, (r) => {
    r.op(startLongTimer, 0, 120)
    r.label('wait')
    r.op(setState, TASK_SLEEPING, 30)
    r.jump(ifTimerDone, 'finish', 40)
    r.call('schedule')
    r.jump(ifSignal, 'finish', 30)
    r.jump(jump, 'wait', 20)
    r.label('finish')
    r.op(setState, TASK_RUNNING, 20)
    r.op(cancelTimer, 0, 60)
  })
  // exit_to_user_mode_loop() with TIF_SIGPENDING.
  assembler.routine('deliver_signal', (r) => {
    r.op(irqOff, 0, 25)
    r.op(irqOn, 0, 30)
    r.op(deliverSignal, 0, 350)
    r.op(irqOff, 0, 25)
    r.op(irqOn, 0, 20)
    r.ret()
  })
}
