import { quoted } from '../findings'
import type { LtlModel } from '../ltl'
import { startBuchi, stepBuchi } from '../ltl/buchi'
import { printStates } from '../ops/ltl/valuations'
import { ExploreFailure, History } from './moves'
import type { Outcome } from './moves'

/** A state of a formula's automaton. */
export interface BuchiState {
  readonly number: number
  /** What holds in it: `!RT || !PAGEFAULT`. */
  readonly label: string
  /** Whether the monitor may be in it. */
  readonly current: boolean
  /** Whether a step with the present atoms would enter it. */
  readonly next: boolean
}

interface Moment {
  /** No state: the instance has not started. */
  readonly states: number
  readonly atoms: number
}

/**
 * Steps through a formula as a kernel's monitor does (include/rv/ltl_monitor.h). All atoms are known
 * and false at first. While no state is entered, a step that finds no initial state says nothing.
 */
export class LtlExplorer {
  readonly ltl: LtlModel
  readonly #history: History<Moment>

  constructor(ltl: LtlModel) {
    this.ltl = ltl
    this.#history = new History<Moment>({ states: 0, atoms: 0 })
  }

  /** What was done up to now. */
  get actions(): readonly string[] {
    return this.#history.actions
  }

  /** The states that the monitor may be in, as the kernel prints them; empty: not started. */
  get position(): string {
    return printStates(this.#history.now.states)
  }

  /** The atoms that are true. */
  get atoms(): readonly string[] {
    return this.ltl.atoms.filter((_, i) => ((this.#history.now.atoms >>> i) & 1) === 1)
  }

  states(): BuchiState[] {
    const { states, atoms } = this.#history.now
    const { buchi } = this.ltl
    const next = states === 0 ? startBuchi(buchi, atoms) : stepBuchi(buchi, states, atoms)
    return buchi.labelTexts.map((label, number) => ({
      number,
      label,
      current: ((states >>> number) & 1) === 1,
      next: ((next >>> number) & 1) === 1
    }))
  }

  /**
   * Gives an atom a value; no step.
   *
   * @param value without it, the other one
   * @throws ExploreFailure for an atom that the formula does not have
   */
  set(atom: string, value?: boolean): void {
    const i = this.ltl.atoms.indexOf(atom)
    if (i < 0) {
      throw new ExploreFailure(
        `${this.ltl.name} has no atom ${quoted(atom)}; expected one of ${this.ltl.atoms.join(', ')}.`
      )
    }
    const { atoms, states } = this.#history.now
    const is = value ?? ((atoms >>> i) & 1) === 0
    const bit = 1 << i
    const changed = (is ? atoms | bit : atoms & ~bit) >>> 0
    this.#history.add(`${atom}=${is ? 1 : 0}`, { states, atoms: changed })
  }

  /** One step with the present values of the atoms. */
  step(): Outcome {
    const { states, atoms } = this.#history.now
    const { name, buchi, abbreviations } = this.ltl
    if (states === 0) {
      const started = startBuchi(buchi, atoms)
      this.#history.add('step', { states: started, atoms })
      return started === 0
        ? { kind: 'ignored', lines: ['no initial state holds, so the monitor does not start'] }
        : { kind: 'started', lines: [`the monitor starts in (${printStates(started)})`] }
    }
    const next = stepBuchi(buchi, states, atoms)
    const on = abbreviations.filter((_, i) => ((atoms >>> i) & 1) === 1).join(',')
    const line = `event_${name}: (${printStates(states)}) x (${on}) -> (${printStates(next)})`
    this.#history.add('step', { states: next, atoms })
    if (next !== 0) return { kind: 'moved', lines: [line] }
    return {
      kind: 'violation',
      lines: [
        line,
        `error_${name}: violation detected`,
        `rv: ${name}: violation detected`,
        'The instance starts again at the next step that finds an initial state.'
      ]
    }
  }

  /** Not started, all atoms false. Can be undone. */
  reset(): void {
    this.#history.add('reset', { states: 0, atoms: 0 })
  }

  /** @returns what was undone; undefined where nothing was done */
  undo(): string | undefined {
    return this.#history.undo()
  }

  /** @returns what was done again; undefined where nothing was undone */
  redo(): string | undefined {
    return this.#history.redo()
  }
}
