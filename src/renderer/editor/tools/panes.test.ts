import { afterEach, describe, expect, it } from 'vitest'
import { nextTick } from 'vue'
import type { ModelRequest, ModelText } from '../../../contract/model-files'
import { delta, monitorInfo } from '../../testing'
import ComparePanel from './compare/ComparePanel.vue'
import ExplorePanel from './explore/ExplorePanel.vue'
import { beside, modelFiles as read } from './testing'

let leave: (() => void) | undefined
afterEach(() => {
  leave?.()
  document.body.replaceChildren()
})

async function explore(
  ...args: Parameters<typeof beside> extends [unknown, ...infer R] ? R : never
) {
  const pane = await beside(ExplorePanel, ...args)
  leave = () => pane.wrapper.unmount()
  await pane.get('walk-status')
  return pane
}

async function type(input: HTMLElement, text: string): Promise<void> {
  if (!(input instanceof HTMLInputElement)) throw new Error('no field')
  input.value = text
  input.dispatchEvent(new Event('input'))
  await nextTick()
}

async function send(input: HTMLElement): Promise<void> {
  input.closest('form')?.dispatchEvent(new Event('submit', { cancelable: true }))
  await nextTick()
}

describe('Explore', () => {
  it('steps by buttons and by typing, and goes back to any moment', async () => {
    const { get, click, find } = await explore('wip', read('wip.dot', 'wip.yaml'))
    const state = async () => (await get('walk-state')).textContent
    expect(await state()).toBe('preemptive')
    await click('take-preempt_disable')
    expect(await state()).toBe('non_preemptive')
    const field = await get('walk-event')
    await type(field, 'preempt_e')
    await send(field)
    expect(await state()).toBe('preemptive')
    await click('history-1')
    expect(await state()).toBe('non_preemptive')
    await click('walk-redo')
    expect(await state()).toBe('preemptive')
    await click('walk-undo')
    await click('walk-undo')
    expect(await state()).toBe('preemptive')
    // What follows from here replaces what was gone back behind.
    await click('take-preempt_disable')
    expect(find('history-2')).toBeNull()
  })

  it('tells a violation as the kernel does, and what starts the monitor again', async () => {
    const { get, click } = await explore('wip', read('wip.dot', 'wip.yaml'))
    await click('take-sched_waking')
    expect((await get('walk-printed')).textContent).toContain(
      'rv: monitor wip does not allow event sched_waking on state preemptive'
    )
    expect((await get('walk-state')).textContent).toBe('not monitoring')
    await click('take-preempt_enable')
    expect((await get('walk-state')).textContent).toBe('preemptive')
  })

  it('says what an unknown event could have been, and changes nothing', async () => {
    const { get } = await explore('wip', read('wip.dot', 'wip.yaml'))
    const field = await get('walk-event')
    await type(field, 'sched_wakng')
    await send(field)
    expect((await get('walk-refusal')).textContent).toContain('Did you mean sched_waking?')
    expect((await get('walk-state')).textContent).toBe('preemptive')
  })

  it('lets time pass until an invariant runs out, with the default of the parameter', async () => {
    const { get, click } = await explore('stall', read('stall.dot', 'stall.yaml'))
    await click('take-sched_wakeup')
    const time = await get('walk-time')
    await type(time, '250j')
    await send(time)
    const limit = await get('walk-limit')
    expect(limit.getAttribute('aria-valuenow')).toBe('750')
    expect(limit.getAttribute('aria-valuemax')).toBe('1000')
    await type(time, '5ms')
    await send(time)
    expect(document.body.textContent).toContain('The clock counts jiffies.')
    await click('walk-until')
    expect((await get('walk-printed')).textContent).toContain('with env clk=1000')
  })

  it('asks for the value that an event depends on', async () => {
    const { get, click } = await explore('nomiss', read('nomiss.dot', 'nomiss.yaml'))
    await click('take-dl_replenish')
    expect((await get('walk-refusal')).textContent).toContain('depends on DEADLINE_NS()')
    const field = await get('value-DEADLINE_NS()')
    if (!(field instanceof HTMLInputElement)) throw new Error('no field')
    field.value = '100'
    field.dispatchEvent(new Event('change'))
    await click('take-dl_replenish')
    expect((await get('walk-limit')).getAttribute('aria-valuetext')).toBe('100ns left of 100ns')
  })

  it('steps through a formula by its atoms', async () => {
    const { get, click } = await explore('pagefault', read('pagefault.ltl', 'pagefault.yaml'))
    expect((await get('walk-state')).textContent).toBe('not started')
    await click('walk-step')
    expect((await get('walk-state')).textContent).toMatch(/^\(\d/)
    await click('atom-RT')
    await click('atom-PAGEFAULT')
    await click('walk-step')
    expect((await get('walk-printed')).textContent).toContain('rv: pagefault: violation detected')
  })

  it('goes on where it was after the text changed, as far as the model still allows', async () => {
    const { session, get, click } = await explore('wip', read('wip.dot', 'wip.yaml'))
    await click('take-preempt_disable')
    const { spec } = session
    if (spec === undefined) throw new Error('no file')
    session.edit((outline) => ({
      edits: [{ ...placeOf(outline.text, '"sched_waking"'), text: '"sched_wake"' }]
    }))
    await get('take-sched_wake')
    expect((await get('walk-state')).textContent).toBe('non_preemptive')
    expect((await get('history-1')).textContent).toContain('preempt_disable')
  })

  it('shows what the running monitor has taken, and what never', async () => {
    const { port, get } = await explore('wip', read('wip.dot', 'wip.yaml'))
    port.send({
      type: 'batch',
      seq: 2,
      batch: {
        deltas: [
          delta(0, {
            states: ['preemptive', 'non_preemptive'],
            events: ['preempt_disable', 'preempt_enable', 'sched_waking'],
            edges: [[0, 0, 1, 7]],
            total: 7
          })
        ],
        violations: [],
        completed: [],
        log: []
      }
    })
    const tab = await get('explore-coverage')
    tab.dispatchEvent(new MouseEvent('mousedown', { button: 0, bubbles: true }))
    const live = await get('coverage-live')
    live.click()
    expect((await get('coverage-sentence')).textContent).toBe(
      '1 of 3 transitions were taken (33.3%)'
    )
    expect(document.body.textContent).toContain('never')
  })

  it('says why a recording has nothing, in main’s words', async () => {
    const { get } = await explore('wip', read('wip.dot', 'wip.yaml'), (request) =>
      request.op === 'recording'
        ? { type: 'failed', message: 'x has no record of the monitor wip.' }
        : undefined
    )
    const tab = await get('explore-coverage')
    tab.dispatchEvent(new MouseEvent('mousedown', { button: 0, bubbles: true }))
    ;(await get('coverage-recording')).click()
    await nextTick()
    await nextTick()
    await nextTick()
    expect(document.body.textContent).toContain('x has no record of the monitor wip.')
  })
})

function placeOf(text: string, part: string): { start: number; end: number } {
  const start = text.indexOf(part)
  return { start, end: start + part.length }
}

describe('Compare', () => {
  const against = (other: ModelText[]) => {
    let first = true
    return (request: ModelRequest) => {
      if (request.op === 'shelf') {
        const models = [{ name: 'other', kind: 'automaton' as const, builtIn: true }]
        return { type: 'shelf' as const, models, drafts: [] }
      }
      // The first one is the editor's own.
      if (request.op !== 'open' || first) {
        if (request.op === 'open') first = false
        return undefined
      }
      return {
        type: 'opened' as const,
        opened: {
          id: crypto.randomUUID(),
          model: 'other',
          files: other,
          saved: null,
          folder: null,
          keptAt: null
        }
      }
    }
  }

  async function compare(model: string, files: ModelText[], other: ModelText[]) {
    const pane = await beside(ComparePanel, model, files, against(other), {
      monitors: [monitorInfo(model)]
    })
    leave = () => pane.wrapper.unmount()
    const select = await pane.get('compare-with')
    if (!(select instanceof HTMLSelectElement)) throw new Error('no list')
    for (let i = 0; i < 100 && select.options.length < 2; i++) await nextTick()
    select.value = 'shelf:other'
    select.dispatchEvent(new Event('change'))
    return pane
  }

  it('says that a model equals itself', async () => {
    const { get } = await compare('wip', read('wip.dot'), [
      { name: 'other.dot', text: read('wip.dot')[0]?.text ?? '' }
    ])
    expect((await get('compare-result')).textContent.trim()).toBe('wip and other are equivalent.')
  })

  it('shows where another one refuses, and opens what is made of both', async () => {
    const more = (read('wip.dot')[0]?.text ?? '').replace(
      '"sched_waking"',
      '"sched_waking\\nsched_wakeup"'
    )
    const { get, click, session } = await compare('wip', read('wip.dot'), [
      { name: 'other.dot', text: more }
    ])
    expect((await get('compare-result')).textContent).toContain('wip is included in other')
    const witness = (await get('witness')).textContent
    expect(witness).toContain('preempt_disable')
    expect(witness).toContain('refused')
    await click('operate-product')
    for (let i = 0; i < 500 && session.open.value?.model === 'wip'; i++) await nextTick()
    expect(session.open.value).toMatchObject({ model: 'wip_other', folder: null })
    expect(session.isDirty.value).toBe(true)
  })

  it('says what is wrong with the other model', async () => {
    const { get } = await compare('wip', read('wip.dot'), [{ name: 'other.dot', text: 'graph' }])
    expect((await get('compare-problem')).textContent).toMatch(/^other has errors\. other\.dot:1:/)
  })
})
