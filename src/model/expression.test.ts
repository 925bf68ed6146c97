import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileExpression } from './expression-compiler'
import type { ExpressionScope } from './expression-compiler'
import type { ExpressionNames } from './expression-names'
import { parseExpression } from './expression-parser'
import {
  CONSTANTS,
  CONTEXT_VARIABLES,
  OBJECT_ATTRIBUTES,
  TASK_ATTRIBUTES,
  TRACEPOINTS,
  catalogIndex,
  fieldIndex,
  findTracepoint,
  tracepointIndex
} from './tracepoints'
import type { Tracepoint } from './tracepoints'

const point = (name: string): Tracepoint => findTracepoint(name) ?? { name, fields: [] }
const sw = point('sched_switch')
const rule = (tracepoint: Tracepoint): ExpressionNames => ({
  tracepoint,
  instance: undefined,
  parameters: ['limit']
})
const ofTask: ExpressionNames = { tracepoint: undefined, instance: 'task', parameters: [] }
const ofObject: ExpressionNames = { tracepoint: undefined, instance: 'object', parameters: [] }

/** Context variables read as their place in the catalog, attributes as the task times 100 plus theirs. */
function scope(tracepoint: Tracepoint): ExpressionScope {
  return {
    field: (name) => fieldIndex(tracepoint, name),
    context: (name) => () => catalogIndex(CONTEXT_VARIABLES, name),
    attribute: (name) => (task) => task * 100 + catalogIndex(TASK_ATTRIBUTES, name),
    objectAttribute: (name) => () => 1000 + catalogIndex(OBJECT_ATTRIBUTES, name),
    current: () => 5,
    instance: () => 6,
    parameter: (name) => () => (name === 'limit' ? 70 : NaN)
  }
}

function run(text: string, names: ExpressionNames, ...args: number[]): number {
  const parsed = parseExpression(text, names)
  if ('error' in parsed) throw new Error(parsed.error.message)
  const compiled = compileExpression(parsed.expression, scope(names.tracepoint ?? sw))
  return compiled(Float64Array.from(args))
}

/** preempt, prev, next, prev_state */
const holds = (text: string, preempt: number, prevState: number): boolean =>
  run(text, rule(sw), preempt, 7, 8, prevState) !== 0

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
    ['prev_state > -1 && prev_state < 2', [0, 1], [2]],
    ['prev_state == limit', [70], [1]]
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
})

describe('values', () => {
  test.each([
    ['1 + 2 - 4', -1],
    ['1 - 2 - 3', -4],
    ['1 - (2 - 3)', 2],
    ['-1 - -2', 1],
    ['- - 5', 5],
    ['!5', 0],
    ['!0 + 0 == 1', undefined],
    ['(1 == 1) + (2 > 1)', 2],
    ['1 + 1 == 2 && 3 - 1 < 1 + 2', 1],
    ['0xff & 0x0f', 15],
    ['0xf0 | 0x0f', 255],
    ['1 | 2 | 4', 7],
    ['(7 & 3) | 8', 11],
    // Bits beyond 32 are not looked at; the rest of arithmetic is not so narrow.
    ['0x1ffffffff & 0xff', 255],
    ['9007199254740991 - 1', 9007199254740990],
    ['~0', -1],
    ['0x40000006 & ~SCHED_RESET_ON_FORK', 6],
    ['FUTEX_CMD_MASK & 0x8d', 13],
    // 128 is FUTEX_PRIVATE_FLAG, 256 FUTEX_CLOCK_REALTIME.
    ['(128 | 256) & FUTEX_CMD_MASK', 0]
  ])('%s', (text, value) => {
    if (value === undefined) expect(() => run(text, rule(sw), 0, 0, 0, 0)).toThrow(/parentheses/)
    else expect(run(text, rule(sw), 0, 0, 0, 0)).toBe(value)
  })

  test('of the place where the handler runs, of tasks and of objects', () => {
    const prio = catalogIndex(TASK_ATTRIBUTES, 'prio')
    expect(run('prev.prio', rule(sw), 0, 7, 8, 0)).toBe(700 + prio)
    expect(run('next.prio - prev.prio', rule(sw), 0, 7, 8, 0)).toBe(100)
    expect(run('current.prio', rule(sw), 0, 7, 8, 0)).toBe(500 + prio)
    expect(run('task.prio', ofTask)).toBe(600 + prio)
    expect(run('object.dl_period', ofObject)).toBe(
      1000 + catalogIndex(OBJECT_ATTRIBUTES, 'dl_period')
    )
    expect(run('-cpu - nr_cpus', rule(sw), 0, 7, 8, 0)).toBe(-1)
    expect(run('dl_se', rule(point('sched_dl_throttle_tp')), -3, 1, 2)).toBe(-3)
  })

  test('a field hides a name of the same spelling', () => {
    const throttle = rule(point('sched_dl_throttle_tp'))
    expect(run('cpu', throttle, 9, 4, 0)).toBe(4)
    const created = rule(point('task_newtask'))
    expect(run('task.pid', created, 3)).toBe(300)
  })

  test('attributes of no task are -1, whoever is asked', () => {
    const enter = point('sys_enter')
    const args = enter.fields.map((f) => (f.kind === 'task' ? -1 : 0))
    expect(run('target.pid', rule(enter), ...args)).toBe(-1)
    expect(run('target.policy', rule(enter), ...args)).toBe(-1)
  })

  test('the reader of a name is looked up once, not each time', () => {
    let asked = 0
    const parsed = parseExpression('irqs_disabled && current.pid && limit', rule(sw))
    if ('error' in parsed) throw new Error(parsed.error.message)
    const count = <T>(reader: T): T => {
      asked++
      return reader
    }
    const compiled = compileExpression(parsed.expression, {
      ...scope(sw),
      context: () => count(() => 1),
      attribute: () => count(() => 1),
      parameter: () => count(() => 1)
    })
    for (let i = 0; i < 10; i++) expect(compiled(new Float64Array(4))).toBe(1)
    expect(asked).toBe(3)
  })
})

describe('what is refused, with its place', () => {
  test.each([
    ['', 0, 0, 'Found the end in the expression; expected a field, a constant or a number.'],
    ['prev_stat == 1', 0, 9, 'Did you mean `prev_state`?'],
    ['prev_state == TASK_INTERUPTIBLE', 14, 31, 'Did you mean `TASK_INTERRUPTIBLE`?'],
    ['irq_disabled', 0, 12, 'Did you mean `irqs_disabled`?'],
    ['prev_state < limits', 13, 19, 'Did you mean `limit`?'],
    [
      'prev == next',
      0,
      4,
      '`prev` is a task, expected an integer: one of its attributes, as in `prev.pid`.'
    ],
    ['current', 0, 7, '`current` is a task'],
    ['prev.pri', 5, 8, '`pri` is no attribute of a task; expected `pid`, `prio`'],
    ['prev.pri', 5, 8, 'Did you mean `prio`?'],
    ['prev_state.pid', 0, 10, '`prev_state` has no attributes here; expected `prev.…`'],
    ['pre.pid', 0, 3, 'Did you mean `prev`?'],
    ['task.pid', 0, 4, '`task` has no attributes here'],
    ['object.dl_period', 0, 6, '`object` has no attributes here'],
    [
      'prev.',
      5,
      5,
      'Found the end in the expression; expected the name of an attribute after `.`.'
    ],
    ['prev.1', 5, 6, 'the name of an attribute'],
    ['prev_state = 1', 11, 12, 'Found `=` in the expression'],
    ['prev_state == 1 == 1', 16, 18, 'each comparison has two sides'],
    ['0 < prev_state < 2', 15, 16, 'each comparison has two sides'],
    ['prev_state & 1 == 0', 15, 17, 'expected parentheses, as in `(a & b) == c`'],
    ['0 == prev_state & 1', 16, 17, 'expected parentheses, as in `a == (b & c)`'],
    ['1 + prev_state & 1', 15, 16, 'expected parentheses, as in `(a + b) & c`'],
    ['prev_state & 1 + 1', 18, 18, 'expected parentheses'],
    ['prev_state & 1 | 2', 15, 16, 'expected parentheses, as in `(a & b) | c`'],
    ['!prev_state == 1', 12, 14, 'parentheses after `!`'],
    ['!prev_state & 1', 12, 13, 'parentheses after `!`'],
    ['(prev_state', 11, 11, 'expected `)`'],
    ['prev_state == 1)', 15, 16, 'expected an operator or the end'],
    ['prev_state == 09x', 14, 15, 'Found `0`'],
    ['prev_state == 010', 14, 17, 'octal'],
    ['prev_state == 1UL', 14, 15, 'Found `1`'],
    ['prev_state == 1.5', 14, 15, 'Found `1`'],
    ['prev_state == 99999999999999999999', 14, 34, 'too large'],
    ['prev_state == 1 && ', 19, 19, 'Found the end'],
    ['\u{1F600}', 0, 2, 'Found'],
    ['('.repeat(1000), 65, 66, 'too long'],
    ['!'.repeat(1000), 65, 66, 'too long'],
    ['-'.repeat(1000), 65, 66, 'too long'],
    [Array(1000).fill('1').join('||'), 384, 385, 'too long'],
    [Array(1000).fill('1').join('&'), 256, 257, 'too long'],
    [Array(1000).fill('1').join('+'), 256, 257, 'too long']
  ])('%.30s', (text, start, end, words) => {
    const parsed = parseExpression(text, rule(sw))
    if (!('error' in parsed)) throw new Error('accepted')
    expect(parsed.error.message).toContain(words)
    expect(parsed.error.span).toMatchObject({ start, end })
  })

  test('fields where there is no tracepoint', () => {
    for (const names of [ofTask, ofObject]) {
      expect(parseExpression('prev_state', names)).toMatchObject({ error: {} })
    }
    expect(parseExpression('task.pid', ofObject)).toMatchObject({ error: {} })
    expect(parseExpression('object.dl_defer', ofTask)).toMatchObject({ error: {} })
    expect(parseExpression('task', ofTask)).toMatchObject({ error: {} })
    expect(parseExpression('object', ofObject)).toMatchObject({ error: {} })
  })
})

describe('properties', () => {
  // prettier-ignore
  const OPERATORS: Record<string, (a: number, b: number) => number> = {
    '||': (a, b) => Number(a !== 0 || b !== 0), '&&': (a, b) => Number(a !== 0 && b !== 0),
    '==': (a, b) => Number(a === b), '!=': (a, b) => Number(a !== b),
    '<': (a, b) => Number(a < b), '<=': (a, b) => Number(a <= b),
    '>': (a, b) => Number(a > b), '>=': (a, b) => Number(a >= b),
    '&': (a, b) => a & b, '|': (a, b) => a | b, '+': (a, b) => a + b, '-': (a, b) => a - b
  }

  /** An expression in full parentheses, with the value that it has in C. */
  const whole: fc.Arbitrary<{ text: string; value: number }> = fc.letrec<{
    e: { text: string; value: number }
  }>((tie) => ({
    e: fc.oneof(
      { maxDepth: 4 },
      fc.nat(100).map((n) => ({ text: String(n), value: n })),
      fc.tuple(fc.constantFrom('!', '-', '~'), tie('e')).map(([op, { text, value }]) => ({
        text: `${op}(${text})`,
        value: op === '!' ? Number(value === 0) : op === '-' ? 0 - value : -value - 1
      })),
      fc
        .tuple(tie('e'), fc.constantFrom(...Object.keys(OPERATORS)), tie('e'))
        .map(([a, op, b]) => ({
          text: `(${a.text}) ${op} (${b.text})`,
          value: OPERATORS[op]?.(a.value, b.value) ?? NaN
        }))
    )
  })).e
  test('in parentheses, every operator means what it means in C', () => {
    fc.assert(
      fc.property(whole, ({ text, value }) => {
        expect(run(text, ofTask)).toBe(value)
      })
    )
  })

  test('any text gives an expression or an error inside the text', () => {
    const pieces =
      'prev_state TASK_DEAD prev current task . ( ) && || ! == < & | + - ~ 1 0x 7f irqs_disabled pid'.split(
        ' '
      )
    const word = fc.oneof(fc.constantFrom(...pieces, ' ', '"'), fc.string())
    fc.assert(
      fc.property(fc.array(word), fc.constantFrom(rule(sw), ofTask, ofObject), (words, names) => {
        const text = words.join('')
        const parsed = parseExpression(text, names)
        if ('error' in parsed) {
          const { span, message } = parsed.error
          expect(span.start).toBeGreaterThanOrEqual(0)
          expect(span.start).toBeLessThanOrEqual(span.end)
          expect(span.end).toBeLessThanOrEqual(text.length)
          expect(message).toMatch(/^[^\n\r]*[.?]$/)
        } else {
          const compiled = compileExpression(parsed.expression, scope(sw))
          expect(compiled(new Float64Array(4))).not.toBeNaN()
        }
      }),
      { numRuns: 500 }
    )
  })
})

describe('the catalog', () => {
  test('finds tracepoints and fields by name', () => {
    expect(TRACEPOINTS[tracepointIndex('sched_waking')]?.name).toBe('sched_waking')
    expect(tracepointIndex('toString')).toBe(-1)
    expect(findTracepoint('nope')).toBeUndefined()
    expect(
      ['preempt', 'prev', 'next', 'prev_state', 'x'].map((name) => fieldIndex(sw, name))
    ).toEqual([0, 1, 2, 3, -1])
  })

  test('names everything once, in letters that expressions can read', () => {
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
    for (const catalog of [CONTEXT_VARIABLES, TASK_ATTRIBUTES, OBJECT_ATTRIBUTES]) {
      const own = catalog.map((one) => one.name)
      expect(new Set(own).size).toBe(own.length)
      for (const name of own) expect(CONSTANTS.has(name)).toBe(false)
    }
  })
})
