import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import type { SimulatedKernel, SimulatedKernelOptions } from '../kernel'
import {
  EXPLAINED,
  machine,
  modelsOf,
  SCHEDULER_MONITORS,
  SECOND,
  violations
} from '../testing/machine'
import { SCENARIOS } from '.'

vi.setConfig({ testTimeout: 180_000 })

const FOLDER = new URL('../../../models/', import.meta.url)
const MODELS = modelsOf(readdirSync(FOLDER), (name) => readFileSync(new URL(name, FOLDER), 'utf8'))
const boot = (options: Partial<SimulatedKernelOptions> = {}): SimulatedKernel =>
  machine(MODELS, options)

const not = (monitor: string, event: string, state: string): string =>
  `error_${monitor}: event ${event} not expected in the state ${state}`
const opid = (event: string, irqOff: number, preemptOff: number): string =>
  `error_env_opid: event ${event} not expected in the state any with env irq_off=${irqOff},preempt_off=${preemptOff}`

/** The violation that each scenario is named for, and what it cannot but violate besides. */
const EXPECTED: Readonly<Record<string, readonly [string, ...string[]]>> = {
  'wakeup-with-preemption-on': [
    not('wip', 'sched_waking', 'preemptive'),
    // A rule of opid as well.
    opid('sched_waking', 1, 0)
  ],
  'wakeup-with-interrupts-on': [opid('sched_waking', 0, 1)],
  'wakeup-of-running-task': [not('wwnr', 'wakeup', 'running')],
  'state-set-in-schedule': [not('sco', 'sched_set_state', 'scheduling_context')],
  'state-set-from-outside': [not('snroc', 'sched_set_state', 'other_context')],
  'schedule-with-preemption-on': [not('scpd', 'schedule_entry', 'cant_sched')],
  'preempt-enable-in-schedule': [
    not('snep', 'preempt_enable', 'scheduling_contex'),
    // The monitor was restarted by the preempt_disable that follows.
    not('snep', 'schedule_exit', 'non_scheduling_context')
  ],
  'schedule-with-interrupts-off': [not('sts', 'schedule_entry', 'cant_sched')],
  'preempt-without-need-resched': [not('nrp', 'schedule_entry_preempt', 'any_thread_running')],
  'state-set-untraced': [not('sssw', 'sched_switch_suspend', 'runnable')],
  'need-resched-with-interrupts-on': [opid('sched_need_resched', 0, 0)],
  'starving-task': ['error_env_stall: event none not expected in the state enqueued with env clk=N']
}

const mine = SCENARIOS.filter(({ name }) => name in EXPECTED)

describe('scenarios of the scheduler monitors', () => {
  it('are all listed, once, with a name for command lines and a sentence', () => {
    expect(mine.map(({ name }) => name).sort()).toEqual(Object.keys(EXPECTED).sort())
    for (const { name, title, description } of SCENARIOS) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
      expect(title).not.toBe('')
      expect(description).toMatch(/^[A-Z].*[.)]$/)
    }
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length)
    expect(new Set(mine.map(({ monitor }) => monitor))).toEqual(new Set(SCHEDULER_MONITORS))
  })

  it.each(mine.map((scenario) => [scenario.name, scenario] as const))(
    '%s: raises its violation, and no other',
    (name, scenario) => {
      const [own, ...besides] = EXPECTED[name] ?? ['']
      const seconds = name === 'starving-task' ? 14 : 4
      for (const [cpus, seed] of [
        [4, 1],
        [1, 2]
      ] as const) {
        const kernel = boot({ scenario: name, cpus, seed })
        const found = violations(kernel, SCHEDULER_MONITORS, seconds * SECOND)
        expect(own.startsWith(`${scenario.violation}: `)).toBe(true)
        expect(own).toContain(`_${scenario.monitor}: `)
        // More often than the known reasons alone would raise it.
        expect(found.get(own) ?? 0).toBeGreaterThan(name === 'starving-task' ? 1 : 9)
        const others = [...found.keys()].filter((kind) => kind !== own && !EXPLAINED.has(kind))
        const inherent: readonly string[] = besides
        // One CPU has no place for real-time tasks beside the one that takes it all.
        if (name === 'starving-task' && cpus === 1) continue
        expect(others.filter((kind) => !inherent.includes(kind))).toEqual([])
      }
    }
  )

  it('an unknown one is refused with the names that there are', () => {
    expect(() => boot({ scenario: 'nonsense' })).toThrow(
      /there is no scenario nonsense; expected one of .*starving-task/
    )
  })
})
