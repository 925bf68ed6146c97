import { describe, expect, it } from 'vitest'
import { LANE_ROWS } from '../contract/state'
import { LaneRing, LANE_STEPS } from './lane-ring'

function filled(count: number): LaneRing {
  const ring = new LaneRing()
  for (let i = 0; i < count; i++) ring.add(i % LANE_ROWS, i % 3, 7, i)
  return ring
}

describe('LaneRing', () => {
  it.each([0, 1, 257, LANE_STEPS])('hands out %i changes in their order, once', (count) => {
    const ring = filled(count)
    const lane = ring.take()
    expect(lane.missed).toBe(0)
    expect([...lane.nsec]).toEqual(Array.from({ length: count }, (_, i) => i))
    expect([...lane.state]).toEqual(Array.from({ length: count }, (_, i) => i % 3))
    expect(ring.take()).toMatchObject({ index: new Uint32Array(0), missed: 0 })
  })

  it('keeps the newest of more than a frame takes, and says how many went', () => {
    const lane = filled(LANE_STEPS + 1000).take()
    expect(lane.index).toHaveLength(LANE_STEPS)
    expect(lane.missed).toBe(1000)
    expect([lane.nsec[0], lane.nsec.at(-1)]).toEqual([1000, LANE_STEPS + 999])
  })

  it('leaves out instances that have no lane', () => {
    const ring = new LaneRing()
    ring.add(LANE_ROWS, 1, 0, 0)
    ring.add(LANE_ROWS - 1, 1, 0, 0)
    expect([...ring.take().index]).toEqual([LANE_ROWS - 1])
  })
})
