import type { HistoryResult } from '../contract/history'
import type { Request, TargetSpec } from '../contract/requests'
import type { AuthDialogue, Batch, ServerMessage, TargetStatus } from '../contract/state'
import type { Drawing, MonitorModel } from '../model/load'
import type { TracefsPort } from '../target/port'
import { defaultSimulator } from '../contract/target-url'
import { isSimulated, type SimulatedPort } from '../target/simulator-control'
import { systemClock, type Clock } from './clock'
import { statusBefore, type OpenTarget } from './connector'
import { Observer } from './observer'
import { openTarget as openAnyTarget } from './open-target'
import { isAboutPast } from './history/answer'
import { OwnModels, RunRefusal } from './own-models'
import { scenarioInfos } from './scenarios'
import { SimulatorRuns } from './simulator-runs'
import { isTerminalRequest, TerminalDesk } from './terminal-desk'
import { sentence } from './text'
import { WindowSession } from './window-session'

export interface ServiceOptions {
  /** Monitors of the simulated kernel. */
  readonly models: readonly MonitorModel[]
  /** Models to draw, by monitor name. */
  readonly drawings: ReadonlyMap<string, Drawing>
  /** Folder of the journal that restores a target after a crash. */
  readonly stateDir: string
  readonly openTarget?: OpenTarget
  readonly clock?: Clock
}

/** A window's end of the service. */
export interface ClientEnd {
  /** Takes whatever the window sent. */
  receive(message: unknown): void
  /** The window is gone. */
  detach(): void
}

/** The observer as a process: one target at a time, shown by the window that came last. */
export interface ObserverService {
  attach(send: (message: ServerMessage) => void): ClientEnd
  /** Connects as a window would. Never rejects: what went wrong is in the status. */
  connect(target: TargetSpec): Promise<void>
  /** Asks something as a window would; brings what was asked about the past. Rejects with one sentence. */
  perform(request: Request): Promise<HistoryResult | undefined>
  /** Writes what arrives from the target from now on into a file. Never rejects: what went wrong the window is told. */
  record(path: string): Promise<void>
  /** Puts the target back and ends. */
  close(): Promise<void>
}

/** Makes the service; nothing is connected yet. */
export function createObserverService(options: ServiceOptions): ObserverService {
  return new Service(options)
}

class Service implements ObserverService {
  readonly #options: ServiceOptions
  readonly #models: OwnModels
  readonly #clock: Clock
  readonly #open: OpenTarget
  #session: WindowSession | undefined
  #observer: Observer | undefined
  #status: TargetStatus = statusBefore(undefined, 'none', '', 0)
  #statusSent: TargetStatus | undefined
  #generation = 0
  #spec: TargetSpec | undefined
  #abort: AbortController | undefined
  #dialogue: AuthDialogue | undefined
  #answer: ((text: string | undefined) => void) | undefined
  /** Notices before there was a window to read them. */
  #unread: Extract<ServerMessage, { type: 'notice' }>[] = []
  #isClosed = false
  readonly #runs: SimulatorRuns
  readonly #terminal = new TerminalDesk((message) => this.#session?.send(message))

  constructor(options: ServiceOptions) {
    this.#options = options
    this.#models = new OwnModels(options.models, options.drawings)
    this.#clock = options.clock ?? systemClock
    this.#open = options.openTarget ?? openAnyTarget
    this.#runs = new SimulatorRuns(this.#clock)
    this.#runs.changed = () => this.#session?.announce()
  }

  attach(send: (message: ServerMessage) => void): ClientEnd {
    this.#session?.notice('warning', 'Another window shows the target now.')
    void this.#terminal.close('')
    this.#session?.detach()
    const session = new WindowSession(send, this.#host(), this.#clock)
    this.#session = session
    return {
      receive: (message) => {
        session.receive(message)
      },
      detach: () => {
        if (this.#session === session) void this.#terminal.close('')
        session.detach()
        if (this.#session === session) this.#session = undefined
      }
    }
  }

  async connect(target: TargetSpec): Promise<void> {
    await this.#connect(target).catch(() => undefined)
  }

  async perform(request: Request): Promise<HistoryResult | undefined> {
    if (isTerminalRequest(request)) {
      await this.#terminal.perform(request, this.#observer?.port)
      return undefined
    }
    switch (request.op) {
      case 'connect':
        await this.#connect(request.target)
        return undefined
      case 'disconnect':
        await this.#disconnect()
        return undefined
      case 'run':
        await this.#run(request)
        return undefined
      case 'authAnswer':
        this.#reply(request.text)
        return undefined
      case 'authCancel':
        this.#abort?.abort()
        this.#reply(undefined)
        return undefined
      case 'simulator':
        if (request.action === 'reboot') await this.#reboot()
        else if (request.action === 'repeat') await this.#repeat()
        else if (request.action === 'cancel') this.#runs.cancel()
        else {
          // Whoever pauses or runs the machine by hand has it back.
          this.#runs.cancel()
          return this.#connected().perform(request)
        }
        return undefined
      case 'simulatorRun':
        await this.#runs.run(this.#simulated().port, request.until, this.#connected().counts)
        return undefined
      default:
        if (this.#runs.task?.kind === 'repeat' && !isAboutPast(request)) {
          throw new Error('The run is being repeated: wait for its end, or cancel it.')
        }
        return this.#connected().perform(request)
    }
  }

  async record(path: string): Promise<void> {
    try {
      await this.#connected().record(path)
    } catch (error) {
      this.#notify('error', sentence(error))
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#leave()
    this.#session?.detach()
    this.#session = undefined
  }

  #host(): ConstructorParameters<typeof WindowSession>[1] {
    const service = (): Service => this
    return {
      snapshot: () => this.#snapshot(),
      takeBatch: () => this.#takeBatch(),
      get startsAnew() {
        return service().#observer?.startsAnew ?? false
      },
      perform: (request) => this.perform(request),
      greet: () => {
        this.#session?.send({ type: 'auth', dialogue: this.#dialogue ?? null })
        for (const notice of this.#unread) this.#session?.send(notice)
        this.#unread = []
      }
    }
  }

  #snapshot(): Batch {
    this.#statusSent = this.#status
    const whole = this.#observer?.snapshot() ?? {
      ...emptyBatch(),
      target: this.#status,
      monitors: [],
      simulator: null
    }
    return { ...whole, scenarios: scenarioInfos() }
  }

  #takeBatch(): Batch | undefined {
    if (this.#observer !== undefined) return this.#observer.takeBatch()
    if (this.#statusSent === this.#status) return undefined
    this.#statusSent = this.#status
    return { ...emptyBatch(), target: this.#status }
  }

  #connected(): Observer {
    if (this.#observer === undefined) {
      throw new Error('No target is connected: connect to one first.')
    }
    return this.#observer
  }

  async #connect(spec: TargetSpec): Promise<void> {
    await this.#leave()
    if (this.#isClosed) throw new Error('The observer is closing.')
    const abort = new AbortController()
    this.#abort = abort
    this.#spec = spec
    const generation = ++this.#generation
    const say = (phase: 'connecting' | 'authenticating', message: string): void => {
      if (this.#generation !== generation) return
      this.#setStatus(statusBefore(spec, phase, message, generation))
    }
    say('connecting', 'Connecting …')
    this.#session?.restart()
    let port: TracefsPort | undefined
    try {
      port = await this.#open(spec, {
        models: this.#models.all,
        stateDir: this.#options.stateDir,
        signal: abort.signal,
        onProgress: (message) => {
          say('connecting', message)
        },
        auth: {
          ask: (dialogue) => {
            say('authenticating', 'Waiting for an answer.')
            return this.#ask(dialogue, generation)
          }
        }
      })
      if (this.#generation !== generation) {
        await port.close()
        throw new Error('The connection was given up.')
      }
      await this.#observe(port, generation)
    } catch (error) {
      if (this.#generation === generation) {
        this.#setStatus(statusBefore(spec, 'none', sentence(error), generation))
      }
      throw error
    } finally {
      if (this.#generation === generation) this.#showDialogue(undefined)
      if (this.#abort === abort) this.#abort = undefined
    }
  }

  async #observe(port: TracefsPort, generation: number): Promise<void> {
    const observer = await Observer.connect(port, {
      drawings: this.#models.drawings,
      clock: this.#clock,
      generation,
      spec: this.#spec,
      task: () => this.#runs.task,
      notify: (severity, message) => {
        this.#notify(severity, message)
      }
    })
    if (this.#generation !== generation) {
      await observer.close()
      throw new Error('The connection was given up.')
    }
    this.#observer = observer
    this.#status = observer.status
    observer.onReady(() => {
      if (this.#observer === observer) this.#session?.announce()
    })
    this.#session?.restart()
  }

  async #disconnect(): Promise<void> {
    await this.#leave()
    this.#generation++
    this.#setStatus(statusBefore(undefined, 'none', '', this.#generation))
    this.#session?.restart()
  }

  /** Ends the connection or the attempt at one; the target is put back. */
  async #leave(): Promise<void> {
    this.#abort?.abort()
    this.#abort = undefined
    this.#runs.cancel()
    this.#generation++
    this.#reply(undefined)
    this.#showDialogue(undefined)
    const observer = this.#observer
    this.#observer = undefined
    await this.#terminal.close('The target was left.')
    try {
      await observer?.close()
    } catch (error) {
      this.#notify('error', `The target could not be put back: ${sentence(error)}`)
    }
  }

  /** Boots the same machine, and does to it what was done so far, up to where it is now. */
  async #repeat(): Promise<void> {
    const { simulator } = this.#simulated().port
    const [acts, end] = [[...simulator.acts], simulator.position]
    await this.#reboot(true)
    const { observer, port } = this.#simulated()
    await this.#runs.repeat(port, acts, end, async (what) => {
      if (what.kind === 'request') {
        await observer.perform(what.request)
        return
      }
      port.simulator.note(what)
      if (what.kind === 'write') await port.write(what.path, what.data, what.mode)
      else await port.writeParameter(what.module, what.name, what.data)
    })
    this.#notify(
      'info',
      `The run was repeated up to ${(end.now / 1e9).toFixed(6)} s, and is paused there.`
    )
  }

  #simulated(): { observer: Observer; port: SimulatedPort } {
    const observer = this.#connected()
    const { port } = observer
    if (!isSimulated(port)) {
      throw new Error(
        `${observer.status.name} is a real machine: only a simulated one can do that.`
      )
    }
    return { observer, port }
  }

  /** Boots the same simulated machine anew; it counts as a new connection. `paused`: it stands still then. */
  async #reboot(paused = false): Promise<void> {
    const observer = this.#connected()
    const { port } = observer
    const spec = this.#spec
    if (!isSimulated(port) || spec === undefined) {
      throw new Error(`${observer.status.name} is a real machine: the panel does not reboot it.`)
    }
    this.#runs.cancel()
    const generation = ++this.#generation
    this.#observer = undefined
    await this.#terminal.close('The machine was rebooted.')
    this.#setStatus(statusBefore(spec, 'connecting', 'Rebooting …', generation))
    try {
      const next = await port.simulator.reboot()
      if (paused) next.simulator.pause()
      await observer.close()
      await this.#observe(next, generation)
    } catch (error) {
      if (this.#generation === generation) {
        this.#setStatus(statusBefore(spec, 'none', sentence(error), generation))
      }
      throw error
    }
  }

  /** The simulated kernel with a model that was written in the window, at once. */
  async #run({ files, replace, leave }: Request & { op: 'run' }): Promise<void> {
    const simulated = this.#spec?.kind === 'sim'
    if (!simulated && this.#observer !== undefined && !leave) {
      throw new RunRefusal(
        'OTHER_TARGET',
        `Models run on the simulated kernel, and the panel shows ${this.#status.name}.`
      )
    }
    const back = this.#models.checkpoint()
    const monitor = this.#models.take(files, replace)
    const before = simulated ? this.#observer : undefined
    const enabled = before?.enabledMonitors() ?? []
    const reactors = before?.reactors() ?? new Map<string, string>()
    const reactingOn = before?.reactingOn ?? true
    const speed = before === undefined ? undefined : speedOf(before.port)
    await this.#connect(
      this.#spec?.kind === 'sim' ? this.#spec : { kind: 'sim', settings: defaultSimulator }
    ).catch((error: unknown) => {
      back()
      throw error
    })
    const observer = this.#connected()
    if (speed !== undefined) await observer.perform({ op: 'simulatorSpeed', factor: speed })
    if (!reactingOn) await observer.perform({ op: 'switch', which: 'reacting_on', on: false })
    await setReactors(observer, reactors)
    const lost: string[] = []
    // The model itself may have stood in another container.
    for (const name of enabled.filter((one) => baseName(one) !== baseName(monitor))) {
      await observer.perform({ op: 'enable', monitor: name, on: true }).catch(() => lost.push(name))
    }
    if (lost.length > 0) {
      this.#notify('warning', `${lost.join(', ')} could not be enabled again.`)
    }
    await observer.perform({ op: 'enable', monitor, on: true })
  }

  #ask(dialogue: AuthDialogue, generation: number): Promise<string | undefined> {
    if (this.#generation !== generation) return Promise.resolve(undefined)
    this.#reply(undefined)
    this.#showDialogue(dialogue)
    return new Promise((resolve) => {
      this.#answer = resolve
    })
  }

  #reply(text: string | undefined): void {
    const answer = this.#answer
    this.#answer = undefined
    answer?.(text)
  }

  #showDialogue(dialogue: AuthDialogue | undefined): void {
    if (dialogue === undefined && this.#dialogue === undefined) return
    this.#dialogue = dialogue
    this.#session?.send({ type: 'auth', dialogue: dialogue ?? null })
  }

  #setStatus(status: TargetStatus): void {
    this.#status = status
    this.#session?.announce()
  }

  #notify(severity: 'info' | 'warning' | 'error', message: string): void {
    if (this.#session === undefined) {
      this.#unread.push({ type: 'notice', severity, message })
      if (this.#unread.length > 20) this.#unread.shift()
    } else this.#session.notice(severity, message)
  }
}

function speedOf(port: TracefsPort): number | undefined {
  return isSimulated(port) ? port.simulator.speed : undefined
}

/** Sets reactors as they were on the machine before; a monitor that is gone has none. */
async function setReactors(
  observer: Observer,
  reactors: ReadonlyMap<string, string>
): Promise<void> {
  for (const [monitor, reactor] of reactors) {
    // Asked anew each time: a container's reactor is that of its monitors too.
    const now = observer.reactors().get(monitor)
    if (now === undefined || now === reactor) continue
    // Its user has confirmed the panic reactor on this machine before.
    const confirm = observer.status.name
    await observer.perform({ op: 'setReactor', monitor, reactor, confirm })
  }
}

/** A monitor's name without its container. */
const baseName = (fullName: string): string => fullName.slice(fullName.indexOf(':') + 1)

function emptyBatch(): Batch {
  return { deltas: [], violations: [], completed: [], log: [] }
}
