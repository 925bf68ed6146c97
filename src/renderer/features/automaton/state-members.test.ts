import { describe, expect, it } from 'vitest'
import { MonitorLive } from '../../stores/columns'
import { delta, monitorInfo } from '../../testing'
import { membersOf } from './state-members'

const info = monitorInfo('m', { type: 'per_task' })

function live(): MonitorLive {
  const made = new MonitorLive()
  const part = delta(0, {
    states: ['a', 'b'],
    rows: [
      { index: 0, id: 30, state: 0, since: 9 },
      { index: 1, id: 20, state: 0, since: 3 },
      { index: 2, id: 10, state: 1, since: 1 },
      { index: 3, id: 40, state: 0, since: 5 }
    ]
  })
  made.apply({
    ...part,
    labels: ['irq', 'bash', 'sshd', 'bash'].map((label, index) => ({ index, label })),
    rows: { ...part.rows, unsure: Uint8Array.from([0, 0, 0, 1]) }
  })
  return made
}

describe('the instances in a state', () => {
  it('are those that surely are in it, longest first', () => {
    expect([...membersOf(info, live(), 0, '', 'since')]).toEqual([1, 0])
    expect([...membersOf(info, live(), 1, '', 'since')]).toEqual([2])
  })

  it('are unknown once events of them were lost, and count for no state', () => {
    expect([...membersOf(info, live(), -1, '', 'since')]).toEqual([3])
    expect(live().unsureTotal).toBe(1)
    expect([...live().perState.slice(0, 3)]).toEqual([0, 2, 1])
  })

  it('are found by name or id, and sorted by name', () => {
    expect([...membersOf(info, live(), 0, 'BASH', 'name')]).toEqual([1])
    expect([...membersOf(info, live(), 0, '30', 'name')]).toEqual([0])
    expect([...membersOf(info, live(), 0, '', 'name')]).toEqual([1, 0])
  })
})
