import { expect, it } from 'vitest'
import { MonitorLive } from '../../stores/columns'
import { delta, monitorInfo } from '../../testing'
import { ACTIVE_LANES, laneRows } from './lane-rows'

function live(count: number, id: (row: number) => number): MonitorLive {
  const made = new MonitorLive()
  const rows = Array.from({ length: count }, (_, index) => ({
    index,
    id: id(index),
    transitions: (index * 7) % count
  }))
  made.apply(delta(0, { rows }))
  return made
}

it('CPUs stand in the order of their numbers', () => {
  const rows = laneRows(
    monitorInfo('wip'),
    live(4, (row) => [2, 0, 3, 1][row] ?? 9),
    [],
    [],
    null
  )
  expect(rows).toEqual([1, 3, 0, 2])
})

it('the followed task stands first, then the pinned ones, then those that did most', () => {
  const info = monitorInfo('wwnr', { type: 'per_task' })
  const data = live(101, (row) => 1000 + row)
  const rows = laneRows(info, data, [], [1050, 1003, 9999], 1060)
  expect(rows.slice(0, 3)).toEqual([60, 50, 3])
  expect(rows).toHaveLength(3 + ACTIVE_LANES)
  const busy = rows.slice(3).map((row) => data.rows.transitions[row] ?? 0)
  expect(busy).toEqual([...busy].sort((a, b) => b - a))
  expect(Math.max(...busy)).toBe(100)
  expect(new Set(rows).size).toBe(rows.length)
})

it('who has a lane keeps it', () => {
  const info = monitorInfo('wwnr', { type: 'per_task' })
  const before = Array.from({ length: ACTIVE_LANES }, (_, row) => row)
  expect(
    laneRows(
      info,
      live(101, (row) => row),
      before,
      [],
      null
    )
  ).toEqual(before)
})
