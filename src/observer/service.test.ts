import { describe, expect, it } from 'vitest'
import type { TargetSpec } from '../contract/requests'
import { TracefsError, type TracefsPort } from '../target/port'
import { createObserverService, type ObserverService } from './service'
import { FakeClock, settled } from './testing/fake-clock'
import { FakePort, type FakeMonitor } from './testing/fake-port'
import { known, wip, wwnr } from './testing/models'
import { traceLine as line } from './testing/trace-text'
import { WindowEnd } from './testing/window-end'

const SIM: TargetSpec = { kind: 'sim', settings: { cpus: 4, tasks: 10, seed: 1 } }
const SSH: TargetSpec = { kind: 'ssh', destination: 'root@board' }

const models = [known(wip, 'per_cpu')]
const drawings = new Map(
  [...models, known(wwnr, 'per_task')].map((model) => [model.automaton.name, model] as const)
)

const DISABLE = 'event_wip: preemptive x preempt_disable -> non_preemptive'
const ENABLE = 'event_wip: non_preemptive x preempt_enable -> preemptive (final)'
const WAKING = 'error_wip: event sched_waking not expected in the state preemptive'

interface Panel {
  readonly service: ObserverService
  readonly window: WindowEnd
  readonly clock: FakeClock
  readonly port: FakePort
}

function panelOver(open: () => Promise<TracefsPort> | TracefsPort): Omit<Panel, 'port'> {
  const clock = new FakeClock()
  const service = createObserverService({
    models,
    drawings,
    stateDir: '/nowhere',
    clock,
    openTarget: async () => open()
  })
  return { service, window: new WindowEnd(service), clock }
}

async function connected(
  monitors: readonly FakeMonitor[] = [{ name: 'wip' }, { name: 'wwnr', shape: 'da-id' }],
  port = new FakePort(monitors)
): Promise<Panel> {
  const panel = panelOver(() => port)
  panel.window.hello()
  expect(await panel.window.ask({ op: 'connect', target: SIM })).toBeNull()
  await panel.clock.advance(20)
  return { ...panel, port }
}

describe('a connection', () => {
  it('starts from a snapshot of the tree, with the models that are known', async () => {
    const { window } = await connected()
    expect(window.batch.target).toMatchObject({ phase: 'connected', name: 'scripted', cpus: 4 })
    expect(window.batch.monitors).toEqual([
      {
        name: 'wip',
        fullName: 'wip',
        parent: null,
        class: 'da',
        type: 'per_cpu',
        description: 'about wip',
        enabled: false,
        reactor: 'nop',
        model: 'digraph { wip }',
        instrumentation: null
      },
      expect.objectContaining({ name: 'wwnr', type: 'per_task', model: 'digraph { wwnr }' })
    ])
    expect(window.monitor('wip').states).toEqual(['preemptive', 'non_preemptive'])
    expect(window.batch.switches).toEqual({
      stacks: false,
      monitoringOn: true,
      reactingOn: true,
      reactors: ['nop', 'printk', 'panic']
    })
  })

  it('that cannot be made says why, in the reply and in the status', async () => {
    const { window, clock } = panelOver(() => {
      throw new Error('board does not answer on port 22.')
    })
    window.hello()
    const error = await window.ask({ op: 'connect', target: SSH })
    expect(error?.message).toBe('board does not answer on port 22.')
    await clock.advance(20)
    expect(window.batch.target).toMatchObject({
      phase: 'none',
      name: 'root@board',
      message: 'board does not answer on port 22.'
    })
  })

  it('to a kernel without RV is closed again', async () => {
    const port = new FakePort([])
    port.files.clear()
    const { window } = panelOver(() => port)
    window.hello()
    const error = await window.ask({ op: 'connect', target: SIM })
    expect(error?.message).toMatch(/CONFIG_RV/)
    expect(port.calls.at(-1)).toBe('close')
  })

  it('that is lost keeps the last state on show, with the reason', async () => {
    const { window, clock, port } = await connected([{ name: 'wip', enabled: true }])
    port.pipe('-ev').push(line(1, 10, DISABLE))
    await clock.advance(50)
    port.end({ reason: 'link-lost', message: 'The link to the board is gone.' })
    await clock.advance(50)
    expect(window.batch.target).toMatchObject({
      phase: 'lost',
      message: 'The link to the board is gone.'
    })
    expect(window.monitor('wip').current()).toEqual({ 1: 'non_preemptive' })
    const error = await window.ask({ op: 'enable', monitor: 'wip', on: false })
    expect(error?.message).toMatch(/not connected.*link to the board is gone/)
  })

  it('that ends in a panic says so', async () => {
    const { window, clock, port } = await connected()
    port.end({ reason: 'panic', message: 'Kernel panic - not syncing: rv: monitor wip' })
    await clock.advance(50)
    expect(window.batch.target).toMatchObject({ phase: 'panicked' })
  })

  it('whose kernel logged a panic before the link went is one that panicked', async () => {
    const { window, clock, port } = await connected()
    port.kernelLogStream.push('0,1,99,-;Kernel panic - not syncing: rv: boom\n')
    await clock.advance(50)
    port.end({ reason: 'link-lost', message: 'The link is gone.' })
    await clock.advance(50)
    expect(window.batch.target).toMatchObject({
      phase: 'panicked',
      message: 'Kernel panic - not syncing: rv: boom'
    })
  })

  it('counts its generations, and starts anew for each', async () => {
    const { window, clock } = await connected()
    const first = window.batch.target?.generation ?? 0
    await window.ask({ op: 'disconnect' })
    await clock.advance(50)
    expect(window.batch.target?.phase).toBe('none')
    expect(window.batch.monitors).toEqual([])
    await window.ask({ op: 'connect', target: SIM })
    await clock.advance(50)
    expect(window.batch.target?.generation).toBeGreaterThan(first)
    expect(window.batch.monitors).toHaveLength(2)
  })

  it('puts the target back when it ends', async () => {
    const { window, service, port } = await connected()
    await window.ask({ op: 'enable', monitor: 'wip', on: true })
    await window.ask({ op: 'setReactor', monitor: 'wwnr', reactor: 'printk' })
    await window.ask({ op: 'switch', which: 'monitoring_on', on: false })
    await service.close()
    expect(port.text('rv/monitors/wip/enable')).toBe('0')
    expect(port.text('rv/monitors/wwnr/reactors')).toContain('[nop]')
    expect(port.text('rv/monitoring_on')).toBe('1')
    expect([...port.folders].filter((f) => f.startsWith('instances/'))).toEqual([])
    expect([...port.streams.values()].every((stream) => stream.closed)).toBe(true)
  })
})

describe('the dialogue of ssh', () => {
  it('goes to the window and back', async () => {
    const clock = new FakeClock()
    const answers: (string | undefined)[] = []
    const service = createObserverService({
      models,
      drawings,
      stateDir: '/nowhere',
      clock,
      openTarget: async (_spec, options) => {
        options.onProgress?.('Connecting to board …')
        answers.push(await options.auth?.ask({ text: "board's password:", secret: true }))
        return new FakePort([{ name: 'wip' }])
      }
    })
    const window = new WindowEnd(service)
    window.hello()
    const done = window.ask({ op: 'connect', target: SSH })
    await clock.advance(50)
    expect(window.batch.target).toMatchObject({ phase: 'authenticating', name: 'root@board' })
    expect(window.messages.at(-1)).not.toMatchObject({ type: 'auth', dialogue: null })
    expect(window.messages).toContainEqual({
      type: 'auth',
      dialogue: { text: "board's password:", secret: true }
    })
    // A window that opens meanwhile is shown the question as well.
    const second = new WindowEnd(service)
    second.hello()
    await clock.advance(50)
    expect(second.messages).toContainEqual({
      type: 'auth',
      dialogue: { text: "board's password:", secret: true }
    })
    expect(await second.ask({ op: 'authAnswer', text: 'hunter2' })).toBeNull()
    await clock.advance(50)
    expect(answers).toEqual(['hunter2'])
    expect(second.batch.target?.phase).toBe('connected')
    expect(second.messages).toContainEqual({ type: 'auth', dialogue: null })
    void done.catch(() => undefined)
  })

  it('can be cancelled', async () => {
    const clock = new FakeClock()
    const service = createObserverService({
      models,
      drawings,
      stateDir: '/nowhere',
      clock,
      openTarget: async (_spec, options) => {
        const answer = await options.auth?.ask({ text: '?', secret: false })
        if (answer === undefined) throw new Error('Nobody answered.')
        return new FakePort([])
      }
    })
    const window = new WindowEnd(service)
    window.hello()
    const done = window.ask({ op: 'connect', target: SSH })
    await clock.advance(50)
    expect(await window.ask({ op: 'authCancel' })).toBeNull()
    expect((await done)?.message).toBe('Nobody answered.')
  })
})

describe('requests', () => {
  it('reach the files, and what they change reaches the window', async () => {
    const { window, clock, port } = await connected()
    expect(await window.ask({ op: 'enable', monitor: 'wip', on: true })).toBeNull()
    await clock.advance(20)
    expect(port.text('rv/monitors/wip/enable')).toBe('1')
    expect(window.batch.monitors?.[0]?.enabled).toBe(true)
    expect(await window.ask({ op: 'switch', which: 'reacting_on', on: false })).toBeNull()
    await clock.advance(20)
    expect(window.batch.switches?.reactingOn).toBe(false)
  })

  it('are refused in the words of the target', async () => {
    const { window, port } = await connected([
      { name: 'wwnr', shape: 'da-id', enabled: true },
      { name: 'stall', shape: 'ha' }
    ])
    port.onWrite = (path) => {
      if (path !== 'rv/monitors/stall/enable') return undefined
      throw new TracefsError('EBUSY', path, 'Device or resource busy')
    }
    const error = await window.ask({ op: 'enable', monitor: 'stall', on: true })
    expect(error).toMatchObject({ code: 'EBUSY' })
    expect(error?.message).toMatch(/slots of this kernel are taken \(by wwnr\)/)
  })

  it('for the panic reactor demand the name of the target', async () => {
    const { window, port } = await connected()
    const arm = (confirm?: string): ReturnType<WindowEnd['ask']> =>
      window.ask({
        op: 'setReactor',
        monitor: 'wip',
        reactor: 'panic',
        ...(confirm === undefined ? {} : { confirm })
      })
    expect((await arm())?.message).toMatch(/scripted/)
    expect((await arm('Scripted'))?.message).toMatch(/scripted/)
    expect(port.text('rv/monitors/wip/reactors')).toContain('[nop]')
    expect(await arm('scripted')).toBeNull()
    expect(port.text('rv/monitors/wip/reactors')).toContain('[panic]')
  })

  it('that are none are answered, whatever they are', async () => {
    const { window } = await connected()
    for (const raw of [undefined, null, 1, 'x', {}, { type: 'hello' }, { type: 'ack', seq: -1 }]) {
      window.post(raw)
    }
    window.post({ type: 'request', id: 77, request: { op: 'enable', monitor: 'a"b', on: true } })
    expect(window.messages).toContainEqual({
      type: 'reply',
      id: 77,
      error: { code: 'EINVAL', message: expect.stringContaining('monitor name') as string }
    })
    expect(await window.ask({ op: 'switch', which: 'monitoring_on', on: true })).toBeNull()
  })

  it('before a connection say that there is none', async () => {
    const { window } = panelOver(() => new FakePort([]))
    window.hello()
    const error = await window.ask({ op: 'enable', monitor: 'wip', on: true })
    expect(error?.message).toMatch(/No target is connected/)
  })

  it('of another version are told apart', () => {
    const { window } = panelOver(() => new FakePort([]))
    window.post({ type: 'hello', version: 99 })
    expect(window.notices()[0]).toMatch(/version 99/)
  })
})

describe('batches', () => {
  it('carry only what changed', async () => {
    const { window, clock, port } = await connected([{ name: 'wip', enabled: true }])
    port.pipe('-ev').push(line(0, 10, DISABLE) + line(1, 11, DISABLE))
    await clock.advance(50)
    const before = window.messages.length
    port.pipe('-ev').push(line(1, 12, ENABLE))
    await clock.advance(50)
    const [message] = window.messages.slice(before)
    if (message?.type !== 'batch') throw new Error('expected a batch')
    expect([...(message.batch.deltas[0]?.rows.id ?? [])]).toEqual([1])
    expect(message.batch.monitors).toBeUndefined()
    expect(message.batch.target).toBeUndefined()
    expect(window.monitor('wip').current()).toEqual({ 0: 'non_preemptive', 1: 'preemptive' })
    expect([...window.monitor('wip').edges]).toEqual([
      ['preemptive preempt_disable non_preemptive', 2],
      ['non_preemptive preempt_enable preemptive', 1]
    ])
  })

  it('wait for the acknowledgement of the one before, and for the frame', async () => {
    const { window, clock, port } = await connected([{ name: 'wip', enabled: true }])
    await clock.advance(2000)
    window.acknowledges = false
    const before = window.messages.length
    port.pipe('-ev').push(line(0, 10, DISABLE))
    await clock.advance(50)
    port.pipe('-ev').push(line(0, 11, ENABLE))
    await clock.advance(500)
    expect(window.messages.length - before).toBe(1)
    window.post({ type: 'ack', seq: window.seq })
    await clock.advance(0)
    expect(window.messages.length - before).toBe(2)
    expect(window.monitor('wip').current()).toEqual({ 0: 'preemptive' })
    // At once after that one: not within the same frame.
    window.post({ type: 'ack', seq: window.seq })
    port.pipe('-ev').push(line(0, 12, DISABLE))
    await clock.advance(10)
    expect(window.messages.length - before).toBe(2)
    await clock.advance(10)
    expect(window.messages.length - before).toBe(3)
  })

  it('go on when an acknowledgement never comes', async () => {
    const { window, clock, port } = await connected([{ name: 'wip', enabled: true }])
    window.acknowledges = false
    port.pipe('-ev').push(line(0, 10, DISABLE))
    await clock.advance(50)
    port.pipe('-ev').push(line(0, 11, ENABLE))
    await clock.advance(11_000)
    expect(window.monitor('wip').current()).toEqual({ 0: 'preemptive' })
  })

  it('start anew with a snapshot when asked', async () => {
    const { window, clock, port } = await connected([{ name: 'wip', enabled: true }])
    port.pipe('-ev').push(line(0, 10, DISABLE))
    port.pipe('-viol').push(line(0, 12, WAKING))
    port.kernelLogStream.push('6,1,99,-;hello\n')
    await clock.advance(50)
    const before = window.messages.length
    window.post({ type: 'resync' })
    await clock.advance(50)
    expect(window.messages[before]?.type).toBe('snapshot')
    expect(window.monitor('wip').current()).toEqual({ 0: 'non_preemptive' })
    expect(window.monitor('wip').states).toEqual(['preemptive', 'non_preemptive'])
    expect(window.violations.size).toBe(1)
    expect(window.log).toEqual(['hello'])
  })

  it('tell of what others change, within a second', async () => {
    const { window, clock, port } = await connected()
    await port.write('rv/monitors/wip/enable', '1')
    await port.write('rv/monitors/wip/reactors', 'printk')
    await port.write('rv/monitoring_on', '0')
    port.files.set('rv/available_monitors', 'wip\nwwnr\nlate\n')
    port.files.set('rv/monitors/late/enable', '0\n')
    await clock.advance(1100)
    expect(window.batch.monitors?.map((m) => m.fullName)).toEqual(['wip', 'wwnr', 'late'])
    expect(window.batch.monitors?.[0]).toMatchObject({ enabled: true, reactor: 'printk' })
    expect(window.batch.switches?.monitoringOn).toBe(false)
    const ev = port.instance('-ev')
    expect(port.text(`${ev}/events/rv/event_wip/enable`)).toBe('1')
  })
})

describe('the trace instances', () => {
  it('have only the events of monitors that are enabled', async () => {
    const { window, port } = await connected([
      { name: 'wip', enabled: true },
      { name: 'nomiss', shape: 'ha' }
    ])
    const [ev, viol] = [port.instance('-ev'), port.instance('-viol')]
    const on = (): string[] =>
      [...port.files]
        .filter(
          ([path, text]) =>
            path.startsWith('instances/') && path.endsWith('/enable') && text === '1\n'
        )
        .map(([path]) => path.replace('/enable', '').replace('events/rv/', ''))
        .filter((path) => !path.endsWith('rv_retries_error'))
    expect(on().sort()).toEqual([`${ev}/error_wip`, `${ev}/event_wip`, `${viol}/error_wip`])
    await window.ask({ op: 'enable', monitor: 'nomiss', on: true })
    await window.ask({ op: 'enable', monitor: 'wip', on: false })
    expect(on().sort()).toEqual([
      `${ev}/error_env_nomiss`,
      `${ev}/error_nomiss`,
      `${ev}/event_nomiss`,
      `${viol}/error_env_nomiss`,
      `${viol}/error_nomiss`
    ])
  })

  it('keep the bridge itself out, and have rings that fit the machine', async () => {
    const port = new FakePort([{ name: 'wip' }], { info: { cpus: 256 } })
    port.pids = [41, 42]
    await connected([], port)
    const ev = port.instance('-ev')
    expect(port.text(`${ev}/set_event_notrace_pid`)).toBe('41 42 9000 9001')
    expect(port.text(`${ev}/options/event-fork`)).toBe('1')
    expect(Number(port.text(`${ev}/buffer_size_kb`)) * 256).toBeLessThanOrEqual(65_536)
  })

  it('that cannot be made leave the tree on show', async () => {
    const port = new FakePort([{ name: 'wip' }])
    port.mkdir = (path) =>
      Promise.reject(new TracefsError('EROFS', path, `${path}: Read-only file system`))
    const { window } = await connected([], port)
    expect(window.batch.target?.phase).toBe('connected')
    expect(window.notices()[0]).toMatch(/without live states.*Read-only/)
  })
})

describe('live state', () => {
  it('stops when the monitor goes off, and counts on', async () => {
    const { window, clock, port } = await connected([{ name: 'wip', enabled: true }])
    port.pipe('-ev').push(line(0, 10, DISABLE))
    await clock.advance(50)
    await window.ask({ op: 'enable', monitor: 'wip', on: false })
    // What was in the ring when it went off.
    port.pipe('-ev').push(line(0, 11, ENABLE))
    await clock.advance(50)
    expect(window.monitor('wip').current()).toEqual({ 0: undefined })
    expect(window.monitor('wip').eventCount).toBe(2)
    await window.ask({ op: 'enable', monitor: 'wip', on: true })
    port.pipe('-ev').push(line(0, 12, DISABLE))
    await clock.advance(50)
    expect(window.monitor('wip').current()).toEqual({ 0: 'non_preemptive' })
  })

  it('is reset when monitoring comes back', async () => {
    const { window, clock, port } = await connected([{ name: 'wip', enabled: true }])
    port.pipe('-ev').push(line(0, 10, DISABLE))
    await clock.advance(50)
    await window.ask({ op: 'switch', which: 'monitoring_on', on: false })
    await clock.advance(50)
    expect(window.monitor('wip').current()).toEqual({ 0: 'non_preemptive' })
    await window.ask({ op: 'switch', which: 'monitoring_on', on: true })
    await clock.advance(50)
    expect(window.monitor('wip').current()).toEqual({ 0: undefined })
  })

  it('is reset when its reactor is swapped, by the window or by others, since the newest event', async () => {
    const { window, clock, port } = await connected([{ name: 'wip', enabled: true }])
    const states = (): unknown[] =>
      [...window.monitor('wip').rows.values()].map((row) => [row.id, row.state, row.since])
    port.pipe('-ev').push(line(0, 10, DISABLE) + line(1, 25, ENABLE))
    await clock.advance(50)
    expect(states()).toEqual([
      [0, 'non_preemptive', [0, 10_000]],
      [1, 'preemptive', [0, 25_000]]
    ])
    await window.ask({ op: 'setReactor', monitor: 'wip', reactor: 'printk' })
    await clock.advance(50)
    const reset = [
      [0, undefined, [0, 25_000]],
      [1, undefined, [0, 25_000]]
    ]
    expect(states()).toEqual(reset)
    port.pipe('-ev').push(line(0, 25, DISABLE))
    await clock.advance(50)
    expect(states()[0]).toEqual([0, 'non_preemptive', [0, 25_000]])
    port.files.set('rv/monitors/wip/reactors', '[nop]\nprintk\npanic\n')
    await clock.advance(1100)
    expect(states()).toEqual(reset)
  })

  it('labels tasks by the target’s list and by the lines of the tasks themselves', async () => {
    const port = new FakePort([{ name: 'wwnr', shape: 'da-id', enabled: true }])
    port.taskNames.set(7, 'seven')
    const { window, clock } = await connected([], port)
    port
      .pipe('-ev')
      .push(
        line(0, 10, 'event_wwnr: 7: not_running x switch_in -> running') +
          line(0, 11, 'event_wwnr: 8: not_running x switch_in -> running', 'eight-8')
      )
    await clock.advance(3100)
    const labels = [...window.monitor('wwnr').rows.values()].map((row) => [row.id, row.label])
    expect(labels).toEqual([
      [7, 'seven'],
      [8, 'eight']
    ])
  })

  it('takes a task that has exited out of its state, and says so, until its pid is there again', async () => {
    const port = new FakePort([{ name: 'wwnr', shape: 'da-id', enabled: true }])
    port.taskNames.set(7, 'seven').set(8, 'eight')
    const { window, clock } = await connected([], port)
    const running = (pid: number): string =>
      line(0, 10, `event_wwnr: ${String(pid)}: not_running x switch_in -> running`)
    const rows = (): unknown[] =>
      [...window.monitor('wwnr').rows.values()].map((row) => [row.id, row.state, row.label])
    port.pipe('-ev').push(running(7) + running(8) + running(0))
    await clock.advance(3100)
    port.taskNames.delete(7)
    // One list may be older than the task that it does not have.
    await clock.advance(10_500)
    expect(rows()[0]).toEqual([7, 'running', 'seven'])
    await clock.advance(10_500)
    expect(rows()).toEqual([
      [7, undefined, 'seven (exited)'],
      [8, 'running', 'eight'],
      [0, 'running', '']
    ])
    port.taskNames.set(7, 'another')
    port.pipe('-ev').push(running(7))
    await clock.advance(10_500)
    expect(rows()[0]).toEqual([7, 'running', 'another'])
  })

  it('says of which thread group a task is, of one that woke it and of itself', async () => {
    const port = new FakePort([{ name: 'wwnr', shape: 'da-id', enabled: true }])
    port.taskNames.set(7, 'audio').set(8, 'audio-rt').set(9, 'x (exited)')
    port.taskGroups.set(8, 7)
    const { window, clock } = await connected([], port)
    const event = (pid: number, who?: string): string =>
      line(0, 10, `event_wwnr: ${String(pid)}: not_running x switch_in -> running`, who)
    const tasks = (): unknown[] =>
      [...window.monitor('wwnr').rows.values()].map(({ id, label, task }) => [id, label, task])
    port.pipe('-ev').push(event(8, 'audio-rt-8') + event(9) + event(0))
    await clock.advance(3100)
    expect(tasks()).toEqual([
      [8, 'audio-rt', { tgid: 7, leader: 'audio', exited: false }],
      // What a task calls itself does not say that it has exited.
      [9, 'x (exited)', { tgid: 9, leader: 'x (exited)', exited: false }],
      [0, '', undefined]
    ])
    port.taskNames.delete(8)
    port.taskNames.delete(9)
    await clock.advance(21_000)
    expect(tasks().slice(0, 2)).toEqual([
      [8, 'audio-rt (exited)', { tgid: 7, leader: 'audio', exited: true }],
      [9, 'x (exited) (exited)', { tgid: 9, leader: 'x (exited)', exited: true }]
    ])
    port.taskNames.set(8, 'audio-rt')
    await clock.advance(10_500)
    expect(tasks()[0]).toEqual([8, 'audio-rt', { tgid: 7, leader: 'audio', exited: false }])
  })

  it('names the tasks of deadline entities, and nothing of those of servers', async () => {
    const port = new FakePort([
      { name: 'deadline', shape: 'container', enabled: true },
      { name: 'deadline:nomiss', shape: 'ha', enabled: true }
    ])
    port.taskNames.set(7, 'camera')
    const { window, clock } = await connected([], port)
    const event = (id: number): string =>
      line(0, 10, `event_nomiss: ${String(id)}: ready x sched_switch_in -> running`)
    port.pipe('-ev').push(event(7) + event(-1) + event(0))
    await clock.advance(21_000)
    const rows = [...window.monitor('deadline:nomiss').rows.values()]
    expect(rows.map(({ id, state, label }) => [id, state, label])).toEqual([
      [7, 'running', 'camera'],
      [-1, 'running', ''],
      [0, 'running', '']
    ])
  })

  it('shows the kernel log', async () => {
    const { window, clock, port } = await connected()
    port.kernelLogStream.push('6,1,99,-;rv: first\n3,2,100,-;rv: second\n')
    await clock.advance(50)
    expect(window.log).toEqual(['rv: first', 'rv: second'])
  })

  it('counts what the kernel lost, and says where', async () => {
    const { window, clock, port } = await connected([{ name: 'wip', enabled: true }])
    port.pipe('-ev').push(`${line(0, 10, DISABLE)}CPU:2 [LOST 34 EVENTS]\n${line(2, 11, DISABLE)}`)
    await clock.advance(50)
    expect(window.batch.accounts?.lostKernel).toBe(34)
    expect(window.rows.map((row) => row.text)).toContain('CPU:2 [LOST 34 EVENTS]')
    port.pipe('-viol').push('CPU:1 [LOST EVENTS]\n')
    await clock.advance(50)
    expect(window.batch.accounts?.lostKernel).toBeNull()
    await settled()
  })

  it('counts what the rings say that they lost, of every CPU, before a mark comes', async () => {
    const { window, clock, port } = await connected([{ name: 'wip', enabled: true }])
    const stats = 'entries: 9\noverrun: 30\ncommit overrun: 2\nbytes: 7\ndropped events: 5\n'
    port.files.set(`${port.instance('-ev')}/per_cpu/cpu2/stats`, stats)
    port.files.set(`${port.instance('-viol')}/per_cpu/cpu0/stats`, 'overrun: 100\n')
    await clock.advance(6000)
    expect(window.batch.accounts?.lostKernel).toBe(137)
    // The marks are of the same losses.
    port.pipe('-ev').push('CPU:2 [LOST 30 EVENTS]\n')
    await clock.advance(50)
    expect(window.batch.accounts?.lostKernel).toBe(137)
    // A file that cannot be read now leaves what it said before.
    port.files.delete(`${port.instance('-ev')}/per_cpu/cpu2/stats`)
    await clock.advance(6000)
    expect(window.batch.accounts?.lostKernel).toBe(137)
  })

  it('claims no loss on a link that works, and knows none on one that broke', async () => {
    const { window, clock, port } = await connected([{ name: 'wip', enabled: true }])
    port.pipe('-ev').push(line(0, 10, DISABLE) + line(0, 11, ENABLE).slice(0, 40))
    await clock.advance(50)
    expect(window.batch.accounts).toMatchObject({ lostLink: 0, malformed: 0 })
    port.pipe('-ev').end()
    await clock.advance(50)
    // The line that was cut in the middle counts.
    expect(window.batch.accounts).toMatchObject({ lostLink: null, malformed: 1 })
    expect(window.notices()).toEqual([])
    await clock.advance(1100)
    expect(window.notices()).toEqual(['A stream of scripted has ended by itself.'])
  })

  it('does not know what a target still had when its link went', async () => {
    const { window, clock, port } = await connected([{ name: 'wip', enabled: true }])
    port.end({ reason: 'link-lost', message: 'The link is gone.' })
    await clock.advance(50)
    expect(window.batch.accounts?.lostLink).toBeNull()
  })
})
