import { nextTick } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defaultSimulator } from '../../../contract/target-url'
import type { TargetSpec } from '../../../contract/requests'
import { connectOpen, openConnect } from '../../stores/dialogs'
import { followTarget, startShown } from '../../stores/start-page'
import { emptyBatch, targetStatus } from '../../testing'
import { inWindow } from '../testing-mount'
import ConnectDialog from '../ConnectDialog.vue'
import StartView from '../StartView.vue'

const none = targetStatus({ phase: 'none', kind: null, name: '', release: '', cpus: 0 })
const board: TargetSpec = { kind: 'ssh', destination: 'root@board' }
const file: TargetSpec = { kind: 'recording', path: '/home/me/runs/monday.rvrec' }
const scenarios = [
  { name: 'starving-task', monitor: 'stall', title: 'Starving task', description: 'Never sleeps.' },
  { name: 'priority-inversion', monitor: 'sleep', title: 'Inversion', description: 'A mutex.' }
]

let leave: (() => void) | undefined
beforeEach(() => {
  startShown.value = connectOpen.value = false
})
afterEach(() => {
  leave?.()
  document.body.replaceChildren()
})

async function startPage(batch: Parameters<typeof inWindow>[2] = {}) {
  const all = await inWindow(StartView, {}, { target: none, monitors: [], scenarios, ...batch })
  leave = () => all.wrapper.unmount()
  const asked = () => all.port.requests().at(-1)?.request
  const every = (id: string) => [...document.querySelectorAll<HTMLElement>(`[data-testid="${id}"]`)]
  return { ...all, asked, every }
}

describe('the start page', () => {
  it('boots the simulated kernel, correct or with a fault, with one click', async () => {
    const { get, find, input, port, asked } = await startPage()
    get('start-simulator').click()
    expect(asked()).toEqual({ op: 'connect', target: { kind: 'sim', settings: defaultSimulator } })
    await nextTick()
    expect(get('start-simulator').hasAttribute('disabled')).toBe(true)
    port.answer({ code: 'EIO', message: 'no' })
    await vi.waitFor(() => expect(get('start-simulator').hasAttribute('disabled')).toBe(false))
    const search = input('start-search')
    search.value = 'STALL'
    search.dispatchEvent(new Event('input'))
    await nextTick()
    expect(find('start-scenario-priority-inversion')).toBeNull()
    get('start-scenario-starving-task').click()
    expect(asked()).toEqual({
      op: 'connect',
      target: { kind: 'sim', settings: { ...defaultSimulator, scenario: 'starving-task' } }
    })
  })

  it('has what was opened before, with pins, and forgets what it shall', async () => {
    const { panel, every, asked } = await startPage()
    const hour = 3_600_000
    panel.settings.recent = [
      { target: file, pinned: false, at: Date.now() - 30 * hour },
      { target: { kind: 'local' }, pinned: false },
      { target: board, pinned: false, at: Date.now() - 2 * hour, release: '7.3.0-rt' }
    ]
    await nextTick()
    const texts = () => every('recent-open').map((one) => one.textContent)
    expect(texts()).toEqual([
      'This machine',
      'root@board7.3.0-rt · 2 h ago',
      'monday.rvrec/home/me/runs · a day ago'
    ])
    every('recent-pin')[1]?.click()
    await nextTick()
    expect(texts()[0]).toContain('root@board')
    expect(every('recent-pin')[0]?.getAttribute('aria-pressed')).toBe('true')
    every('recent-forget')[1]?.click()
    await nextTick()
    expect(panel.settings.recent.map((one) => one.target)).toEqual([file, board])
    every('recent-open')[0]?.click()
    expect(asked()).toEqual({ op: 'connect', target: board })
    // What is sent goes to another process: it has to be plain.
    expect(() => structuredClone(asked())).not.toThrow()
  })

  it('says why a connection failed, and tries the same again', async () => {
    const message = 'The kernel of board (6.1) was built without CONFIG_RV: no rv folder.'
    const target = targetStatus({ phase: 'none', kind: 'ssh', name: 'board', message, spec: board })
    const { get, asked } = await startPage({ target })
    expect(get('start-error').textContent).toContain(message)
    expect(get('start-needs').hasAttribute('open')).toBe(true)
    get('start-retry').click()
    expect(asked()).toEqual({ op: 'connect', target: board })
  })

  it('offers to change the connection that failed', async () => {
    const { get, input, wrapper } = await inWindow(ConnectDialog, {}, { target: none })
    leave = () => wrapper.unmount()
    openConnect({ ...board, port: 2222 })
    await nextTick()
    expect(input('ssh-destination').value).toBe('root@board')
    expect(input('ssh-port').value).toBe('2222')
    connectOpen.value = false
    await nextTick()
    openConnect('serial')
    await nextTick()
    expect(get('kind-serial').dataset.state).toBe('checked')
  })

  it('offers the tour where there is one, and no way back where nothing is connected', async () => {
    const { panel, find, get } = await startPage()
    expect(find('start-tour')).toBeNull()
    expect(find('start-back')).toBeNull()
    expect(find('start-failure')).toBeNull()
    const run = vi.fn()
    panel.commands.add({ id: 'help.tour', group: 'help', title: 'Tour', run })
    await nextTick()
    get('start-tour').click()
    expect(run).toHaveBeenCalledOnce()
  })
})

describe('whether the start page is shown', () => {
  it('follows the target, and stays where it is while one is being connected', async () => {
    const { panel, port } = await startPage({ target: targetStatus() })
    const stop = followTarget(panel)
    let seq = 2
    const become = (parts: Parameters<typeof targetStatus>[0]) => {
      port.send({
        type: 'snapshot',
        seq: seq++,
        batch: emptyBatch({ target: targetStatus(parts) })
      })
      return startShown.value
    }
    expect(startShown.value).toBe(false)
    expect(become({ phase: 'connecting', generation: 2 })).toBe(false)
    expect(become({ phase: 'none', generation: 2, message: 'no' })).toBe(true)
    expect(become({ phase: 'connecting', generation: 3 })).toBe(true)
    expect(become({ phase: 'connected', generation: 3 })).toBe(false)
    // Come back to while a target is there, it stays until something is chosen.
    startShown.value = true
    expect(become({ phase: 'connected', generation: 3 })).toBe(true)
    expect(become({ phase: 'connected', generation: 4 })).toBe(false)
    startShown.value = true
    panel.select('wip')
    await nextTick()
    expect(startShown.value).toBe(false)
    stop()
  })

  it('is left for the target that is there', async () => {
    const { get } = await startPage({ target: targetStatus() })
    startShown.value = true
    await nextTick()
    expect(get('start-back').textContent).toContain('board-7')
    get('start-back').click()
    expect(startShown.value).toBe(false)
  })
})
