import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { RvMonitor } from '../tree'
import { countTriggers, parseCounts, parseSamples, sampleTrigger } from './hist-text'

const monitor = (kind: RvMonitor['class'], hasId: boolean): RvMonitor => ({
  name: 'm',
  fullName: 'm',
  parent: undefined,
  path: 'rv/monitors/m',
  class: kind,
  type: 'unknown',
  description: '',
  enabled: true,
  reactor: undefined,
  events: { event: 'event_m', error: 'error_m', errorEnv: undefined },
  hasId
})

/* The tables are what Linux 7.3 printed. */

it('reads counts by CPU, state and event', () => {
  const text = `# event histogram
#
# trigger info: hist:keys=common_cpucommon_cpu,state:vals=hitcount:sort=hitcount:size=128 if event=="preempt_enable" [active]
#

{ common_cpu:          0, state: non_preemptive                                     } hitcount:       3896
{ common_cpu:          1, state: non_preemptive                                     } hitcount:       5594

Totals:
    Hits: 9497
    Entries: 2
    Dropped: 3


# event histogram
#
# trigger info: hist:keys=common_cpucommon_cpu:vals=hitcount:sort=hitcount:size=128 if event!="preempt_enable" [active]
#

{ common_cpu:          1 } hitcount:      12682

Totals:
    Hits: 12682
    Entries: 1
    Dropped: 0
`
  expect(parseCounts(text)).toEqual({
    rows: [
      { cpu: 0, state: 'non_preemptive', event: 'preempt_enable', hits: 3896 },
      { cpu: 1, state: 'non_preemptive', event: 'preempt_enable', hits: 5594 },
      { cpu: 1, state: undefined, event: undefined, hits: 12682 }
    ],
    dropped: 3,
    found: true
  })
})

it('reads the latest events in the order of their times', () => {
  const text = `# event histogram
#
# trigger info: hist:keys=id:vals=hitcount:t=common_timestamp:sort=hitcount:size=128:clock=local:onmax($t).save(state,event,next_state,common_cpu) [active]
#

{ id:         68 } hitcount:          3
	max: 10587427506  state: running                           event: switch_out                        next_state: not_running                       common_cpu:          0
{ id: 18446744073709551615 } hitcount:         12
	max:  587427506  state: running                           event: switch_out                        next_state: not_running                       common_cpu:          1

Totals:
    Hits: 81
    Entries: 2
    Dropped: 0
`
  const shared = { state: 'running', event: 'switch_out', next: 'not_running' }
  expect(parseSamples(text, monitor('da', true)).rows).toEqual([
    { id: -1, hits: 12, sec: 0, nsec: 587427506, cpu: 1, ...shared },
    { id: 68, hits: 3, sec: 10, nsec: 587427506, cpu: 0, ...shared }
  ])
  expect(parseCounts(text).found).toBe(false)
})

it('reads the sets of an LTL monitor, which may be empty', () => {
  const text = `# event histogram
#
# trigger info: hist:keys=pid:vals=hitcount:t=common_timestamp:sort=hitcount:size=2048:clock=local:onmax($t).save(states,atoms,next,common_cpu) [active]
#

{ pid:         69 } hitcount:        141
	max: 17020197655  states: 0                                 atoms: us_th                             next: 0                                 common_cpu:          0
{ pid:         70 } hitcount:          1
	max: 17020197656  states: 0-2,5                             atoms:                                   next:                                   common_cpu:          3
`
  expect(parseSamples(text, monitor('ltl', true)).rows).toEqual([
    { id: 69, hits: 141, sec: 17, nsec: 20197655, state: '0', event: 'us_th', next: '0', cpu: 0 },
    { id: 70, hits: 1, sec: 17, nsec: 20197656, state: '0-2,5', event: '', next: '', cpu: 3 }
  ])
})

it('writes no event into a trigger whose name is none, and stays within the bounds of a table', () => {
  const triggers = countTriggers(monitor('da', false), ['a', 'b" || 1', 'c'], 1000, 4096)
  expect(triggers).toEqual([
    'hist:keys=common_cpu,state:size=8192 if event=="a"',
    'hist:keys=common_cpu,state:size=8192 if event=="c"',
    'hist:keys=common_cpu:size=8192 if event!="a" && event!="c"'
  ])
  expect(countTriggers(monitor('ltl', true), ['a'], 1, 1)).toEqual([
    'hist:keys=common_cpu:size=128'
  ])
  expect(sampleTrigger(monitor('da', false), 4)).toBe(
    'hist:keys=common_cpu:t=common_timestamp:onmax($t).save(state,event,next_state):size=128:clock=local'
  )
})

it('takes whatever a target sends', () => {
  const word = fc.constantFrom(
    '# event histogram\n',
    '# trigger info: hist:keys=id onmax( if event=="a" [active]\n',
    '{ common_cpu: 1, state: a } hitcount: 99999999999999999999\n',
    '{ id: 18446744073709551616 } hitcount: 1\n\tmax: 9999999999999999999  state: a event: b next_state: c\n',
    '    Dropped: 7\n',
    '{ id:',
    ' '.repeat(300)
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(word, fc.string())), (parts) => {
      const text = parts.join('')
      for (const { hits } of parseCounts(text).rows) expect(hits).toBeGreaterThanOrEqual(0)
      for (const { id } of parseSamples(text, monitor('da', true)).rows) {
        expect(Math.abs(id)).toBeLessThanOrEqual(2 ** 31)
      }
    })
  )
})
