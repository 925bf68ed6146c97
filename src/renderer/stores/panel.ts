import {
  markRaw,
  onUnmounted,
  ref,
  shallowReactive,
  shallowRef,
  watch,
  type InjectionKey,
  inject
} from 'vue'
import type { WindowApi } from '../../contract/preload-api'
import { targetSpec, type Request, type TargetSpec } from '../../contract/requests'
import { defaultSimulator } from '../../contract/target-url'
import type {
  Accounts,
  AuthDialogue,
  Batch,
  EventRows,
  Hops,
  LogLine,
  ScenarioInfo,
  MonitorInfo,
  RecorderStatus,
  SimulatorStatus,
  Switches,
  TargetStatus,
  Undoable
} from '../../contract/state'
import { Bridge, Refusal } from '../bridge/client'
import { FrameLoop } from '../bridge/frame-loop'
import { texts } from '../texts'
import { MonitorLive } from './columns'
import { Commands, type Command } from './commands'
import { Lanes } from './lanes'
import { Layout } from './layout'
import { PastStore } from './past'
import { Pins } from './pins'
import { Rate, SAMPLE_MS } from './rates'
import { Ring } from './ring'
import { Since } from './since'
import { noteConnected, rememberTarget } from './recent'
import { createSettings, type Settings, type SettingsMirror } from './settings'
import { TargetClock } from './target-clock'
import { TerminalLine } from './terminal'
import { TimelineView } from './timeline'
import { ViolationStore } from './violations'

/** One row of the event log. */
export type EventRow = EventRows['rows'][number] & { readonly no: number }

/** A message that floats until it is read. */
export interface Toast {
  readonly id: number
  readonly severity: 'info' | 'warning' | 'error'
  readonly message: string
}

/** What is shown of a monitor. */
export type MonitorTab = 'automaton' | 'instances' | 'events' | 'model'

const NO_TARGET: TargetStatus = {
  phase: 'none',
  kind: null,
  name: '',
  release: '',
  cpus: 0,
  tracefs: '',
  message: '',
  generation: 0
}
const NO_ACCOUNTS: Accounts = {
  events: 0,
  violations: 0,
  lostKernel: 0,
  lostLink: 0,
  notShown: 0,
  malformed: 0
}

const NOTHING_TO_UNDO: Undoable = { undo: null, redo: null }

/** Numbers in text are refreshed this often; the drawing follows every frame. */
export const TICK_MS = 100

/** Everything that the window knows. Live data is raw; `tick` and the shallow refs say when to look again. */
export class Panel {
  /** What the user set and arranged; a change here reaches the file. */
  readonly settings: Settings
  /** Which panes are there. */
  readonly layout: Layout
  /** The file of the settings. */
  readonly settingsMirror: SettingsMirror
  readonly target = shallowRef<TargetStatus>(NO_TARGET)
  readonly switches = shallowRef<Switches>({
    monitoringOn: true,
    reactingOn: null,
    reactors: null,
    stacks: false
  })
  readonly monitors = shallowRef<readonly MonitorInfo[]>([])
  readonly simulator = shallowRef<SimulatorStatus | null>(null)
  /** Faults that the simulated kernel can be booted with. */
  readonly scenarios = shallowRef<readonly ScenarioInfo[]>([])
  readonly accounts = shallowRef<Accounts>(NO_ACCOUNTS)
  /** What was seen and lost at every hop; null: nothing is known of it. */
  readonly hops = shallowRef<Hops | null>(null)
  /** What the user changed on the target, and may take back. */
  readonly undoable = shallowRef<Undoable>(NOTHING_TO_UNDO)
  /** The recording that is being written, or the last one of this connection. */
  readonly recorder = shallowRef<RecorderStatus | null>(null)
  readonly auth = shallowRef<AuthDialogue | null>(null)
  readonly toasts = shallowReactive<Toast[]>([])
  /** Refusals where they happened: by monitor's full name, or the name of a switch. */
  readonly refusals = shallowReactive(new Map<string, string>())
  /** Their errno names. */
  readonly refusalCodes = shallowReactive(new Map<string, string>())
  /** True from the first snapshot on. */
  readonly ready = ref(false)
  /** Counts snapshots: the objects in `live` are new ones then. */
  readonly epoch = ref(0)
  /** Counts ten times a second while something arrives. */
  readonly tick = ref(0)
  /** Full name of the shown monitor. */
  readonly selected = ref<string | null>(null)
  /** Tab of the shown monitor. */
  readonly tab = ref<MonitorTab>('automaton')
  /** The time that the views show, ns since the target's boot; null: now. */
  readonly moment = ref<number | null>(null)
  /** Number of the violation that was chosen last, null: none. */
  readonly violation = ref<number | null>(null)
  /** Instance (id) that is followed in the shown monitor. */
  readonly following = ref<number | null>(null)

  readonly live: MonitorLive[] = markRaw([])
  readonly rates: Rate[] = markRaw([])
  readonly totalRate = markRaw(new Rate())
  readonly batchRate = markRaw(new Rate())
  /** Records that the kernel's rings lost, per second. */
  readonly lossRate = markRaw(new Rate())
  readonly since = markRaw(new Since())
  readonly violations = markRaw(new ViolationStore())
  readonly log = markRaw(new Ring<LogLine>(5000))
  readonly events = markRaw(new Ring<EventRow>(5000))
  readonly lanes = markRaw(new Lanes())
  readonly clock = markRaw(new TargetClock())
  /** Instances that the user pinned. */
  readonly pins = markRaw(new Pins())
  /** What the user can do now, for keys, menus and the palette. */
  readonly commands = markRaw(new Commands())
  /** The terminal on the target. */
  readonly terminal = markRaw(
    new TerminalLine(async (request) => {
      await this.bridge.request(request)
    })
  )
  /** The state of monitors at `moment`. */
  readonly past: PastStore
  /** Where the user looks in time. */
  readonly timeline: TimelineView
  readonly frames: FrameLoop
  readonly bridge: Bridge
  /** Files of recordings, for which main asks the user. */
  readonly recordings: WindowApi['recordings']

  /** What this window asked to connect to last; null: the program chose the target. */
  asked: TargetSpec | null = null
  /** Scenario whose monitor is to be enabled as soon as the machine that has it is there. */
  private booting: ScenarioInfo | null = null
  private nextToast = 1
  private lastTick = 0
  private lastSample = 0
  /** Newest values of what changes with every batch; components see them once a tick. */
  private newestAccounts = NO_ACCOUNTS
  private newestRecorder: RecorderStatus | null = null
  private newestSimulator: SimulatorStatus | null = null

  constructor(
    api: WindowApi,
    raf: (callback: (now: number) => void) => unknown = (callback) =>
      requestAnimationFrame(callback)
  ) {
    this.recordings = api.recordings
    this.settingsMirror = createSettings(api.settings, globalThis.localStorage)
    this.settings = this.settingsMirror.values
    this.layout = markRaw(new Layout(this.settings))
    this.frames = markRaw(new FrameLoop(raf))
    this.bridge = markRaw(
      new Bridge(api, {
        snapshot: (batch) => this.applySnapshot(batch),
        batch: (batch) => this.applyBatch(batch),
        auth: (dialogue) => {
          this.auth.value = dialogue
        },
        notice: (severity, message) => this.toast(severity, message),
        terminal: (terminal, data) => this.terminal.output(terminal, data),
        terminalEnded: (terminal, message) => this.terminal.ended(terminal, message)
      })
    )
    this.past = markRaw(
      new PastStore(
        (request) => this.bridge.request(request),
        (index) => this.live[index],
        () => this.showMoment()
      )
    )
    this.timeline = markRaw(
      new TimelineView(
        (request) => this.bridge.request(request),
        () => this.frames.ask()
      )
    )
    watch(this.moment, (moment) => this.momentIs(moment), { flush: 'sync' })
    this.frames.add((now) => this.onFrame(now))
    this.frames.onDrawn(() => this.bridge.frameDrawn())
  }

  /** Live state of a monitor; read in a computed value it is looked up anew after a snapshot. */
  liveOf(index: number): MonitorLive | undefined {
    return this.epoch.value >= 0 && this.monitors.value.length > index
      ? this.live[index]
      : undefined
  }

  /**
   * What the views show of a monitor: its live state, or its state at the moment that the user went
   * back to. Views read this; `live` is for what always follows the target.
   */
  shownOf(index: number): MonitorLive | undefined {
    if (this.moment.value === null) return this.liveOf(index)
    return this.liveOf(index) && this.past.of(index)?.live
  }

  /** Goes back to a time (ns since the target's boot): every view shows it as soon as it is known. */
  goTo(at: number): void {
    const moment = Math.min(Math.max(0, Math.round(at)), Math.max(this.clock.now, this.lanes.now))
    this.moment.value = moment
  }

  /** Back to now. */
  goLive(): void {
    this.moment.value = null
  }

  /** Whoever sets the moment, the past follows. */
  private momentIs(moment: number | null): void {
    if (moment === null) {
      this.clock.shown = null
      this.past.clear()
    } else this.past.goTo(moment)
    this.tick.value++
    this.frames.ask()
  }

  /** The target is a recording: what it shows cannot be changed. */
  get readOnly(): boolean {
    return this.target.value.kind === 'recording'
  }

  /** Whether the target can be acted on now. */
  get canAct(): boolean {
    return this.target.value.phase === 'connected' && !this.readOnly
  }

  /** Read in a computed value that shows raw live data: it is computed again at the next tick. */
  refresh(): number {
    return this.tick.value
  }

  start(): void {
    this.bridge.start()
    // Rates fall to zero and clocks go on while nothing arrives.
    setInterval(() => this.frames.ask(), SAMPLE_MS)
  }

  /** Asks the observer; a refusal becomes a toast and stands where it happened (`where`). True: done. */
  async ask(request: Request, where?: string): Promise<boolean> {
    if (where !== undefined) {
      this.refusals.delete(where)
      this.refusalCodes.delete(where)
    }
    try {
      await this.bridge.request(request)
      return true
    } catch (error) {
      const sentence = error instanceof Refusal ? error.message : texts.bridge.closed
      if (where !== undefined) {
        this.refusals.set(where, sentence)
        if (error instanceof Refusal) this.refusalCodes.set(where, error.code)
      }
      this.toast('error', sentence)
      return false
    }
  }

  /** Virtual time of the simulated kernel since its boot, [s, ns], of the newest message. */
  get simulatorTime(): readonly [number, number] | null {
    return this.newestSimulator?.time ?? null
  }

  /** Connects; of a simulated kernel with a fault, the monitor that reports it is then enabled. */
  async connect(wanted: TargetSpec, remember = true): Promise<boolean> {
    // A copy: what comes out of the settings is reactive, and cannot be sent.
    const target = targetSpec.parse(wanted)
    if (remember) rememberTarget(this.settings, target, Date.now())
    this.asked = target
    const scenario = target.kind === 'sim' ? target.settings.scenario : undefined
    this.booting = this.scenarios.value.find((one) => one.name === scenario) ?? null
    const done = await this.ask({ op: 'connect', target }, 'connect')
    if (!done) this.booting = null
    return done
  }

  /** Boots the simulated kernel anew with a fault, or with none. */
  runScenario(name: string | null): Promise<boolean> {
    const { asked, simulator } = this
    const base = asked?.kind === 'sim' ? asked.settings : (simulator.value ?? defaultSimulator)
    const { cpus, tasks, seed } = base
    const given = base.parameters ?? {}
    const parameters = Object.keys(given).length > 0 ? { parameters: given } : {}
    const scenario = name === null ? {} : { scenario: name }
    const settings = { cpus, tasks, seed, ...parameters, ...scenario }
    return this.connect({ kind: 'sim', settings })
  }

  toast(severity: Toast['severity'], message: string): void {
    if (this.toasts.some((t) => t.message === message)) return
    this.toasts.push({ id: this.nextToast++, severity, message })
    if (this.toasts.length > 5) this.toasts.shift()
  }

  dismiss(id: number): void {
    const at = this.toasts.findIndex((t) => t.id === id)
    if (at >= 0) this.toasts.splice(at, 1)
  }

  /** Index of a monitor in all lists, -1 when the target does not have it. */
  indexOf(fullName: string | null): number {
    return this.monitors.value.findIndex((m) => m.fullName === fullName)
  }

  /** Selects a monitor, and possibly follows one of its instances. */
  select(fullName: string, follow: number | null = null): void {
    this.selected.value = fullName
    this.following.value = follow
  }

  /** Monitors whose reactor stops the machine at their next violation. */
  armedPanic(): MonitorInfo[] {
    if (this.readOnly || this.switches.value.reactingOn === false) return []
    return this.monitors.value.filter((m) => m.enabled && m.reactor === 'panic')
  }

  /** Monitors whose reactor would stop the machine, were they enabled or reacting_on on. */
  dormantPanic(): MonitorInfo[] {
    if (this.readOnly) return []
    const armed = new Set(this.armedPanic())
    return this.monitors.value.filter((m) => m.reactor === 'panic' && !armed.has(m))
  }

  private applySnapshot(batch: Batch): void {
    const before = this.target.value
    this.live.length = 0
    this.rates.length = 0
    this.violations.clear(batch.target?.generation === before.generation)
    this.log.clear()
    this.events.clear()
    this.lanes.clear()
    this.clock.reset()
    this.refusals.clear()
    this.refusalCodes.clear()
    this.hops.value = null
    this.undoable.value = NOTHING_TO_UNDO
    if (batch.target?.generation !== this.target.value.generation) this.since.restart(0)
    this.newestRecorder = null
    this.applyBatch(batch)
    this.epoch.value++
    this.ready.value = true
    this.keepMoment(before)
    this.showNewest()
  }

  /** After a snapshot of the same connection the moment is asked for anew; another one has its own time. */
  private keepMoment(before: TargetStatus): void {
    const { moment } = this
    if (moment.value === null) return
    const at = moment.value
    this.goLive()
    const { generation, phase } = this.target.value
    if (generation === before.generation && phase !== 'none') this.goTo(at)
  }

  /** A moment has arrived: times are told relative to it from now on. */
  private showMoment(): void {
    this.clock.shown = this.past.shownAt.value
    this.tick.value++
    this.frames.ask()
  }

  private applyBatch(batch: Batch): void {
    if (batch.target) this.applyTarget(batch.target)
    if (batch.undoable) this.undoable.value = batch.undoable
    if (batch.hops) {
      this.hops.value = batch.hops
      this.since.connected.value = batch.hops.connectedAt
    }
    if (batch.recorder !== undefined) this.newestRecorder = batch.recorder
    if (batch.switches) this.switches.value = batch.switches
    if (batch.scenarios) this.scenarios.value = batch.scenarios
    if (batch.monitors) this.applyMonitors(batch.monitors, batch.simulator?.scenario ?? null)
    if (batch.simulator !== undefined) {
      this.newestSimulator = batch.simulator
      if (!sameMachine(this.simulator.value, batch.simulator))
        this.simulator.value = batch.simulator
      if (batch.simulator) this.clock.set(batch.simulator.time[0], batch.simulator.time[1])
      this.enableBooted(batch.simulator)
    }
    if (batch.accounts) this.newestAccounts = batch.accounts
    for (const delta of batch.deltas) {
      const live = this.live[delta.monitor]
      if (!live) throw new RangeError('state of an unknown monitor')
      live.apply(delta)
      for (let i = 0; i < delta.rows.index.length; i++) {
        this.clock.seen(delta.rows.sinceSec[i] ?? 0, delta.rows.sinceNsec[i] ?? 0)
      }
      if (live.moved) document.documentElement.dataset.live = 'true'
    }
    this.lanes.apply(batch.deltas, this.live)
    for (const violation of batch.violations) {
      this.violations.add(violation)
      this.lanes.mark(violation)
    }
    for (const violation of batch.completed) this.violations.complete(violation)
    for (const line of batch.log) this.log.push(line)
    if (batch.events) {
      let no = batch.events.first
      for (const row of batch.events.rows) {
        this.events.push({ ...row, no: no++ })
        this.clock.seen(row.sec, row.nsec)
      }
    }
    this.frames.ask()
  }

  private applyTarget(target: TargetStatus): void {
    const before = this.target.value
    this.target.value = target
    const isNew = before.generation !== target.generation || before.phase !== target.phase
    if (isNew && target.phase === 'connected') {
      noteConnected(this.settings, target, this.asked === null, Date.now())
    }
  }

  /** @param fault scenario of the machine, whose monitor is then the first one to look at */
  private applyMonitors(monitors: readonly MonitorInfo[], fault: string | null): void {
    this.monitors.value = monitors
    while (this.live.length < monitors.length) this.live.push(new MonitorLive())
    while (this.rates.length < monitors.length) this.rates.push(new Rate())
    if (this.indexOf(this.selected.value) < 0) {
      const reports = this.scenarios.value.find((one) => one.name === fault)?.monitor
      const first =
        monitors.find((m) => m.enabled) ?? monitors.find((m) => m.name === reports) ?? monitors[0]
      this.selected.value = first?.fullName ?? null
      this.following.value = null
    }
  }

  /** The machine of a chosen scenario is there: its monitor is what the user wants to see. */
  private enableBooted(simulator: SimulatorStatus | null): void {
    const { booting } = this
    if (booting === null || simulator?.scenario !== booting.name) return
    const monitor = this.monitors.value.find((one) => one.name === booting.monitor)
    if (!monitor) return
    this.booting = null
    this.select(monitor.fullName)
    void this.ask({ op: 'enable', monitor: monitor.fullName, on: true }, monitor.fullName)
  }

  /** Numbers that nobody reads sixty times a second reach the components here. */
  private showNewest(): void {
    this.accounts.value = this.newestAccounts
    this.recorder.value = this.newestRecorder
    this.simulator.value = this.newestSimulator
    this.tick.value++
  }

  private onFrame(now: number): void {
    if (now - this.lastTick >= TICK_MS) {
      this.lastTick = now
      this.showNewest()
    }
    if (now - this.lastSample >= SAMPLE_MS) {
      this.lastSample = now
      // What a recording has came all at once: that is no rate of the target.
      if (this.readOnly) return
      this.live.forEach((live, i) => this.rates[i]?.sample(live.eventsTotal, now))
      this.totalRate.sample(this.newestAccounts.events, now)
      this.lossRate.sample(this.newestAccounts.lostKernel ?? 0, now)
      this.batchRate.sample(this.bridge.received, now)
    }
  }
}

/** What changes when somebody acts on the simulated machine, not by itself. */
function sameMachine(a: SimulatorStatus | null, b: SimulatorStatus | null): boolean {
  if (a === null || b === null) return a === b
  return (
    a.paused === b.paused &&
    a.speed === b.speed &&
    a.seed === b.seed &&
    a.cpus === b.cpus &&
    a.scenario === b.scenario &&
    a.task?.kind === b.task?.kind &&
    a.acts === b.acts
  )
}

const panelKey: InjectionKey<Panel> = Symbol('panel')

/** How components find the panel: provided once by the app. */
export { panelKey }

/** The panel of this window. */
export function usePanel(): Panel {
  const panel = inject(panelKey)
  if (!panel) throw new Error('no panel was provided to this component')
  return panel
}

/** Offers commands as long as the component that calls it is there. */
export function useCommands(...commands: readonly Command[]): void {
  onUnmounted(usePanel().commands.add(...commands))
}
