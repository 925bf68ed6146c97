import * as fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { formatDiagnostic } from './diagnostics'
import { misplaced } from './diagnostics.testing'
import { parseDot } from './dot'
import type { InstrumentationRule } from './instrumentation'
import { parseContainer, parseInstrumentation } from './instrumentation-yaml'
import type { MonitorSpec, ParsedInstrumentation } from './instrumentation-yaml'
import { parseLtl } from './ltl/parse'

vi.setConfig({ testTimeout: 60_000 })

function dot(edges: string, initial = 'idle'): MonitorSpec {
  const text = `digraph { __init_idle [label=""] idle [label="${initial}"] busy [label=busy] ${edges} }`
  const { automaton } = parseDot(text, 'm.dot')
  if (automaton === undefined) throw new Error('the test model does not parse')
  return { kind: 'automaton', automaton }
}

/** With a clock in ns, two environment variables that are none, and three symbolic values. */
const hybrid = dot(
  'idle -> busy [label="start;clk < limit_ns && irq_off == 1;reset(clk)"] ' +
    'busy -> idle [label="stop;level > LEVEL && level < ceiling()"]'
)
const watched = dot(
  'idle -> busy [label="start;reset(clk)"] busy -> idle [label=stop]',
  'idle\\nclk < LIMIT_NS'
)
const plain = dot('idle -> busy [label=start] busy -> idle [label=stop]')
const formula = ((): MonitorSpec => {
  const { model } = parseLtl('RULE = always (RT imply (not (FAULT or WOKEN)))\n', 'm.ltl')
  if (model === undefined) throw new Error('the test formula does not parse')
  return { kind: 'ltl', ltl: model }
})()

const parse = (text: string, spec: MonitorSpec): ParsedInstrumentation =>
  parseInstrumentation(text, 'm.yaml', spec)
const found = (text: string, spec: MonitorSpec): string[] =>
  parse(text, spec).diagnostics.map(formatDiagnostic)
const head = (type: string): string => `monitor: m\ntype: ${type}\ndescription: d.\n`
const POINTS = `tracepoints:
  irq_disable: [{event: start, call: handle_start_event}]
  irq_enable: [{event: stop, call: handle_event}]
`
const PARTS = `parameters:
  limit_ns: {default: 100, unit: ns, description: how long}
environment:
  irq_off: irqs_disabled
  level: preempt_off + in_hardirq
values:
  LEVEL: 0
  ceiling: nr_cpus
`
const rules = (parsed: ParsedInstrumentation): InstrumentationRule[] =>
  parsed.instrumentation?.tracepoints.flatMap((t) => t.steps.flat()) ?? []

describe('a hybrid automaton', () => {
  test('has a timer, getters, values and parameters', () => {
    const { instrumentation, diagnostics } = parse(head('per_cpu') + PARTS + POINTS, hybrid)
    expect(diagnostics).toEqual([])
    expect(instrumentation?.parameters).toEqual([
      { name: 'limit_ns', default: 100, unit: 'ns', description: 'how long' }
    ])
    expect(instrumentation?.hybrid).toEqual({
      timer: 'none',
      environment: new Map([
        ['irq_off', { kind: 'context', name: 'irqs_disabled' }],
        [
          'level',
          {
            kind: 'binary',
            op: '+',
            left: { kind: 'context', name: 'preempt_off' },
            right: { kind: 'context', name: 'in_hardirq' }
          }
        ]
      ]),
      values: new Map([
        ['LEVEL', { kind: 'number', value: 0 }],
        ['ceiling', { kind: 'context', name: 'nr_cpus' }]
      ])
    })
    expect(instrumentation?.ltl).toBeUndefined()
  })

  test('is watched by an hrtimer where it has an invariant, unless it says otherwise', () => {
    const timer = (yaml: string): string | undefined =>
      parse(`${head('per_cpu')}values: {LIMIT_NS: 5}\n${yaml}${POINTS}`, watched).instrumentation
        ?.hybrid?.timer
    expect(timer('')).toBe('hrtimer')
    for (const word of ['none', 'wheel', 'hrtimer']) expect(timer(`timer: ${word}\n`)).toBe(word)
  })

  test('asks the task or the object that the instance belongs to', () => {
    const at = (type: string, on: string): string =>
      `${head(type)}values: {LIMIT_NS: 'ATTRIBUTE'}\ntracepoints:\n  sched_switch:\n    - {event: start, call: handle_start_event, on: ${on}}\n    - {event: stop, call: handle_event, on: ${on}}\n`
    const value = (type: string, on: string, attribute: string): unknown =>
      parse(
        at(type, on).replace('ATTRIBUTE', attribute),
        watched
      ).instrumentation?.hybrid?.values.get('LIMIT_NS')
    expect(value('per_task', 'prev', 'task.prio')).toMatchObject({ of: { kind: 'instance' } })
    expect(value('per_obj', 'next.dl_server', 'object.dl_deadline')).toEqual({
      kind: 'object',
      attribute: 'dl_deadline'
    })
    expect(value('per_task', 'prev', 'object.dl_deadline')).toBeUndefined()
    expect(value('per_obj', 'next.dl_server', 'task.prio')).toBeUndefined()
  })

  test.each([
    [
      PARTS.replace('  irq_off: irqs_disabled\n', ''),
      '6:1: error: Nothing says what the environment variable `irq_off` is; expected an entry in `environment`. [no-getter]'
    ],
    [
      PARTS.replace('irq_off:', 'irq_of:'),
      '7:3: error: The model `m` has no environment variable `irq_of`; it has `clk`, `irq_off`, `level`. Did you mean `irq_off`? [unknown-environment]'
    ],
    [
      PARTS.replace('irq_off:', 'clk: 1\n  irq_off:'),
      '7:3: error: `clk` is a clock, which needs no getter. [unknown-environment]'
    ],
    [
      PARTS.replace('  LEVEL: 0\n', ''),
      '9:1: error: Nothing says what `LEVEL` is; expected an entry `LEVEL` in `values` or in `parameters`. [no-value]'
    ],
    [
      PARTS.replace('  ceiling: nr_cpus\n', ''),
      '9:1: error: Nothing says what `ceiling()` is; expected an entry `ceiling` in `values` or in `parameters`. [no-value]'
    ],
    [
      PARTS.replace('ceiling:', 'cieling:'),
      '11:3: error: No guard or invariant of `m` compares with `cieling`; it has `limit_ns`, `LEVEL`, `ceiling`. Did you mean `ceiling`? [unknown-value]'
    ],
    [
      PARTS.replace('ceiling:', 'limit_ns: 1\n  ceiling:'),
      '11:3: error: `limit_ns` is a parameter, which needs no other value. [unknown-value]'
    ],
    [
      `timer: wheel\n${PARTS}`,
      '4:8: error: The model `m` has no invariant that a timer could watch; expected `none`. [no-invariant]'
    ],
    [
      `timer: weel\n${PARTS}`,
      '4:8: error: Unknown timer `weel`; expected `none`, `wheel` or `hrtimer`. Did you mean `wheel`? [unknown-timer]'
    ],
    [
      PARTS.replace('irqs_disabled', 'irq_disabled'),
      '7:12: error: `irq_disabled` is nothing that can be asked here; the monitor has the parameter `limit_ns`. Did you mean `irqs_disabled`? [bad-expression]'
    ],
    [
      PARTS.replace('irqs_disabled', 'object.dl_defer'),
      '7:12: error: `object` has no attributes here; expected `current.…`. [bad-expression]'
    ],
    [
      PARTS.replace('default: 100', 'default: -1'),
      '5:23: error: `-1` is no default of a parameter; expected a number from 0 to 2^53 - 1, or `tick`. [bad-default]'
    ],
    [
      PARTS.replace('default: 100, unit: ns', 'default: tick, unit: jiffies'),
      '5:23: error: A tick is a time in nanoseconds; expected `unit: ns` beside it. [bad-default]'
    ],
    [
      PARTS.replace('unit: ns', 'unit: us'),
      '5:34: error: Unknown unit `us`; expected `ns` or `jiffies`. [unknown-unit]'
    ],
    [
      PARTS.replace(', description: how long', ''),
      '5:3: error: The key `description` is missing in the parameter `limit_ns`. [missing-key]'
    ],
    [
      PARTS.replace('limit_ns:', 'cpu: {default: 1, description: x}\n  limit_ns:'),
      '5:3: error: `cpu` means something else in expressions; expected another name. [bad-parameter]'
    ],
    [
      PARTS.replace('limit_ns:', 'prev_state: {default: 1, description: x}\n  limit_ns:'),
      '5:3: error: `prev_state` means something else in expressions; expected another name. [bad-parameter]'
    ],
    [
      PARTS.replace('limit_ns:', 'a-b: {default: 1, description: x}\n  limit_ns:'),
      '5:3: error: `a-b` cannot be the name of a parameter; expected letters, digits and `_`. [bad-parameter]'
    ],
    [
      `fetch: {RT: 1}\n${PARTS}`,
      '4:1: error: `fetch` is for LTL monitors; the model `m` is a hybrid automaton. [wrong-class]'
    ],
    [
      `storage: []\n${PARTS}`,
      '4:1: error: `storage` is for per_obj monitors; `m` is per_cpu. [wrong-class]'
    ],
    [
      `enviroment: {}\n${PARTS}`,
      '4:1: error: Unknown key `enviroment` in the file; expected `monitor`, `type`, `description`, `parent`, `parameters`, `reactions`, `tracepoints`, `storage`, `timer`, `environment` or `values`. Did you mean `environment`? [unknown-key]'
    ]
  ])('%#: a mistake is named where it is', (parts, expected) => {
    const text = head('per_cpu') + parts + POINTS
    expect(found(text, hybrid)).toEqual([`m.yaml:${expected}`])
    expect(parse(text, hybrid).instrumentation).toBeUndefined()
  })

  test('must tell what its clock counts', () => {
    const model = dot('idle -> busy [label="start;clk < 5;reset(clk)"] busy -> idle [label=stop]')
    expect(found(head('per_cpu') + POINTS, model)).toEqual([
      'm.yaml:1:1: error: The model `m` does not say what the clock `clk` counts; expected a unit in a guard or invariant, such as `clk<10us`, or a value whose name ends in `_ns` or `_jiffies`. [no-unit]'
    ])
  })

  test('that is only described needs nothing', () => {
    expect(parse(`${head('per_cpu')}tracepoints: none\n`, hybrid)).toMatchObject({
      diagnostics: [],
      instrumentation: { tracepoints: [], parameters: [] }
    })
  })

  test('deterministic automata have none of it', () => {
    for (const key of ['timer: wheel', 'environment: {}', 'values: {}']) {
      expect(found(`${head('per_cpu')}${key}\n${POINTS}`, plain)).toEqual([
        `m.yaml:4:1: error: \`${key.replace(/:.*/, '')}\` is for hybrid automata; the model \`m\` is a deterministic automaton. [wrong-class]`
      ])
    }
    expect(parse(head('per_cpu') + POINTS, plain).instrumentation?.hybrid).toBeUndefined()
  })
})

describe('tracepoints with the same rules', () => {
  const keys = (list: string, call = 'handle_start_event'): string =>
    `${head('per_cpu')}tracepoints:\n  ${list}:\n    - {event: start, call: ${call}}\n  irq_enable: [{event: stop, call: handle_event}]\n`

  test('stand before one list', () => {
    const parsed = parse(keys('irq_disable, preempt_disable ,softirq_entry'), plain)
    expect(parsed.diagnostics).toEqual([])
    expect(parsed.instrumentation?.tracepoints.map((t) => t.tracepoint)).toEqual([
      'irq_disable',
      'preempt_disable',
      'softirq_entry',
      'irq_enable'
    ])
  })

  test('are named one by one when they are wrong, their rules once', () => {
    expect(found(keys('irq_disable, preempt_disble, irq_disable'), plain)).toEqual([
      'm.yaml:5:16: error: Unknown tracepoint `preempt_disble`; expected one of the catalog in src/model/tracepoints.ts. Did you mean `preempt_disable`? [unknown-tracepoint]',
      'm.yaml:5:32: error: The tracepoint `irq_disable` stands twice, first at line 5, column 3. [duplicate-tracepoint]'
    ])
    expect(found(keys('irq_disable, irq_enable'), plain)).toEqual([
      'm.yaml:7:3: error: The tracepoint `irq_enable` stands twice, first at line 5, column 16. [duplicate-tracepoint]'
    ])
    expect(found(keys('irq_disable, preempt_disable', 'handle'), plain)).toHaveLength(1)
    expect(found(keys('irq_disable,'), plain)).toHaveLength(1)
    expect(found(keys('"irq_disable, nope"'), plain)[0]).toMatch(/^m.yaml:5:3: error: Unknown tr/)
  })
})

describe('instances of objects', () => {
  const obj = (storage: string, more = ''): string =>
    `${head('per_obj')}${storage}tracepoints:
  sched_dl_replenish_tp:
    - {event: start, call: handle_start_event, on: dl_se}
  sched_switch:
    - {when: next.has_dl_server, event: stop, call: handle_event, on: next.dl_server}
${more}`
  const SEEDS = `storage:
  - {each: cpu, id: -cpu}
  - each: task
    id: task.pid
    when: task.policy == SCHED_DEADLINE
`

  test('are made on enable, by handlers, and removed', () => {
    const more = `  sched_process_exit:
    - {call: destroy, on: p.pid, when: p.policy == SCHED_DEADLINE}
  task_newtask:
    - {call: create, on: task.pid}
  sys_enter:
    - {call: reset, on: target.pid, when: target.pid >= 0}
`
    const parsed = parse(obj(SEEDS, more), plain)
    expect(parsed.diagnostics).toEqual([])
    expect(parsed.instrumentation?.storage).toMatchObject([
      { each: 'cpu', id: { kind: 'unary', of: { name: 'cpu' } }, when: undefined },
      { each: 'task', id: { kind: 'task', of: { kind: 'instance' } }, when: { op: '==' } }
    ])
    expect(rules(parsed)).toMatchObject([
      { kind: 'event', on: { kind: 'id', of: { kind: 'field', name: 'dl_se' } } },
      { kind: 'event', on: { kind: 'id', of: { kind: 'task', attribute: 'dl_server' } } },
      { kind: 'storage', call: 'destroy', when: { op: '==' } },
      { kind: 'storage', call: 'create', on: { of: { of: { kind: 'field', name: 'task' } } } },
      { kind: 'storage', call: 'reset' }
    ])
  })

  test('an empty list is not the same as none', () => {
    expect(parse(obj('storage: []\n'), plain).instrumentation?.storage).toEqual([])
    expect(parse(obj(''), plain).instrumentation?.storage).toBeUndefined()
  })

  test.each([
    [
      obj('storage:\n  - {each: cpus, id: -cpu}\n'),
      '5:12: error: Unknown each `cpus`; expected `cpu` or `task`. Did you mean `cpu`? [unknown-each]'
    ],
    [
      obj('storage:\n  - {each: cpu}\n'),
      '5:5: error: The key `id` is missing in an item of `storage`. [missing-key]'
    ],
    [
      obj('storage:\n  - {each: cpu, id: task.pid}\n'),
      '5:21: error: `task` has no attributes here; expected `current.…`. [bad-expression]'
    ],
    [
      obj('', '  task_newtask:\n    - {event: start, call: create, on: task.pid}\n'),
      '10:8: error: `call: create` processes no event; expected no `event` beside it. [event-and-storage]'
    ],
    [
      obj('', '  task_newtask:\n    - {call: handle_event, on: task.pid}\n'),
      '10:7: error: The key `event` is missing in a rule of `task_newtask`. [missing-key]'
    ],
    [
      obj('', '  task_newtask:\n    - {call: create, on: task}\n'),
      '10:26: error: `task` is a task, expected an integer: one of its attributes, as in `task.pid`. [bad-expression]'
    ],
    [
      obj('', '  task_newtask:\n    - {call: creat, on: task.pid}\n'),
      '10:14: error: Unknown call `creat`; expected `handle_event`, `handle_start_event`, `handle_start_run_event`, `create`, `destroy` or `reset`. Did you mean `create`? [unknown-call]'
    ]
  ])('%#: a mistake is named where it is', (text, expected) => {
    expect(found(text, plain)).toEqual([`m.yaml:${expected}`])
  })

  test('are created and removed for objects only; tasks may be reset', () => {
    const reset = (type: string, call: string, on: string): string =>
      `${head(type)}tracepoints:\n  irq_disable:\n    - {event: start, call: handle_start_event${on}}\n    - {event: stop, call: handle_event${on}}\n    - {call: ${call}${on}}\n`
    expect(rules(parse(reset('per_task', 'reset', ', on: current'), plain))[2]).toMatchObject({
      kind: 'storage',
      on: { kind: 'current' }
    })
    expect(found(reset('per_task', 'create', ', on: current'), plain)[0]).toMatch(/unknown-call/)
    for (const type of ['per_cpu', 'global']) {
      expect(found(reset(type, 'reset', ''), plain)[0]).toMatch(/unknown-call/)
    }
  })
})

describe('a formula', () => {
  const ltl = (points: string, parts = 'fetch: {RT: task.rt_or_dl}\n'): string =>
    `${head('per_task')}${parts}tracepoints:\n${points}`
  const FAULT = '  page_fault_user:\n    - {atom: FAULT, call: atom_pulse, on: current}\n'
  const WOKEN =
    '  sched_waking:\n    - {atom: WOKEN, call: atom_update, value: in_hardirq, on: p}\n'

  test('has atoms that are fetched, known from the start, and told by rules', () => {
    const parts =
      "fetch: {RT: task.rt_or_dl}\ninit: {WOKEN: 0}\ncreated: {FAULT: '!task.kthread'}\n"
    const parsed = parse(ltl(FAULT + WOKEN, parts), formula)
    expect(parsed.diagnostics).toEqual([])
    expect(parsed.instrumentation?.hybrid).toBeUndefined()
    const { fetch, init, created } = parsed.instrumentation?.ltl ?? {}
    expect([...(fetch ?? [])]).toMatchObject([['RT', { kind: 'task', of: { kind: 'instance' } }]])
    expect([...(init ?? [])]).toEqual([['WOKEN', { kind: 'number', value: 0 }]])
    expect([...(created ?? [])]).toMatchObject([['FAULT', { kind: 'unary', op: '!' }]])
    expect(rules(parsed)).toEqual([
      {
        kind: 'atom',
        atom: 'FAULT',
        call: 'atom_pulse',
        value: { kind: 'number', value: 1 },
        on: { kind: 'current' },
        when: undefined
      },
      {
        kind: 'atom',
        atom: 'WOKEN',
        call: 'atom_update',
        value: { kind: 'context', name: 'in_hardirq' },
        on: { kind: 'field', name: 'p' },
        when: undefined
      }
    ])
  })

  test('is warned of atoms that nothing sets, and of one that is never judged', () => {
    expect(found(ltl(FAULT), formula)).toEqual([
      'm.yaml:5:1: warning: Nothing ever says whether `WOKEN` holds, so monitoring never starts. [atom-not-set]'
    ])
    expect(found(ltl((FAULT + WOKEN).replace(/atom_\w+/g, 'atom_set')), formula)).toEqual([
      'm.yaml:5:1: warning: No rule calls atom_update or atom_pulse, so monitoring never starts. [never-starts]'
    ])
  })

  test.each([
    [
      ltl(FAULT.replace('FAULT', 'FALT') + WOKEN),
      '7:14: error: The model `m` has no atom `FALT`; it has `FAULT`, `RT`, `WOKEN`. Did you mean `FAULT`? [unknown-atom]'
    ],
    [
      ltl(FAULT + WOKEN, 'fetch: {RTT: 1}\n'),
      '4:9: error: The model `m` has no atom `RTT`; it has `FAULT`, `RT`, `WOKEN`. Did you mean `RT`? [unknown-atom]'
    ],
    [
      ltl(FAULT.replace('atom_pulse', 'handle_event') + WOKEN),
      '7:27: error: Unknown call `handle_event`; expected `atom_set`, `atom_update` or `atom_pulse`. [unknown-call]'
    ],
    [
      ltl(FAULT.replace('atom:', 'event:') + WOKEN),
      '7:8: error: Unknown key `event` in a rule of `page_fault_user`; expected `atom`, `call`, `value`, `on`, `when` or `choose`. [unknown-key]'
    ],
    [
      ltl(FAULT.replace('on: current', 'value: task.pid, on: current') + WOKEN),
      '7:46: error: `task` has no attributes here; expected `current.…`. [bad-expression]'
    ],
    [
      ltl(FAULT + WOKEN).replace('per_task', 'per_cpu'),
      '2:7: error: An LTL monitor cannot be per_cpu; expected `per_task`. [unknown-type]'
    ],
    [
      `${ltl(FAULT + WOKEN)}environment: {}\n`,
      '10:1: error: `environment` is for hybrid automata; the model `m` is a formula. [wrong-class]'
    ]
  ])('%#: a mistake is named where it is', (text, expected) => {
    const errors = parse(text, formula).diagnostics.filter((d) => d.severity === 'error')
    expect(errors.map(formatDiagnostic)).toContain(`m.yaml:${expected}`)
    expect(parse(text, formula).instrumentation).toBeUndefined()
  })
})

describe('a container', () => {
  const container = (text: string): string[] =>
    parseContainer(text, 'c.yaml', 'c').diagnostics.map(formatDiagnostic)

  test('has a name and a description', () => {
    const text = 'monitor: sched\ntype: container\ndescription: several.\n'
    expect(parseContainer(text, 'c.yaml', 'c')).toEqual({
      container: { monitor: 'sched', description: 'several.' },
      diagnostics: []
    })
  })

  test.each([
    [
      'monitor: c\ntype: per_cpu\ndescription: d.\ntracepoints: none\n',
      '1:1: error: There is no model beside it; expected c.dot, c.ltl or `type: container`. [no-model]'
    ],
    [
      'monitor: c\ntype: container\ndescription: d.\nparent: sched\n',
      '4:1: error: A container has no `parent`. [wrong-class]'
    ],
    [
      'monitor: c\ntype: container\ndescription: d.\ntracepoints: none\n',
      '4:1: error: A container has no `tracepoints`. [wrong-class]'
    ],
    [
      'monitor: c\ntype: container\n',
      '1:1: error: The key `description` is missing in the file. [missing-key]'
    ],
    [
      'monitor: c\ndescription: d.\n',
      '1:1: error: The key `type` is missing in the file. [missing-key]'
    ],
    [
      'monitor: a/b\ntype: container\ndescription: d.\n',
      '1:10: error: The name `a/b` is not one the kernel can use; expected letters, digits and `_`. [bad-name]'
    ]
  ])('%#: a mistake is named where it is', (text, expected) => {
    expect(container(text)).toEqual([`c.yaml:${expected}`])
    expect(parseContainer(text, 'c.yaml', 'c').container).toBeUndefined()
  })

  test('has no model', () => {
    expect(
      found('monitor: m\ntype: container\ndescription: d.\ntracepoints: none\n', plain)
    ).toEqual([
      'm.yaml:2:7: error: A container has no model, and there is one beside it; expected another file name or another type. [container-with-model]'
    ])
  })
})

test('hostile text of every class: a result or an error, with places inside the text', () => {
  const sound: [string, MonitorSpec][] = [
    [head('per_cpu') + PARTS + POINTS, hybrid],
    [
      `${head('per_task')}fetch: {RT: 1}\ninit: {WOKEN: 0}\ntracepoints:\n  page_fault_user, page_fault_kernel:\n    - choose:\n        - {when: in_task, atom: FAULT, call: atom_pulse, on: current}\n`,
      formula
    ],
    [
      `${head('per_obj')}storage:\n  - {each: task, id: task.pid}\ntracepoints:\n  sched_switch:\n    - {event: start, call: handle_start_event, on: next.pid}\n    - {event: stop, call: handle_event, on: prev.pid}\n`,
      plain
    ]
  ]
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      ':',
      '-',
      ',',
      '\t',
      '\n',
      '!',
      '&a',
      '*a',
      '[',
      '{',
      '"',
      'task',
      '.',
      '~',
      '('
    )
  )
  fc.assert(
    fc.property(
      fc.constantFrom(...sound),
      fc.nat(500),
      fc.nat(8),
      piece,
      ([text, spec], at, cut, put) => {
        const broken = text.slice(0, at) + put + text.slice(at + cut)
        const { instrumentation, diagnostics } = parse(broken, spec)
        expect(diagnostics.some((d) => d.severity === 'error')).toBe(instrumentation === undefined)
        expect(misplaced(broken, diagnostics)).toEqual([])
        const other = parseContainer(broken, 'm.yaml', 'm')
        expect(other.container).toBeUndefined()
        expect(misplaced(broken, other.diagnostics)).toEqual([])
      }
    ),
    { numRuns: 300 }
  )
})
