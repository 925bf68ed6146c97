import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { Reservation } from './deadline'
import { SERVER_PERIOD, SERVER_RUNTIME } from './deadline'
import { SimulatedKernel } from './kernel'
import type { Machine } from './machine'
import { TICK } from './scheduler'
import { DEADLINE_PRIO, DEFAULT_PRIO } from './tasks'

vi.setConfig({ testTimeout: 180_000 })

const MS = 1_000_000
/** Longer than it takes to preempt a task, in ns. */
const PREEMPTION = 50_000

/** A machine whose CPU 0 gets further tasks; its own user tasks leave room for them. */
function machine(seed: number): { kernel: SimulatedKernel; m: Machine } {
  const kernel = new SimulatedKernel({ cpus: 2, tasks: 40, seed, models: [] })
  return { kernel, m: kernel.machine }
}

/** A deadline task on CPU 0 that never has enough. */
function addHog(m: Machine, reservation: Reservation): number {
  const task = m.workload.add({
    comm: 'hog',
    prio: DEFAULT_PRIO,
    boundTo: 0,
    step: (self, step, steps) =>
      step === 0 ? steps.setDeadline(self) : steps.compute(self, 1_000 * MS)
  })
  m.scheduler.deadline.reserve(task, reservation)
  return task
}

/** Calls back at each switch, with how long the task ran that is switched away from. */
function atSwitches(m: Machine, each: (previous: number, next: number, ran: number) => void): void {
  const since = new Map<number, number>()
  const original = m.probes.schedSwitch.bind(m.probes)
  m.probes.schedSwitch = (cpu, preempt, previous, next, state) => {
    original(cpu, preempt, previous, next, state)
    if (cpu === 0) each(previous, next, m.now - (since.get(previous) ?? m.now))
    since.set(next, m.now)
  }
}

const reservation = fc
  .record({
    runtime: fc.integer({ min: 5, max: 18 }),
    deadline: fc.integer({ min: 70, max: 100 }),
    more: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 50 }))
  })
  .map(({ runtime, deadline, more }) => ({
    runtime: runtime * MS,
    deadline: deadline * MS,
    period: (deadline + more) * MS
  }))

describe('the deadline class', () => {
  it('gives every task its bandwidth and never more, but for what a tick is late', () => {
    fc.assert(
      fc.property(
        fc.array(reservation, { minLength: 1, maxLength: 3 }),
        fc.integer(),
        (reservations, seed) => {
          const { kernel, m } = machine(seed)
          const hogs = reservations.map((one) => ({ ...one, task: addHog(m, one), ran: 0 }))
          const of = new Map(hogs.map((hog) => [hog.task, hog]))
          atSwitches(m, (previous, _, ran) => {
            const hog = of.get(previous)
            // Before its sched_setattr() it is a fair task.
            if (hog !== undefined && m.tasks.prio[previous] === DEADLINE_PRIO) hog.ran += ran
          })
          const length = 2_000 * MS
          kernel.advance(length)
          for (const { ran, runtime, period } of hogs) {
            expect(ran).toBeLessThanOrEqual(runtime * (length / period + 1) + TICK)
            // One period to begin with, one that is not over, and the overrun that is paid back.
            expect(ran).toBeGreaterThanOrEqual(runtime * (length / period - 3) - TICK)
          }
        }
      ),
      { numRuns: 12 }
    )
  })

  it('runs the earliest deadline first', () => {
    let seen = 0
    fc.assert(
      fc.property(
        fc.array(reservation, { minLength: 2, maxLength: 4 }),
        fc.integer(),
        (reservations, seed) => {
          const { kernel, m } = machine(seed)
          const hogs = reservations.map((one) => addHog(m, one))
          const { deadline } = m.scheduler
          const replenished = new Map<number, number>()
          m.probes.dlReplenish = (_, entity) => replenished.set(m.tasks.taskOf(entity), m.now)
          atSwitches(m, (previous, next, ran) => {
            const waiting = hogs.filter(
              (task) =>
                task !== next && m.tasks.prio[task] === DEADLINE_PRIO && deadline.waits(task)
            )
            for (const task of waiting) {
              // Who came with an earlier deadline has not waited for longer than a preemption takes.
              const waited = Math.min(ran, m.now - (replenished.get(task) ?? m.now))
              const late =
                m.tasks.prio[previous] === DEADLINE_PRIO &&
                deadline.dueAt(task) < deadline.dueAt(previous)
              if (late) expect(waited).toBeLessThan(PREEMPTION)
              expect(m.tasks.prio[next] === DEADLINE_PRIO || m.tasks.dlServer[next] === 0).toBe(
                true
              )
              if (m.tasks.prio[next] === DEADLINE_PRIO) {
                expect(deadline.dueAt(next)).toBeLessThanOrEqual(deadline.dueAt(task))
              }
              seen++
            }
          })
          kernel.advance(1_500 * MS)
        }
      ),
      { numRuns: 10 }
    )
    expect(seen).toBeGreaterThan(10)
  })

  it('puts a task that is woken between its deadline and its next period off until then', () => {
    const { kernel, m } = machine(3)
    const wakeups: number[] = []
    const replenished: number[] = []
    const PERIOD = 100 * MS
    const task = m.workload.add({
      comm: 'constrained',
      prio: DEFAULT_PRIO,
      boundTo: 0,
      step: (self, step, steps) => {
        if (step === 0) return steps.setDeadline(self)
        return step % 2 === 1 ? steps.sleep(self, 40 * MS, 'sleepUntil') : steps.compute(self, MS)
      }
    })
    m.scheduler.deadline.reserve(task, { runtime: 10 * MS, deadline: 20 * MS, period: PERIOD })
    const { pid } = m.tasks
    m.probes.dlReplenish = (_, entity) => {
      if (entity === pid[task]) replenished.push(m.now)
    }
    m.probes.schedWakeup = (_, woken) => {
      if (woken === task) wakeups.push(m.now)
    }
    let early = 0
    atSwitches(m, (_, next) => {
      const woken = wakeups.at(-1) ?? 0
      if (next === task && (replenished.at(-1) ?? 0) < woken && m.now - woken > TICK) early++
    })
    kernel.advance(2_000 * MS)
    expect(early).toBe(0)
    expect(wakeups.length).toBeGreaterThan(10)
    for (let i = 2; i < replenished.length; i++) {
      expect(replenished[i]! - replenished[i - 1]!).toBeGreaterThanOrEqual(PERIOD - TICK)
    }
  })
})

describe('the fair server', () => {
  it('gives fair tasks that a real-time one starves its runtime in each period, and no more', () => {
    const { kernel, m } = machine(7)
    const script = { boundTo: 0, step: endless }
    m.workload.add({ ...script, comm: 'rt-hog', prio: 50 })
    m.workload.add({ ...script, comm: 'starved', prio: DEFAULT_PRIO })
    kernel.advance(2 * SERVER_PERIOD)
    let fair = 0
    let served = 0
    atSwitches(m, (previous, next, ran) => {
      if (previous !== 0 && m.tasks.prio[previous]! >= 100) fair += ran
      if (m.tasks.dlServer[next] === 0) served++
    })
    const periods = 6
    kernel.advance(periods * SERVER_PERIOD)
    expect(served).toBeGreaterThan(periods - 2)
    expect(fair).toBeLessThanOrEqual((periods + 1) * SERVER_RUNTIME + TICK)
    expect(fair).toBeGreaterThanOrEqual((periods - 1) * (SERVER_RUNTIME - TICK))
  })

  it('stays out of the way while fair tasks have the CPU anyway', () => {
    const { kernel, m } = machine(8)
    m.workload.add({ boundTo: 0, step: endless, comm: 'fair', prio: DEFAULT_PRIO })
    kernel.advance(2 * SERVER_PERIOD)
    let served = 0
    atSwitches(m, (_, next) => {
      if (m.tasks.dlServer[next] !== -1) served++
    })
    kernel.advance(2 * SERVER_PERIOD)
    expect(served).toBe(0)
  })
})

const endless = (task: number, _: number, steps: { compute(task: number, ns: number): number }) =>
  steps.compute(task, 1_000 * MS)
