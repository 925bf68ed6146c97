/** What the watch of a kiosk can do about it. */
export interface KioskRemedies {
  /** Loads the page anew. */
  reload(): void
  /** Ends the observer's process, which is then started again. */
  renewObserver(): void
  /** Writes a line down. */
  log(line: string): void
}

export interface KioskLimits {
  /** Without a word of the story for so long the page is loaded anew, ms. */
  readonly silent: number
  /** Memory of all processes at which the page and the observer begin anew, bytes. */
  readonly memory: number
  /** Both begin anew after so long in any case, ms. */
  readonly age: number
  /** After a reload nothing is done for so long, doubled with each that follows at once, ms. */
  readonly patience: number
}

export const KIOSK_LIMITS: KioskLimits = {
  silent: 180_000,
  memory: 2_000_000_000,
  age: 24 * 3_600_000,
  patience: 15_000
}

/** A pause that grows no further, ms. */
const MOST_PATIENCE = 600_000

/**
 * Watches that a kiosk goes on telling its story, for weeks and with nobody there. It has no timer:
 * `look` is to be called every few seconds.
 */
export class KioskWatch {
  readonly #limits: KioskLimits
  readonly #remedies: KioskRemedies
  #heard: number
  #begun: number
  #quietUntil: number
  #patience: number

  /** @param now monotonic, ms */
  constructor(now: number, remedies: KioskRemedies, limits: KioskLimits = KIOSK_LIMITS) {
    this.#limits = limits
    this.#remedies = remedies
    this.#heard = now
    this.#begun = now
    this.#quietUntil = now
    this.#patience = limits.patience
  }

  /** The story told something. `isEnd`: for the last time before it begins again. */
  beat(now: number, isEnd: boolean, memory: number): void {
    this.#heard = now
    this.#patience = this.#limits.patience
    // Between two tellings nobody misses anything.
    if (!isEnd) return
    if (memory > this.#limits.memory) {
      this.#anew(now, `memory is ${Math.round(memory / 1e6)} MB: page and observer begin anew`)
    } else if (now - this.#begun > this.#limits.age) {
      this.#anew(now, 'page and observer begin anew, as planned')
    }
  }

  /** The page is gone, or does not answer; `why` for the log. */
  broken(now: number, why: string): void {
    if (now < this.#quietUntil) return
    this.#reload(now, why)
  }

  /** Looks whether the story is still told. */
  look(now: number, memory: number): void {
    if (now < this.#quietUntil) return
    if (now - this.#heard > this.#limits.silent) {
      this.#reload(now, `nothing was told for ${Math.round((now - this.#heard) / 1000)} s`)
    } else if (memory > 1.5 * this.#limits.memory) {
      this.#anew(now, `memory is ${Math.round(memory / 1e6)} MB, far too much`)
    }
  }

  #anew(now: number, why: string): void {
    this.#begun = now
    this.#remedies.renewObserver()
    this.#reload(now, why)
  }

  #reload(now: number, why: string): void {
    this.#remedies.log(why)
    this.#heard = now
    this.#quietUntil = now + this.#patience
    this.#patience = Math.min(MOST_PATIENCE, this.#patience * 2)
    this.#remedies.reload()
  }
}
