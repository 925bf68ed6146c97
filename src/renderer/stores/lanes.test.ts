import { describe, expect, it } from 'vitest'
import type { EventRows } from '../../contract/state'
import { delta } from '../testing'
import { MonitorLive } from './columns'
import { Lane, Lanes, NOT_MONITORING, UNKNOWN } from './lanes'

function history(lane: Lane | undefined): [number, number][] {
  return Array.from({ length: lane?.size ?? 0 }, (_, i) => [
    lane?.timeAt(i) ?? 0,
    lane?.stateAt(i) ?? 0
  ])
}

function rows(...list: [nsec: number, cpu: number, text: string, error?: boolean][]): EventRows {
  return {
    first: 0,
    rows: list.map(([nsec, cpu, text, error]) => ({
      sec: 0,
      nsec,
      cpu,
      pid: 1,
      comm: 'x',
      flags: '.....',
      monitor: 0,
      error: error ?? false,
      text
    }))
  }
}

function started() {
  const live = new MonitorLive()
  const lanes = new Lanes()
  const first = delta(0, {
    states: ['a', 'b'],
    events: ['go', 'back'],
    rows: [{ index: 0, state: 0, since: 10 }]
  })
  live.apply(first)
  lanes.apply([first], undefined, [live])
  const step = (d: ReturnType<typeof delta>, events?: EventRows): void => {
    live.apply(d)
    lanes.apply([d], events, [live])
  }
  return { live, lanes, step }
}

describe('Lanes', () => {
  it('are exact where the event log has every transition', () => {
    const { lanes, step } = started()
    step(
      delta(0, { rows: [{ index: 0, state: 0, since: 40, transitions: 2 }] }),
      rows([20, 0, 'event_m: a x go -> b'], [40, 0, 'event_m: b x back -> a (final)'])
    )
    expect(history(lanes.lane(0, 0))).toEqual([
      [10, 0],
      [20, 1],
      [40, 0]
    ])
  })

  it('say that states are unknown where transitions are missing', () => {
    const { lanes, step } = started()
    step(
      delta(0, { rows: [{ index: 0, state: 0, since: 90, transitions: 8 }] }),
      rows([80, 0, 'event_m: a x go -> b'], [90, 0, 'event_m: b x back -> a'])
    )
    const states = history(lanes.lane(0, 0)).map(([, state]) => state)
    expect(states).toEqual([0, UNKNOWN, 1, 0])
  })

  it('end a lane at a violation', () => {
    const { lanes, step } = started()
    step(
      delta(0, { rows: [{ index: 0, state: -1, since: 30 }] }),
      rows([30, 0, 'error_m: event back not expected in the state a', true])
    )
    expect(history(lanes.lane(0, 0)).at(-1)).toEqual([30, NOT_MONITORING])
  })

  it('remember a bounded number of changes, in order', () => {
    const lane = new Lane()
    for (let i = 0; i < 20_000; i++) lane.push(i, i % 2)
    expect(lane.size).toBeLessThanOrEqual(8192)
    expect(lane.timeAt(lane.size - 1)).toBe(19_999)
    expect(lane.timeAt(lane.find(15_000.5))).toBe(15_000)
    lane.push(5, 1)
    expect(lane.lastTime).toBe(19_999)
  })
})
