import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ViolationGroups } from '../../stores/violation-groups'
import { ViolationRows } from '../../stores/violation-rows'
import { violation } from '../../testing'
import { BARS, countBars, firstInBar, steadySpan } from './histogram'

function grouped(times: readonly number[]) {
  const rows = new ViolationRows()
  times.forEach((ns, i) => {
    rows.add(violation(i + 1, { sec: Math.floor(ns / 1e9), nsec: ns % 1e9 }))
  })
  const groups = new ViolationGroups(rows)
  groups.update()
  const [group] = groups.sorted('newest', String)
  if (!group) throw new Error('there is no group')
  return { rows, group }
}

describe('the histogram', () => {
  it('counts each violation in the bar of its time, and leads to its first one', () => {
    const { rows, group } = grouped([0, 1e9, 1.1e9, 47.5e9])
    const span = { from: 0, to: BARS * 1e9 }
    const bars = countBars(rows, group, span)
    expect([bars[0], bars[1], bars[2], bars[47]]).toEqual([1, 2, 0, 1])
    expect([0, 1, 2, 40].map((bar) => firstInBar(rows, group, span, bar))).toEqual([1, 2, 2, 4])
  })

  it('has all of them, whatever the time', () => {
    const time = fc.integer({ min: 0, max: 1e13 })
    fc.assert(
      fc.property(fc.array(time, { minLength: 1 }), fc.nat(1e9), (times, more) => {
        const sorted = times.toSorted((a, b) => a - b)
        const { rows, group } = grouped(sorted)
        const last = sorted.at(-1) ?? 0
        const span = steadySpan(sorted[0] ?? 0, last + more)
        expect(span.from).toBeLessThanOrEqual(sorted[0] ?? 0)
        expect(span.to).toBeGreaterThan(last + more)
        const bars = countBars(rows, group, span)
        expect(bars.reduce((a, b) => a + b, 0)).toBe(times.length)
      })
    )
  })

  it('stands still while the time goes on by less than a bar', () => {
    expect(steadySpan(1e9, 49.01e9)).toEqual(steadySpan(1e9, 49.09e9))
  })
})
