import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Automaton } from '../model/automaton'
import type { Violation } from '../contract/state'
import { createObserverService } from './service'
import { FakeClock } from './testing/fake-clock'
import { FakePort } from './testing/fake-port'
import { known, wip, wwnr } from './testing/models'
import { traceLine } from './testing/trace-text'
import { WindowEnd } from './testing/window-end'

const models = [known(wip, 'per_cpu'), known(wwnr, 'per_task')]
const drawings = new Map(models.map((model) => [model.automaton.name, model] as const))

/** One tracepoint: `dt` µs after the one before, on a CPU, in the context of a task, concerning a task. */
const hit = fc.record({
  dt: fc.integer({ min: 5, max: 40 }),
  cpu: fc.integer({ min: 0, max: 2 }),
  context: fc.integer({ min: 1, max: 3 }),
  task: fc.integer({ min: 1, max: 3 }),
  monitor: fc.constantFrom(wip, wwnr),
  event: fc.integer({ min: 0, max: 2 })
})
type Hit = typeof hit extends fc.Arbitrary<infer T> ? T : never

interface Line {
  readonly usec: number
  readonly cpu: number
  readonly task: string
  readonly text: string
}

interface Step {
  readonly usec: number
  readonly cpu: number
  readonly from: string
  readonly event: string
  readonly to: string
}

interface Expected {
  readonly lines: Line[]
  readonly errors: { readonly line: Line; readonly path: Step[]; readonly context: string[] }[]
  readonly states: Map<Automaton, Map<number, string | undefined>>
  readonly edges: Map<Automaton, Map<string, number>>
  readonly refused: Map<Automaton, Map<string, number>>
}

/** What the kernel prints for the hits, and what a reader with all the time in the world makes of it. */
function replay(hits: readonly Hit[]): Expected {
  const expected: Expected = {
    lines: [],
    errors: [],
    states: new Map([wip, wwnr].map((m) => [m, new Map<number, string | undefined>()])),
    edges: new Map([wip, wwnr].map((m) => [m, new Map<string, number>()])),
    refused: new Map([wip, wwnr].map((m) => [m, new Map<string, number>()]))
  }
  const paths = new Map<string, Step[]>()
  let usec = 1_000_000
  for (const { dt, cpu, context, task, monitor, event } of hits) {
    usec += dt
    const id = monitor === wip ? cpu : task
    const key = `${monitor.name} ${String(id)}`
    const path = paths.get(key) ?? []
    paths.set(key, path)
    const states = expected.states.get(monitor)
    const from = states?.get(id) ?? monitor.states[0] ?? ''
    const next = monitor.table[monitor.states.indexOf(from) * 3 + event] ?? -1
    const name = monitor.events[event] ?? ''
    const prefix = monitor === wip ? '' : `${String(id)}: `
    const isError = next < 0
    const to = monitor.states[next] ?? ''
    const line: Line = {
      usec,
      cpu,
      task: `comm${String(context)}-${String(context)}`,
      text: isError
        ? `error_${monitor.name}: ${prefix}event ${name} not expected in the state ${from}`
        : `event_${monitor.name}: ${prefix}${from} x ${name} -> ${to}${next === 0 ? ' (final)' : ''}`
    }
    if (isError) {
      const before = expected.lines.filter((other) => other.cpu === cpu).slice(-23)
      const lines = [...before, line].map((other) => `${String(other.usec)} ${other.text}`)
      expected.errors.push({ line, path: path.slice(-16), context: lines })
      states?.set(id, undefined)
      count(expected.refused.get(monitor), `${from} ${name}`)
    } else {
      path.push({ usec, cpu, from, event: name, to })
      states?.set(id, to)
      count(expected.edges.get(monitor), `${from} ${name} ${to}`)
    }
    expected.lines.push(line)
  }
  return expected
}

function count(map: Map<string, number> | undefined, key: string): void {
  map?.set(key, (map.get(key) ?? 0) + 1)
}

function print(lines: readonly Line[], later = 0): Uint8Array {
  const text = lines.map((line) => traceLine(line.cpu, line.usec + later, line.text, line.task))
  return new TextEncoder().encode(text.join(''))
}

function usecOf(time: { readonly sec: number; readonly nsec: number }): number {
  return time.sec * 1e6 + time.nsec / 1000
}

function shown(violation: Violation): Omit<Expected['errors'][number], 'line'> {
  return {
    path: violation.path.map((step) => ({
      usec: usecOf(step),
      cpu: step.cpu,
      from: step.from,
      event: step.event,
      to: step.to
    })),
    context: violation.context.map((line) => `${String(usecOf(line))} ${line.text}`)
  }
}

/** What happens next: bytes of one of the two streams, time, or a window that asks for everything. */
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ stream: fc.constant('-ev'), bytes: fc.nat(2000) }) },
  { weight: 3, arbitrary: fc.record({ stream: fc.constant('-viol'), bytes: fc.nat(400) }) },
  { weight: 2, arbitrary: fc.record({ wait: fc.integer({ min: 1, max: 700 }) }) },
  { weight: 1, arbitrary: fc.constant({ resync: true }) }
)

it('snapshot and batches equal a naive replay, however the streams are cut and interleaved', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(hit, { minLength: 1, maxLength: 150 }),
      fc.array(happening, { maxLength: 25 }),
      // Each instance stamps a record itself.
      fc.integer({ min: 0, max: 2 }),
      async (hits, happenings, later) => {
        const expected = replay(hits)
        const port = new FakePort([
          { name: 'wip', enabled: true },
          { name: 'wwnr', shape: 'da-id', enabled: true }
        ])
        const clock = new FakeClock()
        const service = createObserverService({
          models,
          drawings,
          stateDir: '/nowhere',
          clock,
          openTarget: () => Promise.resolve(port)
        })
        const window = new WindowEnd(service)
        window.hello()
        const target = { kind: 'sim', settings: { cpus: 3, tasks: 3, seed: 0 } } as const
        await window.ask({ op: 'connect', target })
        const rest = new Map([
          ['-ev', print(expected.lines)],
          [
            '-viol',
            print(
              expected.errors.map((error) => error.line),
              later
            )
          ]
        ])
        const push = (stream: string, bytes: number): void => {
          const left = rest.get(stream) ?? new Uint8Array()
          if (bytes > 0 && left.length > 0) port.pipe(stream).push(left.slice(0, bytes))
          rest.set(stream, left.slice(bytes))
        }
        for (const next of happenings) {
          if ('stream' in next) push(next.stream, next.bytes)
          else if ('wait' in next) await clock.advance(next.wait / 4)
          else window.post({ type: 'resync' })
        }
        push('-viol', Infinity)
        await clock.advance(20)
        push('-ev', Infinity)
        await clock.advance(1500)

        for (const monitor of [wip, wwnr]) {
          const view = window.monitors.get(monitor === wip ? 0 : 1)
          if (view === undefined) throw new Error('no monitor')
          expect(new Map(Object.entries(view.current()))).toEqual(
            new Map([...(expected.states.get(monitor) ?? [])].map(([id, s]) => [String(id), s]))
          )
          expect(view.edges).toEqual(expected.edges.get(monitor))
          expect(view.refused).toEqual(expected.refused.get(monitor))
        }
        expect(window.violations.size).toBe(expected.errors.length)
        const violations = [...window.violations.values()].sort((a, b) => a.seq - b.seq)
        expected.errors.forEach((error, i) => {
          const violation = violations[i]
          if (violation === undefined) throw new Error('a violation is missing')
          expect(violation.seq).toBe(i + 1)
          const { path, context } = shown(violation)
          expect(path).toEqual(error.path)
          // Its own line carries the time of the instance of violations.
          expect(context.slice(0, -1)).toEqual(error.context.slice(0, -1))
          expect(context.at(-1)).toBe(`${String(error.line.usec + later)} ${error.line.text}`)
          expect(violation.context.filter((line) => line.here)).toHaveLength(1)
        })
        expect(window.batch.accounts).toMatchObject({
          events: expected.lines.length,
          violations: expected.errors.length,
          lostKernel: 0,
          malformed: 0
        })
        await service.close()
      }
    ),
    { numRuns: 100 }
  )
}, 120_000)
