import type {
  Accounts,
  Batch,
  RecorderStatus,
  SimulatorStatus,
  TargetStatus
} from '../contract/state'
import { isSimulated } from '../target/simulator-control'
import type { TracefsPort } from '../target/port'
import type { Control } from './control'
import type { Fold } from './fold'
import type { LogLane } from './log-lane'
import type { Violations } from './violations'

/** Where the parts of a batch that are whole values come from. */
export interface WholeSources {
  readonly port: TracefsPort
  readonly fold: Fold
  readonly violations: Violations
  readonly control: Control
  readonly log: LogLane
  /** Lines of the kernel log that were none, so far. */
  malformedLog(): number
  /** Events that the counters of the rings say were lost. */
  ringLosses(): number
  /** The recording that is being written, or the last one; null: none. */
  recorder(): RecorderStatus | null
  /** No stream of the target has ended by itself. */
  isWhole(): boolean
}

/** The parts of a batch that are whole values: each goes along when it differs from what was sent. */
export class WholeValues {
  readonly #from: WholeSources
  #status: TargetStatus | undefined
  #switches = ''
  #accounts = ''
  #simulator = ''
  #recorder = ''

  constructor(from: WholeSources) {
    this.#from = from
  }

  /** The window has nothing. */
  forget(): void {
    this.#status = undefined
    this.#switches = this.#accounts = this.#simulator = this.#recorder = ''
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
    const accounts = this.#countAll()
    if (this.#accounts !== (this.#accounts = JSON.stringify(accounts))) batch.accounts = accounts
    const recorder = this.#from.recorder()
    if (this.#recorder !== (this.#recorder = JSON.stringify(recorder))) batch.recorder = recorder
    const simulator = this.#simulatorStatus()
    if (this.#simulator !== (this.#simulator = JSON.stringify(simulator))) {
      batch.simulator = simulator
    }
  }

  #simulatorStatus(): SimulatorStatus | null {
    const { port } = this.#from
    if (!isSimulated(port)) return null
    const { settings, paused, speed, achieved, now } = port.simulator
    return {
      cpus: settings.cpus,
      tasks: settings.tasks,
      seed: settings.seed,
      scenario: settings.scenario ?? null,
      paused,
      speed,
      achieved,
      running: [...port.simulator.running(16)],
      time: [now[0], now[1]]
    }
  }

  #countAll(): Accounts {
    const { fold, violations, log } = this.#from
    const edgesNotKept = fold.monitors.reduce(
      (sum, { edges, refused }) => sum + edges.notKept + refused.notKept,
      0
    )
    const marked =
      fold.lost === undefined || violations.lost === undefined ? null : fold.lost + violations.lost
    return {
      events: fold.events,
      violations: violations.total,
      // A loss shows as a mark once the reader comes to it, in the kernel's counters at once.
      lostKernel: marked === null ? null : Math.max(marked, this.#from.ringLosses()),
      // A link delivers everything, in order, as long as it delivers: what came after its end is
      // unknown, and what was in the pieces that a serial line damaged.
      lostLink: this.#from.isWhole() && (this.#from.port.piecesLost ?? 0) === 0 ? 0 : null,
      notShown: fold.notShown + log.notShown + violations.notSent + fold.notKept + edgesNotKept,
      malformed: fold.malformed + violations.malformed + this.#from.malformedLog()
    }
  }
}
