import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { HandlerCall, MonitorType } from '../model/instrumentation'
import { TICK } from './testing/host'
import { context, hybrid, parts } from './testing/hybrid'
import { definition } from './testing/models'
import { World } from './testing/world'

// Generous, for a machine that is busy with other things.
vi.setConfig({ testTimeout: 120_000 })

const CALLS: readonly HandlerCall[] = [
  'handle_event',
  'handle_start_event',
  'handle_start_run_event'
]
const EVENTS = ['e0', 'e1', 'e2'] as const
const STATES = ['s0', 's1', 's2'] as const
const tracepoints = [
  ...EVENTS.flatMap((event) =>
    CALLS.map((call) => ({ name: `${event}_${call}`, fields: [{ name: 'id' }] }))
  ),
  { name: 'sched_process_exit', fields: [{ name: 'p' }] }
]

interface Term {
  readonly env: 'clk' | 'x'
  readonly op: '<' | '<=' | '>' | '>=' | '==' | '!='
  readonly value: number
}

interface Edge {
  readonly from: string
  readonly event: string
  readonly to: string
  /** Joined by `&&` within, by `||` between. */
  readonly anyOf: readonly (readonly Term[])[]
  readonly resets: boolean
}

interface Case {
  readonly unit: 'ns' | 'jiffies'
  readonly timer: 'wheel' | 'hrtimer'
  readonly edges: readonly Edge[]
  readonly limits: Readonly<Record<string, number>>
}

const INVALID = 0xffff_ffff_ffff_ffffn
const u64 = (value: bigint): bigint => BigInt.asUintN(64, value)
const s64 = (value: bigint): bigint => BigInt.asIntN(64, value)
const tick = BigInt(TICK)

interface Instance {
  state: string
  epoch: bigint
  /** ns at which the timer expires. */
  due: bigint | undefined
}

/** Section 4 of the rules once more, in 64-bit integers, with maps and words. */
class Reference {
  /** By instance: the order among instances is that of their timers. */
  readonly log = new Map<number, string[]>()
  readonly running = new Map<number, Instance>()
  monitoring = true
  now = 1_000_000_000n
  x = 0n

  constructor(
    private readonly model: Case,
    private readonly initial: string,
    private readonly idOf: (key: number) => number
  ) {}

  feed(call: HandlerCall, event: string, key: number): void {
    if (!this.monitoring) return
    if (!this.running.has(key)) {
      if (call === 'handle_event') return
      this.running.set(key, { state: this.initial, epoch: INVALID, due: undefined })
      if (call === 'handle_start_event') return
    }
    const instance = this.running.get(key)
    if (instance === undefined) return
    const { state } = instance
    const edge = this.edge(state, event)
    if (edge === undefined) {
      this.say(key, `error m ${this.idOf(key)} ${state} ${event}`)
      this.running.delete(key)
    } else if (this.constraint(instance, edge)) {
      instance.state = edge.to
      this.say(key, `event m ${this.idOf(key)} ${state} ${event} ${edge.to}`)
    } else {
      this.violation(key, instance, event)
    }
  }

  advance(ns: bigint): void {
    const end = this.now + ns
    for (;;) {
      let first: readonly [number, Instance] | undefined
      for (const one of this.running) {
        if (one[1].due !== undefined && one[1].due <= end) {
          if (first?.[1].due === undefined || one[1].due < first[1].due) first = one
        }
      }
      if (first === undefined) break
      const [key, instance] = first
      if (instance.due !== undefined && instance.due > this.now) this.now = instance.due
      instance.due = undefined
      if (this.monitoring) this.violation(key, instance, 'none')
    }
    this.now = end
  }

  private constraint(instance: Instance, edge: Edge): boolean {
    const limit = this.model.limits[instance.state]
    if (limit !== undefined && !this.invariant(instance, BigInt(limit))) return false
    const asks = edge.anyOf.flat().some(({ env }) => env === 'clk')
    const holds =
      edge.anyOf.length === 0 ||
      (asks && instance.epoch === INVALID) ||
      edge.anyOf.some((all) => all.every((term) => this.term(instance, term)))
    if (edge.resets) instance.epoch = this.clock()
    if (!holds) return false
    this.setTimer(instance, edge)
    return true
  }

  private invariant({ epoch }: Instance, limit: bigint): boolean {
    if (this.model.unit === 'ns') return epoch >= u64(this.now - limit)
    return s64(u64(this.clock() - limit) - epoch) < 0n
  }

  private setTimer(instance: Instance, edge: Edge): void {
    const resetsSomewhere = this.model.edges.some(
      ({ from, to, event, resets }) => from === to && resets && event === edge.event
    )
    if (edge.from === edge.to && !resetsSomewhere) return
    const limit = this.model.limits[edge.to]
    if (limit !== undefined) instance.due = this.due(instance, BigInt(limit))
    else if (this.model.limits[edge.from] !== undefined) instance.due = undefined
  }

  private due({ epoch }: Instance, limit: bigint): bigint {
    const { unit, timer } = this.model
    const passed = epoch === INVALID ? 0n : u64(this.clock() - epoch)
    const jiffies = this.now / tick
    if (timer === 'wheel') {
      const left = unit === 'ns' ? u64(limit - passed + tick - 1n) / tick : s64(u64(limit - passed))
      return (left > 0n ? jiffies + left : jiffies + 1n) * tick
    }
    const left =
      unit === 'ns'
        ? u64(limit - passed)
        : BigInt.asUintN(32, u64(limit - passed) * (tick / 1000n)) * 1000n
    return this.now + left
  }

  private term(instance: Instance, { env, op, value }: Term): boolean {
    const left = env === 'x' ? this.x : u64(this.clock() - instance.epoch)
    const right = BigInt(value)
    switch (op) {
      case '<':
        return left < right
      case '<=':
        return left <= right
      case '>':
        return left > right
      case '>=':
        return left >= right
      case '==':
        return left === right
      case '!=':
        return left !== right
    }
  }

  private violation(key: number, instance: Instance, event: string): void {
    const clock = this.model.edges.some(({ resets }) => resets)
      ? [`clk=${u64(this.clock() - instance.epoch)}`]
      : []
    const asksX = this.model.edges.some(({ anyOf }) => anyOf.flat().some(({ env }) => env === 'x'))
    const env = [...clock, ...(asksX ? [`x=${this.x}`] : [])].join()
    this.say(key, `errorEnv m ${this.idOf(key)} ${instance.state} ${event} ${env}`)
    this.running.delete(key)
  }

  private clock(): bigint {
    return this.model.unit === 'ns' ? this.now : this.now / tick
  }

  private edge(state: string, event: string): Edge | undefined {
    return this.model.edges.find((edge) => edge.from === state && edge.event === event)
  }

  private say(key: number, line: string): void {
    this.log.set(key, [...(this.log.get(key) ?? []), line])
  }
}

const comparison = fc.constantFrom('<', '<=', '>', '>=', '==', '!=')
/** Around the times that the actions wait; in ns or jiffies. */
const clockValue = fc.nat({ max: 30 })

const edges = (unit: Case['unit']): fc.Arbitrary<Edge[]> => {
  const scale = unit === 'ns' ? TICK / 2 : 1
  const term = fc.oneof(
    fc.record({
      env: fc.constant('clk' as const),
      op: comparison,
      value: clockValue.map((n) => n * scale)
    }),
    fc.record({ env: fc.constant('x' as const), op: comparison, value: fc.nat({ max: 2 }) })
  )
  return fc.uniqueArray(
    fc.record({
      from: fc.constantFrom(...STATES),
      event: fc.constantFrom(...EVENTS),
      to: fc.constantFrom(...STATES),
      anyOf: fc.oneof(
        { weight: 2, arbitrary: fc.constant([]) },
        {
          weight: 1,
          arbitrary: fc.array(fc.array(term, { minLength: 1, maxLength: 2 }), {
            minLength: 1,
            maxLength: 2
          })
        }
      ),
      resets: fc.boolean()
    }),
    { minLength: 3, maxLength: 9, selector: ({ from, event }) => `${from} ${event}` }
  )
}

const model: fc.Arbitrary<Case> = fc
  .record({
    unit: fc.constantFrom('ns' as const, 'jiffies' as const),
    timer: fc.constantFrom('wheel' as const, 'hrtimer' as const)
  })
  .chain(({ unit, timer }) => {
    const limit = clockValue.map((n) => (unit === 'ns' ? n * (TICK / 2) + (n % 3) : n))
    return fc.record({
      unit: fc.constant(unit),
      timer: fc.constant(timer),
      edges: edges(unit),
      limits: fc.dictionary(fc.constantFrom(...STATES), limit, { maxKeys: 3 })
    })
  })
  // An invariant needs a clock that is reset; a clock that is not reset needs no unit.
  .filter(({ edges: all, limits }) => {
    const asked = all.some(({ anyOf }) => anyOf.flat().some(({ env }) => env === 'clk'))
    const known =
      asked ||
      Object.keys(limits).some((state) => all.some((e) => e.from === state || e.to === state))
    const resets = all.some((edge) => edge.resets)
    return known === resets
  })

const action = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant('event' as const),
      call: fc.constantFrom(...CALLS),
      event: fc.constantFrom(...EVENTS),
      key: fc.nat(2)
    })
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ns: fc.oneof(fc.nat(3), fc.nat(3 * TICK), fc.nat(20 * TICK))
    })
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('x' as const), value: fc.nat(2) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('pause' as const, 'resume' as const, 'restart' as const)
    })
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('exit' as const), key: fc.nat(2) }) }
)

/** The label of an edge as a model has it. */
function labelOf({ event, anyOf, resets }: Edge, unit: Case['unit']): string {
  const short = unit === 'ns' ? 'ns' : 'j'
  const rule = anyOf
    .map((all) =>
      all.map(({ env, op, value }) => `${env}${op}${value}${env === 'clk' ? short : ''}`).join('&&')
    )
    .join('||')
  return [event, ...(rule === '' ? [] : [rule]), ...(resets ? ['reset(clk)'] : [])].join(';')
}

function labelsOf({ edges: all, unit }: Case): string[] {
  return all.map((edge) => `${edge.from} ${labelOf(edge, unit)} ${edge.to}`)
}

describe('hybrid automata against a reference', () => {
  it.each(['global', 'per_task', 'per_obj'] as const)('agree: %s', (type: MonitorType) => {
    fc.assert(
      fc.property(model, fc.array(action, { maxLength: 120 }), (one, actions) => {
        const short = one.unit === 'ns' ? 'ns' : 'j'
        const used = new Set(one.edges.flatMap(({ from, to }) => [from, to]))
        const limits = Object.entries(one.limits).filter(([state]) => used.has(state))
        const invariants = Object.fromEntries(
          limits.map(([state, limit]) => [state, `clk < ${limit} ${short}`])
        )
        const built = hybrid('m', labelsOf(one), invariants)
        // Without a guard, a reset and an invariant it is deterministic.
        fc.pre(built.kind === 'ha')
        const world = new World({ tracepoints })
        world.host.timers.now = 1_000_000_000
        for (let task = 0; task < 3; task++) world.host.tasks.set(task, 100 + task)
        const rules = built.events.flatMap((event) =>
          CALLS.map((call) => `${event}_${call} ${call} ${event} id`)
        )
        const environment = built.envs.includes('x') ? { x: context('in_task') } : {}
        world.register(definition(built, type, rules, { hybrid: parts(one.timer, environment) }))
        world.engine.enable(world.monitor('m'))
        const idOf = (key: number): number =>
          type === 'per_task' ? 100 + key : type === 'per_obj' ? key : -1
        const reference = new Reference(
          { ...one, limits: Object.fromEntries(limits) },
          built.states[0] ?? '',
          idOf
        )
        for (const step of actions) {
          if (step.kind === 'event') {
            const key = type === 'global' ? 0 : step.key
            world.fire(`${step.event}_${step.call}`, { id: key })
            if (built.events.includes(step.event)) reference.feed(step.call, step.event, key)
          } else if (step.kind === 'wait') {
            world.advance(step.ns)
            reference.advance(BigInt(step.ns))
          } else if (step.kind === 'x') {
            world.host.contexts.set('in_task', step.value)
            reference.x = BigInt(step.value)
          } else if (step.kind === 'exit') {
            world.fire('sched_process_exit', { p: step.key })
            if (type === 'per_task') reference.running.delete(step.key)
          } else if (step.kind === 'restart') {
            world.engine.disable(world.monitor('m'))
            world.engine.enable(world.monitor('m'))
            reference.running.clear()
          } else {
            if (step.kind === 'resume' && !reference.monitoring) reference.running.clear()
            reference.monitoring = step.kind === 'resume'
            world.engine.setMonitoring(reference.monitoring)
          }
        }
        const lines = world.host.take()
        for (let key = 0; key < 3; key++) {
          const own =
            type === 'global'
              ? key === 0
                ? lines
                : []
              : lines.filter((line) => line.split(' ')[2] === String(idOf(key)))
          expect(own).toEqual(reference.log.get(key) ?? [])
          if (type === 'global' && key > 0) continue
          const state = world.monitor('m').driver?.stateOf(key) ?? -1
          expect(state < 0 ? undefined : built.states[state]).toBe(
            reference.running.get(key)?.state
          )
        }
        // What is armed is what the reference waits for, and nothing else.
        const horizon = 2 ** 52
        const due = [...reference.running.values()]
          .map((instance) => Number(instance.due ?? horizon))
          .filter((at) => at < horizon)
        const armed = [...world.host.timers.armed.values()].map(({ at }) => at)
        expect(armed.filter((at) => at < horizon).sort((a, b) => a - b)).toEqual(
          due.sort((a, b) => a - b)
        )
      }),
      { numRuns: 400 }
    )
  })
})
