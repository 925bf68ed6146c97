import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { AtomCall } from '../model/instrumentation'
import { bits } from './testing/host'
import { context } from './testing/hybrid'
import { buchi, instrumentation, number } from './testing/models'
import { World } from './testing/world'

vi.setConfig({ testTimeout: 120_000 })

const ATOMS = ['A', 'B', 'C'] as const
const CALLS: readonly AtomCall[] = ['atom_set', 'atom_update', 'atom_pulse']
const tracepoints = [
  ...ATOMS.flatMap((atom) =>
    CALLS.map((call) => ({ name: `${call} ${atom}`, fields: [{ name: 'p' }, { name: 'value' }] }))
  ),
  { name: 'task_newtask', fields: [{ name: 'task' }] }
]

/** What a label says about each atom: it must hold, must not, or may. */
type Literal = boolean | undefined
interface State {
  /** Holds where one of them does. */
  readonly label: readonly (readonly Literal[])[]
  readonly next: readonly number[]
}
interface Case {
  readonly states: readonly State[]
  readonly initial: readonly number[]
  /** Whether C is fetched, A known from the start, B known for new tasks. */
  readonly fetched: boolean
  readonly known: boolean
  readonly created: boolean
}

const state = fc.record({
  label: fc.array(
    fc.array(fc.constantFrom(true, false, undefined), { minLength: 3, maxLength: 3 }),
    {
      maxLength: 3
    }
  ),
  next: fc.uniqueArray(fc.nat(3), { maxLength: 4 })
})
const model: fc.Arbitrary<Case> = fc.record({
  states: fc.array(state, { minLength: 4, maxLength: 4 }),
  initial: fc.uniqueArray(fc.nat(3), { minLength: 1 }),
  fetched: fc.boolean(),
  known: fc.boolean(),
  created: fc.boolean()
})

const action = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constantFrom(...CALLS),
      atom: fc.nat(2),
      value: fc.boolean(),
      task: fc.nat(2)
    })
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('fetch' as const), value: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('new' as const), task: fc.nat(2) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('pause' as const, 'resume' as const, 'restart' as const)
    })
  }
)

interface Instance {
  states: Set<number>
  atoms: Literal[]
}

/** Section 5 of the rules once more, with sets and arrays. */
class Reference {
  readonly log: string[] = []
  readonly tasks: Instance[] = []
  c = false

  constructor(private readonly model: Case) {
    this.enable()
  }

  enable(): void {
    for (const task of [0, 1, 2]) this.init(task, false)
  }

  init(task: number, created: boolean): void {
    const atoms: Literal[] = [undefined, undefined, undefined]
    if (this.model.known) atoms[0] = false
    if (created && this.model.created) atoms[1] = true
    this.tasks[task] = { states: new Set(), atoms }
    this.fetch(task)
  }

  call(call: AtomCall, task: number, atom: number, value: boolean): void {
    const instance = this.of(task)
    instance.atoms[atom] = value
    if (call === 'atom_set') return
    this.fetch(task)
    if (instance.states.size > 0) this.validate(task)
    else if (!instance.atoms.includes(undefined)) {
      instance.states = new Set(this.model.initial.filter((one) => this.holds(one, instance)))
    }
    if (call === 'atom_update') return
    instance.atoms[atom] = !value
    if (instance.states.size > 0) this.validate(task)
  }

  private validate(task: number): void {
    const instance = this.of(task)
    const next = new Set<number>()
    for (const from of instance.states) {
      for (const to of this.model.states[from]?.next ?? []) {
        if (this.holds(to, instance)) next.add(to)
      }
    }
    const atoms = ATOMS.flatMap((_, i) => (instance.atoms[i] === true ? [i] : []))
    this.log.push(`ltlEvent m ${task} ${set(instance.states)} ${set(atoms)} ${set(next)}`)
    instance.states = next
    if (next.size === 0) {
      this.log.push(`ltlError m ${task}`)
      this.log.push(`printk 4 rv: m: task${task}[${100 + task}]: violation detected`)
    }
  }

  private fetch(task: number): void {
    if (this.model.fetched) this.of(task).atoms[2] = this.c
  }

  private holds(at: number, { atoms }: Instance): boolean {
    const { label } = this.model.states[at] ?? { label: [] }
    return label.some((all) =>
      all.every((wanted, i) => wanted === undefined || wanted === atoms[i])
    )
  }

  private of(task: number): Instance {
    const instance = this.tasks[task]
    if (instance === undefined) throw new Error(`no task ${task}`)
    return instance
  }
}

const set = (members: Iterable<number>): string => `{${[...members].sort((a, b) => a - b).join()}}`

function build(one: Case): World {
  const world = new World({ tracepoints })
  for (let task = 0; task < 3; task++) world.host.tasks.set(task, 100 + task)
  const cube = (literals: readonly Literal[]) => {
    const maskOf = (wanted: (literal: Literal) => boolean): number =>
      literals.reduce((mask: number, literal, i) => (wanted(literal) ? mask | (1 << i) : mask), 0)
    return { care: maskOf((l) => l !== undefined), value: maskOf((l) => l === true) }
  }
  world.engine.registerMonitor({
    ltl: {
      name: 'm',
      atoms: ATOMS,
      abbreviations: ['a', 'b', 'c'],
      rule: '',
      buchi: buchi(
        one.initial,
        one.states.map(({ label, next }) => ({ label: label.map(cube), next }))
      )
    },
    instrumentation: instrumentation('m', 'per_task', {
      ltl: {
        fetch: new Map(one.fetched ? [['C', context('in_task')]] : []),
        init: new Map(one.known ? [['A', number(0)]] : []),
        created: new Map(one.created ? [['B', number(1)]] : [])
      },
      tracepoints: ATOMS.flatMap((atom) =>
        CALLS.map((call) => ({
          tracepoint: `${call} ${atom}`,
          steps: [
            [
              {
                kind: 'atom' as const,
                atom,
                call,
                value: { kind: 'field' as const, name: 'value' },
                on: { kind: 'field' as const, name: 'p' },
                when: undefined
              }
            ]
          ]
        }))
      )
    })
  })
  world.append('monitors/m/reactors', 'printk')
  world.engine.enable(world.monitor('m'))
  return world
}

describe('formulas against a reference', () => {
  it('agree', () => {
    fc.assert(
      fc.property(model, fc.array(action, { maxLength: 150 }), (one, actions) => {
        const world = build(one)
        const reference = new Reference(one)
        for (const step of actions) {
          if ('atom' in step) {
            const atom = ATOMS[step.atom] ?? 'A'
            world.fire(`${step.kind} ${atom}`, { p: step.task, value: step.value ? 1 : 0 })
            reference.call(step.kind, step.task, step.atom, step.value)
          } else if (step.kind === 'fetch') {
            world.host.contexts.set('in_task', step.value ? 1 : 0)
            reference.c = step.value
          } else if (step.kind === 'new') {
            world.engine.taskExited(step.task)
            world.engine.taskCreated(step.task)
            world.fire('task_newtask', { task: step.task })
            reference.init(step.task, true)
          } else if (step.kind === 'restart') {
            world.engine.disable(world.monitor('m'))
            world.engine.enable(world.monitor('m'))
            reference.enable()
          } else {
            world.engine.setMonitoring(step.kind === 'resume')
          }
        }
        expect(world.host.take()).toEqual(reference.log)
        for (let task = 0; task < 3; task++) {
          const states = world.monitor('m').driver?.stateOf(task) ?? -1
          expect(states < 0 ? '{}' : bits(states)).toBe(set(reference.tasks[task]?.states ?? []))
        }
      }),
      { numRuns: 500 }
    )
  })
})
