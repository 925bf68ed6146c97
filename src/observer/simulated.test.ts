import { afterEach, expect, it } from 'vitest'
import { loadModels } from '../target/load-models'
import { openSimulated } from '../target/simulated-kernel'
import type { SimulatedPort } from '../target/simulator-control'
import { createObserverService, type ObserverService } from './service'
import { FakeClock } from './testing/fake-clock'
import { WindowEnd } from './testing/window-end'

const SETTINGS = { cpus: 4, tasks: 40, seed: 1 }
const MS = 1_000_000

let service: ObserverService | undefined
afterEach(async () => {
  await service?.close()
  service = undefined
})

interface Panel {
  readonly window: WindowEnd
  readonly clock: FakeClock
  readonly ports: SimulatedPort[]
  /** Runs the simulated kernel for so many virtual ms and lets the panel follow. */
  run(ms: number): Promise<void>
}

async function panel(settings = SETTINGS): Promise<Panel> {
  const { models, drawings } = await loadModels('models')
  const clock = new FakeClock()
  const ports: SimulatedPort[] = []
  service = createObserverService({
    models,
    drawings,
    stateDir: '/nowhere',
    clock,
    openTarget: () => {
      const port = openSimulated(settings, models, 'manual')
      ports.push(port)
      return Promise.resolve(port)
    }
  })
  const window = new WindowEnd(service)
  window.hello()
  expect(await window.ask({ op: 'connect', target: { kind: 'sim', settings } })).toBeNull()
  const run = async (ms: number): Promise<void> => {
    for (let done = 0; done < ms; done += 10) {
      ports.at(-1)?.simulator.advance(10 * MS)
      await clock.advance(20)
    }
  }
  return { window, clock, ports, run }
}

it('wip: every CPU moves between the states of the model, and the edges count', async () => {
  const { window, run } = await panel()
  expect(await window.ask({ op: 'enable', monitor: 'wip', on: true })).toBeNull()
  await run(100)
  const wip = window.monitor('wip')
  expect(Object.keys(wip.current())).toEqual(['0', '1', '2', '3'])
  expect(wip.eventCount).toBeGreaterThan(100)
  expect([...wip.edges.keys()].sort()).toEqual([
    'non_preemptive preempt_enable preemptive',
    'non_preemptive sched_waking non_preemptive',
    'preemptive preempt_disable non_preemptive'
  ])
  const before = new Map(wip.edges)
  await run(50)
  for (const [edge, count] of wip.edges) expect(count).toBeGreaterThan(before.get(edge) ?? NaN)
  const transitions = [...wip.rows.values()].reduce((sum, row) => sum + row.transitions, 0)
  expect(transitions).toBe([...wip.edges.values()].reduce((sum, count) => sum + count, 0))
  console.log(window.batch.accounts, [...window.violations.values()].slice(0, 2))
})
