import { afterEach, describe, expect, it } from 'vitest'
import { CLOCK_UNSEEN, type Batch, type MonitorDelta } from '../contract/state'
import { loadModels } from '../target/load-models'
import { openSimulated } from '../target/simulated-kernel'
import { createTraceDecoder } from '../trace'
import { frequencyOf } from './clock-resets'
import { Fold } from './fold'
import { Observer } from './observer'
import { FakeClock } from './testing/fake-clock'
import { traceLine } from './testing/trace-text'
import type { RvMonitor } from './tree'

const SEC = 1e9
const MS = 1_000_000

let observer: Observer | undefined
afterEach(async () => {
  await observer?.close()
  observer = undefined
})

interface Row {
  readonly id: number
  readonly state: number
  readonly since: number
  /** ns, or undefined. */
  readonly reset: number | undefined
}

function rowsOf(delta: MonitorDelta): Row[] {
  const { rows, clocks } = delta
  return [...rows.index].map((_, i) => {
    const sec = clocks?.[0]?.sec[i] ?? CLOCK_UNSEEN
    return {
      id: rows.id[i] ?? 0,
      state: rows.state[i] ?? -2,
      since: (rows.sinceSec[i] ?? 0) * SEC + (rows.sinceNsec[i] ?? 0),
      reset: sec === CLOCK_UNSEEN ? undefined : sec * SEC + (clocks?.[0]?.nsec[i] ?? 0)
    }
  })
}

it('stall: the clock of a starving task runs from its reset until the limit, where it violates', async () => {
  const { models, drawings } = await loadModels('models')
  const threshold = 60
  const settings = {
    cpus: 4,
    tasks: 40,
    seed: 1,
    scenario: 'starving-task',
    parameters: { 'stall.threshold_jiffies': threshold }
  }
  const port = openSimulated(settings, models, 'manual')
  const clock = new FakeClock()
  observer = await Observer.connect(port, { drawings, clock, notify: () => undefined })
  let batch: Batch = observer.snapshot()
  const { hz } = batch.target ?? {}
  if (hz === undefined) throw new Error('the simulated kernel tells its HZ')
  const index = batch.monitors?.findIndex(({ name }) => name === 'stall') ?? -1
  expect(batch.monitors?.[index]?.values).toEqual([{ name: 'threshold_jiffies', value: threshold }])
  await observer.perform({ op: 'enable', monitor: 'stall', on: true })
  const enqueued = drawings.get('stall')?.automaton?.states.indexOf('enqueued') ?? -1
  const last = new Map<number, Row>()
  let violated: { before: Row; after: Row } | undefined
  for (let i = 0; i < 1000 && violated === undefined; i++) {
    port.simulator.advance(10 * MS)
    await clock.advance(20)
    batch = observer.takeBatch() ?? { ...batch, deltas: [] }
    for (const delta of batch.deltas.filter(({ monitor }) => monitor === index)) {
      for (const row of rowsOf(delta)) {
        const before = last.get(row.id)
        if (row.state === -1 && before?.state === enqueued && delta.violations > 0) {
          violated = { before, after: row }
        }
        last.set(row.id, row)
        // Its invariant's clock was reset on every way into the state.
        if (row.state === enqueued && row.reset !== undefined) {
          expect(row.reset).toBeGreaterThanOrEqual(row.since)
        }
      }
    }
  }
  if (violated === undefined) throw new Error('nothing starved in 10 virtual seconds')
  const { before, after } = violated
  expect(after.reset).toBe(before.reset)
  const jiffies = ((after.since - (after.reset ?? 0)) / SEC) * hz
  expect(jiffies).toBeGreaterThanOrEqual(threshold - 1)
  expect(jiffies).toBeLessThan(threshold * 1.2)
}, 60_000)

describe('clocks in the event stream', () => {
  async function stall() {
    const { drawings } = await loadModels('models')
    const fold = new Fold(drawings, { onError: () => undefined })
    const info: RvMonitor = {
      name: 'stall',
      fullName: 'stall',
      parent: undefined,
      path: 'rv/monitors/stall',
      class: 'ha',
      type: 'per_task',
      description: '',
      enabled: true,
      reactor: undefined,
      events: { event: 'event_stall', error: 'error_stall', errorEnv: 'error_env_stall' },
      hasId: true
    }
    const monitor = fold.addMonitor(info)
    const decoder = createTraceDecoder()
    const feed = (text: string): void => {
      decoder.decode(new TextEncoder().encode(text), (batch) => {
        fold.fold(batch)
      })
    }
    const row = (): Row | undefined => rowsOf(monitor.take(true))[0]
    return { fold, monitor, feed, row }
  }

  it('are reset by the transitions that the model says, and by no others', async () => {
    const { feed, row } = await stall()
    feed(traceLine(0, 1, 'event_stall: 7: running x sched_switch_in -> running'))
    expect(row()?.reset).toBeUndefined()
    feed(traceLine(0, 2, 'event_stall: 7: running x sched_switch_preempt -> enqueued'))
    const { reset, since } = row() ?? {}
    expect(reset).toBe(since)
    feed(traceLine(0, 3, 'event_stall: 7: enqueued x sched_wakeup -> enqueued'))
    expect(row()?.reset).toBe(reset)
  })

  it('are void after a loss, and so is the state, until the next event of the instance', async () => {
    const { feed, monitor, row } = await stall()
    feed(traceLine(0, 2, 'event_stall: 7: running x sched_switch_preempt -> enqueued'))
    feed(traceLine(0, 2, 'event_stall: 8: running x sched_switch_preempt -> enqueued'))
    monitor.take(false)
    feed('CPU:0 [LOST 12 EVENTS]\n')
    expect([...(monitor.take(false).rows.unsure ?? [])]).toEqual([1, 1])
    feed('CPU:0 [LOST 12 EVENTS]\n')
    // Already said.
    expect(monitor.take(false).rows.index).toHaveLength(0)
    feed(traceLine(0, 5, 'event_stall: 7: enqueued x sched_wakeup -> enqueued'))
    expect(row()?.reset).toBeUndefined()
    expect([...(monitor.take(true).rows.unsure ?? [])]).toEqual([0, 1])
  })

  it('start anew with the instance, and a violation tells how long a jiffy is', async () => {
    const { fold, feed, row } = await stall()
    feed(traceLine(0, 2, 'event_stall: 7: running x sched_switch_preempt -> enqueued'))
    const before = row()
    const clk = 250
    // A second later on a kernel of 250 Hz.
    const line = traceLine(
      0,
      2,
      `error_env_stall: 7: event none not expected in the state enqueued with env clk=${clk}`
    )
    feed(
      line.replace(
        / (\d+)\.(\d+): error/,
        (_, s: string, us: string) => ` ${Number(s) + 1}.${us}: error`
      )
    )
    expect(row()).toMatchObject({ state: -1, reset: before?.reset })
    expect(fold.hz).toBe(250)
    feed(traceLine(0, 9, 'event_stall: 7: dequeued x sched_switch_in -> running'))
    expect(row()?.reset).toBeUndefined()
  })
})

it('a frequency is one that kernels are built with, or not known', () => {
  expect(frequencyOf(1000, SEC)).toBe(1000)
  expect(frequencyOf(1010, 4 * SEC)).toBe(250)
  expect(frequencyOf(600, SEC)).toBeUndefined()
  expect(frequencyOf(5, 5 * MS)).toBeUndefined()
  expect(frequencyOf(Number.NaN, SEC)).toBeUndefined()
  expect(frequencyOf(1000, 0)).toBeUndefined()
})
