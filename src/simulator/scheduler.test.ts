import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { SimulatedKernel } from './kernel'

// Seconds of virtual time take a while on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const MS = 1_000_000
const write = (kernel: SimulatedKernel, path: string, text: string): void =>
  kernel.tracefs.write(path, new TextEncoder().encode(text), 'truncate')

interface Line {
  readonly cpu: number
  readonly name: string
  readonly fields: ReadonlyMap<string, string>
  readonly text: string
}

/** The scheduler's events of a machine's first virtual time. */
function schedule(cpus: number, tasks: number, seed: number, ns: number): readonly Line[] {
  return linesOf(new SimulatedKernel({ cpus, tasks, seed, models: [] }), ns)
}

function linesOf(kernel: SimulatedKernel, ns: number): readonly Line[] {
  write(kernel, 'buffer_size_kb', '65536')
  write(kernel, 'events/sched/enable', '1')
  kernel.advance(ns)
  const lines: Line[] = []
  for (const text of new TextDecoder().decode(kernel.tracefs.read('trace')).split('\n')) {
    const match = /\[(\d+)\] \S+ +[\d.]+: (\w+): (.*)$/.exec(text)
    if (match === null) continue
    const [, cpu = '', name = '', payload = ''] = match
    const fields = new Map(
      [...payload.matchAll(/(\w+)=(\S+)/g)].map(([, k = '', v = '']) => [k, v])
    )
    lines.push({ cpu: Number(cpu), name, fields, text })
  }
  return lines
}

const machines = fc.record({
  cpus: fc.integer({ min: 1, max: 12 }),
  tasks: fc.integer({ min: 1, max: 150 }),
  seed: fc.integer()
})

const check = (property: (lines: readonly Line[], tasks: number) => void): void => {
  fc.assert(
    fc.property(machines, ({ cpus, tasks, seed }) =>
      property(schedule(cpus, tasks, seed, 150 * MS), tasks)
    ),
    { numRuns: 15 }
  )
}

describe('the scheduler', () => {
  it('switches from the task that it switched to before, on every CPU', () => {
    check((lines) => {
      const current = new Map<number, string>()
      for (const { cpu, name, fields, text } of lines) {
        if (name !== 'sched_switch') continue
        const before = current.get(cpu)
        if (before !== undefined) expect(fields.get('prev_pid'), text).toBe(before)
        expect(
          fields.get('next_comm') === fields.get('prev_comm') &&
            fields.get('next_pid') === fields.get('prev_pid'),
          text
        ).toBe(false)
        current.set(cpu, fields.get('next_pid') ?? '')
      }
      expect(current.size).toBeGreaterThan(0)
    })
  })

  it('runs a task on one CPU at a time', () => {
    check((lines) => {
      const runsOn = new Map<string, number>()
      for (const { cpu, name, fields, text } of lines) {
        if (name !== 'sched_switch') continue
        runsOn.delete(fields.get('prev_pid') ?? '')
        const next = fields.get('next_pid') ?? ''
        if (next === '0') continue
        expect(runsOn.get(next), text).toBeUndefined()
        runsOn.set(next, cpu)
      }
    })
  })

  it('takes no fair task, and does not go idle, while a real-time task waits for the CPU', () => {
    check((lines) => {
      const waiting = new Map<string, string>()
      for (const { cpu, name, fields, text } of lines) {
        const pid = fields.get('pid') ?? ''
        const prio = Number(fields.get('prio'))
        // A deadline task can be throttled when it is woken.
        if (name === 'sched_wakeup' && prio >= 0 && prio < 100) {
          waiting.set(pid, String(Number(fields.get('target_cpu'))))
        }
        if (name !== 'sched_switch') continue
        const realTime = Number(fields.get('next_prio')) < 100
        waiting.delete(fields.get('next_pid') ?? '')
        if (realTime) continue
        expect([...waiting.values()].includes(String(cpu)), text).toBe(false)
      }
    })
  })

  it('wakes no task that is runnable already', () => {
    check((lines) => {
      const queued = new Set<string>()
      for (const { name, fields, text } of lines) {
        const pid = fields.get('pid') ?? ''
        if (name === 'sched_waking') expect(queued.has(pid), text).toBe(false)
        if (name === 'sched_switch') {
          queued.delete(fields.get('next_pid') ?? '')
          if (fields.get('prev_state') === 'R') queued.add(fields.get('prev_pid') ?? '')
        }
      }
    })
  })

  it('loses no task: each one that slept and was woken, or was preempted, runs again', () => {
    const lines = schedule(4, 60, 11, 3_000 * MS)
    const waitsSince = new Map<string, number>()
    const running = new Set<string>()
    for (const [at, { name, fields }] of lines.entries()) {
      const pid = fields.get('pid') ?? ''
      if (name === 'sched_wakeup' && !running.has(pid)) waitsSince.set(pid, at)
      if (name !== 'sched_switch') continue
      const previous = fields.get('prev_pid') ?? ''
      const next = fields.get('next_pid') ?? ''
      running.delete(previous)
      if (fields.get('prev_state')?.startsWith('R') === true && previous !== '0') {
        waitsSince.set(previous, at)
      }
      waitsSince.delete(next)
      running.add(next)
    }
    // Whoever still waits at the end began to wait in the last part of it.
    const starved = [...waitsSince].filter(([, since]) => since < lines.length * 0.9)
    expect(starved).toEqual([])
  })

  it('lets every task run, kernel threads of each CPU included', () => {
    const kernel = new SimulatedKernel({ cpus: 6, tasks: 90, seed: 3, models: [] })
    const there = [...kernel.tasks().keys()]
    const switches = linesOf(kernel, 3_000 * MS).filter(({ name }) => name === 'sched_switch')
    const ran = new Set(switches.map(({ fields }) => Number(fields.get('next_pid'))))
    expect(there.filter((pid) => !ran.has(pid))).toEqual([])
  })

  it('forks and reaps: children exit, pids are not used again soon', () => {
    const lines = schedule(4, 24, 2, 5_000 * MS)
    const born = lines
      .filter(({ name }) => name === 'sched_process_fork')
      .map(({ fields }) => fields.get('child_pid'))
    const died = lines
      .filter(({ name }) => name === 'sched_process_exit')
      .map(({ fields }) => fields.get('pid'))
    expect(born.length).toBeGreaterThan(5)
    expect(new Set(born).size).toBe(born.length)
    expect(died.length).toBeGreaterThan(born.length - 4)
    expect(lines.some(({ text }) => text.includes(' prev_state=Z ==> '))).toBe(true)
  })
})
