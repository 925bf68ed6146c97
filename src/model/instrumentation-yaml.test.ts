import * as fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { formatDiagnostic } from './diagnostics'
import { misplaced } from './diagnostics.testing'
import { parseDot } from './dot'
import type { Subject } from './instrumentation'
import { parseInstrumentation } from './instrumentation-yaml'
import type { MonitorSpec, ParsedInstrumentation } from './instrumentation-yaml'

// Many runs on a machine that may have other work.
vi.setConfig({ testTimeout: 60_000 })

const spec = ((): MonitorSpec => {
  const text =
    'digraph { __init_out [label=""] out [label=out] in [label=in] ' +
    'out -> in [label=switch_in] in -> out [label=switch_out] out -> out [label=wakeup] }'
  const parsed = parseDot(text, 'm.dot')
  if (parsed.automaton === undefined) throw new Error('the test model does not parse')
  return { kind: 'automaton', automaton: parsed.automaton }
})()

const HEAD = 'monitor: m\ntype: per_task\ndescription: d.\n'
const SWITCH = `tracepoints:
  sched_switch:
    - choose:
        - when: prev_state & TASK_UNINTERRUPTIBLE && !preempt
          event: switch_out
          call: handle_start_event
          on: prev
        - event: switch_out
          call: handle_event
          on: prev
    - {event: switch_in, call: handle_start_run_event, on: next}
  sched_wakeup:
    - event: wakeup
      call: handle_event
      on: p
`
const parse = (text: string): ParsedInstrumentation => parseInstrumentation(text, 'm.yaml', spec)
const lines = (text: string): string[] => parse(text).diagnostics.map(formatDiagnostic)
/** `line:column code` */
const found = (text: string): string[] =>
  parse(text).diagnostics.map((d) => `${d.line}:${d.column} ${d.code}`)
/** A file with one rule, so that its findings stand out. */
const rule = (yaml: string, type = 'per_task', tracepoint = 'sched_switch'): string =>
  `monitor: m\ntype: ${type}\ndescription: d.\ntracepoints:\n  ${tracepoint}:\n    - ${yaml}\n`
/** Without the warnings of a file that feeds one event of three. */
const errors = (text: string): string[] =>
  parse(text)
    .diagnostics.filter((d) => d.severity === 'error')
    .map(formatDiagnostic)

describe('a sound file', () => {
  test('becomes rules in the order written', () => {
    const { instrumentation, diagnostics } = parse(`${HEAD}parent: sched\n${SWITCH}`)
    expect(diagnostics).toEqual([])
    expect(instrumentation).toMatchObject({
      monitor: 'm',
      type: 'per_task',
      description: 'd.',
      parent: 'sched',
      tracepoints: [
        {
          tracepoint: 'sched_switch',
          steps: [
            [
              {
                event: 'switch_out',
                call: 'handle_start_event',
                on: { kind: 'field', name: 'prev' },
                when: { kind: 'binary', op: '&&' }
              },
              {
                event: 'switch_out',
                call: 'handle_event',
                on: { kind: 'field', name: 'prev' },
                when: undefined
              }
            ],
            [{ kind: 'event', event: 'switch_in', call: 'handle_start_run_event' }]
          ]
        },
        {
          tracepoint: 'sched_wakeup',
          steps: [[{ event: 'wakeup', on: { kind: 'field', name: 'p' } }]]
        }
      ]
    })
  })

  test('has no parent unless it names one, and may use any line end', () => {
    expect(parse(HEAD + SWITCH).instrumentation?.parent).toBeUndefined()
    expect(parse((HEAD + SWITCH).replaceAll('\n', '\r\n')).instrumentation).toEqual(
      parse(HEAD + SWITCH).instrumentation
    )
  })

  test('need not say which CPU or which instance of one', () => {
    const on = (type: string): Subject['kind'] | undefined =>
      parse(rule('{event: wakeup, call: handle_start_event}', type)).instrumentation?.tracepoints[0]
        ?.steps[0]?.[0]?.on.kind
    expect(on('per_cpu')).toBe('cpu')
    expect(on('global')).toBe('global')
  })

  test('is warned of events that nothing feeds and of a monitor that never starts', () => {
    expect(lines(rule('{event: wakeup, call: handle_event, on: prev}'))).toEqual([
      'm.yaml:4:1: warning: No tracepoint feeds `switch_in`, `switch_out`. [event-not-fed]',
      'm.yaml:4:1: warning: No rule calls handle_start_event or handle_start_run_event, so monitoring never starts. [never-starts]'
    ])
  })
})

test('reactions are given, but where the file says that there are none', () => {
  const reactions = (line: string): unknown =>
    parse(`${HEAD}${line}${SWITCH}`).instrumentation?.reactions
  expect(reactions('')).toBeUndefined()
  expect(reactions('reactions: given\n')).toBeUndefined()
  expect(reactions('reactions: none\n')).toBe('none')
  expect(parse(`${HEAD}reactions: never\n${SWITCH}`).diagnostics).toMatchObject([
    { severity: 'error', code: 'unknown-reactions' }
  ])
})

describe('mistakes are named where they are', () => {
  test.each([
    [
      rule('{event: wakup, call: handle_event, on: prev}'),
      '6:15: error: The model `m` has no event `wakup`; it has `switch_in`, `switch_out`, `wakeup`. Did you mean `wakeup`? [unknown-event]'
    ],
    [
      rule('{event: wakeup, call: handle_evnt, on: prev}'),
      '6:29: error: Unknown call `handle_evnt`; expected `handle_event`, `handle_start_event`, `handle_start_run_event` or `reset`. Did you mean `handle_event`? [unknown-call]'
    ],
    [
      rule('{event: wakeup, call: handle_event, on: cpu}'),
      '6:47: error: A per_task monitor cannot run on `cpu`; expected `prev`, `next` or `current`. [wrong-instance]'
    ],
    [
      rule('{event: wakeup, call: handle_event, on: prev_state}'),
      '6:47: error: A per_task monitor cannot run on `prev_state`; expected `prev`, `next` or `current`. [wrong-instance]'
    ],
    [
      rule('{event: wakeup, call: handle_event, on: prev}', 'per_cpu'),
      '6:47: error: A per_cpu monitor cannot run on `prev`; expected `cpu`. [wrong-instance]'
    ],
    [
      rule('{event: wakeup, call: handle_event}'),
      '6:7: error: The key `on` is missing in a rule of `sched_switch`. [missing-key]'
    ],
    [
      rule('{event: wakeup, call: handle_event, on: sig}', 'per_task', 'signal_deliver'),
      '6:47: error: A per_task monitor cannot run on `sig`; expected `current`. [wrong-instance]'
    ],
    [
      rule('{event: wakeup, call: handle_event, on: prev, wen: x}'),
      '6:53: error: Unknown key `wen` in a rule of `sched_switch`; expected `event`, `call`, `on`, `when` or `choose`. Did you mean `when`? [unknown-key]'
    ],
    [
      rule('{event: wakeup, call: handle_event, on: prev, when: prev_stat == 1}'),
      '6:59: error: `prev_stat` is nothing that can be asked here; `sched_switch` has `preempt`, `prev_state`. Did you mean `prev_state`? [bad-expression]'
    ],
    [
      rule('{event: wakeup, call: handle_event, on: prev, when: "prev == 1"}'),
      '6:60: error: `prev` is a task, expected an integer: one of its attributes, as in `prev.pid`. [bad-expression]'
    ],
    [
      rule('{event: wakeup, call: handle_event, on: prev}', 'per_task', 'sched_swich'),
      '5:3: error: Unknown tracepoint `sched_swich`; expected one of the catalog in src/model/tracepoints.ts. Did you mean `sched_switch`? [unknown-tracepoint]'
    ],
    [
      rule('{event: wakeup, call: handle_event, on: prev}', 'per_tsk'),
      '2:7: error: Unknown type `per_tsk`; expected `global`, `per_cpu`, `per_task` or `per_obj`. Did you mean `per_task`? [unknown-type]'
    ],
    [
      rule('when: !preempt'),
      "6:13: error: YAML takes a leading `!` for a tag; expected the value in quotes, as in '!preempt'. [yaml]"
    ],
    [
      rule('{choose: [{event: wakeup, call: handle_event, on: prev}], on: prev}'),
      '6:65: error: `on` stands beside `choose`; expected it in the rules of the list. [unknown-key]'
    ],
    [
      rule(
        '{choose: [{event: wakeup, call: handle_event, on: prev}, {event: wakeup, call: handle_event, on: next}]}'
      ),
      '6:64: error: This rule never runs: the one at line 6, column 17 has no `when` and is always chosen before it. [never-chosen]'
    ],
    [
      rule('wakeup'),
      '6:7: error: A rule of `sched_switch`: expected `key: value` lines, found `wakeup`. [wrong-kind]'
    ],
    [
      `${HEAD}tracepoints:\n  sched_switch:\n`,
      '5:16: error: `sched_switch`: expected a list, each item behind `-`, found nothing. [wrong-kind]'
    ],
    [
      `${HEAD}tracepoints: []\n`,
      '4:14: error: `tracepoints`: expected `key: value` lines, found an empty list. [wrong-kind]'
    ],
    [
      `${HEAD}tracepoints: {}\n`,
      '4:14: error: `tracepoints` is empty; expected tracepoints with their rules, or `none` for a monitor that is only described. [no-tracepoints]'
    ],
    [
      `${HEAD}tracepoints: nothing\n`,
      '4:14: error: `tracepoints`: expected `key: value` lines, found `nothing`. [wrong-kind]'
    ],
    [HEAD, '1:1: error: The key `tracepoints` is missing in the file. [missing-key]'],
    [
      `${HEAD}kind: x\n${SWITCH}`,
      '4:1: error: Unknown key `kind` in the file; expected `monitor`, `type`, `description`, `parent`, `parameters`, `reactions`, `tracepoints` or `storage`. [unknown-key]'
    ],
    [
      `${HEAD}type: per_task\n${SWITCH}`,
      '4:1: error: The key `type` stands twice, first at line 2, column 1. [duplicate-key]'
    ],
    [
      `${HEAD}---\nx: y\n`,
      '4:1: error: A second YAML document begins here; expected one. [second-document]'
    ],
    [`${HEAD}parent: *x\n${SWITCH}`, undefined],
    [
      `${HEAD}parent: &x sched\n${SWITCH}`,
      '4:12: error: Anchors and aliases are not supported here; expected the value itself. [alias]'
    ],
    [
      HEAD.replace('d.', '"a\\nb"') + SWITCH,
      '3:14: error: The description is shown on one line; expected text without line breaks and control characters. [bad-description]'
    ],
    [
      HEAD.replace('d.', '[d]') + SWITCH,
      '3:14: error: `description`: expected one value, found a list. [wrong-kind]'
    ]
  ])('%#', (text, expected) => {
    const { instrumentation } = parse(text)
    expect(instrumentation).toBeUndefined()
    if (expected === undefined) expect(errors(text)).not.toEqual([])
    else expect(errors(text)).toEqual([`m.yaml:${expected}`])
  })

  test.each([
    ["a'b", "The name `a'b` is not one the kernel can use; expected letters, digits and `_`."],
    ['"a\\"b"', 'The name `a"b` is not one the kernel can use; expected letters, digits and `_`.'],
    [
      'a/../b',
      'The name `a/../b` is not one the kernel can use; expected letters, digits and `_`.'
    ],
    ['a'.repeat(32), `The name \`${'a'.repeat(32)}\` has 32 characters; expected at most 31.`]
  ])('a monitor or a parent cannot be called %s', (name, message) => {
    for (const key of ['monitor', 'parent']) {
      const text = `${HEAD.replace(/^monitor.*\n/, key === 'monitor' ? '' : 'monitor: m\n')}${key}: ${name}\n${SWITCH}`
      const { instrumentation, diagnostics } = parse(text)
      expect(instrumentation).toBeUndefined()
      expect(diagnostics.map((d) => d.message)).toEqual([message])
    }
    expect(parse(HEAD.replace('m\n', `${'a'.repeat(31)}\n`) + SWITCH).diagnostics).toEqual([])
  })
})

describe('hostile text', () => {
  test.each([
    ['', '1:1 wrong-kind'],
    ['\0\x01\x02', undefined],
    ['x'.repeat(70_000), '1:1 too-large'],
    ['['.repeat(5000), '1:65 too-deep'],
    ['- '.repeat(5000), '1:129 too-deep'],
    ['{a: '.repeat(5000), '1:257 too-deep'],
    ['a: &a [*a, *a]\n', undefined],
    ['!!js/function "x"', undefined]
  ])('%.20j', (text, expected) => {
    expect(parse(text).instrumentation).toBeUndefined()
    if (expected !== undefined) expect(found(text)).toEqual([expected])
    expect(found(text)).not.toEqual([])
  })

  test('never throws; gives a result or an error, with places inside the text', () => {
    const sound = HEAD + SWITCH
    const mutated = fc
      .tuple(
        fc.nat(sound.length),
        fc.nat(8),
        fc.oneof(
          fc.string(),
          fc.constantFrom(':', '-', '\t', '\n', '!', '&a', '*a', '[', '{', '"', '#', '|')
        )
      )
      .map(([at, cut, put]) => sound.slice(0, at) + put + sound.slice(at + cut))
    fc.assert(
      fc.property(fc.oneof(mutated, fc.string(), fc.string({ unit: 'binary' })), (text) => {
        const { instrumentation, diagnostics } = parse(text)
        expect(diagnostics.some((d) => d.severity === 'error')).toBe(instrumentation === undefined)
        expect(misplaced(text, diagnostics)).toEqual([])
      }),
      { numRuns: 200 }
    )
  })
})
