import type { HostClock } from './simulator-control'

/** Host ms between two looks at the clock, and how much of them the simulation may take. */
const TICK = 8
const BUDGET = 6
/** Longest host time that one tick makes up for, ms: a suspended machine does not run after. */
const LONGEST = 50
/** Host time over which the reached speed is averaged, ms. */
const WINDOW = 500

/**
 * Turns the host's time into virtual time. Where the machine cannot keep up,
 * virtual time falls behind and what is missing is never made up for:
 * `achieved` says how fast it really runs.
 */
export class Pacer {
  speed = 1
  paused = false
  private holds = 0
  private last: number
  private windowStart: number
  private windowVirtual = 0
  private reached: number | undefined
  /** Virtual ns that one host ms has bought so far. */
  private rate = 1_000_000
  private readonly stopTicks: () => void

  /** @param advance runs the machine for so many virtual ns; false: it has stopped for good */
  constructor(
    private readonly clock: HostClock,
    private readonly advance: (ns: number) => boolean
  ) {
    this.last = clock.now()
    this.windowStart = this.last
    this.stopTicks = clock.every(TICK, () => {
      this.tick()
    })
  }

  /** Virtual seconds per second, reached lately. */
  get achieved(): number {
    return this.paused ? 0 : (this.reached ?? this.speed)
  }

  /** Virtual time stands still until all of these were called. */
  hold(): () => void {
    this.holds++
    let isOver = false
    return () => {
      if (!isOver) this.holds--
      isOver = true
    }
  }

  stop(): void {
    this.stopTicks()
  }

  private tick(): void {
    const start = this.clock.now()
    const elapsed = Math.min(LONGEST, start - this.last)
    this.last = start
    if (this.paused) {
      this.windowStart = start
      this.windowVirtual = 0
      return
    }
    if (this.holds > 0) return
    let wanted = Math.round(elapsed * 1_000_000 * this.speed)
    let now = start
    while (wanted > 0 && now - start < BUDGET) {
      // About a millisecond of work at a time, so that the budget holds.
      const slice = Math.min(wanted, Math.max(1_000, Math.round(this.rate)))
      if (!this.advance(slice)) {
        this.stop()
        return
      }
      const after = this.clock.now()
      const took = after - now
      now = after
      wanted -= slice
      this.windowVirtual += slice
      this.rate = took > 0.05 ? (this.rate + slice / took) / 2 : this.rate * 2
    }
    if (now - this.windowStart >= WINDOW) {
      this.reached = this.windowVirtual / 1_000_000 / (now - this.windowStart)
      this.windowStart = now
      this.windowVirtual = 0
    }
  }
}
