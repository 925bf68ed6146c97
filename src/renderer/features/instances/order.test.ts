import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InstanceOrder } from './order'
import { RadixSort } from './radix'
import { CommIndex } from './comm-index'
import { MonitorLive } from '../../stores/columns'
import { delta } from '../../testing'
import { InstanceRates } from './rates'
import { Rows } from '../../stores/columns'
import { viewOf } from './testing'

const every = (): boolean => true

describe('RadixSort', () => {
  it('sorts as numbers are ordered, stable, what is no number last', () => {
    const sorter = new RadixSort()
    const key = fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 }), fc.constant(NaN))
    fc.assert(
      fc.property(fc.array(key, { maxLength: 300 }), (keys) => {
        const rows = Uint32Array.from(keys, (_, i) => i)
        sorter.sort(rows, Float64Array.from(keys))
        const value = (row: number): number => keys[row] ?? NaN
        const expected = keys.map((_, i) => i)
        expected.sort((a, b) => {
          const [x, y] = [value(a), value(b)]
          if (Number.isNaN(x) || Number.isNaN(y))
            return Number(Number.isNaN(x)) - Number(Number.isNaN(y))
          return x < y ? -1 : x > y ? 1 : 0
        })
        expect([...rows]).toEqual(expected)
      })
    )
  })
})

describe('CommIndex', () => {
  it('ranks alphabetically, however names come, change and are forgotten', () => {
    const name = fc.string({ maxLength: 3 })
    const batch = fc.array(fc.tuple(fc.nat({ max: 20 }), name), { maxLength: 30 })
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 6 }), (batches) => {
        const live = new MonitorLive()
        const index = new CommIndex()
        const comm = (row: number): string => live.rows.labels[row] ?? ''
        for (const one of batches) {
          const labels = one.map(([row, label]) => ({ index: row, label }))
          live.apply(delta(0, { rows: labels.map(({ index }) => ({ index })), labels }))
          index.update(live, comm)
        }
        for (let row = 0; row < live.rows.size; row++) {
          const id = index.ids[row] ?? -1
          expect(index.texts[id]).toBe(comm(row))
          for (let other = 0; other < row; other++) {
            if (comm(row) === '' || comm(other) === '') continue
            const [a, b] = [index.ranks[id] ?? NaN, index.ranks[index.ids[other] ?? -1] ?? NaN]
            expect([a < b, a > b]).toEqual([comm(row) < comm(other), comm(row) > comm(other)])
          }
        }
      })
    )
  })
})

describe('InstanceOrder', () => {
  const view = viewOf(
    [
      { index: 0, id: 30, state: 1, since: 500, transitions: 7 },
      { index: 1, id: 10, state: -1, transitions: 9 },
      { index: 2, id: 20, state: 0, since: 100, transitions: 7 }
    ],
    [
      { index: 0, label: 'b', task: { tgid: 20, leader: 'main', exited: false } },
      { index: 1, label: 'a (exited)', task: { tgid: -1, leader: '', exited: true } },
      { index: 2, label: 'c', task: { tgid: 20, leader: 'main', exited: false } }
    ]
  )
  const ids = (
    column: Parameters<InstanceOrder['order']>[2]['column'],
    descending: boolean,
    pins: number[] = []
  ) => {
    const { rows } = new InstanceOrder().order(view, every, { column, descending }, pins)
    return Array.from(rows, (row) => view.id(row))
  }

  it('sorts by every column, equal ones by id', () => {
    expect(ids('id', false)).toEqual([10, 20, 30])
    expect(ids('id', true)).toEqual([30, 20, 10])
    expect(ids('comm', false)).toEqual([10, 30, 20])
    expect(ids('transitions', true)).toEqual([10, 20, 30])
    expect(ids('transitions', false)).toEqual([20, 30, 10])
  })

  it('puts what has no value last in both directions', () => {
    expect(ids('since', true)).toEqual([20, 30, 10])
    expect(ids('since', false)).toEqual([30, 20, 10])
    expect(ids('group', true)).toEqual([20, 30, 10])
    expect(ids('state', true)).toEqual([30, 20, 10])
  })

  it('puts pinned ones first in the order of pinning, whatever the filter', () => {
    const sorter = new InstanceOrder()
    const made = sorter.order(
      view,
      (row) => view.id(row) === 10,
      { column: 'id', descending: false },
      [20, 99, 30]
    )
    expect([made.pinned, ...Array.from(made.rows, (row) => view.id(row))]).toEqual([2, 20, 30, 10])
  })

  it('lists each instance that matches exactly once', () => {
    const rows = fc.uniqueArray(fc.nat({ max: 500 }), { maxLength: 80 })
    fc.assert(
      fc.property(rows, fc.array(fc.nat({ max: 500 })), fc.boolean(), (ids, pins, descending) => {
        const many = viewOf(ids.map((id, index) => ({ index, id, transitions: id % 7 })))
        const odd = (row: number): boolean => many.id(row) % 2 === 1
        const unique = [...new Set(pins)]
        const made = new InstanceOrder().order(
          many,
          odd,
          { column: 'transitions', descending },
          unique
        )
        const listed = Array.from(made.rows, (row) => many.id(row)).sort((a, b) => a - b)
        const wanted = ids.filter((id) => id % 2 === 1 || unique.includes(id)).sort((a, b) => a - b)
        expect(listed).toEqual(wanted)
      })
    )
  })

  it('makes nothing anew for 100,000 rows that are sorted again', () => {
    const many = viewOf(
      Array.from({ length: 100_000 }, (_, index) => ({
        index,
        id: index + 1,
        transitions: index % 97
      }))
    )
    const sorter = new InstanceOrder()
    const order = () =>
      sorter.order(many, every, { column: 'transitions', descending: true }, []).rows.buffer
    const [first, second] = [order(), order()]
    expect([order() === first, order() === second]).toEqual([true, true])
  })
})

describe('InstanceRates', () => {
  const rows = (...values: [id: number, transitions: number][]): Rows => {
    const made = new Rows()
    made.ensure(values.length)
    values.forEach(([id, transitions], row) => {
      made.id[row] = id
      made.transitions[row] = transitions
    })
    return made
  }

  it('are known once an instance was seen twice, and smooth what follows', () => {
    const rates = new InstanceRates()
    rates.sample(rows([7, 100]), 1000)
    expect(rates.of(0)).toBeNaN()
    rates.sample(rows([7, 150]), 2000)
    expect(rates.of(0)).toBe(50)
    rates.sample(rows([7, 150]), 3000)
    expect(rates.of(0)).toBeGreaterThan(25)
    expect(rates.of(0)).toBeLessThan(50)
  })

  it('begin anew where a row has become another instance', () => {
    const rates = new InstanceRates()
    rates.sample(rows([7, 100]), 1000)
    rates.sample(rows([8, 500], [9, 1]), 2000)
    expect([rates.of(0), rates.of(1)]).toEqual([NaN, NaN])
    rates.sample(rows([8, 510], [9, 2]), 3000)
    expect([rates.of(0), rates.of(1)]).toEqual([10, 1])
  })
})
