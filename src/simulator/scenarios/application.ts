import { MUTEX } from '../locks'
import type { Machine } from '../machine'
import type { Steps } from '../steps'
import { DEFAULT_PRIO } from '../tasks'

/** A small real-time application that sets itself up as it should, and then does one thing wrong. */

const US = 1_000
const MS = 1_000_000

/** How often it sets itself up anew, and how long before that it does its work no more. */
const LIFE = 1_000 * MS
const REST = 60 * MS
/** Its place in the cycle of the applications of realtime.ts, where these have nothing to do. */
const CYCLE = 10 * MS
export const SLOT = 3 * MS + 345 * US

/** Steps before its work. */
const SETUP = 7

/** The next moment of a period at a phase, at least a little away. */
export const nextAt = (now: number, period: number, phase: number): number =>
  (Math.floor((now + 20 * US - phase) / period) + 1) * period + phase

/** What it does in a cycle: from step 0 on, the address of a routine; undefined where the cycle is over. */
type Work = (task: number, step: number, steps: Steps) => number | undefined

export interface FaultyTask {
  readonly comm: string
  /** Below 100: as SCHED_FIFO. */
  readonly prio: number
  readonly work: Work
}

/** CPU of real-time applications, see RealTimeWork. */
export const realTimeCpu = (m: Machine): number => m.cpus - 1

/**
 * Adds the task, and a partner that reads the same file when it sets itself up:
 * by then every atom of the LTL monitors is known, though the task was there
 * before the monitor.
 */
export function addFaultyTask(m: Machine, { comm, prio, work }: FaultyTask): void {
  const configuration = m.workload.locks.create(MUTEX)
  const boundTo = realTimeCpu(m)
  m.workload.add({
    comm: 'configd',
    prio: DEFAULT_PRIO,
    boundTo,
    step: (task, step, steps) =>
      step % 2 === 0
        ? steps.sleepUntil(task, nextAt(m.now, LIFE, 0))
        : steps.locked('config_read', task, configuration, 1_500 * US)
  })
  m.workload.add({
    comm,
    prio: DEFAULT_PRIO,
    boundTo,
    step: (task, step, steps) => {
      switch (step) {
        case 0:
          return steps.setPriority(task, DEFAULT_PRIO)
        case 1:
          return steps.sleepUntil(task, nextAt(m.now, LIFE, 300 * US))
        case 2:
          return steps.touch(task, 12, 900)
        case 3:
          return steps.locked('config_read', task, configuration, 150 * US)
        case 4:
          return steps.at.mlockall
        case 5:
          return steps.sleepUntil(task, nextAt(m.now, CYCLE, SLOT))
        case 6:
          return steps.setPriority(task, prio)
        default: {
          const next = work(task, step - SETUP, steps)
          if (next !== undefined) return next
          m.tasks.phase[task] = m.now % LIFE > LIFE - REST ? 0 : SETUP
          return steps.compute(task, US)
        }
      }
    }
  })
}
