import { readdirSync, readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { Errno } from '../../src/engine/errno'
import type { SimulatedKernel } from '../../src/simulator/kernel'
import { machine, modelsOf, write } from '../../src/simulator/testing/machine'

/*
 * CONFIG_RV_PER_TASK_MONITORS=3: slots run out. On the simulated kernel alone, since the real one
 * that is at hand was built with 8, which suffice for everything.
 */
const FOLDER = new URL('../../models/', import.meta.url)
const MODELS = modelsOf(readdirSync(FOLDER), (name) => readFileSync(new URL(name, FOLDER), 'utf8'))

const codeOf = (action: () => void): string => {
  try {
    action()
  } catch (error) {
    if (error instanceof Errno) return error.code
    throw error
  }
  return 'ok'
}

describe('a kernel with three slots for per-task monitors (simulated only)', () => {
  let kernel: SimulatedKernel
  const enable = (name: string): string => codeOf(() => write(kernel, 'rv/enabled_monitors', name))
  const enabled = (): string[] =>
    Buffer.from(kernel.tracefs.read('rv/enabled_monitors')).toString().split('\n').filter(Boolean)

  beforeEach(() => {
    kernel = machine(MODELS, { perTaskSlots: 3 })
  })

  it('has enough for a container, and none for one more', () => {
    expect(enable('sched')).toBe('ok')
    const before = enabled()
    expect(before).toHaveLength(9)
    expect(enable('wwnr')).toBe('EBUSY')
    expect(enable('stall')).toBe('EBUSY')
    expect(enable('pagefault')).toBe('EBUSY')
    expect(codeOf(() => write(kernel, 'rv/monitors/wwnr/enable', '1'))).toBe('EBUSY')
    expect(enabled()).toEqual(before)
    // Per-CPU and per-object monitors need none.
    expect([enable('wip'), enable('deadline')]).toEqual(['ok', 'ok'])
  })

  it('disables all children of a container that finds no slot, also those that were on', () => {
    expect([enable('wwnr'), enable('sleep'), enable('wip')]).toEqual(['ok', 'ok', 'ok'])
    // wakeup takes the last one; sleep is on already; pagefault finds none.
    expect(enable('rtapp')).toBe('EBUSY')
    expect(enabled()).toEqual(['wip', 'wwnr'])
    expect([enable('stall'), enable('pagefault'), enable('sleep')]).toEqual(['ok', 'ok', 'EBUSY'])
  })

  it('gives the slot back with the monitor, and the same one again with its reactor', () => {
    expect(enable('sched')).toBe('ok')
    expect(codeOf(() => write(kernel, 'rv/monitors/sched/nrp/reactors', 'printk'))).toBe('ok')
    expect(enabled()).toContain('sched:nrp')
    expect(enable('!sssw')).toBe('ok')
    expect(enable('wwnr')).toBe('ok')
    expect(enable('sssw')).toBe('EBUSY')
  })
})
