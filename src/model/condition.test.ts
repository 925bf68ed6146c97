import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileCondition, parseCondition } from './condition'
import { CONSTANTS, TRACEPOINTS, fieldIndex, findTracepoint, tracepointIndex } from './tracepoints'
import type { Tracepoint } from './tracepoints'

const sw: Tracepoint = findTracepoint('sched_switch') ?? { name: 'missing', fields: [] }
const index = (name: string): number => fieldIndex(sw, name)

/** preempt, prev, next, prev_state */
function holds(text: string, preempt: number, prevState: number): boolean {
  const parsed = parseCondition(text, sw)
  if ('error' in parsed) throw new Error(parsed.error.message)
  return compileCondition(parsed.condition, index)(Float64Array.of(preempt, 7, 8, prevState))
}

describe('conditions', () => {
  test.each([
    ['prev_state == TASK_INTERRUPTIBLE', [1], [0, 2, 0x2001]],
    ['prev_state != 0', [1, 2], [0]],
    ['prev_state < 2', [0, 1], [2, 3]],
    ['prev_state <= 2', [0, 2], [3]],
    ['prev_state > 2', [3], [2]],
    ['prev_state >= 0x2', [2], [1]],
    ['prev_state & TASK_UNINTERRUPTIBLE', [2, 3, 0x102], [0, 1]],
    ['prev_state', [1], [0]],
    ['!prev_state', [0], [1]],
    ['!(prev_state & 1)', [0, 2], [1, 3]],
    ['!!prev_state', [1], [0]],
    ['0 == prev_state || prev_state == TASK_RTLOCK_WAIT', [0, 0x1000], [1]],
    ['prev_state > -1 && prev_state < 2', [0, 1], [2]]
  ])('%s', (text, yes, no) => {
    for (const state of yes) expect(holds(text, 0, state)).toBe(true)
    for (const state of no) expect(holds(text, 0, state)).toBe(false)
  })

  test('and binds tighter than or; parentheses bind tightest', () => {
    for (const p of [0, 1]) {
      for (const s of [0, 1, 2]) {
        expect(holds('preempt || prev_state == 1 && prev_state == 2', p, s)).toBe(p === 1)
        expect(holds('(preempt || prev_state == 1) && prev_state == 1', p, s)).toBe(s === 1)
      }
    }
  })

  test.each([
    ['', 0, 0, 'Found the end in the condition; expected a field, a constant or a number.'],
    ['prev_stat == 1', 0, 9, 'Did you mean `prev_state`?'],
    ['prev_state == TASK_INTERUPTIBLE', 14, 31, 'Did you mean `TASK_INTERRUPTIBLE`?'],
    [
      'prev == next',
      0,
      4,
      '`prev` is a task; a condition compares integers: `preempt`, `prev_state`.'
    ],
    ['prev_state = 1', 11, 12, 'Found `=` in the condition'],
    ['prev_state == 1 == 1', 16, 18, 'each comparison has two sides'],
    ['prev_state & 1 == 0', 15, 17, 'each comparison has two sides'],
    ['!prev_state == 1', 12, 14, 'parentheses after `!`'],
    ['(prev_state', 11, 11, 'expected `)`'],
    ['prev_state == 1)', 15, 16, 'expected `&&`, `||` or the end'],
    ['prev_state == 09x', 14, 15, 'Found `0`'],
    ['prev_state == 99999999999999999999', 14, 34, 'too large'],
    ['prev_state == 1 && ', 19, 19, 'Found the end'],
    ['('.repeat(1000), 65, 66, 'too long'],
    ['!'.repeat(1000), 65, 66, 'too long'],
    [Array(1000).fill('1').join('||'), 384, 385, 'too long']
  ])('%.30s is refused with its place', (text, start, end, words) => {
    const parsed = parseCondition(text, sw)
    if (!('error' in parsed)) throw new Error('accepted')
    expect(parsed.error.span).toMatchObject({ start, end })
    expect(parsed.error.message).toContain(words)
  })

  test('any text gives a condition or an error inside the text', () => {
    const pieces = [
      'prev_state',
      'TASK_DEAD',
      'prev',
      '(',
      ')',
      '&&',
      '||',
      '!',
      '==',
      '&',
      '1',
      ' ',
      '"'
    ]
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string())), (words) => {
        const text = words.join('')
        const parsed = parseCondition(text, sw)
        if ('error' in parsed) {
          expect(parsed.error.span.start).toBeGreaterThanOrEqual(0)
          expect(parsed.error.span.end).toBeLessThanOrEqual(text.length)
        } else {
          expect(typeof compileCondition(parsed.condition, index)(new Float64Array(4))).toBe(
            'boolean'
          )
        }
      })
    )
  })
})

describe('the catalog', () => {
  test('finds tracepoints and fields by name', () => {
    expect(TRACEPOINTS[tracepointIndex('sched_waking')]?.name).toBe('sched_waking')
    expect(tracepointIndex('toString')).toBe(-1)
    expect(findTracepoint('nope')).toBeUndefined()
    expect([
      index('preempt'),
      index('prev'),
      index('next'),
      index('prev_state'),
      index('x')
    ]).toEqual([0, 1, 2, 3, -1])
  })

  test('names every tracepoint, field and constant once, in letters that conditions can read', () => {
    const names = TRACEPOINTS.map((t) => t.name)
    expect(new Set(names).size).toBe(names.length)
    for (const { fields } of TRACEPOINTS) {
      const own = fields.map((f) => f.name)
      expect(new Set(own).size).toBe(own.length)
      for (const name of own) {
        expect(name).toMatch(/^[a-z_]\w*$/)
        expect(CONSTANTS.has(name)).toBe(false)
      }
    }
  })
})
