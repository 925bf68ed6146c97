import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import type { SimulatedKernel, SimulatedKernelOptions } from './kernel'
import {
  EXPLAINED,
  machine,
  modelsOf,
  run,
  SCHEDULER_MONITORS,
  SECOND,
  violations,
  watch,
  write
} from './testing/machine'

// Seconds of virtual time take a while on a busy machine.
vi.setConfig({ testTimeout: 180_000 })

const MS = 1_000_000

const FOLDER = new URL('../../models/', import.meta.url)
const MODELS = modelsOf(readdirSync(FOLDER), (name) => readFileSync(new URL(name, FOLDER), 'utf8'))
const boot = (options: Partial<SimulatedKernelOptions> = {}): SimulatedKernel =>
  machine(MODELS, options)

const ALL = MODELS.filter(({ kind }) => kind !== 'container').map((model) =>
  model.kind === 'container' ? model.name : model.instrumentation.monitor
)

describe('monitors of the scheduler on a machine without a fault', () => {
  it.each([
    { seed: 1, tasks: 24 },
    { seed: 2, tasks: 32 },
    { seed: 77, tasks: 28 }
  ])('pass through all states of their models (seed $seed, $tasks tasks)', ({ seed, tasks }) => {
    const kernel = boot({ seed, tasks })
    const missing = new Map<string, Set<string>>()
    for (const { name, automaton } of kernel.engine.listed) {
      if (automaton !== undefined && SCHEDULER_MONITORS.includes(name)) {
        missing.set(name, new Set(automaton.states))
      }
    }
    expect([...missing.keys()].sort()).toEqual([...SCHEDULER_MONITORS].sort())
    watch(kernel, SCHEDULER_MONITORS, ['event'])
    run(kernel, 30 * SECOND, ({ event, text }) => {
      const monitor = event.replace('event_', '')
      const states = missing.get(monitor)
      if (states === undefined) return true
      const state = /^(?:\d+: )?(\S+) x /.exec(text)?.[1] ?? ''
      const next = / -> (\S+)/.exec(text)?.[1] ?? ''
      states.delete(state)
      states.delete(next)
      if (states.size === 0) {
        missing.delete(monitor)
        write(kernel, `events/rv/${event}/enable`, '0')
      }
      return missing.size > 0
    })
    expect(Object.fromEntries([...missing].map(([name, left]) => [name, [...left]]))).toEqual({})
  })

  it.each([
    { cpus: 1, tasks: 24, seed: 5, seconds: 30 },
    { cpus: 2, tasks: 24, seed: 6, seconds: 30 },
    { cpus: 4, tasks: 24, seed: 7, seconds: 40 },
    { cpus: 4, tasks: 32, seed: 8, seconds: 40 },
    { cpus: 4, tasks: 1, seed: 9, seconds: 30 },
    { cpus: 16, tasks: 90, seed: 10, seconds: 8 }
  ])(
    'report nothing but what is explained ($cpus CPUs, $tasks tasks)',
    ({ cpus, tasks, seed, seconds }) => {
      const found = violations(boot({ cpus, tasks, seed }), SCHEDULER_MONITORS, seconds * SECOND)
      expect([...found.keys()].filter((kind) => !EXPLAINED.has(kind))).toEqual([])
    }
  )

  it('sts is misled as the real kernel’s is, by an interrupt with a softirq before the switch', () => {
    const kernel = boot({ cpus: 16, tasks: 90, seed: 3 })
    const trace = new Map<number, string[]>()
    let seen = false
    watch(kernel, ['sts'], ['event', 'error'])
    run(kernel, 60 * SECOND, ({ cpu, event, text }) => {
      const lines = trace.get(cpu) ?? []
      trace.set(cpu, lines)
      seen = event === 'error_sts'
      if (seen) {
        expect(text).toBe('event sched_switch not expected in the state enable_to_exit')
        // Entered by an interrupt: a lock of its softirq ended the switch too early.
        expect(lines).toContain('disable_to_switch x irq_entry -> in_irq')
        expect(lines).toContain('in_irq x irq_enable -> scheduling')
        expect(lines).toContain('disable_to_switch x irq_enable -> enable_to_exit')
        expect(lines).not.toContain('disable_to_switch x sched_switch -> switching')
      }
      // What came since the last schedule_entry of the CPU.
      if (text.includes(' x schedule_entry ')) lines.length = 0
      lines.push(text)
      return !seen
    })
    expect(seen).toBe(true)
  })
})

describe('all monitors at once', () => {
  const trace = (slice: number): string => {
    const kernel = boot({ seed: 41 })
    watch(kernel, ALL, ['event', 'error', 'error_env'])
    const lines: string[] = []
    run(
      kernel,
      150 * MS,
      ({ pid, cpu, flags, time, event, text }) => {
        lines.push(`${pid} ${cpu} ${flags} ${time} ${event} ${text}`)
      },
      slice
    )
    return lines.join('\n')
  }

  it('are enabled together, and the same seed gives the same trace, however time is sliced', () => {
    expect(ALL).toHaveLength(15)
    const whole = trace(150 * MS)
    for (const monitor of ALL.filter((name) => name !== 'stall')) {
      expect(whole).toContain(` event_${monitor} `)
    }
    expect(trace(3 * MS + 7)).toBe(whole)
  })
})

describe('parameters at boot', () => {
  it('are those of the monitors, as on a kernel command line', () => {
    const kernel = boot({ parameters: { 'stall.threshold_jiffies': 7 } })
    expect(kernel.engine.parameters.get('stall', 'threshold_jiffies')).toBe('7\n')
    expect(violations(kernel, ['stall'], 2 * SECOND).size).toBeGreaterThan(0)
  })

  it.each([
    [
      { 'stall.treshold': 1 },
      /no monitor has a parameter stall\.treshold; expected one of .*stall\.threshold_jiffies/
    ],
    [{ 'stall.threshold_jiffies': -1 }, /integer from 0/],
    [{ 'stall.threshold_jiffies': 0.5 }, /integer from 0/]
  ])('are refused where they are wrong: %o', (parameters, message) => {
    expect(() => boot({ parameters })).toThrow(message)
  })
})
