import { jump, type Operation } from '../program'
import { addThread } from '../threads'
import { assembleSleep, kernelCode, KTHREAD, sleepMilliseconds, userCode } from './driver'
import type { Scenario } from './scenario'

const HOG_PRIO = 9
const STARVING_PRIO = 79
/** Longer than the default threshold of 1,000 jiffies, and what the timer wheel adds to it. */
const HOG_MILLISECONDS = 5_500
const HOG_PAUSE = 300

const hogFor: Operation = (m, cpu) => {
  m.r1[m.context[cpu]!] = HOG_MILLISECONDS
  return 0
}

const oneMillisecondLess: Operation = (m, cpu, again) => {
  const task = m.context[cpu]!
  const left = m.r1[task]! - 1
  m.r1[task] = left
  if (left > 0) m.pc[task] = again
  return 0
}

export const STALL_SCENARIOS: readonly Scenario[] = [
  {
    name: 'starving-task',
    monitor: 'stall',
    title: 'Starving task',
    description:
      'A SCHED_FIFO task computes for seconds on the CPU to which a SCHED_FIFO task of lower priority is bound: that one waits longer than threshold_jiffies. (A fair task would be helped by the fair server.)',
    violation: 'error_env_stall',
    tasks: 2,
    assemble: (assembler) => {
      assembleSleep(assembler)
      assembler.routine('hog_main', (r) => {
        r.label('again')
        sleepMilliseconds(r, HOG_PAUSE)
        r.op(hogFor)
        r.label('more')
        r.op(userCode, 1_330_000)
        r.op(kernelCode, 0, 100)
        r.jump(oneMillisecondLess, 'more')
        r.jump(jump, 'again')
      })
      assembler.routine('starving_main', (r) => {
        r.label('again')
        sleepMilliseconds(r, 20)
        r.op(() => 20_000)
        r.jump(jump, 'again')
      })
    },
    install: (m) => {
      const boundTo = 0
      addThread(m, { ...KTHREAD, prio: HOG_PRIO, boundTo, comm: 'hog', main: 'hog_main' })
      const starving = { ...KTHREAD, prio: STARVING_PRIO, boundTo, comm: 'starving' }
      addThread(m, { ...starving, main: 'starving_main' })
    }
  }
]
