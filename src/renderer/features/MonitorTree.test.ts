import { mount } from '@vue/test-utils'
import { TooltipProvider } from 'reka-ui'
import { h, nextTick } from 'vue'
import { beforeEach, describe, expect, it } from 'vitest'
import { Panel, panelKey } from '../stores/panel'
import { emptyBatch, FakePort, monitorInfo, targetStatus } from '../testing'
import MonitorTree from './MonitorTree.vue'
import { treeRows } from './tree-rows'

const monitors = [
  monitorInfo('wip', { enabled: true }),
  monitorInfo('sched', { class: 'container' }),
  monitorInfo('sco', { fullName: 'sched:sco', parent: 'sched' }),
  monitorInfo('wwnr', { type: 'per_task' })
]

beforeEach(() => localStorage.clear())

async function tree() {
  const port = new FakePort()
  const panel = new Panel(port.api, () => undefined)
  panel.bridge.start()
  port.send({
    type: 'snapshot',
    seq: 1,
    batch: emptyBatch({
      target: targetStatus(),
      switches: { monitoringOn: true, reactingOn: true, reactors: ['nop', 'printk'] },
      monitors
    })
  })
  const wrapper = mount(
    { render: () => h(TooltipProvider, () => h(MonitorTree)) },
    { global: { provide: { [panelKey as symbol]: panel } }, attachTo: document.body }
  )
  await nextTick()
  const get = (id: string) => wrapper.get(`[data-testid="${id}"]`)
  return { port, panel, wrapper, get }
}

describe('MonitorTree', () => {
  it('shows what the target says, and asks it for a change', async () => {
    const { port, get } = await tree()
    expect(get('enable-wip').attributes('aria-checked')).toBe('true')
    expect(get('enable-sched:sco').attributes('aria-checked')).toBe('false')
    await get('enable-sched:sco').trigger('click')
    expect(port.requests().at(-1)?.request).toEqual({
      op: 'enable',
      monitor: 'sched:sco',
      on: true
    })
    // The switch moves when the target has moved, not before.
    expect(get('enable-sched:sco').attributes('aria-checked')).toBe('false')
  })

  it('says where the target refused', async () => {
    const { port, wrapper, get } = await tree()
    await get('enable-wwnr').trigger('click')
    port.answer({ code: 'EBUSY', message: 'All per-task slots are taken.' })
    await new Promise((resolve) => setTimeout(resolve))
    expect(get('monitor-row-wwnr').text()).toContain('All per-task slots are taken.')
    expect(wrapper.get('[role="alert"]').text()).toBe('All per-task slots are taken.')
  })

  it('is walked and switched by keys', async () => {
    const { port, panel, get } = await tree()
    expect(panel.selected.value).toBe('wip')
    const list = get('monitor-row-wip')
    await list.trigger('keydown', { key: 'ArrowDown' })
    expect(panel.selected.value).toBe('sched')
    await list.trigger('keydown', { key: 'ArrowLeft' })
    await list.trigger('keydown', { key: 'ArrowDown' })
    expect(panel.selected.value).toBe('wwnr')
    await list.trigger('keydown', { key: ' ' })
    expect(port.requests().at(-1)?.request).toEqual({ op: 'enable', monitor: 'wwnr', on: true })
  })
})

describe('treeRows', () => {
  it('keeps the container of a child that matches, and opens it', () => {
    const rows = treeRows(monitors, new Set(['sched']), 'sco')
    expect(rows.map((r) => r.monitor.fullName)).toEqual(['sched', 'sched:sco'])
  })

  it('folds', () => {
    const rows = treeRows(monitors, new Set(['sched']), '')
    expect(rows.map((r) => r.monitor.fullName)).toEqual(['wip', 'sched', 'wwnr'])
  })
})
