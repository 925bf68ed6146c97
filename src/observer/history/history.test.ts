import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LANE_UNKNOWN } from '../../contract/state'
import { createTraceDecoder } from '../../trace'
import { Fold } from '../fold'
import { traceLine } from '../testing/trace-text'
import type { MonitorState } from '../monitor-state'
import { HistoryBudget } from './budget'
import { findChange } from './find'
import type { LaneColumns, LaneQuery } from './lane-sums'
import { laneColumns } from './lanes'

const STATES = ['a', 'b', 'c']
const EVENTS = ['x', 'y']

function setUp(budget = new HistoryBudget()): { fold: Fold; monitor: MonitorState } {
  const fold = new Fold(new Map(), { onError: () => undefined }, budget)
  const monitor = fold.addMonitor({
    name: 'm',
    fullName: 'm',
    parent: undefined,
    path: 'rv/monitors/m',
    class: 'da',
    type: 'per_task',
    description: '',
    enabled: true,
    reactor: undefined,
    events: { event: 'event_m', error: 'error_m', errorEnv: undefined },
    hasId: true
  })
  return { fold, monitor }
}

/** What one instance does at one time. */
type Deed =
  | { kind: 'step'; id: number; from: number; event: number; to: number }
  | { kind: 'error'; id: number; state: number; event: number }
  | { kind: 'loss' }
  | { kind: 'reset' }
  | { kind: 'exit'; id: number }

const index = (limit: number) => fc.integer({ min: 0, max: limit - 1 })
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant('step' as const),
      id: fc.integer({ min: 1, max: 6 }),
      from: index(3),
      event: index(2),
      to: index(3)
    })
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('error' as const),
      id: fc.integer({ min: 1, max: 6 }),
      state: index(3),
      event: index(2)
    })
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'loss' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'reset' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('exit' as const), id: fc.integer({ min: 1, max: 6 }) })
  }
)

/** The live tables after some deeds, as text: what the history has to bring back. */
function picture(monitor: MonitorState): unknown {
  const t = monitor.instances
  const rows = Array.from({ length: t.length }, (_, r) => [
    t.id[r],
    t.state[r],
    t.event[r],
    (t.sinceSec[r] ?? 0) * 1e9 + (t.sinceNsec[r] ?? 0),
    t.transitions[r]
  ])
  return { rows, edges: [...monitor.edges.counts()], events: monitor.eventCount }
}

function pictureAt(monitor: MonitorState, time: number): unknown {
  const then = monitor.history.at(time)
  if (then === undefined) return undefined
  const { past } = then
  const rows = Array.from({ length: past.rows }, (_, r) => [
    then.ids[r],
    past.state[r],
    past.event[r],
    past.since[r],
    past.transitions[r]
  ])
  const edges = [...past.edges]
  while (edges.length > 0 && edges[edges.length - 1] === 0) edges.pop()
  return { rows, edges, events: past.events }
}

const task = (id: number) => ({ comm: `task${String(id)}`, tgid: id })

class Player {
  readonly decoder = createTraceDecoder()
  readonly tasks = new Map([1, 2, 3, 4, 5, 6].map((id) => [id, task(id)]))
  constructor(
    readonly fold: Fold,
    readonly monitor: MonitorState
  ) {}

  do(deed: Deed, usec: number): void {
    switch (deed.kind) {
      case 'step':
        this.tasks.set(deed.id, task(deed.id))
        this.#feed(
          traceLine(
            0,
            usec,
            `event_m: ${String(deed.id)}: ${STATES[deed.from] ?? ''} x ${EVENTS[deed.event] ?? ''} -> ${STATES[deed.to] ?? ''}`
          )
        )
        break
      case 'error':
        this.#feed(
          traceLine(
            0,
            usec,
            `error_m: ${String(deed.id)}: event ${EVENTS[deed.event] ?? ''} not expected in the state ${STATES[deed.state] ?? ''}`
          )
        )
        break
      case 'loss':
        this.#feed('CPU:0 [LOST 3 EVENTS]\n')
        break
      case 'reset':
        this.fold.reset(this.monitor, false)
        break
      case 'exit':
        this.tasks.delete(deed.id)
        for (let i = 0; i < 2; i++) {
          this.monitor.tasksAre(this.tasks, this.fold.sec, this.fold.nsec)
        }
        break
    }
  }

  #feed(text: string): void {
    this.decoder.decode(new TextEncoder().encode(text), (batch) => {
      this.fold.fold(batch)
    })
  }
}

function lanes(monitor: MonitorState, query: LaneQuery): LaneColumns {
  const work = laneColumns(monitor.history, query, monitor.states.names.length)
  let step = work.next()
  while (step.done !== true) step = work.next()
  return step.value
}

describe('the state at a moment', () => {
  it('is what the live state was then, whatever happened', () => {
    fc.assert(
      fc.property(fc.array(deed, { minLength: 1, maxLength: 120 }), (deeds) => {
        const { fold, monitor } = setUp()
        const player = new Player(fold, monitor)
        const seen: [number, unknown][] = []
        deeds.forEach((one, i) => {
          // What has no time of its own happens at that of the newest event.
          player.do(one, 1000 + i * 10)
          seen.push([fold.sec * 1e9 + fold.nsec, picture(monitor)])
        })
        const last = new Map(seen)
        for (const [time, expected] of last) {
          if (monitor.history.chunks.length === 0) continue
          if (time < (monitor.history.chunks[0]?.base ?? 0)) continue
          expect(pictureAt(monitor, time)).toEqual(expected)
          // Between two events it is that of the earlier one.
          expect(pictureAt(monitor, time + 5_000)).toEqual(expected)
        }
      })
    )
  })

  it('goes through many chunks, and tells a row that was another task from what it is now', () => {
    const { monitor } = setUp()
    const { history, instances } = monitor
    const a = instances.rowOf(100)
    instances.setLabel(a, 'first', 0)
    const edge = monitor.edges.add(monitor.states.indexOfText('a'), 0, 1)
    for (let i = 1; i <= 100_000; i++) {
      history.prepare(0, i * 100)
      history.step(a, edge, false, 0, i * 100)
      instances.transitions[a] = i
    }
    expect(history.chunks.length).toBeGreaterThan(2)
    expect(history.at(5_000_000)?.past.transitions[a]).toBe(50_000)
    instances.sweep(() => false)
    const b = instances.rowOf(200)
    instances.setLabel(b, 'second', 0)
    expect(b).toBe(a)
    history.step(b, edge, false, 0, 20_000_000)
    const then = history.at(9_000_000)
    expect([then?.ids[a], then?.labels]).toEqual([100, [{ index: a, label: 'first' }]])
    const now = history.at(20_000_000)
    expect([now?.ids[a], now?.labels, now?.past.transitions[a]]).toEqual([200, [], 1])
  })

  it('counts violations until then, those of a row that was another task left out', () => {
    const { violations } = setUp().monitor.history
    violations.add(10, 3, 0, 1)
    violations.add(20, 3, 0, 2)
    violations.reset(25, 3)
    violations.add(30, 3, 1, 3)
    const at = (time: number) => {
      const { byRow, refused, total } = violations.countsAt(time, 4, 2)
      return [byRow[3], [...refused], total]
    }
    expect(at(20)).toEqual([2, [2, 0], 2])
    expect(at(30)).toEqual([1, [2, 1], 3])
    expect(violations.time[violations.find(10, 1, 3)]).toBe(20)
    expect(violations.time[violations.find(30, -1, null)]).toBe(20)
    expect(violations.find(30, 1, null)).toBe(-1)
  })
})

describe('memory', () => {
  it('stays within its bound, and what is kept stays right; the busiest gives first', () => {
    const limit = 3_000_000
    const budget = new HistoryBudget(limit)
    const { fold, monitor } = setUp(budget)
    const quiet = fold.addMonitor({ ...monitor.info, name: 'q', fullName: 'q' })
    const step = (state: MonitorState, nsec: number): void => {
      const row = state.instances.rowOf(1)
      const edge = state.edges.add(0, 0, 1)
      state.history.prepare(1, nsec)
      state.history.step(row, edge, false, 1, nsec)
      state.instances.state[row] = 1
    }
    step(quiet, 1)
    for (let i = 0; i < 1_000_000; i++) step(monitor, i)
    expect(budget.bytes).toBeLessThanOrEqual(limit)
    const { keptFrom } = monitor.history
    expect(keptFrom).toBeGreaterThan(1e9)
    expect(monitor.history.at(keptFrom - 1)).toBeUndefined()
    expect(monitor.history.at(keptFrom)?.past.state[0]).toBe(1)
    expect(quiet.history.keptFrom).toBe(0)
    expect(quiet.history.at(1e9 + 1)?.past.state[0]).toBe(1)
  })
})

describe('lanes', () => {
  it('have the state that took most of each column, changes, losses, and what is not known', () => {
    const { fold, monitor } = setUp()
    const player = new Player(fold, monitor)
    player.do({ kind: 'step', id: 1, from: 0, event: 0, to: 1 }, 100)
    player.do({ kind: 'step', id: 1, from: 1, event: 0, to: 2 }, 210)
    player.do({ kind: 'step', id: 1, from: 2, event: 0, to: 1 }, 220)
    player.do({ kind: 'step', id: 1, from: 1, event: 0, to: 1 }, 300)
    player.do({ kind: 'loss' }, 0)
    player.do({ kind: 'step', id: 1, from: 1, event: 0, to: 2 }, 350)
    const { names } = monitor.states
    const out = lanes(monitor, {
      rows: Uint32Array.of(0),
      from: 0,
      to: 400_000,
      columns: 4
    })
    const name = (s: number): string => (s < 0 ? String(s) : (names[s] ?? ''))
    expect([...out.state].map(name)).toEqual(['-1', 'b', 'b', String(LANE_UNKNOWN)])
    expect([...out.unknown]).toEqual([0, 0, 0, 1])
    expect([...out.changes]).toEqual([0, 1, 2, 2])
    expect([...out.total]).toEqual([0, 1, 2, 2])
    expect([...out.losses]).toEqual([0, 0, 0, 1])
  })

  it('account for all of the time, as a replay of every moment would', () => {
    fc.assert(
      fc.property(
        fc.array(deed, { minLength: 1, maxLength: 80 }),
        fc.integer({ min: 1, max: 30 }),
        (deeds, columns) => {
          const { fold, monitor } = setUp()
          const player = new Player(fold, monitor)
          deeds.forEach((one, i) => {
            player.do(one, 1000 + i * 10)
          })
          if (monitor.history.chunks.length === 0) return
          // A column for each event or so: its state is that of a moment within it.
          const from = 1_000_000
          const width = 10_000 / columns
          const to = monitor.history.newest
          const n = Math.floor((to - from) / width)
          if (n < 1) return
          const rows = Uint32Array.from({ length: monitor.instances.length }, (_, row) => row)
          const out = lanes(monitor, { rows, from, to: from + n * width, columns: n })
          for (let c = 0; c < n; c++) {
            const then = monitor.history.at(from + (c + 0.5) * width)?.past
            for (const row of rows) {
              const unsure = then?.unsure[row] === 1
              const expected = unsure ? LANE_UNKNOWN : (then?.state[row] ?? -1)
              expect(out.state[row * n + c]).toBe(expected)
            }
          }
        }
      ),
      { numRuns: 60 }
    )
  })

  it('find the next change of a row in both directions', () => {
    const { fold, monitor } = setUp()
    const player = new Player(fold, monitor)
    player.do({ kind: 'step', id: 1, from: 0, event: 0, to: 1 }, 100)
    player.do({ kind: 'step', id: 2, from: 0, event: 0, to: 1 }, 200)
    player.do({ kind: 'step', id: 1, from: 1, event: 0, to: 2 }, 300)
    const { history } = monitor
    const state = monitor.states.indexOfText('c')
    const event = monitor.events.indexOfText('x')
    expect(findChange(history, 0, 100_000, 1)).toEqual({ at: 300_000, state, event })
    expect(findChange(history, 0, 300_000, -1)?.at).toBe(100_000)
    expect(findChange(history, 0, 300_000, 1)).toBeNull()
    expect(findChange(history, 1, 0, 1)?.at).toBe(200_000)
  })
})
