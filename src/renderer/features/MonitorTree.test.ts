import { mount } from '@vue/test-utils'
import { TooltipProvider } from 'reka-ui'
import { h, nextTick } from 'vue'
import { beforeEach, describe, expect, it } from 'vitest'
import { Panel, panelKey } from '../stores/panel'
import { delta, emptyBatch, FakePort, monitorInfo, targetStatus } from '../testing'
import { changeCommands } from './change-commands'
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
  panel.commands.add(...changeCommands(panel))
  port.send({
    type: 'snapshot',
    seq: 1,
    batch: emptyBatch({
      target: targetStatus(),
      switches: {
        monitoringOn: true,
        reactingOn: true,
        reactors: ['nop', 'printk'],
        stacks: false
      },
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

describe('the search', () => {
  it('finds monitors by their states and events, and says which', () => {
    const names = (index: number) =>
      index === 2
        ? { states: ['thread_context', 'scheduling_context'], events: ['schedule_entry'] }
        : { states: [], events: [] }
    const rows = treeRows(monitors, new Set(), 'schedul', names)
    expect(rows.map((r) => [r.monitor.fullName, r.hits])).toEqual([
      ['sched', []],
      [
        'sched:sco',
        [
          { kind: 'state', name: 'scheduling_context' },
          { kind: 'event', name: 'schedule_entry' }
        ]
      ]
    ])
  })
})

describe('a monitor that finds no per-task slot', () => {
  it('offers to switch off who has them, and is then asked for again', async () => {
    const port = new FakePort()
    const panel = new Panel(port.api, () => undefined)
    panel.bridge.start()
    port.send({
      type: 'snapshot',
      seq: 1,
      batch: emptyBatch({
        target: targetStatus(),
        monitors: [
          monitorInfo('wip', { enabled: true }),
          monitorInfo('wwnr', { type: 'per_task', enabled: true }),
          monitorInfo('stall', { type: 'per_task' })
        ]
      })
    })
    const wrapper = mount(
      { render: () => h(TooltipProvider, () => h(MonitorTree)) },
      { global: { provide: { [panelKey as symbol]: panel } }, attachTo: document.body }
    )
    await wrapper.get('[data-testid="enable-stall"]').trigger('click')
    port.answer({ code: 'EBUSY', message: 'All slots are taken.' })
    await new Promise((resolve) => setTimeout(resolve))
    // wip is per CPU: it has no slot.
    expect(wrapper.find('[data-testid="make-room-wip"]').exists()).toBe(false)
    await wrapper.get('[data-testid="make-room-wwnr"]').trigger('click')
    expect(port.requests().at(-1)?.request).toEqual({ op: 'enable', monitor: 'wwnr', on: false })
    port.answer(null)
    await new Promise((resolve) => setTimeout(resolve))
    expect(port.requests().at(-1)?.request).toEqual({ op: 'enable', monitor: 'stall', on: true })
    expect(wrapper.find('[role="alert"]').exists()).toBe(false)
  })
})

describe('undo', () => {
  it('is offered with what it would do, and asks the observer', async () => {
    const { port, panel, get, wrapper } = await tree()
    expect(wrapper.find('[data-testid="undo"]').exists()).toBe(false)
    expect(panel.commands.run('target.undo')).toBe(false)
    const undoable = { undo: { op: 'enable', monitor: 'wip', on: true }, redo: null } as const
    port.send({ type: 'batch', seq: 2, batch: emptyBatch({ undoable }) })
    await nextTick()
    expect(get('undo').attributes('aria-label')).toBe('Undo: enable wip')
    await get('undo').trigger('click')
    expect(port.requests().at(-1)?.request).toEqual({ op: 'undo' })
  })
})

describe('violations since when', () => {
  it('are counted from now where the user says so, and since the connection again', async () => {
    const { port, panel, get } = await tree()
    const violations = (count: number) => emptyBatch({ deltas: [delta(0, { violations: count })] })
    port.send({ type: 'batch', seq: 2, batch: violations(7) })
    panel.tick.value++
    await nextTick()
    expect(get('violations-wip').text()).toBe('7')
    panel.commands.run('violations.countFromNow')
    await nextTick()
    expect(get('violations-wip').text()).toBe('')
    port.send({ type: 'batch', seq: 3, batch: violations(9) })
    panel.tick.value++
    await nextTick()
    expect(get('violations-wip').text()).toBe('2')
    panel.commands.run('violations.countSinceConnection')
    await nextTick()
    expect(get('violations-wip').text()).toBe('9')
  })
})
