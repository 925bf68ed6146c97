import { describe, expect, it } from 'vitest'
import type { LanesResult } from '../../contract/history'
import { Lane, UNKNOWN } from '../stores/lanes'
import { factAt, measureLane, measureTile, type LaneView } from './lane-source'

function tile(parts: Partial<LanesResult>): LanesResult {
  return {
    kind: 'lanes',
    monitor: 0,
    from: 0,
    to: 400,
    columns: 4,
    keptFrom: 0,
    oldest: 0,
    newest: 400,
    rows: Uint32Array.of(7),
    state: Int16Array.of(-1, 0, 1, 1),
    changes: Uint32Array.of(0, 1, 5, 0),
    unknown: Uint8Array.of(0, 0, 0, 1),
    total: new Uint32Array(4),
    losses: new Uint32Array(4),
    marks: { time: new Float64Array(0), row: new Uint32Array(0), seq: new Uint32Array(0) },
    ...parts
  }
}

function view(lane: Lane | undefined, parts: Partial<LaneView> = {}): LaneView {
  return {
    row: 7,
    label: '',
    lane,
    tile: null,
    tileRow: -1,
    marks: [],
    followed: false,
    pinned: false,
    focused: false,
    ...parts
  }
}

function lane(...changes: [number, number][]): Lane {
  const made = new Lane()
  for (const [time, state] of changes) made.push(time, state)
  return made
}

describe('what a lane says of a time', () => {
  const own = lane([250, 0], [300, 1])

  it('is the change that the window has, with its end', () => {
    expect(factAt(view(own), 260)).toEqual({
      state: 0,
      from: 250,
      to: 300,
      changes: 0,
      exact: true
    })
    expect(factAt(view(own), 999)).toEqual({
      state: 1,
      from: 300,
      to: null,
      changes: 0,
      exact: true
    })
  })

  it('is a sum where only the observer has it, and nothing where nobody has', () => {
    const old = view(own, { tile: tile({}), tileRow: 0 })
    expect(factAt(old, 220)).toMatchObject({ state: 1, changes: 5, exact: false })
    expect(factAt(view(undefined, { tile: tile({}), tileRow: 0 }), 350)?.state).toBe(UNKNOWN)
    expect(factAt(view(own), 100)).toBeUndefined()
    expect(factAt(view(undefined, { tile: tile({}), tileRow: 0 }), 400)).toBeUndefined()
  })
})

describe('a measurement', () => {
  it('has the changes after A up to B, and all of the time by state', () => {
    const own = lane([100, 0], [200, 1], [300, 0], [350, UNKNOWN])
    expect(measureLane(own, 150, 400, 1000)).toEqual({
      from: 150,
      to: 400,
      changes: 3,
      exact: true,
      spent: [
        { state: 0, ns: 100 },
        { state: 1, ns: 100 },
        { state: UNKNOWN, ns: 50 }
      ]
    })
  })

  it('counts no time that has not come yet, and leaves to the observer what is older', () => {
    const own = lane([100, 0])
    expect(measureLane(own, 150, 900, 400)?.spent).toEqual([{ state: 0, ns: 250 }])
    expect(measureLane(own, 50, 200, 400)).toBeUndefined()
    expect(measureTile(tile({}))).toMatchObject({ changes: 6, exact: false })
  })
})
