import { AutomatonExplorer } from '../../../model/explore/explorer'
import { LtlExplorer } from '../../../model/explore/ltl-explorer'
import { ExploreFailure } from '../../../model/explore/moves'
import type { Outcome } from '../../../model/explore/moves'
import { duration } from '../../../model/ops/hybrid/compare'
import type { MonitorSpec } from '../../../model/instrumentation-yaml'

/** Something that the user lets happen. */
export type Move =
  | { readonly kind: 'take'; readonly event: string }
  /** `amount` is in what the clock counts. */
  | { readonly kind: 'wait'; readonly amount: number }
  | { readonly kind: 'assign'; readonly name: string; readonly value: number }
  | { readonly kind: 'set'; readonly atom: string; readonly value: boolean }
  | { readonly kind: 'step' }
  | { readonly kind: 'reset' }

/** A move that was made, and what came of it. */
export interface Made {
  readonly move: Move
  readonly label: string
  readonly outcome: Outcome
  /** Where it began and where it led; undefined: not monitoring. */
  readonly from: string | undefined
  readonly to: string | undefined
}

const NOTHING: Outcome = { kind: 'changed', lines: [] }

/** A walk through a model: what was done, and going back and forth in it. */
export class Exploration {
  readonly explorer: AutomatonExplorer | LtlExplorer
  #made: Made[] = []
  #at = 0
  /** What the explorer was told before the first move. */
  readonly #given: number

  /**
   * @param given values of parameters, as the instrumentation has them
   * @throws OperationFailure for a model that no kernel would run
   */
  constructor(
    readonly spec: MonitorSpec,
    given: readonly { readonly name: string; readonly value: number }[] = []
  ) {
    if (spec.kind === 'ltl') this.explorer = new LtlExplorer(spec.ltl)
    else {
      this.explorer = new AutomatonExplorer(spec.automaton)
      for (const { name, value } of given) {
        if (this.explorer.names.includes(name)) this.explorer.assign(name, value)
      }
    }
    this.#given = this.explorer.actions.length
  }

  /** All moves, those that were gone back behind included. */
  get made(): readonly Made[] {
    return this.#made
  }

  /** How many of them count. */
  get at(): number {
    return this.#at
  }

  /** The last move that counts. */
  get last(): Made | undefined {
    return this.#made[this.#at - 1]
  }

  /**
   * Makes a move.
   *
   * @throws ExploreFailure where it cannot be made; nothing has changed then
   */
  do(move: Move): Made {
    const { last } = this
    // A slider gives many values: the last one is meant.
    if (move.kind === 'assign' && last?.move.kind === 'assign' && last.move.name === move.name) {
      this.goTo(this.#at - 1)
    }
    const from = this.#place()
    const outcome = this.#perform(move)
    const made: Made = { move, label: this.#label(move), outcome, from, to: this.#place() }
    this.#made = [...this.#made.slice(0, this.#at), made]
    this.#at++
    return made
  }

  /** Back, or forward again, to behind so many moves. */
  goTo(count: number): void {
    const target = Math.max(0, Math.min(count, this.#made.length))
    while (this.explorer.actions.length > this.#given + target) this.explorer.undo()
    while (this.explorer.actions.length < this.#given + target) this.explorer.redo()
    this.#at = target
  }

  /** Makes the moves of another walk that count, as far as this model lets them happen. */
  follow(other: Exploration): void {
    for (const { move } of other.made.slice(0, other.at)) {
      try {
        this.do(move)
      } catch (error) {
        if (error instanceof ExploreFailure) return
        throw error
      }
    }
  }

  #place(): string | undefined {
    if (this.explorer instanceof AutomatonExplorer) return this.explorer.position.state
    const { position } = this.explorer
    return position === '' ? undefined : `(${position})`
  }

  #perform(move: Move): Outcome {
    const { explorer } = this
    if (move.kind === 'reset') {
      explorer.reset()
      return NOTHING
    }
    if (explorer instanceof LtlExplorer) {
      if (move.kind === 'step') return explorer.step()
      if (move.kind !== 'set') throw new ExploreFailure('A formula has steps and atoms.')
      explorer.set(move.atom, move.value)
      return NOTHING
    }
    switch (move.kind) {
      case 'take':
        return explorer.take(move.event)
      case 'wait':
        return explorer.wait(move.amount)
      case 'assign':
        return explorer.assign(move.name, move.value)
      default:
        throw new ExploreFailure('An automaton has events and no atoms.')
    }
  }

  #label(move: Move): string {
    switch (move.kind) {
      case 'take':
        return move.event
      case 'wait': {
        const kind = this.explorer instanceof AutomatonExplorer ? this.explorer.clock?.kind : 'ns'
        return `wait ${duration(move.amount, kind ?? 'ns')}`
      }
      case 'assign':
        return `${move.name} = ${move.value}`
      case 'set':
        return `${move.atom} = ${move.value ? 1 : 0}`
      case 'step':
      case 'reset':
        return move.kind
    }
  }
}
