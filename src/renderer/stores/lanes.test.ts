import { describe, expect, it } from 'vitest'
import { LANE_ALL } from '../../contract/state'
import { delta } from '../testing'
import { MonitorLive } from './columns'
import { Lane, Lanes, NOT_MONITORING, UNKNOWN } from './lanes'

function history(lane: Lane | undefined): [number, number][] {
  return Array.from({ length: lane?.size ?? 0 }, (_, i) => [
    lane?.timeAt(i) ?? 0,
    lane?.stateAt(i) ?? 0
  ])
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
  lanes.apply([first], [live])
  const step = (d: ReturnType<typeof delta>): void => {
    live.apply(d)
    lanes.apply([d], [live])
  }
  return { live, lanes, step }
}

describe('Lanes', () => {
  it('have every change that was sent', () => {
    const { lanes, step } = started()
    step(
      delta(0, {
        rows: [{ index: 0, state: 0, since: 40, transitions: 2 }],
        lane: [
          [0, 1, 20],
          [0, 0, 40]
        ]
      })
    )
    expect(history(lanes.lane(0, 0))).toEqual([
      [10, 0],
      [20, 1],
      [40, 0]
    ])
  })

  it('say that states are unknown until the first change that was sent', () => {
    const { lanes, step } = started()
    step(
      delta(0, {
        rows: [{ index: 0, state: 0, since: 90 }],
        lane: [
          [0, 1, 80],
          [0, 0, 90]
        ],
        missed: 7
      })
    )
    expect(history(lanes.lane(0, 0))).toEqual([
      [10, 0],
      [11, UNKNOWN],
      [80, 1],
      [90, 0]
    ])
  })

  it('leave a row alone that did not change while others have gaps', () => {
    const { lanes, step } = started()
    step(delta(0, { rows: [{ index: 1, state: 1, since: 50 }], lane: [[1, 1, 50]], missed: 3 }))
    expect(history(lanes.lane(0, 0))).toEqual([[10, 0]])
  })

  it('are all unknown from a loss on, each until its next change', () => {
    const { lanes, step } = started()
    step(delta(0, { rows: [{ index: 1, state: 1, since: 20 }], lane: [[1, 1, 20]] }))
    step(
      delta(0, {
        rows: [{ index: 1, state: 0, since: 70 }],
        lane: [
          [LANE_ALL, UNKNOWN, 60],
          [1, 0, 70]
        ]
      })
    )
    expect(history(lanes.lane(0, 0)).at(-1)).toEqual([60, UNKNOWN])
    expect(history(lanes.lane(0, 1)).slice(-2)).toEqual([
      [60, UNKNOWN],
      [70, 0]
    ])
  })

  it('stay unknown after a loss that came behind the last change of the frame', () => {
    const { lanes, step } = started()
    step(
      delta(0, {
        rows: [{ index: 0, state: 1, since: 20 }],
        lane: [
          [0, 1, 20],
          [LANE_ALL, UNKNOWN, 60]
        ]
      })
    )
    expect(history(lanes.lane(0, 0)).at(-1)).toEqual([60, UNKNOWN])
  })

  it('end at a violation, and when the monitor is switched off', () => {
    const { lanes, step } = started()
    step(delta(0, { rows: [{ index: 0, state: -1, since: 30 }], lane: [[0, -1, 30]] }))
    expect(history(lanes.lane(0, 0)).at(-1)).toEqual([30, NOT_MONITORING])
    step(delta(0, { rows: [{ index: 0, state: 1, since: 40 }], lane: [[0, 1, 40]] }))
    step(delta(0, { rows: [{ index: 0, state: -1, since: 40 }] }))
    expect(history(lanes.lane(0, 0)).at(-1)?.[1]).toBe(NOT_MONITORING)
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
