import { beforeEach, describe, expect, it } from 'vitest'
import type { Expression } from '../model/expression'
import type { AtomRule, Instrumentation, LtlParts } from '../model/instrumentation'
import type { LtlModel } from '../model/ltl'
import { context, parts } from './testing/hybrid'
import { buchi, instrumentation, number } from './testing/models'
import { codeOf, World } from './testing/world'

/** A tracepoint for each atom and call, `value` is what the atom gets. */
const CALLS = ['set', 'update', 'pulse'] as const
const ATOMS = ['A', 'B'] as const
const tracepoints = [
  ...ATOMS.flatMap((atom) =>
    CALLS.map((call) => ({ name: `${call} ${atom}`, fields: [{ name: 'p' }, { name: 'value' }] }))
  ),
  { name: 'task_newtask', fields: [{ name: 'task' }] }
]

/** always (A imply B) in two states: the first demands !A, the second B. */
const rule: LtlModel = {
  name: 'm',
  atoms: ATOMS,
  abbreviations: ['a', 'b'],
  rule: 'always (A imply B)',
  buchi: buchi(
    [0, 1],
    [
      { label: [{ care: 0b01, value: 0 }], next: [0, 1] },
      { label: [{ care: 0b10, value: 0b10 }], next: [0, 1] }
    ]
  )
}

const atomRule = (atom: string, call: AtomRule['call']): AtomRule => ({
  kind: 'atom',
  atom,
  call,
  value: { kind: 'field', name: 'value' },
  on: { kind: 'field', name: 'p' },
  when: undefined
})

const described = (
  values: Partial<Record<keyof LtlParts, Readonly<Record<string, Expression>>>> = {}
): LtlParts => ({
  fetch: new Map(Object.entries(values.fetch ?? {})),
  init: new Map(Object.entries(values.init ?? {})),
  created: new Map(Object.entries(values.created ?? {}))
})

let world: World

function register(ltl: LtlParts, more: Partial<Instrumentation> = {}, name = 'm'): void {
  const rules = ATOMS.flatMap((atom) =>
    CALLS.map((call) => ({
      tracepoint: `${call} ${atom}`,
      steps: [[atomRule(atom, `atom_${call}`)]]
    }))
  )
  world.engine.registerMonitor({
    ltl: rule,
    instrumentation: instrumentation(name, 'per_task', { tracepoints: rules, ltl, ...more })
  })
}

function run(ltl: LtlParts, more: Partial<Instrumentation> = {}): void {
  register(ltl, more)
  world.engine.enable(world.monitor('m'))
}

const set = (atom: 'A' | 'B', value: number, p = 1): void => world.fire(`set ${atom}`, { p, value })
const update = (atom: 'A' | 'B', value: number, p = 1): void =>
  world.fire(`update ${atom}`, { p, value })
const pulse = (atom: 'A' | 'B', value: number, p = 1): void =>
  world.fire(`pulse ${atom}`, { p, value })
const states = (task = 1): number | undefined => world.monitor('m').driver?.stateOf(task)

beforeEach(() => {
  world = new World({ tracepoints })
  world.host.tasks.set(1, 100).set(2, 200)
})

describe('an instance', () => {
  it('starts without a word once every atom is known, and then validates each update', () => {
    run(described())
    update('A', 0)
    expect(states()).toBe(-1)
    update('B', 1)
    expect(states()).toBe(0b11)
    expect(world.host.take()).toEqual([])
    update('B', 0)
    update('A', 0)
    expect(world.host.take()).toEqual(['ltlEvent m 1 {0,1} {} {0}', 'ltlEvent m 1 {0} {} {0}'])
  })

  it('says nothing where no initial state holds, and tries again at the next update', () => {
    run(described())
    set('B', 0)
    update('A', 1)
    expect(states()).toBe(-1)
    expect(world.host.take()).toEqual([])
    update('B', 1)
    expect(states()).toBe(0b10)
  })

  it('traces the error before it reacts, and starts again at the next update', () => {
    run(described({ init: { A: number(0), B: number(0) } }))
    world.append('monitors/m/reactors', 'printk')
    update('A', 0)
    update('A', 1)
    expect(world.host.take()).toEqual([
      'ltlEvent m 1 {0} {0} {}',
      'ltlError m 1',
      'printk 4 rv: m: task1[100]: violation detected'
    ])
    expect(states()).toBe(-1)
    update('A', 0)
    expect(states()).toBe(0b01)
    expect(world.host.take()).toEqual([])
  })

  it('traces the error and calls no reactor where its reactions go astray', () => {
    run(described({ init: { A: number(0), B: number(0) } }), { reactions: 'none' })
    world.append('monitors/m/reactors', 'printk')
    expect(world.cat('monitors/m/reactors')).toContain('[printk]')
    update('A', 0)
    update('A', 1)
    expect(world.host.take()).toEqual(['ltlEvent m 1 {0} {0} {}', 'ltlError m 1'])
  })

  it('is one for each task', () => {
    run(described({ init: { A: number(0), B: number(1) } }))
    update('A', 0, 1)
    expect([states(1), states(2)]).toEqual([0b11, -1])
  })

  it('is not evaluated by atom_set', () => {
    run(described({ init: { A: number(0), B: number(1) } }))
    set('A', 0)
    expect(states()).toBe(-1)
    update('A', 0)
    set('B', 0)
    set('A', 1)
    expect(world.host.take()).toEqual([])
    update('A', 1)
    expect(world.host.take()).toEqual(['ltlEvent m 1 {0,1} {0} {}', 'ltlError m 1'])
  })
})

describe('a pulse', () => {
  it('is an update, and then a validation with the other value', () => {
    run(described({ init: { A: number(0), B: number(1) } }))
    update('A', 0)
    pulse('A', 1)
    expect(world.host.take()).toEqual([
      'ltlEvent m 1 {0,1} {0,1} {1}',
      'ltlEvent m 1 {1} {1} {0,1}'
    ])
  })

  it('can start an instance, which its second half then validates', () => {
    run(described({ init: { A: number(0), B: number(1) } }))
    pulse('A', 1)
    expect(world.host.take()).toEqual(['ltlEvent m 1 {1} {1} {0,1}'])
  })

  it('does not start an instance in its second half', () => {
    run(described({ init: { B: number(0) } }))
    pulse('A', 1)
    expect(states()).toBe(-1)
    expect(world.host.take()).toEqual([])
  })

  it('fetches in its first half only', () => {
    run(described({ init: { A: number(0) }, fetch: { B: context('in_task') } }))
    world.host.contexts.set('in_task', 1)
    update('A', 0)
    const seen: number[] = []
    const { host } = world
    const asked = host.context.bind(host)
    host.context = (variable) => {
      seen.push(variable)
      return asked(variable)
    }
    pulse('A', 1)
    expect(seen).toHaveLength(1)
    expect(world.host.take()).toHaveLength(2)
  })

  it('ends with a panic in its first half', () => {
    run(described({ init: { A: number(0), B: number(0) } }))
    world.append('monitors/m/reactors', 'panic')
    update('A', 0)
    pulse('A', 1)
    expect(world.host.take()).toEqual([
      'ltlEvent m 1 {0} {0} {}',
      'ltlError m 1',
      'panic rv: m: task1[100]: violation detected'
    ])
    update('A', 0)
    expect(world.host.take()).toEqual([])
    expect(states()).toBe(-1)
  })
})

describe('atoms', () => {
  it('of every task are unknown when the monitor is enabled, but for those that init knows', () => {
    run(
      described({ init: { B: { kind: 'task', of: { kind: 'instance' }, attribute: 'kthread' } } })
    )
    world.engine.disable(world.monitor('m'))
    world.host.attributes.set('kthread 2', 1)
    world.engine.enable(world.monitor('m'))
    update('A', 1, 1)
    update('A', 1, 2)
    expect([states(1), states(2)]).toEqual([-1, 0b10])
  })

  it('can get a value that asks the instance’s task', () => {
    const kthread: Expression = { kind: 'task', of: { kind: 'instance' }, attribute: 'kthread' }
    const asked: AtomRule = { ...atomRule('B', 'atom_update'), value: kthread }
    register(described({ init: { A: number(1) } }), {
      tracepoints: [{ tracepoint: 'update B', steps: [[asked]] }]
    })
    world.engine.enable(world.monitor('m'))
    world.host.attributes.set('kthread 2', 1)
    update('B', 0, 1)
    update('B', 0, 2)
    expect([states(1), states(2)]).toEqual([-1, 0b10])
  })

  it('are fetched at each update, of the instance’s task, after the atom was set', () => {
    const kthread: Expression = { kind: 'task', of: { kind: 'instance' }, attribute: 'kthread' }
    run(described({ init: { A: number(0) }, fetch: { B: kthread } }))
    world.host.attributes.set('kthread 1', 1)
    update('B', 0)
    // The fetch had the last word about B.
    expect(states()).toBe(0b11)
    world.host.attributes.set('kthread 1', 0)
    update('A', 0)
    expect(world.host.take()).toEqual(['ltlEvent m 1 {0,1} {} {0}'])
  })

  it('of a new task are known where init, or created, knows them', () => {
    run(described({ init: { A: number(0) }, created: { B: number(1) } }))
    world.engine.taskCreated(3)
    world.host.tasks.set(3, 300)
    world.fire('task_newtask', { task: 3 })
    update('A', 0, 3)
    update('A', 0, 1)
    expect([states(3), states(1)]).toEqual([0b11, -1])
  })

  it('of a task in the place of another begin anew', () => {
    run(described())
    update('A', 0)
    update('B', 1)
    world.engine.taskExited(1)
    world.engine.taskCreated(1)
    expect(states()).toBe(-1)
    world.fire('task_newtask', { task: 1 })
    expect(states()).toBe(-1)
    update('A', 0)
    expect(states()).toBe(-1)
    update('B', 1)
    world.fire('task_newtask', { task: 1 })
    expect(states()).toBe(-1)
  })
})

describe('switches', () => {
  beforeEach(() => {
    run(described({ init: { A: number(0), B: number(0) } }))
    update('A', 0)
  })

  it('monitoring_on is not asked, and resets nothing when it comes on', () => {
    world.engine.setMonitoring(false)
    update('A', 0)
    world.engine.setMonitoring(true)
    expect(states()).toBe(0b01)
    expect(world.host.take()).toEqual(['ltlEvent m 1 {0} {} {0}'])
    expect(world.monitor('m').driver?.reset).toBeUndefined()
  })

  it('reacting_on is', () => {
    world.append('monitors/m/reactors', 'printk')
    update('A', 0)
    world.engine.setReacting(false)
    update('A', 1)
    expect(world.host.take()).toEqual(['ltlEvent m 1 {0} {0} {}', 'ltlError m 1'])
  })

  it('disabling takes the probes away and gives the slot back', () => {
    world.engine.disable(world.monitor('m'))
    expect(world.engine.bus.attached.every((attached) => attached === 0)).toBe(true)
    expect(states()).toBe(-1)
  })
})

describe('registration', () => {
  it('needs one of the per-task slots', () => {
    world = new World({ tracepoints, perTaskSlots: 1 })
    register(described())
    register(described(), {}, 'second')
    world.engine.enable(world.monitor('m'))
    expect(codeOf(() => world.engine.enable(world.monitor('second')))).toBe('EBUSY')
    expect(world.engine.bus.attached[world.engine.bus.index('task_newtask')]).toBe(1)
    world.engine.disable(world.monitor('m'))
    expect(codeOf(() => world.engine.enable(world.monitor('second')))).toBe('ok')
  })

  it('refuses atoms that the formula does not have, other rules and other types', () => {
    const refused = (more: Partial<Instrumentation>, ltl = described()): string =>
      codeOf(() => {
        register(ltl, more)
      })
    expect(refused({}, described({ fetch: { C: number(1) } }))).toBe('EINVAL')
    expect(refused({}, described({ init: { C: number(1) } }))).toBe('EINVAL')
    expect(
      refused({ tracepoints: [{ tracepoint: 'set A', steps: [[atomRule('C', 'atom_set')]] }] })
    ).toBe('EINVAL')
    expect(refused({ type: 'per_cpu' })).toBe('EINVAL')
    expect(refused({ type: 'per_cpu', tracepoints: [] })).toBe('EINVAL')
    expect(refused({ ltl: undefined, hybrid: parts('none') })).toBe('EINVAL')
    const event = { kind: 'event', event: 'A', call: 'handle_event', when: undefined } as const
    const on = { kind: 'field', name: 'p' } as const
    expect(refused({ tracepoints: [{ tracepoint: 'set A', steps: [[{ ...event, on }]] }] })).toBe(
      'EINVAL'
    )
    expect(refused({})).toBe('ok')
  })

  it('needs task_newtask', () => {
    world = new World({ tracepoints: tracepoints.slice(0, -1) })
    expect(
      codeOf(() => {
        register(described())
      })
    ).toBe('EINVAL')
  })

  it('has room for 32 atoms and states', () => {
    const atoms = Array.from({ length: 32 }, (_, i) => `A${String(i).padStart(2, '0')}`)
    const last = 0x8000_0000
    const model = {
      ...rule,
      atoms,
      abbreviations: atoms,
      buchi: buchi(
        [31],
        Array.from({ length: 32 }, () => ({ label: [{ care: last, value: last }], next: [31] }))
      )
    }
    const tracepoint = { tracepoint: 'update A', steps: [[atomRule('A31', 'atom_update')]] }
    // The first one is told by the second tracepoint, before which nothing starts.
    const first = { tracepoint: 'set A', steps: [[atomRule('A00', 'atom_set')]] }
    const init = Object.fromEntries(atoms.slice(1, 31).map((atom) => [atom, number(0)]))
    world.engine.registerMonitor({
      ltl: model,
      instrumentation: instrumentation('m', 'per_task', {
        tracepoints: [tracepoint, first],
        ltl: described({ init })
      })
    })
    world.engine.enable(world.monitor('m'))
    update('A', 1)
    expect(states()).toBe(-1)
    set('A', 0)
    update('A', 1)
    expect(states()).toBe(last)
    update('A', 1)
    update('A', 0)
    expect(world.host.take()).toEqual([
      'ltlEvent m 1 {31} {31} {31}',
      'ltlEvent m 1 {31} {} {}',
      'ltlError m 1'
    ])
  })
})
