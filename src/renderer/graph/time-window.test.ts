import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  exactText,
  fitting,
  frequency,
  MAX_SPAN,
  MIN_SPAN,
  niceStep,
  showing,
  ticks,
  tickText,
  zoomed
} from './time-window'

const window = fc.record({
  end: fc.double({ min: 1e9, max: 1e15, noNaN: true }),
  span: fc.double({ min: MIN_SPAN, max: 1e13, noNaN: true })
})

describe('a window of time', () => {
  it('keeps the time under the pointer where it is while it zooms', () => {
    fc.assert(
      fc.property(
        window,
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (w, factor, share) => {
          const next = zoomed(w, factor, share)
          expect(next.span).toBeGreaterThanOrEqual(MIN_SPAN)
          expect(next.span).toBeLessThanOrEqual(MAX_SPAN)
          const before = w.end - w.span * (1 - share)
          const after = next.end - next.span * (1 - share)
          expect(Math.abs(after - before)).toBeLessThanOrEqual(1e-6 * (w.span + next.span) + 1)
        }
      )
    )
  })

  it('moves only as far as a moment is out of sight', () => {
    const w = { end: 10e9, span: 4e9 }
    expect(showing(w, 8e9)).toBe(w)
    expect(showing(w, 2e9)).toEqual({ span: 4e9, end: 4e9 })
  })

  it('fits all of a time with room at both sides', () => {
    const { end, span } = fitting(2e9, 4e9)
    expect(end).toBeGreaterThan(4e9)
    expect(end - span).toBeLessThan(2e9)
  })
})

describe('an axis', () => {
  it('is divided evenly within the window, in steps that people count in', () => {
    fc.assert(
      fc.property(window, (w) => {
        const step = niceStep(w.span / 8)
        const found = ticks(w, step)
        expect(found.length).toBeLessThanOrEqual(9)
        for (const time of found) {
          expect(time).toBeLessThanOrEqual(w.end)
          expect(Math.abs(time / step - Math.round(time / step))).toBeLessThan(1e-6)
        }
      })
    )
    expect([3e-9, 0.3, 40, 4000].map((s) => niceStep(s * 1e9) / 1e9)).toEqual([5e-9, 0.5, 60, 7200])
  })

  it('says times with as many figures as its step needs', () => {
    expect(tickText(12e9, 1e9)).toBe('12')
    expect(tickText(12_104_000_000, 1e6)).toBe('12.104')
    expect(tickText(12_104_210_000, 1e4)).toBe('12.104\u202f21')
    expect(tickText(3_723e9, 60e9)).toBe('1:02:03')
    expect(exactText(12_104_210_482)).toBe('12.104210482')
    expect(exactText(0)).toBe('0.000000000')
  })

  it('knows the frequency of a period', () => {
    expect([2e9, 1e9, 1.25e6, 500].map(frequency)).toEqual([
      '500 mHz',
      '1.00 Hz',
      '800 Hz',
      '2.00 MHz'
    ])
  })
})
