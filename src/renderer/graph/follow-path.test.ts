import { expect, it } from 'vitest'
import { Lane, NOT_MONITORING, UNKNOWN } from '../stores/lanes'
import { PATH_STEPS, pathOfLane, SeenPath } from './follow-path'

function lane(...states: number[]): Lane {
  const made = new Lane()
  states.forEach((state, i) => made.push(i * 10, state))
  return made
}

it('traces the last changes of state, newest first, at any moment', () => {
  const way = lane(0, 1, 2, 0)
  expect(pathOfLane(way, null)).toEqual([
    { from: 2, to: 0 },
    { from: 1, to: 2 },
    { from: 0, to: 1 }
  ])
  expect(pathOfLane(way, 15)).toEqual([{ from: 0, to: 1 }])
  expect(pathOfLane(lane(...Array.from({ length: 40 }, (_, i) => i % 3)), null)).toHaveLength(
    PATH_STEPS
  )
})

it('ends where events were lost, and has no step out of or into "not monitoring"', () => {
  expect(pathOfLane(lane(0, 1, UNKNOWN, 2, 0), null)).toEqual([{ from: 2, to: 0 }])
  expect(pathOfLane(lane(0, NOT_MONITORING, 1, 2), null)).toEqual([{ from: 1, to: 2 }])
})

it('without a lane traces what the window saw of one instance', () => {
  const path = new SeenPath()
  path.see(7, 0)
  path.see(7, 0)
  expect(path.see(7, 2)).toEqual([{ from: 0, to: 2 }])
  expect(path.see(8, 1)).toEqual([])
})
