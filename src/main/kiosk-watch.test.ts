import { beforeEach, describe, expect, it } from 'vitest'
import { KioskWatch } from './kiosk-watch'

const LIMITS = { silent: 1000, memory: 100, age: 50_000, patience: 200 }

let did: string[]
let watch: KioskWatch
beforeEach(() => {
  did = []
  watch = new KioskWatch(
    0,
    {
      reload: () => did.push('reload'),
      renewObserver: () => did.push('renew'),
      log: () => undefined
    },
    LIMITS
  )
})

describe('the watch of a kiosk', () => {
  it('lets a story that is told go on', () => {
    for (let now = 0; now < 40_000; now += 500) {
      watch.beat(now, now % 5000 === 0, 50)
      watch.look(now + 100, 50)
    }
    expect(did).toEqual([])
  })

  it('loads the page anew when nothing is told, and waits longer each time that this does not help', () => {
    const at: number[] = []
    for (let now = 0; now < 12_000; now += 100) {
      const before = did.length
      watch.look(now, 50)
      if (did.length > before) at.push(now)
    }
    expect(did.every((what) => what === 'reload')).toBe(true)
    expect(at.length).toBeGreaterThan(3)
    const gaps = at.slice(1).map((time, i) => time - (at[i] ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThan(LIMITS.silent)
    expect([...gaps].sort((a, b) => a - b)).toEqual(gaps)
  })

  it('loads a page that is gone anew at once, but not without end', () => {
    watch.broken(10, 'crashed')
    watch.broken(20, 'crashed')
    watch.broken(190, 'crashed')
    expect(did).toEqual(['reload'])
    watch.broken(220, 'crashed')
    watch.broken(500, 'crashed')
    expect(did).toEqual(['reload', 'reload'])
    watch.broken(630, 'crashed')
    expect(did).toHaveLength(3)
  })

  it('begins anew between two tellings where memory has grown, or a day is over', () => {
    watch.beat(100, false, 120)
    expect(did).toEqual([])
    watch.beat(200, true, 120)
    expect(did).toEqual(['renew', 'reload'])
    did = []
    watch.beat(49_000, true, 50)
    expect(did).toEqual([])
    watch.beat(50_300, false, 50)
    expect(did).toEqual([])
    watch.beat(50_400, true, 50)
    expect(did).toEqual(['renew', 'reload'])
  })

  it('does not wait for the end where memory is far too much', () => {
    watch.look(100, 151)
    expect(did).toEqual(['renew', 'reload'])
  })
})
