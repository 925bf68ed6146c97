import { describe, expect, test } from 'vitest'
import { formatDiagnostic } from './diagnostics'
import { assembleModel } from './load'

const dot = 'digraph { __init_a [label=""] a [label=a] a -> a [label=e] }'
const yaml = (monitor: string): string =>
  `monitor: ${monitor}\ntype: per_cpu\ndescription: d\ntracepoints:\n  irq_disable:\n    - {event: e, call: handle_start_event}\n`
const load = (files: Record<string, string>) => {
  const result = assembleModel(Object.entries(files).map(([name, text]) => ({ name, text })))
  return {
    models: result.models.map((m) => m.instrumentation.monitor),
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
        'bad.dot:1:10: error: Expected "}" but found end of file instead. [syntax]',
        'c.yaml:6:15: error: The model `c` has no event `f`; it has `e`. [unknown-event]',
        'd.yaml:1:1: error: There is no model beside it; expected d.dot. [no-model]'
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
})
