import type { EngineTimers } from '../host'

interface Armed {
  readonly kind: 'wheel' | 'hrtimer'
  /** When it expires, in ns. */
  readonly at: number
}

/** Virtual time for tests. */
export class FakeTimers implements EngineTimers {
  now = 0
  /** What is armed, by the timer's number. */
  readonly armed = new Map<number, Armed>()

  constructor(readonly tick: number) {}

  armWheel(timer: number, expires: number): void {
    // A timer in the past expires at the next tick.
    const jiffy = Math.max(expires, Math.floor(this.now / this.tick) + 1)
    this.armed.set(timer, { kind: 'wheel', at: jiffy * this.tick })
  }
  armHigh(timer: number, expires: number): void {
    this.armed.set(timer, { kind: 'hrtimer', at: expires })
  }
  cancel(timer: number): void {
    this.armed.delete(timer)
  }

  /** Moves time on and lets timers expire in order. */
  advance(ns: number, expired: (timer: number) => void): void {
    const end = this.now + ns
    for (;;) {
      const due = [...this.armed].filter(([, { at }]) => at <= end)
      const first = due.sort(([, a], [, b]) => a.at - b.at)[0]
      if (first === undefined) break
      this.now = Math.max(this.now, first[1].at)
      this.armed.delete(first[0])
      expired(first[0])
    }
    this.now = end
  }
}
