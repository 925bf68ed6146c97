import { TIMER_HIGH_RESOLUTION } from '../devices'
import { sleepUntilDone } from '../ops-syscall'
import { jump, type Assembler, type Operation, type RoutineWriter } from '../program'
import { TASK_SLEEPING } from '../tasks'

/** Pieces that faulty drivers are made of. */

const MS = 1_000_000

/** A kernel thread with the priority of nice 0 that may run anywhere. */
export const KTHREAD = { prio: 120, kthread: true, boundTo: -1 } as const

const chooseSleep: Operation = (m, cpu, milliseconds) => {
  const task = m.context[cpu]!
  m.r0[task] = m.prng.between((milliseconds * MS) >> 1, milliseconds * MS)
  return 0
}

/** Sleeps half to the whole of so many milliseconds. */
export function sleepMilliseconds(r: RoutineWriter, milliseconds: number): void {
  r.op(chooseSleep, milliseconds)
  r.call('driver_sleep')
}

/** User code, for at most so many ns. */
export const userCode: Operation = (m, cpu, most) => {
  m.userMode[m.context[cpu]!] = 1
  return m.prng.between(most >> 1, most)
}

export const kernelCode: Operation = (m, cpu) => {
  m.userMode[m.context[cpu]!] = 0
  return 0
}

const giveToken: Operation = (m, cpu) => {
  const { tasks } = m
  const wakee = m.wakee[m.context[cpu]!]!
  tasks.tokens[wakee] = tasks.tokens[wakee]! + 1
  return 0
}

const unlessWaiting: Operation = (m, cpu, otherwise) => {
  const context = m.context[cpu]!
  if (m.tasks.waiting[m.wakee[context]!] === 0) m.pc[context] = otherwise
  return 0
}

/** A driver that gives its worker something to do every now and then; how it wakes it, `wake` writes. */
export function assembleDriverAndWorker(
  assembler: Assembler,
  wake: (r: RoutineWriter) => void
): void {
  assembleSleep(assembler)
  assembler.routine('driver_main', (r) => {
    r.label('again')
    sleepMilliseconds(r, 200)
    r.op(giveToken, 0, 40)
    r.jump(unlessWaiting, 'again', 30)
    wake(r)
    r.label('asleep')
    r.jump(jump, 'again')
  })
  assembler.routine('worker_main', (r) => {
    r.label('again')
    r.call('kthread_wait')
    r.op(() => 2_000)
    r.jump(jump, 'again')
  })
}

/** Must be assembled for sleepMilliseconds(). @param state TASK_INTERRUPTIBLE is what wwnr looks for */
export function assembleSleep(assembler: Assembler, state = TASK_SLEEPING): void {
  assembler.routine('driver_sleep', (r) => {
    sleepUntilDone(r, state, TIMER_HIGH_RESOLUTION)
    r.ret()
  })
}
