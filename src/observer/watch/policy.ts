import type { Way } from '../../contract/watch'
import type { TargetInfo } from '../../target/port'

/** How the events come, from the way that costs most to that which costs least. */
export const RUNGS = ['text', 'raw', 'sample', 'count'] as const
/** `text` and `raw` are both `stream`: every event, printed by the kernel or as it lies in its ring. */
export type Rung = (typeof RUNGS)[number]

/** Up to how many events a second a monitor is watched in a way; beyond, in the next one. */
export type RungLimits = Readonly<Record<Exclude<Rung, 'count'>, number>>

/**
 * What links carry before anything of them was seen: text of trace_pipe is 80 to 110 bytes an
 * event, of which a serial line of 115200 baud carries some 1,500 a second, packed.
 */
const LIMITS: Readonly<Record<TargetInfo['kind'], RungLimits>> = {
  sim: { text: 250_000, raw: 250_000, sample: 2_500_000 },
  local: { text: 30_000, raw: 300_000, sample: 2_000_000 },
  ssh: { text: 10_000, raw: 150_000, sample: 1_000_000 },
  serial: { text: 1_500, raw: 1_500, sample: 100_000 },
  cmd: { text: 5_000, raw: 5_000, sample: 100_000 },
  recording: { text: Infinity, raw: Infinity, sample: Infinity }
}

export const limitsOf = (kind: TargetInfo['kind']): RungLimits => LIMITS[kind]

export const wayOf = (rung: Rung): Way => (rung === 'text' || rung === 'raw' ? 'stream' : rung)

/** Seconds beyond a limit, one after the other, before the way changes. */
const SECONDS_UP = 2
/** Seconds below half of a limit before the way changes back. */
const SECONDS_DOWN = 10
/** A ring that overruns below this rate does so for another reason. */
const LEAST_LOSING = 500

/**
 * Chooses how one monitor is watched by its rate, once a second. It changes where the rate stays
 * beyond a limit, and back where it stays below half of it, so that a rate near a limit does not
 * make it swing. A ring that overruns tells that the link carries less than was thought.
 */
export class RungPolicy {
  rung: Rung = 'text'
  /** Why it is not the first: the rate when it changed, and whether the ring was losing. */
  rate = 0
  losing = false
  readonly #limits: Record<Rung, number>
  #rungs: readonly Rung[]
  #over = 0
  #under = 0

  /** @param rungs that the target has, in the order of RUNGS */
  constructor(limits: RungLimits, rungs: readonly Rung[] = RUNGS) {
    this.#limits = { ...limits, count: Infinity }
    this.#rungs = rungs
  }

  /** The target turned out not to have one. */
  without(rung: Rung): void {
    this.#rungs = this.#rungs.filter((other) => other !== rung)
    if (this.rung === rung) this.begin(0)
  }

  /**
   * Takes a second's rate, and gives the rung.
   * @param losing the ring of the streamed events overran, and this monitor has the largest share
   * @param streams the user wants every event: never beyond the last rung that streams
   */
  observe(rate: number, losing: boolean, streams = false): Rung {
    const { rung } = this
    const at = this.#rungs.indexOf(rung)
    const next = this.#rungs[at + 1]
    const last = this.#rungs[at - 1]
    const lossy = losing && wayOf(rung) === 'stream' && rate >= LEAST_LOSING
    this.#over = lossy || rate > this.#limits[rung] ? this.#over + 1 : 0
    this.#under = last !== undefined && rate < this.#limits[last] / 2 ? this.#under + 1 : 0
    if (this.#over >= SECONDS_UP && next !== undefined) {
      if (streams && wayOf(next) !== 'stream') return rung
      // What overran is known to be too much: not to be tried again at the same rate.
      if (lossy) this.#limits[rung] = Math.min(this.#limits[rung], rate)
      this.#change(next, rate, lossy)
    } else if (this.#under >= SECONDS_DOWN && last !== undefined) this.#change(last, rate, false)
    return this.rung
  }

  /** Begins anew at a rate: the monitor was switched off, or the user leaves the choice to this. */
  begin(rate: number): void {
    const rung = this.#rungs.find((one) => rate <= this.#limits[one]) ?? 'text'
    this.#change(rung, rung === 'text' ? 0 : rate, false)
  }

  #change(rung: Rung, rate: number, losing: boolean): void {
    this.rung = rung
    this.rate = Math.round(rate)
    this.losing = losing
    this.#over = this.#under = 0
  }
}
