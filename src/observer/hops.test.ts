import { afterEach, describe, expect, it } from 'vitest'
import type { Hops } from '../contract/state'
import { loadModels } from '../target/load-models'
import { openSimulated } from '../target/simulated-kernel'
import type { SimulatedPort } from '../target/simulator-control'
import { createObserverService, type ObserverService } from './service'
import { FakeClock } from './testing/fake-clock'
import { WindowEnd } from './testing/window-end'

const settings = { cpus: 2, tasks: 20, seed: 1 }
const MS = 1_000_000

let service: ObserverService | undefined
afterEach(async () => {
  await service?.close()
  service = undefined
})

interface Bench {
  readonly window: WindowEnd
  readonly port: SimulatedPort
  readonly clock: FakeClock
  /** Lets everything arrive, and the counters of all rings be read twice. */
  readonly settle: () => Promise<Hops>
}

async function bench(): Promise<Bench> {
  const { models, drawings } = await loadModels('models')
  const port = openSimulated(settings, models, 'manual')
  const clock = new FakeClock()
  service = createObserverService({
    models,
    drawings,
    stateDir: '/nowhere',
    clock,
    openTarget: () => Promise.resolve(port)
  })
  const window = new WindowEnd(service)
  window.hello()
  expect(await window.ask({ op: 'connect', target: { kind: 'sim', settings } })).toBeNull()
  const settle = async (): Promise<Hops> => {
    await clock.advance(12_000)
    const { hops } = window.batch
    if (hops === undefined) throw new Error('no accounts of the hops')
    return hops
  }
  return { window, port, clock, settle }
}

const sum = (hops: Hops, of: (ring: Hops['rings'][number]) => number): number =>
  hops.rings.filter(({ instance }) => instance === 'events').reduce((s, ring) => s + of(ring), 0)

/** A second instance with room for all, in which the same trace events are on: what was written. */
async function witness(port: SimulatedPort, event: string): Promise<() => Promise<number>> {
  await port.mkdir('instances/witness')
  await port.write('instances/witness/buffer_size_kb', '65536', 'truncate')
  await port.write(`instances/witness/events/rv/${event}/enable`, '1', 'truncate')
  return async () => {
    let written = 0
    for (let cpu = 0; cpu < settings.cpus; cpu++) {
      const stats = new TextDecoder().decode(
        await port.read(`instances/witness/per_cpu/cpu${String(cpu)}/stats`)
      )
      written += Number(/^entries: (\d+)$/m.exec(stats)?.[1])
    }
    return written
  }
}

/** The panel's instance for events. */
async function ownInstance(port: SimulatedPort): Promise<string> {
  const own = (await port.list('instances')).find(({ name }) => name.endsWith('-ev'))
  if (own === undefined) throw new Error('the panel has no instance')
  return `instances/${own.name}`
}

describe('the accounts of the hops', () => {
  it('reconcile: what was written is what arrived, where nothing was lost', async () => {
    const { window, port, settle } = await bench()
    const written = await witness(port, 'event_wip')
    await window.ask({ op: 'enable', monitor: 'wip', on: true })
    port.simulator.advance(50 * MS)
    const hops = await settle()
    const count = await written()
    expect(count).toBeGreaterThan(100)
    const errors = window.monitor('wip').violationCount
    expect(sum(hops, (ring) => ring.arrived)).toBe(count + errors)
    expect(sum(hops, (ring) => ring.read)).toBe(count + errors)
    expect(sum(hops, (ring) => ring.overrun + ring.dropped + ring.entries)).toBe(0)
    expect(hops.link).toBeNull()
    expect(hops.streamsWhole).toBe(true)
  })

  it('find a known loss to the record', async () => {
    const { window, port, settle } = await bench()
    await window.ask({ op: 'enable', monitor: 'wip', on: true })
    const written = await witness(port, 'event_wip')
    const instance = await ownInstance(port)
    await port.write(`${instance}/events/rv/error_wip/enable`, '0', 'truncate')
    await settle()
    // Nobody reads while the machine runs: all but the newest records of a small ring are overwritten.
    await port.write(`${instance}/buffer_size_kb`, '8', 'truncate')
    port.simulator.advance(200 * MS)
    const hops = await settle()
    const lost = sum(hops, (ring) => ring.overrun)
    const arrived = sum(hops, (ring) => ring.arrived)
    expect(lost).toBeGreaterThan(1000)
    expect(lost + arrived).toBe(await written())
    expect(sum(hops, (ring) => ring.read)).toBe(arrived)
    expect(window.batch.accounts?.lostKernel).toBe(lost)
  })
})
