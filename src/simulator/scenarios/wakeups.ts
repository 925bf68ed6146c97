import { lockIrqsave, preemptDisable, preemptEnable, unlockIrqrestore } from '../ops-preempt'
import { lockWakee, unlockWakee, wake, waking } from '../ops-wakeup'
import { jump, type Operation, type RoutineWriter } from '../program'
import { TASK_INTERRUPTIBLE } from '../tasks'
import { addThread } from '../threads'
import type { Machine } from '../machine'
import { assembleDriverAndWorker, assembleSleep, KTHREAD, sleepMilliseconds } from './driver'
import type { Scenario } from './scenario'

/** Faulty wakeups: wip, wwnr, opid. */

function addDriverAndWorker(m: Machine): void {
  const worker = addThread(m, { ...KTHREAD, comm: 'faulty-worker', main: 'worker_main' })
  const driver = addThread(m, { ...KTHREAD, comm: 'faulty-driver', main: 'driver_main' })
  m.wakee[driver] = worker
}

/** local_irq_save() and no more: what raw locks do that somebody wrote by hand. */
const irqSaveOnly: Operation = (m, cpu) => {
  m.disableInterrupts(cpu)
  return 0
}

const irqRestoreOnly: Operation = (m, cpu) => {
  m.enableInterrupts(cpu)
  return 0
}

const wakeSelf: Operation = (m, cpu) => {
  const task = m.context[cpu]!
  m.probes.schedWaking(cpu, task)
  m.probes.schedWakeup(cpu, task)
  return 0
}

export const WAKEUP_SCENARIOS: readonly Scenario[] = [
  {
    name: 'wakeup-with-preemption-on',
    monitor: 'wip',
    title: 'Wakeup with preemption on',
    description:
      'A driver has its own try_to_wake_up() with interrupts off, but without preempt_disable(): sched_waking comes in preemptive context. By its rule opid reports the same wakeup.',
    violation: 'error_wip',
    tasks: 2,
    assemble: (assembler) =>
      assembleDriverAndWorker(assembler, (r: RoutineWriter) => {
        r.op(irqSaveOnly, 0, 20)
        r.op(lockWakee, 0, 15)
        r.jump(waking, 'unlock', 90)
        r.op(wake, 0, 160)
        r.label('unlock')
        r.op(unlockWakee, 0, 8)
        r.op(irqRestoreOnly, 0, 20)
      }),
    install: addDriverAndWorker
  },
  {
    name: 'wakeup-with-interrupts-on',
    monitor: 'opid',
    title: 'Wakeup with interrupts on',
    description:
      'A driver begins a wakeup, with its sched_waking, before it takes the lock that disables interrupts: opid wants them off.',
    violation: 'error_env_opid',
    tasks: 2,
    assemble: (assembler) =>
      assembleDriverAndWorker(assembler, (r: RoutineWriter) => {
        preemptDisable(r)
        r.jump(waking, 'enable', 90)
        lockIrqsave(r)
        r.op(lockWakee, 0, 15)
        r.op(wake, 0, 160)
        r.op(unlockWakee, 0, 8)
        unlockIrqrestore(r)
        r.label('enable')
        preemptEnable(r)
      }),
    install: addDriverAndWorker
  },
  {
    name: 'wakeup-of-running-task',
    monitor: 'wwnr',
    title: 'Wakeup of a running task',
    description:
      'A driver leaves a task on its list of sleepers and wakes it without a look at its state while it runs: sched_wakeup comes in the state running.',
    violation: 'error_wwnr',
    tasks: 1,
    assemble: (assembler) => {
      assembleSleep(assembler, TASK_INTERRUPTIBLE)
      assembler.routine('driver_main', (r) => {
        r.label('again')
        sleepMilliseconds(r, 200)
        preemptDisable(r)
        lockIrqsave(r)
        r.op(wakeSelf, 0, 120)
        unlockIrqrestore(r)
        preemptEnable(r)
        r.jump(jump, 'again')
      })
    },
    install: (m) => {
      addThread(m, { ...KTHREAD, comm: 'faulty-driver', main: 'driver_main' })
    }
  }
]
