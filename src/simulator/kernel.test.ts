import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { assembleModel } from '../model/load'
import { SimulatedKernel, type SimulatedKernelOptions } from './kernel'

// Seconds of virtual time take a while on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const { models } = assembleModel(
  ['wip.dot', 'wip.yaml', 'wwnr.dot', 'wwnr.yaml'].map((name) => ({
    name,
    text: readFileSync(new URL(`../../models/${name}`, import.meta.url), 'utf8')
  }))
)
const encoder = new TextEncoder()
const decoder = new TextDecoder()
const SECOND = 1_000_000_000
const MS = 1_000_000

const boot = (options: Partial<SimulatedKernelOptions> = {}): SimulatedKernel =>
  new SimulatedKernel({ cpus: 4, tasks: 24, seed: 1, models, ...options })

const write = (kernel: SimulatedKernel, path: string, text: string): void =>
  kernel.tracefs.write(path, encoder.encode(text), 'truncate')

const read = (kernel: SimulatedKernel, path: string): string =>
  decoder.decode(kernel.tracefs.read(path))

/** Runs and takes every line of trace_pipe meanwhile. */
function record(kernel: SimulatedKernel, ns: number, slice = 20 * MS): string {
  const pipe = kernel.tracefs.openPipe('trace_pipe')
  let text = ''
  for (let done = 0; done < ns; done += slice) {
    kernel.advance(Math.min(slice, ns - done))
    while (pipe.readable()) text += decoder.decode(pipe.read(1 << 20))
  }
  pipe.close()
  return text
}

function monitored(options: Partial<SimulatedKernelOptions> = {}): SimulatedKernel {
  const kernel = boot(options)
  for (const monitor of ['wip', 'wwnr']) {
    write(kernel, `rv/monitors/${monitor}/enable`, '1')
    write(kernel, `events/rv/error_${monitor}/enable`, '1')
  }
  return kernel
}

/** Lines of error events in so much virtual time. */
const errors = (options: Partial<SimulatedKernelOptions>, ns: number): string[] =>
  record(monitored(options), ns, SECOND)
    .split('\n')
    .filter((line) => line !== '')

describe('determinism', () => {
  it('gives the same trace for the same seed, however time is sliced', () => {
    const run = (slice: number): string => {
      const kernel = boot({ seed: 77 })
      write(kernel, 'events/enable', '1')
      return record(kernel, 300 * MS, slice)
    }
    const whole = run(300 * MS)
    expect(whole.length).toBeGreaterThan(100_000)
    // Times of printed lines are the same as well: nothing depends on where advance() stopped.
    expect(run(7 * MS + 13)).toBe(whole)
    expect(run(250_000)).toBe(whole)
  })

  it('gives another trace for another seed', () => {
    const run = (seed: number): string => {
      const kernel = boot({ seed })
      write(kernel, 'events/sched/enable', '1')
      return record(kernel, 50 * MS)
    }
    expect(run(1)).not.toBe(run(2))
  })

  it('steps through the same events as advance() processes', () => {
    const whole = boot({ seed: 5 })
    const stepped = boot({ seed: 5 })
    write(whole, 'events/sched/enable', '1')
    write(stepped, 'events/sched/enable', '1')
    const events = whole.advance(20 * MS)
    for (let i = 0; i < events; i++) {
      if (i % 3 === 0) stepped.step()
      else expect(stepped.advance(SECOND, 1)).toBe(1)
    }
    expect(read(stepped, 'trace')).toBe(read(whole, 'trace'))
  })

  it('is not changed by who looks: monitors, traces and instances', () => {
    const quiet = boot({ seed: 9 })
    const watched = monitored({ seed: 9 })
    watched.tracefs.mkdir('instances/all')
    write(watched, 'instances/all/events/enable', '1')
    quiet.advance(700 * MS)
    for (let i = 0; i < 70; i++) {
      watched.advance(10 * MS)
      write(watched, 'rv/monitoring_on', i % 2 === 0 ? '0' : '1')
    }
    for (const kernel of [quiet, watched]) {
      write(kernel, 'events/enable', '0')
      write(kernel, 'trace', '')
      write(kernel, 'events/sched/enable', '1')
      kernel.advance(100 * MS)
    }
    expect(read(watched, 'trace')).toBe(read(quiet, 'trace'))
    expect(read(quiet, 'trace').length).toBeGreaterThan(10_000)
    expect([...watched.tasks()]).toEqual([...quiet.tasks()])
  })
})

describe('preempt count and interrupt flag', () => {
  const outermost = (text: string, off: string, on: string): void => {
    const last = new Map<string, string>()
    let seen = 0
    for (const line of text.split('\n')) {
      const match = /\[(\d+)\] \S+ +[\d.]+: (\w+): /.exec(line)
      if (match === null || (match[2] !== off && match[2] !== on)) continue
      const [, cpu = '', name = ''] = match
      expect(last.get(cpu), line).not.toBe(name)
      last.set(cpu, name)
      seen++
    }
    expect(seen).toBeGreaterThan(1_000)
  }

  it('traces only the outermost level, and the flag only when it changes', () => {
    const kernel = boot({ seed: 3 })
    write(kernel, 'events/preemptirq/enable', '1')
    const text = record(kernel, SECOND)
    outermost(text, 'preempt_disable', 'preempt_enable')
    outermost(text, 'irq_disable', 'irq_enable')
  })

  it('traces interrupts of preemptible code themselves', () => {
    const kernel = boot({ seed: 3 })
    write(kernel, 'events/preemptirq/preempt_disable/enable', '1')
    expect(record(kernel, SECOND)).toMatch(/ d\.h\.\. .*preempt_disable: caller=/)
  })
})

describe('the violations that the documentation of wip and wwnr describes', () => {
  const WIP =
    /\[\d+\] [dD].[hsH][1-9]\d +[\d.]+: error_wip: event sched_waking not expected in the state preemptive$/
  const WWNR = /: error_wwnr: \d+: event wakeup not expected in the state running$/

  it.each([1, 2, 42, 20_260_101])(
    'both come by themselves within 60 s, and no others (seed %i)',
    (seed) => {
      const lines = errors({ seed }, 60 * SECOND)
      const wip = lines.filter((line) => WIP.test(line))
      const wwnr = lines.filter((line) => WWNR.test(line))
      expect(wip.length).toBeGreaterThan(0)
      expect(wwnr.length).toBeGreaterThan(0)
      expect(lines.filter((line) => !WIP.test(line) && !WWNR.test(line))).toEqual([])
      // Seldom: not a machine that is broken all the time.
      expect(lines.length).toBeLessThan(80)
    },
    60_000
  )

  it('wip has none where no interrupt comes between the count and its trace event', () => {
    const lines = errors({ seed: 4, limits: { noInterruptInPreemptWindow: true } }, 60 * SECOND)
    expect(lines.filter((line) => line.includes('error_wip'))).toEqual([])
    expect(lines.length).toBeGreaterThan(0)
  })

  it('wwnr has none where no wakeup comes between the state and schedule()', () => {
    const lines = errors({ seed: 4, limits: { noWakeupBeforeSchedule: true } }, 60 * SECOND)
    expect(lines.filter((line) => line.includes('error_wwnr'))).toEqual([])
    expect(lines.length).toBeGreaterThan(0)
  })

  it('a machine with neither gap has none for minutes', () => {
    const limits = { noInterruptInPreemptWindow: true, noWakeupBeforeSchedule: true }
    expect(errors({ seed: 8, limits }, 120 * SECOND)).toEqual([])
  })
})

describe('reactors', () => {
  it('printk writes the message to the kernel log, at the default level', () => {
    const kernel = monitored()
    write(kernel, 'rv/monitors/wip/reactors', 'printk')
    const log = kernel.tracefs.openKmsg('now')
    kernel.advance(60 * SECOND)
    expect(decoder.decode(log.read(1 << 20))).toMatch(
      /^4,\d+,\d+,-;rv: monitor wip does not allow event sched_waking on state preemptive\n/
    )
  })

  it('panic stops the machine: the log says why, nothing else answers', () => {
    const kernel = monitored()
    write(kernel, 'rv/monitors/wip/reactors', 'panic')
    const pipe = kernel.tracefs.openPipe('trace_pipe')
    kernel.advance(120 * SECOND)
    expect(kernel.panicked).toBe(
      'rv: monitor wip does not allow event sched_waking on state preemptive'
    )
    const stopped = kernel.now
    expect(kernel.advance(SECOND)).toBe(0)
    kernel.step()
    expect(kernel.now).toBe(stopped)
    const refused = expect.objectContaining({ code: 'EIO' }) as unknown
    expect(() => kernel.tracefs.read('rv/monitoring_on')).toThrow(refused)
    expect(() => write(kernel, 'tracing_on', '0')).toThrow(refused)
    expect(() => kernel.tracefs.list('')).toThrow(refused)
    expect(() => kernel.tracefs.mkdir('instances/x')).toThrow(refused)
    expect(decoder.decode(kernel.tracefs.openKmsg().read(1 << 20))).toContain(
      `;Kernel panic - not syncing: ${kernel.panicked ?? ''}\n`
    )
    pipe.close()
  })
})

describe('size', () => {
  it.each([
    [1, 1],
    [256, 1],
    [1, 10_000],
    [256, 10_000]
  ])(
    'runs with %i CPUs and %i tasks',
    (cpus, tasks) => {
      const kernel = boot({ cpus, tasks })
      write(kernel, 'events/sched/enable', '1')
      expect(kernel.advance(20 * MS)).toBeGreaterThan(0)
      expect(kernel.tasks().size).toBeGreaterThan(tasks)
      expect(read(kernel, 'trace').split('\n').length).toBeGreaterThan(10)
    },
    60_000
  )

  it('refuses what is out of range', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('cpus', 'tasks', 'seed'),
        fc.constantFrom(0, -1, 0.5, NaN, 10_001, Infinity),
        (name, value) => {
          fc.pre(!(name === 'seed' && Number.isInteger(value)))
          expect(() => boot({ [name]: value })).toThrow(RangeError)
        }
      )
    )
  })
})

describe('what the CPUs do', () => {
  it('is told for as many CPUs as asked for, and agrees with the tasks that are alive', () => {
    const kernel = new SimulatedKernel({ cpus: 4, tasks: 24, seed: 1, models: [] })
    const contexts = new Set<string>()
    for (let i = 0; i < 5000; i++) {
      kernel.advance(10_000)
      const alive = kernel.tasks()
      for (const { pid, comm, context } of kernel.running()) {
        expect(alive.get(pid)).toBe(comm)
        contexts.add(context)
      }
    }
    expect([...contexts].sort()).toEqual(['hardirq', 'idle', 'softirq', 'task'])
    expect(kernel.running(2)).toHaveLength(2)
  })
})
