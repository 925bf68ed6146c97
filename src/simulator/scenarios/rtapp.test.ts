import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import type { SimulatedKernel, SimulatedKernelOptions } from '../kernel'
import { machine, modelsOf, run, SECOND, watch, type Line } from '../testing/machine'
import { DEADLINE_SCENARIOS } from './deadline'
import { RTAPP_SCENARIOS } from './rtapp'

vi.setConfig({ testTimeout: 180_000 })

const FOLDER = new URL('../../../models/', import.meta.url)
const MODELS = modelsOf(readdirSync(FOLDER), (name) => readFileSync(new URL(name, FOLDER), 'utf8'))
const boot = (options: Partial<SimulatedKernelOptions> = {}): SimulatedKernel =>
  machine(MODELS, options)

const MONITORS = ['pagefault', 'sleep', 'wakeup', 'nomiss']

/** Who is to blame, and what a scenario cannot but violate besides. */
const BLAME: Readonly<Record<string, RegExp>> = {
  'page-fault-in-rt-task': /^error_pagefault: recorder\[\d+\]: violation detected$/,
  'sleep-in-wrong-call': /^error_sleep: sampler\[\d+\]: violation detected$/,
  'sleep-on-realtime-clock': /^error_sleep: sampler\[\d+\]: violation detected$/,
  'priority-inversion': /^error_wakeup: controller\[\d+\]: violation detected$/,
  'woken-by-lower-priority': /^error_wakeup: controller\[\d+\]: violation detected$/,
  'woken-by-softirq': /^error_wakeup: sensor\[\d+\]: violation detected$/,
  'missed-deadline':
    /^error_env_nomiss: \d+: event none not expected in the state running with env clk=1\d{8},is_constr_dl=0,is_defer=0$/
}
const BESIDES: Readonly<Record<string, RegExp>> = {
  // FUTEX_WAIT is a friendly sleep only if an equal or higher priority ends it.
  'priority-inversion': /^error_sleep: controller\[\d+\]: violation detected$/
}

const scenarios = [...RTAPP_SCENARIOS, ...DEADLINE_SCENARIOS]

describe('scenarios of real-time applications and of the deadline class', () => {
  it('there is one for each of their monitors', () => {
    expect(new Set(scenarios.map(({ monitor }) => monitor))).toEqual(new Set(MONITORS))
    expect(scenarios.map(({ name }) => name).sort()).toEqual(Object.keys(BLAME).sort())
  })

  it.each(
    scenarios.flatMap(({ name, monitor, violation }) =>
      [2, 4].map((cpus) => ({ name, monitor, violation, cpus }))
    )
  )('$name raises $violation, and nothing else ($cpus CPUs)', ({ name, violation, cpus }) => {
    const kernel = boot({ scenario: name, cpus, seed: cpus })
    watch(kernel, MONITORS, ['error', 'error_env'])
    const own: Line[] = []
    const others: string[] = []
    run(kernel, 5 * SECOND, (line) => {
      const report = `${line.event}: ${line.text}`
      if (BLAME[name]?.test(report) === true) own.push(line)
      else if (BESIDES[name]?.test(report) !== true) others.push(report)
    })
    expect(others).toEqual([])
    expect(own.length).toBeGreaterThan(2)
    expect(new Set(own.map(({ event }) => event))).toEqual(new Set([violation]))
  })

  it('without a scenario the same machine violates nothing', () => {
    const kernel = boot({ seed: 4 })
    watch(kernel, MONITORS, ['error', 'error_env'])
    run(kernel, 5 * SECOND, ({ event, text }) => {
      throw new Error(`${event}: ${text}`)
    })
  })
})
