import type { EngineTimers } from '../../engine/host'

/** Timers of the engine over recorded time: few are armed at once, and they expire when the next record is later. */
export class ReplayTimers implements EngineTimers {
  private readonly armed = new Map<number, { at: number; cpu: number }>()
  /** No timer expires before it. */
  private next = Infinity
  /** CPU whose handler runs: it is the one that arms. */
  cpu = 0

  /** @param tick in ns */
  constructor(readonly tick: number) {}

  armWheel(timer: number, expires: number): void {
    this.arm(timer, expires * this.tick)
  }

  armHigh(timer: number, expires: number): void {
    this.arm(timer, expires)
  }

  cancel(timer: number): void {
    this.armed.delete(timer)
  }

  /** The earliest timer that is due at a time is taken out; -1: none is. */
  take(now: number, expired: { at: number; cpu: number }): number {
    if (now < this.next) return -1
    let found = -1
    let [first, second] = [Infinity, Infinity]
    for (const [timer, { at }] of this.armed) {
      if (at < first) {
        second = first
        first = at
        found = timer
      } else if (at < second) second = at
    }
    if (found < 0 || first > now) {
      this.next = first
      return -1
    }
    this.next = second
    const entry = this.armed.get(found)
    expired.at = first
    expired.cpu = entry?.cpu ?? 0
    this.armed.delete(found)
    return found
  }

  private arm(timer: number, at: number): void {
    const known = this.armed.get(timer)
    if (known === undefined) {
      this.armed.set(timer, { at, cpu: this.cpu })
    } else {
      known.at = at
      known.cpu = this.cpu
    }
    if (at < this.next) this.next = at
  }
}
