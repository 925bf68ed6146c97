import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Automaton } from '../automaton'
import { parseDot } from '../dot'
import { parseLtl } from '../ltl/parse'
import { follow, hybrids } from '../ops/hybrid/testing'
import { automata, follow as followPlain, wordsUpTo } from '../ops/testing'
import { AutomatonExplorer } from './explorer'
import { LtlExplorer } from './ltl-explorer'
import { ExploreFailure } from './moves'

const folder = new URL('../../../models/', import.meta.url)
const text = (name: string): string => readFileSync(new URL(name, folder), 'utf8')
const dot = (name: string): Automaton => parseDot(text(name), name).automaton!

describe('an automaton', () => {
  it('steps, and reports as a kernel does', () => {
    const wip = new AutomatonExplorer(dot('wip.dot'))
    expect(wip.take('preempt_disable')).toEqual({
      kind: 'moved',
      lines: ['event_wip: preemptive x preempt_disable -> non_preemptive']
    })
    expect(wip.take('preempt_enable').lines).toEqual([
      'event_wip: non_preemptive x preempt_enable -> preemptive (final)'
    ])
    const { kind, lines } = wip.take('sched_waking')
    expect(kind).toBe('violation')
    expect(lines.slice(0, 2)).toEqual([
      'rv: monitor wip does not allow event sched_waking on state preemptive',
      'error_wip: event sched_waking not expected in the state preemptive'
    ])
    expect(wip.position).toMatchObject({ state: undefined, violation: lines[0] })
    // Only what starts it goes on.
    expect(wip.take('preempt_disable').kind).toBe('ignored')
    expect(wip.take('preempt_enable').kind).toBe('started')
    expect(wip.position).toMatchObject({ state: 'preemptive', violation: undefined })
  })

  it('shows where each event leads', () => {
    const wip = new AutomatonExplorer(dot('wip.dot'))
    expect(wip.events()).toEqual([
      { event: 'preempt_disable', to: 'non_preemptive', guard: undefined, allowed: true },
      { event: 'preempt_enable', to: undefined, guard: undefined, allowed: false },
      { event: 'sched_waking', to: undefined, guard: undefined, allowed: false }
    ])
  })

  it('goes back and forth', () => {
    const wip = new AutomatonExplorer(dot('wip.dot'))
    expect(wip.undo()).toBeUndefined()
    wip.take('preempt_disable')
    wip.take('sched_waking')
    wip.take('preempt_enable')
    expect(wip.undo()).toBe('preempt_enable')
    expect(wip.undo()).toBe('sched_waking')
    expect(wip.actions).toEqual(['preempt_disable'])
    expect(wip.redo()).toBe('sched_waking')
    expect(wip.position.state).toBe('non_preemptive')
    wip.take('preempt_enable')
    // What was undone is forgotten.
    expect(wip.redo()).toBeUndefined()
    wip.reset()
    expect(wip.position.state).toBe('preemptive')
    expect(wip.undo()).toBe('reset')
    expect(wip.actions).toEqual(['preempt_disable', 'sched_waking', 'preempt_enable'])
  })

  it('follows every word as its transitions say', () => {
    fc.assert(
      fc.property(automata(), (automaton) => {
        for (const word of wordsUpTo(automaton.events, 4)) {
          const explorer = new AutomatonExplorer(automaton)
          const kinds = word.map((event) => explorer.take(event).kind)
          const state = followPlain(automaton, word)
          if (state === undefined) expect(kinds).toContain('violation')
          else
            expect([explorer.position.state, kinds.includes('violation')]).toEqual([state, false])
        }
      }),
      { numRuns: 30 }
    )
  })

  it('refuses an event that it does not have, and stays where it is', () => {
    const wip = new AutomatonExplorer(dot('wip.dot'))
    expect(() => wip.take('sched_wakin')).toThrow(
      /no event `sched_wakin`.*Did you mean sched_waking/
    )
    expect(() => wip.take('')).toThrow(ExploreFailure)
    expect(wip.actions).toEqual([])
  })
})

describe('a hybrid automaton', () => {
  it('lets an invariant end while time passes', () => {
    const stall = new AutomatonExplorer(dot('stall.dot'))
    stall.assign('threshold_jiffies', 10)
    stall.take('sched_wakeup')
    expect(stall.position).toMatchObject({
      state: 'enqueued',
      invariant: 'clk<threshold_jiffies',
      env: 'clk=0'
    })
    expect(stall.wait(9).kind).toBe('changed')
    const { kind, lines } = stall.wait(5)
    expect(kind).toBe('violation')
    expect(lines[0]).toBe(
      'rv: monitor stall does not allow event none on state enqueued with env clk=10'
    )
    stall.undo()
    expect(stall.position.env).toBe('clk=9')
    expect(stall.take('sched_switch_in').kind).toBe('moved')
    // Without an invariant nothing ends.
    expect(stall.wait(1000).kind).toBe('changed')
  })

  it('asks for the values that decide, and only for those', () => {
    const opid = new AutomatonExplorer(dot('opid.dot'))
    expect(() => opid.take('sched_need_resched')).toThrow(/depends on irq_off/)
    expect(opid.events().map(({ allowed }) => allowed)).toEqual([undefined, undefined])
    opid.assign('irq_off', 1)
    expect(opid.take('sched_need_resched').kind).toBe('moved')
    opid.assign('preempt_off', 0)
    expect(opid.take('sched_waking').lines[1]).toBe(
      'error_env_opid: event sched_waking not expected in the state any with env irq_off=1,preempt_off=0'
    )
    expect(() => opid.assign('clk', 1)).toThrow(/no variable `clk`; expected one of irq_off/)
    expect(() => opid.assign('irq_off', -1)).toThrow(ExploreFailure)
    expect(() => opid.assign('irq_off', 0.5)).toThrow(ExploreFailure)
  })

  it('sets the clock', () => {
    const stall = new AutomatonExplorer(dot('stall.dot'))
    stall.assign('threshold_jiffies', 10)
    stall.take('sched_wakeup')
    stall.assign('clk', 8)
    expect(stall.position.env).toBe('clk=8')
    expect(stall.wait(1).kind).toBe('changed')
    expect(stall.wait(1).kind).toBe('violation')
  })

  it('does what guards, resets and invariants say', () => {
    const letter = fc.record({
      event: fc.constantFrom('a', 'b', 'none'),
      delay: fc.nat(3),
      env: fc.nat(3)
    })
    let violations = 0
    fc.assert(
      fc.property(hybrids, fc.array(letter, { maxLength: 6 }), (automaton, word) => {
        const explorer = new AutomatonExplorer(automaton)
        let state: string | undefined = automaton.states[0]
        for (const [i, { event, delay, env }] of word.entries()) {
          const invariant = automaton.invariants[automaton.states.indexOf(state ?? '')]
          // A timer of a clock that was never reset: the words do not have it.
          if (invariant !== undefined && isUnset(explorer)) return
          if (automaton.envs.includes('env')) explorer.assign('env', env)
          let violated = explorer.wait(delay).kind === 'violation'
          if (!violated && event !== 'none' && automaton.events.includes(event)) {
            violated = explorer.take(event).kind === 'violation'
          } else if (!violated && event !== 'none') {
            return
          }
          const expected = follow(automaton, word.slice(0, i + 1))
          expect(violated).toBe(expected === undefined)
          if (violated) {
            violations++
            return
          }
          state = explorer.position.state
          expect(state).toBe(automaton.states[expected ?? -1])
        }
      }),
      { numRuns: 500 }
    )
    expect(violations).toBeGreaterThan(50)
  })
})

/** A clock that was never reset shows one more than the time. */
function isUnset(explorer: AutomatonExplorer): boolean {
  const { env, time } = explorer.position
  return Number(/clk=(\d+)/.exec(env)?.[1]) > Number.parseInt(time ?? '0', 10)
}

describe('a formula', () => {
  it('steps by the values of its atoms', () => {
    const ltl = new LtlExplorer(parseLtl(text('pagefault.ltl'), 'pagefault.ltl').model!)
    expect(ltl.position).toBe('')
    expect(ltl.step()).toEqual({ kind: 'started', lines: ['the monitor starts in (0)'] })
    ltl.set('RT')
    expect(ltl.atoms).toEqual(['RT'])
    expect(ltl.step().lines).toEqual(['event_pagefault: (0) x (rt) -> (0)'])
    ltl.set('PAGEFAULT', true)
    expect(ltl.states()).toEqual([
      { number: 0, label: '!RT || !PAGEFAULT', current: true, next: false }
    ])
    const { kind, lines } = ltl.step()
    expect(kind).toBe('violation')
    expect(lines.slice(0, 2)).toEqual([
      'event_pagefault: (0) x (pa,rt) -> ()',
      'error_pagefault: violation detected'
    ])
    // It starts when an initial state holds again, and says nothing before.
    expect(ltl.step().kind).toBe('ignored')
    ltl.set('RT', false)
    expect(ltl.step().kind).toBe('started')
    expect(() => ltl.set('X')).toThrow(/no atom `X`; expected one of PAGEFAULT, RT/)
    expect(ltl.undo()).toBe('step')
    expect(ltl.undo()).toBe('RT=0')
    expect(ltl.redo()).toBe('RT=0')
  })
})
