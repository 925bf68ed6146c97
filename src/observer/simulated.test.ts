import { afterEach, expect, it } from 'vitest'
import { loadModels } from '../target/load-models'
import { openSimulated } from '../target/simulated-kernel'
import type { SimulatedPort } from '../target/simulator-control'
import { createObserverService, type ObserverService } from './service'
import { FakeClock } from './testing/fake-clock'
import { WindowEnd } from './testing/window-end'

const SETTINGS = { cpus: 4, tasks: 40, seed: 1 }
const MS = 1_000_000

let service: ObserverService | undefined
afterEach(async () => {
  await service?.close()
  service = undefined
})

interface Panel {
  readonly window: WindowEnd
  readonly clock: FakeClock
  readonly ports: SimulatedPort[]
  /** Runs the simulated kernel for so many virtual ms and lets the panel follow. */
  readonly run: (ms: number) => Promise<void>
}

async function panel(settings = SETTINGS): Promise<Panel> {
  const { models, drawings } = await loadModels('models')
  const clock = new FakeClock()
  const ports: SimulatedPort[] = []
  service = createObserverService({
    models,
    drawings,
    stateDir: '/nowhere',
    clock,
    openTarget: () => {
      const port = openSimulated(settings, models, 'manual')
      ports.push(port)
      return Promise.resolve(port)
    }
  })
  const window = new WindowEnd(service)
  window.hello()
  expect(await window.ask({ op: 'connect', target: { kind: 'sim', settings } })).toBeNull()
  const run = async (ms: number): Promise<void> => {
    for (let done = 0; done < ms; done += 10) {
      ports.at(-1)?.simulator.advance(10 * MS)
      await clock.advance(20)
    }
  }
  return { window, clock, ports, run }
}

it('wip: every CPU moves between the states of the model, and the edges count', async () => {
  const { window, run } = await panel()
  expect(await window.ask({ op: 'enable', monitor: 'wip', on: true })).toBeNull()
  await run(100)
  const wip = window.monitor('wip')
  expect(Object.keys(wip.current())).toEqual(['0', '1', '2', '3'])
  expect(wip.eventCount).toBeGreaterThan(100)
  expect([...wip.edges.keys()].sort()).toEqual([
    'non_preemptive preempt_enable preemptive',
    'non_preemptive sched_waking non_preemptive',
    'preemptive preempt_disable non_preemptive'
  ])
  const before = new Map(wip.edges)
  await run(50)
  for (const [edge, count] of wip.edges) expect(count).toBeGreaterThan(before.get(edge) ?? NaN)
  const transitions = [...wip.rows.values()].reduce((sum, row) => sum + row.transitions, 0)
  expect(transitions).toBe([...wip.edges.values()].reduce((sum, count) => sum + count, 0))
}, 30_000)

it('wip: a violation comes with the stack of its context, where that was asked for', async () => {
  const { window, run } = await panel()
  await window.ask({ op: 'enable', monitor: 'wip', on: true })
  const another = async (): Promise<void> => {
    const before = window.violations.size
    for (let i = 0; i < 100 && window.violations.size === before; i++) await run(100)
    await run(50)
  }
  await another()
  expect([...window.violations.values()].flatMap(({ stack }) => stack)).toEqual([])
  expect(await window.ask({ op: 'stacks', on: true })).toBeNull()
  expect(window.batch.switches?.stacks).toBe(true)
  // Of a monitor that is enabled later, too.
  await window.ask({ op: 'enable', monitor: 'wip', on: false })
  await window.ask({ op: 'enable', monitor: 'wip', on: true })
  await another()
  const last = [...window.violations.values()].at(-1)
  expect(last?.stack.slice(0, 2)).toEqual([
    'trace_event_buffer_commit',
    'trace_event_raw_event_error_da_monitor'
  ])
  expect(last?.stack).toContain('handle_sched_waking')
  expect(last?.reaction).toEqual({ reactor: 'nop', without: null })
  expect(await window.ask({ op: 'stacks', on: false })).toBeNull()
  await window.ask({ op: 'switch', which: 'reacting_on', on: false })
  await another()
  expect([...window.violations.values()].at(-1)).toMatchObject({
    stack: [],
    reaction: { reactor: 'nop', without: 'reacting-off' }
  })
}, 60_000)

it('wip: a violation comes with the path through the automaton and the lines before it', async () => {
  const { window, run } = await panel()
  await window.ask({ op: 'enable', monitor: 'wip', on: true })
  for (let i = 0; i < 100 && window.violations.size === 0; i++) await run(100)
  await run(50)
  const [violation] = window.violations.values()
  if (violation === undefined) throw new Error('no violation in 10 virtual seconds')
  expect(violation).toMatchObject({ seq: 1, kind: 'error', id: null, env: null })
  const last = violation.path.at(-1)
  expect(violation.path).toHaveLength(16)
  // The path is one: each step starts where the one before ended, up to the state of the violation.
  violation.path.forEach((step, i) => {
    const before = violation.path[i - 1]
    if (before !== undefined) expect(step.from).toBe(before.to)
    expect(step.cpu).toBe(violation.cpu)
  })
  expect(last?.to).toBe(violation.state)
  expect(violation.context.at(-1)).toMatchObject({
    here: true,
    text: `error_wip: event ${violation.event} not expected in the state ${violation.state}`
  })
  expect(violation.context.length).toBeGreaterThan(16)
  expect(violation.context.every((line) => line.cpu === violation.cpu)).toBe(true)
  const times = violation.context.map((line) => line.sec * 1e6 + Math.floor(line.nsec / 1000))
  expect(times).toEqual([...times].sort((a, b) => a - b))
  expect(violation.text).toContain(`[00${String(violation.cpu)}]`)
  const wip = window.monitor('wip')
  expect(wip.violationCount).toBe(window.violations.size)
  expect(window.batch.accounts?.violations).toBe(window.violations.size)
  expect(wip.refused.get(`${violation.state} ${violation.event}`)).toBeGreaterThan(0)
}, 30_000)

it('wwnr: tasks appear with their names, and a wakeup while running is a violation', async () => {
  const { window, run, clock } = await panel({ ...SETTINGS, tasks: 24 })
  await window.ask({ op: 'enable', monitor: 'wwnr', on: true })
  for (let i = 0; i < 100 && window.violations.size === 0; i++) await run(100)
  await clock.advance(3000)
  const rows = [...window.monitor('wwnr').rows.values()]
  expect(rows.length).toBeGreaterThan(5)
  expect(rows.filter((row) => row.label === '').map((row) => row.id)).toEqual([])
  const [violation] = window.violations.values()
  if (violation === undefined) throw new Error('no violation in 10 virtual seconds')
  expect(violation).toMatchObject({ kind: 'error', event: 'wakeup', state: 'running' })
  expect(violation.label).not.toBe('')
  expect(rows.map((row) => row.id)).toContain(violation.id)
  expect(violation.path.at(-1)).toMatchObject({ event: 'switch_in', to: 'running' })
}, 30_000)

it('a monitor for which there is no slot left is refused, naming who holds them', async () => {
  const { models, drawings } = await loadModels('models')
  const wwnr = models.find((model) => model.name === 'wwnr')
  if (wwnr?.kind !== 'automaton') throw new Error('models/ has no wwnr')
  const many = Array.from({ length: 9 }, (_, i) => ({
    ...wwnr,
    name: `wwnr${String(i)}`,
    instrumentation: { ...wwnr.instrumentation, monitor: `wwnr${String(i)}` }
  }))
  const clock = new FakeClock()
  service = createObserverService({
    models: many,
    drawings,
    stateDir: '/nowhere',
    clock,
    openTarget: () => Promise.resolve(openSimulated(SETTINGS, many, 'manual'))
  })
  const window = new WindowEnd(service)
  window.hello()
  await window.ask({ op: 'connect', target: { kind: 'sim', settings: SETTINGS } })
  const answers = []
  for (let i = 0; i < many.length; i++) {
    answers.push(await window.ask({ op: 'enable', monitor: `wwnr${String(i)}`, on: true }))
  }
  const refusal = answers.find((answer) => answer !== null)
  expect(refusal?.code).toBe('EBUSY')
  expect(refusal?.message).toMatch(/slots of this kernel are taken \(by wwnr0/)
  await clock.advance(50)
  const on = window.batch.monitors?.filter((m) => m.enabled).length
  expect(on).toBe(answers.filter((answer) => answer === null).length)
}, 30_000)

it('printk writes to the kernel log; panic stops the machine; it boots again as a new connection', async () => {
  const { window, run, clock, ports } = await panel()
  await window.ask({ op: 'enable', monitor: 'wip', on: true })
  await window.ask({ op: 'setReactor', monitor: 'wip', reactor: 'printk' })
  for (let i = 0; i < 100 && window.violations.size === 0; i++) await run(100)
  expect(window.log.join('\n')).toContain('rv: monitor wip does not allow event')
  const name = window.batch.target?.name ?? ''
  const refusal = await window.ask({ op: 'setReactor', monitor: 'wip', reactor: 'panic' })
  expect(refusal?.message).toContain(name)
  expect(
    await window.ask({ op: 'setReactor', monitor: 'wip', reactor: 'panic', confirm: name })
  ).toBeNull()
  const generation = window.batch.target?.generation ?? 0
  for (let i = 0; i < 100 && window.batch.target?.phase === 'connected'; i++) await run(100)
  expect(window.batch.target?.phase).toBe('panicked')
  expect(window.batch.target?.message).toContain('rv: monitor wip does not allow event')
  // The kernel reacts before it traces: the violation that stopped it left no line. What was there stays.
  expect(window.monitor('wip').eventCount).toBeGreaterThan(0)
  expect(window.violations.size).toBeGreaterThan(0)
  expect(await window.ask({ op: 'simulator', action: 'reboot' })).toBeNull()
  await clock.advance(50)
  expect(window.batch.target?.phase).toBe('connected')
  expect(window.batch.target?.generation).toBeGreaterThan(generation)
  expect(window.violations.size).toBe(0)
  expect(window.batch.monitors?.every((m) => !m.enabled && m.reactor === 'nop')).toBe(true)
  expect(ports).toHaveLength(1)
}, 30_000)

it('what was changed is put back on disconnect', async () => {
  const { window, ports, run } = await panel()
  const [port] = ports
  if (port === undefined) throw new Error('no port')
  const tree = async (): Promise<string[]> => {
    const texts = []
    const paths = ['rv/enabled_monitors', 'rv/monitoring_on', 'rv/reacting_on']
    for (const m of ['wip', 'wwnr'])
      paths.push(`rv/monitors/${m}/enable`, `rv/monitors/${m}/reactors`)
    for (const path of paths) texts.push(new TextDecoder().decode(await port.read(path)))
    return [...texts, ...(await port.list('instances')).map((entry) => entry.name)]
  }
  const connectedTree = await tree()
  const instances = connectedTree.filter((name) => name.startsWith('rvpanel-'))
  expect(instances).toHaveLength(2)
  await window.ask({ op: 'enable', monitor: 'wip', on: true })
  await window.ask({ op: 'setReactor', monitor: 'wip', reactor: 'printk' })
  await window.ask({ op: 'switch', which: 'reacting_on', on: false })
  await run(50)
  expect(await tree()).not.toEqual(connectedTree)
  let after: string[] = []
  const close = port.close.bind(port)
  port.close = async () => {
    const results = await close()
    after = results.map((result) => `${result.step.path} ${result.outcome}`)
    return results
  }
  expect(await window.ask({ op: 'disconnect' })).toBeNull()
  expect(after).toEqual([
    'rv/monitors/wip/enable restored',
    'rv/monitors/wip/reactors restored',
    'rv/reacting_on restored',
    `instances/${String(instances.find((name) => name.endsWith('-ev')))} restored`,
    `instances/${String(instances.find((name) => name.endsWith('-viol')))} restored`
  ])
  expect(window.notices()).toEqual([])
}, 30_000)

it('pause, speed and steps of the simulator reach the window', async () => {
  const { window, clock } = await panel()
  await window.ask({ op: 'simulator', action: 'pause' })
  await window.ask({ op: 'simulatorSpeed', factor: 0.25 })
  await clock.advance(50)
  expect(window.batch.simulator).toMatchObject({ ...SETTINGS, paused: true, speed: 0.25 })
  const before = window.batch.simulator?.time
  await window.ask({ op: 'simulator', action: 'step' })
  await clock.advance(50)
  expect(window.batch.simulator?.time).not.toEqual(before)
}, 30_000)

/** Every trace line of monitors that the window got, in order. */
const traced = (window: WindowEnd): string[] => window.rows.map(({ at, text }) => `${at} ${text}`)

it('a run is repeated: the same acts at the same moments give the same events, up to the same one', async () => {
  const { window, run, clock } = await panel({ cpus: 2, tasks: 12, seed: 9 })
  await run(30)
  await window.ask({ op: 'enable', monitor: 'wip', on: true })
  await run(20)
  await window.ask({ op: 'enable', monitor: 'wwnr', on: true })
  await window.ask({ op: 'switch', which: 'monitoring_on', on: false })
  await run(10)
  await window.ask({ op: 'switch', which: 'monitoring_on', on: true })
  // A step ends between events of one time.
  await window.ask({ op: 'simulator', action: 'step' })
  await window.ask({ op: 'enable', monitor: 'wip', on: false })
  await run(20)
  const before = traced(window)
  const repeat = async (): Promise<void> => {
    const state = { isOver: false }
    const repeating = service?.perform({ op: 'simulator', action: 'repeat' })
    void repeating?.finally(() => (state.isOver = true))
    while (!state.isOver) await clock.advance(20)
    await repeating
    await clock.advance(100)
  }
  expect(before.length).toBeGreaterThan(100)
  expect(window.batch.simulator?.acts).toBe(5)
  await repeat()
  expect(window.batch.simulator).toMatchObject({ paused: true, task: null, acts: 5 })
  expect(traced(window)).toEqual(before)
  expect(window.notices().at(-1)).toContain('repeated up to')
  // And once more, from the repeated one.
  await repeat()
  expect(traced(window)).toEqual(before)
}, 60_000)

it('the machine runs to what is asked for, and stands still there; it says what does not come', async () => {
  const { window, run, clock, ports } = await panel({ cpus: 2, tasks: 12, seed: 9 })
  await run(10)
  const done = async (request: Parameters<typeof window.ask>[0]): Promise<string> => {
    let outcome: string | undefined
    void service?.perform(request).then(
      () => (outcome = 'done'),
      (error: unknown) => (outcome = String(error))
    )
    while (outcome === undefined) await clock.advance(20)
    await clock.advance(100)
    return outcome
  }
  const time = (): number => ports[0]?.simulator.position.now ?? Number.NaN
  const from = time()
  expect(await done({ op: 'simulatorRun', until: { kind: 'time', ns: 2_500_000 } })).toBe('done')
  expect(time() - from).toBe(2_500_000)
  expect(window.batch.simulator).toMatchObject({ paused: true, task: null })
  await window.ask({ op: 'enable', monitor: 'wip', on: true })
  const transition = { op: 'simulatorRun', until: { kind: 'transition', monitor: 'wip' } } as const
  expect(await done(transition)).toBe('done')
  const first = window.monitor('wip').eventCount
  expect(first).toBeGreaterThan(0)
  expect(await done(transition)).toBe('done')
  expect(window.monitor('wip').eventCount).toBe(first + 1)
  expect(await done({ op: 'simulatorRun', until: { kind: 'transition', monitor: 'nope' } })).toBe(
    'Error: There is no monitor nope.'
  )
  expect(
    await done({ op: 'simulatorRun', until: { kind: 'transition', monitor: 'wwnr' } })
  ).toContain('No event of wwnr came within 10 s of virtual time: is it enabled?')
}, 60_000)

it('a run to something ends when it is cancelled', async () => {
  const { window, clock } = await panel({ cpus: 2, tasks: 12, seed: 9 })
  let isOver = false
  void service
    ?.perform({ op: 'simulatorRun', until: { kind: 'violation' } })
    .then(() => (isOver = true))
  expect(await window.ask({ op: 'simulator', action: 'cancel' })).toBeNull()
  await clock.advance(200)
  expect(isOver).toBe(true)
  expect(window.notices().at(-1)).toContain('The run was cancelled')
  expect(window.batch.simulator).toMatchObject({ paused: true, task: null })
}, 60_000)
