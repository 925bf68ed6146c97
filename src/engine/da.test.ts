import { beforeEach, describe, expect, it } from 'vitest'
import { automaton, definition, wip, wwnr } from './testing/models'
import { codeOf, World } from './testing/world'

let world: World

beforeEach(() => {
  world = new World()
})

describe('a per-CPU monitor', () => {
  beforeEach(() => {
    world.register(wip())
    world.engine.enable(world.monitor('wip'))
  })

  it('waits for its start event, skips it, and then follows the model', () => {
    world.fire('preempt_disable')
    world.fire('preempt_enable')
    expect(world.host.take()).toEqual([])
    world.fire('preempt_disable')
    world.fire('sched_waking', { p: 3 })
    world.fire('preempt_enable')
    expect(world.host.take()).toEqual([
      'event wip -1 preemptive preempt_disable non_preemptive',
      'event wip -1 non_preemptive sched_waking non_preemptive',
      'event wip -1 non_preemptive preempt_enable preemptive'
    ])
  })

  it('processes a start event of an instance that is monitoring', () => {
    world.fire('preempt_enable')
    world.fire('preempt_enable')
    expect(world.host.take()).toEqual(['error wip -1 preemptive preempt_enable'])
  })

  it('keeps an instance for each CPU', () => {
    world.fire('preempt_enable', {}, 2)
    world.fire('preempt_disable', {}, 0)
    world.fire('preempt_disable', {}, 2)
    expect(world.host.take()).toHaveLength(1)
    const { driver } = world.monitor('wip')
    expect([0, 1, 2, 3].map((cpu) => driver?.stateOf(cpu))).toEqual([-1, -1, 1, -1])
  })

  it('reacts, then traces the error, then waits for a start event', () => {
    const mine = { name: 'mine', react: (message: string) => world.host.log.push(message) }
    world.engine.registerReactor(mine)
    world.engine.setReactor(world.monitor('wip'), mine)
    world.fire('preempt_enable')
    world.fire('sched_waking')
    expect(world.host.take()).toEqual([
      'rv: monitor wip does not allow event sched_waking on state preemptive\n',
      'error wip -1 preemptive sched_waking'
    ])
    world.fire('preempt_disable')
    world.fire('sched_waking')
    expect(world.host.take()).toEqual([])
    world.fire('preempt_enable')
    world.fire('preempt_disable')
    expect(world.host.take()).toHaveLength(1)
  })

  it('ignores events once a reactor in the same tracepoint has disabled it', () => {
    world.register({
      ...wip(),
      instrumentation: { ...wip().instrumentation, monitor: 'second' }
    })
    world.engine.enable(world.monitor('second'))
    const mine = { name: 'mine', react: () => world.engine.disable(world.monitor('second')) }
    world.engine.registerReactor(mine)
    world.engine.setReactor(world.monitor('wip'), mine)
    // The change of reactors put wip behind it; now it is last again.
    world.engine.disable(world.monitor('second'))
    world.engine.enable(world.monitor('second'))
    world.fire('preempt_enable')
    world.fire('preempt_enable')
    expect(world.host.take()).toEqual(['error wip -1 preemptive preempt_enable'])
    expect(world.monitor('second').driver?.stateOf(0)).toBe(-1)
  })

  it('has no probes while it is disabled', () => {
    const { engine } = world
    const index = engine.bus.index('preempt_disable')
    expect(engine.bus.attached[index]).toBe(1)
    engine.disable(world.monitor('wip'))
    expect(engine.bus.attached[index]).toBe(0)
  })

  it('loses its states when it is disabled, except on CPUs that are offline', () => {
    world.fire('preempt_enable', {}, 0)
    world.fire('preempt_enable', {}, 1)
    world.host.online[1] = false
    world.engine.disable(world.monitor('wip'))
    world.engine.enable(world.monitor('wip'))
    expect(world.monitor('wip').driver?.stateOf(0)).toBe(-1)
    expect(world.monitor('wip').driver?.stateOf(1)).toBe(0)
  })

  it('hears nothing while monitoring_on is off, and is reset when it comes on', () => {
    world.fire('preempt_enable')
    world.engine.setMonitoring(false)
    world.fire('preempt_disable')
    expect(world.monitor('wip').driver?.stateOf(0)).toBe(0)
    world.engine.setMonitoring(true)
    expect(world.monitor('wip').driver?.stateOf(0)).toBe(-1)
    world.fire('preempt_enable')
    world.engine.setMonitoring(true)
    expect(world.monitor('wip').driver?.stateOf(0)).toBe(0)
    expect(world.host.take()).toEqual([])
  })
})

describe('a per-task monitor', () => {
  beforeEach(() => {
    for (const [task, pid] of [
      [0, 0],
      [1, 100],
      [2, 200]
    ] as const) {
      world.host.tasks.set(task, pid)
    }
    world.register(wwnr())
    world.engine.enable(world.monitor('wwnr'))
  })

  const start = (task: number): void =>
    world.fire('sched_switch', { prev: task, next: 0, prev_state: 1 })

  it('takes the first rule of a step whose condition holds', () => {
    world.fire('sched_switch', { prev: 1, next: 0, prev_state: 0x2001 })
    world.fire('sched_wakeup', { p: 1 })
    expect(world.host.take()).toEqual([])
    start(1)
    world.fire('sched_wakeup', { p: 1 })
    expect(world.host.take()).toEqual(['event wwnr 100 not_running wakeup not_running'])
  })

  it('runs the steps of a tracepoint in order, each on its own task', () => {
    start(1)
    start(2)
    world.fire('sched_switch', { prev: 0, next: 1 })
    world.fire('sched_switch', { prev: 1, next: 2, prev_state: 2 })
    expect(world.host.take()).toEqual([
      'event wwnr 100 not_running switch_in running',
      'event wwnr 100 running switch_out not_running',
      'event wwnr 200 not_running switch_in running'
    ])
  })

  it('forgets a task whose index a new task takes', () => {
    start(1)
    expect(world.monitor('wwnr').driver?.stateOf(1)).toBe(0)
    world.engine.taskExited(1)
    world.engine.taskCreated(1)
    expect(world.monitor('wwnr').driver?.stateOf(1)).toBe(-1)
  })

  it('follows ten thousand tasks, and ignores an index that no kernel has', () => {
    for (let task = 3; task < 10_000; task++) world.host.tasks.set(task, task)
    start(2)
    start(9_999)
    expect(world.monitor('wwnr').driver?.stateOf(2)).toBe(0)
    world.fire('sched_wakeup', { p: 9_999 })
    for (const p of [-1, NaN, Infinity, 2 ** 40]) world.fire('sched_wakeup', { p })
    expect(world.host.take()).toEqual(['event wwnr 9999 not_running wakeup not_running'])
  })
})

describe('entry points', () => {
  const model = automaton('m', ['a go b', 'b go a', 'b stop a'])

  it('start_run starts an instance and processes the event', () => {
    world.register(definition(model, 'global', ['irq_enable handle_start_run_event go global']))
    world.engine.enable(world.monitor('m'))
    world.fire('irq_enable')
    world.fire('irq_enable')
    expect(world.host.take()).toEqual(['event m -1 a go b', 'event m -1 b go a'])
  })

  it('start_run reports an event that the initial state does not allow', () => {
    world.register(definition(model, 'global', ['irq_enable handle_start_run_event stop global']))
    world.engine.enable(world.monitor('m'))
    world.fire('irq_enable')
    expect(world.host.take()).toEqual(['error m -1 a stop'])
    expect(world.monitor('m').driver?.stateOf(0)).toBe(-1)
  })
})

describe('per-task slots', () => {
  it('are taken lowest first, shared by all, and refused with EBUSY', () => {
    world = new World({ perTaskSlots: 2 })
    const [a, b, c] = world.register(wwnr('a'), wwnr('b'), wwnr('c'))
    if (!a || !b || !c) throw new Error('not registered')
    world.engine.enable(a)
    world.engine.enable(b)
    expect(codeOf(() => world.engine.enable(c))).toBe('EBUSY')
    expect(c.enabled).toBe(false)
    world.fire('sched_switch', { prev: 1, next: 0, prev_state: 1 })
    expect(c.driver?.stateOf(1)).toBe(-1)
    world.engine.disable(a)
    expect(codeOf(() => world.engine.enable(c))).toBe('ok')
  })

  it('are not needed by per-CPU monitors', () => {
    world = new World({ perTaskSlots: 0 })
    world.register(wip(), wwnr())
    expect(codeOf(() => world.engine.enable(world.monitor('wip')))).toBe('ok')
    expect(codeOf(() => world.engine.enable(world.monitor('wwnr')))).toBe('EBUSY')
  })
})
