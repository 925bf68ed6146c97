/** One step of a sequence that one model accepts and the other refuses. */
export interface WitnessStep {
  /** What happens: an event, or for two formulas the true atoms, such as `RT, PAGEFAULT`. */
  readonly event: string
  /**
   * What has to hold with it, for a hybrid automaton: how much time passes before it, and what the
   * environment variables are. Undefined where nothing is asked.
   */
  readonly condition: string | undefined
  /** State of each model behind the step; undefined once it has refused. */
  readonly a: string | undefined
  readonly b: string | undefined
}

/** A shortest sequence that one model accepts and the other refuses. No step: the empty one. */
export interface Witness {
  /** States before the first step. */
  readonly start: { readonly a: string; readonly b: string }
  readonly steps: readonly WitnessStep[]
  /** Values of constants and parameters for which it holds, for a hybrid automaton: `threshold_jiffies = 5`. */
  readonly values: readonly string[]
}

/** What two models have to do with each other. */
export type Relation =
  | 'equivalent'
  /** All that A accepts B accepts too, and more. */
  | 'a-in-b'
  | 'b-in-a'
  /** Each accepts what the other refuses. */
  | 'neither'

/** The answer to a comparison. */
export interface Comparison {
  readonly relation: Relation
  /** Accepted by A, refused by B. */
  readonly onlyA: Witness | undefined
  /** Accepted by B, refused by A. */
  readonly onlyB: Witness | undefined
  /** What the answer rests on, in sentences; for formulas and hybrid automata. */
  readonly notes: readonly string[]
}

/** The relation that two witnesses, or their absence, prove. */
export function relationOf(onlyA: unknown, onlyB: unknown): Relation {
  if (onlyA === undefined) return onlyB === undefined ? 'equivalent' : 'a-in-b'
  return onlyB === undefined ? 'b-in-a' : 'neither'
}
