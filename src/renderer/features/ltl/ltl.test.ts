import { afterEach, describe, expect, it } from 'vitest'
import { nextTick } from 'vue'
import SLEEP from '../../../../models/sleep.ltl?raw'
import { formulaOf, type ReadFormula } from '../../graph/formula'
import { Ring } from '../../stores/ring'
import { MonitorLive } from '../../stores/columns'
import type { EventRow } from '../../stores/panel'
import { delta, monitorInfo, violation } from '../../testing'
import { inWindow } from '../testing-mount'
import FormulaView from './FormulaView.vue'
import { lastEvents, rowSet, StepCheck, summaryOf } from './shown'

const read = formulaOf(SLEEP, 'sleep')
if (typeof read === 'string') throw new Error(read)
const formula: ReadFormula = read
const { model } = formula

const told = delta(0, {
  states: ['0', '0-1', ''],
  events: ['rt,us_th', 'us_th', 'cl_na,rt,sle,us_th'],
  rows: [
    { index: 0, id: 10, state: 0, event: 0 },
    { index: 1, id: 11, state: 1, event: 1 },
    { index: 2, id: 12, state: -1, event: 2 },
    { index: 3, id: 13, state: -1 }
  ],
  labels: [{ index: 0, label: 'cyclictest' }]
})

describe('what all tasks tell', () => {
  it('counts a task in every state of its set, and for each atom that is true', () => {
    const live = new MonitorLive()
    live.apply(told)
    const summary = summaryOf(live, model)
    expect(summary).toMatchObject({ told: 3, stopped: 2, unreadable: 0 })
    expect(summary.inState.slice(0, 3)).toEqual([2, 1, 0])
    expect(summary.trueFor[model.atoms.indexOf('RT')]).toBe(2)
    expect(summary.trueFor[model.atoms.indexOf('USER_THREAD')]).toBe(3)
    expect(rowSet(live, 1)).toBe(0b11)
    expect(rowSet(live, 3)).toBe(0)
  })

  it('notices steps that the automaton does not take', () => {
    const live = new MonitorLive()
    live.apply(told)
    const check = new StepCheck(model)
    expect(check.fits(live)).toBe(true)
    live.apply(delta(0, { edges: [[0, 0, 2, 1]] }))
    expect(check.fits(live)).toBe(false)
  })
})

describe('the last event', () => {
  const row = (no: number, pid: number, text: string, monitor = 0): EventRow => ({
    no,
    sec: no,
    nsec: 0,
    cpu: 0,
    pid: 1,
    comm: 'x',
    flags: '',
    monitor,
    error: false,
    text: `event_sleep: a[b]c[${pid}]: ${text}`
  })
  const ring = (...rows: EventRow[]): Ring<EventRow> => {
    const made = new Ring<EventRow>(10)
    for (const one of rows) made.push(one)
    return made
  }

  it('comes with the one before it of the same task', () => {
    const rows = ring(
      row(1, 7, '(0) x (rt) -> (1)'),
      row(2, 8, '(0) x () -> (0)'),
      row(3, 7, '(1) x () -> (0)')
    )
    const { last, before } = lastEvents(rows, 0, 7, null)
    expect([last?.atoms, before?.atoms]).toEqual(['', 'rt'])
    expect(lastEvents(rows, 0, 7, 2e9).last?.atoms).toBe('rt')
    expect(lastEvents(rows, 1, null, null).last).toBeUndefined()
  })

  it('has none before it where rows are missing between', () => {
    const rows = ring(row(1, 7, '(0) x (rt) -> (1)'), row(3, 7, '(1) x () -> (0)'))
    expect(lastEvents(rows, 0, 7, null)).toMatchObject({ last: { atoms: '' }, before: undefined })
  })
})

let leave: (() => void) | undefined
afterEach(() => {
  leave?.()
  document.body.replaceChildren()
})

describe('the formula', () => {
  it('counts without a task, and has values, signs and what failed with one', async () => {
    const { panel, wrapper, get } = await inWindow(
      FormulaView,
      { index: 0, formula },
      {
        monitors: [monitorInfo('sleep', { class: 'ltl', type: 'per_task', model: SLEEP })],
        deltas: [told],
        violations: [
          violation(1, {
            kind: 'ltl',
            id: 12,
            label: 'sampler',
            state: '0',
            event: 'cl_na,rt,sle,us_th',
            path: [{ sec: 1, nsec: 0, cpu: 0, from: '0', event: 'cl_na,rt,sle,us_th', to: '' }]
          })
        ]
      }
    )
    leave = () => {
      wrapper.unmount()
    }
    const value = (name: string): string | null =>
      get('ltl-formula').querySelector(`[data-atom="${name}"]`)?.getAttribute('data-value') ?? null
    expect(value('RT')).toBe('2')
    expect(get('ltl-whose').textContent).toContain('3 of 4 tasks')
    expect(get('ltl-violated').textContent).toContain('does not hold with these atoms')
    expect(get('ltl-violated').textContent).toContain('SLEEP ✓')
    panel.following.value = 10
    await nextTick()
    expect([value('RT'), value('SLEEP')]).toEqual(['true', 'false'])
    expect(get('ltl-formula').textContent).toContain('RT✓')
    panel.following.value = 13
    await nextTick()
    expect(value('RT')).toBe('unknown')
    expect(get('ltl-whose').textContent).toContain('no trace event yet')
  })
})
