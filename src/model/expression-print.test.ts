import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { printCondition } from './expression-print'
import { assembleModel } from './load'

const files = readdirSync('models')
  .filter((name) => /\.(dot|ltl|yaml)$/.test(name))
  .map((name) => ({ name, text: readFileSync(`models/${name}`, 'utf8') }))
const conditions = assembleModel(files).models.flatMap((model) =>
  model.kind === 'container'
    ? []
    : model.instrumentation.tracepoints.flatMap(({ steps }) =>
        steps.flat().flatMap(({ when }) => (when ? [when] : []))
      )
)

describe('conditions', () => {
  it('are printed as C spells them', () => {
    const printed = conditions.map(printCondition)
    expect(printed).toContain('in_task && current.prio <= p.prio')
    expect(printed).toContain('state & TASK_INTERRUPTIBLE')
    expect(printed.some((text) => text.includes('(arg1 & FUTEX_CMD_MASK) == FUTEX_WAIT'))).toBe(
      true
    )
  })
})
