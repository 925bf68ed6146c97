import { describe, expect, test } from 'vitest'
import { formatDiagnostic } from './diagnostics'
import { assembleModel, mergeModels } from './load'
import type { MonitorModel } from './load'

const dot = 'digraph { __init_a [label=""] a [label=a] a -> a [label=e] }'
const yaml = (monitor: string): string =>
  `monitor: ${monitor}\ntype: per_cpu\ndescription: d\ntracepoints:\n  irq_disable:\n    - {event: e, call: handle_start_event}\n`
const child = (monitor: string, parent: string): string => `${yaml(monitor)}parent: ${parent}\n`
const container = (monitor: string): string =>
  `monitor: ${monitor}\ntype: container\ndescription: several.\n`
const ltl = 'RULE = always (not FAULT)\n'
const atoms = (monitor: string): string =>
  `monitor: ${monitor}\ntype: per_task\ndescription: d\ntracepoints:\n  page_fault_user:\n    - {atom: FAULT, call: atom_pulse, on: current}\n`
const load = (files: Record<string, string>, before: readonly MonitorModel[] = []) => {
  const list = Object.entries(files).map(([name, text]) => ({ name, text }))
  const result = assembleModel(list, before)
  return {
    models: result.models.map((m) => m.name),
    drawings: [...result.drawings.keys()],
    diagnostics: result.diagnostics.map(formatDiagnostic),
    result
  }
}

describe('a folder of models', () => {
  test('pairs files by name, in the order of their names, and passes over others', () => {
    const { models, drawings, diagnostics, result } = load({
      'README.md': '# models',
      'b.yaml': yaml('b'),
      'c.gv': dot,
      'b.dot': dot,
      'a.yml': yaml('a'),
      'a.dot': dot
    })
    expect({ models, drawings, diagnostics }).toEqual({
      models: ['a', 'b'],
      drawings: ['a', 'b', 'c'],
      diagnostics: []
    })
    expect(result.drawings.get('c')).toMatchObject({ source: dot, automaton: { name: 'c' } })
    expect(result.models[0]).toMatchObject({ source: dot, automaton: { name: 'a' } })
  })

  test('draws, and does not run, a monitor whose file says that nothing feeds it', () => {
    const described = 'monitor: other\ntype: per_obj\ndescription: d\ntracepoints: none\n'
    const { models, drawings, diagnostics, result } = load({
      'a.dot': dot,
      'a.yaml': described,
      'b.dot': dot
    })
    expect({ models, drawings, diagnostics }).toEqual({
      models: [],
      drawings: ['a', 'b', 'other'],
      diagnostics: []
    })
    expect(result.drawings.get('other')?.type).toBe('per_obj')
    expect(result.drawings.get('b')?.type).toBeUndefined()
  })

  test('a monitor that is not called like its file is found under both names', () => {
    expect(load({ 'a.dot': dot, 'a.yaml': yaml('other') })).toMatchObject({
      models: ['other'],
      drawings: ['a', 'other'],
      diagnostics: []
    })
  })

  test('what is wrong with one leaves the others', () => {
    expect(
      load({
        'a.dot': dot,
        'a.yaml': yaml('a'),
        'bad.dot': 'digraph {',
        'bad.yaml': yaml('bad'),
        'c.dot': dot,
        'c.yaml': yaml('c').replace('event: e', 'event: f'),
        'd.yaml': yaml('d')
      })
    ).toMatchObject({
      models: ['a'],
      drawings: ['a', 'c'],
      diagnostics: [
        'bad.dot:1:10: error: Found the end of the file; expected a statement, or `}` at the end of the graph. [syntax]',
        'c.yaml:6:15: error: The model `c` has no event `f`; it has `e`. [unknown-event]',
        'd.yaml:1:1: error: There is no model beside it; expected d.dot, d.ltl or `type: container`. [no-model]'
      ]
    })
  })

  test('two files for one model and two files for one monitor', () => {
    expect(
      load({ 'a.dot': dot, 'a.gv': dot, 'a.yaml': yaml('m'), 'b.dot': dot, 'b.yaml': yaml('m') })
    ).toMatchObject({
      models: ['m'],
      diagnostics: [
        'a.gv:1:1: error: a.dot describes the same model; expected one of the two. [two-files]',
        'b.yaml:1:1: error: The monitor m is described in a.yaml too; expected another name. [duplicate-monitor]'
      ]
    })
  })

  test('an empty folder is no fault', () => {
    expect(load({})).toMatchObject({ models: [], drawings: [], diagnostics: [] })
  })

  test('formulas and containers are monitors too; containers have nothing to show', () => {
    const { result, ...rest } = load({
      'a.dot': dot,
      'a.yaml': yaml('a'),
      'f.ltl': ltl,
      'f.yaml': atoms('f'),
      'g.ltl': ltl,
      'h.ltl': 'RULE = ',
      'h.yaml': atoms('h'),
      'box.yaml': container('box')
    })
    expect(rest).toMatchObject({ models: ['a', 'box', 'f'], drawings: ['a', 'f', 'g'] })
    expect(result.models).toMatchObject([
      { kind: 'automaton', type: 'per_cpu', automaton: { name: 'a' }, source: dot },
      { kind: 'container', description: 'several.' },
      { kind: 'ltl', ltl: { name: 'f', atoms: ['FAULT'] }, source: ltl }
    ])
    // What is wrong with a formula is said once, and of its other file nothing.
    expect(rest.diagnostics.every((d) => d.startsWith('h.ltl:1:'))).toBe(true)
    expect(rest.diagnostics).not.toEqual([])
  })

  test('an automaton and a formula cannot share a name', () => {
    expect(load({ 'a.dot': dot, 'a.ltl': ltl, 'a.yaml': yaml('a') })).toMatchObject({
      models: ['a'],
      diagnostics: [
        'a.ltl:1:1: error: a.dot describes the same model; expected one of the two. [two-files]'
      ]
    })
  })
})

describe('the order of registration', () => {
  const files = {
    'a.dot': dot,
    'a.yaml': child('a', 'z'),
    'b.dot': dot,
    'b.yaml': yaml('b'),
    'c.dot': dot,
    'c.yaml': child('c', 'z'),
    'z.yaml': container('z')
  }

  test('is by name, each container before its children', () => {
    expect(load(files)).toMatchObject({ models: ['z', 'a', 'b', 'c'], diagnostics: [] })
  })

  test('is that of registration.yaml, then by name', () => {
    const order = (text: string): unknown => load({ ...files, 'registration.yaml': text })
    expect(order('- c\n- b\n')).toMatchObject({ models: ['z', 'c', 'b', 'a'], diagnostics: [] })
    expect(order('[b, z, c, a]')).toMatchObject({ models: ['b', 'z', 'c', 'a'], diagnostics: [] })
  })

  test.each([
    [
      '- b\n- nope\n',
      '2:3: warning: No file of this folder describes the monitor `nope`. [unknown-monitor]'
    ],
    [
      '- b\n- c\n- b\n',
      '3:3: error: The monitor `b` stands twice, first at line 1, column 3. [duplicate-monitor]'
    ],
    [
      'b: 1\n',
      '1:1: error: The file: expected a list, each item behind `-`, found key: value lines. [wrong-kind]'
    ],
    [
      '- [b]\n',
      '1:3: error: The name of a monitor: expected one value, found a list. [wrong-kind]'
    ],
    ['- [b\n', undefined],
    [
      `- ${'b'.repeat(70_000)}`,
      '1:1: error: The file has 70002 characters; expected at most 65536. [too-large]'
    ]
  ])('what is wrong in it leaves the monitors: %.20j', (text, expected) => {
    const { models, diagnostics } = load({ ...files, 'registration.yaml': text })
    expect([...models].sort()).toEqual(['a', 'b', 'c', 'z'])
    if (expected === undefined) expect(diagnostics).not.toEqual([])
    else expect(diagnostics).toEqual([`registration.yaml:${expected}`])
  })
})

describe('parents', () => {
  test('must be containers that are there; their absence keeps only their children out', () => {
    expect(
      load({
        'a.dot': dot,
        'a.yaml': child('a', 'nope'),
        'b.dot': dot,
        'b.yaml': yaml('b'),
        'c.dot': dot,
        'c.yaml': child('c', 'b'),
        'd.dot': dot,
        'd.yaml': child('d', 'bad'),
        'bad.yaml': 'monitor: bad\ntype: container\n'
      })
    ).toMatchObject({
      models: ['b'],
      drawings: ['a', 'b', 'c', 'd'],
      diagnostics: [
        'bad.yaml:1:1: error: The key `description` is missing in the file. [missing-key]',
        'a.yaml:1:1: error: The parent nope of a is not there; expected a file nope.yaml with `type: container`. [unknown-parent]',
        'c.yaml:1:1: error: The parent b of c is a monitor of its own; expected a container. [unknown-parent]',
        'd.yaml:1:1: error: The parent bad of d is not there; expected a file bad.yaml with `type: container`. [unknown-parent]'
      ]
    })
  })

  test('may come from a folder that was read before', () => {
    const before = load({ 'box.yaml': container('box'), 'a.dot': dot, 'a.yaml': yaml('a') })
    const own = {
      'b.dot': dot,
      'b.yaml': child('b', 'box'),
      'a.dot': dot,
      'a.yaml': child('a', 'box')
    }
    const later = load(own, before.result.models)
    expect(later).toMatchObject({ models: ['a', 'b'], diagnostics: [] })
    const merged = mergeModels(before.result.models, later.result.models)
    expect(merged.map((m) => m.name)).toEqual(['box', 'a', 'b'])
    expect(merged.find((m) => m.name === 'a')).toBe(later.result.models[0])
    // A monitor cannot take the place of a container: its children would have none.
    expect(load({ 'box.dot': dot, 'box.yaml': yaml('box') }, before.result.models)).toMatchObject({
      models: [],
      diagnostics: [
        'box.yaml:1:1: error: box is a container of other models; expected another name for this monitor. [duplicate-monitor]'
      ]
    })
  })
})
