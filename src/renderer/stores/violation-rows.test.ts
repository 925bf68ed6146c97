import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { violation } from '../testing'
import { GROUPINGS } from '../../contract/settings'
import { seqAt, sizeOf, ViolationGroups } from './violation-groups'
import { causeKey, ViolationRows } from './violation-rows'

const name = (monitor: number): string => `m${String(9 - monitor)}`

describe('ViolationRows', () => {
  it('tells of each violation what it was', () => {
    const rows = new ViolationRows()
    rows.add(violation(1, { sec: 3, nsec: 7, id: -5, label: 'rt', env: 'clk<1', stack: ['a'] }))
    rows.add(violation(4, { kind: 'ltl', id: null }))
    expect([rows.time(1), rows.id(1), rows.label(1), rows.env(1)]).toEqual([
      3e9 + 7,
      -5,
      'rt',
      'clk<1'
    ])
    expect([rows.hasStack(1), rows.hasStack(4)]).toEqual([true, false])
    expect([rows.kind(4), rows.id(4), rows.comm(4)]).toEqual(['ltl', null, 'cyclictest'])
    expect([...rows]).toEqual([1, 4])
    expect(rows.missing).toBe(2)
  })

  it('keeps the newest, and knows what of them was looked at', () => {
    const rows = new ViolationRows(2048)
    for (let seq = 1; seq <= 5000; seq++) rows.add(violation(seq, { pid: seq }))
    expect([...rows]).toHaveLength(2048)
    expect([rows.firstSeq, rows.has(2952), rows.pid(2953), rows.unseen]).toEqual([
      2953,
      false,
      2953,
      2048
    ])
    rows.markSeen([5000, 4999, 1])
    expect([rows.unseen, rows.isSeen(5000)]).toEqual([2046, true])
    rows.markAllSeen()
    expect(rows.unseen).toBe(0)
    rows.add(violation(5001))
    expect(rows.unseen).toBe(1)
  })

  it('knows what was looked at when the same violations come again', () => {
    const rows = new ViolationRows()
    for (let seq = 1; seq <= 3; seq++) rows.add(violation(seq))
    rows.markSeen([2])
    rows.clear(true)
    for (let seq = 1; seq <= 3; seq++) rows.add(violation(seq))
    expect([rows.unseen, rows.isSeen(2)]).toEqual([2, true])
    rows.clear(false)
    rows.add(violation(1))
    rows.add(violation(2))
    expect(rows.unseen).toBe(2)
  })

  it('forgets names that nobody has', () => {
    const rows = new ViolationRows(1024, 3000)
    for (let seq = 1; seq <= 20_000; seq++) rows.add(violation(seq, { comm: `t${String(seq)}` }))
    expect([rows.comm(20_000), rows.comm(19_000), rows.state(20_000)]).toEqual([
      't20000',
      't19000',
      'preemptive'
    ])
  })
})

describe('ViolationGroups', () => {
  it('has the same key as a violation itself', () => {
    const rows = new ViolationRows()
    const one = violation(1, { id: 3, kind: 'error_env' })
    rows.add(one)
    expect(rows.causeKey(1)).toBe(causeKey(one))
  })

  it('sorts by the newest, by count, and by monitor', () => {
    const rows = new ViolationRows()
    const groups = new ViolationGroups(rows)
    rows.add(violation(1, { monitor: 0 }))
    rows.add(violation(2, { monitor: 1 }))
    rows.add(violation(3, { monitor: 1 }))
    rows.add(violation(4, { monitor: 2 }))
    groups.update()
    const order = (by: 'newest' | 'count' | 'monitor') =>
      groups.sorted(by, name).map((g) => g.monitor)
    expect([order('newest'), order('count'), order('monitor')]).toEqual([
      [2, 1, 0],
      [1, 2, 0],
      [2, 1, 0]
    ])
  })

  it('has each listed violation in exactly one group, however they came and went', () => {
    const parts = fc.record({
      monitor: fc.nat(2),
      cpu: fc.nat(2),
      id: fc.option(fc.nat(2)),
      state: fc.constantFrom('a', 'b'),
      seen: fc.boolean(),
      look: fc.boolean()
    })
    fc.assert(
      fc.property(
        fc.array(parts, { maxLength: 60 }),
        fc.constantFrom(...GROUPINGS),
        fc.boolean(),
        (all, grouping, filters) => {
          const rows = new ViolationRows(16)
          const groups = new ViolationGroups(rows)
          const test = filters ? (seq: number) => rows.state(seq) === 'a' : null
          groups.show(grouping, test)
          all.forEach(({ seen, look, ...one }, i) => {
            rows.add(violation(i + 1, one))
            if (seen) rows.markSeen([i + 1])
            if (look) groups.update()
          })
          groups.update()
          const listed = [...rows].filter((seq) => !test || test(seq))
          const inGroups = groups
            .sorted('newest', name)
            .flatMap((group) =>
              Array.from({ length: sizeOf(group) }, (_, i) => seqAt(group, i) ?? 0)
            )
          expect([...inGroups].sort((a, b) => a - b)).toEqual(listed)
          expect(groups.matching).toBe(listed.length)
          for (const seq of listed)
            expect(groups.groupOf(seq)?.key).toBe(rows.shared(seq, grouping))
          const fresh = groups.sorted('count', name).reduce((sum, group) => sum + group.fresh, 0)
          expect(fresh).toBe(listed.filter((seq) => !rows.isSeen(seq)).length)
        }
      )
    )
  })
})
