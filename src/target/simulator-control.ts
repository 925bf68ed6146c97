import type { Request, SimulatorSettings } from '../contract/requests'
import type { RunningTask, RunPosition } from '../simulator/kernel'
import type { TracefsPort } from './port'

/** What was done to a simulated machine from outside. */
export type OutsideAct =
  /** The panel was asked for it. */
  | { readonly kind: 'request'; readonly request: Request }
  /** A write in a terminal. */
  | {
      readonly kind: 'write'
      readonly path: string
      readonly data: string
      readonly mode: 'truncate' | 'append'
    }
  | {
      readonly kind: 'parameter'
      readonly module: string
      readonly name: string
      readonly data: string
    }

/** An act, and where in its run the machine was. */
export interface SimulatorAct {
  readonly at: RunPosition
  readonly what: OutsideAct
}

/** What a simulated machine can do that a real one cannot. */
export interface SimulatorControl {
  readonly settings: SimulatorSettings
  readonly paused: boolean
  /** Jiffies per second. */
  readonly hz: number
  /** Virtual seconds per second, as asked for. */
  readonly speed: number
  /**
   * Virtual seconds per second, as reached lately; less than `speed` where this
   * machine is too slow for the simulated one. 0 while paused.
   */
  readonly achieved: number
  /** Virtual time since boot as [seconds, nanoseconds]. */
  readonly now: readonly [number, number]
  readonly position: RunPosition
  /** What was done to it since its boot, in order. */
  readonly acts: readonly SimulatorAct[]
  /** Notes an act that is about to be done; no virtual time may pass until it is. */
  note(what: OutsideAct): void
  /** Virtual time stands still until the returned function is called. */
  hold(): () => void
  /** Runs to a position of another run, whatever the clock says, at most so many events; whether it is there. */
  runTo(position: RunPosition, most: number): boolean
  /** Everything that its streams have was read. */
  readonly isRead: boolean
  /** What each CPU does now, from CPU 0, for at most so many CPUs. */
  running(most: number): readonly RunningTask[]
  pause(): void
  resume(): void
  setSpeed(factor: number): void
  /** Pauses, and runs to the next event that a trace shows, at most so many kernel events. */
  step(most?: number): void
  /** Runs for so many virtual ns now, whatever the clock says. For a machine that is driven by hand. */
  advance(ns: number): void
  /** Switches the machine off, as it is, and returns the same machine after its boot. This port is closed then. */
  reboot(): Promise<SimulatedPort>
}

/** The port of the simulated kernel. */
export interface SimulatedPort extends TracefsPort {
  readonly simulator: SimulatorControl
}

/** The port as a terminal has it, whose writes are noted: they are part of the run. */
export function notingPort(
  port: TracefsPort,
  simulator: Pick<SimulatorControl, 'note'>
): TracefsPort {
  const noting: TracefsPort = Object.create(port, {
    write: {
      value: (path: string, data: string, mode: 'truncate' | 'append') => {
        // Nothing comes between the note and the write: no timer runs before the call's own turn.
        simulator.note({ kind: 'write', path, data, mode })
        return port.write(path, data, mode)
      }
    },
    writeParameter: {
      value: (module: string, name: string, data: string) => {
        simulator.note({ kind: 'parameter', module, name, data })
        return port.writeParameter(module, name, data)
      }
    }
  }) as TracefsPort
  return noting
}

/** Whether a port's target is simulated. */
export function isSimulated(port: TracefsPort): port is SimulatedPort {
  return 'simulator' in port
}

/** Where time comes from: the host's, or a test's. */
export interface HostClock {
  /** Monotonic, ms. */
  now(): number
  /** Calls back again and again; returns the way to stop. */
  every(ms: number, tick: () => void): () => void
}

/** The host's clock; it does not keep the program alive. */
export const hostClock: HostClock = {
  now: () => performance.now(),
  every: (ms, tick) => {
    const timer = setInterval(tick, ms)
    return () => {
      clearInterval(timer)
    }
  }
}
