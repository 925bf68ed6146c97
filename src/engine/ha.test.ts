import { beforeEach, describe, expect, it } from 'vitest'
import type { HybridParts, Instrumentation, MonitorType } from '../model/instrumentation'
import { TICK } from './testing/host'
import { context, hybrid, parts } from './testing/hybrid'
import { definition, number } from './testing/models'
import { codeOf, World } from './testing/world'

const EVENTS = ['start', 'go', 'stay', 'back']
const tracepoints = [
  ...EVENTS.map((name) => ({ name, fields: [{ name: 'id' }] })),
  { name: 'sched_process_exit', fields: [{ name: 'group_dead' }, { name: 'p' }] }
]
/** Every event starts an instance, and is then processed. */
const RUN = EVENTS.map((event) => `${event} handle_start_run_event ${event} id`)
const UPTIME = 1_000_000_000

let world: World

/** Registers and enables a monitor `m` whose tracepoints are the events of its model. */
function run(
  type: MonitorType,
  edges: readonly string[],
  invariants: Readonly<Record<string, string>>,
  hybridParts: HybridParts,
  more: Partial<Instrumentation> = {}
): void {
  const model = hybrid('m', edges, invariants)
  const rules = RUN.filter((rule) => model.events.includes(rule.split(' ')[0] ?? ''))
  world.register(definition(model, type, rules, { hybrid: hybridParts, ...more }))
  world.engine.enable(world.monitor('m'))
}

const fire = (event: string, id = 1): void => world.fire(event, { id })
const stateOf = (key = 1): number | undefined => world.monitor('m').driver?.stateOf(key)
const timers = (): unknown[] => [...world.host.timers.armed.values()]
/** Whether an event is processed: true for an event_ line, false for an error_env_ line. */
function passes(event: string): boolean {
  fire(event)
  const [line = ''] = world.host.take()
  expect(line).toMatch(/^event|^errorEnv/)
  return line.startsWith('event')
}

beforeEach(() => {
  world = new World({ tracepoints })
  world.host.tasks.set(1, 100).set(2, 200)
  world.host.timers.now = UPTIME
})

describe('a guard', () => {
  it('lets the event pass where it holds, and else reports the environment and resets', () => {
    run('per_task', ['a go;x==1 a'], {}, parts('none', { x: context('irqs_disabled') }))
    world.host.contexts.set('irqs_disabled', 1)
    fire('go')
    world.host.contexts.set('irqs_disabled', 0)
    fire('go')
    expect(world.host.take()).toEqual(['event m 100 a go a', 'errorEnv m 100 a go x=0'])
    expect(stateOf()).toBe(-1)
  })

  it('binds && tighter than ||', () => {
    const environment = { x: context('in_task'), y: context('preempt_off'), z: context('in_nmi') }
    run('global', ['a go;x==1||y==1&&z==1 a'], {}, parts('none', environment))
    const with3 = (x: number, y: number, z: number): boolean => {
      world.host.contexts.set('in_task', x).set('preempt_off', y).set('in_nmi', z)
      return passes('go')
    }
    expect([with3(1, 0, 0), with3(0, 1, 1), with3(0, 1, 0), with3(0, 0, 1)]).toEqual([
      true,
      true,
      false,
      false
    ])
  })

  it.each([
    ['==', [false, true, false]],
    ['!=', [true, false, true]],
    ['<', [true, false, false]],
    ['<=', [true, true, false]],
    ['>', [false, false, true]],
    ['>=', [false, true, true]]
  ])('compares with %s', (op, expected) => {
    run('global', [`a go;x${op}5 a`], {}, parts('none', { x: context('in_task') }))
    const seen = [4, 5, 6].map((value) => {
      world.host.contexts.set('in_task', value)
      return passes('go')
    })
    expect(seen).toEqual(expected)
  })

  it.each([
    ['<', false],
    ['<=', false],
    ['>', true],
    ['>=', true]
  ])('compares unsigned numbers with %s', (op, expected) => {
    run('global', [`a go;x${op}5 a`], {}, parts('none', { x: number(-1) }))
    expect(passes('go')).toBe(expected)
  })

  it('holds as a whole while it asks a clock that was never reset', () => {
    const edges = ['a go;clk<5ns&&x==1 a', 'a start;reset(clk) a']
    run('global', edges, {}, parts('hrtimer', { x: number(0) }))
    expect(passes('go')).toBe(true)
    expect(passes('start')).toBe(true)
    expect(passes('go')).toBe(false)
  })

  it('asks the rest of the environment whether or not a clock was reset', () => {
    const edges = ['a go;x==1 a', 'a stay;clk<5ns a', 'a start;reset(clk) a']
    run('global', edges, {}, parts('none', { x: number(0) }))
    expect(passes('go')).toBe(false)
  })

  it('resets the clock also where it does not hold', () => {
    run('global', ['a start;clk<5ns;reset(clk) a'], {}, parts('hrtimer'))
    fire('start')
    world.advance(7)
    fire('start')
    expect(world.host.take()).toEqual(['event m -1 a start a', 'errorEnv m -1 a start clk=0'])
  })

  it('compares with literals in units, values, parameters and calls', () => {
    const edges = [
      'a start;reset(clk) a',
      'a go;clk>=2us a',
      'a stay;clk<LIMIT() a',
      'a back;clk<threshold a'
    ]
    const parameters = [{ name: 'threshold', default: 2500, unit: undefined, description: '' }]
    run('global', edges, {}, parts('none', {}, { LIMIT: number(2500) }), { parameters })
    fire('start')
    world.advance(2000)
    fire('go')
    fire('stay')
    fire('back')
    expect(world.host.take().every((line) => line.startsWith('event'))).toBe(true)
    world.engine.parameters.set('m', 'threshold', '2000')
    expect(passes('back')).toBe(false)
  })
})

describe('the order of a check', () => {
  it('is invariant of the old state, guard with reset, timer: the first that fails ends it', () => {
    const edges = ['a start;reset(clk) b', 'b go;x==1;reset(clk) a', 'b back;x==1 a']
    const invariants = { b: 'clk < 10 ns' }
    run('global', edges, invariants, parts('hrtimer', { x: number(0) }))
    fire('start')
    world.host.timers.now += 11
    fire('go')
    // The reset was not reached.
    expect(world.host.take().at(-1)).toBe('errorEnv m -1 b go clk=11,x=0')
    fire('start')
    fire('go')
    expect(world.host.take().at(-1)).toBe('errorEnv m -1 b go clk=0,x=0')
    expect(timers()).toEqual([])
  })

  it('comes after the new state was stored', () => {
    run('global', ['a go;x==1 b'], {}, parts('none', { x: number(0) }))
    const seen: (number | undefined)[] = []
    const mine = { name: 'mine', react: () => seen.push(stateOf(0)) }
    world.engine.registerReactor(mine)
    world.engine.setReactor(world.monitor('m'), mine)
    fire('go')
    expect(seen).toEqual([1])
    expect(stateOf(0)).toBe(-1)
  })

  it('reacts first, then traces, with the old state in both', () => {
    run('per_task', ['a go;x==1 b'], {}, parts('none', { x: number(0) }))
    world.append('monitors/m/reactors', 'printk')
    fire('go')
    expect(world.host.take()).toEqual([
      'printk 4 rv: monitor m does not allow event go on state a with env x=0',
      'errorEnv m 100 a go x=0'
    ])
  })

  it('ends the machine with a panic reaction, without a trace event', () => {
    run('per_task', ['a go;x==1 b'], {}, parts('none', { x: number(0) }))
    world.append('monitors/m/reactors', 'panic')
    fire('go')
    expect(world.host.take()).toEqual([
      'panic rv: monitor m does not allow event go on state a with env x=0'
    ])
  })

  it('is not reached by an event that the model does not allow', () => {
    run('global', ['a go;x==1 b', 'b back a'], {}, parts('none', { x: number(0) }))
    fire('back')
    expect(world.host.take()).toEqual(['error m -1 a back'])
  })
})

describe('an invariant in ns', () => {
  const edges = ['a start;reset(clk) b', 'b back a', 'a go b']
  const elapsed = (ns: number): void => {
    fire('start')
    // Without the timer, which would come before.
    world.host.timers.now += ns
    world.host.take()
  }

  it.each(['<', '<='])('holds to the very end, with %s', (op) => {
    run('global', edges, { b: `clk ${op} 10 ns` }, parts('hrtimer'))
    elapsed(10)
    expect(passes('back')).toBe(true)
    elapsed(11)
    expect(passes('back')).toBe(false)
  })

  it('holds for a clock that was never reset', () => {
    run('global', edges, { b: 'clk < 10 ns' }, parts('hrtimer'))
    fire('go')
    world.host.timers.now += 1_000
    world.host.take()
    expect(passes('back')).toBe(true)
  })

  it('fails where the limit is longer than the uptime: the kernel subtracts unsigned numbers', () => {
    run('global', edges, { b: 'clk < 2 s' }, parts('hrtimer'))
    elapsed(5)
    expect(passes('back')).toBe(false)
    world.host.timers.now = 2 * UPTIME
    elapsed(0)
    expect(passes('back')).toBe(true)
  })
})

describe('an invariant in jiffies', () => {
  const edges = ['a start;reset(clk) b', 'b back a', 'a go b']

  it.each(['<', '<='])('fails as soon as the limit is reached, with %s', (op) => {
    run('global', edges, { b: `clk ${op} 10 j` }, parts('wheel'))
    fire('start')
    world.host.timers.now += 9 * TICK
    fire('back')
    fire('start')
    world.host.timers.now += 10 * TICK
    fire('back')
    expect(world.host.take()).toEqual([
      'event m -1 a start b',
      'event m -1 b back a',
      'event m -1 a start b',
      'errorEnv m -1 b back clk=10'
    ])
  })

  it('fails for a clock that was never reset, which shows the uptime and one more', () => {
    run('global', edges, { b: 'clk < 10 j' }, parts('wheel'))
    fire('go')
    fire('back')
    expect(world.host.take().at(-1)).toBe(`errorEnv m -1 b back clk=${UPTIME / TICK + 1}`)
  })

  it('holds for such a clock early after boot', () => {
    run('global', edges, { b: 'clk < 10 j' }, parts('wheel'))
    world.host.timers.now = 8 * TICK
    fire('go')
    world.host.take()
    expect(passes('back')).toBe(true)
  })

  it('never holds for a limit whose sign bit is set', () => {
    const parameters = [{ name: 'limit', default: 5, unit: undefined, description: '' }]
    run('global', edges, { b: 'clk < limit~j'.replace('~', ' ') }, parts('wheel'), { parameters })
    world.engine.parameters.set('m', 'limit', '0xffffffffffffffff')
    fire('start')
    world.host.take()
    expect(passes('back')).toBe(false)
  })
})

describe('the timer', () => {
  const edges = [
    'a start;reset(clk) b',
    'b stay b',
    'b go c',
    'c go d',
    'd go c',
    'd start;reset(clk) d',
    'b start;reset(clk) b',
    'c back a'
  ]
  const invariants = { b: 'clk < 100 ns', c: 'clk < 60 ns' }

  it('is armed for the whole limit where the clock was just reset', () => {
    run('global', edges, invariants, parts('hrtimer'))
    fire('start')
    expect(timers()).toEqual([{ kind: 'hrtimer', at: UPTIME + 100 }])
  })

  it('is armed for what is left where it was reset before', () => {
    run('global', edges, invariants, parts('hrtimer'))
    fire('start')
    world.advance(20)
    fire('go')
    expect(timers()).toEqual([{ kind: 'hrtimer', at: UPTIME + 60 }])
  })

  it('is armed for the whole limit where the clock was never reset', () => {
    run('global', ['a go b', 'b start;reset(clk) b'], { b: 'clk < 100 ns' }, parts('hrtimer'))
    fire('go')
    expect(timers()).toEqual([{ kind: 'hrtimer', at: UPTIME + 100 }])
  })

  it('is left alone in a loop, and armed anew by an event that resets in some loop', () => {
    const parameters = [{ name: 'limit', default: 100, unit: undefined, description: '' }]
    const loops = ['a start;reset(clk) b', 'b stay b', 'b back b', 'a back;reset(clk) a']
    run('global', loops, { b: 'clk < limit ns' }, parts('hrtimer'), { parameters })
    fire('start')
    world.engine.parameters.set('m', 'limit', '300')
    fire('stay')
    expect(timers()).toEqual([{ kind: 'hrtimer', at: UPTIME + 100 }])
    // It resets nothing here, but does in the loop of another state.
    fire('back')
    expect(timers()).toEqual([{ kind: 'hrtimer', at: UPTIME + 300 }])
  })

  it('is cancelled where a state without an invariant follows one with', () => {
    run('global', edges, invariants, parts('hrtimer'))
    fire('start')
    fire('go')
    fire('go')
    expect(timers()).toEqual([])
  })

  it('is not armed by a start, nor where nothing has an invariant', () => {
    const model = hybrid('m', ['a go;reset(clk) b', 'b stay;clk<5ns b'], { a: 'clk < 10 ns' })
    const rules = ['go handle_start_event go id', 'stay handle_event stay id']
    world.register(definition(model, 'global', rules, { hybrid: parts('hrtimer') }))
    world.engine.enable(world.monitor('m'))
    fire('go')
    expect(stateOf(0)).toBe(0)
    expect(timers()).toEqual([])
    fire('go')
    fire('stay')
    expect(timers()).toEqual([])
  })

  it('forgets with a start what the clock was', () => {
    const model = hybrid('m', ['a start;reset(clk) a', 'a go;clk<5ns b', 'b back a'])
    const rules = ['start', 'go', 'back'].map((e) => `${e} handle_start_run_event ${e} id`)
    world.register(definition(model, 'global', rules, { hybrid: parts('none') }))
    world.engine.enable(world.monitor('m'))
    fire('start')
    world.advance(100)
    fire('back')
    world.host.take()
    // A violation reset it; the clock was never reset in this run.
    expect(passes('go')).toBe(true)
  })

  it('of the wheel expires at a tick: ns are rounded up', () => {
    for (const [limit, ticks] of [
      [1, 1],
      [TICK - 1, 1],
      [TICK, 1],
      [TICK + 1, 2],
      [5 * TICK, 5]
    ]) {
      world = new World({ tracepoints })
      world.host.timers.now = UPTIME
      run('global', ['a start;reset(clk) b'], { b: `clk < ${limit ?? 0} ns` }, parts('wheel'))
      fire('start')
      expect(timers()).toEqual([{ kind: 'wheel', at: UPTIME + (ticks ?? 0) * TICK }])
    }
  })

  it('of the wheel takes jiffies as they are', () => {
    run('global', ['a start;reset(clk) b'], { b: 'clk < 7 j' }, parts('wheel'))
    world.host.timers.now += 5
    fire('start')
    expect(timers()).toEqual([{ kind: 'wheel', at: UPTIME + 7 * TICK }])
  })

  it('of high resolution takes jiffies through 32 bits of µs', () => {
    const parameters = [{ name: 'limit', default: 7, unit: undefined, description: '' }]
    run(
      'global',
      ['a start;reset(clk) b', 'b start;reset(clk) b'],
      { b: 'clk < limit j' },
      parts('hrtimer'),
      {
        parameters
      }
    )
    fire('start')
    expect(timers()).toEqual([{ kind: 'hrtimer', at: UPTIME + 7 * TICK }])
    // What is over is 71 minutes ahead.
    const over = 2 ** 32 * 1000 - TICK
    const late = hybrid('late', ['a start;reset(clk) b', 'b go c'], { c: 'clk < 1 j' })
    const rules = RUN.filter((rule) => !/^(stay|back)/.test(rule))
    world.register(definition(late, 'global', rules, { hybrid: parts('hrtimer') }))
    world.engine.enable(world.monitor('late'))
    world.engine.disable(world.monitor('m'))
    fire('start')
    world.host.timers.now += 2 * TICK
    fire('go')
    expect(timers()).toEqual([{ kind: 'hrtimer', at: UPTIME + 2 * TICK + over }])
    world.engine.disable(world.monitor('late'))
    world.engine.enable(world.monitor('m'))
    world.host.timers.now = UPTIME
    fire('start')
    const hours = 2 ** 32 / (TICK / 1000)
    world.engine.parameters.set('m', 'limit', String(Math.ceil(hours)))
    fire('start')
    const wrapped = Math.ceil(hours) * TICK - 2 ** 32 * 1000
    expect(timers()).toEqual([{ kind: 'hrtimer', at: UPTIME + wrapped }])
  })

  it.each(['wheel', 'hrtimer'] as const)(
    'never expires where ns are over already (%s)',
    (timer) => {
      const late = ['a start;reset(clk) b', 'b go c', 'c go d']
      run('global', late, { c: `clk < ${TICK} ns`, d: `clk < ${TICK} ns` }, parts(timer))
      fire('start')
      world.advance(2 * TICK + 1)
      fire('go')
      expect(stateOf(0)).toBe(2)
      expect(timers()).toEqual([])
    }
  )

  it('of the wheel still expires where ns were over less than a tick ago, and where jiffies were', () => {
    run('global', ['a start;reset(clk) b', 'b go c'], { c: `clk < ${TICK} ns` }, parts('wheel'))
    fire('start')
    world.advance(2 * TICK - 1)
    fire('go')
    expect(timers()).toEqual([{ kind: 'wheel', at: UPTIME + 2 * TICK }])
    world = new World({ tracepoints })
    run('global', ['a start;reset(clk) b', 'b go c'], { c: 'clk < 1 j' }, parts('wheel'))
    fire('start')
    world.advance(9 * TICK)
    fire('go')
    expect(timers()).toEqual([{ kind: 'wheel', at: 10 * TICK }])
  })
})

describe('an expired timer', () => {
  const edges = ['a start;reset(clk) b', 'b back a']
  const startOne = (type: MonitorType): void => {
    run(type, edges, { b: 'clk < 100 ns' }, parts('hrtimer'))
    world.append('monitors/m/reactors', 'printk')
    fire('start')
    world.host.take()
  }

  it('reacts and traces without an event, then resets', () => {
    startOne('per_task')
    world.advance(99)
    expect(world.host.take()).toEqual([])
    world.advance(1)
    expect(world.host.take()).toEqual([
      'printk 4 rv: monitor m does not allow event none on state b with env clk=100',
      'errorEnv m 100 b none clk=100'
    ])
    expect(stateOf()).toBe(-1)
  })

  it('is that of its own instance', () => {
    startOne('per_task')
    world.advance(50)
    fire('start', 2)
    world.advance(50)
    expect([stateOf(1), stateOf(2)]).toEqual([-1, 1])
    world.advance(50)
    expect(world.host.take().filter((line) => line.startsWith('errorEnv'))).toEqual([
      'errorEnv m 100 b none clk=100',
      'errorEnv m 200 b none clk=100'
    ])
  })

  it('carries the id of its object', () => {
    startOne('per_obj')
    fire('start', -3)
    world.advance(100)
    expect(world.host.take().filter((line) => line.startsWith('errorEnv'))).toEqual([
      'errorEnv m 1 b none clk=100',
      'errorEnv m -3 b none clk=100'
    ])
  })

  it('does nothing while monitoring_on is off, and is gone when it comes on', () => {
    startOne('per_task')
    world.engine.setMonitoring(false)
    world.advance(100)
    expect(world.host.take()).toEqual([])
    expect(stateOf()).toBe(1)
    fire('start', 2)
    world.engine.setMonitoring(true)
    expect(stateOf()).toBe(-1)
    expect(timers()).toEqual([])
  })

  it('does nothing after a panic', () => {
    startOne('per_task')
    world.append('monitors/m/reactors', 'panic')
    fire('start')
    fire('start', 2)
    world.host.take()
    world.advance(100)
    expect(world.host.take()).toEqual([
      'panic rv: monitor m does not allow event none on state b with env clk=100'
    ])
  })

  it('of which the number is unknown is no error', () => {
    startOne('per_task')
    expect(() => {
      world.engine.timerExpired(99)
    }).not.toThrow()
  })

  it.each([
    [
      'monitoring anew',
      () => {
        world.engine.setMonitoring(false)
        world.engine.setMonitoring(true)
      }
    ],
    ['disabling', () => world.engine.disable(world.monitor('m'))],
    ['unregistering', () => world.engine.unregisterMonitor(world.monitor('m'))],
    ['a violation', () => fire('start')],
    ['the exit of the task', () => world.fire('sched_process_exit', { p: 1 })],
    ['a task that is gone', () => world.engine.taskExited(1)],
    ['a new task in its place', () => world.engine.taskCreated(1)]
  ])('cannot be left behind by %s', (_, action) => {
    startOne('per_task')
    expect(timers()).toHaveLength(1)
    action()
    expect(timers()).toEqual([])
    world.host.take()
    world.advance(1_000)
    expect(world.host.take()).toEqual([])
  })

  it('gives its number back when the monitor is disabled', () => {
    startOne('per_task')
    fire('start', 2)
    world.engine.disable(world.monitor('m'))
    world.engine.enable(world.monitor('m'))
    fire('start', 2)
    expect(Math.max(...world.host.timers.armed.keys())).toBeLessThan(2)
  })

  it('is not cancelled for a task by the exit of another, nor when disabled', () => {
    startOne('per_task')
    world.fire('sched_process_exit', { p: 2 })
    expect(timers()).toHaveLength(1)
    world.engine.disable(world.monitor('m'))
    expect(world.engine.bus.attached.every((attached) => attached === 0)).toBe(true)
  })
})

describe('the environment in words', () => {
  it('has the stored clock first, then the others sorted, as unsigned numbers', () => {
    const edges = ['a go;zz==1&&aa==1&&clk>5ns b', 'a start;reset(clk) a']
    run('global', edges, {}, parts('none', { zz: number(7), aa: number(-1) }))
    fire('start')
    world.advance(3)
    fire('go')
    expect(world.host.take().at(-1)).toBe('errorEnv m -1 a go clk=3,aa=18446744073709551615,zz=7')
  })

  it('has a clock in ns that was never reset as the uptime and one more', () => {
    const edges = ['a go;x==1 b', 'a start;reset(clk) a', 'a back;clk<5ns a']
    run('global', edges, {}, parts('none', { x: number(0) }))
    fire('go')
    expect(world.host.take()).toEqual([`errorEnv m -1 a go clk=${UPTIME + 1},x=0`])
  })

  it('is cut to 63 bytes, in the reaction too', () => {
    const long = 'e'.repeat(70)
    run('global', [`a go;${long}==1 b`], {}, parts('none', { [long]: number(0) }))
    world.append('monitors/m/reactors', 'printk')
    fire('go')
    const env = 'e'.repeat(63)
    expect(world.host.take()).toEqual([
      `printk 4 rv: monitor m does not allow event go on state a with env ${env}`,
      `errorEnv m -1 a go ${env}`
    ])
  })
})

describe('a hybrid automaton is refused', () => {
  const parameters = [{ name: 'p', default: 1, unit: undefined, description: '' }]
  const refusal = (
    edges: readonly string[],
    invariants: Readonly<Record<string, string>>,
    hybridParts: HybridParts | undefined,
    type: MonitorType = 'global'
  ): string =>
    codeOf(() =>
      world.register(
        definition(hybrid('m', edges, invariants), type, [], { hybrid: hybridParts, parameters })
      )
    )

  it.each([
    [
      'two clocks that are reset',
      ['a go;reset(c) a', 'a stay;reset(d) a', 'a back;c<5ns&&d<5ns a'],
      {}
    ],
    ['a clock without a unit', ['a go;reset(c) a', 'a back;c<5 a'], {}],
    ['a variable that nothing computes', ['a go;x==1 a'], {}],
    ['a value that nothing names', ['a go;reset(c) a', 'a stay;c<LIMIT_NS a'], {}],
    ['an invariant without a reset', ['a go a'], { a: 'x < 5 ns' }]
  ])('for %s', (_, edges, invariants) => {
    expect(refusal(edges, invariants, parts('hrtimer'))).toBe('EINVAL')
    expect(world.engine.parameters.list()).toEqual([])
  })

  it('for invariants without a timer', () => {
    const edges = ['a go;reset(c) a']
    expect(refusal(edges, { a: 'c < 5 ns' }, parts('none'))).toBe('EINVAL')
    expect(refusal(edges, { a: 'c < 5 ns' }, parts('wheel'))).toBe('ok')
  })

  it('for an environment that nothing describes', () => {
    expect(refusal(['a go;x==1 a'], {}, undefined)).toBe('EINVAL')
  })

  it('per task where the kernel has no sched_process_exit', () => {
    world = new World({ tracepoints: tracepoints.slice(0, EVENTS.length) })
    const edges = ['a go;x==1 a']
    const known = parts('none', { x: number(1) })
    expect(refusal(edges, {}, known, 'per_task')).toBe('EINVAL')
    expect(refusal(edges, {}, known)).toBe('ok')
  })
})
