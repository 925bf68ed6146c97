import type { WindowApi } from '../../contract/preload-api'
import type { ClientMessage, Request } from '../../contract/requests'
import type { Batch, MonitorInfo, ServerMessage } from '../../contract/state'
import { FakeMonitor } from './fake-monitor'
import NOMISS from '../../../models/nomiss.dot?raw'
import SSSW from '../../../models/sssw.dot?raw'
import STALL from '../../../models/stall.dot?raw'
import STS from '../../../models/sts.dot?raw'
import WIP from '../../../models/wip.dot?raw'
import WWNR from '../../../models/wwnr.dot?raw'
import { FakeSettings } from './fake-settings'

/*
 * Plays the observer's side of the contract with invented data, so that the
 * window can be worked on in a browser. `?events=100000&cpus=64&tasks=2000`
 * sets the load.
 */

function info(
  name: string,
  parent: string | null,
  cls: MonitorInfo['class'],
  type: MonitorInfo['type'],
  description: string,
  model: string | null = null
): MonitorInfo {
  return {
    name,
    fullName: parent === null ? name : `${parent}:${name}`,
    parent,
    class: cls,
    type,
    description,
    enabled: false,
    reactor: 'nop',
    model,
    instrumentation: null
  }
}

const EMPTY: Omit<Batch, never> = { deltas: [], violations: [], completed: [], log: [] }

export class FakeObserver {
  readonly api: WindowApi
  private listener: ((message: unknown) => void) | undefined
  private seq = 0
  private acked = true
  private readonly monitors: MonitorInfo[] = [
    info('wip', null, 'da', 'per_cpu', 'wakeup in preemptive per-cpu testing monitor.', WIP),
    info('wwnr', null, 'da', 'per_task', 'wakeup while not running per-task testing model.', WWNR),
    info(
      'sched',
      null,
      'container',
      'unknown',
      'container for several scheduler monitor specifications.'
    ),
    info('sssw', 'sched', 'da', 'per_task', 'set state sleep and wakeup.', SSSW),
    info('sts', 'sched', 'da', 'per_cpu', 'schedule implies task switch.', STS),
    info('nrp', 'sched', 'da', 'per_task', 'need resched preempts.'),
    info('sco', 'sched', 'da', 'per_cpu', 'scheduling context operations.'),
    info(
      'rtapp',
      null,
      'container',
      'unknown',
      'Collection of monitors for detecting problems with real-time applications'
    ),
    info('sleep', 'rtapp', 'ltl', 'per_task', 'Monitor that RT tasks do not undesirably sleep'),
    info(
      'stall',
      null,
      'ha',
      'per_task',
      'identify tasks stalled for longer than a threshold.',
      STALL
    ),
    info(
      'deadline',
      null,
      'container',
      'unknown',
      'container for several deadline scheduler specifications.'
    ),
    info(
      'nomiss',
      'deadline',
      'ha',
      'per_obj',
      'dl entities run to completion before their deadline.',
      NOMISS
    )
  ]
  private readonly fakes: FakeMonitor[]
  private readonly cpus: number
  private readonly rate: number
  private connected = false
  private panicked = false
  private monitoringOn = true
  private reactingOn = true
  private paused = false
  private speed = 1
  private time = 3.2e9
  private violationSeq = 0
  private changed = true
  private shown = 0

  constructor(options: Readonly<Record<string, string>>) {
    this.cpus = Number(options.cpus ?? 4)
    const tasks = Number(options.tasks ?? 24)
    this.rate = Number(options.events ?? 3000)
    this.fakes = this.monitors.map(
      (m) => new FakeMonitor(m, m.type === 'per_cpu' ? this.cpus : tasks)
    )
    for (const name of (options.on ?? '').split(',')) {
      const m = this.monitors.findIndex((x) => x.fullName === name)
      const monitor = this.monitors[m]
      if (monitor) this.monitors[m] = { ...monitor, enabled: true }
    }
    this.api = {
      post: (message) => queueMicrotask(() => this.receive(message)),
      subscribe: (listener) => {
        this.listener = listener
        return () => (this.listener = undefined)
      },
      models: {
        ask: () => Promise.resolve({ type: 'shelf', models: [], drafts: [] })
      },
      recordings: {
        ask: () => Promise.resolve({ type: 'cancelled' }),
        pathOf: () => ''
      },
      menu: { tell: () => undefined, onChoose: () => () => undefined },
      settings: new FakeSettings().api,
      about: { version: 'dev', platform: 'fake', kiosk: null }
    }
    setInterval(() => this.frame(), 16)
  }

  send(message: ServerMessage): void {
    this.listener?.(message)
  }

  private receive(message: ClientMessage): void {
    if (message.type === 'hello') {
      this.send({ type: 'hello', version: 1 })
      this.send({ type: 'snapshot', seq: ++this.seq, batch: { ...EMPTY, ...this.status() } })
      this.acked = false
    } else if (message.type === 'ack') this.acked = true
    else if (message.type === 'resync') {
      this.fakes.forEach((f) => f.everything())
      this.send({
        type: 'snapshot',
        seq: ++this.seq,
        batch: { ...EMPTY, ...this.status(), deltas: this.deltas() }
      })
    } else {
      const error = this.act(message.request)
      this.changed = true
      setTimeout(
        () =>
          this.send({
            type: 'reply',
            id: message.id,
            error: error === null ? null : { code: 'EBUSY', message: error }
          }),
        30
      )
    }
  }

  private act(r: Request): string | null {
    const set = (name: string, change: Partial<MonitorInfo>): void => {
      const i = this.monitors.findIndex((m) => m.fullName === name)
      const m = this.monitors[i]
      if (m) this.monitors[i] = { ...m, ...change }
    }
    switch (r.op) {
      case 'connect':
        this.connected = true
        this.panicked = false
        return null
      case 'disconnect':
        this.connected = false
        return null
      case 'enable':
        if (r.monitor === 'sched:sco' && r.on) {
          return 'The target refused to enable sched:sco: EBUSY, all 2 per-task slots are taken (by wwnr and stall).'
        }
        set(r.monitor, { enabled: r.on })
        return null
      case 'setReactor':
        set(r.monitor, { reactor: r.reactor })
        return null
      case 'switch':
        if (r.which === 'monitoring_on') this.monitoringOn = r.on
        else this.reactingOn = r.on
        return null
      case 'simulator':
        if (r.action === 'pause') this.paused = true
        else if (r.action === 'resume') this.paused = false
        else if (r.action === 'reboot') this.panicked = false
        return null
      case 'simulatorSpeed':
        this.speed = r.factor
        return null
      default:
        return null
    }
  }

  private status(): Partial<Batch> {
    let events = 0
    let violations = 0
    for (const f of this.fakes) {
      events += f.events
      violations += f.violations
    }
    return {
      target: {
        phase: this.panicked ? 'panicked' : this.connected ? 'connected' : 'none',
        kind: this.connected ? 'sim' : null,
        name: this.connected ? 'simulated' : '',
        release: this.connected ? '7.3.0-rvpanel' : '',
        cpus: this.connected ? this.cpus : 0,
        tracefs: '/sys/kernel/tracing',
        message: this.panicked
          ? 'Kernel panic - not syncing: rv: monitor wip does not allow event sched_waking on state preemptive'
          : '',
        generation: 1
      },
      switches: {
        monitoringOn: this.monitoringOn,
        reactingOn: this.reactingOn,
        reactors: ['nop', 'printk', 'panic'],
        stacks: false
      },
      monitors: this.connected ? [...this.monitors] : [],
      simulator: this.connected
        ? {
            cpus: this.cpus,
            tasks: 24,
            seed: 1,
            scenario: null,
            parameters: {},
            task: null,
            acts: 0,
            paused: this.paused,
            speed: this.speed,
            achieved: this.paused ? 0 : this.speed,
            running: Array.from({ length: Math.min(16, this.cpus) }, (_, cpu) => ({
              pid: 300 + cpu,
              comm: 'stress-ng-pipe',
              context: 'task' as const
            })),
            time: [Math.floor(this.time / 1e9), Math.floor(this.time % 1e9)]
          }
        : null,
      accounts: {
        events,
        violations,
        lostKernel: 0,
        lostLink: 0,
        notShown: Math.max(0, events - this.shown),
        malformed: 0
      }
    }
  }

  private deltas(): Batch['deltas'] {
    return this.fakes.flatMap((f, i) => f.delta(i) ?? [])
  }

  private frame(): void {
    if (!this.acked || !this.listener) return
    const batch: Batch = { ...EMPTY, violations: [], log: [], ...this.status() }
    if (!this.changed) delete batch.monitors
    if (this.changed && !this.connected) batch.simulator = null
    this.changed = false
    if (this.connected && !this.panicked && !this.paused && this.monitoringOn) this.simulate(batch)

    this.acked = false
    this.send({ type: 'batch', seq: ++this.seq, batch })
  }

  private simulate(batch: Batch): void {
    const from = this.time
    this.time += 16e6 * this.speed
    const rows: NonNullable<Batch['events']>['rows'] = []
    const active = this.fakes.filter((f, i) => this.monitors[i]?.enabled && f.able)
    for (const fake of active) {
      const index = this.fakes.indexOf(fake)
      const n = Math.max(1, Math.round((this.rate / 60 / active.length) * Math.min(1, this.speed)))
      for (let k = 0; k < n; k++) {
        const at = from + ((this.time - from) * (k + 0.5)) / n
        const row = fake.step(at, index, ++this.violationSeq)
        if (row.violation) {
          batch.violations.push(row.violation)
          if (this.monitors[index]?.reactor === 'printk') {
            batch.log.push({ level: 4, sec: row.violation.sec, usec: 0, text: row.violation.text })
          }
          if (this.monitors[index]?.reactor === 'panic') this.panicked = true
        } else this.violationSeq--
        if (rows.length < 200) rows.push(row.event)
      }
    }
    rows.sort((a, b) => a.sec - b.sec || a.nsec - b.nsec)
    if (rows.length > 0) {
      let total = 0
      for (const f of this.fakes) total += f.events
      batch.events = { first: total - rows.length, rows }
      this.shown += rows.length
    }
    batch.deltas = this.deltas()
    if (Math.random() < 0.02) {
      batch.log.push({
        level: 6,
        sec: Math.floor(this.time / 1e9),
        usec: Math.floor((this.time % 1e9) / 1000),
        text: 'eth0: link becomes ready'
      })
    }
  }
}
