import { beforeEach, describe, expect, it } from 'vitest'
import type { MonitorType } from '../model/instrumentation'
import { deterministicAutomata } from './da'
import { Errno } from './errno'
import { automaton, definition, wip, wwnr } from './testing/models'
import { codeOf, World } from './testing/world'

let world: World

/** A container `box` with per-task children a, b, c and a per-CPU one, registered in this order. */
function boxed(slots: number): void {
  world = new World({ perTaskSlots: slots })
  world.register(wip())
  world.container('box')
  world.register(wwnr('a', 'box'), wwnr('b', 'box'), wwnr('c', 'box'), wwnr())
}

const enabledNames = (): string => world.cat('enabled_monitors').trim().replaceAll('\n', ' ')
const reactorOf = (path: string): string | undefined =>
  /\[(\w+)\]/.exec(world.cat(`monitors/${path}/reactors`))?.[1]

beforeEach(() => {
  world = new World()
})

describe('registration', () => {
  it('lists top-level monitors in order, children behind their parent in reverse', () => {
    boxed(8)
    expect(world.cat('available_monitors')).toBe('wip\nbox\nbox:c\nbox:b\nbox:a\nwwnr\n')
  })

  it('refuses a long name, a taken one and a second level, in the kernel log too', () => {
    boxed(8)
    const long = 'x'.repeat(32)
    expect(codeOf(() => world.register(wwnr(long)))).toBe('EINVAL')
    expect(codeOf(() => world.register(wwnr('a')))).toBe('EEXIST')
    expect(codeOf(() => world.register(wwnr('d', 'a')))).toBe('EINVAL')
    expect(world.host.take()).toEqual([
      `printk 6 Monitor ${long} has a name longer than 32`,
      'printk 6 Monitor a is already registered',
      'printk 6 Parent monitor a is already nested, cannot nest further'
    ])
    expect(world.engine.listed).toHaveLength(6)
    expect(codeOf(() => world.register(wwnr('x'.repeat(31))))).toBe('ok')
  })

  it('checks the name before it is taken, and that before the parent', () => {
    boxed(8)
    const long = 'x'.repeat(32)
    codeOf(() => world.register(wwnr(long, 'a')))
    codeOf(() => world.register(wwnr('b', 'a')))
    expect(world.host.take()).toEqual([
      `printk 6 Monitor ${long} has a name longer than 32`,
      'printk 6 Monitor b is already registered'
    ])
  })

  it('refuses names that can be no directory with ENOMEM', () => {
    boxed(8)
    for (const name of ['', '.', '..', 'a/b']) {
      expect(codeOf(() => world.register(wwnr(name)))).toBe('ENOMEM')
    }
    expect(codeOf(() => world.register(wwnr('enable', 'box')))).toBe('ENOMEM')
  })

  it('refuses what the definition names and this kernel does not have', () => {
    const model = automaton('m', ['a go b'])
    const refused = [
      definition(model, 'global', ['nowhere handle_event go global']),
      definition(model, 'global', ['irq_enable handle_event come global']),
      definition(model, 'per_task', ['sched_waking handle_event go nobody']),
      definition(model, 'global', ['irq_enable handle_event go global'], { parent: 'nobody' })
    ]
    for (const one of refused) expect(codeOf(() => world.register(one))).toBe('EINVAL')
    expect(world.engine.monitors).toEqual([])
  })

  it('refuses instances of a kind that the type of the monitor does not have', () => {
    const model = automaton('m', ['a go b'])
    const of = (type: MonitorType, kind: 'cpu' | 'global' | 'current'): string => {
      const rule = { kind: 'event', event: 'go', call: 'handle_event', when: undefined } as const
      const tracepoints = [{ tracepoint: 'irq_enable', steps: [[{ ...rule, on: { kind } }]] }]
      return codeOf(() => world.register(definition(model, type, [], { tracepoints })))
    }
    expect(of('per_cpu', 'global')).toBe('EINVAL')
    expect(of('global', 'cpu')).toBe('EINVAL')
    expect(of('per_task', 'cpu')).toBe('EINVAL')
    expect(of('per_obj', 'current')).toBe('EINVAL')
    expect(of('per_task', 'current')).toBe('ok')
  })

  it('refuses a model of a class that it does not have, and says so', () => {
    world = new World({ classes: [deterministicAutomata] })
    const { automaton: model, instrumentation } = wip()
    if (model === undefined) throw new Error('no model')
    const hybrid = { automaton: { ...model, kind: 'ha' as const }, instrumentation }
    expect(() => world.register(hybrid)).toThrow(
      new Errno(
        'EINVAL',
        'monitor wip is a hybrid automaton; this kernel runs deterministic automata only'
      )
    )
  })

  it('unregisters: disabled, gone from the tree, its index kept for old trace lines', () => {
    world.register(wip(), wwnr())
    const old = world.monitor('wip')
    world.engine.enable(old)
    world.engine.unregisterMonitor(old)
    expect(world.cat('available_monitors')).toBe('wwnr\n')
    expect(codeOf(() => world.files.list('monitors/wip'))).toBe('ENOENT')
    expect(world.engine.bus.attached.some((attached) => attached !== 0)).toBe(false)
    const [fresh] = world.register(wip())
    expect(fresh?.index).toBe(2)
    expect(world.engine.monitors[old.index]).toBe(old)
  })
})

describe('containers', () => {
  it('enable and disable their children, whose own switches leave the container alone', () => {
    boxed(8)
    world.append('monitors/box/a/enable', '1')
    expect(enabledNames()).toBe('box:a')
    world.append('monitors/box/enable', '1')
    expect(enabledNames()).toBe('box box:c box:b box:a')
    world.append('monitors/box/b/enable', '0')
    expect(enabledNames()).toBe('box box:c box:a')
    world.append('monitors/box/enable', '1')
    expect(enabledNames()).toBe('box box:c box:b box:a')
    world.append('monitors/box/enable', '0')
    expect(enabledNames()).toBe('')
  })

  it('go back to nothing when a child fails, also the child that had been on before', () => {
    boxed(2)
    world.append('monitors/box/a/enable', '1')
    expect(codeOf(() => world.append('monitors/box/enable', '1'))).toBe('EBUSY')
    expect(enabledNames()).toBe('')
    world.append('enabled_monitors', 'wwnr')
    world.append('enabled_monitors', 'box:a')
    expect(enabledNames()).toBe('box:a wwnr')
  })

  it('are off themselves when a child fails, also one that had been on before', () => {
    boxed(8)
    world.append('monitors/box/enable', '1')
    world.append('monitors/box/b/enable', '0')
    const { driver } = world.monitor('b')
    if (driver === undefined) throw new Error('no driver')
    driver.enable = () => {
      throw new Errno('ENOMEM', 'full')
    }
    expect(codeOf(() => world.append('monitors/box/enable', '1'))).toBe('ENOMEM')
    expect(enabledNames()).toBe('')
  })

  it('enable their children in list order', () => {
    boxed(2)
    const order: string[] = []
    for (const name of ['a', 'b', 'c']) {
      const { driver } = world.monitor(name)
      if (driver === undefined) throw new Error('no driver')
      const enable = driver.enable.bind(driver)
      driver.enable = () => {
        order.push(name)
        enable()
      }
    }
    codeOf(() => world.append('monitors/box/enable', '1'))
    expect(order).toEqual(['c', 'b', 'a'])
  })

  it('without children enable when something follows them, and oops when nothing does', () => {
    world.container('empty')
    expect(codeOf(() => world.append('monitors/empty/enable', '1'))).toBe('EIO')
    expect(world.host.take().join()).toContain('NULL pointer dereference')
    world.register(wip())
    world.append('monitors/empty/enable', '1')
    expect(enabledNames()).toBe('empty')
    world.append('monitors/empty/enable', '0')
    expect(enabledNames()).toBe('')
  })
})

describe('reactors', () => {
  it('start as [nop] and take the name between brackets', () => {
    boxed(8)
    expect(world.cat('available_reactors')).toBe('nop\nprintk\npanic\n')
    expect(world.cat('monitors/wip/reactors')).toBe('[nop]\nprintk\npanic\n')
    world.append('monitors/wip/reactors', ' printk\n')
    expect(world.cat('monitors/wip/reactors')).toBe('nop\n[printk]\npanic\n')
    expect(reactorOf('wwnr')).toBe('nop')
  })

  it('restart an enabled monitor when they change, and not when they do not', () => {
    world.register(wip())
    world.append('monitors/wip/enable', '1')
    world.fire('preempt_enable')
    world.append('monitors/wip/reactors', 'nop')
    expect(world.monitor('wip').driver?.stateOf(0)).toBe(0)
    world.append('monitors/wip/reactors', 'printk')
    expect(enabledNames()).toBe('wip')
    expect(world.monitor('wip').driver?.stateOf(0)).toBe(-1)
  })

  it('leave a monitor off without a word when it cannot be enabled again', () => {
    boxed(1)
    world.append('enabled_monitors', 'wwnr')
    const { driver } = world.monitor('wwnr')
    if (driver === undefined) throw new Error('no driver')
    driver.enable = () => {
      throw new Errno('EBUSY', 'taken')
    }
    expect(world.append('monitors/wwnr/reactors', 'printk')).toBe(6)
    expect(enabledNames()).toBe('')
    expect(reactorOf('wwnr')).toBe('printk')
  })

  it('of an enabled container enable every child, also those that were off', () => {
    boxed(8)
    world.append('monitors/box/enable', '1')
    world.append('monitors/box/b/enable', '0')
    world.append('monitors/box/reactors', 'printk')
    expect(enabledNames()).toBe('box box:c box:b box:a')
    expect(['box', 'box/a', 'box/b', 'box/c'].map(reactorOf)).toEqual(Array(4).fill('printk'))
  })

  it('of a container that is off disable a child that was on', () => {
    boxed(8)
    world.append('monitors/box/a/enable', '1')
    world.append('monitors/box/reactors', 'printk')
    expect(enabledNames()).toBe('')
    expect(reactorOf('box/a')).toBe('printk')
  })

  it('that a container already has change a differing child and leave it off', () => {
    boxed(8)
    world.append('monitors/box/enable', '1')
    world.append('monitors/box/a/reactors', 'printk')
    expect(enabledNames()).toBe('box box:c box:b box:a')
    world.append('monitors/box/reactors', 'nop')
    expect(enabledNames()).toBe('box box:c box:b')
    expect(reactorOf('box/a')).toBe('nop')
  })

  it('are refused when the name is long or taken, and kept by their monitors when they go', () => {
    world.register(wip())
    const react = (): void => undefined
    const long = 'x'.repeat(32)
    expect(codeOf(() => world.engine.registerReactor({ name: long, react }))).toBe('EINVAL')
    expect(codeOf(() => world.engine.registerReactor({ name: 'nop', react }))).toBe('EINVAL')
    expect(world.host.take()).toEqual([
      `printk 6 Reactor ${long} has a name longer than 32`,
      'printk 6 Reactor nop is already registered'
    ])
    world.engine.registerReactor({ name: 'mine', react: (text) => world.host.log.push(text) })
    world.append('monitors/wip/reactors', 'mine')
    world.append('monitors/wip/enable', '1')
    world.engine.unregisterReactor('mine')
    expect(world.cat('monitors/wip/reactors')).toBe('nop\nprintk\npanic\n')
    expect(codeOf(() => world.append('monitors/wip/reactors', 'mine'))).toBe('EINVAL')
    world.fire('preempt_enable')
    world.fire('sched_waking')
    expect(world.host.take()[0]).toMatch(/^rv: monitor wip/)
  })

  const violateWith = (reactor: string): string[] => {
    world.register(wip())
    world.append('monitors/wip/reactors', reactor)
    world.append('monitors/wip/enable', '1')
    world.fire('preempt_enable')
    world.fire('sched_waking')
    return world.host.take()
  }
  const message = 'rv: monitor wip does not allow event sched_waking on state preemptive'

  it('nop says nothing', () => {
    expect(violateWith('nop')).toEqual(['error wip -1 preemptive sched_waking'])
  })

  it('printk puts the message into the log, without level, before the trace event', () => {
    expect(violateWith('printk')).toEqual([
      `printk 4 ${message}`,
      'error wip -1 preemptive sched_waking'
    ])
  })

  it('panic stops the machine: nothing comes after it', () => {
    expect(violateWith('panic')).toEqual([`panic ${message}`])
    world.fire('preempt_enable')
    world.fire('preempt_disable')
    expect(world.host.take()).toEqual([])
    expect(world.engine.halted).toBe(true)
  })

  it('are not called while reacting_on is off; the trace event comes all the same', () => {
    world.append('reacting_on', '0')
    expect(violateWith('printk')).toEqual(['error wip -1 preemptive sched_waking'])
    world.append('reacting_on', '1')
    world.fire('preempt_enable')
    world.fire('sched_waking')
    expect(world.host.take()).toHaveLength(2)
  })
})
