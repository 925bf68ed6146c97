import { describe, expect, it } from 'vitest'
import { violation } from '../testing'
import { KEPT, MAX_GROUPS, ViolationStore } from './violations'

describe('ViolationStore', () => {
  it('groups by cause, counts all, and puts the newest cause first', () => {
    const store = new ViolationStore()
    store.add(violation(1))
    store.add(violation(2, { cpu: 3 }))
    store.add(violation(3))
    const groups = store.groups()
    expect(groups.map((g) => [g.newest.seq, g.count])).toEqual([
      [3, 2],
      [2, 1]
    ])
  })

  it('counts a violation once, however often it comes', () => {
    const store = new ViolationStore()
    store.add(violation(1))
    store.add(violation(1))
    expect(store.groups()[0]?.count).toBe(1)
  })

  it('takes the completed path of a violation', () => {
    const store = new ViolationStore()
    store.add(violation(1))
    const step = { sec: 1, nsec: 1, cpu: 0, from: 'a', event: 'e', to: 'b' }
    store.complete(violation(1, { path: [step] }))
    expect(store.groups()[0]?.newest.path).toEqual([step])
    expect(store.groups()[0]?.kept[0]?.path).toEqual([step])
  })

  it('stays bounded in a storm and says what it folded', () => {
    const store = new ViolationStore()
    const n = MAX_GROUPS + 500
    for (let i = 1; i <= n; i++) store.add(violation(i, { id: i }))
    for (let i = 1; i <= 200; i++) store.add(violation(n + i, { id: n }))
    const groups = store.groups()
    expect(groups).toHaveLength(MAX_GROUPS)
    expect(groups[0]?.kept).toHaveLength(KEPT)
    const listed = groups.reduce((sum, g) => sum + g.count, 0)
    expect(listed + store.foldedCount).toBe(n + 200)
  })
})
