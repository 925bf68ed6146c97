import { afterEach, describe, expect, it } from 'vitest'
import type { Request } from '../../contract/requests'
import type { Watching } from '../../contract/watch'
import { loadModels } from '../../target/load-models'
import { openSimulated } from '../../target/simulated-kernel'
import type { SimulatedPort } from '../../target/simulator-control'
import { createObserverService, type ObserverService } from '../service'
import { FakeClock } from '../testing/fake-clock'
import { WindowEnd } from '../testing/window-end'

const SETTINGS = { cpus: 2, tasks: 30, seed: 3 }
const MS = 1_000_000
const { models, drawings } = await loadModels('models')

let service: ObserverService | undefined
afterEach(async () => {
  await service?.close()
  service = undefined
})

/** A panel on a simulated kernel whose trace of one monitor is also read by a witness. */
class World {
  readonly clock = new FakeClock()
  readonly window: WindowEnd
  port: SimulatedPort | undefined
  /** Lines of the top instance's trace since the last look. */
  readonly lines: string[] = []

  constructor() {
    service = createObserverService({
      models,
      drawings,
      stateDir: '/nowhere',
      clock: this.clock,
      openTarget: () => {
        this.port = openSimulated(SETTINGS, models, 'manual')
        return Promise.resolve(this.port)
      }
    })
    this.window = new WindowEnd(service)
    this.window.hello()
  }

  get target(): SimulatedPort {
    if (this.port === undefined) throw new Error('not connected')
    return this.port
  }

  async begin(monitor: string): Promise<void> {
    await this.ask({ op: 'connect', target: { kind: 'sim', settings: SETTINGS } })
    const event = monitor.split(':').at(-1) ?? ''
    await this.target.write(`events/rv/event_${event}/enable`, '1', 'truncate')
    await this.target.write('buffer_size_kb', '8000', 'truncate')
    await this.ask({ op: 'enable', monitor, on: true })
  }

  async ask(request: Request): Promise<void> {
    expect(await this.window.ask(request)).toBeNull()
  }

  async run(ms: number): Promise<void> {
    for (let done = 0; done < ms; done += 10) {
      this.target.simulator.advance(10 * MS)
      await this.clock.advance(10)
    }
  }

  /** Lets what is due be read, without anything happening on the target. */
  async settle(): Promise<void> {
    await this.clock.advance(600)
  }

  /** The transitions that the kernel traced, `0 state event next` with the id or the CPU. */
  async traced(): Promise<string[]> {
    const text = Buffer.from(await this.target.read('trace')).toString()
    return [...text.matchAll(/\[(\d+)\].*: event_\w+: (?:(-?\d+): )?(\w+) x (\w+) -> (\w+)/g)].map(
      ([, cpu, id, from, event, to]) => `${id ?? String(Number(cpu))} ${from} ${event} ${to}`
    )
  }

  watching(): readonly Watching[] {
    return this.window.batch.watching ?? []
  }

  async triggers(): Promise<string> {
    const shown = (await this.target.list('instances')).map(({ name }) => name)
    const hist = shown.find((name) => name.endsWith('-hist'))
    if (hist === undefined) return ''
    return Buffer.from(await this.target.read(`instances/${hist}/show_event_triggers`)).toString()
  }
}

describe('three ways to watch a monitor', () => {
  it('sample: the latest state of each instance, as the kernel traced it, and no stream', async () => {
    const world = new World()
    await world.begin('wwnr')
    await world.ask({ op: 'watch', monitor: 'wwnr', way: 'sample' })
    await world.run(200)
    await world.settle()
    expect(world.watching()).toMatchObject([{ way: 'sample', chosen: 'sample', hz: 10 }])
    const traced = await world.traced()
    expect(traced.length).toBeGreaterThan(50)
    const latest = new Map(traced.map((line) => [line.split(' ')[0], line.split(' ')[3]]))
    expect(new Map(Object.entries(world.window.monitor('wwnr').current()))).toEqual(latest)
    const view = world.window.monitor('wwnr')
    expect(view.eventCount).toBe(traced.length)
    // Each instance's transitions are counted, though few of them were seen.
    for (const row of view.rows.values()) {
      const own = traced.filter((line) => line.startsWith(`${row.id} `)).length
      expect(row.transitions).toBe(own)
    }
    expect(world.window.rows.filter(({ text }) => text.includes('event_wwnr'))).toEqual([])
  })

  it('count: every transition by its edge, no state, and violations as ever', async () => {
    const world = new World()
    await world.begin('wip')
    await world.ask({ op: 'watch', monitor: 'wip', way: 'count' })
    await world.run(500)
    await world.settle()
    const traced = await world.traced()
    const edges = new Map<string, number>()
    for (const line of traced) {
      const edge = line.split(' ').slice(1).join(' ')
      edges.set(edge, (edges.get(edge) ?? 0) + 1)
    }
    const view = world.window.monitor('wip')
    expect(edges.size).toBe(3)
    expect(view.edges).toEqual(edges)
    // Violations are among the events.
    expect(view.eventCount - view.violationCount).toBe(traced.length)
    expect((await world.triggers()).split('\n').filter(Boolean)).toHaveLength(4)
    const before = world.window.violations.size
    for (let i = 0; i < 200 && world.window.violations.size === before; i++) await world.run(100)
    expect(world.window.violations.size).toBeGreaterThan(before)
  }, 60_000)

  it('goes from one way to the other without a wrong count, and leaves nothing behind', async () => {
    const world = new World()
    await world.begin('wwnr')
    const ways = ['stream', 'count', 'sample', 'stream', 'sample', 'count', 'stream'] as const
    for (const way of ways) {
      await world.ask({ op: 'watch', monitor: 'wwnr', way })
      await world.run(100)
      await world.settle()
      const kinds = (await world.triggers())
        .split('\n')
        .filter(Boolean)
        .map((line) => (line.includes('onmax') ? 'sample' : 'count'))
      expect([...new Set(kinds)]).toEqual(way === 'stream' ? [] : [way])
    }
    const traced = await world.traced()
    const view = world.window.monitor('wwnr')
    expect(view.eventCount).toBe(traced.length)
    const latest = new Map(traced.map((line) => [line.split(' ')[0], line.split(' ')[3]]))
    // Of what has not moved since it was counted no state is known, and it may be another one.
    for (const [id, state] of Object.entries(view.current())) {
      if (state !== undefined) expect([id, state]).toEqual([id, latest.get(id)])
    }
    await world.ask({ op: 'watch', monitor: 'wwnr', way: 'sample' })
    const { port } = world
    await world.ask({ op: 'disconnect' })
    expect(port).toBeDefined()
    expect(world.window.notices().filter((text) => text.includes('could not be put back'))).toEqual(
      []
    )
  })

  it('counts instead of streaming where a monitor is fast, and streams again where it is slow', async () => {
    const world = new World()
    await world.begin('wip')
    // Beyond 250,000 events a second of the panel's clock, which the target's overtakes.
    const fast = async (seconds: number, ms: number): Promise<void> => {
      for (let i = 0; i < seconds * 10; i++) {
        world.target.simulator.advance(ms * MS)
        await world.clock.advance(100)
      }
    }
    await fast(1, 10)
    expect(world.watching()).toEqual([])
    await fast(4, 2000)
    expect(world.watching()).toMatchObject([{ way: 'sample', chosen: 'auto', losing: false }])
    expect(world.watching()[0]?.rate).toBeGreaterThan(250_000)
    await fast(13, 10)
    expect(world.watching()).toEqual([])
    expect(await world.triggers()).toBe('')
  }, 120_000)

  it('refuses a monitor that is not there, in one sentence', async () => {
    const world = new World()
    await world.begin('wip')
    expect(await world.window.ask({ op: 'watch', monitor: 'nosuch', way: 'count' })).toEqual({
      code: 'REFUSED',
      message: 'simulated kernel has no monitor "nosuch".'
    })
  })
})
