import { describe, expect, it } from 'vitest'
import type { HistoryResult } from '../../contract/history'
import type { ServerMessage } from '../../contract/state'
import { delta, emptyBatch, FakePort, monitorInfo, targetStatus } from '../testing'
import { Panel } from './panel'

function setUp() {
  const port = new FakePort()
  const panel = new Panel(port.api, () => undefined)
  panel.bridge.start()
  const snapshot = (seq: number, generation = 1): ServerMessage => ({
    type: 'snapshot',
    seq,
    batch: emptyBatch({
      target: targetStatus({ generation }),
      monitors: [monitorInfo('wip', { enabled: true })],
      deltas: [
        delta(0, {
          states: ['a', 'b'],
          events: ['e'],
          rows: [{ index: 0, state: 1, since: 900, transitions: 9 }],
          edges: [[0, 0, 1, 9]],
          labels: [{ index: 0, label: 'now' }]
        })
      ]
    })
  })
  port.send(snapshot(1))
  const asked = () => port.requests().map(({ request }) => ('at' in request ? request.at : -1))
  const answer = (result?: HistoryResult): void => {
    port.send({
      type: 'reply',
      id: port.requests().at(-1)?.id ?? 0,
      error: null,
      ...(result ? { result } : {})
    })
  }
  return { port, panel, asked, answer, snapshot }
}

function past(at: number, state: number, label?: string): HistoryResult {
  const none = { from: new Int16Array(0), event: new Int16Array(0), to: new Int16Array(0) }
  return {
    kind: 'moment',
    at,
    monitors: [
      {
        monitor: 0,
        keptFrom: 0,
        state: {
          id: Int32Array.of(0),
          state: Int16Array.of(state),
          event: Int16Array.of(0),
          sinceSec: Uint32Array.of(0),
          sinceNsec: Uint32Array.of(at - 50),
          transitions: Float64Array.of(4),
          violations: Uint32Array.of(0),
          labels: label === undefined ? [] : [{ index: 0, label }],
          edges: {
            from: Int16Array.of(0),
            event: Int16Array.of(0),
            to: Int16Array.of(1),
            count: Float64Array.of(4)
          },
          refused: {
            from: none.from,
            event: none.event,
            count: new Float64Array(0)
          },
          lastEdge: 0,
          lastRow: 0,
          events: 4,
          violationCount: 0,
          unsure: 1
        }
      }
    ]
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

describe('a moment in the past', () => {
  it('is what every view shows, with times relative to it, while live data goes on', async () => {
    const { panel, answer, asked } = setUp()
    panel.goTo(500)
    expect(panel.shownOf(0)).toBeUndefined()
    await settled()
    expect(asked()).toEqual([500])
    answer(past(500, 0, 'then'))
    await settled()
    const shown = panel.shownOf(0)
    expect(shown?.rows.state[0]).toBe(0)
    expect(shown?.rows.labels[0]).toBe('then')
    expect(shown?.edges.count[0]).toBe(4)
    expect(shown?.lastEdge).toBe(0)
    expect(panel.clock.since(0, 450)).toBe(50)
    expect(panel.past.of(0)?.unsure).toBe(1)
    expect(panel.liveOf(0)?.rows.state[0]).toBe(1)
    panel.goLive()
    expect(panel.shownOf(0)).toBe(panel.liveOf(0))
    expect(panel.clock.since(0, 450)).toBe(450)
  })

  it('never queues: of the moments that come while one is looked up only the newest is asked for', async () => {
    const { panel, answer, asked } = setUp()
    panel.goTo(100)
    panel.shownOf(0)
    await settled()
    for (const at of [200, 300, 400]) panel.goTo(at)
    answer(past(100, 0))
    await settled()
    expect(asked()).toEqual([100, 400])
    expect(panel.past.shownAt.value).toBe(100)
    answer(past(400, 1))
    await settled()
    expect(panel.past.shownAt.value).toBe(400)
  })

  it('that arrives after the user went back to live is not shown', async () => {
    const { panel, answer } = setUp()
    panel.goTo(100)
    panel.shownOf(0)
    await settled()
    panel.goLive()
    answer(past(100, 0))
    await settled()
    expect(panel.past.shownAt.value).toBeNull()
    expect(panel.shownOf(0)?.rows.state[0]).toBe(1)
  })

  it('is never later than now, and works for whoever sets it', async () => {
    const { panel, asked } = setUp()
    panel.goTo(1e15)
    expect(panel.moment.value).toBe(900)
    panel.moment.value = 300
    panel.shownOf(0)
    await settled()
    expect(asked().at(-1)).toBe(300)
  })

  it('that is no longer kept shows nothing, and since when it is kept', async () => {
    const { panel, answer } = setUp()
    panel.goTo(100)
    panel.shownOf(0)
    await settled()
    answer({ kind: 'moment', at: 100, monitors: [{ monitor: 0, keptFrom: 600, state: null }] })
    await settled()
    expect(panel.shownOf(0)).toBeUndefined()
    expect(panel.past.of(0)?.keptFrom).toBe(600)
  })

  it('outlasts a new snapshot of the same connection, and ends with it', async () => {
    const { port, panel, snapshot } = setUp()
    panel.goTo(100)
    port.send(snapshot(2))
    expect(panel.moment.value).toBe(100)
    port.send(snapshot(3, 2))
    expect(panel.moment.value).toBeNull()
    await settled()
  })
})
