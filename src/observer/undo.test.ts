import { afterEach, describe, expect, it } from 'vitest'
import { loadModels } from '../target/load-models'
import { openSimulated } from '../target/simulated-kernel'
import type { SimulatedPort } from '../target/simulator-control'
import { createObserverService, type ObserverService } from './service'
import { FakeClock } from './testing/fake-clock'
import { WindowEnd } from './testing/window-end'

const settings = { cpus: 2, tasks: 20, seed: 1 }

let service: ObserverService | undefined
afterEach(async () => {
  await service?.close()
  service = undefined
})

interface Bench {
  readonly window: WindowEnd
  /** What undo and redo would do, as the window is told. */
  readonly undoable: () => Promise<unknown>
  readonly port: SimulatedPort
  /** Names of the monitors that the target says are enabled. */
  readonly enabled: () => Promise<string[]>
  readonly reactor: (path: string) => Promise<string | undefined>
}

async function bench(): Promise<Bench> {
  const { models, drawings } = await loadModels('models')
  const clock = new FakeClock()
  const port = openSimulated(settings, models, 'manual')
  service = createObserverService({
    models,
    drawings,
    stateDir: '/nowhere',
    clock,
    openTarget: () => Promise.resolve(port)
  })
  const window = new WindowEnd(service)
  window.hello()
  expect(await window.ask({ op: 'connect', target: { kind: 'sim', settings } })).toBeNull()
  const text = async (path: string): Promise<string> =>
    new TextDecoder().decode(await port.read(path))
  return {
    window,
    port,
    undoable: async () => {
      await clock.advance(100)
      return window.batch.undoable
    },
    enabled: async () => (await text('rv/enabled_monitors')).split('\n').filter((l) => l !== ''),
    reactor: async (path) => /\[(\w+)\]/.exec(await text(`rv/monitors/${path}/reactors`))?.[1]
  }
}

const SCHED = ['opid', 'sssw', 'nrp', 'sts', 'snep', 'scpd', 'snroc', 'sco']

describe('undo', () => {
  it('takes changes back one by one, and redo does them again', async () => {
    const { window, enabled, undoable } = await bench()
    await window.ask({ op: 'enable', monitor: 'wip', on: true })
    await window.ask({ op: 'enable', monitor: 'wwnr', on: true })
    expect(await undoable()).toEqual({
      undo: { op: 'enable', monitor: 'wwnr', on: true },
      redo: null
    })
    expect(await window.ask({ op: 'undo' })).toBeNull()
    expect(await enabled()).toEqual(['wip'])
    expect(await window.ask({ op: 'undo' })).toBeNull()
    expect(await enabled()).toEqual([])
    expect(await undoable()).toMatchObject({ undo: null, redo: { monitor: 'wip' } })
    expect(await window.ask({ op: 'redo' })).toBeNull()
    expect(await enabled()).toEqual(['wip'])
    // A new change: there is nothing to do again.
    await window.ask({ op: 'enable', monitor: 'wip', on: false })
    expect(await undoable()).toMatchObject({ redo: null })
  })

  it('of a container brings back each of its monitors as it was', async () => {
    const { window, enabled } = await bench()
    await window.ask({ op: 'enable', monitor: 'sched:sco', on: true })
    const before = await enabled()
    await window.ask({ op: 'enable', monitor: 'sched', on: true })
    const all = await enabled()
    expect(all).toContain('sched:sts')
    expect(await window.ask({ op: 'undo' })).toBeNull()
    expect(await enabled()).toEqual(before)
    expect(before).toContain('sched:sco')
    await window.ask({ op: 'redo' })
    expect(await enabled()).toEqual(all)
  })

  it('brings reactors back, of a container those of its monitors too, and what the swap switched off', async () => {
    const { window, enabled, reactor } = await bench()
    await window.ask({ op: 'enable', monitor: 'sched:sco', on: true })
    await window.ask({ op: 'setReactor', monitor: 'sched', reactor: 'printk' })
    expect(await reactor('sched')).toBe('printk')
    expect(await window.ask({ op: 'undo' })).toBeNull()
    expect(await reactor('sched')).toBe('nop')
    for (const name of SCHED) expect(await reactor(`sched/${name}`)).toBe('nop')
    expect(await enabled()).toContain('sched:sco')
  })

  it('takes the switches back', async () => {
    const { window, port, undoable } = await bench()
    await window.ask({ op: 'switch', which: 'monitoring_on', on: false })
    expect(await window.ask({ op: 'undo' })).toBeNull()
    expect(new TextDecoder().decode(await port.read('rv/monitoring_on'))[0]).toBe('1')
    await undoable()
    expect(window.batch.switches?.monitoringOn).toBe(true)
  })

  it('leaves alone what somebody else changed since, and says so', async () => {
    const { window, port, enabled, undoable } = await bench()
    await window.ask({ op: 'enable', monitor: 'wip', on: true })
    await port.write('rv/monitors/wip/enable', '0', 'truncate')
    const refusal = await window.ask({ op: 'undo' })
    expect(refusal?.message).toMatch(/^wip of .* was changed by someone else since/)
    expect(await enabled()).toEqual([])
    expect(await undoable()).toEqual({ undo: null, redo: null })
  })

  it('never arms the panic reactor, and does not need a confirmation to disarm it', async () => {
    const { window, reactor } = await bench()
    const confirm = window.batch.target?.name
    await window.ask({ op: 'setReactor', monitor: 'wip', reactor: 'panic', confirm })
    expect(await reactor('wip')).toBe('panic')
    expect(await window.ask({ op: 'undo' })).toBeNull()
    expect(await reactor('wip')).toBe('nop')
    await window.ask({ op: 'redo' })
    expect(await reactor('wip')).toBe('nop')
    expect(window.messages).toContainEqual(
      expect.objectContaining({
        type: 'notice',
        severity: 'warning',
        message: expect.stringMatching(/panic reactor of wip is not armed/) as string
      })
    )
  })

  it('says that there is nothing', async () => {
    const { window } = await bench()
    expect((await window.ask({ op: 'undo' }))?.message).toMatch(/nothing/)
    // What was so already is no change.
    await window.ask({ op: 'enable', monitor: 'wip', on: false })
    expect((await window.ask({ op: 'undo' }))?.message).toMatch(/nothing/)
  })
})
