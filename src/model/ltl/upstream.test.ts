import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { LtlModel } from '../ltl'
import { startBuchi, stepBuchi } from './buchi'
import { parseLtl } from './parse'
import { UPSTREAM } from './upstream.testing'

function load(name: keyof typeof UPSTREAM): LtlModel {
  const { model, diagnostics } = parseLtl(UPSTREAM[name], `rtapp/${name}.ltl`)
  expect(diagnostics).toEqual([])
  if (model === undefined) throw new Error(`${name} has no model`)
  return model
}

const members = (set: number): number[] =>
  Array.from({ length: 32 }, (_, i) => i).filter((i) => ((set >>> i) & 1) === 1)

/** A set of atoms by name. */
const having = (model: LtlModel, ...names: string[]): number =>
  names.reduce((set, name) => {
    expect(model.atoms).toContain(name)
    return set | (1 << model.atoms.indexOf(name))
  }, 0)

/** Asserts that a label is a condition, by every set of the model's atoms. */
function expectLabel(
  model: LtlModel,
  state: number,
  condition: (has: (name: string) => boolean) => boolean
): void {
  const label = model.buchi.labels[state] ?? []
  const wrong: number[] = []
  for (let atoms = 0; atoms < 2 ** model.atoms.length; atoms++) {
    const holds = label.some(({ care, value }) => ((atoms & care) ^ value) === 0)
    const expected = condition((name) => ((atoms >> model.atoms.indexOf(name)) & 1) === 1)
    if (holds !== expected) wrong.push(atoms)
  }
  expect(wrong, `state ${state}`).toEqual([])
}

type Has = (name: string) => boolean

describe('the monitors of the kernel', () => {
  it('pagefault', () => {
    const model = load('pagefault')
    expect(model).toMatchObject({
      name: 'pagefault',
      atoms: ['PAGEFAULT', 'RT'],
      abbreviations: ['pa', 'rt'],
      rule: 'always (RT imply (not PAGEFAULT))'
    })
    expect(model.buchi).toMatchObject({
      states: 1,
      initial: 1,
      labelTexts: ['!RT || !PAGEFAULT']
    })
    expect([...model.buchi.successors]).toEqual([1])
    expectLabel(model, 0, (has) => !has('RT') || !has('PAGEFAULT'))
  })

  it('wakeup', () => {
    const model = load('wakeup')
    expect(model.abbreviations).toEqual([
      'bl_on_rt_mu',
      'fu_lo_pi',
      'rt',
      'us_th',
      'wo_lo_pr',
      'wo_so'
    ])
    expect(model.buchi).toMatchObject({ states: 1, initial: 1 })
    expect([...model.buchi.successors]).toEqual([1])
    expectLabel(
      model,
      0,
      (has) =>
        !has('RT') ||
        !has('USER_THREAD') ||
        (!has('WOKEN_BY_LOWER_PRIO') && !has('WOKEN_BY_SOFTIRQ')) ||
        has('BLOCK_ON_RT_MUTEX') ||
        has('FUTEX_LOCK_PI')
    )
  })

  it('sleep, state by state', () => {
    const model = load('sleep')
    expect(Object.fromEntries(model.atoms.map((a, i) => [a, model.abbreviations[i]]))).toEqual({
      ABORT_SLEEP: 'ab_sl',
      BLOCK_ON_RT_MUTEX: 'bl_on_rt_mu',
      CLOCK_NANOSLEEP: 'cl_na',
      EPOLL_WAIT: 'ep_wa',
      FUTEX_LOCK_PI: 'fu_lo_pi',
      FUTEX_WAIT: 'fu_wa',
      NANOSLEEP_CLOCK_REALTIME: 'na_cl_re',
      NANOSLEEP_TIMER_ABSTIME: 'na_ti_ab',
      RT: 'rt',
      SCHEDULE_IN: 'sch_in',
      SLEEP: 'sle',
      USER_THREAD: 'us_th',
      WOKEN_BY_EQUAL_OR_HIGHER_PRIO: 'wo_eq_hi_pr',
      WOKEN_BY_HARDIRQ: 'wo_ha',
      WOKEN_BY_NMI: 'wo_nm'
    })
    const { buchi } = model
    expect(buchi.states).toBe(8)
    expect(members(buchi.initial)).toEqual([0, 1, 4, 5])
    expect([...buchi.successors].map(members)).toEqual(
      [false, true, true, false, false, false, true, false].map((waiting) =>
        waiting ? [1, 2, 3, 4, 6, 7] : [0, 1, 4, 5]
      )
    )
    const a = (has: Has): boolean => !has('RT') || !has('SLEEP') || !has('USER_THREAD')
    const b = (has: Has): boolean =>
      has('FUTEX_WAIT') ||
      has('EPOLL_WAIT') ||
      (has('CLOCK_NANOSLEEP') && has('NANOSLEEP_TIMER_ABSTIME') && !has('NANOSLEEP_CLOCK_REALTIME'))
    const n = (has: Has): boolean => !has('SCHEDULE_IN')
    const w = (has: Has): boolean =>
      has('WOKEN_BY_EQUAL_OR_HIGHER_PRIO') ||
      has('WOKEN_BY_HARDIRQ') ||
      has('WOKEN_BY_NMI') ||
      has('ABORT_SLEEP')
    const l = (has: Has): boolean => has('BLOCK_ON_RT_MUTEX') || has('FUTEX_LOCK_PI')
    const labels = [[a], [b, n], [a, n], [a, w], [b, w], [l], [l, n], [l, w]]
    labels.forEach((parts, state) =>
      expectLabel(model, state, (has) => parts.every((part) => part(has)))
    )
  })

  it.each(['pagefault', 'wakeup', 'sleep'] as const)('%s as models/ has it', (name) => {
    const file = new URL(`../../../models/${name}.ltl`, import.meta.url)
    const { model, diagnostics } = parseLtl(readFileSync(file, 'utf8'), `${name}.ltl`)
    expect(diagnostics).toEqual([])
    expect(model?.atoms).toEqual(load(name).atoms)
    expect(model?.buchi).toEqual(load(name).buchi)
  })

  it('sleep, through a sleep that is allowed and one that is not', () => {
    const model = load('sleep')
    const { buchi } = model
    const rt = having(model, 'RT', 'USER_THREAD')
    const asleep = having(model, 'RT', 'USER_THREAD', 'SLEEP')
    const waiting = asleep | having(model, 'FUTEX_WAIT')
    let states = startBuchi(buchi, rt)
    expect(members(states)).toEqual([0])
    states = stepBuchi(buchi, states, waiting)
    expect(members(states)).toEqual([1])
    expect(stepBuchi(buchi, states, having(model, 'SCHEDULE_IN', 'RT', 'USER_THREAD'))).toBe(0)
    states = stepBuchi(buchi, states, rt | having(model, 'WOKEN_BY_HARDIRQ'))
    expect(members(states)).toEqual([2, 3])
    expect(stepBuchi(buchi, states, asleep)).toBe(0)
  })
})
