/** Thrown by Budget and caught by parseLtl. Its message says what was too much, as part of a sentence. */
export class TooComplex extends Error {}

/** Bounds work that may be exponential in the formula's size, in elementary steps. */
export class Budget {
  #left: number

  constructor(steps: number) {
    this.#left = steps
  }

  /** @throws TooComplex when nothing is left. */
  spend(steps: number): void {
    this.#left -= steps
    if (this.#left < 0) this.exceeded('the automaton takes too many steps to build')
  }

  /** @throws TooComplex always. */
  exceeded(what: string): never {
    throw new TooComplex(what)
  }
}
