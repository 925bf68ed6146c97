import { describe, expect, it } from 'vitest'
import { monitorInfo, violation } from '../../testing'
import { ViolationRows } from '../../stores/violation-rows'
import { isRvOnly, levelOf, withLevel, withRvOnly } from '../log/log-controls'
import { logFilter } from '../log/log-filter'
import { rvLine, violationOfLine } from '../log/rv-line'
import { eventFilter } from './event-filter'
import { eventParts } from './event-text'

describe('the lines of events', () => {
  it.each([
    [
      'event_wip: preemptive x preempt_disable -> non_preemptive',
      null,
      'preemptive',
      'preempt_disable',
      'non_preemptive',
      false
    ],
    [
      'event_wwnr: 1436: running x switch_out -> sleeping (final)',
      1436,
      'running',
      'switch_out',
      'sleeping',
      true
    ],
    [
      'error_wip: event sched_waking not expected in the state preemptive',
      null,
      'preemptive',
      'sched_waking',
      '',
      false
    ],
    [
      'error_env_stall: 7: event none not expected in the state enqueued with env clk=1',
      7,
      'enqueued',
      'none',
      '',
      false
    ],
    [
      'event_sleep: rt [x] y[42]: (S0,S1) x (RT,!SLEEP) -> (S1)',
      42,
      'S0,S1',
      'RT,!SLEEP',
      'S1',
      false
    ],
    ['error_sleep: rt[-3]: violation detected', -3, '', '', '', false]
  ])('%s', (text, id, state, event, next, isFinal) => {
    expect(eventParts(text)).toEqual({ id, state, event, next, isFinal })
  })

  it('are not all of RV', () => {
    expect(
      eventParts('rv_retries_error: 3 retries reached for event x, resetting monitor y')
    ).toBeNull()
  })
})

const monitors = [
  monitorInfo('wip'),
  monitorInfo('opid', { parent: 'sched', fullName: 'sched:opid' }),
  monitorInfo('wwnr')
]
const row = (no: number, monitor: number, text: string, parts = {}) => ({
  no,
  sec: no,
  nsec: 0,
  cpu: no % 4,
  pid: 100 + no,
  comm: 'cyclictest',
  flags: 'd...1',
  monitor,
  error: text.startsWith('error'),
  text,
  ...parts
})
const rows = [
  row(1, 0, 'event_wip: preemptive x preempt_disable -> non_preemptive'),
  row(2, 0, 'error_wip: event sched_waking not expected in the state preemptive'),
  row(3, 1, 'event_opid: any x sched_waking -> any', { comm: 'kworker/0:1' }),
  row(4, 2, 'event_wwnr: 77: running x switch_out -> sleeping (final)')
]
const found = (text: string): number[] => {
  const { test } = eventFilter(text, monitors)
  return rows.filter((one) => test === null || test(one)).map(({ no }) => no)
}

describe('the filter of events', () => {
  it.each([
    ['', [1, 2, 3, 4]],
    ['sched_waking', [2, 3]],
    ['monitor:wip', [1, 2]],
    ['monitor:sched', [3]],
    ['monitor:opid -cyclictest', [3]],
    ['state:non_preemptive', [1]],
    ['state:"preemptive"', [1, 2]],
    ['event:switch_out', [4]],
    ['comm:kworker', [3]],
    ['cpu:1-2', [1, 2]],
    ['pid:77', [4]],
    ['pid!=77', [1, 2, 3]],
    ['id:77', [4]],
    ['time>2s', [3, 4]],
    ['is:violation', [2]],
    ['-is:violation is:final', [4]]
  ])('%s', (text, nos) => {
    expect(found(text)).toEqual(nos)
    expect(eventFilter(text, monitors).problems).toEqual([])
  })

  it('says what it does not know', () => {
    expect(eventFilter('monitor:nosuch', monitors).problems).toEqual([
      'no monitor here is called “nosuch”; there are wip, sched:opid, opid, sched, wwnr.'
    ])
    expect(eventFilter('level:err', monitors).problems[0]).toContain('there is no field “level”')
  })
})

const line = (level: number, text: string, sec = 1) => ({ level, sec, usec: 700, text })

describe('the kernel log', () => {
  it('is filtered by level, by name or number, and by what RV says', () => {
    const lines = [
      line(0, 'Kernel panic - not syncing: rv: monitor wip does not allow event a on state b'),
      line(4, 'rv: monitor wip does not allow event sched_waking on state preemptive'),
      line(6, 'clocksource: tsc'),
      line(7, 'rv: sleep: rt[42]: violation detected')
    ]
    const levels = (text: string): number[] => {
      const { test, problems } = logFilter(text)
      expect(problems).toEqual([])
      return lines.filter((one) => test === null || test(one)).map((one) => one.level)
    }
    expect(levels('level<=warn')).toEqual([0, 4])
    expect(levels('level:info,debug')).toEqual([6, 7])
    expect(levels('level:4')).toEqual([4])
    expect(levels('is:rv')).toEqual([0, 4, 7])
    expect(levels('monitor:wip state:preemptive')).toEqual([4])
    expect(logFilter('level:loud').problems[0]).toContain('expected emerg, alert')
  })

  it('has shorthands that write the filter', () => {
    const text = withRvOnly(withLevel('tsc', 4), true)
    expect(text).toBe('tsc level<=warn is:rv')
    expect([levelOf(text), isRvOnly(text)]).toEqual([4, true])
    expect(withRvOnly(withLevel(text, 3), false)).toBe('tsc level<=err')
    expect(withLevel('level<=warn', null)).toBe('')
  })

  it('leads to the violation that a line is about', () => {
    const all = new ViolationRows()
    all.add(violation(1, { sec: 1, nsec: 400_000 }))
    all.add(violation(2, { sec: 1, nsec: 690_000, event: 'other' }))
    all.add(violation(3, { sec: 9 }))
    all.add(violation(4, { monitor: 1, kind: 'ltl', id: 42, state: '', event: 'RT,!S', sec: 1 }))
    const of = (text: string, sec = 1) =>
      violationOfLine(line(4, text, sec), all, (index) => ['wip', 'sleep'][index])
    const wip = 'rv: monitor wip does not allow event sched_waking on state preemptive'
    expect(of(`${wip}\n`)).toBe(1)
    expect(of(wip, 5)).toBeUndefined()
    expect(of(`${wip} with env x=1`)).toBe(1)
    expect(of('rv: sleep: a: b[42]: violation detected')).toBe(4)
    expect(of('rv: sleep: rt[43]: violation detected')).toBeUndefined()
    expect(rvLine('rv: 3 retries reached for event e, resetting monitor wip')?.monitor).toBe('wip')
    expect(rvLine('random: rv: x')).toBeNull()
  })
})
