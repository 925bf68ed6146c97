import { describe, expect, it } from 'vitest'
import {
  CONTEXT_VARIABLES,
  OBJECT_ATTRIBUTES,
  TASK_ATTRIBUTES,
  TRACEPOINTS
} from '../model/tracepoints'
import { deterministicAutomata } from './da'
import { Errno } from './errno'
import type { MonitorClass, MonitorDriver } from './monitor'
import { ProbeSet, type Handler } from './rules'
import { context } from './testing/hybrid'
import { automaton, binary, definition, field, instrumentation, number } from './testing/models'
import { codeOf, World } from './testing/world'

/** How many events of each kind came: a class that is no automaton. */
class Counter implements MonitorDriver, Handler<string> {
  readonly counts = new Map<string, number>()
  readonly reset = (): void => this.counts.clear()
  probes: ProbeSet<string> | undefined

  enable(): void {
    this.probes?.attach()
  }
  disable(): void {
    this.probes?.detach()
  }
  stateOf(): number {
    return this.counts.size
  }
  prepare(rule: Parameters<Handler<string>['prepare']>[0]): string {
    if (rule.kind !== 'event') throw new Errno('EINVAL', 'a counter counts events')
    return rule.event
  }
  handle(event: string): void {
    this.counts.set(event, (this.counts.get(event) ?? 0) + 1)
  }
}

const counters: MonitorClass = {
  title: 'counters',
  accepts: ({ instrumentation: { monitor } }) => monitor.startsWith('count'),
  create: (_monitor, described, core) => {
    const counter = new Counter()
    counter.probes = new ProbeSet(described, core, { key: 0 }, counter)
    return counter
  }
}

describe('without a change of the core', () => {
  const [rule] = definition(automaton('x', ['a go a']), 'global', ['irq_enable handle_event go x'])
    .instrumentation.tracepoints
  if (rule === undefined) throw new Error('no rule')

  it('there is a further class of monitors', () => {
    const world = new World({ classes: [counters, deterministicAutomata] })
    const described = instrumentation('count', 'global', { tracepoints: [rule] })
    const monitor = world.engine.registerMonitor({ instrumentation: described })
    world.append('enabled_monitors', 'count')
    world.fire('irq_enable')
    world.fire('irq_enable')
    expect((monitor.driver as Counter).counts).toEqual(new Map([['go', 2]]))
    world.append('monitoring_on', '0')
    world.append('monitoring_on', '1')
    expect(monitor.driver?.stateOf(0)).toBe(0)
    world.overwrite('enabled_monitors', '\n')
    world.fire('irq_enable')
    expect(monitor.driver?.stateOf(0)).toBe(0)
  })

  it('it refuses what it does not accept, with the classes that there are', () => {
    const world = new World({ classes: [counters] })
    const other = instrumentation('other', 'global', {})
    expect(() => world.engine.registerMonitor({ instrumentation: other })).toThrow(
      'monitor other is of an unknown class; this kernel runs counters only'
    )
  })

  const tracepoints = [
    ...TRACEPOINTS,
    { name: 'disk_full', fields: [{ name: 'blocks' }, { name: 'owner' }, { name: 'disk' }] }
  ]
  const entry = (name: string) => ({ name, meaning: 'for tests' })
  const catalogs = {
    context: [...CONTEXT_VARIABLES, entry('temperature')],
    task: [...TASK_ATTRIBUTES, entry('niceness')],
    object: [...OBJECT_ATTRIBUTES, entry('size')]
  }
  const model = automaton('full', ['a full a'])
  const warm = binary(context('temperature'), '>', number(40))
  const nice = binary(
    { kind: 'task', of: { kind: 'field', name: 'owner' }, attribute: 'niceness' },
    '>',
    number(10)
  )
  const large = binary({ kind: 'object', attribute: 'size' }, '>', field('blocks'))
  const all = binary(binary(warm, '&&', nice), '&&', large)
  const described = {
    automaton: model,
    instrumentation: instrumentation('full', 'per_obj', {
      tracepoints: [
        {
          tracepoint: 'disk_full',
          steps: [
            [
              {
                kind: 'event' as const,
                event: 'full',
                call: 'handle_start_run_event' as const,
                on: { kind: 'id' as const, of: field('disk') },
                when: all
              }
            ]
          ]
        }
      ]
    })
  }

  it('there are further tracepoints, context variables and attributes', () => {
    const world = new World({ tracepoints, catalogs })
    world.register(described)
    world.append('monitors/full/enable', '1')
    const { host } = world
    const one = (): number => {
      world.fire('disk_full', { blocks: 5, owner: 2, disk: -7 })
      return host.take().length
    }
    host.contexts.set('temperature', 50)
    host.attributes.set('niceness 2', 19).set('size -7', 6)
    expect(one()).toBe(1)
    host.contexts.set('temperature', 40)
    expect(one()).toBe(0)
    host.contexts.set('temperature', 41)
    host.attributes.set('niceness 2', 10)
    expect(one()).toBe(0)
    host.attributes.set('niceness 2', 11).set('size -7', 5)
    expect(one()).toBe(0)
    host.attributes.set('size -7', 6)
    expect(one()).toBe(1)
  })

  it('a kernel that lacks one of them refuses the monitor', () => {
    const refused = (options: ConstructorParameters<typeof World>[0]): string =>
      codeOf(() => new World(options).register(described))
    expect(refused({ tracepoints, catalogs })).toBe('ok')
    expect(refused({ catalogs })).toBe('EINVAL')
    expect(refused({ tracepoints })).toBe('EINVAL')
    for (const missing of ['context', 'task', 'object'] as const) {
      expect(refused({ tracepoints, catalogs: { ...catalogs, [missing]: [] } })).toBe('EINVAL')
    }
  })
})
