import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { INVALID } from './automaton'
import type { Automaton } from './automaton'
import { parseDot } from './dot'
import { assembleModel } from './load'
import { printConstraint } from './labels'
import { eventLabel, printDot } from './print-dot'

const folder = new URL('../../models/', import.meta.url)
const files = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(new URL(name, folder), 'utf8')
}))
const assembled = assembleModel(files)

/** Transition rows as `state event -> state`, in the table's order. */
function rows(a: Automaton): string[] {
  return a.transitions.map(
    (t) => `${a.states[t.from] ?? '?'} ${eventLabel(a, t)} -> ${a.states[t.to] ?? '?'}`
  )
}

/** name, kind, states, events, transitions, final states: counted by hand from the kernel's models. */
const MODELS = [
  ['nomiss', 'ha', 5, 7, 29, 'ready'],
  ['nrp', 'da', 4, 4, 15, 'any_thread_running'],
  ['opid', 'ha', 1, 2, 2, 'any'],
  ['sco', 'da', 2, 3, 3, 'thread_context'],
  ['scpd', 'da', 2, 4, 4, 'cant_sched'],
  ['snep', 'da', 2, 4, 4, 'non_scheduling_context'],
  ['snroc', 'da', 2, 3, 3, 'other_context'],
  ['sssw', 'da', 4, 9, 24, 'runnable'],
  ['stall', 'ha', 3, 4, 7, 'dequeued'],
  ['sts', 'da', 7, 6, 15, 'can_sched'],
  ['wip', 'da', 2, 3, 3, 'preemptive'],
  ['wwnr', 'da', 2, 3, 3, 'not_running']
] as const

describe("the kernel's models", () => {
  test('are all there, without a single finding', () => {
    expect(assembled.diagnostics).toEqual([])
    expect([...assembled.drawings.keys()]).toEqual(MODELS.map(([name]) => name))
  })

  test.each(MODELS)('%s', (name, kind, states, events, transitions, final) => {
    const a = assembled.drawings.get(name)?.automaton
    expect(a).toMatchObject({ name, kind })
    expect([a?.states.length, a?.events.length, a?.transitions.length]).toEqual([
      states,
      events,
      transitions
    ])
    expect(a?.states.filter((_, i) => a.final[i])).toEqual([final])
    expect(a?.table.filter((to) => to !== INVALID)).toHaveLength(transitions)
  })

  test('survive being printed and read again', () => {
    for (const [name, { automaton }] of assembled.drawings) {
      expect(parseDot(printDot(automaton), `${name}.dot`)).toEqual({ automaton, diagnostics: [] })
    }
  })

  const automaton = (name: string): Automaton => {
    const found = assembled.drawings.get(name)
    if (found === undefined) throw new Error(`no model ${name}`)
    return found.automaton
  }

  test('wip and wwnr, cell by cell', () => {
    expect(automaton('wip').states).toEqual(['preemptive', 'non_preemptive'])
    expect(automaton('wip').events).toEqual(['preempt_disable', 'preempt_enable', 'sched_waking'])
    expect([...automaton('wip').table]).toEqual([1, INVALID, INVALID, INVALID, 0, 1])
    expect(automaton('wwnr').states).toEqual(['not_running', 'running'])
    expect(automaton('wwnr').events).toEqual(['switch_in', 'switch_out', 'wakeup'])
    expect([...automaton('wwnr').table]).toEqual([1, INVALID, 0, INVALID, 0, INVALID])
  })

  test('sts, row by row', () => {
    expect(rows(automaton('sts'))).toEqual([
      'can_sched irq_disable -> cant_sched',
      'can_sched schedule_entry -> scheduling',
      'cant_sched irq_enable -> can_sched',
      'cant_sched irq_entry -> cant_sched',
      'disable_to_switch irq_enable -> enable_to_exit',
      'disable_to_switch irq_entry -> in_irq',
      'disable_to_switch sched_switch -> switching',
      'enable_to_exit irq_disable -> enable_to_exit',
      'enable_to_exit irq_enable -> enable_to_exit',
      'enable_to_exit irq_entry -> enable_to_exit',
      'enable_to_exit schedule_exit -> can_sched',
      'in_irq irq_enable -> scheduling',
      'in_irq irq_entry -> in_irq',
      'scheduling irq_disable -> disable_to_switch',
      'switching irq_enable -> enable_to_exit'
    ])
  })

  test('nrp starts in preempt_irq and is final elsewhere', () => {
    const nrp = automaton('nrp')
    expect(nrp.states).toEqual([
      'preempt_irq',
      'any_thread_running',
      'nested_preempt',
      'rescheduling'
    ])
    expect(nrp.final).toEqual([false, true, false, false])
    expect(rows(nrp)).not.toContain(
      'any_thread_running schedule_entry_preempt -> any_thread_running'
    )
    expect(rows(nrp)).toContain('nested_preempt sched_need_resched -> preempt_irq')
  })

  test('sssw sleeps only with a reason', () => {
    expect(rows(automaton('sssw')).filter((r) => r.endsWith('-> sleeping'))).toEqual([
      'runnable sched_switch_blocking -> sleeping',
      'sleepable sched_switch_blocking -> sleeping',
      'sleepable sched_switch_suspend -> sleeping'
    ])
  })

  test('snep keeps the spelling of its state', () => {
    expect(automaton('snep').states).toEqual(['non_scheduling_context', 'scheduling_contex'])
  })

  test('hybrid models keep guards, resets, invariants and environment variables', () => {
    const nomiss = automaton('nomiss')
    expect(nomiss.states).toEqual(['ready', 'idle', 'running', 'sleeping', 'throttled'])
    expect([nomiss.envs, nomiss.storedEnvs]).toEqual([['clk', 'is_constr_dl', 'is_defer'], 1])
    expect(nomiss.invariants.map((c) => c && printConstraint(c))).toEqual([
      'clk<DEADLINE_NS()',
      undefined,
      'clk<DEADLINE_NS()',
      undefined,
      undefined
    ])
    expect(rows(nomiss)).toContain(
      'sleeping dl_throttle;is_constr_dl==1 || is_defer==1 -> throttled'
    )
    expect([automaton('opid').envs, automaton('opid').storedEnvs]).toEqual([
      ['irq_off', 'preempt_off'],
      0
    ])
    expect(rows(automaton('opid'))).toEqual([
      'any sched_need_resched;irq_off==1 -> any',
      'any sched_waking;irq_off==1 && preempt_off==1 -> any'
    ])
    expect(rows(automaton('stall'))).toContain('dequeued sched_wakeup;reset(clk) -> enqueued')
    expect(automaton('stall').invariants.map((c) => c?.value)).toEqual([
      undefined,
      { kind: 'parameter', text: 'threshold_jiffies' },
      undefined
    ])
  })
})

test('the type of each is told beside its model', () => {
  const types = [...assembled.drawings].map(([name, { type }]) => `${name} ${type ?? '?'}`)
  expect(types).toEqual([
    'nomiss per_obj',
    'nrp per_task',
    'opid per_cpu',
    'sco per_cpu',
    'scpd per_cpu',
    'snep per_cpu',
    'snroc per_task',
    'sssw per_task',
    'stall per_task',
    'sts per_cpu',
    'wip per_cpu',
    'wwnr per_task'
  ])
})

describe('the monitors that run', () => {
  test('are wip and wwnr, from files alone', () => {
    expect(
      assembled.models.map(({ instrumentation: i }) => [i.monitor, i.type, i.description])
    ).toEqual([
      ['wip', 'per_cpu', 'wakeup in preemptive per-cpu testing monitor.'],
      ['wwnr', 'per_task', 'wakeup while not running per-task testing model.']
    ])
  })

  test('are instrumented as in the kernel', () => {
    const rules = (i: number): string[] =>
      (assembled.models[i]?.instrumentation.tracepoints ?? []).flatMap((t) =>
        t.steps.map(
          (s) =>
            `${t.tracepoint}: ` +
            s
              .map(
                (r) => `${r.when ? 'if ' : ''}${r.event}/${r.call.replace('handle_', '')}@${r.on}`
              )
              .join(' else ')
        )
      )
    expect(rules(0)).toEqual([
      'preempt_disable: preempt_disable/event@cpu',
      'preempt_enable: preempt_enable/start_event@cpu',
      'sched_waking: sched_waking/event@cpu'
    ])
    expect(rules(1)).toEqual([
      'sched_switch: if switch_out/start_event@prev else switch_out/event@prev',
      'sched_switch: switch_in/event@next',
      'sched_wakeup: wakeup/event@p'
    ])
    expect(assembled.models[1]?.instrumentation.tracepoints[0]?.steps[0]?.[0]?.when).toEqual({
      kind: 'compare',
      op: '==',
      left: { kind: 'field', name: 'prev_state' },
      right: { kind: 'number', value: 1 }
    })
  })
})
