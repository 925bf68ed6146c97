import type { Request } from '../contract/requests'
import type { SimulatorStatus } from '../contract/state'
import type { RunPosition } from '../simulator/kernel'
import type { OutsideAct, SimulatedPort } from '../target/simulator-control'
import type { Clock } from './clock'

/** Kernel events in one piece of work: some milliseconds, so that the window is answered meanwhile. */
const PIECE = 5000
/** Virtual time after which what does not come is waited for no longer, ns. */
const PATIENCE = 10_000_000_000
/** Virtual time of a piece of a run to a time, ns. */
const SLICE = 1_000_000

/** The run was ended by the user. */
export class RunCancelled extends Error {
  constructor() {
    super('The run was cancelled: the machine is paused where it was.')
  }
}

/** What of the live state says that something has come. */
export interface RunCounts {
  /** Trace events of a monitor so far, by full name; undefined: there is no such monitor. */
  events(monitor: string): number | undefined
  /** Violations so far. */
  violations(): number
}

/** Runs of the simulated machine that the clock on the wall has no say in: to something, or again. */
export class SimulatorRuns {
  readonly #clock: Clock
  #task: SimulatorStatus['task'] = null
  #isCancelled = false
  /** Told when the task has changed. */
  changed: () => void = () => undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** What is being run to. */
  get task(): SimulatorStatus['task'] {
    return this.#task
  }

  /** Ends what runs; the machine stays where it is. */
  cancel(): void {
    this.#isCancelled = true
  }

  /**
   * Pauses the machine, and runs it to what is asked for. Rejects with one sentence where that does
   * not come within ten virtual seconds.
   */
  run(
    port: SimulatedPort,
    until: (Request & { op: 'simulatorRun' })['until'],
    counts: RunCounts
  ): Promise<void> {
    return this.#as({ kind: 'run', end: null }, async () => {
      const { simulator } = port
      simulator.pause()
      await this.#read(port)
      const { now } = simulator.position
      if (until.kind === 'time') {
        await this.#toTime(port, now + until.ns)
        return
      }
      const count = (): number | undefined =>
        until.kind === 'violation' ? counts.violations() : counts.events(until.monitor)
      const before = count()
      if (before === undefined && until.kind === 'transition') {
        throw new Error(`There is no monitor ${until.monitor}.`)
      }
      while (count() === before) {
        if (simulator.position.now - now > PATIENCE) {
          throw new Error(
            until.kind === 'violation'
              ? 'No violation came within 10 s of virtual time.'
              : `No event of ${until.monitor} came within 10 s of virtual time: is it enabled?`
          )
        }
        // Ends at the next event that is traced; where nothing is, time passes all the same.
        simulator.step(PIECE)
        await this.#read(port)
      }
    })
  }

  /**
   * Does to a machine that has just booted what was done to another of the same settings, at the same
   * moments, and runs to where that one was.
   * @param act does one thing; it may be refused, as it was then
   */
  repeat(
    port: SimulatedPort,
    acts: readonly { readonly at: RunPosition; readonly what: OutsideAct }[],
    end: RunPosition,
    act: (what: OutsideAct) => Promise<void>
  ): Promise<void> {
    return this.#as({ kind: 'repeat', end: end.now / 1e9 }, async () => {
      port.simulator.pause()
      for (const { at, what } of acts) {
        await this.#to(port, at)
        await act(what).catch(() => undefined)
      }
      await this.#to(port, end)
    })
  }

  async #as(task: SimulatorStatus['task'], work: () => Promise<void>): Promise<void> {
    if (this.#task !== null) {
      throw new Error('The machine runs to something already: wait for it, or cancel it.')
    }
    this.#task = task
    this.#isCancelled = false
    this.changed()
    try {
      await work()
    } finally {
      this.#task = null
      this.changed()
    }
  }

  async #toTime(port: SimulatedPort, time: number): Promise<void> {
    for (let left; (left = time - port.simulator.position.now) > 0;) {
      port.simulator.advance(Math.min(left, SLICE))
      await this.#read(port)
    }
  }

  async #to(port: SimulatedPort, position: RunPosition): Promise<void> {
    while (!port.simulator.runTo(position, PIECE)) await this.#read(port)
    await this.#read(port)
  }

  /** Until everything that the machine has traced was read; others have their turn meanwhile. */
  async #read(port: SimulatedPort): Promise<void> {
    do {
      await new Promise<void>((resolve) => this.#clock.after(0, resolve))
      if (this.#isCancelled) throw new RunCancelled()
    } while (!port.simulator.isRead)
  }
}
