import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Expression } from '../model/expression'
import type { Instrumentation, StorageSeed } from '../model/instrumentation'
import { MAX_OBJECTS } from './limits'
import { ObjectStorage } from './object-storage'
import { context, hybrid, parts } from './testing/hybrid'
import { automaton, binary, definition, number } from './testing/models'
import { codeOf, World } from './testing/world'

const NAMES = ['go', 'start', 'run', 'create', 'destroy', 'reset'] as const
const tracepoints = NAMES.map((name) => ({ name, fields: [{ name: 'id' }] }))
const RULES = [
  'go handle_event go id',
  'start handle_start_event go id',
  'run handle_start_run_event go id',
  'create create id',
  'destroy destroy id',
  'reset reset id'
]
const model = automaton('m', ['a go b', 'b go c', 'c go a'])

let world: World

beforeEach(() => {
  world = new World({ tracepoints })
})

function run(
  storage: readonly StorageSeed[] | undefined,
  more: Partial<Instrumentation> = {}
): void {
  world.register(definition(model, 'per_obj', RULES, { storage, ...more }))
  world.engine.enable(world.monitor('m'))
}
const fire = (name: (typeof NAMES)[number], id: number): void => world.fire(name, { id })
const stateOf = (id: number): number | undefined => world.monitor('m').driver?.stateOf(id)

describe('instances of objects', () => {
  it('are made by the first start event, and by no other', () => {
    run(undefined)
    fire('go', 7)
    fire('start', 7)
    fire('run', -8)
    expect([stateOf(7), stateOf(-8), stateOf(9)]).toEqual([0, 1, -1])
    expect(world.host.take()).toEqual(['event m -8 a go b'])
  })

  it('are not made by a start event where the storage is described', () => {
    run([])
    fire('start', 7)
    fire('run', 7)
    expect(stateOf(7)).toBe(-1)
    fire('create', 7)
    expect(stateOf(7)).toBe(-1)
    fire('run', 7)
    expect(stateOf(7)).toBe(1)
  })

  it('are kept by create, reset by reset and removed by destroy', () => {
    run([])
    fire('create', 7)
    fire('create', 8)
    fire('run', 7)
    fire('run', 8)
    fire('create', 7)
    expect(stateOf(7)).toBe(1)
    fire('reset', 7)
    fire('go', 7)
    expect([stateOf(7), stateOf(8)]).toEqual([-1, 1])
    fire('run', 7)
    fire('destroy', 7)
    fire('run', 7)
    expect([stateOf(7), stateOf(8)]).toEqual([-1, 1])
    fire('destroy', 99)
    fire('reset', 99)
  })

  it('are made and removed while monitoring_on is off as well', () => {
    run([])
    fire('create', 7)
    fire('run', 7)
    world.engine.setMonitoring(false)
    fire('create', 8)
    fire('destroy', 7)
    world.engine.setMonitoring(true)
    fire('run', 7)
    fire('run', 8)
    expect([stateOf(7), stateOf(8)]).toEqual([-1, 1])
  })

  it('are all gone after the monitor was off', () => {
    run([])
    fire('create', 7)
    world.engine.disable(world.monitor('m'))
    world.engine.enable(world.monitor('m'))
    fire('run', 7)
    expect(stateOf(7)).toBe(-1)
  })

  it('have in trace lines an id that is cut to an int', () => {
    run(undefined)
    fire('run', 2 ** 32 + 5)
    expect(world.host.take()).toEqual(['event m 5 a go b'])
  })

  it('take their timer with them', () => {
    const timed = hybrid('m', ['a go;reset(clk) b', 'b go;reset(clk) b'], { b: 'clk < 100 ns' })
    world.register(definition(timed, 'per_obj', RULES, { storage: [], hybrid: parts('hrtimer') }))
    world.engine.enable(world.monitor('m'))
    for (const end of ['destroy', 'reset'] as const) {
      fire('create', 7)
      fire('run', 7)
      expect(world.host.timers.armed.size).toBe(1)
      fire(end, 7)
      expect(world.host.timers.armed.size).toBe(0)
    }
    // One after another they use the same timer.
    for (let id = 10; id < 20; id++) {
      fire('create', id)
      fire('run', id)
      fire('destroy', id)
    }
    fire('create', 20)
    fire('run', 20)
    expect(Math.max(...world.host.timers.armed.keys())).toBeLessThan(2)
  })
})

describe('seeds', () => {
  const cpu = context('cpu')
  const pid: Expression = { kind: 'task', of: { kind: 'instance' }, attribute: 'pid' }
  const policy: Expression = { kind: 'task', of: { kind: 'instance' }, attribute: 'policy' }

  it('make instances for CPUs and tasks, where their condition holds', () => {
    world.host.tasks.set(1, 100).set(2, 200)
    world.host.attributes.set('policy 2', 6)
    world.host.cpu = 3
    run([
      { each: 'cpu', id: { kind: 'unary', op: '-', of: cpu }, when: binary(cpu, '!=', number(1)) },
      { each: 'task', id: pid, when: binary(policy, '==', number(6)) }
    ])
    for (const id of [0, -1, -2, -3, 100, 200]) fire('run', id)
    expect([0, -1, -2, -3, 100, 200].map(stateOf)).toEqual([1, -1, 1, 1, -1, 1])
  })

  it('that find no room fail with ENOMEM, and leave nothing behind', () => {
    const create = vi
      .spyOn(ObjectStorage.prototype, 'create')
      .mockReturnValueOnce(0)
      .mockReturnValueOnce(-1)
    world.register(
      definition(model, 'per_obj', RULES, { storage: [{ each: 'cpu', id: cpu, when: undefined }] })
    )
    expect(codeOf(() => world.engine.enable(world.monitor('m')))).toBe('ENOMEM')
    create.mockRestore()
    expect(world.monitor('m').enabled).toBe(false)
    expect(world.engine.bus.attached.every((attached) => attached === 0)).toBe(true)
    expect(codeOf(() => world.engine.enable(world.monitor('m')))).toBe('ok')
  })

  it('name nothing that the kernel does not have', () => {
    const nowhere = { each: 'cpu', id: context('nowhere'), when: undefined } as const
    expect(
      codeOf(() => world.register(definition(model, 'per_obj', RULES, { storage: [nowhere] })))
    ).toBe('EINVAL')
  })
})

describe('storage rules', () => {
  it('are for objects; a task can be reset', () => {
    const only = (type: 'global' | 'per_cpu' | 'per_task', call: string): string =>
      codeOf(() => world.register(definition(model, type, [`reset ${call} id`])))
    expect(only('global', 'reset')).toBe('EINVAL')
    expect(only('per_cpu', 'create')).toBe('EINVAL')
    expect(only('per_task', 'destroy')).toBe('EINVAL')
    expect(only('per_task', 'reset')).toBe('ok')
  })

  it('reset one task', () => {
    world.host.tasks.set(1, 100).set(2, 200)
    world.register(
      definition(model, 'per_task', ['run handle_start_run_event go id', 'reset reset id'])
    )
    world.engine.enable(world.monitor('m'))
    fire('run', 1)
    fire('run', 2)
    fire('reset', 1)
    fire('reset', 99)
    expect([stateOf(1), stateOf(2)]).toEqual([-1, 1])
  })
})

describe('ObjectStorage', () => {
  it('is full at a limit, and ignores what is no integer', () => {
    const storage = new ObjectStorage(true)
    for (const id of [NaN, 0.5, Infinity, 2 ** 60]) expect(storage.locate(id, true)).toBe(-1)
    for (let id = 0; id < MAX_OBJECTS; id++) storage.create(id)
    expect(storage.create(-1)).toBe(-1)
    expect(storage.locate(-1, true)).toBe(-1)
    storage.remove(17)
    expect(storage.keyAt(storage.create(-1))).toBe(-1)
  })

  it('uses its places again after each start', () => {
    const storage = new ObjectStorage(true)
    for (let start = 0; start < 3; start++) {
      storage.init()
      expect([storage.create(5), storage.create(6)]).toEqual([0, 1])
      storage.remove(5)
      storage.destroy()
    }
  })

  const action = fc.record({
    name: fc.constantFrom(...NAMES, 'restart' as const, 'again' as const),
    id: fc.integer({ min: -2, max: 3 })
  })

  it.each([true, false])('agrees with a map (start events make instances: %s)', (automatic) => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
        world = new World({ tracepoints })
        run(automatic ? undefined : [])
        const states = 'abc'
        const there = new Map<number, string | undefined>()
        const log: string[] = []
        const step = (id: number): void => {
          const from = there.get(id) ?? ''
          const to = states[(states.indexOf(from) + 1) % 3] ?? ''
          log.push(`event m ${id} ${from} go ${to}`)
          there.set(id, to)
        }
        for (const { name, id } of actions) {
          if (name === 'restart') {
            world.engine.disable(world.monitor('m'))
            world.engine.enable(world.monitor('m'))
            there.clear()
          } else if (name === 'again') {
            world.engine.setMonitoring(false)
            world.engine.setMonitoring(true)
            for (const one of there.keys()) there.set(one, undefined)
          } else {
            fire(name, id)
            if (name === 'create' && !there.has(id)) there.set(id, undefined)
            if (name === 'destroy') there.delete(id)
            if (name === 'reset' && there.has(id)) there.set(id, undefined)
            if (name === 'go' && there.get(id) !== undefined) step(id)
            if ((name === 'start' || name === 'run') && (automatic || there.has(id))) {
              if (there.get(id) !== undefined) step(id)
              else {
                there.set(id, 'a')
                if (name === 'run') step(id)
              }
            }
          }
        }
        expect(world.host.take()).toEqual(log)
        for (let id = -2; id <= 3; id++)
          expect(stateOf(id)).toBe(states.indexOf(there.get(id) ?? '?'))
      })
    )
  })
})
