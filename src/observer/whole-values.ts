import type {
  Accounts,
  Batch,
  Hops,
  RecorderStatus,
  SimulatorStatus,
  TargetStatus
} from '../contract/state'
import { isSimulated } from '../target/simulator-control'
import type { TracefsPort } from '../target/port'
import type { Control } from './control'
import type { Fold } from './fold'
import type { RingAccounts } from './hops'
import type { Watching } from '../contract/watch'
import type { LogLane } from './log-lane'
import type { Violations } from './violations'

/** How often the accounts of the hops are sent, ms. */
const HOPS_MS = 1000

/** Where the parts of a batch that are whole values come from. */
export interface WholeSources {
  readonly port: TracefsPort
  readonly fold: Fold
  readonly violations: Violations
  readonly control: Control
  readonly log: LogLane
  /** Lines of the kernel log that were none, so far. */
  malformedLog(): number
  /** The rings of the trace instances; undefined while there are none. */
  rings(): RingAccounts | undefined
  /** ms of a clock that only goes forward. */
  now(): number
  /** When the target was connected, ms since 1970. */
  readonly connectedAt: number
  /** For how long the target has not answered, ms. */
  silentMs(): number
  /** Events that the counters of the rings say were lost. */
  ringLosses(): number
  /** The recording that is being written, or the last one; null: none. */
  recorder(): RecorderStatus | null
  /** What a simulated machine runs to by itself. */
  task(): SimulatorStatus['task']
  /** The monitors that are not simply streamed. */
  watching(): Watching[]
  /** Why events never come as raw pages; empty: they do. */
  whyText(): string
  /** No stream of the target has ended by itself. */
  isWhole(): boolean
}

/** The parts of a batch that are whole values: each goes along when it differs from what was sent. */
export class WholeValues {
  readonly #from: WholeSources
  #status: TargetStatus | undefined
  #switches = ''
  #undoable = ''
  #accounts = ''
  #hops = ''
  #hopsAt = 0
  #simulator = ''
  #recorder = ''
  #watching = ''

  constructor(from: WholeSources) {
    this.#from = from
  }

  /** The window has nothing. */
  forget(): void {
    this.#status = undefined
    this.#switches = this.#undoable = this.#accounts = this.#hops = ''
    this.#simulator = this.#recorder = this.#watching = ''
    this.#from.fold.infosChanged = true
  }

  /** Puts into the batch what changed. */
  addTo(batch: Batch, status: TargetStatus): void {
    const { fold, control } = this.#from
    if (this.#status !== status) {
      this.#status = status
      batch.target = status
    }
    if (fold.infosChanged) {
      fold.infosChanged = false
      batch.monitors = fold.monitorInfos()
    }
    const { switches } = control
    if (this.#switches !== (this.#switches = JSON.stringify(switches))) batch.switches = switches
    const { undoable } = control
    if (this.#undoable !== (this.#undoable = JSON.stringify(undoable))) batch.undoable = undoable
    const accounts = this.#countAll()
    if (this.#accounts !== (this.#accounts = JSON.stringify(accounts))) batch.accounts = accounts
    this.#addHops(batch)
    const watching = this.#from.watching()
    if (this.#watching !== (this.#watching = JSON.stringify(watching))) batch.watching = watching
    const recorder = this.#from.recorder()
    if (this.#recorder !== (this.#recorder = JSON.stringify(recorder))) batch.recorder = recorder
    const simulator = this.#simulatorStatus()
    if (this.#simulator !== (this.#simulator = JSON.stringify(simulator))) {
      batch.simulator = simulator
    }
  }

  /** Long, and read by people: once in a while, and whenever all is sent. */
  #addHops(batch: Batch): void {
    const now = this.#from.now()
    if (this.#hops !== '' && now - this.#hopsAt < HOPS_MS) return
    this.#hopsAt = now
    const hops = this.#countHops()
    if (this.#hops !== (this.#hops = JSON.stringify(hops))) batch.hops = hops
  }

  #countHops(): Hops {
    const { fold, violations, log, port } = this.#from
    const link = port.linkAccount
    const silent = Math.floor(this.#from.silentMs() / 1000)
    return {
      connectedAt: this.#from.connectedAt,
      silentSeconds: silent < 2 ? 0 : silent,
      rings: this.#from.rings()?.all ?? [],
      link: link === undefined ? null : { ...link },
      streamsWhole: this.#from.isWhole(),
      whyText: this.#from.whyText(),
      observer: {
        events: fold.events,
        violations: violations.total,
        malformed: fold.malformed + violations.malformed,
        malformedLog: this.#from.malformedLog(),
        eventRows: fold.notShown,
        logLines: log.notShown,
        violationsNotSent: violations.notSent,
        instances: fold.notKept,
        edges: this.#edgesNotKept()
      }
    }
  }

  #edgesNotKept(): number {
    return this.#from.fold.monitors.reduce(
      (sum, { edges, refused }) => sum + edges.notKept + refused.notKept,
      0
    )
  }

  #simulatorStatus(): SimulatorStatus | null {
    const { port } = this.#from
    if (!isSimulated(port)) return null
    const { settings, paused, speed, achieved, now, acts } = port.simulator
    return {
      cpus: settings.cpus,
      tasks: settings.tasks,
      seed: settings.seed,
      scenario: settings.scenario ?? null,
      parameters: { ...settings.parameters },
      task: this.#from.task(),
      acts: acts.length,
      paused,
      speed,
      achieved,
      running: [...port.simulator.running(16)],
      time: [now[0], now[1]]
    }
  }

  #countAll(): Accounts {
    const { fold, violations, log } = this.#from
    const marked =
      fold.lost === undefined || violations.lost === undefined ? null : fold.lost + violations.lost
    const counted = this.#from.ringLosses()
    // A full page of a ring has no room for the number of what is missing before it: the counters have.
    const unmarked = counted > 0 ? counted : null
    return {
      events: fold.events,
      violations: violations.total,
      // A loss shows as a mark once the reader comes to it, in the kernel's counters at once.
      lostKernel: marked === null ? unmarked : Math.max(marked, counted),
      // A link delivers everything, in order, as long as it delivers: what came after its end is
      // unknown, and what was in the pieces that a serial line damaged.
      lostLink: this.#from.isWhole() && (this.#from.port.piecesLost ?? 0) === 0 ? 0 : null,
      notShown:
        fold.notShown + log.notShown + violations.notSent + fold.notKept + this.#edgesNotKept(),
      malformed: fold.malformed + violations.malformed + this.#from.malformedLog()
    }
  }
}
