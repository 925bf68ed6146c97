/** Linear temporal logic monitors as values: what rvgen's ltl2ba makes of an .ltl file. */

/** A Büchi automaton may have so many states, a formula so many atoms (RV_MAX_BA_STATES, RV_MAX_LTL_ATOM). */
export const MAX_BA_STATES = 32
export const MAX_LTL_ATOMS = 32

/** A conjunction of literals over the atoms: holds where `(atoms & care) === value`; both are unsigned bit sets. */
export interface Cube {
  readonly care: number
  readonly value: number
}

/**
 * A Büchi automaton whose acceptance is ignored, as the kernel runs it. Sets of
 * states and atoms are unsigned 32-bit sets: bit i is state or atom i.
 */
export interface BuchiAutomaton {
  readonly states: number
  /** Set of initial states. */
  readonly initial: number
  /** successors[state]: a set of states. */
  readonly successors: Uint32Array
  /** labels[state]: holds where one of the cubes does; no cube: never. A cube that cares for nothing: always. */
  readonly labels: readonly (readonly Cube[])[]
  /** labels[state] as people read it: `!RT || !PAGEFAULT`. */
  readonly labelTexts: readonly string[]
}

/** An .ltl file, translated. */
export interface LtlModel {
  readonly name: string
  /** Sorted, as written: `CLOCK_NANOSLEEP`. Bit i of a set of atoms is atoms[i]. */
  readonly atoms: readonly string[]
  /** What trace lines call them: `cl_na`. */
  readonly abbreviations: readonly string[]
  /** The RULE with every other name put in, in one line. */
  readonly rule: string
  readonly buchi: BuchiAutomaton
}
