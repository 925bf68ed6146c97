import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FIELDS, parseFilter } from './filter'
import { matcherOf } from './matcher'
import { asCsv, asTsv } from './lines'
import { shownColumns } from './columns'
import { viewOf } from './testing'

const view = viewOf(
  [
    { index: 0, id: 100, state: 1, event: 0, since: 9_000, transitions: 5 },
    { index: 1, id: 110, state: 0, event: 1, since: 2_000, transitions: 1500, violations: 2 },
    { index: 2, id: 7, state: -1, transitions: 9 }
  ],
  [
    { index: 0, label: 'cyclictest', task: { tgid: 99, leader: 'cyclic main', exited: false } },
    { index: 1, label: 'kworker/2:1', task: { tgid: 110, leader: 'kworker/2:1', exited: false } },
    { index: 2, label: '=cmd|"x",\t1 (exited)', task: { tgid: -1, leader: '', exited: true } }
  ],
  {},
  (row) => [3, 200, NaN][row] ?? NaN
)

/** Ids that a filter leaves, and what it could not read. */
function found(text: string, states: number[] = [], hidesExited = false) {
  const quick = { states: new Set(states), hidesExited }
  const matcher = matcherOf(view, parseFilter(text), quick, (id) => id === 7)
  const ids = [0, 1, 2].filter((row) => matcher.matches(row)).map((row) => view.id(row))
  return { ids, problems: matcher.problems }
}
const ids = (text: string): number[] => found(text).ids

describe('the filter', () => {
  it('finds words in comm, id and state, letters in their order', () => {
    expect(ids('')).toEqual([100, 110, 7])
    expect(ids('cyclic')).toEqual([100])
    expect(ids('CYCT')).toEqual([100])
    expect(ids('tcyc')).toEqual([])
    expect(ids('kworker/2:1')).toEqual([110])
    expect(ids('10')).toEqual([100, 110])
    expect(ids('not_run')).toEqual([110])
    expect(ids('cyc kwo')).toEqual([])
    expect(ids('-cyc')).toEqual([110, 7])
  })

  it('compares fields', () => {
    expect(ids('state:running')).toEqual([100])
    expect(ids('state:run')).toEqual([100, 110])
    expect(ids('state:running,not_running')).toEqual([100, 110])
    expect(ids('state!=running')).toEqual([110, 7])
    expect(ids('state:"not monitoring"')).toEqual([7])
    expect(ids('pid:100')).toEqual([100])
    expect(ids('pid:100-110,7')).toEqual([100, 110, 7])
    expect(ids('tgid:99')).toEqual([100])
    expect(ids('leader:"cyclic main"')).toEqual([100])
    expect(ids('event:wakeup')).toEqual([110])
    expect(ids('violations>0')).toEqual([110])
    expect(ids('transitions>=1.5k')).toEqual([110])
    expect(ids('rate>100')).toEqual([110])
    expect(ids('rate<=3')).toEqual([100])
    expect(ids('time>=8us')).toEqual([110])
    expect(ids('is:exited')).toEqual([7])
    expect(ids('is:pinned')).toEqual([7])
    expect(ids('-is:monitored')).toEqual([7])
    expect(ids('is:violated')).toEqual([110])
  })

  it('chips and hidden tasks that have exited narrow it down', () => {
    expect(found('', [1, -1]).ids).toEqual([100, 7])
    expect(found('', [], true).ids).toEqual([100, 110])
  })

  it.each([
    ['pid:abc', 'expected a number'],
    ['violations>many', 'expected a number'],
    ['time>10', 'a time with its unit'],
    ['stat:x', 'there is no field “stat”'],
    ['is:odd', 'expected pinned, exited'],
    ['rate>1,2', 'expects one number'],
    ['state>x', 'state is a text'],
    ['state:nosuch', 'there are not_running, running, not monitoring']
  ])('says what is wrong with %s, and leaves it out', (text, sentence) => {
    const { ids, problems } = found(text)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(sentence)
    expect(ids).toEqual([100, 110, 7])
  })

  it('does not complain about what is still being typed', () => {
    for (const field of FIELDS)
      expect(found(`${field}:`)).toEqual({ ids: [100, 110, 7], problems: [] })
    for (const text of ['-', '"', 'comm:"cyc']) expect(found(text).problems).toEqual([])
  })

  it('reads any text: each part becomes a term, a problem, or nothing', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .tuple(fc.constantFrom(...FIELDS), fc.constantFrom(':', '>', '<=', '!='), fc.string())
        .map((p) => p.join(''))
    )
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const text = parts.join(' ')
        const { terms, problems } = parseFilter(text)
        expect(terms.length + problems.length).toBeLessThanOrEqual(text.length)
        expect(() => found(text)).not.toThrow()
      })
    )
  })

  it('turned round leaves exactly the others', () => {
    const text = fc.constantFrom(
      'state:running',
      'pid:1-100',
      'rate>5',
      'cyc',
      'is:exited',
      'comm:k'
    )
    fc.assert(
      fc.property(text, (one) => {
        expect([...ids(one), ...ids(`-${one}`)].sort()).toEqual([100, 110, 7].sort())
      })
    )
  })
})

describe('rows as text', () => {
  const settings = { order: [], hidden: ['since', 'rate'], widths: {}, hidesExited: false }
  const columns = shownColumns(view.info, settings)

  it('are parted by tabs, and a name of a task makes neither a cell nor a line', () => {
    const lines = asTsv(view, [2, 0], columns).split('\n')
    expect(lines[0]).toBe('PID\tcomm\tState\tTransitions\tViolations\tLast event\tThread group')
    expect(lines).toHaveLength(4)
    expect(lines[1]?.split('\t')).toHaveLength(7)
    expect(lines[2]).toBe('100\tcyclictest\trunning\t5\t0\tswitch_in\t99 cyclic main')
  })

  it('are CSV in which no name is a formula', () => {
    const lines = asCsv(view, [2], columns, 'exited').split('\r\n')
    expect(lines[1]).toMatch(/^7,"'=cmd\|""x"",[^\t]*1",not monitoring,9,0,,,1$/)
  })
})
