import type { LtlModel } from '../ltl'

/** What recordings have of a formula. */
export interface LtlCoverage {
  /** For each state of its automaton, in how many steps the monitor could be in it afterwards. */
  readonly states: readonly number[]
  /** For each atom, in how many steps it was true. */
  readonly atoms: readonly number[]
  readonly steps: number
  readonly violations: number
  /** Part of the states that were entered, from 0 to 1. */
  readonly covered: number
}

/** Counts the records of a formula's monitor. */
export class LtlCoverageCounter {
  readonly #ltl: LtlModel
  readonly #states: number[]
  readonly #atoms: number[]
  #steps = 0
  #violations = 0

  constructor(ltl: LtlModel) {
    this.#ltl = ltl
    this.#states = new Array<number>(ltl.buchi.states).fill(0)
    this.#atoms = new Array<number>(ltl.atoms.length).fill(0)
  }

  /** An `event_` record, or several of the same: atoms by their abbreviations, states as ranges, as the kernel prints both. */
  step(atoms: string, next: string, times = 1): void {
    this.#steps += times
    for (const name of atoms.split(',')) {
      const i = this.#ltl.abbreviations.indexOf(name)
      if (i >= 0) this.#atoms[i] = (this.#atoms[i] ?? 0) + times
    }
    for (const range of next.split(',')) {
      const [, first, last = first] = /^(\d{1,2})(?:-(\d{1,2}))?$/.exec(range) ?? []
      if (first === undefined) continue
      for (let s = Number(first); s <= Number(last) && s < this.#states.length; s++) {
        this.#states[s] = (this.#states[s] ?? 0) + times
      }
    }
  }

  /** An `error_` record, or several. */
  violation(times = 1): void {
    this.#violations += times
  }

  result(): LtlCoverage {
    const entered = this.#states.filter((count) => count > 0).length
    return {
      states: this.#states,
      atoms: this.#atoms,
      steps: this.#steps,
      violations: this.#violations,
      covered: entered / Math.max(1, this.#states.length)
    }
  }
}
