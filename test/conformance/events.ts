import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { codeOf, fallsSilent, INSTANCE, keepBusy, LineCollector } from './kit'
import type { Fixture } from './suite'

/** Head of a trace line: comm, pid, CPU, latency flags, seconds and microseconds. */
const HEAD = String.raw`^ *(.{1,16})-(\d+) +\[(\d{3})\] ([^ ]{4,6}) +(\d+)\.(\d{6}): `
const WIP_EVENT = new RegExp(`${HEAD}event_wip: (\\w+) x (\\w+) -> (\\w+)( \\(final\\))?$`)
const WWNR_EVENT = new RegExp(
  `${HEAD}event_wwnr: (\\d+): (\\w+) x (\\w+) -> (\\w+)( \\(final\\))?$`
)

const WIP = new Set([
  'preemptive x preempt_disable -> non_preemptive',
  'non_preemptive x sched_waking -> non_preemptive',
  'non_preemptive x preempt_enable -> preemptive (final)'
])
const WWNR = new Set([
  'not_running x wakeup -> not_running (final)',
  'not_running x switch_in -> running',
  'running x switch_out -> not_running (final)'
])

const isOf =
  (...names: readonly string[]) =>
  (line: string): boolean =>
    names.some((name) => line.includes(`: ${name}: `))

/** Trace events and reactions of monitors that run. */
export function events(fixture: Fixture, violated: string | undefined): void {
  let open: LineCollector[] = []

  /**
   * Follows trace_pipe: everything, which following it makes more of without end, or
   * without the bridge's own tasks. Then a CPU that switches to or from one of these
   * has a piece of its sequence missing.
   */
  const collect = async (what: 'all' | 'others' = 'others'): Promise<LineCollector> => {
    const { port } = fixture.rv
    const lines = new LineCollector(await port.stream(`${INSTANCE}/trace_pipe`))
    open.push(lines)
    if (what === 'all') return lines
    const own = await port.ownPids()
    if (own.length > 0) {
      await port.write(`${INSTANCE}/set_event_notrace_pid`, own.join(' '), 'truncate')
    }
    return lines
  }
  const traceEvent = (event: string): Promise<void> =>
    fixture.rv.port.write(`${INSTANCE}/events/rv/${event}/enable`, '1', 'append')

  describe('trace events', () => {
    beforeEach(async () => {
      open = []
      const { port } = fixture.rv
      // Of a run that was cut off.
      await codeOf(port.rmdir(INSTANCE))
      await port.mkdir(INSTANCE)
    })
    afterEach(async () => {
      const { rv } = fixture
      await rv.overwrite('enabled_monitors', '\n')
      await Promise.all(open.map((lines) => lines.close()))
      await rv.port.rmdir(INSTANCE)
    })

    it('of an instance that is there already cannot be made twice', async () => {
      expect(await codeOf(fixture.rv.port.mkdir(INSTANCE))).toBe('EEXIST')
    })

    it('come when a monitor is enabled, and each CPU starts in the initial state', async () => {
      const { rv } = fixture
      await traceEvent('event_wip')
      const lines = await collect('all')
      await rv.append('enabled_monitors', 'wip')
      const found = (await lines.count(isOf('event_wip'), 100)).slice(0, 100)
      const seen = new Set<string>()
      let last = 0
      for (const line of found) {
        const match = WIP_EVENT.exec(line)
        expect(match, line).not.toBeNull()
        const [, , , cpu = '', , sec, usec, state, event, next, final = ''] = match ?? []
        expect(WIP).toContain(`${state} x ${event} -> ${next}${final}`)
        if (!seen.has(cpu)) expect(state).toBe('preemptive')
        seen.add(cpu)
        const time = Number(sec) * 1_000_000 + Number(usec)
        expect(time).toBeGreaterThanOrEqual(last)
        last = time
      }
      for (const cpu of seen) expect(Number(cpu)).toBeLessThan(256)
    })

    it('of a CPU follow each other through the model', async () => {
      const { rv } = fixture
      await traceEvent('event_wip')
      await traceEvent('error_wip')
      const lines = await collect('all')
      await rv.append('enabled_monitors', 'wip')
      const found = await lines.count(isOf('event_wip'), 300)
      const states = new Map<string, string>()
      for (const line of lines.lines) {
        const match = WIP_EVENT.exec(line)
        if (match === null) {
          // After a violation or lost lines nothing is known until the next event.
          states.clear()
          continue
        }
        const [, , , cpu = '', , , , state = '', , next = ''] = match
        expect(state, line).toBe(states.get(cpu) ?? state)
        states.set(cpu, next)
      }
      expect(found.length).toBeGreaterThanOrEqual(300)
    })

    it('of a per-task monitor carry the task’s pid', async () => {
      const { rv } = fixture
      await traceEvent('event_wwnr')
      const lines = await collect()
      await rv.append('enabled_monitors', 'wwnr')
      // What sleeps in a pipe or a socket is monitored: on a real target the bridge's own shell does.
      const work = new AbortController()
      const done = keepBusy(rv, work.signal)
      try {
        for (const line of await lines.count(isOf('event_wwnr'), 20)) {
          const match = WWNR_EVENT.exec(line)
          expect(match, line).not.toBeNull()
          const [, , , , , , , id, state, event, next, final = ''] = match ?? []
          expect(WWNR).toContain(`${state} x ${event} -> ${next}${final}`)
          expect(Number(id)).toBeGreaterThan(0)
        }
      } finally {
        work.abort()
        await done
      }
    })

    it('stop with monitoring_on off, and start from the initial state when it is on', async () => {
      const { rv } = fixture
      await traceEvent('event_wip')
      const lines = await collect()
      await rv.append('enabled_monitors', 'wip')
      await lines.count(isOf('event_wip'), 20)
      await rv.append('monitoring_on', '0')
      expect(await fallsSilent(rv, lines, isOf('event_wip'))).toBe(true)
      expect(await rv.enabled()).toEqual(['wip'])
      const before = lines.lines.length
      await rv.append('monitoring_on', '1')
      const first = await lines.find(isOf('event_wip'), before)
      expect(first).toContain('event_wip: preemptive x preempt_disable')
    })

    it('stop when the monitor is disabled', async () => {
      const { rv } = fixture
      await traceEvent('event_wip')
      const lines = await collect()
      await rv.append('enabled_monitors', 'wip')
      await lines.count(isOf('event_wip'), 20)
      await rv.append('monitors/wip/enable', '0')
      expect(await fallsSilent(rv, lines, isOf('event_wip'))).toBe(true)
    })

    it('go on with reacting_on off, while the reactions stop', async (context) => {
      if (violated === undefined) return context.skip('no monitor is violated by itself here')
      const { rv } = fixture
      const name = violated.split(':').at(-1) ?? violated
      const directory = violated.replace(':', '/')
      const reaction = new RegExp(
        `^4,\\d+,\\d+,[^;]*;rv: monitor ${name} does not allow event \\w+ on state \\w+$`
      )
      const isError = (line: string): boolean =>
        new RegExp(`: error_${name}: (\\d+: )?event \\w+ not expected in the state \\w+$`).test(
          line
        )
      await traceEvent(`error_${name}`)
      const lines = await collect()
      const log = new LineCollector(await rv.port.kernelLog())
      open.push(log)
      await rv.append(`monitors/${directory}/reactors`, 'printk')
      await rv.append(`monitors/${directory}/enable`, '1')
      // A target that only idles violates nothing.
      const work = new AbortController()
      const done = keepBusy(rv, work.signal)
      try {
        await lines.find(isError)
        await log.find((line) => reaction.test(line))
        await rv.append('reacting_on', '0')
        expect(await fallsSilent(rv, log, (line) => reaction.test(line))).toBe(true)
        const errors = lines.lines.length
        const quiet = log.lines.length
        await lines.find(isError, errors)
        expect(log.lines.slice(quiet).filter((line) => reaction.test(line))).toEqual([])
      } finally {
        work.abort()
        await done
      }
    })
  })
}
