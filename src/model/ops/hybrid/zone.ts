/** Clocks of a zone. */
export const CLOCK_A = 1
export const CLOCK_B = 2

/** Bounds of one value, both included; `high` may be Infinity. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/**
 * The values that two clocks can have together: a difference bound matrix (Dill, 1989) over whole
 * numbers. bounds[i * 3 + j] is the largest that value i minus value j can be; value 0 is zero.
 * A clock that was never reset has no value.
 */
export class Zone {
  private constructor(
    private readonly bounds: Float64Array,
    /** active[clock]: whether it was ever reset. */
    readonly active: readonly [true, boolean, boolean]
  ) {}

  /** No clock was reset yet. */
  static start(): Zone {
    return new Zone(Float64Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0), [true, false, false])
  }

  isActive(clock: typeof CLOCK_A | typeof CLOCK_B): boolean {
    return this.active[clock]
  }

  /** Whatever time may pass. A clock without a value may have any, so that it says nothing of the other. */
  later(): Zone {
    const bounds = this.bounds.slice()
    for (const clock of [CLOCK_A, CLOCK_B]) bounds[clock * 3] = Infinity
    for (const clock of [CLOCK_A, CLOCK_B]) {
      if (this.active[clock]) continue
      const other = clock === CLOCK_A ? CLOCK_B : CLOCK_A
      bounds[clock] = 0
      bounds[clock * 3 + other] = Infinity
      bounds[other * 3 + clock] = bounds[other * 3] ?? 0
    }
    return new Zone(bounds, this.active)
  }

  /** Where the clock is in the interval, too; undefined where it cannot be. */
  within(clock: typeof CLOCK_A | typeof CLOCK_B, { low, high }: Interval): Zone | undefined {
    const bounds = this.bounds.slice()
    bounds[clock * 3] = Math.min(bounds[clock * 3] ?? 0, high)
    bounds[clock] = Math.min(bounds[clock] ?? 0, -low)
    return close(bounds) ? new Zone(bounds, this.active) : undefined
  }

  /** The clock starts at 0. */
  reset(clock: typeof CLOCK_A | typeof CLOCK_B): Zone {
    const bounds = this.bounds.slice()
    for (let other = 0; other < 3; other++) {
      if (other === clock) continue
      bounds[clock * 3 + other] = bounds[other] ?? 0
      bounds[other * 3 + clock] = bounds[other * 3] ?? 0
    }
    const active: readonly [true, boolean, boolean] =
      clock === CLOCK_A ? [true, true, this.active[2]] : [true, this.active[1], true]
    return new Zone(bounds, active)
  }

  /**
   * Without what no comparison can see: beyond the largest number that a clock is compared with, its
   * values are alike. Keeps the zones finite in number, and what is reached (Behrmann, Bouyer,
   * Larsen, Pelánek, 2006: maximal constants).
   */
  blurred(largest: readonly [0, number, number]): Zone {
    const bounds = this.bounds.slice()
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        if (i === j) continue
        const bound = bounds[i * 3 + j] ?? 0
        const [most, least] = [largest[i] ?? 0, -(largest[j] ?? 0)]
        if (i > 0 && bound > most) bounds[i * 3 + j] = Infinity
        else if (bound < least) bounds[i * 3 + j] = least - 1
      }
    }
    close(bounds)
    return new Zone(bounds, this.active)
  }

  /** Whether both clocks show the same time wherever both were reset. */
  get isTogether(): boolean {
    const [, a, b] = this.active
    if (!a || !b) return true
    return this.bounds[CLOCK_A * 3 + CLOCK_B] === 0 && this.bounds[CLOCK_B * 3 + CLOCK_A] === 0
  }

  /** The same for equal zones. */
  get key(): string {
    return `${this.active.join()};${this.bounds.join()}`
  }
}

/** Makes every bound as tight as the others imply (Floyd and Warshall). @returns false where nothing is left */
function close(bounds: Float64Array): boolean {
  for (let k = 0; k < 3; k++) {
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        const way = (bounds[i * 3 + k] ?? 0) + (bounds[k * 3 + j] ?? 0)
        if (way < (bounds[i * 3 + j] ?? 0)) bounds[i * 3 + j] = way
      }
    }
  }
  return bounds[0] === 0 && bounds[4] === 0 && bounds[8] === 0
}
