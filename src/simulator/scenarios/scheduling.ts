import { PREEMPT_OFFSET } from '../machine'
import {
  irqOff,
  lockIrqsave,
  preemptDisable,
  preemptEnable,
  unlockIrqrestore
} from '../ops-preempt'
import { setState } from '../ops-syscall'
import { jump, nothing, type Assembler, type Operation, type RoutineWriter } from '../program'
import { TASK_INTERRUPTIBLE, TASK_RUNNING, TASK_SLEEPING } from '../tasks'
import { addThread } from '../threads'
import { TIMER_HIGH_RESOLUTION } from '../devices'
import { assembleSleep, kernelCode, KTHREAD, sleepMilliseconds, userCode } from './driver'
import type { Scenario } from './scenario'

/** Faults of the scheduler and of code that calls it: the monitors of the container sched. */

const USER = { prio: 120, kthread: false, boundTo: -1 } as const
/** Above every other real-time task but the migration threads. */
const HIGHEST = 1

/** A driver that does something every 100 to 200 ms. */
function assembleDriver(assembler: Assembler, work: (r: RoutineWriter) => void): void {
  assembleSleep(assembler)
  assembler.routine('driver_main', (r) => {
    r.label('again')
    sleepMilliseconds(r, 200)
    work(r)
    r.jump(jump, 'again')
  })
}

/** preempt_disable_notrace() */
const disableUntraced: Operation = (m, cpu) => {
  m.preemptCount[cpu] = m.preemptCount[cpu]! + PREEMPT_OFFSET
  return 0
}

const enableUntraced: Operation = (m, cpu) => {
  m.preemptCount[cpu] = m.preemptCount[cpu]! - PREEMPT_OFFSET
  return 0
}

const setNeedResched: Operation = (m, cpu) => {
  m.scheduler.resched(cpu, cpu)
  return 0
}

const startSleepTimer: Operation = (m, cpu) => {
  const task = m.context[cpu]!
  m.devices.startTimer(cpu, task, m.prng.between(1_000_000, 2_000_000), TIMER_HIGH_RESOLUTION)
  return 0
}

/** WRITE_ONCE(current->__state, ...) instead of set_current_state() */
const writeState: Operation = (m, cpu, state) => {
  m.tasks.state[m.context[cpu]!] = state
  return 0
}

const takeDone: Operation = (m, cpu) => {
  const task = m.context[cpu]!
  m.tasks.done[task] = 0
  return 0
}

/** Stops a task that waits for this CPU, and lets it go on at once. */
const stopVictim: Operation = (m, cpu) => {
  const victim = m.tasks.peer[m.context[cpu]!]!
  const { state } = m.tasks
  if (state[victim] !== TASK_RUNNING) return 0
  m.probes.schedSetState(cpu, victim, TASK_INTERRUPTIBLE)
  state[victim] = TASK_INTERRUPTIBLE
  m.probes.schedSetState(cpu, victim, TASK_RUNNING)
  state[victim] = TASK_RUNNING
  return 0
}

const driver = { ...KTHREAD, comm: 'faulty-driver', main: 'driver_main' } as const

export const SCHEDULER_SCENARIOS: readonly Scenario[] = [
  {
    name: 'state-set-in-schedule',
    monitor: 'sco',
    title: 'Task state set inside the scheduler',
    description:
      'The preempt notifier of a virtual CPU’s thread calls set_current_state() when the thread is scheduled in, before __schedule() is left: sco allows that only in thread context.',
    violation: 'error_sco',
    tasks: 1,
    assemble: (assembler) => {
      assembleSleep(assembler)
      assembler.routine('driver_main', (r) => {
        r.label('again')
        sleepMilliseconds(r, 200)
        r.op(setState, TASK_RUNNING, 20)
        r.op(userCode, 400_000)
        r.op(kernelCode)
        r.jump(jump, 'again')
      })
    },
    install: (m) => {
      m.faults.setsStateInSchedule = addThread(m, {
        ...USER,
        comm: 'CPU 0/KVM',
        main: 'driver_main'
      })
    }
  },
  {
    name: 'state-set-from-outside',
    monitor: 'snroc',
    title: 'State of another task set',
    description:
      'A driver stops a task that waits for the CPU by setting its state, which a task may do only to itself while it runs.',
    violation: 'error_snroc',
    tasks: 2,
    assemble: (assembler) => {
      assembler.routine('victim_main', (r) => {
        r.label('again')
        r.op(userCode, 3_000_000)
        r.op(kernelCode, 0, 200)
        r.jump(jump, 'again')
      })
      assembleDriver(assembler, (r) => {
        lockIrqsave(r)
        r.op(stopVictim, 0, 150)
        unlockIrqrestore(r)
      })
    },
    install: (m) => {
      // A real-time thread preempts its victim on the CPU to which both are bound.
      const boundTo = 0
      const victim = addThread(m, { ...USER, boundTo, comm: 'victim', main: 'victim_main' })
      const task = addThread(m, { ...driver, prio: HIGHEST, boundTo })
      m.tasks.peer[task] = victim
    }
  },
  {
    name: 'schedule-with-preemption-on',
    monitor: 'scpd',
    title: 'Scheduler entered with preemption on',
    description:
      'A driver enters __schedule() by itself, with preemption disabled in a way that is not traced: for every observer preemption is still enabled.',
    violation: 'error_scpd',
    tasks: 1,
    assemble: (assembler) =>
      assembleDriver(assembler, (r) => {
        r.op(disableUntraced, 0, 5)
        r.call('__schedule')
        r.op(enableUntraced, 0, 5)
      }),
    install: (m) => {
      // With a priority that leaves no other task to switch to.
      addThread(m, { ...driver, prio: HIGHEST })
    }
  },
  {
    name: 'preempt-enable-in-schedule',
    monitor: 'snep',
    title: 'Preemption enabled inside the scheduler',
    description:
      'A hook in __schedule() calls preempt_enable() and preempt_disable(), one too many of each: snep allows neither there. Restarted by the second it also refuses the schedule_exit that follows.',
    violation: 'error_snep',
    tasks: 1,
    assemble: (assembler) => assembleDriver(assembler, (r) => r.op(nothing, 0, 2_000)),
    install: (m) => {
      m.faults.enablesPreemptionInSchedule = addThread(m, driver)
    }
  },
  {
    name: 'schedule-with-interrupts-off',
    monitor: 'sts',
    title: 'Scheduler entered with interrupts off',
    description:
      'A driver calls schedule() inside local_irq_disable(): sts expects it only where interrupts are on.',
    violation: 'error_sts',
    tasks: 1,
    assemble: (assembler) =>
      assembleDriver(assembler, (r) => {
        r.op(irqOff, 0, 30)
        r.call('schedule')
      }),
    install: (m) => {
      addThread(m, driver)
    }
  },
  {
    name: 'preempt-without-need-resched',
    monitor: 'nrp',
    title: 'Preemption that nobody asked for',
    description:
      'A driver calls preempt_schedule() by hand: its task is preempted although need_resched was not set since it was scheduled last.',
    violation: 'error_nrp',
    tasks: 1,
    assemble: (assembler) => {
      assembleSleep(assembler)
      assembler.routine('driver_main', (r) => {
        r.label('again')
        // Long enough to be preempted in earnest, which is where nrp begins.
        r.op(userCode, 12_000_000)
        r.op(kernelCode, 0, 100)
        for (let i = 0; i < 3; i++) sleepMilliseconds(r, 40)
        r.call('preempt_schedule')
        r.jump(jump, 'again')
      })
    },
    install: (m) => {
      addThread(m, { ...USER, comm: 'faulty-driver', main: 'driver_main' })
    }
  },
  {
    name: 'state-set-untraced',
    monitor: 'sssw',
    title: 'Task state written past its tracepoint',
    description:
      'A driver writes its task’s state itself instead of calling set_current_state(), then sleeps: for sssw a runnable task is switched out as if it slept.',
    violation: 'error_sssw',
    tasks: 1,
    assemble: (assembler) =>
      assembleDriver(assembler, (r) => {
        r.op(startSleepTimer, 0, 120)
        r.op(writeState, TASK_SLEEPING, 10)
        r.call('schedule')
        r.op(takeDone)
      }),
    install: (m) => {
      addThread(m, driver)
    }
  },
  {
    name: 'need-resched-with-interrupts-on',
    monitor: 'opid',
    title: 'Rescheduling wanted with interrupts on',
    description:
      'A driver sets need_resched without the lock of the runqueue, with interrupts on: opid wants them off.',
    violation: 'error_env_opid',
    tasks: 1,
    assemble: (assembler) =>
      assembleDriver(assembler, (r) => {
        r.op(setNeedResched, 0, 40)
        preemptDisable(r)
        r.op(nothing, 0, 60)
        preemptEnable(r)
      }),
    install: (m) => {
      addThread(m, driver)
    }
  }
]
