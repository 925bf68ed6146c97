import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Announcer, QUIET_MS } from './announcer'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it('says the first thing at once, and what comes soon after it together', () => {
  const said: string[] = []
  const announcer = new Announcer((text) => said.push(text))
  announcer.violations(1, 'wip: a not expected in b')
  expect(said).toEqual(['Violation: wip: a not expected in b'])
  for (let i = 0; i < 100; i++) announcer.violations(3, `wip: newest ${String(i)}`)
  announcer.tell('board: connection lost')
  announcer.tell('board: connected')
  expect(said).toHaveLength(1)
  vi.advanceTimersByTime(QUIET_MS)
  expect(said.slice(1)).toEqual(['board: connected. 300 violations, the newest: wip: newest 99'])
  vi.advanceTimersByTime(QUIET_MS * 3)
  expect(said).toHaveLength(2)
})

it('says nothing after its end', () => {
  const said: string[] = []
  const announcer = new Announcer((text) => said.push(text))
  announcer.tell('one')
  announcer.tell('two')
  announcer.dispose()
  vi.advanceTimersByTime(QUIET_MS)
  expect(said).toEqual(['one'])
})
