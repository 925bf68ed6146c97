import type { Machine } from '../machine'
import { nextAt } from './application'
import type { Scenario } from './scenario'
import { DEFAULT_PRIO } from '../tasks'

/** Faults of the deadline class: the monitors of the container deadline. */

const MS = 1_000_000

const DL_PERIOD = 100 * MS
const DL_RUNTIME = 58 * MS
/** What a job needs, less than its runtime: nobody is throttled. */
const JOB = 55 * MS

function addDeadlineHog(m: Machine, comm: string): void {
  const hog = m.workload.add({
    comm,
    prio: DEFAULT_PRIO,
    boundTo: 0,
    step: (task, step, steps) => {
      if (step === 0) return steps.touch(task, 8, 900)
      if (step === 1) return steps.at.mlockall
      if (step === 2) return steps.setDeadline(task)
      return step % 2 === 1
        ? steps.sleepUntil(task, nextAt(m.now, DL_PERIOD, 0))
        : steps.compute(task, JOB)
    }
  })
  m.scheduler.deadline.reserve(hog, {
    runtime: DL_RUNTIME,
    deadline: DL_PERIOD,
    period: DL_PERIOD
  })
}

export const DEADLINE_SCENARIOS: readonly Scenario[] = [
  {
    name: 'missed-deadline',
    monitor: 'nomiss',
    title: 'Missed deadline',
    description:
      'Admission control is off (sched_rt_runtime_us is -1) and two SCHED_DEADLINE tasks on one CPU have 58 ms of every 100 ms each, more than there is: whichever comes second still runs when its deadline and deadline_thresh are over.',
    violation: 'error_env_nomiss',
    tasks: 2,
    install: (m) => {
      addDeadlineHog(m, 'stream-left')
      addDeadlineHog(m, 'stream-right')
    }
  }
]
