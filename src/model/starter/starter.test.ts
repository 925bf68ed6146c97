import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { refusedModels } from '../../engine/registrable'
import { parseDot } from '../dot'
import { assembleModel } from '../load'
import { parseLtl } from '../ltl/parse'
import { starterInstrumentation } from './instrumentation'
import type { Bare } from './instrumentation'
import { newModel } from './templates'

const folder = new URL('../../../models/', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')

describe('a new model', () => {
  it.each([
    ['da', 'per_cpu'],
    ['da', 'per_task'],
    ['da', 'global'],
    ['ha', 'per_cpu'],
    ['ha', 'per_task'],
    ['ltl', 'per_task']
  ] as const)('of class %s, %s, has no findings and is registered', (kind, type) => {
    const { spec, instrumentation } = newModel(kind, 'fresh', type)
    const { models, diagnostics } = assembleModel([
      { name: `fresh.${spec.ending}`, text: spec.text },
      { name: 'fresh.yaml', text: instrumentation }
    ])
    expect(diagnostics).toEqual([])
    expect(models.map((m) => m.name)).toEqual(['fresh'])
    expect(refusedModels(models)).toEqual([])
  })
})

function bare(file: string): Bare {
  if (file.endsWith('.ltl')) return { kind: 'ltl', ltl: parseLtl(read(file), file).model! }
  return { kind: 'automaton', automaton: parseDot(read(file), file).automaton! }
}

describe('a first instrumentation', () => {
  const files = readdirSync(folder).filter((name) => /\.(dot|ltl)$/.test(name))

  it.each(files)('of %s is read without an error', (file) => {
    for (const type of ['per_cpu', 'per_task'] as const) {
      const text = starterInstrumentation(bare(file), 'mine', type)
      const { diagnostics } = assembleModel([
        { name: `mine.${file.split('.')[1]!}`, text: read(file) },
        { name: 'mine.yaml', text }
      ])
      // A guard that compares with what is not a clock needs an expression, which stands as 0.
      expect(diagnostics.filter((d) => d.severity === 'error' && d.file.endsWith('yaml'))).toEqual(
        []
      )
    }
  })

  it('maps events that are called like tracepoints, with the calls that rvgen infers', () => {
    const text = starterInstrumentation(bare('wip.dot'), 'wip', 'per_cpu')
    const { models } = assembleModel([
      { name: 'wip.dot', text: read('wip.dot') },
      { name: 'wip.yaml', text }
    ])
    const [model] = models
    const rules = model?.kind === 'automaton' ? model.instrumentation.tracepoints : []
    expect(
      rules.map((r) => [r.tracepoint, ...r.steps.flat().map((s) => ('call' in s ? s.call : ''))])
    ).toEqual([
      ['preempt_disable', 'handle_event'],
      ['preempt_enable', 'handle_start_event'],
      ['sched_waking', 'handle_event']
    ])
  })
})
