import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { codeOf, fallsSilent, INSTANCE, keepBusy, LineCollector } from './kit'
import type { Fixture } from './suite'

const HEAD = String.raw`^ *.{1,16}-\d+ +\[\d{3}\] [^ ]{4,6} +\d+\.\d{6}: `
const STALL = new RegExp(`${HEAD}event_stall: (\\d+): (\\w+) x (\\w+) -> (\\w+)( \\(final\\))?$`)
const OPID = new RegExp(
  `${HEAD}event_opid: any x (sched_need_resched|sched_waking) -> any \\(final\\)$`
)
const PAGEFAULT = new RegExp(
  `${HEAD}event_pagefault: (.+)\\[(\\d+)\\]: \\((.*)\\) x \\((.*)\\) -> \\((.*)\\)$`
)

const STALL_MODEL = new Set([
  'dequeued x sched_wakeup -> enqueued',
  'enqueued x sched_wakeup -> enqueued',
  'enqueued x sched_switch_in -> running',
  'running x sched_switch_in -> running',
  'running x sched_wakeup -> running',
  'running x sched_switch_wait -> dequeued (final)',
  'running x sched_switch_preempt -> enqueued'
])

/** What is the same for hybrid automata and for temporal logic on every kernel, and what is not. */
export function classes(fixture: Fixture): void {
  let open: LineCollector[] = []
  let busy: AbortController
  let done: Promise<void>

  const collect = async (...events: readonly string[]): Promise<LineCollector> => {
    const { port } = fixture.rv
    for (const event of events) {
      await port.write(`${INSTANCE}/events/rv/${event}/enable`, '1', 'append')
    }
    const lines = new LineCollector(await port.stream(`${INSTANCE}/trace_pipe`))
    open.push(lines)
    return lines
  }

  describe('lines of', () => {
    beforeEach(async () => {
      open = []
      const { port } = fixture.rv
      await codeOf(port.rmdir(INSTANCE))
      await port.mkdir(INSTANCE)
      busy = new AbortController()
      done = keepBusy(fixture.rv, busy.signal)
    })
    afterEach(async () => {
      busy.abort()
      await done
      const { rv } = fixture
      await rv.overwrite('enabled_monitors', '\n')
      await Promise.all(open.map((lines) => lines.close()))
      await rv.port.rmdir(INSTANCE)
    })

    it('a per-task hybrid automaton follow its model, each task for itself', async () => {
      const { rv } = fixture
      const lines = await collect('event_stall', 'error_stall')
      await rv.append('enabled_monitors', 'stall')
      const found = await lines.count((line) => line.includes(': event_stall: '), 60)
      const states = new Map<string, string>()
      for (const line of found) {
        const match = STALL.exec(line)
        expect(match, line).not.toBeNull()
        const [, id = '', state = '', event, next = '', final = ''] = match ?? []
        expect(STALL_MODEL).toContain(`${state} x ${event} -> ${next}${final}`)
        // The start event itself is not traced: it ends in the initial state.
        expect([line, state]).toEqual([line, states.get(id) ?? 'dequeued'])
        states.set(id, next)
      }
      expect(lines.lines.filter((line) => line.includes(': error_stall: '))).toEqual([])
    })

    it('a per-CPU hybrid automaton have no id, and a guard that holds', async () => {
      const { rv } = fixture
      const lines = await collect('event_opid', 'error_env_opid')
      await rv.append('enabled_monitors', 'opid')
      const isEvent = (line: string): boolean => line.includes(': event_opid: ')
      for (const line of await lines.count(isEvent, 40)) expect(line).toMatch(OPID)
      expect(lines.lines.filter((line) => line.includes('error_env'))).toEqual([])
    })

    it('temporal logic name the task, its states and its atoms', async () => {
      const { rv } = fixture
      const lines = await collect('event_pagefault')
      await rv.append('enabled_monitors', 'pagefault')
      const isEvent = (line: string): boolean => line.includes(': event_pagefault: ')
      // A pulse is two lines: with the atom, and without it again.
      const last = new Map<string, string>()
      for (const line of await lines.count(isEvent, 60)) {
        const match = PAGEFAULT.exec(line)
        expect(match, line).not.toBeNull()
        const [, , pid = '', states, atoms = '', next] = match ?? []
        expect([states, next]).toEqual(['0', '0'])
        expect(['pa', '']).toContain(atoms)
        if (atoms === '') expect([line, last.get(pid) ?? 'pa']).toEqual([line, 'pa'])
        else expect([line, last.get(pid) ?? '']).toEqual([line, ''])
        last.set(pid, atoms)
      }
    })

    it('temporal logic go on while monitoring_on is off; those of automata do not', async () => {
      const { rv } = fixture
      const lines = await collect('event_pagefault', 'event_stall')
      await rv.append('enabled_monitors', 'pagefault')
      await rv.append('enabled_monitors', 'stall')
      const isStall = (line: string): boolean => line.includes(': event_stall: ')
      const isPagefault = (line: string): boolean => line.includes(': event_pagefault: ')
      await lines.count(isStall, 10)
      await lines.count(isPagefault, 10)
      await rv.append('monitoring_on', '0')
      expect(await fallsSilent(rv, lines, isStall)).toBe(true)
      await lines.count(isPagefault, 10, lines.lines.length)
      await rv.append('monitoring_on', '1')
      const from = lines.lines.length
      await lines.count(isStall, 10, from)
    })

    it('temporal logic stop with the monitor', async () => {
      const { rv } = fixture
      const lines = await collect('event_pagefault')
      await rv.append('enabled_monitors', 'rtapp')
      const isEvent = (line: string): boolean => line.includes(': event_pagefault: ')
      await lines.count(isEvent, 10)
      await rv.append('enabled_monitors', '!pagefault')
      expect(await fallsSilent(rv, lines, isEvent)).toBe(true)
    })
  })
}
