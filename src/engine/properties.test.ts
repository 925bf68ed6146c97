import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { HandlerCall } from '../model/instrumentation'
import { Errno } from './errno'
import { automaton, definition, wip, wwnr } from './testing/models'
import { bytesOf, World } from './testing/world'

const CALLS: readonly HandlerCall[] = [
  'handle_event',
  'handle_start_event',
  'handle_start_run_event'
]
// Generous, for a machine that is busy with other things.
vi.setConfig({ testTimeout: 60_000 })

const EVENTS = ['e0', 'e1', 'e2', 'e3'] as const
const STATES = ['s0', 's1', 's2', 's3', 's4'] as const
/** One tracepoint per (event, call); `id` is the task or object. */
const tracepoints = EVENTS.flatMap((event) =>
  CALLS.map((call) => ({ name: `${event}_${call}`, fields: [{ name: 'id' }] }))
)

/**
 * The kernel's rules once more, written to be read: maps and words instead of
 * tables, so that a mistake in one is not repeated in the other.
 */
class Reference {
  readonly log: string[] = []
  private readonly running = new Map<number, string>()

  constructor(
    private readonly edges: ReadonlyMap<string, string>,
    private readonly initial: string,
    private readonly idOf: (key: number) => number
  ) {}

  feed(call: HandlerCall, event: string, key: number): void {
    if (!this.running.has(key)) {
      if (call === 'handle_event') return
      this.running.set(key, this.initial)
      if (call === 'handle_start_event') return
    }
    const state = this.running.get(key) ?? this.initial
    const next = this.edges.get(`${state} ${event}`)
    if (next === undefined) {
      this.log.push(`error m ${this.idOf(key)} ${state} ${event}`)
      this.running.delete(key)
    } else {
      this.log.push(`event m ${this.idOf(key)} ${state} ${event} ${next}`)
      this.running.set(key, next)
    }
  }

  stateOf(key: number): string | undefined {
    return this.running.get(key)
  }

  resetAll(): void {
    this.running.clear()
  }

  forget(key: number): void {
    this.running.delete(key)
  }
}

const model = fc
  .uniqueArray(
    fc.record({
      from: fc.constantFrom(...STATES),
      event: fc.constantFrom(...EVENTS),
      to: fc.constantFrom(...STATES)
    }),
    { minLength: 1, maxLength: 16, selector: ({ from, event }) => `${from} ${event}` }
  )
  .map((edges) => edges.map(({ from, event, to }) => `${from} ${event} ${to}`))

const action = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant('event' as const),
      call: fc.constantFrom(...CALLS),
      event: fc.constantFrom(...EVENTS),
      key: fc.nat(3)
    })
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pause' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('resume' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fork' as const), key: fc.nat(3) }) }
)

describe('the engine against a reference', () => {
  it.each(['global', 'per_cpu', 'per_task', 'per_obj'] as const)('agrees: %s', (type) => {
    fc.assert(
      fc.property(model, fc.array(action, { maxLength: 200 }), (edges, actions) => {
        const built = automaton('m', edges)
        const rules = built.events.flatMap((event) =>
          CALLS.map((call) => `${event}_${call} ${call} ${event} id`)
        )
        const world = new World({ tracepoints })
        for (let task = 0; task < 4; task++) world.host.tasks.set(task, 100 + task)
        world.register(definition(built, type, rules))
        world.engine.enable(world.monitor('m'))

        const idOf = (key: number): number =>
          type === 'per_task' ? 100 + key : type === 'per_obj' ? key : -1
        const reference = new Reference(
          new Map(
            edges
              .map((edge) => edge.split(' '))
              .map(([from, event, to]) => [`${from} ${event}`, to ?? ''])
          ),
          built.states[0] ?? '',
          idOf
        )
        for (const one of actions) {
          if (one.kind === 'event') {
            const key = type === 'global' ? 0 : one.key
            world.fire(`${one.event}_${one.call}`, { id: key }, type === 'per_cpu' ? key : 0)
            // An event that the model does not know has no rule.
            if (world.engine.monitoringOn && built.events.includes(one.event)) {
              reference.feed(one.call, one.event, key)
            }
          } else if (one.kind === 'pause') {
            world.engine.setMonitoring(false)
          } else if (one.kind === 'resume') {
            if (!world.engine.monitoringOn) reference.resetAll()
            world.engine.setMonitoring(true)
          } else if (one.kind === 'restart') {
            world.engine.disable(world.monitor('m'))
            world.engine.enable(world.monitor('m'))
            reference.resetAll()
          } else {
            world.engine.taskCreated(one.key)
            if (type === 'per_task') reference.forget(one.key)
          }
        }
        expect(world.host.take()).toEqual(reference.log)
        for (let key = 0; key < (type === 'global' ? 1 : 4); key++) {
          const state = world.monitor('m').driver?.stateOf(key) ?? -1
          expect(state < 0 ? undefined : built.states[state]).toBe(reference.stateOf(key))
        }
      }),
      { numRuns: 200 }
    )
  })
})

const paths = [
  'enabled_monitors',
  'available_monitors',
  'available_reactors',
  'monitoring_on',
  'reacting_on',
  ...['wip', 'wwnr', 'box', 'box/a', 'box/b', 'empty'].flatMap((monitor) =>
    ['enable', 'desc', 'reactors'].map((file) => `monitors/${monitor}/${file}`)
  )
]

/** Bytes that mean something here more often than chance would have it. */
const payload = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc
    .array(
      fc.constantFrom(
        'wip',
        'wwnr',
        'box',
        'a',
        'b',
        'empty',
        'nop',
        'printk',
        '!',
        ':',
        ' ',
        '\n',
        '\0',
        '1',
        '0',
        'on',
        'off'
      ),
      { maxLength: 6 }
    )
    .map((words) => bytesOf(words.join('')))
)

const fileAction = fc.record({
  path: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...paths) },
    { weight: 1, arbitrary: fc.string() }
  ),
  truncate: fc.boolean(),
  write: fc.boolean(),
  payloads: fc.array(payload, { maxLength: 3 }),
  fire: fc.constantFrom('preempt_enable', 'preempt_disable', 'sched_waking')
})

describe('any bytes to any file', () => {
  it('throw nothing but Errno, and leave the tree consistent', () => {
    fc.assert(
      fc.property(fc.array(fileAction, { maxLength: 40 }), (actions) => {
        const world = new World({ perTaskSlots: 2 })
        world.register(wip())
        world.container('box')
        world.register(wwnr('a', 'box'), wwnr('b', 'box'))
        world.container('empty')
        world.register(wwnr())
        for (const { path, truncate, write, payloads, fire } of actions) {
          try {
            const file = world.files.open(path, { write, truncate, append: !truncate })
            for (const bytes of payloads) expect(file.write(bytes)).toBe(bytes.length)
            file.read()
          } catch (error) {
            if (!(error instanceof Errno)) throw error
          }
          world.fire(fire)
          consistent(world)
        }
      }),
      { numRuns: 100 }
    )
  })
})

function consistent(world: World): void {
  const { engine } = world
  const shown = world.cat('enabled_monitors').split('\n').filter(Boolean)
  const available = world.cat('available_monitors').split('\n').filter(Boolean)
  expect(available).toEqual(['wip', 'box', 'box:b', 'box:a', 'empty', 'wwnr'])
  expect(shown).toEqual(available.filter((name) => shown.includes(name)))
  for (const name of available) {
    const path = `monitors/${name.replace(':', '/')}`
    expect(world.cat(`${path}/enable`)).toBe(shown.includes(name) ? '1\n\\0' : '0\n\\0')
    const reactors = world.cat(`${path}/reactors`)
    expect(reactors.match(/\[/g)).toHaveLength(1)
    expect(reactors.replace(/[[\]]/g, '')).toBe('nop\nprintk\npanic\n')
  }
  for (const file of ['monitoring_on', 'reacting_on']) {
    expect(world.cat(file)).toMatch(/^[01]\n\\0$/)
  }
  // Probes are there exactly for the monitors that are on, and no slot is taken twice.
  const perTask = ['a', 'b', 'wwnr'].filter((name) => world.monitor(name).enabled)
  expect(perTask.length).toBeLessThanOrEqual(2)
  const wants = (tracepoint: string): boolean =>
    engine.bus.attached[engine.bus.index(tracepoint)] === 1
  expect(wants('preempt_disable')).toBe(world.monitor('wip').enabled)
  expect(wants('sched_switch')).toBe(perTask.length > 0)
}
