/** The target's clock as far as the window has seen it: the newest time of anything that arrived. */
export class TargetClock {
  sec = 0
  nsec = 0
  /** The moment that the views show, ns since boot; null: now. */
  shown: number | null = null

  reset(): void {
    this.sec = 0
    this.nsec = 0
  }

  /** A time that something happened at; only newer ones count. */
  seen(sec: number, nsec: number): void {
    if (sec > this.sec || (sec === this.sec && nsec > this.nsec)) {
      this.sec = sec
      this.nsec = nsec
    }
  }

  /** The simulated kernel says its time itself. */
  set(sec: number, nsec: number): void {
    this.seen(sec, nsec)
  }

  /** The newest time that is known, ns since boot. */
  get now(): number {
    return this.sec * 1e9 + this.nsec
  }

  /** Nanoseconds from a moment until the one that the views show, never negative. Exact below 2^53 ns, which is 104 days. */
  since(sec: number, nsec: number): number {
    if (this.shown !== null) return Math.max(0, this.shown - (sec * 1e9 + nsec))
    return Math.max(0, (this.sec - sec) * 1e9 + (this.nsec - nsec))
  }
}
