import { beforeEach, describe, expect, it } from 'vitest'
import { LANE_ALL, LANE_UNKNOWN } from '../contract/state'
import { createTraceDecoder, type TraceDecoder } from '../trace'
import { Fold } from './fold'
import { InstanceTable } from './instance-table'
import { NameMap } from './name-map'
import { traceLine } from './testing/trace-text'
import type { RvMonitor } from './tree'

function monitor(shape: Partial<RvMonitor>): RvMonitor {
  return {
    name: 'm',
    fullName: 'm',
    parent: undefined,
    path: 'rv/monitors/m',
    class: 'da',
    type: 'unknown',
    description: '',
    enabled: true,
    reactor: undefined,
    events: { event: 'event_m', error: 'error_m', errorEnv: undefined },
    hasId: false,
    ...shape
  }
}

let fold: Fold
let decoder: TraceDecoder
beforeEach(() => {
  fold = new Fold(new Map(), { onError: () => undefined })
  decoder = createTraceDecoder()
})

function feed(text: string): void {
  decoder.decode(new TextEncoder().encode(text), (batch) => {
    fold.fold(batch)
  })
}

function states(): Record<number, string | undefined> {
  const state = fold.monitors[0]
  const table = state?.instances
  if (state === undefined || table === undefined) return {}
  const rows = Array.from({ length: table.length }, (_, row) => [
    table.id[row],
    state.states.names[table.state[row] ?? -1]
  ])
  return Object.fromEntries(rows) as Record<number, string | undefined>
}

describe('the processes of the bridge', () => {
  it('are no instances of a per-task monitor, whoever runs the handler', () => {
    const state = fold.addMonitor(monitor({ type: 'per_task', hasId: true }))
    fold.own = new Set([41])
    feed(
      traceLine(0, 1, 'event_m: 41: one x go -> two') +
        traceLine(0, 2, 'event_m: 300: one x go -> two')
    )
    expect(states()).toEqual({ 300: 'two' })
    expect(fold.events).toBe(1)
    expect(state.eventCount).toBe(1)
  })

  it('hide no CPU of the same number', () => {
    fold.addMonitor(monitor({ type: 'per_cpu' }))
    fold.own = new Set([0, 1])
    feed(traceLine(1, 1, 'event_m: one x go -> two'))
    expect(states()).toEqual({ 1: 'two' })
  })
})

describe('a monitor without a model', () => {
  it('teaches its states and events', () => {
    const state = fold.addMonitor(monitor({}))
    feed(
      traceLine(0, 1, 'event_m: one x go -> two') + traceLine(0, 2, 'event_m: two x back -> one')
    )
    expect(state.states.names).toEqual(['one', 'two'])
    expect(state.events.names).toEqual(['go', 'back'])
    expect(states()).toEqual({ 0: 'one' })
  })

  it('turns out to be per-CPU when each CPU goes on from where it was', () => {
    const state = fold.addMonitor(monitor({}))
    let text = ''
    for (let i = 0; i < 40; i++) {
      // CPU 0 goes round a and b, CPU 1 round c and d.
      const [cpu, from, to] = (
        [
          [0, 'a', 'b'],
          [1, 'c', 'd'],
          [0, 'b', 'a'],
          [1, 'd', 'c']
        ] as const
      )[i % 4] ?? [0, 'a', 'b']
      text += traceLine(cpu, i, `event_m: ${from} x go -> ${to}`)
    }
    feed(text)
    expect(state.type).toBe('per_cpu')
    expect(states()).toEqual({ 0: 'a', 1: 'c' })
  })

  it('turns out to be global when any CPU goes on from where the last one was', () => {
    const state = fold.addMonitor(monitor({}))
    let text = ''
    for (let i = 0; i < 100; i++) {
      const from = String(i % 5)
      text += traceLine((i * i) % 3, i, `event_m: s${from} x go -> s${String((i + 1) % 5)}`)
    }
    feed(text)
    expect(state.type).toBe('global')
    expect(fold.startsAnew).toBe(true)
    expect(states()).toEqual({ 0: 's0' })
    expect(state.eventCount).toBe(100)
  })

  it('stays unknown where the events do not tell', () => {
    const state = fold.addMonitor(monitor({}))
    for (let i = 0; i < 100; i++) {
      feed(traceLine(0, i, `event_m: s${String(i % 2)} x go -> s${String((i + 1) % 2)}`))
    }
    expect(state.type).toBe('unknown')
  })
})

describe('ids of a monitor without a model', () => {
  const event = (id: number, pid: number): string =>
    traceLine(0, 1, `event_m: ${String(id)}: one x go -> two`, `task-${String(pid)}`)

  it('turn out to be pids once tasks speak of themselves, and only then have names', () => {
    const state = fold.addMonitor(monitor({ hasId: true }))
    for (let id = 1; id < 8; id++) feed(event(id, id) + event(100 + id, 99))
    expect([state.type, state.instances.labels.join('')]).toEqual(['unknown', ''])
    feed(event(8, 8))
    expect(state.type).toBe('per_task')
    expect(state.instances.labels[state.instances.find(8)]).toBe('task')
  })

  it('turn out to be objects where one is negative, and have no names of tasks', () => {
    const state = fold.addMonitor(monitor({ hasId: true }))
    feed(event(-3, 3))
    for (let id = 1; id < 20; id++) feed(event(id, id))
    expect([state.type, state.instances.labels.join('')]).toEqual(['per_obj', ''])
  })
})

it('an LTL monitor’s state is its set of states, its event the atoms', () => {
  const state = fold.addMonitor(monitor({ class: 'ltl', hasId: true, type: 'per_task' }))
  feed(traceLine(0, 1, 'event_m: task[12]: (0,4) x (rt,us_th) -> (0-1,4)', 'other-3'))
  expect(states()).toEqual({ 12: '0-1,4' })
  expect(state.events.names).toEqual(['rt,us_th'])
  expect(state.instances.labels[0]).toBe('task')
})

it('time in a state counts from its entry, not from the last event', () => {
  const state = fold.addMonitor(monitor({}))
  feed(traceLine(0, 5, 'event_m: a x go -> b') + traceLine(0, 9, 'event_m: b x stay -> b'))
  expect(state.instances.sinceNsec[0]).toBe(5000)
  expect(state.instances.transitions[0]).toBe(2)
})

it('garbage is counted and harms nothing', () => {
  fold.addMonitor(monitor({}))
  feed(
    `rubbish\n\n${traceLine(0, 5, 'event_m: a x go -> b')}${traceLine(65_535, 6, 'event_m: a x go -> b')}`
  )
  feed(traceLine(0, 7, 'event_ghost: a x go -> b') + traceLine(0, 8, 'sched_switch: prev=1'))
  expect(states()).toEqual({ 0: 'b', 65535: 'b' })
  expect(fold.malformed).toBeGreaterThan(0)
  expect(fold.monitors).toHaveLength(1)
})

it('the event log keeps the newest rows and counts the others', () => {
  fold.addMonitor(monitor({}))
  for (let i = 0; i < 1000; i++) feed(traceLine(0, i, 'event_m: a x go -> b'))
  const taken = fold.takeLog(false)
  expect(taken?.first).toBe(744)
  expect(taken?.rows).toHaveLength(256)
  expect(taken?.rows.at(-1)).toMatchObject({
    nsec: 999_000,
    monitor: 0,
    text: 'event_m: a x go -> b'
  })
  expect(fold.notShown).toBe(744)
  expect(fold.takeLog(false)).toBeUndefined()
})

describe('instances', () => {
  it('find their rows among thousands, and stop at the bound', () => {
    const table = new InstanceTable(10_000)
    for (let i = 0; i < 12_000; i++) table.rowOf(i * 7 - 3000)
    expect(table.length).toBe(10_000)
    expect(table.isFull).toBe(true)
    const wrong = Array.from({ length: 10_000 }, (_, i) => i).filter(
      (i) => table.find(i * 7 - 3000) !== i
    )
    expect(wrong).toEqual([])
    expect(table.find(1)).toBe(-1)
  }, 30_000)

  it('give rows of tasks that are gone to others', () => {
    const table = new InstanceTable(100)
    for (let pid = 1; pid <= 100; pid++) {
      const row = table.rowOf(pid)
      table.state[row] = 1
      table.setLabel(row, `task${String(pid)}`, 0)
    }
    table.take(false)
    table.sweep((pid) => pid % 2 === 0)
    expect(table.find(1)).toBe(-1)
    expect(table.find(2)).toBe(1)
    const row = table.rowOf(1001)
    expect(row).toBeGreaterThanOrEqual(0)
    const { rows, labels } = table.take(false)
    expect([...rows.id]).toEqual([1001])
    expect([...rows.state]).toEqual([-1])
    expect(labels).toEqual([{ index: row, label: '' }])
    expect(table.length).toBe(100)
  })
})

it('names beyond the limit share one', () => {
  const names = new NameMap(['known'], 10)
  const decoded = Array.from({ length: 100 }, (_, i) => `n${String(i)}`)
  const indexes = decoded.map((_, i) => names.index(i, decoded))
  expect(names.names.length).toBeLessThanOrEqual(11)
  expect(names.names[indexes[0] ?? -1]).toBe('n0')
  expect(names.names[indexes[99] ?? -1]).toBe('…')
  expect(names.index(99, decoded)).toBe(indexes[50])
})

describe('the lane of a monitor', () => {
  it('has every change of state in its order, and none twice', () => {
    const state = fold.addMonitor(monitor({ type: 'per_cpu' }))
    feed(
      traceLine(0, 1, 'event_m: a x go -> b') +
        traceLine(1, 2, 'event_m: a x go -> b') +
        traceLine(0, 3, 'event_m: b x stay -> b') +
        traceLine(0, 4, 'error_m: event go not expected in the state b')
    )
    const { lane, rows } = state.take(false)
    const id = (row: number): number | undefined => rows.id[[...rows.index].indexOf(row)]
    expect([...lane.index].map(id)).toEqual([0, 1, 0])
    expect([...lane.state]).toEqual([1, 1, -1])
    expect(lane.missed).toBe(0)
    expect(state.take(false).lane.index).toHaveLength(0)
  })

  it('says from when on a CPU’s state is not known, and leaves the others alone', () => {
    const state = fold.addMonitor(monitor({ type: 'per_cpu' }))
    feed(traceLine(0, 1, 'event_m: a x go -> b') + traceLine(1, 2, 'event_m: a x go -> b'))
    state.take(false)
    feed('CPU:1 [LOST 12 EVENTS]\n')
    const { lane } = state.take(false)
    expect([...lane.index]).toEqual([state.instances.find(1)])
    expect([...lane.state]).toEqual([LANE_UNKNOWN])
  })

  it('says it of every task, since any of them may have run there', () => {
    const state = fold.addMonitor(monitor({ type: 'per_task', hasId: true }))
    feed(traceLine(0, 1, 'event_m: 7: a x go -> b'))
    state.take(false)
    feed('CPU:1 [LOST EVENTS]\n')
    expect([...state.take(false).lane.index]).toEqual([LANE_ALL])
  })
})
