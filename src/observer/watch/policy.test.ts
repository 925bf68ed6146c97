import { expect, it } from 'vitest'
import { RungPolicy, type Rung } from './policy'

const LIMITS = { text: 500, raw: 1000, sample: 10_000 }
const NO_RAW: readonly Rung[] = ['text', 'sample', 'count']

/** The third letters: x of text, w of raw, m of sample, u of count. */
function rungs(policy: RungPolicy, rate: number, seconds: number, losing = false): string {
  return Array.from({ length: seconds }, () => policy.observe(rate, losing)[2]).join('')
}

it('changes after two seconds beyond a limit, one rung at a time', () => {
  expect(rungs(new RungPolicy(LIMITS), 1000, 4)).toBe('xwww')
  expect(rungs(new RungPolicy(LIMITS), 20_000, 8)).toBe('xwwmmuuu')
  expect(rungs(new RungPolicy(LIMITS, NO_RAW), 1000, 4)).toBe('xmmm')
  const policy = new RungPolicy(LIMITS)
  for (let i = 0; i < 5; i++) expect(rungs(policy, 5000, 1) + rungs(policy, 400, 1)).toBe('xx')
})

it('goes back after ten seconds below half of the limit, and does not swing beside it', () => {
  const policy = new RungPolicy(LIMITS)
  rungs(policy, 20_000, 6)
  expect(policy.rung).toBe('count')
  expect(rungs(policy, 5001, 30)).toBe('u'.repeat(30))
  expect(rungs(policy, 4999, 11)).toBe('u'.repeat(9) + 'mm')
  expect(rungs(policy, 600, 30)).toBe('m'.repeat(30))
  expect(rungs(policy, 499, 11)).toBe('m'.repeat(9) + 'ww')
  expect(rungs(policy, 249, 11)).toBe('w'.repeat(9) + 'xx')
})

it('learns from a ring that overruns what the link carries', () => {
  const policy = new RungPolicy({ ...LIMITS, text: 1000 }, NO_RAW)
  expect(rungs(policy, 800, 3, true)).toBe('xmm')
  expect(policy).toMatchObject({ rate: 800, losing: true })
  // Half of what was too much.
  expect(rungs(policy, 450, 20)).toBe('m'.repeat(20))
  expect(rungs(policy, 390, 10)).toBe('m'.repeat(9) + 'x')
  // Where next to nothing is streamed it is not this monitor's doing.
  expect(rungs(policy, 100, 5, true)).toBe('xxxxx')
})

it('streams every event where the user wants it, raw where that is faster', () => {
  const policy = new RungPolicy(LIMITS)
  for (let i = 0; i < 10; i++) policy.observe(50_000, true, true)
  expect(policy.rung).toBe('raw')
  policy.without('raw')
  expect(policy.rung).toBe('text')
})

it('begins at a rate with the way for it', () => {
  const policy = new RungPolicy(LIMITS)
  const cases = [
    [500, 'text'],
    [501, 'raw'],
    [1001, 'sample'],
    [10_001, 'count'],
    [0, 'text']
  ] as const
  for (const [rate, rung] of cases) {
    policy.begin(rate)
    expect(policy.rung).toBe(rung)
  }
})
