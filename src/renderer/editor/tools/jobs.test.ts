import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Exploration } from './exploration'
import { generate } from './generate/generate'
import type { GenerateFields } from './generate/generate'
import { perform } from './jobs'
import { Task } from './tasks'
import { HereWorker, modelFiles as read } from './testing'

const empty: GenerateFields = {
  what: 'monitor',
  name: '',
  type: '',
  parent: '',
  description: '',
  skeleton: false
}
const wip = read('wip.dot', 'wip.yaml')

describe('generate', () => {
  it('takes what no field says from the files, and has complete handlers', () => {
    const { generated, head, problems, skeleton } = perform('generate', {
      files: wip,
      fields: empty
    })
    expect(problems).toEqual([])
    expect(head).toMatchObject({ name: 'wip', type: 'per_cpu', parent: undefined })
    expect(skeleton).toBe(false)
    expect(generated?.files.map((file) => file.path)).toEqual([
      'wip.c',
      'wip.h',
      'wip_trace.h',
      'Kconfig'
    ])
    expect(generated?.files[0]?.text).not.toContain('XXX')
  })

  it('follows the fields, and names the lines of the tree', () => {
    const fields = { ...empty, name: 'mine', parent: 'sched', skeleton: true }
    const { generated, tree, skeleton } = perform('generate', { files: wip, fields })
    expect(generated?.name).toBe('mine')
    expect(skeleton).toBe(true)
    expect(generated?.files[0]?.text).toContain('XXX')
    expect(tree.map(({ line }) => line).join('\n')).toContain('monitors/mine/mine.o')
  })

  it('makes a KUnit test with the monitor, which lets it call the handlers', () => {
    const { generated } = perform('generate', { files: wip, fields: { ...empty, what: 'kunit' } })
    expect(generated?.files.map((file) => file.path).slice(-2)).toEqual([
      'wip_kunit.h',
      'wip_kunit.c'
    ])
    expect(generated?.files[0]?.text).toContain('EXPORT_SYMBOL_IF_KUNIT(rv_wip_ops);')
  })

  it('makes the container of a monitor, or one that a field names', () => {
    const made = (name: string, files = read('sco.dot', 'sco.yaml')): ReturnType<typeof generate> =>
      generate(files, { ...empty, what: 'container', name })
    expect(made('').generated?.name).toBe('sched')
    const named = made('locks')
    expect(named.generated?.files.map((file) => file.path)).toEqual([
      'locks.c',
      'locks.h',
      'Kconfig'
    ])
    expect(named.tree.map(({ line }) => line).join('\n')).toContain('monitors/locks/locks.o')
    expect(made('', wip).problems).toEqual([
      'The monitor has no parent; expected the name of a container.'
    ])
  })

  it('says what stops it: the type of the handlers, a name, an error of the model', () => {
    const problem = (fields: Partial<GenerateFields>, files = wip): string => {
      const made = perform('generate', { files, fields: { ...empty, ...fields } })
      expect(made.generated).toBeUndefined()
      return made.problems.join('\n')
    }
    expect(problem({ type: 'global' })).toMatch(/^wip\.yaml has handlers of a per_cpu monitor/)
    expect(problem({ name: '1st' })).toMatch(/1st/)
    expect(problem({}, [{ name: 'x.dot', text: 'digraph x {' }])).toMatch(/^x\.dot:/)
  })
})

describe('Task', () => {
  const input = { files: wip }

  it('keeps the newest job, and ends the thread of one that it takes the place of', async () => {
    const workers: HereWorker[] = []
    const task = new Task(() => {
      const worker = new HereWorker()
      workers.push(worker)
      return worker
    })
    const first = task.run('read', { files: read('stall.dot') })
    const second = task.run('read', input)
    expect(await first).toBeUndefined()
    const spec = (await second)?.spec
    expect(spec?.kind === 'automaton' && spec.automaton.name).toBe('wip')
    expect(workers.map((worker) => worker.ended)).toEqual([true, false])
    expect(task.busy.value).toBe(false)
  })

  it('has no result after it was cancelled', async () => {
    const task = new Task(() => new HereWorker())
    const running = task.run('read', input)
    expect(task.busy.value).toBe(true)
    task.cancel()
    expect(await running).toBeUndefined()
    expect(task.busy.value).toBe(false)
    expect(task.failure.value).toBe('')
  })

  it('says in a sentence what an operation refuses, and that the thread failed', async () => {
    const { spec } = perform('read', input)
    if (spec?.kind !== 'automaton') throw new Error('no automaton')
    const task = new Task(() => new HereWorker())
    const job = { operation: 'product', name: 'x', a: spec.automaton, keep: [] } as const
    await task.run('operate', { ...job, b: undefined, language: 'prefixes' })
    expect(task.failure.value).toBe('A product is made of two automata.')

    class Broken extends HereWorker {
      override postMessage(): void {
        queueMicrotask(() => this.onerror?.(new ErrorEvent('error', { message: 'no memory' })))
      }
    }
    const broken = new Task(() => new Broken())
    expect(await broken.run('read', input)).toBeUndefined()
    expect(broken.failure.value).toBe('This cannot be done: no memory.')
  })
})

describe('Exploration', () => {
  const { spec, parameters } = perform('read', { files: read('stall.dot', 'stall.yaml') })
  if (spec?.kind !== 'automaton') throw new Error('no automaton')
  const { events } = spec.automaton
  const move = fc.oneof(
    fc.constantFrom(...events).map((event) => ({ kind: 'take' as const, event })),
    fc.integer({ min: 0, max: 700 }).map((amount) => ({ kind: 'wait' as const, amount })),
    fc
      .integer({ min: 1, max: 2000 })
      .map((value) => ({ kind: 'assign' as const, name: 'threshold_jiffies', value })),
    fc.constant({ kind: 'reset' as const })
  )

  it('is at any moment again what it was there', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 25 }), fc.nat(), (moves, to) => {
        const walk = new Exploration(spec, parameters)
        const explorer = walk.explorer as unknown as { position: unknown; timer: unknown }
        const seen = new Map<number, string>()
        const now = (): string => JSON.stringify([explorer.position, explorer.timer])
        seen.set(0, now())
        for (const one of moves) {
          walk.do(one)
          seen.set(walk.at, now())
        }
        const target = to % (walk.made.length + 1)
        walk.goTo(target)
        expect(now()).toBe(seen.get(target))
        const again = new Exploration(spec, parameters)
        again.follow(walk)
        expect(again.made).toEqual(walk.made.slice(0, walk.at))
      })
    )
  })

  it('keeps the last of many values of one name', () => {
    const walk = new Exploration(spec, parameters)
    for (const value of [5, 6, 7]) walk.do({ kind: 'assign', name: 'threshold_jiffies', value })
    expect(walk.made.map(({ label }) => label)).toEqual(['threshold_jiffies = 7'])
  })
})
