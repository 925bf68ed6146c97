import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import type { SimulatedKernel, SimulatedKernelOptions } from './kernel'
import {
  machine,
  modelsOf,
  run,
  SECOND,
  violations,
  watch,
  write,
  type Line
} from './testing/machine'

// Seconds of virtual time take a while on a busy machine.
vi.setConfig({ testTimeout: 180_000 })

const FOLDER = new URL('../../models/', import.meta.url)
const MODELS = modelsOf(readdirSync(FOLDER), (name) => readFileSync(new URL(name, FOLDER), 'utf8'))
const boot = (options: Partial<SimulatedKernelOptions> = {}): SimulatedKernel =>
  machine(MODELS, options)

const MONITORS = ['pagefault', 'sleep', 'wakeup', 'nomiss']

/** Numbers of a bitmap as %*pbl prints it. */
function members(list: string): number[] {
  return list
    .split(',')
    .filter((range) => range !== '')
    .flatMap((range) => {
      const [first = 0, last = first] = range.split('-').map(Number)
      return Array.from({ length: last - first + 1 }, (_, i) => first + i)
    })
}

/**
 * A timer's hardirq that comes while its CPU serves a softirq wakes from a softirq,
 * as far as in_serving_softirq() knows: the real kernel's wakeup reports it as well.
 * Only on a machine of one CPU real-time tasks share theirs with a network queue.
 */
const inSoftirq = ({ event, flags }: Line): boolean => event === 'error_wakeup' && flags[2] === 'H'

describe('correct real-time applications', () => {
  it.each([1, 2, 3])(
    'take the LTL monitors and nomiss through all of their states (seed %i)',
    (seed) => {
      const kernel = boot({ seed })
      watch(kernel, MONITORS, ['event'])
      const buchi = new Map<string, Set<number>>(MONITORS.map((name) => [name, new Set()]))
      const states = new Set<string>()
      const done = (): boolean => states.size === 5 && buchi.get('sleep')?.size === 8
      run(kernel, 20 * SECOND, ({ event, text }) => {
        const sets = /: \(([\d,-]*)\) x \(.*\) -> \(([\d,-]*)\)$/.exec(text)
        if (sets !== null) {
          const reached = buchi.get(event.replace('event_', ''))
          for (const list of sets.slice(1)) for (const state of members(list)) reached?.add(state)
        } else {
          states.add(/ -> (\S+)/.exec(text)?.[1] ?? '')
        }
        return !done()
      })
      expect([...states].sort()).toEqual(['idle', 'ready', 'running', 'sleeping', 'throttled'])
      expect([...(buchi.get('sleep') ?? [])].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
      expect([...(buchi.get('wakeup') ?? [])]).toEqual([0])
      expect([...(buchi.get('pagefault') ?? [])]).toEqual([0])
    }
  )

  it.each([
    { cpus: 1, tasks: 24, seed: 11, seconds: 15 },
    { cpus: 2, tasks: 24, seed: 12, seconds: 20 },
    { cpus: 4, tasks: 24, seed: 13, seconds: 30 },
    { cpus: 4, tasks: 24, seed: 14, seconds: 30 },
    { cpus: 4, tasks: 50, seed: 15, seconds: 15 },
    { cpus: 16, tasks: 100, seed: 16, seconds: 8 }
  ])('violate nothing ($cpus CPUs, $tasks tasks)', ({ cpus, tasks, seed, seconds }) => {
    const kernel = boot({ cpus, tasks, seed })
    watch(kernel, MONITORS, ['error', 'error_env'])
    const found: Line[] = []
    run(kernel, seconds * SECOND, (line) => {
      if (!(cpus === 1 && inSoftirq(line))) found.push(line)
    })
    expect(found).toEqual([])
  })

  it('fault only before they ask for a real-time policy, and after they gave it back', () => {
    const kernel = boot({ seed: 4 })
    write(kernel, 'events/raw_syscalls/sys_enter/enable', '1')
    write(kernel, 'events/raw_syscalls/sys_exit/enable', '1')
    write(kernel, 'events/exceptions/enable', '1')
    const realTime = new Set<number>()
    const asked = new Map<number, boolean>()
    const faulted = new Set<number>()
    let policies = 0
    run(kernel, 7 * SECOND, ({ pid, event, text }) => {
      const [, number, second] = /^NR (\d+) \(\w+, (\w+)/.exec(text) ?? []
      if (event === 'sys_enter' && number === '144') asked.set(pid, second !== '0')
      if (event === 'sys_enter' && number === '314') asked.set(pid, true)
      const wanted = asked.get(pid)
      if (event === 'sys_exit' && /^NR (144|314) = 0$/.test(text) && wanted !== undefined) {
        if (wanted) realTime.add(pid)
        else realTime.delete(pid)
        policies++
      }
      if (event.startsWith('page_fault')) {
        expect(realTime.has(pid), text).toBe(false)
        faulted.add(pid)
      }
    })
    expect(policies).toBeGreaterThan(20)
    expect([...realTime].filter((pid) => faulted.has(pid)).length).toBeGreaterThan(4)
  })
})

describe('system calls', () => {
  it('are entered and left in pairs, by user tasks alone', () => {
    const kernel = boot({ seed: 6 })
    write(kernel, 'events/raw_syscalls/enable', '1')
    const within = new Map<number, string>()
    const numbers = new Set<string>()
    run(kernel, 4 * SECOND, ({ pid, event, text }) => {
      const number = /^NR (\d+)/.exec(text)?.[1] ?? ''
      if (event === 'sys_enter') {
        expect(within.get(pid), text).toBeUndefined()
        within.set(pid, number)
        numbers.add(number)
      } else {
        // A child returns from the clone() that its parent entered.
        expect(within.get(pid) ?? '56', text).toBe(number)
        within.delete(pid)
      }
    })
    for (const [pid, comm] of kernel.tasks()) {
      if (/^(kworker|ksoftirqd|migration|rcu_|irq\/|<idle>)/.test(comm)) {
        expect(within.has(pid), comm).toBe(false)
      }
    }
    // read, write, clone, execve, wait4, mlockall, sched_setscheduler, futex, clock_nanosleep, exit_group, epoll_wait, sched_setattr
    for (const number of [0, 1, 56, 59, 61, 151, 144, 202, 230, 231, 232, 314]) {
      expect([...numbers]).toContain(String(number))
    }
  })
})

describe('priority inheritance', () => {
  it('lends the panel the controller’s priority while it has what that one waits for', () => {
    const kernel = boot({ seed: 8 })
    write(kernel, 'events/sched/sched_pi_setprio/enable', '1')
    write(kernel, 'events/lock/enable', '1')
    const lent = new Map<string, string>()
    let boosts = 0
    let contended = 0
    run(kernel, 10 * SECOND, ({ event, text }) => {
      if (event === 'contention_begin' && text.endsWith('(flags=RT)')) contended++
      if (event !== 'sched_pi_setprio') return
      const [, comm = '', before = '', after = ''] =
        /^comm=(\S+) pid=\d+ oldprio=(\d+) newprio=(\d+)$/.exec(text) ?? []
      expect(lent.get(comm) ?? before, text).toBe(before)
      lent.set(comm, after)
      if (comm !== 'hmi') return
      // Of whom it can inherit: the controller, and who follows it on the bus.
      expect(['120', '29', '34']).toContain(after)
      if (after !== '120') boosts++
    })
    expect(boosts).toBeGreaterThan(10)
    expect(contended).toBeGreaterThan(10)
  })
})

describe('the other reports', () => {
  it('of the rtapp and deadline monitors stay away on a machine without real-time tasks', () => {
    expect(violations(boot({ tasks: 4, seed: 21 }), MONITORS, 10 * SECOND)).toEqual(new Map())
  })
})
