import { beforeEach, describe, expect, it } from 'vitest'
import type { Violation } from '../contract/state'
import { createTraceDecoder, type TraceDecoder } from '../trace'
import { DetailStore } from './details'
import { Fold } from './fold'
import { known, wip, wwnr } from './testing/models'
import { traceLine } from './testing/trace-text'
import type { RvMonitor } from './tree'
import { ViolationStore } from './violation-store'
import { Violations } from './violations'

function monitor(name: string, shape: Partial<RvMonitor> = {}): RvMonitor {
  return {
    name,
    fullName: name,
    parent: undefined,
    path: `rv/monitors/${name}`,
    class: 'da',
    type: 'per_cpu',
    description: '',
    enabled: true,
    reactor: 'nop',
    events: { event: `event_${name}`, error: `error_${name}`, errorEnv: undefined },
    hasId: false,
    ...shape
  }
}

let now = 0
let violations: Violations
let fold: Fold
let eventDecoder: TraceDecoder
let violationDecoder: TraceDecoder
let seen: Map<number, Violation>

function setUp(limit?: number, details = new DetailStore()): void {
  now = 0
  violations = new Violations(() => now, details, new ViolationStore(details, limit))
  const models = new Map([wip, wwnr].map((m) => [m.name, known(m, 'per_cpu')] as const))
  fold = new Fold(models, violations)
  violations.attach(fold)
  fold.addMonitor(monitor('wip'))
  fold.addMonitor(monitor('wwnr', { type: 'per_task', hasId: true }))
  fold.addMonitor(monitor('sleep', { class: 'ltl', type: 'per_task', hasId: true }))
  fold.addMonitor(monitor('stall', { class: 'ha', type: 'per_task', hasId: true }))
  eventDecoder = createTraceDecoder()
  violationDecoder = createTraceDecoder()
  seen = new Map()
}
beforeEach(() => {
  setUp()
})

function events(text: string): void {
  eventDecoder.decode(new TextEncoder().encode(text), (batch) => {
    fold.fold(batch)
  })
}

function errors(text: string): void {
  violationDecoder.decode(new TextEncoder().encode(text), (batch) => {
    violations.add(batch)
  })
}

/** What a frame brings; kept in `seen` as a window keeps it. */
function frame(all = false): { violations: Violation[]; completed: Violation[] } {
  violations.tick()
  const taken = violations.take(all)
  for (const violation of [...taken.violations, ...taken.completed])
    seen.set(violation.seq, violation)
  return taken
}

function stateOf(monitorIndex: number, id: number): string | undefined {
  const state = fold.monitors[monitorIndex]
  if (state === undefined) return undefined
  return state.states.names[state.instances.state[state.instances.find(id)] ?? -1]
}

const DISABLE = 'event_wip: preemptive x preempt_disable -> non_preemptive'
const ENABLE = 'event_wip: non_preemptive x preempt_enable -> preemptive (final)'
const ERROR = 'error_wip: event sched_waking not expected in the state preemptive'

describe('a violation', () => {
  it('is told again, with all that led to it, as long as it is kept', () => {
    setUp(2)
    for (let i = 1; i <= 3; i++) {
      errors(traceLine(1, i * 1000, ERROR))
      events(traceLine(1, i * 1000 - 10, DISABLE) + traceLine(1, i * 1000, ERROR))
      frame()
    }
    expect([violations.one(0), violations.one(1), violations.one(4)]).toEqual([null, null, null])
    expect(violations.one(2)).toEqual(seen.get(2))
    expect(violations.one(3)?.path.at(-1)).toMatchObject({
      event: 'preempt_disable',
      nsec: 2_990_000
    })
  })

  it('is announced at once and completed when the event stream comes to it', () => {
    errors(traceLine(1, 100, ERROR))
    const first = frame()
    expect(first.violations).toMatchObject([{ seq: 1, path: [], context: [] }])
    events(traceLine(1, 90, DISABLE) + traceLine(1, 95, ENABLE) + traceLine(1, 100, ERROR))
    const second = frame()
    expect(second.violations).toEqual([])
    expect(second.completed).toMatchObject([
      {
        seq: 1,
        path: [
          { from: 'preemptive', event: 'preempt_disable', to: 'non_preemptive' },
          { from: 'non_preemptive', event: 'preempt_enable', to: 'preemptive' }
        ]
      }
    ])
    expect(second.completed[0]?.context.map((line) => line.text)).toEqual([DISABLE, ENABLE, ERROR])
    expect(violations.isWaiting).toBe(false)
  })

  it('whose line the event stream lost is completed when that has passed it', () => {
    events(traceLine(1, 90, DISABLE))
    errors(traceLine(1, 100, ERROR))
    frame()
    events(traceLine(2, 50_000, DISABLE))
    expect(frame().completed).toMatchObject([{ path: [{ event: 'preempt_disable' }] }])
    // The instance has not been monitoring since.
    expect(stateOf(0, 1)).toBeUndefined()
    expect(violations.isWaiting).toBe(false)
  })

  it('does not stop an instance that has moved on since', () => {
    errors(traceLine(1, 100, ERROR))
    events(traceLine(1, 50_000, DISABLE))
    frame()
    expect(stateOf(0, 1)).toBe('non_preemptive')
  })

  it('is completed after half a second from what is known, and again when more is', () => {
    events(traceLine(1, 90, DISABLE))
    errors(traceLine(1, 100, ERROR))
    frame()
    now = 499
    expect(frame().completed).toEqual([])
    now = 500
    expect(frame().completed[0]?.path).toHaveLength(1)
    now = 600
    expect(frame().completed).toEqual([])
    events(traceLine(1, 95, ENABLE) + traceLine(1, 100, ERROR))
    expect(frame().completed[0]?.path).toHaveLength(2)
  })

  it('that the event stream showed first is complete when it arrives', () => {
    events(traceLine(1, 90, DISABLE) + traceLine(1, 100, ERROR) + traceLine(1, 110, DISABLE))
    errors(traceLine(1, 101, ERROR))
    const taken = frame()
    expect(taken.completed).toEqual([])
    expect(taken.violations[0]?.path).toHaveLength(1)
    expect(taken.violations[0]?.context.map((line) => line.text)).toEqual([DISABLE, ERROR])
  })

  it('of a task has its id and the name of the task, whoever caused it', () => {
    events(traceLine(0, 10, 'event_wwnr: 7: not_running x switch_in -> running', 'seven-7'))
    errors(
      traceLine(0, 20, 'error_wwnr: 7: event wakeup not expected in the state running', 'irq-9')
    )
    frame()
    expect(seen.get(1)).toMatchObject({ id: 7, label: 'seven', pid: 9, comm: 'irq', monitor: 1 })
    expect(seen.get(1)?.text).toBe(
      '             irq-9       [000] d..2.     0.000020: error_wwnr: 7: event wakeup not expected in the state running'
    )
  })

  it('of an LTL monitor takes state and atoms from the event before it', () => {
    events(
      traceLine(0, 10, 'event_sleep: rt[7]: (0,4) x (rt,us_th) -> (1)') +
        traceLine(0, 11, 'event_sleep: rt[7]: (1) x (rt,sle) -> ()') +
        traceLine(0, 12, 'error_sleep: rt[7]: violation detected')
    )
    errors(traceLine(0, 12, 'error_sleep: rt[7]: violation detected'))
    frame()
    expect(seen.get(1)).toMatchObject({
      kind: 'ltl',
      id: 7,
      label: 'rt',
      state: '1',
      event: 'rt,sle'
    })
    expect(seen.get(1)?.context.map((line) => line.text)).toEqual([
      'event_sleep: rt[7]: (0,4) x (rt,us_th) -> (1)',
      'event_sleep: rt[7]: (1) x (rt,sle) -> ()',
      'error_sleep: rt[7]: violation detected'
    ])
    expect(stateOf(2, 7)).toBeUndefined()
  })

  it('of a constraint has its environment', () => {
    const text =
      'error_env_stall: 7: event none not expected in the state enqueued with env clk=1000'
    events(traceLine(0, 12, text))
    errors(traceLine(0, 12, text))
    frame()
    expect(seen.get(1)).toMatchObject({ kind: 'error_env', event: 'none', env: 'clk=1000' })
    expect(seen.get(1)?.context.at(-1)?.text).toBe(text)
  })

  it('by retries counts as one, of no instance in particular', () => {
    const text = 'rv_retries_error: 3 retries reached for event wakeup, resetting monitor wwnr'
    events(traceLine(0, 12, text))
    errors(traceLine(0, 12, text))
    frame()
    expect(seen.get(1)).toMatchObject({ kind: 'retries', monitor: 1, id: null, event: 'wakeup' })
    expect(fold.monitors[1]?.instances.length).toBe(0)
  })

  it('of a monitor that the target did not list is counted as malformed', () => {
    errors(traceLine(0, 12, 'error_ghost: event a not expected in the state b'))
    expect(violations.total).toBe(0)
    expect(violations.malformed).toBe(1)
  })
})

describe('a flood', () => {
  it('cannot push one out before the window has it, and comes in pieces', () => {
    const text = Array.from({ length: 2000 }, (_, i) => traceLine(i % 4, 100 + i * 20, ERROR)).join(
      ''
    )
    errors(text)
    events(text)
    let frames = 0
    while (violations.hasNews && frames < 100) {
      expect(frame().violations.length).toBeLessThanOrEqual(256)
      frames++
    }
    expect([...seen.keys()]).toEqual(Array.from({ length: 2000 }, (_, i) => i + 1))
    expect(seen.get(2000)?.context).toHaveLength(24)
    expect(violations.isWaiting).toBe(false)
  }, 60_000)

  it('is kept within its bound, and what was not kept is counted', () => {
    setUp(100, new DetailStore(64))
    for (let i = 0; i < 1000; i++) {
      errors(traceLine(0, 100 + i * 2000, ERROR))
      events(traceLine(0, 100 + i * 2000, ERROR))
    }
    while (violations.hasNews) frame()
    expect([...seen.keys()]).toEqual(Array.from({ length: 100 }, (_, i) => 901 + i))
    expect(violations.notSent).toBe(900)
    expect(violations.total).toBe(1000)
    expect(fold.monitors[0]?.violationCount).toBe(1000)
    // The older ones of them keep their line, the newer ones path and context too.
    expect(seen.get(901)?.text).toContain('error_wip')
    expect(seen.get(1000)?.context).toHaveLength(24)
  }, 60_000)

  it('on one stream alone does not wait without end', () => {
    for (let i = 0; i < 20_000; i++) events(traceLine(0, 100 + i * 20, ERROR))
    frame()
    for (let i = 0; i < 20_000; i++) errors(traceLine(1, 10_000_000 + i * 20, ERROR))
    now = 11_000
    while (violations.hasNews) frame()
    expect(violations.isWaiting).toBe(false)
    expect(seen.size).toBe(20_000)
  }, 60_000)
})
