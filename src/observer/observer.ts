import type { Request, TargetSpec } from '../contract/requests'
import type { HistoryResult } from '../contract/history'
import type { Batch, SimulatorStatus, TargetStatus } from '../contract/state'
import type { Drawing } from '../model/load'
import { TracefsError, type TracefsPort, type TracefsStream } from '../target/port'
import { isSimulated } from '../target/simulator-control'
import { createKmsgDecoder, createTraceDecoder, type TraceBatch } from '../trace'
import { systemClock, type Clock } from './clock'
import { Control, type Notify } from './control'
import { drain } from './drain'
import { Feed } from './feed'
import { Fold } from './fold'
import { isAboutPast, PastAnswers } from './history/answer'
import { Labels } from './labels'
import { Limits } from './limits'
import { LogLane } from './log-lane'
import { Rec } from './recording/format'
import { Playback } from './recording/playback'
import { isRecorded, READ_ONLY, type RecordedPort } from './recording/port'
import { RecorderSlot } from './recording/slot'
import { RvClient } from './rv-client'
import type { RunCounts } from './simulator-runs'
import { sentence } from './text'
import { Violations } from './violations'
import { WholeValues } from './whole-values'

/** How often files that others may change are read, ms. */
const POLL_MS = 1000
/** From when on a target that says nothing is called silent, ms. */
const SILENT_MS = 2000
/** How often loss counters are read, in polls. */
const STATS_POLLS = 5
/** How often violations that wait are looked at, ms. */
const TICK_MS = 100

export interface ObserverOptions {
  /** Models that the panel knows, by monitor name; some say of which type the monitor is. */
  readonly drawings: ReadonlyMap<string, Drawing>
  /** Something that the user must read. */
  readonly notify: Notify
  readonly clock?: Clock
  /** Of the trace instances; unique among panels on the target. */
  readonly instanceName?: string
  /** What a simulated machine runs to by itself; absent: nothing. */
  readonly task?: () => SimulatorStatus['task']
  /** Number of this connection. */
  readonly generation?: number
  /** What was asked for to get this connection. */
  readonly spec?: TargetSpec | undefined
}

/** One connected target: its live state, its violations, and everything that can be asked of it. */
export class Observer {
  readonly #port: TracefsPort
  readonly #options: ObserverOptions
  readonly #clock: Clock
  readonly #client: RvClient
  readonly #fold: Fold
  readonly #violations: Violations
  readonly #control: Control
  readonly #labels: Labels
  readonly #limits: Limits
  readonly #log = new LogLane()
  readonly #kmsg = createKmsgDecoder()
  #feed: Feed | undefined
  #status: TargetStatus
  #ready: () => void = () => undefined
  #isAnnounced = false
  #stopTimers: (() => void)[] = []
  #isOver = false
  #closing: Promise<void> | undefined
  /** Both trace streams run, so that nothing that the target sent is missing. */
  #isWhole = true
  #panicLine: string | undefined
  /** Events that the recording says the rings lost. */
  #recordedLosses = 0
  readonly #whole: WholeValues
  /** When the target sent or answered something last, by the host's clock. */
  #heardAt: number
  readonly #past: PastAnswers
  readonly #recorder: RecorderSlot

  private constructor(port: TracefsPort, options: ObserverOptions) {
    this.#port = port
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#heardAt = this.#clock.now()
    const recorded = isRecorded(port) ? port.types : undefined
    this.#client = new RvClient(
      port,
      (name) => options.drawings.get(name)?.type ?? recorded?.get(name)
    )
    this.#violations = new Violations(() => this.#clock.now())
    this.#fold = new Fold(options.drawings, this.#violations)
    this.#violations.attach(this.#fold)
    this.#violations.reactingOn = () => this.#control.switches.reactingOn
    this.#control = new Control(this.#client, this.#fold, port.info.name, options.notify)
    this.#labels = new Labels(port, this.#fold, this.#clock)
    this.#limits = new Limits(port, this.#fold)
    this.#past = new PastAnswers(
      this.#fold,
      this.#violations,
      () => new Promise((resolve) => this.#clock.after(0, resolve))
    )
    this.#recorder = new RecorderSlot(
      { target: port.info, fold: this.#fold, control: this.#control },
      this.#labels,
      options.notify
    )
    this.#whole = new WholeValues({
      port,
      fold: this.#fold,
      violations: this.#violations,
      control: this.#control,
      log: this.#log,
      malformedLog: () => this.#kmsg.malformed,
      rings: () => this.#feed?.rings,
      ringLosses: () => this.#feed?.rings.lost ?? this.#recordedLosses,
      recorder: () => this.#recorder.status,
      task: () => options.task?.() ?? null,
      isWhole: () => this.#isWhole,
      now: () => this.#clock.now(),
      connectedAt: this.#clock.wall(),
      silentMs: () => (this.#isOver || isRecorded(port) ? 0 : this.#clock.now() - this.#heardAt)
    })
    this.#status = {
      phase: 'connected',
      kind: port.info.kind,
      name: port.info.name,
      release: port.info.release,
      cpus: port.info.cpus,
      tracefs: port.info.tracefs,
      message: '',
      generation: options.generation ?? 1,
      ...(isSimulated(port) ? { hz: port.simulator.hz } : {}),
      ...(isRecorded(port) ? { recording: port.recording } : {}),
      ...(options.spec && { spec: options.spec })
    }
  }

  /**
   * Reads the tree and starts to observe. Rejects with one sentence where the target cannot be
   * observed; everything is put back and the port is closed then.
   */
  static async connect(port: TracefsPort, options: ObserverOptions): Promise<Observer> {
    const observer = new Observer(port, options)
    try {
      await observer.#start()
      return observer
    } catch (error) {
      await observer.close()
      throw error
    }
  }

  /** The port underneath, for what only a simulated machine can do. */
  get port(): TracefsPort {
    return this.#port
  }

  get status(): TargetStatus {
    return this.#status
  }

  /** Rows were renumbered: only a snapshot tells the window. */
  get startsAnew(): boolean {
    return this.#fold.startsAnew
  }

  /** Full names of the monitors that are enabled, containers left out: these are their monitors. */
  enabledMonitors(): string[] {
    return this.#fold.monitors
      .filter(({ info }) => info.enabled && info.class !== 'container')
      .map(({ info }) => info.fullName)
  }

  /** Reactors of monitors and containers, by full name, in the order of the tree. */
  reactors(): Map<string, string> {
    return new Map(
      this.#fold.monitors.flatMap(({ info }) =>
        info.reactor === undefined ? [] : [[info.fullName, info.reactor] as const]
      )
    )
  }

  /** Whether reactions are switched on; null where the kernel has no reactors. */
  get reactingOn(): boolean | null {
    return this.#control.switches.reactingOn
  }

  /** Calls back when there is something to take, once until it is taken. */
  onReady(callback: () => void): void {
    this.#ready = callback
    this.#isAnnounced = false
    this.#announce()
  }

  /** Everything, for a window that starts from nothing. */
  snapshot(): Batch {
    this.#whole.forget()
    this.#fold.startsAnew = false
    return this.#take(true)
  }

  /** What changed since the last batch or snapshot; undefined: nothing. */
  takeBatch(): Batch | undefined {
    const batch = this.#take(false)
    const isEmpty =
      Object.keys(batch).length === 4 &&
      batch.deltas.length === 0 &&
      batch.violations.length === 0 &&
      batch.completed.length === 0 &&
      batch.log.length === 0
    return isEmpty ? undefined : batch
  }

  /**
   * Does what a window asks of the target, and brings what it asks about the past, which also a
   * target that is gone has. Rejects with one sentence.
   */
  async perform(request: Request): Promise<HistoryResult | undefined> {
    if (isAboutPast(request)) return this.#past.answer(request)
    if (request.op === 'stopRecording') {
      await this.stopRecording()
      return undefined
    }
    if (isRecorded(this.#port)) throw new TracefsError('EROFS', '', READ_ONLY)
    if (this.#isOver && request.op !== 'simulator') {
      throw new Error(`${this.#status.name} is not connected: ${this.#status.message}`)
    }
    try {
      if (request.op === 'simulator' || request.op === 'simulatorSpeed') this.#simulate(request)
      else await this.#act(request)
      return undefined
    } finally {
      this.#announce()
    }
  }

  /** What has been seen so far, for who waits for more of it. */
  get counts(): RunCounts {
    return {
      events: (monitor) =>
        this.#fold.monitors.find(({ info }) => info.fullName === monitor)?.eventCount,
      violations: () => this.#violations.total
    }
  }

  /** No virtual time passes while the panel acts on a simulated machine, so that an act has one moment. */
  async #act(request: Request): Promise<void> {
    if (!isSimulated(this.#port)) return this.#control.perform(request)
    const { simulator } = this.#port
    const release = simulator.hold()
    try {
      simulator.note({ kind: 'request', request })
      await this.#control.perform(request)
    } finally {
      release()
    }
  }

  /**
   * Writes what arrives from now on into a file. Rejects with one sentence where that cannot be
   * begun. `exclusive` refuses a file that is there.
   */
  async record(path: string, exclusive = false): Promise<void> {
    if (isRecorded(this.#port)) {
      throw new Error(`${this.#status.name} is a recording already: copy the file instead.`)
    }
    if (this.#isOver) {
      throw new Error(`${this.#status.name} is not connected: ${this.#status.message}`)
    }
    await this.#recorder.start(path, this.#feed?.rings.lost ?? 0, exclusive)
    this.#announce()
  }

  /** Ends the recording; the file is whole when it resolves. */
  async stopRecording(): Promise<void> {
    await this.#recorder.stop()
    this.#announce()
  }

  /** Stops observing, puts everything back and ends the link. What could not be put back is notified. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #start(): Promise<void> {
    await this.#control.readTree()
    if (isRecorded(this.#port)) {
      await this.#limits.refresh()
      await this.#play(this.#port)
      return
    }
    void this.#port.ended.then((end) => {
      this.#ended(end.reason, end.message)
    })
    await this.#openFeed()
    this.#after(POLL_MS, () => this.#poll(0))
    this.#after(SILENT_MS, () => this.#listen())
    await this.#openLog()
    await this.#labels.refresh()
    await this.#limits.refresh()
  }

  /** Tells all of a recording; the target then stands still at its end. */
  async #play(port: RecordedPort): Promise<void> {
    const playback = new Playback({
      fold: this.#fold,
      violations: this.#violations,
      control: this.#control,
      log: (bytes) => {
        this.#readLog(bytes)
      }
    })
    await port.play(playback)
    playback.finish(port.comms)
    this.#recordedLosses = playback.losses
    this.#isWhole = playback.isWhole
    this.#status = { ...this.#status, recording: port.recording }
    if (this.#violations.isWaiting) this.#tickSoon()
  }

  async #openFeed(): Promise<void> {
    const name = this.#options.instanceName ?? `rvpanel-${String(process.pid)}`
    try {
      const feed = await Feed.open(this.#client, this.#port, name)
      this.#feed = feed
      const streams = await feed.openStreams()
      this.#fold.own = await feed.keepOwnOut(this.#port)
      await this.#control.attach(feed)
      this.#decode(streams.violations, Rec.Violations, (batch) => {
        feed.rings.arrivals.violations.add(batch)
        this.#violations.add(batch)
        if (this.#violations.isWaiting) this.#tickSoon()
      })
      this.#decode(streams.events, Rec.Events, (batch) => {
        feed.rings.arrivals.events.add(batch)
        this.#fold.fold(batch)
      })
    } catch (error) {
      if (this.#isOver) throw error
      this.#options.notify(
        'warning',
        `${this.#port.info.name} is shown without live states: its trace instances cannot be used (${sentence(error)}).`
      )
    }
  }

  async #openLog(): Promise<void> {
    try {
      const stream = await this.#port.kernelLog()
      if (this.#feed !== undefined) {
        this.#feed.keep(stream)
        this.#fold.own = await this.#feed.keepOwnOut(this.#port)
      }
      void this.#follow(stream, (bytes) => {
        this.#recorder.stream(Rec.Log, bytes)
        this.#readLog(bytes)
      })
    } catch (error) {
      this.#options.notify('info', `The kernel log cannot be read: ${sentence(error)}`)
    }
  }

  #readLog(bytes: Uint8Array): void {
    for (const record of this.#kmsg.decode(bytes)) {
      this.#log.add(record)
      if (record.text.startsWith('Kernel panic')) this.#panicLine = record.text.slice(0, 500)
    }
  }

  /** Follows a stream to its end; `finish` when that is not our own doing. */
  async #follow(
    stream: TracefsStream,
    use: (bytes: Uint8Array) => void,
    finish: () => void = () => undefined
  ): Promise<void> {
    let trouble = 'has ended by itself.'
    try {
      await drain(stream, this.#clock, (bytes) => {
        this.#heardAt = this.#clock.now()
        use(bytes)
        this.#announce()
      })
    } catch (error) {
      trouble = `broke: ${sentence(error)}`
    }
    if (this.#closing !== undefined) return
    finish()
    this.#announce()
    // The link may be gone as well: its end is told by the port, with the better reason.
    await new Promise<void>((resolve) => this.#clock.after(POLL_MS, resolve))
    if (this.#hasStopped()) return
    this.#options.notify('warning', `A stream of ${this.#status.name} ${trouble}`)
  }

  /** Decodes a trace_pipe. What comes after its end is lost, and nobody can say how much that is. */
  #decode(
    stream: TracefsStream,
    type: typeof Rec.Events | typeof Rec.Violations,
    sink: (batch: TraceBatch) => void
  ): void {
    const decoder = createTraceDecoder()
    void this.#follow(
      stream,
      (bytes) => {
        this.#recorder.stream(type, bytes)
        decoder.decode(bytes, sink)
      },
      () => {
        this.#isWhole = false
        this.#recorder.gap()
        // A line that was cut in the middle counts.
        decoder.finish(sink)
      }
    )
  }

  /** While the target says nothing, nothing else would tell the window so. */
  #listen(): Promise<void> {
    if (this.#clock.now() - this.#heardAt >= SILENT_MS) this.#announce()
    this.#after(POLL_MS, () => this.#listen())
    return Promise.resolve()
  }

  async #poll(count: number): Promise<void> {
    await this.#control.poll()
    this.#heardAt = this.#clock.now()
    await this.#labels.refreshWhenWanted()
    await this.#limits.refresh()
    if (count % STATS_POLLS === 0) {
      await this.#feed?.readCounters()
    }
    this.#recorder.poll(this.#feed?.rings.lost ?? 0, this.#port.piecesLost ?? 0)
    this.#announce()
    this.#after(POLL_MS, () => this.#poll(count + 1))
  }

  #tick: (() => void) | undefined

  #tickSoon(): void {
    this.#tick ??= this.#clock.after(TICK_MS, () => {
      this.#tick = undefined
      this.#violations.tick()
      this.#announce()
      if (this.#violations.isWaiting && !this.#isOver) this.#tickSoon()
    })
  }

  #after(ms: number, action: () => Promise<void>): void {
    if (this.#hasStopped()) return
    const cancel = this.#clock.after(ms, () => {
      this.#stopTimers = this.#stopTimers.filter((stop) => stop !== cancel)
      // Refusals are told by the port's end, or by the next round.
      void action().catch(() => {
        this.#after(ms, action)
      })
    })
    this.#stopTimers.push(cancel)
  }

  #ended(reason: 'link-lost' | 'panic', message: string): void {
    if (this.#hasStopped()) return
    this.#isOver = true
    this.#isWhole = false
    this.#recorder.gap()
    void this.#recorder.stop()
    const panicked = reason === 'panic' || this.#panicLine !== undefined
    this.#status = {
      ...this.#status,
      phase: panicked ? 'panicked' : 'lost',
      message: reason === 'panic' ? message : (this.#panicLine ?? message)
    }
    this.#halt()
    this.#announce()
  }

  #hasStopped(): boolean {
    return this.#isOver || this.#closing !== undefined
  }

  #halt(): void {
    for (const stop of this.#stopTimers) stop()
    this.#stopTimers = []
  }

  async #close(): Promise<void> {
    this.#halt()
    this.#tick?.()
    await this.#feed?.closeStreams()
    await this.#recorder.stop()
    const results = await this.#client.close()
    for (const { step, outcome, message } of results) {
      if (outcome !== 'failed') continue
      this.#options.notify(
        'error',
        `${step.path} of ${this.#status.name} could not be put back: ${message ?? 'no reason given'}`
      )
    }
  }

  #simulate(request: Extract<Request, { op: 'simulator' | 'simulatorSpeed' }>): void {
    if (!isSimulated(this.#port)) {
      throw new Error(`${this.#status.name} is a real machine: only a simulated one can do that.`)
    }
    const { simulator } = this.#port
    if (request.op === 'simulatorSpeed') simulator.setSpeed(request.factor)
    else if (request.action === 'pause') simulator.pause()
    else if (request.action === 'resume') simulator.resume()
    else if (request.action === 'step') simulator.step()
  }

  #announce(): void {
    if (this.#isAnnounced) return
    this.#isAnnounced = true
    this.#ready()
  }

  #take(all: boolean): Batch {
    this.#isAnnounced = false
    this.#violations.tick()
    const fold = this.#fold
    const { violations, completed } = this.#violations.take(all)
    const events = fold.takeLog(all)
    const batch: Batch = {
      deltas: fold.monitors.filter((m) => all || m.hasChanges).map((m) => m.take(all)),
      violations,
      completed,
      log: this.#log.take(all)
    }
    if (events !== undefined) batch.events = events
    const { hz } = fold
    if (hz !== undefined && this.#status.hz === undefined) this.#status = { ...this.#status, hz }
    this.#whole.addTo(batch, this.#status)
    // More than a frame takes waits for the next one.
    if (this.#violations.hasNews || this.#log.hasNews) this.#announce()
    return batch
  }
}
