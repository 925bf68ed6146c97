import { expect, it } from 'vitest'
import { WayPolicy } from './policy'

const LIMITS = { stream: 1000, sample: 10_000 }

function ways(policy: WayPolicy, rate: number, seconds: number, losing = false): string {
  return Array.from({ length: seconds }, () => policy.observe(rate, losing)[1]).join('')
}

it('changes after two seconds beyond a limit, one way at a time', () => {
  expect(ways(new WayPolicy(LIMITS), 1001, 4)).toBe('taaa')
  expect(ways(new WayPolicy(LIMITS), 20_000, 6)).toBe('taaooo')
  const policy = new WayPolicy(LIMITS)
  for (let i = 0; i < 5; i++) expect(ways(policy, 5000, 1) + ways(policy, 900, 1)).toBe('tt')
})

it('goes back after ten seconds below half of the limit, and does not swing beside it', () => {
  const policy = new WayPolicy(LIMITS)
  ways(policy, 20_000, 4)
  expect(policy.way).toBe('count')
  expect(ways(policy, 5001, 30)).toBe('o'.repeat(30))
  expect(ways(policy, 4999, 11)).toBe('o'.repeat(9) + 'aa')
  expect(ways(policy, 600, 30)).toBe('a'.repeat(30))
  expect(ways(policy, 499, 11)).toBe('a'.repeat(9) + 'tt')
})

it('learns from a ring that overruns what the link carries', () => {
  const policy = new WayPolicy(LIMITS)
  expect(ways(policy, 800, 3, true)).toBe('taa')
  expect(policy).toMatchObject({ rate: 800, losing: true })
  // Half of what was too much.
  expect(ways(policy, 450, 20)).toBe('a'.repeat(20))
  expect(ways(policy, 390, 10)).toBe('a'.repeat(9) + 't')
  // Where next to nothing is streamed it is not this monitor's doing.
  expect(ways(policy, 100, 5, true)).toBe('ttttt')
})

it('begins at a rate with the way for it', () => {
  const policy = new WayPolicy(LIMITS)
  for (const [rate, way] of [
    [1000, 'stream'],
    [1001, 'sample'],
    [10_001, 'count'],
    [0, 'stream']
  ] as const) {
    policy.begin(rate)
    expect(policy.way).toBe(way)
  }
})
