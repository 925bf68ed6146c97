import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createTraceDecoder } from '../../trace'
import type { TraceBatch } from '../../trace'
import { header, line } from '../columns'
import type { CliInput } from '../io'
import { rvpanel as runRvpanel } from './testing'
import type { Outcome } from './testing'

/* diff, op, step, explore and coverage, as the whole program. */

const root = fileURLToPath(new URL('../../../', import.meta.url))
const model = (name: string): string => join(root, 'models', name)
const recording = (name: string): string => join(root, 'test/fixtures/trace', name)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rvpanel-sequences-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

const rvpanel = (args: readonly string[], input?: CliInput): Promise<Outcome> =>
  runRvpanel(args, input && { input })

const script = (text: string): CliInput => ({ stream: Readable.from([text]), terminal: undefined })

/** What `mon -t` prints of a trace. */
function asRows(trace: Uint8Array): string {
  const layout = { hasId: true, isContainer: false }
  const decoder = createTraceDecoder()
  let text = header(layout)
  const sink = (batch: TraceBatch): void => {
    for (let i = 0; i < batch.count; i++) text += line(batch, i, layout)
  }
  decoder.decode(trace, sink)
  decoder.finish(sink)
  return text
}

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

/** A copy of a model with one piece of its text replaced. */
async function changed(name: string, from: string, to: string): Promise<string> {
  const text = await readFile(model(name), 'utf8')
  expect(text).toContain(from)
  return file(`changed-${name}`, text.replace(from, to))
}

describe('diff', () => {
  it('says that a model equals itself', async () => {
    for (const name of ['wip.dot', 'nomiss.dot', 'stall.dot', 'opid.dot', 'sleep.ltl']) {
      const { code, out } = await rvpanel(['diff', model(name), model(name)])
      expect(out).toContain('are equivalent.')
      expect(code).toBe(0)
    }
  })

  it('shows the sequence that tells two apart, with the states of both', async () => {
    const other = await changed('wip.dot', 'label = "sched_waking"', 'label = "sched_wakeup"')
    const { code, out } = await rvpanel(['diff', model('wip.dot'), other])
    expect(code).toBe(1)
    const rows = out.split('\n').map((line) => line.trim().split(/ {2,}/))
    expect(rows).toContainEqual(['sched_waking', 'non_preemptive', 'refused'])
    expect(rows).toContainEqual(['sched_wakeup', 'refused', 'non_preemptive'])
  })

  it('shows times and values for hybrid automata, and gives them as JSON', async () => {
    const other = await changed('stall.dot', 'clk < threshold_jiffies', 'clk < 20j')
    const human = await rvpanel(['diff', model('stall.dot'), other])
    expect(human.code).toBe(1)
    expect(human.out).toContain('threshold_jiffies = ')
    const { out } = await rvpanel(['diff', '--format', 'json', model('stall.dot'), other])
    expect(JSON.parse(out)).toMatchObject({
      relation: 'neither',
      onlyA: { steps: expect.arrayContaining([]) as unknown }
    })
  })

  it('compares a formula with an automaton by what its atoms mean', async () => {
    const ltl = await file('wip_rule.ltl', 'RULE = always (WAKING imply DISABLED)\n')
    const unmapped = await rvpanel(['diff', model('wip.dot'), ltl])
    expect(unmapped.code).toBe(1)
    expect(unmapped.err).toMatch(/Nothing says when DISABLED, WAKING are true/)
    const { code, out } = await rvpanel([
      'diff',
      model('wip.dot'),
      ltl,
      '--atom',
      'WAKING=sched_waking',
      '--atom',
      'DISABLED=preempt_disable..preempt_enable'
    ])
    expect(out).toContain('is included in')
    expect(code).toBe(1)
  })

  it('compares over common events', async () => {
    const { code } = await rvpanel([
      'diff',
      model('wip.dot'),
      model('scpd.dot'),
      '--alphabet',
      'common'
    ])
    expect(code).toBe(0)
  })

  it.each([
    [['diff'], 2, /missing required argument/],
    [['diff', 'a.dot'], 2, /missing required argument/],
    [
      ['diff', 'a.txt', 'b.dot'],
      2,
      /expected a model \(.dot, .gv, .ltl, or a generated .h\), or - for standard input, got "a.txt"/
    ],
    [['diff', 'no-such.dot', 'b.dot'], 1, /no-such.dot cannot be read: No such file/],
    [['diff', '--alphabet', 'x', 'a.dot', 'b.dot'], 2, /--alphabet expects union or common/],
    [['diff', '--atom', 'x', 'a.dot', 'b.dot'], 2, /--atom expects ATOM=event/],
    [['op', 'project', model('wip.dot')], 2, /one of --keep and --hide/],
    [['op', 'project', model('wip.dot'), '--keep', 'x'], 2, /wip has no event "x"/],
    [['op', 'trim', model('sleep.ltl')], 2, /expected an automaton/],
    [
      ['op', 'product', model('stall.dot'), model('nomiss.dot')],
      1,
      /Both stall and nomiss have a clock/
    ],
    [['op', 'complement', model('stall.dot')], 1, /has guards or invariants/],
    [['explore', model('wip.dot')], 2, /expects one of --words/],
    [['explore', model('wip.dot'), '--path', 'x'], 2, /wip has no state "x"; expected one of/],
    [['explore', model('wip.dot'), '--words', '-1'], 2, /--words/],
    [['step', model('wip.dot'), '--events', 'x'], 1, /step 1: wip has no event `x`/],
    [['step', model('wip.dot'), '--env', 'x=1'], 1, /no variable `x`/],
    [['coverage', model('wip.dot')], 2, /missing required argument/],
    [['coverage', model('wip.dot'), model('wip.dot')], 1, /no record of the monitor wip/],
    [['coverage', model('wip.dot'), '/'], 1, /"\/" is no file/]
  ])('%j is refused in one sentence', async (args, expected, message) => {
    const { code, out, err } = await rvpanel(args)
    expect(err).toMatch(message)
    expect(err.trim().split('\n')).toHaveLength(1)
    expect([code, out]).toEqual([expected, ''])
  })

  it('refuses a broken model with the place of its error', async () => {
    const broken = await file('broken.dot', 'digraph {\n  "a" -> \n}\n')
    const { code, err } = await rvpanel(['diff', broken, model('wip.dot')])
    expect(code).toBe(1)
    expect(err).toMatch(/broken\.dot:\d+:\d+: error: /)
  })
})

describe('op', () => {
  it('writes models that the other commands read', async () => {
    const results: [string, string[]][] = [
      ['product', ['op', 'product', model('wip.dot'), model('scpd.dot')]],
      ['project', ['op', 'project', model('sssw.dot'), '--hide', 'signal_deliver']],
      ['minimize', ['op', 'minimize', model('sts.dot')]],
      ['trim', ['op', 'trim', model('nrp.dot'), '--marked']],
      ['complement', ['op', 'complement', model('wwnr.dot')]]
    ]
    for (const [name, args] of results) {
      const path = join(folder, `${name}.dot`)
      expect(await rvpanel([...args, '-o', path])).toMatchObject({ code: 0, out: '' })
      expect((await rvpanel(['diff', path, path])).code).toBe(0)
    }
    // sts and nrp are minimal and trim.
    expect((await rvpanel(['diff', join(folder, 'minimize.dot'), model('sts.dot')])).code).toBe(0)
    expect((await rvpanel(['diff', join(folder, 'trim.dot'), model('nrp.dot')])).code).toBe(0)
  })
})

describe('step', () => {
  it('takes events, a line each, and ends at a violation', async () => {
    const events = 'preempt_disable,preempt_enable,sched_waking,preempt_enable'
    const { code, out } = await rvpanel(['step', model('wip.dot'), '--events', events])
    expect(code).toBe(1)
    expect(out.split('\n').slice(0, 3)).toEqual([
      'event_wip: preemptive x preempt_disable -> non_preemptive',
      'event_wip: non_preemptive x preempt_enable -> preemptive (final)',
      'rv: monitor wip does not allow event sched_waking on state preemptive'
    ])
  })

  it('reads commands from standard input: beginnings of names, numbers, undo, comments', async () => {
    const { code, out } = await rvpanel(
      ['step', model('wip.dot')],
      script('preempt_d # begins\n1\nundo\nredo\n\npath non_preemptive\nwords 1\nquit\nnonsense\n')
    )
    expect(code).toBe(0)
    expect(out.split('\n')).toEqual([
      'event_wip: preemptive x preempt_disable -> non_preemptive',
      'event_wip: non_preemptive x preempt_enable -> preemptive (final)',
      'undo: preempt_enable',
      'redo: preempt_enable',
      'preempt_disable',
      '(no event)',
      'preempt_disable',
      ''
    ])
  })

  it('says in which line of a script a mistake is', async () => {
    const { code, err } = await rvpanel(
      ['step', model('wip.dot')],
      script('preempt_disable\npreempt\n')
    )
    expect(code).toBe(1)
    expect(err).toBe(
      'rvpanel: standard input, line 2: preempt may be preempt_disable, preempt_enable; expected more of the name.\n'
    )
  })

  it('lets time pass and sets values', async () => {
    const { code, out } = await rvpanel(
      ['step', model('stall.dot'), '--env', 'threshold_jiffies=10'],
      script('sched_wakeup\nwait 4j\nsched_wakeup\nwait 6j\n')
    )
    expect(code).toBe(1)
    expect(out).toContain('event none on state enqueued with env clk=10')
    const wrong = await rvpanel(['step', model('stall.dot')], script('wait 5us\n'))
    expect(wrong.err).toContain('The clock of stall counts jiffies; expected a time in j.')
  })

  it('the same seed walks the same way', async () => {
    const walk = (seed: string): Promise<Outcome> =>
      rvpanel(['--seed', seed, 'step', model('sssw.dot')], script('walk 30\n'))
    const [first, again, other] = [await walk('1'), await walk('1'), await walk('2')]
    expect(first.out.split('\n')).toHaveLength(31)
    expect(again).toEqual(first)
    expect(other.out).not.toBe(first.out)
  })

  it('steps through a formula', async () => {
    const { code, out } = await rvpanel([
      'step',
      model('pagefault.ltl'),
      '--events',
      '-,RT,RT+PAGEFAULT'
    ])
    expect(code).toBe(1)
    expect(out).toContain('event_pagefault: (0) x (rt) -> (0)\n')
    expect(out).toContain('error_pagefault: violation detected\n')
  })

  it('talks on a terminal, answers mistakes, and completes names', async () => {
    const stream = new PassThrough()
    const terminal = new PassThrough()
    let shown = ''
    terminal.on('data', (chunk: Buffer) => (shown += chunk.toString()))
    const done = rvpanel(['step', model('wip.dot')], { stream, terminal })
    await vi.waitFor(() => expect(shown).toContain('wip> '))
    stream.write('preempt_d')
    await vi.waitFor(() => expect(shown).toContain('preempt_d'))
    // The tab makes a whole name of it.
    stream.write('\t')
    await vi.waitFor(() => expect(shown).toContain('preempt_disable'))
    stream.write('\n')
    stream.write('nonsense\n')
    stream.write('quit\n')
    const { code, out } = await done
    expect(code).toBe(0)
    expect(out).toContain('event_wip: preemptive x preempt_disable -> non_preemptive\n')
    expect(out).toContain('wip has no event `nonsense`')
    expect(out).toContain('non_preemptive\n   1 preempt_enable -> preemptive\n')
  })

  it('ends with the input, whatever it is', async () => {
    for (const text of ['', '\0\0\n', `${'x'.repeat(10_000)}\n`, 'walk 99999999\n', 'env =\n']) {
      const { err } = await rvpanel(['step', model('wip.dot')], script(text))
      expect(err.split('\n').length).toBeLessThan(3)
    }
  })
})

describe('explore', () => {
  it('lists and counts words', async () => {
    const { out, err } = await rvpanel(['explore', model('wip.dot'), '--words', '2'])
    expect(out).toBe(
      '(no event)\npreempt_disable\npreempt_disable preempt_enable\npreempt_disable sched_waking\n'
    )
    expect(err).toBe('rvpanel: 4 sequences of up to 2 events (0: 1, 1: 1, 2: 2)\n')
    const cut = await rvpanel(['explore', model('sssw.dot'), '--words', '30', '--limit', '5'])
    expect(cut.out.split('\n')).toHaveLength(6)
    expect(cut.err).toContain('the first 5 are listed')
  })

  it('shows a path, a walk, and sequences that cover everything', async () => {
    const path = await rvpanel(['explore', model('sts.dot'), '--path', 'switching'])
    expect(path.out.split('\n').slice(-2)).toEqual([
      'disable_to_switch x sched_switch -> switching',
      ''
    ])
    const walk = await rvpanel(['--seed', '7', 'explore', model('nomiss.dot'), '--walk', '12'])
    expect(walk.out.split('\n')).toHaveLength(13)
    const cover = await rvpanel(['explore', model('nrp.dot'), '--cover'])
    expect(cover.err).toMatch(/take 15 of 15 transitions/)
    const events = cover.out.trim().replace(/\n/g, ' ').split(' ').join(',')
    // What covers the model is accepted by it.
    expect((await rvpanel(['step', model('nrp.dot'), '--events', events])).code).toBe(0)
  })
})

describe('coverage', () => {
  it.each(['nrp', 'sco', 'scpd', 'snep', 'snroc', 'sssw', 'sts', 'opid'])(
    'counts the records of %s as grep does',
    async (name) => {
      const { code, out } = await rvpanel([
        'coverage',
        model(`${name}.dot`),
        recording('sched.trace.txt'),
        '--format',
        'json'
      ])
      const { transitions, foreign } = JSON.parse(out) as {
        transitions: { state: string; event: string; next: string; count: number }[]
        foreign: unknown[]
      }
      expect([code, foreign]).toEqual([0, []])
      const text = await readFile(recording('sched.trace.txt'), 'utf8')
      for (const { state, event, next, count } of transitions) {
        const step = new RegExp(
          ` event_${name}: (?:-?\\d+: )?${state} x ${event} -> ${next}(?: |$)`,
          'gm'
        )
        expect(count).toBe(text.match(step)?.length ?? 0)
      }
    }
  )

  it('says what was never taken, and fails only where that is required', async () => {
    const args = ['coverage', model('nrp.dot'), recording('sched.trace.txt')]
    const { code, out } = await rvpanel(args)
    expect(code).toBe(0)
    expect(out).toContain('nrp: 8 of 15 transitions were taken (53.3%)')
    expect(out).toContain('never  rescheduling x irq_entry -> preempt_irq')
    expect((await rvpanel([...args, '--require', '50'])).code).toBe(0)
    expect((await rvpanel([...args, '--require', '100'])).code).toBe(1)
  })

  it('finds the same in a compressed recording, and in the output of mon -t', async () => {
    const text = await readFile(recording('stall.trace.txt'))
    const zipped = await file('stall.txt.gz', gzipSync(text))
    const plain = await rvpanel(['coverage', model('stall.dot'), recording('stall.trace.txt')])
    expect(await rvpanel(['coverage', model('stall.dot'), zipped])).toEqual(plain)
    expect(plain.out).not.toContain('Steps that the model')
    const rows = await file('stall-rows.txt', asRows(text))
    expect(await rvpanel(['coverage', model('stall.dot'), rows])).toEqual(plain)
  })

  it('shows steps that the model does not have', async () => {
    const other = await changed('wwnr.dot', 'label = "switch_out"', 'label = "switched_out"')
    const { out, code } = await rvpanel([
      'coverage',
      other,
      recording('wwnr.trace.txt'),
      '--monitor',
      'wwnr',
      '--require',
      '0'
    ])
    expect(out).toContain('Steps that the model does not have:')
    expect(out).toMatch(/\d+ {2}running x switch_out -> not_running/)
    expect(code).toBe(1)
  })

  it('counts states and atoms of a formula', async () => {
    const { code, out } = await rvpanel([
      'coverage',
      model('sleep.ltl'),
      recording('rtapp.trace.txt')
    ])
    expect(code).toBe(0)
    const violations = Number(
      execFileSync('grep', ['-c', 'error_sleep:', recording('rtapp.trace.txt')], {
        encoding: 'utf8'
      })
    )
    expect(out).toContain(`; ${violations} violations`)
  })

  it('takes damaged recordings', async () => {
    for (const [name, content] of [
      ['binary.txt', Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) & 255)],
      ['cut.gz', gzipSync('x'.repeat(10_000)).subarray(0, 20)],
      ['none.gz', 'no gzip'],
      ['empty.txt', '']
    ] as const) {
      const { code, err } = await rvpanel(['coverage', model('wip.dot'), await file(name, content)])
      expect(code).toBe(1)
      expect(err.trim().split('\n')).toHaveLength(1)
    }
  })
})
