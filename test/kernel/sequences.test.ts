import { describe, expect, test } from 'vitest'
import { compare, sequencesOf } from './sequences'

const of = (...lines: readonly string[]): ReadonlyMap<string, readonly string[]> =>
  new Map([['cpu0', lines]])
const many = (...cycle: readonly string[]): string[] =>
  Array.from({ length: 200 }, (_, i) => cycle[i % cycle.length] ?? '')

describe('two monitors of one model', () => {
  test('lines are of an instance: its CPU, its number, its pid', () => {
    const text = `0 event_m a x e -> b
1 event_m a x e -> b
0 event_my_m a x e -> b
0 error_env_h 12: event none not expected in the state a with env clk=99,x=1
1 event_l load[34]: (0) x (rt) -> (1)`
    expect([...sequencesOf(text, 'm')]).toEqual([
      ['cpu0', ['event a x e -> b']],
      ['cpu1', ['event a x e -> b']]
    ])
    expect([...sequencesOf(text, 'h')]).toEqual([
      ['12', ['error_env event none not expected in the state a with env clk,x=1']]
    ])
    expect([...sequencesOf(text, 'l').keys()]).toEqual(['34'])
  })

  test('the same', () => {
    const lines = [...many('a', 'b', 'c'), 'error event e not expected']
    expect(compare(of(...lines), of(...lines))).toEqual({
      instances: 1,
      lines: 201,
      violations: 1,
      apart: 0,
      differences: []
    })
  })

  test('an interrupt between the two', () => {
    const [before, after] = [many('a', 'b'), many('b', 'c', 'd')]
    const { apart, differences } = compare(
      of(...before, 'x', 'y', 'z', ...after),
      of(...before, 'y', 'z', 'x', ...after)
    )
    expect(differences).toEqual([])
    expect(apart).toBeGreaterThan(0)
    expect(apart).toBeLessThan(8)
  })

  test('another monitor', () => {
    expect(compare(of(...many('a', 'b')), of(...many('a', 'c'))).differences).toHaveLength(1)
    const { apart } = compare(of(...many('a', 'b')), of(...many('a', 'b').slice(0, 100)))
    expect(apart).toBe(100)
  })
})
