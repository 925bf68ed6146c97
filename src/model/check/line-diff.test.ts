import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineDiff } from './line-diff'

const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 9 })

/** The length of the longest common subsequence, by trying every one. */
function common(a: readonly string[], b: readonly string[]): number {
  const [first, ...rest] = a
  if (first === undefined) return 0
  const at = b.indexOf(first)
  const without = common(rest, b)
  return at === -1 ? without : Math.max(without, 1 + common(rest, b.slice(at + 1)))
}

describe('the difference of two texts', () => {
  it('makes one of the other, in as few lines as can be', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const changes = lineDiff(before, after)
        const removed = new Set(changes.filter((c) => c.sign === '-').map((c) => c.line))
        const added = new Map(changes.filter((c) => c.sign === '+').map((c) => [c.line, c.text]))
        const kept = before.filter((_, i) => !removed.has(i + 1))
        const made = Array.from({ length: kept.length + added.size }, (_, i) => added.get(i + 1))
        let next = 0
        expect(made.map((text) => text ?? kept[next++])).toEqual(after)
        expect(changes.length).toBe(before.length + after.length - 2 * common(before, after))
      })
    )
  })

  it('of large texts is found without comparing every pair', () => {
    const before = Array.from({ length: 5000 }, (_, i) => `a${i}`)
    const after = before.map((line) => `${line}!`)
    expect(lineDiff(before, after)).toHaveLength(10_000)
  })
})
