import {
  lockIrqsave,
  preemptCountAddIrqsOff,
  preemptDisable,
  preemptEnable,
  unlockIrqrestore
} from './ops-preempt'
import { PREEMPT_OFFSET } from './machine'
import { TIMER_DISK, TIMER_HIGH_RESOLUTION } from './devices'
import {
  CHOSEN,
  inSystemCall,
  jitter,
  locks,
  setState,
  sleepUntilDone,
  systemCall
} from './ops-syscall'
import { jump, nothing, type Assembler, type Operation, type RoutineWriter } from './program'
import { CALL } from './syscalls'
import { TASK_INTERRUPTIBLE, TASK_RUNNING, TASK_SLEEPING, TASK_UNINTERRUPTIBLE } from './tasks'

/**
 * Sleeping locks: mutexes and rt_mutexes of the kernel, futexes with and without
 * priority inheritance. `TaskTable.lock` says which one a step is about.
 */

/** Flags of contention_begin (include/trace/events/lock.h). */
const LCB_F_SPIN = 1
const LCB_F_RT = 8
const LCB_F_MUTEX = 32

/** How often a CPU looks at a lock whose owner runs. */
const SPIN = 80

/** Jumps where the task gets its lock. */
const tryLock: Operation = (m, cpu, target) => {
  const task = m.context[cpu]!
  if (m.workload.locks.take(cpu, m.tasks.lock[task]!, task)) m.pc[task] = target
  return 0
}

const block: Operation = (m, cpu) => {
  const task = m.context[cpu]!
  m.workload.locks.block(cpu, m.tasks.lock[task]!, task)
  return 0
}

/** Jumps where nobody waits: the owner gives the lock back with one atomic operation. */
const unlockFast: Operation = (m, cpu, target) => {
  const task = m.context[cpu]!
  const lock = m.tasks.lock[task]!
  if (m.workload.locks.firstWaiter(lock) !== -1) return 0
  m.workload.locks.release(cpu, lock)
  m.pc[task] = target
  return 0
}

/** Gives the lock back, loses what was inherited, and remembers whom to wake; jumps where that is nobody. */
const unlock: Operation = (m, cpu, nobody) => {
  const task = m.context[cpu]!
  const waiter = m.workload.locks.release(cpu, m.tasks.lock[task]!)
  m.wakee[task] = waiter
  if (waiter === -1) m.pc[task] = nobody
  return 0
}

const contentionBegin: Operation = (m, cpu, flags) => {
  m.probes.contentionBegin(cpu, addressOf(m, cpu), flags)
  return 0
}

const contentionEnd: Operation = (m, cpu, result) => {
  m.probes.contentionEnd(cpu, addressOf(m, cpu), result)
  return 0
}

const addressOf = (m: Parameters<Operation>[0], cpu: number): number =>
  m.workload.locks.address(m.tasks.lock[m.context[cpu]!]!)

/** mutex_spin_on_owner(): looks again as long as the owner runs on another CPU; jumps when it does not. */
const spinOnOwner: Operation = (m, cpu, otherwise) => {
  const task = m.context[cpu]!
  const owner = m.workload.locks.owner(m.tasks.lock[task]!)
  const running = owner !== -1 && m.tasks.onCpu[owner] !== -1 && m.tasks.onCpu[owner] !== cpu
  if (!running || m.needResched[cpu] === 1) {
    m.pc[task] = otherwise
    return 0
  }
  return SPIN
}

/** Works r1 ns inside of the lock. */
const workInside: Operation = (m, cpu) => {
  const mean = m.r1[m.context[cpu]!]!
  return jitter(mean, m.prng.below(mean + 1))
}

/** The same in user code. */
const userWorkInside: Operation = (m, cpu) => {
  m.userMode[m.context[cpu]!] = 1
  return workInside(m, cpu, 0)
}

/**
 * The slow path of an rt_mutex: interrupts are off under its wait_lock but
 * while the task sleeps. Ends with the lock taken and the wait_lock held.
 */
function blockOnRtMutex(r: RoutineWriter, state: number): void {
  r.op(setState, state, 25)
  r.op(block, 0, 140)
  r.label('look')
  r.jump(tryLock, 'acquired', 30)
  unlockIrqrestore(r)
  r.call('schedule')
  lockIrqsave(r)
  r.op(setState, state, 25)
  r.jump(jump, 'look', 20)
  r.label('acquired')
  r.op(setState, TASK_RUNNING, 25)
}

/**
 * rt_mutex_slowunlock(): the priority goes back before the waiter is woken, with
 * preemption off so that nobody comes between.
 */
function wakeFirstWaiter(r: RoutineWriter): void {
  lockIrqsave(r)
  r.jump(unlock, 'nobody', 120)
  preemptCountAddIrqsOff(r, PREEMPT_OFFSET)
  unlockIrqrestore(r)
  r.call('try_to_wake_up')
  preemptEnable(r)
  r.jump(jump, 'unlocked')
  r.label('nobody')
  unlockIrqrestore(r)
  r.label('unlocked')
}

export function assembleLocks(assembler: Assembler): void {
  assembler.routine('rt_mutex_lock', (r) => {
    r.jump(tryLock, 'fast', 30)
    lockIrqsave(r)
    r.jump(tryLock, 'taken', 30)
    r.op(contentionBegin, LCB_F_RT, 20)
    blockOnRtMutex(r, TASK_UNINTERRUPTIBLE)
    r.op(contentionEnd, 0, 20)
    r.label('taken')
    unlockIrqrestore(r)
    r.label('fast')
    r.ret()
  })
  assembler.routine('rt_mutex_unlock', (r) => {
    r.jump(unlockFast, 'unlocked', 25)
    wakeFirstWaiter(r)
    r.ret()
  })
  // A transfer on an I2C bus: the adapter's bus_lock is an rt_mutex, held while the driver
  // sleeps r0 ns until the bus is done (usleep_range()) and then reads r1 ns.
  systemCall(assembler, 'i2c_transfer', CALL.i2c, (r) => {
    locks(r, 1, 120)
    r.call('rt_mutex_lock')
    sleepUntilDone(r, TASK_UNINTERRUPTIBLE, TIMER_HIGH_RESOLUTION)
    r.op(workInside)
    r.call('rt_mutex_unlock')
    locks(r, 1, 80)
  })
  // __mutex_lock(): spins while the owner runs, sleeps otherwise.
  assembler.routine('mutex_lock', (r) => {
    r.jump(tryLock, 'fast', 25)
    preemptDisable(r)
    r.op(contentionBegin, LCB_F_MUTEX | LCB_F_SPIN, 25)
    r.label('spin')
    r.jump(tryLock, 'spun', 20)
    r.jump(spinOnOwner, 'sleep')
    r.jump(jump, 'spin', SPIN)
    r.label('sleep')
    lockIrqsave(r)
    r.op(block, 0, 60)
    r.op(setState, TASK_UNINTERRUPTIBLE, 25)
    r.op(contentionBegin, LCB_F_MUTEX, 20)
    r.label('look')
    r.jump(tryLock, 'acquired', 30)
    unlockIrqrestore(r)
    preemptEnable(r)
    r.call('schedule')
    preemptDisable(r)
    lockIrqsave(r)
    r.op(setState, TASK_UNINTERRUPTIBLE, 25)
    r.jump(jump, 'look', 20)
    r.label('acquired')
    r.op(setState, TASK_RUNNING, 25)
    unlockIrqrestore(r)
    r.label('spun')
    r.op(contentionEnd, 0, 20)
    preemptEnable(r)
    r.label('fast')
    r.ret()
  })
  assembler.routine('mutex_unlock', (r) => {
    r.jump(unlockFast, 'unlocked', 20)
    wakeFirstWaiter(r)
    r.ret()
  })
  // A system call with r1 ns under a mutex of the kernel: an inode, a device.
  systemCall(assembler, 'mutex_section', CHOSEN, (r) => {
    locks(r, 1, 110)
    r.call('mutex_lock')
    r.op(workInside)
    r.call('mutex_unlock')
    locks(r, 1, 90)
  })
  // Reads a file that others of the application read as well: its inode is locked over the request.
  systemCall(assembler, 'config_read', CALL.read, (r) => {
    locks(r, 1, 110)
    r.call('mutex_lock')
    sleepUntilDone(r, TASK_UNINTERRUPTIBLE, TIMER_DISK)
    r.call('mutex_unlock')
    locks(r, 1, 90)
  })
  // pthread_mutex_lock() with inheritance, r1 ns of user code inside, pthread_mutex_unlock().
  assembler.routine('pi_section', (r) => {
    r.call('pi_lock')
    r.op(userWorkInside)
    r.call('pi_unlock')
    r.ret()
  })
  assembler.routine('pi_lock', (r) => {
    r.jump(tryLock, 'fast', 25)
    inSystemCall(r, CALL.futexLockPi, () => {
      locks(r, 1, 120)
      lockIrqsave(r)
      r.jump(tryLock, 'taken', 40)
      blockOnRtMutex(r, TASK_INTERRUPTIBLE)
      r.label('taken')
      unlockIrqrestore(r)
      r.op(nothing, 0, 90)
    })
    r.label('fast')
    r.ret()
  })
  assembler.routine('pi_unlock', (r) => {
    r.jump(unlockFast, 'fast', 25)
    inSystemCall(r, CALL.futexUnlockPi, () => {
      locks(r, 1, 100)
      wakeFirstWaiter(r)
    })
    r.label('fast')
    r.ret()
  })
  // The same with a mutex that does not inherit.
  assembler.routine('futex_section', (r) => {
    r.call('futex_lock')
    r.op(userWorkInside)
    r.call('futex_unlock')
    r.ret()
  })
  assembler.routine('futex_lock', (r) => {
    r.label('again')
    r.jump(tryLock, 'taken', 25)
    inSystemCall(r, CALL.futexWait, () => {
      locks(r, 1, 110)
      lockIrqsave(r)
      r.op(block, 0, 60)
      r.op(setState, TASK_SLEEPING, 25)
      r.jump(tryLock, 'raced', 30)
      unlockIrqrestore(r)
      r.call('schedule')
      r.jump(jump, 'woken')
      r.label('raced')
      r.op(setState, TASK_RUNNING, 25)
      unlockIrqrestore(r)
      r.label('woken')
      r.op(nothing, 0, 60)
    })
    r.jump(ownIt, 'taken', 20)
    r.jump(jump, 'again')
    r.label('taken')
    r.ret()
  })
  assembler.routine('futex_unlock', (r) => {
    r.jump(unlockFast, 'fast', 25)
    inSystemCall(r, CALL.futexWake, () => {
      locks(r, 1, 90)
      wakeFirstWaiter(r)
    })
    r.label('fast')
    r.ret()
  })
}

/** Jumps where the task owns its lock already. */
const ownIt: Operation = (m, cpu, target) => {
  const task = m.context[cpu]!
  if (m.workload.locks.owner(m.tasks.lock[task]!) === task) m.pc[task] = target
  return 0
}
