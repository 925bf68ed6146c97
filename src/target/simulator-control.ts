import type { SimulatorSettings } from '../contract/requests'
import type { RunningTask } from '../simulator/kernel'
import type { TracefsPort } from './port'

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
  /** What each CPU does now, from CPU 0, for at most so many CPUs. */
  running(most: number): readonly RunningTask[]
  pause(): void
  resume(): void
  setSpeed(factor: number): void
  /** Pauses, and runs to the next event that a trace shows. */
  step(): void
  /** Runs for so many virtual ns now, whatever the clock says. For a machine that is driven by hand. */
  advance(ns: number): void
  /** Switches the machine off, as it is, and returns the same machine after its boot. This port is closed then. */
  reboot(): Promise<SimulatedPort>
}

/** The port of the simulated kernel. */
export interface SimulatedPort extends TracefsPort {
  readonly simulator: SimulatorControl
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
