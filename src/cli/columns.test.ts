import { describe, expect, it } from 'vitest'
import { createTraceDecoder } from '../trace'
import type { Layout } from './columns'
import { header, line } from './columns'

/** The lines that a trace of these events prints. */
function printed(events: readonly string[], layout: Layout): string[] {
  const decoder = createTraceDecoder()
  const lines: string[] = []
  const text = events.map(
    (event) => `            bash-42      [003] d..2.    12.000345: ${event}\n`
  )
  decoder.decode(new TextEncoder().encode(text.join('')), (batch) => {
    for (let i = 0; i < batch.count; i++) lines.push(line(batch, i, layout))
  })
  return lines
}

/** printf's `%ns` and `%-ns`. */
const right = (text: string, width: number): string => text.padStart(width)
const left = (text: string, width: number): string => text.padEnd(width)

const HEAD = `${right('bash', 16)}-${left('42', 8)} [003] `
const ERROR_HEAD = `${right('42', 8)} [003] `

describe('the columns of rv', () => {
  it('have the header of a per-CPU and of a per-task monitor', () => {
    const rest = `${right('STATE', 24)} x ${left('EVENT', 24)} -> ${left('NEXT_STATE', 24)} FINAL\n`
    const marks = `${right(' | ', 24)}   ${left(' | ', 24)}    ${left(' | ', 24)} |\n`
    const head = `${right('<TASK>', 16)}-${left('PID', 8)} ${right('[CPU]', 5)} ${right('TYPE', 5)} `
    const bars = `${right(' | ', 16)} ${left(' | ', 8)} ${right(' | ', 5)} ${right(' | ', 5)} `
    expect(header({ hasId: false, isContainer: false })).toBe(head + rest + bars + marks)
    expect(header({ hasId: true, isContainer: true })).toBe(
      `${head}${right('ID', 8)} ${rest}${bars}${right(' | ', 8)} ${marks}`
    )
  })

  it('show events and errors of one monitor', () => {
    const lines = printed(
      [
        'event_wip: preemptive x preempt_disable -> non_preemptive',
        'event_wip: non_preemptive x preempt_enable -> preemptive (final)',
        'error_wip: event sched_waking not expected in the state preemptive'
      ],
      { hasId: false, isContainer: false }
    )
    expect(lines).toEqual([
      `${HEAD}event ${right('preemptive', 24)} x ${left('preempt_disable', 24)} -> ${left('non_preemptive', 24)} N\n`,
      `${HEAD}event ${right('non_preemptive', 24)} x ${left('preempt_enable', 24)} -> ${left('preemptive', 24)} Y\n`,
      `${ERROR_HEAD}error ${right('preemptive', 24)} x sched_waking\n`
    ])
  })

  it('show the trace event of a container, and blank ids where a member has none', () => {
    const lines = printed(
      [
        'event_sco: thread_context x sched_set_state -> thread_context (final)',
        'event_nrp: 42: preempt_irq x schedule_entry -> any_thread_running (final)',
        'error_nrp: -1: event schedule_entry not expected in the state any_thread_running'
      ],
      { hasId: true, isContainer: true }
    )
    expect(lines).toEqual([
      `${HEAD}event_sco ${right('', 8)} ${right('thread_context', 24)} x ${left('sched_set_state', 24)} -> ${left('thread_context', 24)} Y\n`,
      `${HEAD}event_nrp ${right('42', 8)} ${right('preempt_irq', 24)} x ${left('schedule_entry', 24)} -> ${left('any_thread_running', 24)} Y\n`,
      `${ERROR_HEAD}error_nrp ${right('-1', 8)} ${right('any_thread_running', 24)} x schedule_entry\n`
    ])
  })

  it('have room for what rv does not show: constraints, LTL monitors and retries', () => {
    const layout = { hasId: true, isContainer: false }
    const lines = printed(
      [
        'error_env_stall: 7: event none not expected in the state enqueued with env clk=71',
        'event_sleep: my task[9]: (0,2-3) x (rt,sl) -> (1)',
        'error_sleep: my task[9]: violation detected',
        'rv_retries_error: 3 retries reached for event wakeup, resetting monitor wwnr'
      ],
      layout
    )
    expect(lines).toEqual([
      `${ERROR_HEAD}error ${right('7', 8)} ${right('enqueued', 24)} x ${left('none', 24)}    clk=71\n`,
      `${HEAD}event ${right('9', 8)} ${right('(0,2-3)', 24)} x ${left('(rt,sl)', 24)} -> ${left('(1)', 24)} -\n`,
      `${ERROR_HEAD}error ${right('9', 8)} ${right('violation detected', 24)}\n`,
      `${ERROR_HEAD}error ${right('', 8)} ${right('3 retries reached', 24)} x ${left('wakeup', 24)} -> wwnr reset\n`
    ])
    const [env = '', , , retries = ''] = printed(
      [
        'error_env_stall: 7: event none not expected in the state enqueued with env clk=71',
        'event_wip: a x b -> c',
        'error_wip: event b not expected in the state a',
        'rv_retries_error: 3 retries reached for event wakeup, resetting monitor wwnr'
      ],
      { hasId: true, isContainer: true }
    )
    expect(env).toContain('] error_env_stall ')
    expect(retries).toContain('] rv_retries_error ')
  })

  it('print nothing for other trace events, and no control characters of a target', () => {
    const layout = { hasId: false, isContainer: false }
    expect(printed(['sched_waking: comm=x pid=1'], layout)).toEqual([''])
    const [hostile = ''] = printed(
      [
        'error_env_stall: 7: event none not expected in the state enqueued with env \u001b[2J\u0007\u202ex'
      ],
      layout
    )
    expect(hostile).toMatch(/ \\u\{202e\}x\n$/)
    expect(hostile.trimEnd()).not.toMatch(/\p{Cc}/u)
  })
})
