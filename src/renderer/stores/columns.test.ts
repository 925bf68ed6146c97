import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { delta, type RowValues } from '../testing'
import { MonitorLive } from './columns'

const names = { states: ['preemptive', 'non_preemptive'], events: ['disable', 'enable', 'waking'] }

function counted(live: MonitorLive): number[] {
  const out = [0, 0, 0]
  for (let i = 0; i < live.rows.size; i++) {
    const at = (live.rows.state[i] ?? -1) + 1
    out[at] = (out[at] ?? 0) + 1
  }
  return out
}

function seen(live: MonitorLive): unknown {
  const r = live.rows
  return {
    rows: Array.from({ length: r.size }, (_, i) => [
      r.id[i],
      r.state[i],
      r.event[i],
      r.sinceNsec[i],
      r.transitions[i],
      r.violations[i],
      r.labels[i]
    ]),
    edges: Array.from({ length: live.edges.size }, (_, i) => [
      live.edges.from[i],
      live.edges.event[i],
      live.edges.to[i],
      live.edges.count[i]
    ]),
    perState: [...live.perState.slice(0, 3)],
    states: [...live.states],
    totals: [live.eventsTotal, live.violationsTotal]
  }
}

const rowValues: fc.Arbitrary<RowValues> = fc.record({
  index: fc.nat(70),
  id: fc.nat(70),
  state: fc.integer({ min: -1, max: 1 }),
  event: fc.integer({ min: -1, max: 2 }),
  since: fc.nat(999_999_999),
  transitions: fc.nat(1000),
  violations: fc.nat(9)
})

describe('MonitorLive', () => {
  it('keeps whole values by row and counts instances per state', () => {
    const live = new MonitorLive()
    live.apply(
      delta(0, {
        ...names,
        rows: [
          { index: 0, state: 0 },
          { index: 3, state: 1 }
        ]
      })
    )
    expect([...live.perState.slice(0, 3)]).toEqual([2, 1, 1])
    live.apply(delta(0, { rows: [{ index: 0, state: 1, transitions: 1 }] }))
    expect([...live.perState.slice(0, 3)]).toEqual([2, 0, 2])
    expect(live.moved).toBe(true)
    expect(live.rowOf(3)).toBe(3)
  })

  it('forgets an instance whose row another one has taken', () => {
    const live = new MonitorLive()
    live.apply(delta(0, { ...names, rows: [{ index: 0, id: 41, state: 0 }] }))
    live.apply(delta(0, { rows: [{ index: 0, id: 300, state: 1 }] }))
    expect([live.rowOf(41), live.rowOf(300)]).toEqual([-1, 0])
  })

  it('finds the edge that fired last, by the newest time', () => {
    const live = new MonitorLive()
    live.apply(
      delta(0, {
        ...names,
        rows: [
          { index: 0, state: 0 },
          { index: 1, state: 1 }
        ]
      })
    )
    live.apply(
      delta(0, {
        rows: [
          { index: 0, state: 1, event: 0, since: 900, transitions: 1 },
          { index: 1, state: 0, event: 1, since: 100, transitions: 1 }
        ],
        edges: [
          [1, 1, 0, 1],
          [0, 0, 1, 1]
        ]
      })
    )
    expect([live.edges.from[live.lastEdge], live.edges.event[live.lastEdge]]).toEqual([0, 0])
    expect(live.lastRow).toBe(0)
  })

  it('is idempotent, and its counts per state are those of its rows', () => {
    fc.assert(
      fc.property(fc.array(fc.array(rowValues, { maxLength: 12 }), { maxLength: 8 }), (steps) => {
        const once = new MonitorLive()
        const twice = new MonitorLive()
        const first = delta(0, names)
        once.apply(first)
        twice.apply(first)
        for (const rows of steps) {
          const step = delta(0, { ...names, rows, edges: [[0, 0, 1, rows.length]], total: 5 })
          once.apply(step)
          twice.apply(step)
          twice.apply(step)
        }
        expect(seen(twice)).toEqual(seen(once))
        expect([...once.perState.slice(0, 3)]).toEqual(counted(once))
      })
    )
  })

  it.each([
    ['an unknown state', { rows: [{ index: 0, state: 7 }] }],
    ['an unknown event', { rows: [{ index: 0, event: 9 }] }],
    ['an impossible instance', { rows: [{ index: 0xffffffff }] }],
    ['an edge to nowhere', { edges: [[0, 0, 5, 1]] as [number, number, number, number][] }],
    ['a refused unknown event', { refused: [[0, 8, 1]] as [number, number, number][] }]
  ])('refuses %s', (_, parts) => {
    const live = new MonitorLive()
    live.apply(delta(0, names))
    expect(() => live.apply(delta(0, parts))).toThrow(RangeError)
  })

  it('refuses columns of different lengths', () => {
    const live = new MonitorLive()
    const broken = delta(0, { ...names, rows: [{ index: 0, state: 0 }] })
    broken.rows.state = new Int16Array(0)
    expect(() => live.apply(broken)).toThrow(RangeError)
  })
})
