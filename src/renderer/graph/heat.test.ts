import { describe, expect, it } from 'vitest'
import { heatMarks, heatOf, heatWidth, SmoothRates } from './heat'

describe('the scale of heat', () => {
  it('is logarithmic, fixed, and cold at nothing', () => {
    expect(heatOf('rate', 0)).toBe(0)
    expect(heatOf('rate', Number.NaN)).toBe(0)
    expect(heatOf('off', 1e6)).toBe(0)
    expect(heatOf('rate', 1e9)).toBe(1)
    const decades = [10, 100, 1000, 10_000].map((value) => heatOf('rate', value))
    for (let i = 2; i < decades.length; i++) {
      expect(decades[i]! - decades[i - 1]!).toBeCloseTo(0.2, 2)
    }
    expect(heatWidth(0)).toBe(1.25)
    expect(heatWidth(1)).toBe(6)
    const shares = heatMarks('count').map(({ share }) => share)
    expect([...shares].sort((a, b) => a - b)).toEqual(shares)
  })
})

describe('rates of edges', () => {
  it('come near the real rate within some seconds, and fall to nothing', () => {
    const rates = new SmoothRates(2)
    let total = 5000
    rates.sample([total, 0], 0)
    expect(rates.of(0)).toBe(0)
    for (let at = 250; at <= 4000; at += 250) rates.sample([(total += 250), 0], at)
    expect(rates.of(0)).toBeGreaterThan(950)
    expect(rates.of(0)).toBeLessThanOrEqual(1000)
    expect(rates.of(1)).toBe(0)
    expect(rates.isMoving).toBe(true)
    for (let at = 4250; at <= 30_000; at += 250) rates.sample([total, 0], at)
    expect(rates.isMoving).toBe(false)
  })

  it('start anew where a counter fell', () => {
    const rates = new SmoothRates(1)
    rates.sample([1000], 0)
    rates.sample([3], 100)
    expect(rates.of(0)).toBe(0)
    rates.sample([103], 1100)
    expect(rates.of(0)).toBeGreaterThan(0)
  })
})
