import { TIMER_WHEEL } from '../devices'
import { FUTEX, MUTEX } from '../locks'
import type { Machine } from '../machine'
import { locks, sleepUntilDone, systemCall } from '../ops-syscall'
import { CALL, type CallName } from '../syscalls'
import { DEFAULT_PRIO, TASK_UNINTERRUPTIBLE } from '../tasks'
import { addFaultyTask, nextAt, realTimeCpu, SLOT } from './application'
import type { Scenario } from './scenario'

/** Faulty real-time applications: the monitors of the container rtapp. */

const US = 1_000
const MS = 1_000_000
const PERIOD = 20 * MS

const nextCycle = (m: Machine): number => nextAt(m.now, PERIOD, SLOT)

/** A real-time task that sleeps in one form of clock_nanosleep(). */
function addSleeper(m: Machine, form: CallName): void {
  addFaultyTask(m, {
    comm: 'sampler',
    prio: 39,
    work: (task, step, steps) => {
      if (step === 0) return steps.sleep(task, nextCycle(m) - m.now, form)
      return step === 1 ? steps.compute(task, 20 * US) : undefined
    }
  })
}

/** A task of nice 0 on the same CPU that has a lock whenever the real-time task comes for it. */
function addHolder(m: Machine, lock: number, routine: 'futex_section' | 'mutex_section'): void {
  m.workload.add({
    comm: 'logger',
    prio: DEFAULT_PRIO,
    boundTo: realTimeCpu(m),
    step: (task, step, steps) =>
      step % 2 === 0
        ? steps.sleepUntil(task, nextAt(m.now, PERIOD, SLOT - 700 * US))
        : steps.locked(routine, task, lock, 1_400 * US)
  })
}

export const RTAPP_SCENARIOS: readonly Scenario[] = [
  {
    name: 'page-fault-in-rt-task',
    monitor: 'pagefault',
    title: 'Page fault in a real-time task',
    description:
      'A SCHED_FIFO task has locked its memory with MCL_CURRENT alone and touches a page that it allocated later: it waits for the kernel to find it one.',
    violation: 'error_pagefault',
    tasks: 2,
    install: (m) =>
      addFaultyTask(m, {
        comm: 'recorder',
        prio: 39,
        work: (task, step, steps) => {
          if (step === 0) return steps.sleepUntil(task, nextCycle(m))
          return step === 1 ? steps.touch(task, 1, 10 * US) : undefined
        }
      })
  },
  {
    name: 'sleep-in-wrong-call',
    monitor: 'sleep',
    title: 'Sleep in the wrong call',
    description:
      'A SCHED_FIFO task sleeps in clock_nanosleep() for a relative time: whatever delays it adds up from cycle to cycle. It should name an absolute one, TIMER_ABSTIME.',
    violation: 'error_sleep',
    tasks: 2,
    install: (m) => addSleeper(m, 'sleepFor')
  },
  {
    name: 'sleep-on-realtime-clock',
    monitor: 'sleep',
    title: 'Sleep on CLOCK_REALTIME',
    description:
      'A SCHED_FIFO task sleeps in clock_nanosleep() until a time of CLOCK_REALTIME: whoever sets the clock moves its cycle. It should take CLOCK_MONOTONIC.',
    violation: 'error_sleep',
    tasks: 2,
    install: (m) => addSleeper(m, 'sleepUntilRealtime')
  },
  {
    name: 'priority-inversion',
    monitor: 'wakeup',
    title: 'Priority inversion',
    description:
      'A task of nice 0 has a mutex without priority inheritance when a SCHED_FIFO task wants it, and one of middle priority keeps the owner from its CPU meanwhile: the high one waits for both, until the owner wakes it. sleep reports the same wait, for nobody of its priority ended it.',
    violation: 'error_wakeup',
    tasks: 4,
    install: (m) => {
      const lock = m.workload.locks.create(FUTEX)
      addHolder(m, lock, 'futex_section')
      m.workload.add({
        comm: 'video',
        prio: 60,
        boundTo: realTimeCpu(m),
        step: (task, step, steps) =>
          step % 2 === 0
            ? steps.sleepUntil(task, nextAt(m.now, PERIOD, SLOT + 300 * US))
            : steps.compute(task, 1_200 * US)
      })
      addFaultyTask(m, {
        comm: 'controller',
        prio: 24,
        work: (task, step, steps) => {
          if (step === 0) return steps.sleepUntil(task, nextCycle(m))
          return step === 1 ? steps.locked('futex_section', task, lock, 10 * US) : undefined
        }
      })
    }
  },
  {
    name: 'woken-by-lower-priority',
    monitor: 'wakeup',
    title: 'Woken by a lower priority',
    description:
      'A SCHED_FIFO task calls a driver whose state has a plain mutex: it waits in the kernel for a task of nice 0 that holds it, and that one wakes it. With an rt_mutex the owner would inherit its priority.',
    violation: 'error_wakeup',
    tasks: 3,
    install: (m) => {
      const lock = m.workload.locks.create(MUTEX)
      addHolder(m, lock, 'mutex_section')
      addFaultyTask(m, {
        comm: 'controller',
        prio: 24,
        work: (task, step, steps) => {
          if (step === 0) return steps.sleepUntil(task, nextCycle(m))
          return step === 1 ? steps.locked('mutex_section', task, lock, 10 * US) : undefined
        }
      })
    }
  },
  {
    name: 'woken-by-softirq',
    monitor: 'wakeup',
    title: 'Woken by a softirq',
    description:
      'A SCHED_FIFO task calls a driver that waits in msleep(): timers of the wheel run in the TIMER softirq, which comes when it comes and behind everything else that is pending.',
    violation: 'error_wakeup',
    tasks: 2,
    assemble: (assembler) =>
      systemCall(assembler, 'msleep_ioctl', CALL.i2c, (r) => {
        locks(r, 1, 100)
        sleepUntilDone(r, TASK_UNINTERRUPTIBLE, TIMER_WHEEL)
        locks(r, 1, 100)
      }),
    install: (m) => {
      const msleep = m.program.entry('msleep_ioctl')
      addFaultyTask(m, {
        comm: 'sensor',
        // It wakes at ticks: nobody but the batch job may be preempted for it.
        prio: 89,
        work: (task, step, steps) => {
          if (step === 0) return steps.sleepUntil(task, nextCycle(m))
          if (step !== 1) return undefined
          m.r0[task] = 2 * MS
          return msleep
        }
      })
    }
  }
]
