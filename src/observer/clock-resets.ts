import type { Automaton } from '../model/automaton'
import { CLOCKS } from '../contract/state'
import type { InstanceTable } from './instance-table'

/** What the kernels that are built have: CONFIG_HZ is a choice among these. */
const CONFIG_HZ = [100, 250, 300, 1000]
/** A clock of fewer jiffies tells too little of how long one is. */
const ENOUGH_JIFFIES = 50
/** How far a measured frequency may be from the one that it stands for. */
const TOLERANCE = 0.08

/** Which transitions of a hybrid automaton reset which of its clocks. */
export class ClockResets {
  /** Names of the clocks, as the model spells them. */
  readonly names: readonly string[]
  readonly #events: number
  readonly #states: number
  /** Bit per clock: #masks[from * events + event]. */
  readonly #masks: Uint8Array

  private constructor(automaton: Automaton, names: readonly string[]) {
    this.names = names
    this.#events = automaton.events.length
    this.#states = automaton.states.length
    this.#masks = new Uint8Array(this.#states * this.#events)
    for (const { from, event, guard } of automaton.transitions) {
      const clock = guard?.reset === undefined ? -1 : names.indexOf(guard.reset)
      if (clock >= 0) this.#masks[from * this.#events + event] = 1 << clock
    }
  }

  /** Undefined where a model has no clock. */
  static of(automaton: Automaton | undefined): ClockResets | undefined {
    if (automaton === undefined || automaton.storedEnvs === 0) return undefined
    return new ClockResets(
      automaton,
      automaton.envs.slice(0, Math.min(CLOCKS, automaton.storedEnvs))
    )
  }

  /**
   * A transition was taken: notes the clocks that it resets.
   *
   * @param isAnew the instance started, or events of it were lost: what its clocks showed is void
   */
  step(
    table: InstanceTable,
    row: number,
    from: number,
    event: number,
    isAnew: boolean,
    sec: number,
    nsec: number
  ): void {
    if (isAnew) table.forgetClocks(row)
    // Names beyond the model's are learned ones, which reset nothing.
    if (from < 0 || event < 0 || from >= this.#states || event >= this.#events) return
    const mask = this.#masks[from * this.#events + event] ?? 0
    for (let clock = 0; mask >> clock !== 0; clock++) {
      if (((mask >> clock) & 1) === 1) table.resetClock(row, clock, sec, nsec)
    }
  }
}

/**
 * Jiffies per second, from a clock that the kernel printed in jiffies and the time that really
 * passed since its reset; undefined where they do not fit a frequency that kernels are built with.
 */
export function frequencyOf(jiffies: number, ns: number): number | undefined {
  if (jiffies < ENOUGH_JIFFIES || ns <= 0) return undefined
  const measured = (jiffies * 1e9) / ns
  return CONFIG_HZ.find((hz) => Math.abs(measured / hz - 1) < TOLERANCE)
}
