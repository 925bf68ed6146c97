import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { Batch } from '../../contract/state'
import { loadModels } from '../../target/load-models'
import { openSimulated } from '../../target/simulated-kernel'
import { Observer } from '../observer'
import { FakeClock } from '../testing/fake-clock'
import { openTarget } from '../open-target'
import { encodeRecord, MAGIC, RecordParser } from './format'

const folder = mkdtempSync(join(tmpdir(), 'rvpanel-recording-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})
const { models, drawings } = await loadModels('models')

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** Opens a file as the window does. Rejects with the sentence that it shows. */
async function open(path: string): Promise<Observer> {
  const port = await openTarget({ kind: 'recording', path }, { models, stateDir: folder })
  return Observer.connect(port, { drawings, notify: () => undefined, clock: new FakeClock() })
}

/** What a window would know of a target, but for what only a live one has. */
function known(
  observer: Observer
): Pick<Batch, 'monitors' | 'switches' | 'violations' | 'accounts' | 'log'> & { deltas: object[] } {
  const { monitors, switches, deltas, violations, accounts, log } = observer.snapshot()
  return {
    monitors,
    switches,
    accounts,
    log,
    violations,
    deltas: deltas.map(({ monitor, ...rest }) => ({ monitor, ...rest, lane: undefined }))
  }
}

const fixture = (name: string): string => join('test/fixtures/trace', `${name}.trace.txt`)

describe('text of a kernel’s trace', () => {
  it('shows its monitors, their states and violations, and stands still at its end', async () => {
    const observer = await open(fixture('wip'))
    const { target, monitors, accounts } = observer.snapshot()
    expect(target).toMatchObject({
      phase: 'connected',
      kind: 'recording',
      name: 'wip.trace.txt',
      cpus: 4,
      recording: { format: 'trace', derived: false, notDerived: [], problem: null }
    })
    expect(monitors).toMatchObject([{ name: 'wip', type: 'per_cpu', class: 'da', enabled: true }])
    const text = readFileSync(fixture('wip'), 'utf8')
    const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0
    expect(accounts).toMatchObject({
      events: count(/ (event|error)_wip: /g),
      violations: count(/ error_wip: /g),
      lostKernel: 0,
      malformed: 0
    })
    const cpus = new Set([...text.matchAll(/ \[(\d+)\] /g)].map(([, cpu]) => Number(cpu)))
    expect(new Set(observer.snapshot().deltas[0]?.rows.id)).toEqual(cpus)
  })

  it('puts monitors into their containers, and knows hybrid and LTL ones', async () => {
    const names = async (name: string): Promise<string[]> =>
      (await open(fixture(name)))
        .snapshot()
        .monitors?.map((one) => `${one.fullName} ${one.class} ${one.type}`) ?? []
    expect(await names('rtapp')).toContain('rtapp:pagefault ltl per_task')
    expect(await names('stall')).toEqual(['stall ha per_task'])
    expect((await names('sched'))[0]).toBe('sched container unknown')
  })

  it('is read packed with gzip too', async () => {
    const packed = file('wip.gz', gzipSync(readFileSync(fixture('wip'))))
    expect(known(await open(packed)).accounts).toEqual(known(await open(fixture('wip'))).accounts)
  })

  it('counts what the kernel lost', async () => {
    const text = readFileSync(fixture('wip'), 'utf8')
    const lines = text.split('\n')
    lines.splice(40, 0, 'CPU:1 [LOST 123 EVENTS]')
    const { accounts } = (await open(file('lost.txt', lines.join('\n')))).snapshot()
    expect(accounts).toMatchObject({ lostKernel: 123, malformed: 0 })
  })

  it('cannot be changed', async () => {
    const observer = await open(fixture('wip'))
    for (const request of [
      { op: 'enable', monitor: 'wip', on: false },
      { op: 'setReactor', monitor: 'wip', reactor: 'printk' },
      { op: 'switch', which: 'monitoring_on', on: true },
      { op: 'simulator', action: 'pause' }
    ] as const) {
      await expect(observer.perform(request)).rejects.toThrow('A recording cannot be changed.')
    }
    await expect(observer.record(join(folder, 'copy'))).rejects.toThrow(/recording already/)
    expect(observer.snapshot().monitors).toMatchObject([{ enabled: true }])
  })
})

describe('tracepoints without monitors', () => {
  /** A recording in which the kernel’s own monitors are not. */
  function bare(name: string): string {
    const text = gunzipSync(readFileSync(`test/replay/recordings/${name}.trace.txt.gz`)).toString()
    const lines = text.split('\n').filter((line) => !/ (event|error)_\w+: /.test(line))
    return file(`${name}.bare.txt`, lines.join('\n'))
  }

  it('are shown as the panel’s engine judges them, and what it cannot judge is said', async () => {
    const observer = await open(bare('wwnr-stall-with-sched'))
    const { monitors, target, deltas } = observer.snapshot()
    expect(monitors?.map((one) => one.fullName)).toEqual(['wwnr', 'stall'])
    expect(target?.recording).toMatchObject({ derived: true })
    expect(target?.recording?.notDerived).toContainEqual({
      monitor: 'sco',
      missing: ['sched_set_state_tp', 'sched_entry_tp', 'sched_exit_tp']
    })
    expect(deltas[0]?.events).toBeGreaterThan(5000)
    expect(deltas[0]?.rows.id.length).toBeGreaterThan(5)
  })

  it('agree with the kernel’s own monitor where both are there', async () => {
    const own = gunzipSync(readFileSync('test/replay/recordings/wip-with-preemptirq.trace.txt.gz'))
    const kernel = (await open(file('own.txt', own))).snapshot()
    const derived = (await open(bare('wip-with-preemptirq'))).snapshot()
    const ratio = (derived.accounts?.events ?? 0) / (kernel.accounts?.events ?? 1)
    expect(Math.abs(ratio - 1)).toBeLessThan(0.02)
    const { violations } = derived
    expect(violations.length).toBeGreaterThan(0)
    expect(violations[0]?.path.length).toBeGreaterThan(0)
    // The tracepoints from which it was derived stand in its context.
    expect(violations[0]?.context.map((line) => line.text).join('\n')).toMatch(
      /preempt_(en|dis)able/
    )
  })
})

describe('what is no recording', () => {
  it.each([
    ['nothing', '', /is empty: expected the text of trace/],
    ['binary', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0), /has a byte of 0x02 at 4/],
    [
      'another text',
      '\nDear list,\nthis is no trace.\n',
      /is no kernel trace: line 2 is "Dear list,"; expected a line of a trace, such as “bash-123/
    ],
    [
      'a trace.dat',
      Uint8Array.from([0x17, 8, 0x44, ...Buffer.from('tracing7')]),
      /is a trace.dat of trace-cmd/
    ],
    ['output of trace-cmd report', 'cpus=4\n', /is the output of trace-cmd report/],
    ['comments alone', '# tracer: nop\n#\n', /has no line of a trace, comments alone/],
    [
      'a trace without what a monitor needs',
      ' sh-1 [000] d..2. 1.000000: sched_stat_runtime: comm=sh pid=1 runtime=1 [ns]\n',
      /without events of the system rv, and without the tracepoints/
    ],
    ['another version', 'rvpanel recording 2\nxx', /another version of the panel/],
    ['damaged gzip', gzipSync('x'.repeat(1000)).subarray(0, 18), /compressed data end too early/],
    ['a recording of nothing', MAGIC, /cannot be shown: its first record/]
  ])('%s: one sentence', async (name, content, sentence) => {
    const error: unknown = await open(file(name, content)).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Error)
    const { message } = error as Error
    expect(message).toMatch(sentence)
    expect(message).toMatch(/^[^\n]*\.$/)
  })

  it('a folder, and a file that is not there', async () => {
    await expect(open(folder)).rejects.toThrow(/is a folder/)
    await expect(open(join(folder, 'missing'))).rejects.toThrow('there is no such file')
  })
})

/** Runs a simulated kernel with a recorder, and gives what the panel knew at the end. */
async function record(path: string): Promise<ReturnType<typeof known>> {
  const port = openSimulated(
    {
      cpus: 4,
      tasks: 30,
      seed: 3,
      scenario: 'starving-task',
      parameters: { 'stall.threshold_jiffies': 100 }
    },
    models,
    'manual'
  )
  const clock = new FakeClock()
  const live = await Observer.connect(port, { drawings, clock, notify: () => undefined })
  await live.record(path)
  const run = async (ms: number): Promise<void> => {
    for (let done = 0; done < ms; done += 20) {
      port.simulator.advance(20e6)
      await clock.advance(50)
    }
  }
  const enable = async (monitor: string, on: boolean): Promise<void> => {
    await live.perform({ op: 'enable', monitor, on })
  }
  for (const monitor of ['wip', 'wwnr', 'stall']) await enable(monitor, true)
  await run(400)
  await live.perform({ op: 'setReactor', monitor: 'stall', reactor: 'printk' })
  await run(200)
  await live.perform({ op: 'switch', which: 'monitoring_on', on: false })
  await run(100)
  await live.perform({ op: 'switch', which: 'monitoring_on', on: true })
  await run(300)
  await enable('wip', false)
  await run(2200)
  await live.stopRecording()
  expect(live.snapshot().recorder).toMatchObject({ file: path, recording: false, message: '' })
  const all = known(live)
  await live.close()
  return all
}

describe('the panel’s own recording', () => {
  const path = join(folder, 'own.rvrec')

  it('shows the same violations, states and counts as live', async () => {
    const live = await record(path)
    expect(live.violations.length).toBeGreaterThan(1)
    expect(live.log.length).toBeGreaterThan(0)
    const opened = await open(path)
    expect(known(opened)).toEqual(live)
    expect(opened.snapshot().target?.recording).toMatchObject({ format: 'panel', problem: null })
  }, 60_000)

  it('cut anywhere, shows what came before and says so', async () => {
    const whole = readFileSync(path)
    const full = (await open(path)).snapshot()
    const cut = await open(file('cut.rvrec', whole.subarray(0, Math.floor(whole.length / 2))))
    const { accounts, target } = cut.snapshot()
    expect(accounts?.events).toBeGreaterThan(0)
    expect(accounts?.events).toBeLessThan(full.accounts?.events ?? 0)
    expect(target?.recording?.problem).toMatch(/ends in the middle of a record, at byte \d+/)
  })

  it('with a flipped bit, shows what came before and says so', async () => {
    const bytes = Uint8Array.from(readFileSync(path))
    const at = bytes.length - 5000
    bytes[at] = (bytes[at] ?? 0) ^ 0x10
    const { target } = (await open(file('flip.rvrec', bytes))).snapshot()
    expect(target?.recording?.problem).toMatch(/does not match its checksum/)
  })

  it('is not written over a file where that was not allowed', async () => {
    const port = openSimulated({ cpus: 1, tasks: 1, seed: 1 }, models, 'manual')
    const clock = new FakeClock()
    const live = await Observer.connect(port, { drawings, clock, notify: () => undefined })
    await expect(live.record(path, true)).rejects.toThrow(/cannot be written: it is there already/)
    await expect(live.record(join(folder, 'no/file'))).rejects.toThrow(/folder does not exist/)
    await live.close()
  })

  it('stops with a sentence where the disk is full', async () => {
    const port = openSimulated({ cpus: 2, tasks: 10, seed: 1 }, models, 'manual')
    const clock = new FakeClock()
    const said: string[] = []
    const live = await Observer.connect(port, {
      drawings,
      clock,
      notify: (_severity, message) => said.push(message)
    })
    await live.record('/dev/full')
    await expect.poll(() => live.snapshot().recorder).toMatchObject({ recording: false })
    expect(live.snapshot().recorder?.message).toContain('the disk is full')
    expect(said).toContainEqual(expect.stringMatching(/What was written until then is kept\.$/))
    await live.close()
  })
})

describe('records', () => {
  const bytes = fc.uint8Array({ maxLength: 300 })

  it('come back as they were, whatever pieces the file comes in', () => {
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 20 }), fc.integer({ min: 1, max: 97 }), (all, n) => {
        const magic = new TextEncoder().encode(MAGIC)
        const file = Uint8Array.from(
          Buffer.concat([magic, ...all.map((one, i) => encodeRecord('E', i, one))])
        )
        const parser = new RecordParser()
        const back: Uint8Array[] = []
        for (let at = 0; at < file.length; at += n) {
          parser.push(file.subarray(at, at + n), (_type, payload) => back.push(payload.slice()))
        }
        parser.finish()
        expect(parser.problem).toBeUndefined()
        expect(back).toEqual(all)
      })
    )
  })

  it('that were damaged or cut never throw, and none comes back wrong', () => {
    const all = Array.from({ length: 20 }, (_, i) => new Uint8Array(i * 7).fill(i))
    const magic = new TextEncoder().encode(MAGIC)
    const whole = Buffer.concat([magic, ...all.map((one, i) => encodeRecord('E', i, one))])
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(7), fc.nat(whole.length), (at, bit, end) => {
        const damaged = Uint8Array.from(whole)
        damaged[at] = (damaged[at] ?? 0) ^ (1 << bit)
        const parser = new RecordParser()
        const back: Uint8Array[] = []
        parser.push(damaged.subarray(0, end), (_type, payload) => back.push(payload.slice()))
        parser.finish()
        expect(back).toEqual(all.slice(0, back.length))
        if (at >= magic.length && at < end) expect(parser.problem).toMatch(/\.$/)
      })
    )
  })
})
