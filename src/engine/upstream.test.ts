import { readFileSync, readdirSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { assembleModel } from '../model/load'
import { constant } from '../model/tracepoints'
import { TICK } from './testing/host'
import { World } from './testing/world'

/*
 * The shipped models in the engine: their registration, and for those that the
 * kernel's KUnit suite tries, sequences of tracepoints and the reactions to them.
 */

const folder = new URL('../../models/', import.meta.url)
const { models } = assembleModel(
  readdirSync(folder).map((name) => ({
    name,
    text: readFileSync(new URL(name, folder), 'utf8')
  }))
)
const SECOND = 1_000_000_000
const DEADLINE = constant('SCHED_DEADLINE')
const INTERRUPTIBLE = constant('TASK_INTERRUPTIBLE')

let world: World
let reactions: string[]

beforeEach(() => {
  world = new World()
  reactions = []
  for (const model of models) world.engine.register(model)
  const { engine, host } = world
  engine.registerReactor({ name: 'count', react: (message) => reactions.push(message.trimEnd()) })
  host.timers.now = 2 * SECOND
  for (const task of [0, 1, 2, 3]) host.tasks.set(task, task === 0 ? 0 : 1000 + task)
})

function on(name: string): void {
  const monitor = world.monitor(name)
  const reactor = world.engine.reactors.find('count')
  if (reactor === undefined) throw new Error('no reactor')
  world.engine.setReactor(monitor, reactor)
  world.engine.enable(monitor)
}
/** Raises a tracepoint as a task on CPU 0. @returns the reactions to it, without what all of them say */
function fire(name: string, args: Readonly<Record<string, number>> = {}, current = 1): string[] {
  world.host.current = current
  world.fire(name, args)
  return reactions
    .splice(0)
    .map((message) => message.replace(/^rv: (monitor )?\w+:? (does not allow event )?/, ''))
}
const attribute = (name: string, task: number, value: number): void => {
  world.host.attributes.set(`${name} ${task}`, value)
}
const switchTo = (prev: number, next: number, prev_state: number, preempt = 0): string[] =>
  fire('sched_switch', { prev, next, prev_state, preempt }, prev)

describe('the shipped monitors', () => {
  it('are listed as by a kernel that has them all', () => {
    expect(world.cat('available_monitors').trim().split('\n')).toEqual([
      'wip',
      'wwnr',
      'sched',
      ...['opid', 'sssw', 'nrp', 'sts', 'snep', 'scpd', 'snroc', 'sco'].map((m) => `sched:${m}`),
      'rtapp',
      ...['wakeup', 'sleep', 'pagefault'].map((m) => `rtapp:${m}`),
      'stall',
      'deadline',
      'deadline:nomiss'
    ])
  })

  it('can all be on with 8 slots, and not with 7', () => {
    for (const name of ['sched', 'rtapp', 'wwnr', 'stall', 'wip', 'deadline']) on(name)
    expect(world.engine.listed.every(({ enabled }) => enabled)).toBe(true)
    world = new World({ perTaskSlots: 7 })
    for (const model of models) world.engine.register(model)
    for (const name of ['sched', 'rtapp', 'wwnr']) world.engine.enable(world.monitor(name))
    expect(() => {
      world.engine.enable(world.monitor('stall'))
    }).toThrow('slots')
  })

  it('have the parameters of the kernel', () => {
    const { parameters } = world.engine
    expect(parameters.list().map(({ module, name }) => `${module}.${name}`)).toEqual([
      'stall.threshold_jiffies',
      'nomiss.deadline_thresh'
    ])
    expect(parameters.get('stall', 'threshold_jiffies')).toBe('1000\n')
    expect(parameters.get('nomiss', 'deadline_thresh')).toBe(`${TICK}\n`)
  })
})

describe('sco', () => {
  it('reacts to a state that is set inside the scheduler', () => {
    on('sco')
    expect(fire('sched_entry_tp')).toEqual([])
    expect(fire('sched_set_state_tp')).toEqual([])
    expect(fire('sched_set_state_tp')).toEqual([])
    expect(fire('sched_entry_tp')).toEqual([])
    expect(fire('sched_set_state_tp')).toEqual(['sched_set_state on state scheduling_context'])
    expect(fire('sched_entry_tp')).toEqual([])
    expect(fire('sched_exit_tp')).toEqual([])
    expect(fire('sched_exit_tp')).toEqual(['schedule_exit on state thread_context'])
  })
})

describe('sssw', () => {
  const setState = (tsk: number, state: number): string[] =>
    fire('sched_set_state_tp', { tsk, state })

  it('follows a task that sets its state, sleeps and is woken', () => {
    on('sssw')
    setState(1, 0)
    setState(1, INTERRUPTIBLE)
    switchTo(1, 0, INTERRUPTIBLE)
    expect(fire('sched_wakeup', { p: 1 })).toEqual([])
    expect(switchTo(0, 1, 0)).toEqual([])
    expect(world.monitor('sssw').driver?.stateOf(1)).toBe(0)
  })

  it('reacts to a task that sleeps without having set its state', () => {
    on('sssw')
    setState(1, 0)
    expect(switchTo(1, 0, INTERRUPTIBLE)).toEqual(['sched_switch_suspend on state runnable'])
  })

  it('reacts to a task that is switched in while it sleeps', () => {
    on('sssw')
    setState(1, 0)
    setState(1, INTERRUPTIBLE)
    switchTo(1, 0, INTERRUPTIBLE)
    expect(switchTo(0, 1, 0)).toEqual(['sched_switch_in on state sleeping'])
  })

  it('knows a preemption, a yield, a lock that blocks and a signal', () => {
    on('sssw')
    setState(1, 0)
    expect(switchTo(1, 0, INTERRUPTIBLE, 1)).toEqual([])
    expect(switchTo(1, 0, constant('TASK_RTLOCK_WAIT'))).toEqual([])
    fire('sched_wakeup', { p: 1 })
    setState(1, INTERRUPTIBLE)
    expect(switchTo(1, 0, 0)).toEqual([])
    expect(world.monitor('sssw').driver?.stateOf(1)).toBe(1)
    expect(fire('signal_deliver', { sig: 2 }, 1)).toEqual([])
    expect(world.monitor('sssw').driver?.stateOf(1)).toBe(0)
  })
})

describe('sts', () => {
  const begin = (): void => {
    on('sts')
    fire('sched_exit_tp')
    for (const name of ['sched_entry_tp', 'irq_disable']) expect(fire(name)).toEqual([])
  }

  it('follows a switch', () => {
    begin()
    expect(switchTo(1, 2, 0)).toEqual([])
    for (const name of ['irq_enable', 'irq_disable', 'irq_enable', 'sched_exit_tp']) {
      expect(fire(name)).toEqual([])
    }
  })

  it('reacts to a switch with interrupts on, and to one after an interrupt whose softirq took a lock', () => {
    on('sts')
    fire('sched_exit_tp')
    fire('sched_entry_tp')
    expect(switchTo(1, 2, 0)).toEqual(['sched_switch on state scheduling'])
    fire('sched_exit_tp')
    // As a correct kernel may do: the model takes the softirq's lock for the end of the switch.
    const seen = [
      'sched_entry_tp',
      'irq_disable',
      'local_timer_entry',
      'irq_enable',
      'irq_disable',
      'irq_enable',
      'irq_disable',
      'irq_enable',
      'irq_disable'
    ]
    for (const name of seen) expect(fire(name)).toEqual([])
    expect(switchTo(1, 2, 0)).toEqual(['sched_switch on state enable_to_exit'])
  })
})

describe('nrp', () => {
  const needResched = (flag: string): string[] =>
    fire('sched_set_need_resched_tp', { tsk: 1, tif: constant(flag) })
  const preempted = (): string[] => fire('sched_entry_tp', { preempt: 1 })

  it('reacts to a preemption that nothing asked for; the lazy flag does not ask', () => {
    on('nrp')
    needResched('TIF_NEED_RESCHED')
    expect(preempted()).toEqual([])
    expect(preempted()).toEqual([])
    needResched('TIF_NEED_RESCHED')
    expect(preempted()).toEqual([])
    needResched('TIF_NEED_RESCHED_LAZY')
    expect(preempted()).toEqual(['schedule_entry_preempt on state any_thread_running'])
  })

  it('does not start on the lazy flag', () => {
    on('nrp')
    needResched('TIF_NEED_RESCHED_LAZY')
    expect(world.monitor('nrp').driver?.stateOf(1)).toBe(-1)
  })
})

describe('opid', () => {
  const with2 = (irqs: number, preempt: number): void => {
    world.host.contexts.set('irqs_disabled', irqs).set('preempt_off', preempt)
  }

  it('wants interrupts off for both events, and preemption for a wakeup', () => {
    on('opid')
    with2(1, 0)
    expect(
      fire('sched_set_need_resched_tp', { tsk: 1, tif: constant('TIF_NEED_RESCHED_LAZY') })
    ).toEqual([])
    expect(fire('sched_waking', { p: 1 })).toEqual([
      'sched_waking on state any with env irq_off=1,preempt_off=0'
    ])
    with2(1, 1)
    expect(fire('sched_waking', { p: 1 })).toEqual([])
    with2(0, 1)
    expect(fire('sched_waking', { p: 1 })).toEqual([
      'sched_waking on state any with env irq_off=0,preempt_off=1'
    ])
    expect(fire('sched_set_need_resched_tp', { tsk: 1 })).toEqual([
      'sched_need_resched on state any with env irq_off=0,preempt_off=1'
    ])
  })
})

describe('stall', () => {
  const start = (): void => {
    on('stall')
    switchTo(1, 0, INTERRUPTIBLE)
    fire('sched_wakeup', { p: 1 })
  }

  it('reacts when a task has waited for the threshold, by its timer', () => {
    start()
    world.advance(999 * TICK)
    expect(reactions).toEqual([])
    world.advance(TICK)
    expect(reactions).toEqual([
      'rv: monitor stall does not allow event none on state enqueued with env clk=1000'
    ])
  })

  it('takes a new threshold at the next wakeup, and does not react to a task that runs in time', () => {
    start()
    world.engine.parameters.set('stall', 'threshold_jiffies', '70')
    world.advance(60 * TICK)
    switchTo(0, 1, 0)
    world.advance(5_000 * TICK)
    switchTo(1, 0, 0, 1)
    world.advance(70 * TICK)
    expect(reactions).toEqual([
      'rv: monitor stall does not allow event none on state enqueued with env clk=70'
    ])
  })

  it('reacts to the switch itself where it comes before the timer of a late tick', () => {
    start()
    world.host.timers.now += 1000 * TICK
    expect(switchTo(0, 1, 0)).toEqual(['sched_switch_in on state enqueued with env clk=1000'])
  })

  it('forgets a task that exits', () => {
    start()
    fire('sched_process_exit', { p: 1 })
    world.advance(2_000 * TICK)
    expect(reactions).toEqual([])
  })
})

describe('nomiss', () => {
  const MS = 1_000_000
  const PID = 1001
  /** Task 1 is of SCHED_DEADLINE from the start: 10 ms each 20 ms. */
  const start = (): void => {
    attribute('policy', 1, DEADLINE)
    attribute('dl_deadline', PID, 10 * MS)
    attribute('dl_period', PID, 20 * MS)
    on('nomiss')
    expect(switchTo(0, 1, 0)).toEqual([])
  }
  const replenish = (): string[] =>
    fire('sched_dl_replenish_tp', { dl_se: PID, type: constant('DL_TASK') })
  const stateOf = (id: number): number | undefined => world.monitor('nomiss').driver?.stateOf(id)

  it('reacts when a task still runs a tick after its deadline', () => {
    start()
    replenish()
    world.advance(10 * MS + TICK - 1)
    expect(reactions).toEqual([])
    // The wheel rounds up to a tick.
    world.advance(TICK)
    expect(reactions.join()).toMatch(
      /^rv: monitor nomiss does not allow event none on state running with env clk=\d+,is_constr_dl=1,is_defer=0$/
    )
  })

  it('does not react to a task that is throttled in time, and then replenished', () => {
    start()
    for (let period = 0; period < 5; period++) {
      expect(replenish()).toEqual([])
      expect(switchTo(0, 1, 0)).toEqual([])
      world.advance(9 * MS)
      expect(fire('sched_dl_throttle_tp', { dl_se: PID, type: constant('DL_TASK') })).toEqual([])
      expect(switchTo(1, 0, 0, 1)).toEqual([])
      world.advance(11 * MS)
    }
    expect(reactions).toEqual([])
  })

  it('passes over entities of other kinds', () => {
    start()
    const other = { dl_se: PID, type: constant('DL_OTHER') }
    fire('sched_dl_throttle_tp', other)
    expect(stateOf(PID)).toBe(2)
    fire('sched_dl_throttle_tp', { dl_se: PID, type: constant('DL_TASK') })
    fire('sched_dl_replenish_tp', other)
    expect(stateOf(PID)).toBe(4)
    fire('sched_dl_server_stop_tp', { dl_se: -1, type: constant('DL_OTHER') })
    expect(stateOf(-1)).toBe(-1)
  })

  it('throttles a sleeping entity only where its deadline is constrained or deferred', () => {
    start()
    switchTo(1, 0, INTERRUPTIBLE)
    expect(stateOf(PID)).toBe(3)
    expect(fire('sched_dl_throttle_tp', { dl_se: PID, type: constant('DL_TASK') })).toEqual([])
    attribute('dl_period', PID, 10 * MS)
    replenish()
    switchTo(0, 1, 0)
    switchTo(1, 0, INTERRUPTIBLE)
    expect(fire('sched_dl_throttle_tp', { dl_se: PID, type: constant('DL_TASK') }).join()).toMatch(
      /^dl_throttle on state sleeping with env clk=\d+,is_constr_dl=0,is_defer=0$/
    )
  })

  it('has the fair servers from the start, and follows one that idles', () => {
    on('nomiss')
    attribute('has_dl_server', 2, 1)
    attribute('dl_server', 2, -3)
    attribute('idle', 0, 1)
    world.fire('sched_switch', { prev: 0, next: 2 }, 3)
    expect(stateOf(-3)).toBe(0)
    world.fire('sched_switch', { prev: 2, next: 0 }, 3)
    expect(stateOf(-3)).toBe(1)
    expect(
      fire('sched_dl_server_stop_tp', { dl_se: -3, type: constant('DL_SERVER_FAIR') })
    ).toEqual([])
    expect(stateOf(-3)).toBe(3)
  })

  it('makes an instance when a task enters the policy, and resets it when the task leaves', () => {
    on('nomiss')
    const setscheduler = { id: constant('__NR_sched_setscheduler'), target: 1 }
    expect(switchTo(0, 1, 0)).toEqual([])
    fire('sys_enter', { ...setscheduler, policy: DEADLINE })
    attribute('policy', 1, DEADLINE)
    switchTo(0, 1, 0)
    expect(stateOf(PID)).toBe(2)
    fire('sys_enter', { ...setscheduler, policy: DEADLINE })
    expect(stateOf(PID)).toBe(2)
    fire('sys_enter', { ...setscheduler, policy: constant('SCHED_RESET_ON_FORK') })
    expect(stateOf(PID)).toBe(-1)
    switchTo(0, 1, 0)
    fire('sched_process_exit', { p: 1 })
    switchTo(0, 1, 0)
    expect(stateOf(PID)).toBe(-1)
    expect(world.host.timers.armed.size).toBe(0)
  })
})

describe('pagefault', () => {
  const fault = (): string[] => fire('page_fault_user', {}, 1)

  it('reacts to a fault of a real-time task, once its instance has started', () => {
    on('pagefault')
    attribute('rt_or_dl', 1, 1)
    // It cannot start on a fault that breaks the rule.
    expect(fault()).toEqual([])
    attribute('rt_or_dl', 1, 0)
    expect(fault()).toEqual([])
    attribute('rt_or_dl', 1, 1)
    expect(fault()).toEqual(['task1[1001]: violation detected'])
    expect(fault()).toEqual([])
    attribute('rt_or_dl', 1, 0)
    fault()
    attribute('rt_or_dl', 1, 1)
    expect(fault()).toEqual(['task1[1001]: violation detected'])
  })

  it('shows a pulse as two lines', () => {
    on('pagefault')
    fault()
    world.host.take()
    fault()
    expect(world.host.take()).toEqual([
      'ltlEvent pagefault 1 {0} {0} {0}',
      'ltlEvent pagefault 1 {0} {} {0}'
    ])
  })
})

describe('sleep', () => {
  const nanosleep = constant('__NR_clock_nanosleep')
  const sleepNow = (): string[] => fire('sched_set_state_tp', { tsk: 1, state: INTERRUPTIBLE })
  const begin = (): void => {
    on('sleep')
    attribute('rt_or_dl', 1, 1)
    // A call and a lock, of which nothing was known.
    fire('sys_exit')
    fire('contention_end')
  }

  it('reacts to a real-time task that sleeps outside of the calls that suit it', () => {
    begin()
    expect(sleepNow()).toEqual(['task1[1001]: violation detected'])
  })

  it('knows nothing of a task before it has ended a call and waited for a lock', () => {
    on('sleep')
    attribute('rt_or_dl', 1, 1)
    expect(sleepNow()).toEqual([])
    fire('sys_exit')
    expect(sleepNow()).toEqual([])
  })

  it('allows an absolute sleep on a clock that is not set, ended by an interrupt', () => {
    begin()
    fire('sys_enter', { id: nanosleep, arg0: 1, arg1: 1 })
    expect(sleepNow()).toEqual([])
    world.host.contexts.set('in_hardirq', 1)
    expect(fire('sched_waking', { p: 1 }, 0)).toEqual([])
    world.host.contexts.set('in_hardirq', 0)
    expect(fire('sched_exit_tp', {}, 1)).toEqual([])
    expect(fire('sys_exit')).toEqual([])
  })

  it('reacts where a softirq ended it', () => {
    begin()
    fire('sys_enter', { id: nanosleep, arg0: 1, arg1: 1 })
    sleepNow()
    world.host.contexts.set('in_serving_softirq', 1)
    expect(fire('sched_waking', { p: 1 }, 0)).toEqual([])
    expect(fire('sched_exit_tp', {}, 1)).toEqual(['task1[1001]: violation detected'])
  })

  it.each([
    ['a relative sleep', { id: nanosleep, arg0: 1, arg1: 0 }],
    ['a sleep on the wall clock', { id: nanosleep, arg0: 0, arg1: 1 }]
  ])('reacts to %s', (_, args) => {
    begin()
    fire('sys_enter', args)
    expect(sleepNow()).toEqual(['task1[1001]: violation detected'])
  })

  it.each([
    ['a lock with priority inheritance', 'contention_begin', { flags: constant('LCB_F_RT') }],
    ['futex_lock_pi', 'sys_enter', { id: constant('__NR_futex'), arg1: 128 + 6 }]
  ])('allows %s', (_, name, args) => {
    begin()
    fire(name, args)
    expect(sleepNow()).toEqual([])
  })

  it('asks no task that is neither real-time nor of user space', () => {
    begin()
    attribute('rt_or_dl', 1, 0)
    expect(sleepNow()).toEqual([])
    world.engine.disable(world.monitor('sleep'))
    attribute('kthread', 1, 1)
    begin()
    expect(sleepNow()).toEqual([])
  })
})

describe('wakeup', () => {
  const begin = (): void => {
    on('wakeup')
    attribute('rt_or_dl', 1, 1)
    attribute('prio', 1, 50)
    attribute('prio', 2, 120)
    attribute('prio', 3, 10)
    fire('contention_end')
    fire('sys_exit')
  }
  /** The violations: the kernel's wakeup traces them, and reacts to none. */
  const wake = (by: number): string[] => {
    world.host.take()
    expect(fire('sched_waking', { p: 1 }, by)).toEqual([])
    return world.host.take().filter((line) => line.startsWith('ltlError'))
  }

  it('refuses a waker of lower priority, and a softirq', () => {
    begin()
    world.host.contexts.set('in_task', 1)
    expect(wake(3)).toEqual([])
    expect(wake(2)).toEqual(['ltlError wakeup 1'])
    fire('sys_exit')
    world.host.contexts.set('in_task', 0).set('in_serving_softirq', 1)
    expect(wake(3)).toEqual(['ltlError wakeup 1'])
  })

  it('allows one while the task waits for a lock with priority inheritance', () => {
    begin()
    world.host.contexts.set('in_task', 1)
    fire('contention_begin', { flags: constant('LCB_F_RT') })
    expect(wake(2)).toEqual([])
  })
})
