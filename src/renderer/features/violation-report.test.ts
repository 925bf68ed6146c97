import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Violation } from '../../contract/state'
import { monitorInfo, targetStatus, violation } from '../testing'
import { REPORT_COLUMNS, reportOf, type ReportFacts } from './violation-report'

const WIP = `digraph wip {
	"__init_preemptive" [shape = plaintext, style = invis, label = ""]
	"preemptive" [shape = doublecircle, label = "preemptive"]
	"non_preemptive" [shape = circle, label = "non_preemptive"]

	"__init_preemptive" -> "preemptive"
	"preemptive" -> "non_preemptive" [label = "preempt_disable"]
	"non_preemptive" -> "non_preemptive" [label = "sched_waking"]
	"non_preemptive" -> "preemptive" [label = "preempt_enable"]
}
`

const facts = (parts: Partial<ReportFacts> = {}): ReportFacts => ({
  count: 1,
  first: undefined,
  monitor: monitorInfo('wip', { model: WIP, type: 'per_cpu' }),
  target: targetStatus(),
  simulator: null,
  lost: 0,
  ...parts
})

const error = (parts: Partial<Violation> = {}): Violation =>
  violation(3, { kind: 'error', state: 'preemptive', event: 'sched_waking', ...parts })

describe('the report of a violation', () => {
  it('tells what the model allows there, and what the kernel did about it', () => {
    const text = reportOf(error({ reaction: { reactor: 'printk', without: null } }), facts())
    expect(text).toContain('Allowed:    preempt_disable\n')
    expect(text.replace(/\s+/g, ' ')).toContain(
      'Reaction: printk: printed to the kernel log: rv: monitor wip does not allow event sched_waking on state preemptive'
    )
    expect(
      reportOf(error({ reaction: { reactor: 'printk', without: 'reacting-off' } }), facts())
    ).toContain('Reaction:   none: reacting_on was off')
  })

  it('has the stack, and how to see it again on the simulated kernel', () => {
    const simulator = {
      cpus: 2,
      tasks: 30,
      seed: 7,
      scenario: 'wip-irq',
      parameters: {},
      task: null,
      acts: 0,
      paused: false,
      speed: 1,
      achieved: 1,
      running: [],
      time: [1, 0] as [number, number]
    }
    const text = reportOf(
      error({ stack: ['da_handle_event', 'handle_sched_waking'] }),
      facts({ simulator, count: 4, first: error({ sec: 1, nsec: 2_000 }) })
    )
    expect(text).toContain('\n  da_handle_event\n  handle_sched_waking\n')
    expect(text).toContain('Seen:       4 times since 1.000002 s\n')
    expect(text.replace(/ \\\n +/g, ' ')).toContain(
      'npx rvpanel mon wip --cpus 2 --tasks 30 --seed 7 --scenario wip-irq'
    )
  })

  it('stays within the columns of a mail, whatever the words, and loses none', () => {
    const word = fc.stringMatching(/^[a-z_]{1,120}$/)
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), word, (words, state) => {
        const text = reportOf(
          error({
            text: words.join(' '),
            state,
            context: [
              {
                sec: 1,
                nsec: 5,
                cpu: 1,
                pid: 7,
                comm: 'x',
                flags: 'd.h1.',
                text: words.join(' '),
                here: true
              }
            ]
          }),
          facts({ monitor: monitorInfo('wip', { description: words.join(' ') }) })
        )
        for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(REPORT_COLUMNS)
        expect(text.replace(/\s+/g, '')).toContain(words.join(''))
      })
    )
  })

  it('breaks what is longer than a line', () => {
    const long = 'f'.repeat(200)
    const text = reportOf(error({ state: long, stack: [long], text: long }), facts())
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(REPORT_COLUMNS)
    expect(text.replace(/\s+/g, '')).toContain(long)
  })

  it('tells of an old violation what is kept', () => {
    const text = reportOf(
      error({ text: '', flags: '', reaction: { reactor: null, without: null } }),
      facts()
    )
    expect(text).not.toContain('Reaction:')
    expect(text).not.toContain('Trace event:')
    expect(text).toContain('Context:    CPU 2, cyclictest-42\n')
  })

  it('has no control character of the target', () => {
    const text = reportOf(error({ comm: 'a\u001b[31m', stack: ['\u0007x'], text: 'a\rb' }), facts())
    // eslint-disable-next-line no-control-regex -- that is what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
  })
})
