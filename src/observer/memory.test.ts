import { expect, it } from 'vitest'
import { createTraceDecoder } from '../trace'
import { Fold } from './fold'
import { MAX_ROWS } from './instance-table'
import { known, wip, wwnr } from './testing/models'
import { traceLine } from './testing/trace-text'
import type { RvMonitor } from './tree'
import { Violations } from './violations'

function monitor(name: string, hasId: boolean): RvMonitor {
  return {
    name,
    fullName: name,
    parent: undefined,
    path: `rv/monitors/${name}`,
    class: 'da',
    type: hasId ? 'per_task' : 'per_cpu',
    description: '',
    enabled: true,
    reactor: undefined,
    events: { event: `event_${name}`, error: `error_${name}`, errorEnv: undefined },
    hasId
  }
}

/** Typed arrays and objects alike. */
function used(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

it('memory is flat, however many events, errors and tasks come', () => {
  const violations = new Violations(() => 0)
  const models = new Map([wip, wwnr].map((m) => [m.name, known(m, 'per_cpu')] as const))
  const fold = new Fold(models, violations)
  violations.attach(fold)
  fold.addMonitor(monitor('wip', false))
  fold.addMonitor(monitor('wwnr', true))
  const events = createTraceDecoder()
  const errors = createTraceDecoder()
  let usec = 0
  let pid = 0
  const round = (): void => {
    let text = ''
    let errorText = ''
    for (let i = 0; i < 2000; i++) {
      usec += 2
      const cpu = i % 8
      text += traceLine(cpu, usec, 'event_wip: preemptive x preempt_disable -> non_preemptive')
      text += traceLine(
        cpu,
        usec,
        `event_wwnr: ${String(++pid)}: not_running x switch_in -> running`,
        `task${String(pid)}-${String(pid)}`
      )
      if (i % 20 === 0) {
        const error = traceLine(
          cpu,
          usec,
          'error_wip: event sched_waking not expected in the state preemptive'
        )
        text += error
        errorText += error
      }
    }
    events.decode(new TextEncoder().encode(text), (batch) => {
      fold.fold(batch)
    })
    errors.decode(new TextEncoder().encode(errorText), (batch) => {
      violations.add(batch)
    })
    violations.tick()
    violations.take(false)
    fold.takeLog(false)
    for (const state of fold.monitors) {
      state.take(false)
      // Every task is gone by the next round.
      if (state.instances.isFull) state.instances.sweep(() => false)
    }
  }
  // Everything that is bounded reaches its bound: 140,000 tasks and names.
  for (let i = 0; i < 70; i++) round()
  const wwnrRows = fold.monitors[1]?.instances.length
  expect(wwnrRows).toBe(MAX_ROWS)
  const kept = violations.total
  const before = used()
  for (let i = 0; i < 40; i++) round()
  const growth = used() - before
  // What grows is the store of violations, up to its bound: a line, and 1.5 KiB while it is among the newest.
  expect(violations.total - kept).toBe(4000)
  expect(growth).toBeLessThan(60 * 1024 * 1024)
  expect(fold.monitors[1]?.instances.length).toBe(MAX_ROWS)
  expect(fold.events).toBe(2 * 110 * 2000 + violations.total)
}, 120_000)
