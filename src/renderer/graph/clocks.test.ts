import { describe, expect, it } from 'vitest'
import { parseDot } from '../../model/dot'
import STALL from '../../../models/stall.dot?raw'
import NOMISS from '../../../models/nomiss.dot?raw'
import { MonitorLive } from '../stores/columns'
import { delta } from '../testing'
import { clockLimits, nearestRow, readClock } from './clocks'

const SEC = 1e9

function automaton(text: string) {
  const { automaton } = parseDot(text, 'm.dot')
  if (!automaton) throw new Error('no automaton')
  return automaton
}

const stall = automaton(STALL)
const enqueued = stall.states.indexOf('enqueued')

/** Rows of tasks in enqueued, with the second of their clock's reset; 0xffffffff: none seen. */
function tasks(resets: readonly number[], states: readonly number[] = []): MonitorLive {
  const live = new MonitorLive()
  const part = delta(0, {
    states: [...stall.states],
    events: [...stall.events],
    rows: resets.map((_, index) => ({ index, id: 100 + index, state: states[index] ?? enqueued }))
  })
  live.apply({
    ...part,
    clocks: [{ sec: Uint32Array.from(resets), nsec: new Uint32Array(resets.length) }]
  })
  return live
}

describe('clocks of a hybrid automaton', () => {
  const limits = clockLimits(stall, [{ name: 'threshold_jiffies', value: 1000 }])

  it('have the limit that the target gives the parameter', () => {
    expect(limits[enqueued]).toMatchObject({ name: 'clk', kind: 'jiffies', limit: 1000 })
    expect(limits.filter((limit) => limit !== undefined)).toHaveLength(1)
    expect(clockLimits(stall, [])[enqueued]?.limit).toBeUndefined()
  })

  it('run from their reset towards it, in jiffies', () => {
    const live = tasks([10, 12])
    const at = readClock(live, 0, limits, 12 * SEC, 250)
    expect(at).toMatchObject({ value: 500, share: 0.5, violated: false })
    expect(nearestRow(live, limits, 12 * SEC)).toBe(0)
  })

  it('say time where the length of a jiffy is not known', () => {
    const at = readClock(tasks([10]), 0, limits, 12 * SEC, undefined)
    expect(at).toMatchObject({ ns: 2 * SEC, value: undefined, share: undefined })
  })

  it('say nothing where no reset was seen, the state has no limit, or events were lost', () => {
    const running = stall.states.indexOf('running')
    const live = tasks([0xffffffff, 10, 10], [enqueued, running, enqueued])
    expect(readClock(live, 0, limits, 12 * SEC, 250)).toBeUndefined()
    expect(readClock(live, 1, limits, 12 * SEC, 250)).toBeUndefined()
    live.rows.unsure[2] = 1
    expect(readClock(live, 2, limits, 12 * SEC, 250)).toBeUndefined()
    expect(nearestRow(live, limits, 12 * SEC)).toBe(-1)
  })

  it('stand at their limit once they violated it', () => {
    const live = tasks([10], [-1])
    live.rows.sinceSec[0] = 14
    live.rows.violations[0] = 1
    // Time goes on; the clock does not.
    expect(readClock(live, 0, limits, 99 * SEC, 250)).toMatchObject({
      share: 1,
      value: 1000,
      violated: true
    })
    // Stopped for another reason, its clock was not at the limit.
    live.rows.sinceSec[0] = 11
    expect(readClock(live, 0, limits, 99 * SEC, 250)).toBeUndefined()
  })

  it('have no limit where it is a value of each object', () => {
    const nomiss = automaton(NOMISS)
    const ready = clockLimits(nomiss, [])[nomiss.states.indexOf('ready')]
    expect(ready).toMatchObject({ name: 'clk', kind: 'ns', limit: undefined })
    expect(ready?.spelled).toBe('DEADLINE_NS()')
  })

  it('convert literals to what the clock counts', () => {
    const text = STALL.replace('threshold_jiffies', '10us')
    const at = clockLimits(automaton(text), [])[enqueued]
    expect(at).toMatchObject({ kind: 'ns', limit: 10_000 })
  })
})
