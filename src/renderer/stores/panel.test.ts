import { beforeEach, describe, expect, it } from 'vitest'
import { delta, emptyBatch, FakePort, monitorInfo, targetStatus, violation } from '../testing'
import { computed } from 'vue'
import { Panel } from './panel'

function setup() {
  const port = new FakePort()
  let frame: ((now: number) => void) | undefined
  const panel = new Panel(port.api, (callback) => (frame = callback))
  panel.bridge.start()
  const draw = (now = 1000): void => {
    const callback = frame
    frame = undefined
    callback?.(now)
  }
  const connected = emptyBatch({
    target: targetStatus(),
    switches: {
      monitoringOn: true,
      reactingOn: true,
      reactors: ['nop', 'printk', 'panic'],
      stacks: false
    },
    monitors: [monitorInfo('wip', { enabled: true }), monitorInfo('wwnr', { type: 'per_task' })],
    deltas: [delta(0, { states: ['a', 'b'], events: ['e'], rows: [{ index: 0, state: 0 }] })]
  })
  return { port, panel, draw, connected }
}

beforeEach(() => {
  localStorage.clear()
  delete document.documentElement.dataset.live
})

describe('Panel', () => {
  it('connects to nothing by itself: that is the program’s to do, and its failure stays in sight', () => {
    const { port, panel } = setup()
    const message = 'This machine has no tracefs.'
    const target = targetStatus({ phase: 'none', kind: 'local', name: 'this machine', message })
    port.send({ type: 'snapshot', seq: 1, batch: emptyBatch({ target }) })
    expect(port.requests()).toEqual([])
    expect(panel.target.value.message).toBe(message)
  })

  it('leaves a target alone that is already there', () => {
    const { port, connected } = setup()
    port.send({ type: 'snapshot', seq: 1, batch: connected })
    expect(port.requests()).toEqual([])
  })

  it('acknowledges after the frame, and starts from nothing at a snapshot', () => {
    const { port, panel, draw, connected } = setup()
    port.send({ type: 'snapshot', seq: 1, batch: connected })
    expect(port.sent.some((m) => m.type === 'ack')).toBe(false)
    draw()
    expect(port.sent.at(-1)).toEqual({ type: 'ack', seq: 1 })
    port.send({ type: 'batch', seq: 2, batch: emptyBatch({ violations: [violation(1)] }) })
    expect(panel.violations.groups()).toHaveLength(1)
    port.send({ type: 'snapshot', seq: 9, batch: connected })
    expect(panel.violations.groups()).toHaveLength(0)
    expect(panel.liveOf(0)?.rows.size).toBe(1)
  })

  it('hands out the new live state after a snapshot, also to computed values', () => {
    const { port, panel, connected } = setup()
    port.send({ type: 'snapshot', seq: 1, batch: connected })
    const live = computed(() => panel.liveOf(0))
    const before = live.value
    port.send({ type: 'snapshot', seq: 2, batch: connected })
    expect(live.value).not.toBe(before)
    expect(live.value).toBe(panel.live[0])
  })

  it('marks the document once a live state has moved', () => {
    const { port, connected } = setup()
    port.send({ type: 'snapshot', seq: 1, batch: connected })
    expect(document.documentElement.dataset.live).toBeUndefined()
    const moved = delta(0, { rows: [{ index: 0, state: 1, transitions: 1 }] })
    port.send({ type: 'batch', seq: 2, batch: emptyBatch({ deltas: [moved] }) })
    expect(document.documentElement.dataset.live).toBe('true')
  })

  it('asks anew when a delta names a monitor that was never listed', () => {
    const { port, connected } = setup()
    port.send({ type: 'snapshot', seq: 1, batch: connected })
    port.send({ type: 'batch', seq: 2, batch: emptyBatch({ deltas: [delta(5, {})] }) })
    expect(port.sent.at(-1)).toEqual({ type: 'resync' })
  })

  it('shows a refusal where it happened and as a toast, and forgets it at the next try', async () => {
    const { port, panel } = setup()
    const asked = panel.ask({ op: 'enable', monitor: 'wwnr', on: true }, 'wwnr')
    port.answer({ code: 'EBUSY', message: 'All per-task slots are taken.' })
    expect(await asked).toBe(false)
    expect(panel.refusals.get('wwnr')).toBe('All per-task slots are taken.')
    expect(panel.toasts.map((t) => t.message)).toEqual(['All per-task slots are taken.'])
    const again = panel.ask({ op: 'enable', monitor: 'wwnr', on: true }, 'wwnr')
    expect(panel.refusals.has('wwnr')).toBe(false)
    port.answer(null)
    expect(await again).toBe(true)
  })

  it('knows when a panic reactor could stop the target', () => {
    const { port, panel } = setup()
    const monitors = [monitorInfo('wip', { enabled: true, reactor: 'panic' })]
    const switches = {
      monitoringOn: true,
      reactingOn: true,
      reactors: ['nop', 'panic'],
      stacks: false
    }
    port.send({
      type: 'snapshot',
      seq: 1,
      batch: emptyBatch({ target: targetStatus(), monitors, switches })
    })
    expect(panel.armedPanic().map((m) => m.fullName)).toEqual(['wip'])
    port.send({
      type: 'batch',
      seq: 2,
      batch: emptyBatch({ switches: { ...switches, reactingOn: false } })
    })
    expect(panel.armedPanic()).toEqual([])
  })
})
