import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { loadModels } from '../target/load-models'
import { openSimulated } from '../target/simulated-kernel'
import type { SimulatedPort } from '../target/simulator-control'
import { createObserverService, type ObserverService } from './service'
import { FakeClock } from './testing/fake-clock'
import { FakePort } from './testing/fake-port'
import { WindowEnd } from './testing/window-end'

const SETTINGS = { cpus: 2, tasks: 20, seed: 1 }
const SIM = { kind: 'sim', settings: SETTINGS } as const

const dot = `digraph mine {
	"__init_on" [shape = plaintext, style = invis, label = ""]
	"on" [shape = doublecircle, label = "on"]
	"off" [shape = circle, label = "off"]
	"__init_on" -> "on"
	"on" -> "off" [label = "preempt_disable"]
	"off" -> "on" [label = "preempt_enable"]
}
`
const yaml = `monitor: mine
type: per_cpu
description: a monitor that exists nowhere
tracepoints:
  preempt_disable:
    - event: preempt_disable
      call: handle_event
  preempt_enable:
    - event: preempt_enable
      call: handle_start_event
`
const files = (name = 'mine', spec = dot, instrumentation = yaml) => [
  { name: `${name}.dot`, text: spec },
  { name: `${name}.yaml`, text: instrumentation }
]
const run = (
  request: Partial<{ files: ReturnType<typeof files>; replace: boolean; leave: boolean }> = {}
) => ({ op: 'run', files: files(), replace: false, leave: false, ...request }) as const

let service: ObserverService | undefined
afterEach(async () => {
  await service?.close()
  service = undefined
})

async function panel(boots: (models: readonly { name: string }[]) => boolean = () => true) {
  const { models, drawings } = await loadModels('models')
  const clock = new FakeClock()
  const ports: SimulatedPort[] = []
  service = createObserverService({
    models,
    drawings,
    stateDir: '/nowhere',
    clock,
    openTarget: (spec, options) => {
      if (spec.kind !== 'sim') {
        return Promise.resolve(new FakePort([{ name: 'wip' }], { info: { kind: 'local' } }))
      }
      if (!boots(options.models)) return Promise.reject(new Error('The machine does not boot.'))
      const port = openSimulated(spec.settings, options.models, 'manual')
      ports.push(port)
      return Promise.resolve(port)
    }
  })
  const window = new WindowEnd(service)
  window.hello()
  const pass = async (ms: number): Promise<void> => {
    for (let done = 0; done < ms; done += 10) {
      ports.at(-1)?.simulator.advance(10_000_000)
      await clock.advance(20)
    }
  }
  const infos = () => window.batch.monitors ?? []
  return { window, pass, ports, infos }
}

describe('a model that was written in the window', () => {
  it('runs on the simulated kernel, and what was enabled is enabled again', async () => {
    const { window, pass, ports, infos } = await panel()
    await window.ask({ op: 'connect', target: SIM })
    await window.ask({ op: 'enable', monitor: 'sched:sco', on: true })
    await window.ask({ op: 'simulatorSpeed', factor: 0.5 })
    expect(await window.ask(run())).toBeNull()
    await pass(50)
    expect(window.monitor('mine').eventCount).toBeGreaterThan(10)
    const enabled = infos()
      .filter((info) => info.enabled)
      .map((info) => info.fullName)
    expect(enabled).toEqual(expect.arrayContaining(['mine', 'sched:sco']))
    expect(enabled).not.toContain('wip')
    expect(ports.at(-1)?.simulator.settings).toEqual(SETTINGS)
    expect(ports.at(-1)?.simulator.speed).toBe(0.5)
    await pass(10)
    expect(infos().find((info) => info.name === 'mine')).toMatchObject({
      class: 'da',
      type: 'per_cpu',
      model: dot
    })
  })

  it('leaves reactors and the switch of reactions as they were', async () => {
    const { window, pass, infos } = await panel()
    await window.ask({ op: 'connect', target: SIM })
    await pass(10)
    const reactor = (name: string) => infos().find((info) => info.fullName === name)?.reactor
    expect(reactor('sched:sco')).toBe('nop')
    expect(
      await window.ask({ op: 'setReactor', monitor: 'sched:sco', reactor: 'printk' })
    ).toBeNull()
    expect(await window.ask({ op: 'switch', which: 'reacting_on', on: false })).toBeNull()
    expect(await window.ask(run())).toBeNull()
    await pass(20)
    expect([reactor('sched:sco'), reactor('sched:snroc')]).toEqual(['printk', 'nop'])
    expect(window.batch.switches?.reactingOn).toBe(false)
  })

  it('may move out of its container', async () => {
    const { window, pass, infos } = await panel()
    await window.ask({ op: 'connect', target: SIM })
    const inside = yaml.replace('type:', 'parent: sched\ntype:')
    expect(await window.ask(run({ files: files('mine', dot, inside) }))).toBeNull()
    expect(await window.ask(run())).toBeNull()
    await pass(20)
    const enabled = infos().filter((info) => info.enabled)
    expect(enabled.map((info) => info.fullName)).toEqual(['mine'])
    expect(window.messages.filter((message) => message.type === 'notice')).toEqual([])
  })

  it('with which the machine does not boot is not there the next time', async () => {
    const { window, pass, infos } = await panel(
      (models) => !models.some(({ name }) => name === 'mine')
    )
    await window.ask({ op: 'connect', target: SIM })
    expect((await window.ask(run()))?.message).toBe('The machine does not boot.')
    expect(await window.ask({ op: 'connect', target: SIM })).toBeNull()
    await pass(10)
    expect(infos().some((info) => info.name === 'wip')).toBe(true)
  })

  it('takes its own place when it runs again, and is still there after a reboot', async () => {
    const { window, pass, infos } = await panel()
    await window.ask({ op: 'connect', target: SIM })
    expect(await window.ask(run())).toBeNull()
    const changed = dot.replaceAll('"off"', '"away"')
    expect(await window.ask(run({ files: files('mine', changed) }))).toBeNull()
    await pass(10)
    expect(infos().filter((info) => info.name === 'mine')).toHaveLength(1)
    await pass(10)
    expect(infos().find((info) => info.name === 'mine')?.model).toBe(changed)
    expect(await window.ask({ op: 'simulator', action: 'reboot' })).toBeNull()
    await pass(10)
    expect(infos().some((info) => info.name === 'mine')).toBe(true)
  })

  it('takes the place of one of the program only when it is told to', async () => {
    const { window, pass, infos } = await panel()
    await window.ask({ op: 'connect', target: SIM })
    const wip = files('wip', dot, yaml.replace('monitor: mine', 'monitor: wip'))
    expect(await window.ask(run({ files: wip }))).toEqual({
      code: 'TAKEN',
      message: 'There is a monitor wip already, which came with rvpanel.'
    })
    await pass(10)
    expect(infos().find((info) => info.name === 'wip')?.model).toBe(
      readFileSync('models/wip.dot', 'utf8')
    )
    expect(await window.ask(run({ files: wip, replace: true }))).toBeNull()
    await pass(10)
    expect(infos().find((info) => info.name === 'wip')?.model).toBe(dot)
  })

  it('leaves a real target only when it is told to', async () => {
    const { window, pass, infos } = await panel()
    await window.ask({ op: 'connect', target: { kind: 'local' } })
    expect(await window.ask(run())).toMatchObject({ code: 'OTHER_TARGET' })
    expect(window.batch.target?.kind).toBe('local')
    expect(await window.ask(run({ leave: true }))).toBeNull()
    await pass(10)
    expect(window.batch.target?.kind).toBe('sim')
    await pass(10)
    expect(infos().find((info) => info.name === 'mine')?.enabled).toBe(true)
  })

  it.each([
    [
      'a parent that is not there',
      yaml.replace('type:', 'parent: nobody\ntype:'),
      /nobody.*not there/
    ],
    [
      'no tracepoints',
      yaml.replace(/tracepoints:[^]*/, 'tracepoints: none\n'),
      /no tracepoints yet/
    ],
    ['a name that is too long', yaml.replace('monitor: mine', `monitor: ${'m'.repeat(40)}`), /31/]
  ])('with %s is refused in a sentence, and the machine goes on', async (_, text, words) => {
    const { window, ports } = await panel()
    await window.ask({ op: 'connect', target: SIM })
    const refusal = await window.ask(run({ files: files('mine', dot, text) }))
    expect(refusal?.message).toMatch(words)
    expect(ports).toHaveLength(1)
  })

  it('that finds no free slot is told the kernel’s words', async () => {
    const { window } = await panel()
    await window.ask({ op: 'connect', target: SIM })
    for (const monitor of [
      'wwnr',
      'stall',
      'sched:sssw',
      'sched:nrp',
      'sched:snroc',
      'rtapp:sleep',
      'rtapp:pagefault',
      'rtapp:wakeup'
    ]) {
      expect(await window.ask({ op: 'enable', monitor, on: true })).toBeNull()
    }
    const perTask = yaml
      .replace('per_cpu', 'per_task')
      .replace(/(call: .*)/g, '$1\n      on: current')
    const refusal = await window.ask(run({ files: files('mine', dot, perTask) }))
    expect(refusal?.message).toMatch(/mine cannot be enabled: all per-task monitor slots/)
  })
})
