import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FUTEX, Locks, MUTEX, PI_FUTEX, RT_MUTEX } from './locks'
import type { Machine } from './machine'
import { TaskTable } from './tasks'

const TASKS = 6
const LOCKS = 4
const KINDS = [RT_MUTEX, PI_FUTEX, MUTEX, FUTEX]

/** As much of a machine as locks need while every task sleeps. */
function world(prios: readonly number[]): { locks: Locks; tasks: TaskTable } {
  const tasks = new TaskTable(0, TASKS)
  prios.forEach((prio) =>
    tasks.create({ comm: 'task', prio, kthread: false, boundTo: -1, behaviour: 0, parent: -1 })
  )
  const probes = { piSetprio: () => undefined }
  const scheduler = { fair: [{ minVruntime: 0 }] }
  // The rest of a machine is not touched: no task runs or waits for a CPU.
  const locks = new Locks({ tasks, probes, scheduler } as unknown as Machine)
  return { locks, tasks }
}

const prios = fc.array(fc.integer({ min: 1, max: 139 }), { minLength: TASKS, maxLength: TASKS })
const commands = fc.array(
  fc.record({ task: fc.nat(TASKS - 1), lock: fc.nat(LOCKS - 1), release: fc.boolean() }),
  { maxLength: 80 }
)

describe('priority inheritance', () => {
  it('gives each task the best priority of all that wait for it, along whole chains, and takes it back', () => {
    fc.assert(
      fc.property(prios, commands, (own, steps) => {
        const { locks, tasks } = world(own)
        const kinds = Array.from({ length: LOCKS }, (_, i) => KINDS[i % KINDS.length]!)
        const ids = kinds.map((kind) => locks.create(kind))
        const owner = new Map<number, number>()
        const waits = new Map<number, number>()
        const wouldDeadlock = (task: number, lock: number): boolean => {
          for (let at: number | undefined = lock; at !== undefined;) {
            const by = owner.get(at)
            if (by === task) return true
            at = by === undefined ? undefined : waits.get(by)
          }
          return false
        }
        /** What a task should run with: its own priority, or a better one of who waits for it. */
        const expected = (task: number): number => {
          let best = own[task]!
          for (const [waiter, lock] of waits) {
            const inherits = kinds[lock] === RT_MUTEX || kinds[lock] === PI_FUTEX
            if (inherits && owner.get(lock) === task) best = Math.min(best, expected(waiter))
          }
          return best
        }
        for (const { task, lock, release } of steps) {
          if (release) {
            if (owner.get(lock) !== task || waits.has(task)) continue
            owner.delete(lock)
            const woken = locks.release(0, ids[lock]!)
            const waiting = [...waits].filter(([, of]) => of === lock).map(([waiter]) => waiter)
            expect(woken === -1).toBe(waiting.length === 0)
            if (woken !== -1) {
              for (const other of waiting) {
                expect(tasks.prio[woken]).toBeLessThanOrEqual(tasks.prio[other]!)
              }
              waits.delete(woken)
              expect(locks.take(0, ids[lock]!, woken)).toBe(true)
              owner.set(lock, woken)
            }
          } else {
            if (waits.has(task) || owner.get(lock) === task || wouldDeadlock(task, lock)) continue
            const free = !owner.has(lock)
            expect(locks.take(0, ids[lock]!, task)).toBe(free)
            if (free) owner.set(lock, task)
            else {
              locks.block(0, ids[lock]!, task)
              waits.set(task, lock)
            }
          }
          for (let one = 0; one < TASKS; one++) expect(tasks.prio[one]).toBe(expected(one))
        }
      })
    )
  })

  it('lets nobody of the same or a lower priority past a waiter', () => {
    const { locks } = world([20, 30, 30, 10, 99, 99])
    const lock = locks.create(RT_MUTEX)
    expect(locks.take(0, lock, 0)).toBe(true)
    locks.block(0, lock, 1)
    expect(locks.release(0, lock)).toBe(1)
    expect(locks.take(0, lock, 2)).toBe(false)
    expect(locks.take(0, lock, 4)).toBe(false)
    expect(locks.take(0, lock, 3)).toBe(true)
    expect(locks.firstWaiter(lock)).toBe(1)
  })
})
