import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TracefsError } from '../target/port'
import type { MonitorType } from '../model/instrumentation'
import { RvClient } from './rv-client'
import { FakePort, type FakeMonitor } from './testing/fake-port'

const UPSTREAM: readonly FakeMonitor[] = [
  { name: 'wip' },
  { name: 'wwnr', shape: 'da-id' },
  { name: 'sched', shape: 'container' },
  { name: 'sched:sssw', shape: 'da-id' },
  { name: 'sched:sco' },
  { name: 'rtapp', shape: 'container' },
  { name: 'rtapp:sleep', shape: 'ltl' },
  { name: 'stall', shape: 'ha' }
]

/** Containers as the kernel handles them: a write to the container reaches its children. */
function withContainers(port: FakePort): FakePort {
  port.onWrite = (path, data) => {
    const container = /^rv\/monitors\/(sched|rtapp)\/enable$/.exec(path)?.[1]
    if (container === undefined) return undefined
    for (const file of port.files.keys()) {
      if (file.startsWith(`rv/monitors/${container}/`) && file.endsWith('/enable')) {
        port.files.set(file, `${data}\n\0`)
      }
    }
    return true
  }
  return port
}

describe('readTree', () => {
  it('reads monitors in the order of available_monitors, with their NULs stripped', async () => {
    const tree = await new RvClient(new FakePort(UPSTREAM)).readTree()
    expect(tree.monitors.map((m) => m.fullName)).toEqual(UPSTREAM.map((m) => m.name))
    expect(tree.monitors[0]).toMatchObject({
      name: 'wip',
      description: 'about wip',
      enabled: false,
      reactor: 'nop',
      class: 'da',
      type: 'unknown',
      hasId: false
    })
    expect(tree).toMatchObject({ monitoringOn: true, reactingOn: true, refused: [] })
    expect(tree.reactors).toEqual(['nop', 'printk', 'panic'])
  })

  it('tells classes and types from the format files, and per-CPU from the known model', async () => {
    const types = new Map<string, MonitorType>([
      ['wip', 'per_cpu'],
      ['sssw', 'per_task'],
      ['stall', 'per_obj']
    ])
    const port = new FakePort(UPSTREAM)
    const tree = await new RvClient(port, (name) => types.get(name)).readTree()
    const kinds = Object.fromEntries(tree.monitors.map((m) => [m.fullName, [m.class, m.type]]))
    expect(kinds).toEqual({
      wip: ['da', 'per_cpu'],
      // Tasks or objects: nothing says which.
      wwnr: ['da', 'unknown'],
      sched: ['container', 'unknown'],
      'sched:sssw': ['da', 'per_task'],
      'sched:sco': ['da', 'unknown'],
      rtapp: ['container', 'unknown'],
      'rtapp:sleep': ['ltl', 'per_task'],
      stall: ['ha', 'per_obj']
    })
  })

  it('does not believe a model whose type the event fields contradict', async () => {
    const tree = await new RvClient(new FakePort(UPSTREAM), () => 'per_cpu').readTree()
    expect(tree.monitors.find((m) => m.name === 'wwnr')?.type).toBe('unknown')
  })

  it('reads an old kernel: no reactors, no containers', async () => {
    const port = new FakePort([{ name: 'wip' }, { name: 'wwnr', shape: 'da-id' }], {
      reactors: null
    })
    const tree = await new RvClient(port).readTree()
    expect(tree.reactors).toBeUndefined()
    expect(tree.reactingOn).toBeUndefined()
    expect(tree.monitors[0]?.reactor).toBeUndefined()
  })

  it('says what is missing where there is no rv/', async () => {
    const port = new FakePort([])
    port.files.clear()
    await expect(new RvClient(port).readTree()).rejects.toThrow(/CONFIG_RV/)
  })

  it('uses no name that is not a name', async () => {
    const port = new FakePort(UPSTREAM)
    const bad = ['a"b', '../../etc', 'a:b:c', '$(reboot)', 'x y', 'a\u0007', ':x', 'x:']
    port.files.set('rv/available_monitors', `${bad.join('\n')}\nwip\n`)
    const tree = await new RvClient(port).readTree()
    expect(tree.monitors.map((m) => m.fullName)).toEqual(['wip'])
    expect(tree.refused).toEqual(bad)
  })

  it('survives any available_monitors', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (text) => {
        const port = new FakePort([])
        port.files.set('rv/available_monitors', text)
        const tree = await new RvClient(port).readTree()
        for (const m of tree.monitors) {
          expect(m.path).toMatch(/^rv\/monitors\/[A-Za-z0-9_]+(\/[A-Za-z0-9_]+)?$/)
        }
      }),
      { numRuns: 50 }
    )
  }, 60_000)
})

describe('changes', () => {
  it('are in the restore plan before they take effect', async () => {
    const port = new FakePort(UPSTREAM)
    const client = new RvClient(port)
    await client.enable('wip', true)
    expect(port.calls).toEqual(['plan 1', 'write rv/monitors/wip/enable 1'])
    expect(port.plan).toEqual([
      { kind: 'file', path: 'rv/monitors/wip/enable', ours: '1', original: '0' }
    ])
  })

  it('leave the plan when the user takes them back', async () => {
    const port = new FakePort(UPSTREAM)
    const client = new RvClient(port)
    await client.enable('wip', true)
    await client.setReactor('wip', 'printk')
    await client.setSwitch('reacting_on', false)
    expect(port.plan).toHaveLength(3)
    await client.enable('wip', false)
    await client.setReactor('wip', 'nop')
    await client.setSwitch('reacting_on', true)
    expect(port.plan).toEqual([])
  })

  it('are not written where the value already is so', async () => {
    const port = new FakePort([{ name: 'wip', enabled: true }])
    const client = new RvClient(port)
    await client.enable('wip', true)
    await client.setReactor('wip', 'nop')
    await client.setSwitch('monitoring_on', true)
    expect(port.calls).toEqual([])
  })

  it('are put back in order: ours off, reactors, switches, theirs on, instances', async () => {
    const port = new FakePort([{ name: 'wip' }, { name: 'wwnr', shape: 'da-id', enabled: true }])
    const client = new RvClient(port)
    await client.createInstance('rvpanel-1-ev')
    await client.enable('wwnr', false)
    await client.setSwitch('monitoring_on', false)
    await client.setReactor('wip', 'printk')
    await client.enable('wip', true)
    port.calls.length = 0
    await client.close()
    expect(port.calls).toEqual([
      'close',
      'write rv/monitors/wip/enable 0',
      'write rv/monitors/wip/reactors nop',
      'write rv/monitoring_on 1',
      'write rv/monitors/wwnr/enable 1',
      'rmdir instances/rvpanel-1-ev'
    ])
  })

  it('never make panic an original', async () => {
    const port = new FakePort([{ name: 'wip', reactor: 'panic' }, { name: 'wwnr' }])
    const client = new RvClient(port)
    await client.setReactor('wip', 'nop')
    await client.setReactor('wwnr', 'panic')
    expect(port.plan).toEqual([
      { kind: 'file', path: 'rv/monitors/wwnr/reactors', ours: 'panic', original: 'nop' }
    ])
  })

  it('keep the value that somebody else set in between', async () => {
    const port = new FakePort(UPSTREAM)
    const client = new RvClient(port)
    await client.setReactor('wip', 'printk')
    await port.write('rv/monitors/wip/reactors', 'nop')
    await client.setReactor('wip', 'panic')
    expect(port.plan).toEqual([
      { kind: 'file', path: 'rv/monitors/wip/reactors', ours: 'panic', original: 'nop' }
    ])
  })

  it('that the kernel refuses leave no trace in the plan', async () => {
    const port = new FakePort(UPSTREAM)
    port.onWrite = (path) => {
      throw new TracefsError('ENOMEM', path, 'Cannot allocate memory')
    }
    const client = new RvClient(port)
    await expect(client.enable('wip', true)).rejects.toThrow(/wip.*Cannot allocate memory/)
    expect(port.plan).toEqual([])
  })

  it('say who holds the slots on EBUSY', async () => {
    const port = new FakePort([
      { name: 'wip', enabled: true },
      { name: 'wwnr', shape: 'da-id', enabled: true },
      { name: 'stall', shape: 'ha' }
    ])
    port.onWrite = (path) => {
      throw new TracefsError('EBUSY', path, 'Device or resource busy')
    }
    const refusal = new RvClient(port).enable('stall', true)
    await expect(refusal).rejects.toThrow(/slots of this kernel are taken \(by wwnr\)/)
    await expect(refusal).rejects.toMatchObject({ code: 'EBUSY' })
  })

  it.each(['x', '../wip', 'wip/enable', 'a"b', 'sched:', ''])('refuse %j', async (name) => {
    const port = new FakePort(UPSTREAM)
    await expect(new RvClient(port).enable(name, true)).rejects.toThrow(/no monitor/)
    await expect(new RvClient(port).setReactor('wip', name)).rejects.toThrow(/reactor/)
    expect(port.calls).toEqual([])
  })
})

describe('a container', () => {
  it('puts back children that were on before and those that were off', async () => {
    const port = withContainers(new FakePort(UPSTREAM))
    port.files.set('rv/monitors/sched/sco/enable', '1\n\0')
    const client = new RvClient(port)
    await client.enable('sched', true)
    expect(port.text('rv/monitors/sched/sssw/enable')).toBe('1')
    const results = await client.close()
    expect(results.map((r) => r.outcome)).toEqual(results.map(() => 'restored'))
    expect(port.text('rv/monitors/sched/enable')).toBe('0')
    expect(port.text('rv/monitors/sched/sssw/enable')).toBe('0')
    expect(port.text('rv/monitors/sched/sco/enable')).toBe('1')
  })

  it('whose enable fails half way puts back what the kernel switched off', async () => {
    const port = new FakePort(UPSTREAM)
    port.files.set('rv/monitors/sched/sco/enable', '1\n\0')
    port.onWrite = (path) => {
      if (path !== 'rv/monitors/sched/enable') return undefined
      port.files.set('rv/monitors/sched/sco/enable', '0\n\0')
      throw new TracefsError('EBUSY', path, 'Device or resource busy')
    }
    const client = new RvClient(port)
    await expect(client.enable('sched', true)).rejects.toThrow(/slots/)
    expect(port.plan).toEqual([
      { kind: 'file', path: 'rv/monitors/sched/sco/enable', ours: '0', original: '1' }
    ])
  })
})

describe('a trace instance', () => {
  it('takes the next free name and is removed again', async () => {
    const port = new FakePort(UPSTREAM)
    port.folders.add('instances/rvpanel-1-ev')
    const client = new RvClient(port)
    const instance = await client.createInstance('rvpanel-1-ev')
    expect(instance.path).toBe('instances/rvpanel-1-ev-2')
    expect(port.plan).toEqual([{ kind: 'rmdir', path: 'instances/rvpanel-1-ev-2' }])
    await client.removeInstance(instance)
    expect(port.plan).toEqual([])
    expect(port.folders.has('instances/rvpanel-1-ev')).toBe(true)
  })

  it('refuses events and names that would leave its folder', async () => {
    const client = new RvClient(new FakePort(UPSTREAM))
    const instance = await client.createInstance('ok')
    await expect(instance.setEvent('../x', true)).rejects.toThrow(/name/)
    await expect(client.createInstance('../x')).rejects.toThrow(/cannot name/)
  })
})
