import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { nextTick } from 'vue'
import { afterEach, describe, expect, it } from 'vitest'
import { focusViolations } from '../stores/dialogs'
import { emptyBatch, violation } from '../testing'
import { inWindow, type } from './testing-mount'
import ViolationsPane from './ViolationsPane.vue'

let leave: (() => void) | undefined
afterEach(() => {
  leave?.()
  document.body.replaceChildren()
})

const step = { sec: 1, nsec: 400, cpu: 2, from: 'non_preemptive', event: 'preempt_enable' }

/** What the browser does when it is told to copy. */
function clipboard(execCommand: (command: string) => boolean): void {
  Object.assign(document, { execCommand })
}

async function pane() {
  const all = await inWindow(
    ViolationsPane,
    {},
    {
      violations: [
        violation(1, { path: [{ ...step, to: 'preemptive' }] }),
        violation(2, { cpu: 3 }),
        violation(3, { path: [{ ...step, to: 'preemptive' }] })
      ]
    }
  )
  leave = () => all.wrapper.unmount()
  return all
}

describe('ViolationsPane', () => {
  it('folds the same cause, the newest first', async () => {
    const { get, wrapper } = await pane()
    expect(get('violations').textContent).toContain('2 causes')
    const counts = wrapper.findAll('[data-testid="violation-count"]').map((c) => c.text())
    expect(counts).toEqual(['×2', '×1'])
    expect(get('violation-3').textContent).toContain('CPU 2')
  })

  it('tells what led there when a card is opened', async () => {
    const { get, wrapper } = await pane()
    await wrapper.get('[data-testid="violation-3"] button').trigger('click')
    const story = get('violation-3').textContent
    expect(story).toContain('preempt_enable')
    expect(story).toContain('non_preemptive')
    expect(story).toContain('1.000000')
  })

  it('opens what was asked for on the drawing and on the timeline', async () => {
    const { panel, wrapper } = await pane()
    const openCards = () =>
      wrapper
        .findAll('[data-testid^="violation-"] button[aria-expanded="true"]')
        .map((button) => button.element.closest('[data-testid]')?.getAttribute('data-testid'))
    expect(openCards()).toEqual([])
    panel.violation.value = 2
    await nextTick()
    expect(openCards()).toEqual(['violation-2'])
    const { state, event } = violation(1)
    const monitor = panel.monitors.value[0]?.fullName ?? ''
    focusViolations.value = { monitor, from: state, event: 'nothing' }
    await nextTick()
    expect(openCards()).toEqual(['violation-2'])
    focusViolations.value = { monitor, from: state, event }
    await nextTick()
    expect(openCards()).toEqual(['violation-3'])
    expect(focusViolations.value).toBeNull()
  })

  it('copies the story without a permission, and says so', async () => {
    const { get, wrapper } = await pane()
    await wrapper.get('[data-testid="violation-3"] button').trigger('click')
    let copied = ''
    clipboard((command) => {
      copied = document.querySelector('textarea')?.value ?? ''
      return command === 'copy'
    })
    await wrapper.get('[data-testid="copy-report"]').trigger('click')
    expect(copied).toContain('Instance:   CPU 2')
    expect(copied).toContain('non_preemptive x preempt_enable -> preemptive')
    expect(get('copy-report').textContent).toContain('Copied')
    expect(document.querySelector('textarea')).toBeNull()
  })

  it('says it when the text could not be copied', async () => {
    const { panel, wrapper } = await pane()
    await wrapper.get('[data-testid="violation-3"] button').trigger('click')
    clipboard(() => false)
    await wrapper.get('[data-testid="copy-report"]').trigger('click')
    expect(panel.toasts.map((t) => t.severity)).toEqual(['error'])
  })

  const cards = (wrapper: VueWrapper): string[] =>
    wrapper.findAll('article').map((card) => card.attributes('data-testid') ?? '')
  const choose = async (wrapper: VueWrapper, id: string, value: string): Promise<void> => {
    await wrapper.get(`[data-testid="${id}"]`).setValue(value)
  }

  it('is filtered as one types, and says what it did not understand', async () => {
    const { get, find, input, wrapper } = await pane()
    await type(input('violation-filter'), 'cpu:3')
    expect(cards(wrapper)).toEqual(['violation-2'])
    expect(get('violations-count').textContent).toBe('1 of 3')
    await type(input('violation-filter'), '-cpu:3 is:stack')
    expect(find('violations-none')?.textContent).toContain('Nothing matches')
    await type(input('violation-filter'), 'monitor:nosuch cpu:2')
    expect(get('violation-filter-problems').textContent).toContain('“nosuch”')
    expect(cards(wrapper)).toEqual(['violation-3'])
    await wrapper.get('[data-testid="violation-filter-clear"]').trigger('click')
    expect(cards(wrapper)).toHaveLength(2)
  })

  it('is grouped and sorted as one chooses; what is looked at stays open', async () => {
    const { panel, wrapper } = await pane()
    await wrapper.get('[data-testid="violation-2"] button').trigger('click')
    await choose(wrapper, 'violation-grouping', 'edge')
    expect(cards(wrapper)).toEqual(['violation-3'])
    expect(wrapper.get('[data-testid="violation-position"]').text()).toBe('2 of 3')
    expect(panel.settings.violationList.grouping).toBe('edge')
    await choose(wrapper, 'violation-grouping', 'cause')
    expect(wrapper.get('.card.open').attributes('data-testid')).toBe('violation-2')
  })

  it('walks from one violation to the next, and shows their moments everywhere', async () => {
    const { panel, get, wrapper } = await pane()
    panel.tab.value = 'model'
    await wrapper.get('[data-testid="violation-3"] button').trigger('click')
    const list = get('violation-list')
    const press = async (key: string): Promise<void> => {
      list.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
      await nextTick()
    }
    expect(get('violation-position').textContent).toBe('2 of 2')
    await press('ArrowUp')
    expect(get('violation-position').textContent).toBe('1 of 2')
    expect(panel.moment.value).toBeNull()
    panel.clock.seen(5, 0)
    await press('Enter')
    expect(panel.moment.value).toBe(1e9 + 500)
    expect([panel.selected.value, panel.following.value]).toEqual(['wip', 2])
    await wrapper.get('[data-testid="violation-path"] button').trigger('click')
    expect(panel.moment.value).toBe(1e9 + 400)
    expect(panel.tab.value).toBe('automaton')
    expect(get('violations-past').textContent).toContain('1.000000')
    panel.commands.run('violations.newer')
    await nextTick()
    expect(get('violation-position').textContent).toBe('2 of 2')
    // In the past it goes along.
    expect(panel.moment.value).toBe(1e9 + 500)
  })

  it('marks what is new until its group was looked at', async () => {
    const { find, get, panel, port, wrapper } = await pane()
    const fresh = (): string[] =>
      wrapper.findAll('[data-testid="violation-new"]').map((one) => one.text())
    expect(fresh()).toEqual(['2 new', '1 new'])
    expect(get('violations-seen').textContent).toContain('3 new')
    const head = wrapper.get('[data-testid="violation-3"] button')
    await head.trigger('click')
    expect(fresh()).toEqual(['2 new', '1 new'])
    await head.trigger('click')
    expect(fresh()).toEqual(['1 new'])
    panel.commands.run('violations.seen')
    await nextTick()
    expect([fresh(), find('violations-seen')]).toEqual([[], null])
    port.send({
      type: 'batch',
      seq: 2,
      batch: emptyBatch({ violations: [violation(4, { cpu: 3 })] })
    })
    panel.tick.value++
    await nextTick()
    expect(fresh()).toEqual(['1 new'])
  })

  it('does not move the groups while the pointer is among them', async () => {
    const { find, panel, port, wrapper } = await pane()
    const list = wrapper.get('.list')
    await list.trigger('pointerenter', { pointerType: 'mouse' })
    const arrives = async (seq: number, cpu: number): Promise<void> => {
      const batch = emptyBatch({ violations: [violation(seq, { cpu })] })
      port.send({ type: 'batch', seq: seq - 2, batch })
      panel.tick.value++
      await nextTick()
    }
    await arrives(4, 3)
    await arrives(5, 1)
    expect(cards(wrapper)).toEqual(['violation-3', 'violation-4', 'violation-5'])
    expect(find('violations-held')?.textContent).toContain('1 new at the end')
    await list.trigger('pointerleave')
    expect(cards(wrapper)).toEqual(['violation-5', 'violation-4', 'violation-3'])
  })

  it('asks for what it does not keep of an old violation', async () => {
    const many = Array.from({ length: 60 }, (_, i) => violation(i + 1, { sec: i }))
    const all = await inWindow(ViolationsPane, {}, { violations: many })
    leave = () => all.wrapper.unmount()
    const { get, find, panel, port } = all
    panel.violation.value = 3
    await nextTick()
    await nextTick()
    expect(get('violation-outline').textContent).toContain('Asking')
    const asked = port.requests().at(-1)
    expect(asked?.request).toEqual({ op: 'violation', seq: 3 })
    const full = violation(3, { sec: 2, path: [{ ...step, to: 'preemptive' }], text: 'words' })
    port.send({
      type: 'reply',
      id: asked?.id ?? 0,
      error: null,
      result: { kind: 'violation', violation: full }
    })
    await flushPromises()
    expect(find('violation-outline')).toBeNull()
    expect(get('violation-path').textContent).toContain('preempt_enable')
  })

  it('says how many violations it does not have', async () => {
    const { get, port, panel } = await pane()
    port.send({
      type: 'batch',
      seq: 2,
      batch: emptyBatch({ violations: [violation(9)] })
    })
    panel.tick.value++
    await nextTick()
    expect(get('violations-loss').textContent).toContain('5 violations came faster')
  })
})
