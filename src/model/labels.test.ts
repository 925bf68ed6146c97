import { describe, expect, test } from 'vitest'
import {
  clockKind,
  literalValue,
  parseEventLabel,
  parseStateLabel,
  printGuard,
  unitOf,
  valueName
} from './labels'

const events = (text: string) => {
  const result = parseEventLabel(text)
  if ('error' in result) throw new Error(result.error.expected)
  return result.value
}
const guard = (text: string) => events(`e;${text}`)[0]?.guard

describe('event labels', () => {
  test('several events, each where it stands', () => {
    expect(events('go\\n stay ; x == 1\\n_3')).toEqual([
      { event: 'go', guard: undefined, span: { start: 0, end: 2 } },
      { event: 'stay', guard: guard('x==1'), span: { start: 5, end: 18 } },
      { event: '_3', guard: undefined, span: { start: 20, end: 22 } }
    ])
  })

  test.each([
    ['reset(clk)', { constraints: [], joins: [], reset: 'clk' }],
    ['reset ( clk )', { constraints: [], joins: [], reset: 'clk' }]
  ])('%s', (text, expected) => {
    expect(guard(text)).toEqual(expected)
  })

  test('rule and reset in either order', () => {
    expect(guard('a<1;reset(b)')).toEqual(guard('reset(b);a<1'))
    expect(guard('a<1;reset(b)')?.reset).toBe('b')
  })

  test('a chain keeps its joins in order', () => {
    const found = guard('a==1 && b!=2||c>=3')
    expect(found?.joins).toEqual(['&&', '||'])
    expect(found?.constraints.map((c) => [c.env, c.op, c.value.text])).toEqual([
      ['a', '==', '1'],
      ['b', '!=', '2'],
      ['c', '>=', '3']
    ])
    expect(found && printGuard(found)).toBe('a==1 && b!=2 || c>=3')
  })

  test.each([
    ['x<10', 'literal', '10', undefined, undefined],
    ['x<10us', 'literal', '10', 'us', 'us'],
    ['x < 10 j', 'literal', '10', 'j', 'j'],
    ['x<LIMIT', 'constant', 'LIMIT', undefined, undefined],
    ['x<LIMIT_NS()', 'constant-call', 'LIMIT_NS()', undefined, 'ns'],
    ['x<threshold_jiffies', 'parameter', 'threshold_jiffies', undefined, 'j'],
    ['x<limit_ns() ms', 'function', 'limit_ns()', 'ms', 'ms']
  ])('%s: value, unit and inferred unit', (text, kind, value, unit, inferred) => {
    const c = guard(text)?.constraints[0]
    expect(c).toMatchObject({ value: { kind, text: value }, unit })
    expect(c && unitOf(c)).toBe(inferred)
  })

  test.each([
    ['', 0, 'an event name'],
    ['1', 0, 'an event name'],
    ['e;', 2, 'a condition'],
    ['e;word', 6, 'a comparison'],
    ['e;x=1', 3, 'a comparison'],
    ['e;x<', 4, 'a number'],
    ['e;x<Limit', 5, 'the end'],
    ['e;x<l2', 5, 'the end'],
    ['e;x<1&&', 7, 'a condition'],
    ['e;x<1 & y<2', 6, 'the end'],
    ['e;x<1;y<2', 6, '`reset(NAME)`'],
    ['e;reset', 7, '`(`'],
    ['e;reset(', 8, 'the name of the clock'],
    ['e;reset(x', 9, '`)`'],
    ['e;(x<1)', 2, 'a condition'],
    ['e\\n', 3, 'an event name'],
    ['e\\tf', 1, '`;` and a guard']
  ])('%j is refused at %i', (text, start, words) => {
    const result = parseEventLabel(text)
    if (!('error' in result)) throw new Error('accepted')
    expect(result.error.span.start).toBe(start)
    expect(result.error.expected).toContain(words)
  })
})

describe('state labels', () => {
  test('a name, and an invariant with its place', () => {
    expect(parseStateLabel('run')).toEqual({ value: { name: 'run', invariant: undefined } })
    expect(parseStateLabel('run\\n clk <= 5ms ')).toEqual({
      value: {
        name: 'run',
        invariant: {
          env: 'clk',
          op: '<=',
          value: { kind: 'literal', text: '5' },
          unit: 'ms',
          span: { start: 6, end: 16 }
        }
      }
    })
  })

  test.each([['run now'], ['run\\n'], ['run\\nreset(x)'], ['run\\na<1 && b<2'], ['run;a<1']])(
    '%j is refused',
    (text) => {
      expect(parseStateLabel(text)).toHaveProperty('error')
    }
  )
})

describe('what a clock is compared with', () => {
  const constraint = (text: string) => {
    const found = guard(text)?.constraints[0]
    if (found === undefined) throw new Error('no constraint')
    return found
  }

  test.each([
    ['clk<10', undefined, 10],
    ['clk<10ns', 'ns', 10],
    ['clk<10us', 'ns', 10_000],
    ['clk<10ms', 'ns', 10_000_000],
    ['clk<10s', 'ns', 10_000_000_000],
    ['clk<10j', 'jiffies', 10],
    ['clk<DEADLINE_NS()', 'ns', undefined],
    ['clk<threshold_jiffies', 'jiffies', undefined],
    ['clk<limit', undefined, undefined]
  ])('%s', (text, kind, value) => {
    expect(clockKind(constraint(text))).toBe(kind)
    expect(literalValue(constraint(text))).toBe(value)
  })

  test('a value is known by its name without parentheses', () => {
    expect(valueName(constraint('clk<DEADLINE_NS()').value)).toBe('DEADLINE_NS')
    expect(valueName(constraint('clk<limit').value)).toBe('limit')
  })
})
