import { afterEach, expect, it } from 'vitest'
import type { HistoryResult } from '../../contract/history'
import type { Request } from '../../contract/requests'
import { loadModels } from '../../target/load-models'
import { openSimulated } from '../../target/simulated-kernel'
import type { SimulatedPort } from '../../target/simulator-control'
import { createObserverService, type ObserverService } from '../service'
import { FakeClock } from '../testing/fake-clock'
import { WindowEnd } from '../testing/window-end'

const SETTINGS = { cpus: 4, tasks: 40, seed: 1 }
const MS = 1_000_000

let service: ObserverService | undefined
afterEach(async () => {
  await service?.close()
  service = undefined
})

async function setUp() {
  const { models, drawings } = await loadModels('models')
  const clock = new FakeClock()
  const ports: SimulatedPort[] = []
  service = createObserverService({
    models,
    drawings,
    stateDir: '/nowhere',
    clock,
    openTarget: () => {
      const port = openSimulated(SETTINGS, models, 'manual')
      ports.push(port)
      return Promise.resolve(port)
    }
  })
  const window = new WindowEnd(service)
  window.hello()
  await window.ask({ op: 'connect', target: { kind: 'sim', settings: SETTINGS } })
  const run = async (ms: number): Promise<void> => {
    for (let done = 0; done < ms; done += 10) {
      ports.at(-1)?.simulator.advance(10 * MS)
      await clock.advance(20)
    }
  }
  /** Asks as a window does, and returns what the reply brought. */
  const ask = async (request: Request): Promise<HistoryResult> => {
    expect(await window.ask(request)).toBeNull()
    const reply = window.messages.filter((m) => m.type === 'reply').at(-1)
    if (reply?.type !== 'reply' || reply.result === undefined) throw new Error('no result')
    return reply.result
  }
  return { window, ports, run, ask }
}

it('a window gets the state of every instance at a moment, as it had it live then', async () => {
  const { window, run, ask } = await setUp()
  await window.ask({ op: 'enable', monitor: 'wip', on: true })
  await window.ask({ op: 'enable', monitor: 'wwnr', on: true })
  const names = window.batch.monitors?.map((m) => m.fullName) ?? []
  const indexes = [names.indexOf('wip'), names.indexOf('wwnr')]
  const seen: { at: number; states: Record<string, string | undefined>[]; edges: number[] }[] = []
  for (let i = 0; i < 8; i++) {
    await run(30)
    const views = [window.monitor('wip'), window.monitor('wwnr')]
    seen.push({
      at: Math.max(
        ...views.flatMap((v) => [...v.rows.values()].map(({ since: [s, ns] }) => s * 1e9 + ns))
      ),
      states: views.map((v) => v.current()),
      edges: views.map((v) => [...v.edges.values()].reduce((a, b) => a + b, 0))
    })
  }
  for (const { at, states } of seen) {
    const result = await ask({ op: 'moment', at, monitors: indexes })
    if (result.kind !== 'moment') throw new Error(result.kind)
    const then = result.monitors.map(({ monitor, state }) => {
      const view = window.monitor(names[monitor] ?? '')
      return Object.fromEntries(
        Array.from(state?.id ?? [], (id, row) => [id, view.states[state?.state[row] ?? -1]])
      )
    })
    expect(then).toEqual(states)
  }
  // Lanes of a CPU change as often as the state did.
  const last = seen.at(-1)?.at ?? 0
  const lanes = await ask({
    op: 'history',
    monitor: indexes[0] ?? 0,
    rows: [0, 1, 2, 3],
    from: 0,
    to: last,
    columns: 50
  })
  if (lanes.kind !== 'lanes') throw new Error(lanes.kind)
  const events = lanes.total.reduce((a, b) => a + b, 0)
  expect(events).toBe(window.monitor('wip').eventCount)
  expect(lanes.keptFrom).toBe(0)
}, 30_000)

it('the past outlasts a lost target, and begins anew with the next one', async () => {
  const { window, run, ask } = await setUp()
  await window.ask({ op: 'enable', monitor: 'wip', on: true })
  await run(50)
  const index = window.batch.monitors?.findIndex((m) => m.fullName === 'wip') ?? -1
  await window.ask({
    op: 'setReactor',
    monitor: 'wip',
    reactor: 'panic',
    confirm: window.batch.target?.name ?? ''
  })
  for (let i = 0; i < 100 && window.batch.target?.phase === 'connected'; i++) await run(100)
  expect(window.batch.target?.phase).toBe('panicked')
  const all: Request = {
    op: 'history',
    monitor: index,
    rows: [],
    from: 0,
    to: 1e12,
    columns: 10
  }
  const before = await ask(all)
  expect(before.kind === 'lanes' && before.newest > 0).toBe(true)
  await window.ask({ op: 'simulator', action: 'reboot' })
  const after = await ask(all)
  expect(after).toMatchObject({ newest: 0, oldest: 0 })
}, 60_000)

it('what is about no monitor of the target is refused in a sentence', async () => {
  const { window } = await setUp()
  expect(await window.ask({ op: 'moment', at: 1, monitors: [999] })).toEqual({
    code: 'REFUSED',
    message: 'The target has no such monitor.'
  })
})
