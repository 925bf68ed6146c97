import type { Way } from '../../contract/watch'
import type { TargetInfo } from '../../target/port'

/** Up to how many events a second a monitor is watched in a way; beyond, in the next one. */
export interface WayLimits {
  readonly stream: number
  readonly sample: number
}

/**
 * What links carry before anything of them was seen: text of trace_pipe is 80 to 100 bytes an
 * event, of which a serial line of 115200 baud carries some 1,500 a second, packed.
 */
const LIMITS: Readonly<Record<TargetInfo['kind'], WayLimits>> = {
  sim: { stream: 250_000, sample: 2_500_000 },
  local: { stream: 200_000, sample: 2_000_000 },
  ssh: { stream: 50_000, sample: 1_000_000 },
  serial: { stream: 1_500, sample: 100_000 },
  cmd: { stream: 5_000, sample: 100_000 },
  recording: { stream: Infinity, sample: Infinity }
}

export const limitsOf = (kind: TargetInfo['kind']): WayLimits => LIMITS[kind]

/** Seconds beyond a limit, one after the other, before the way changes. */
const SECONDS_UP = 2
/** Seconds below half of a limit before the way changes back. */
const SECONDS_DOWN = 10
/** A ring that overruns below this rate does so for another reason. */
const LEAST_LOSING = 500

const NEXT: Readonly<Record<Way, Way>> = { stream: 'sample', sample: 'count', count: 'count' }
const LAST: Readonly<Record<Way, Way>> = { stream: 'stream', sample: 'stream', count: 'sample' }

/**
 * Chooses the way for one monitor by its rate, once a second. It changes where the rate stays
 * beyond a limit, and back where it stays below half of it, so that a rate near a limit does not
 * make it swing. A ring that overruns tells that the link carries less than was thought.
 */
export class WayPolicy {
  way: Way = 'stream'
  /** Why it is not the first: the rate when it changed, and whether the ring was losing. */
  rate = 0
  losing = false
  #stream: number
  readonly #sample: number
  #over = 0
  #under = 0

  constructor(limits: WayLimits) {
    this.#stream = limits.stream
    this.#sample = limits.sample
  }

  /**
   * Takes a second's rate, and gives the way.
   * @param losing the ring of the streamed events overran, and this monitor has the largest share
   */
  observe(rate: number, losing: boolean): Way {
    const lossy = losing && this.way === 'stream' && rate >= LEAST_LOSING
    this.#over = lossy || rate > this.#limit(this.way) ? this.#over + 1 : 0
    const below = LAST[this.way]
    this.#under = below !== this.way && rate < this.#limit(below) / 2 ? this.#under + 1 : 0
    if (this.#over >= SECONDS_UP && this.way !== 'count') {
      // What overran is known to be too much: not to be tried again at the same rate.
      if (lossy) this.#stream = Math.min(this.#stream, rate)
      this.#change(NEXT[this.way], rate, lossy)
    } else if (this.#under >= SECONDS_DOWN) this.#change(below, rate, false)
    return this.way
  }

  /** Begins anew at a rate: the monitor was switched off, or the user leaves the choice to this. */
  begin(rate: number): void {
    const way = rate <= this.#stream ? 'stream' : rate <= this.#sample ? 'sample' : 'count'
    this.#change(way, way === 'stream' ? 0 : rate, false)
  }

  #limit(way: Way): number {
    if (way === 'stream') return this.#stream
    return way === 'sample' ? this.#sample : Infinity
  }

  #change(way: Way, rate: number, losing: boolean): void {
    this.way = way
    this.rate = Math.round(rate)
    this.losing = losing
    this.#over = this.#under = 0
  }
}
