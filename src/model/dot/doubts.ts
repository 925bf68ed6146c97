import type { Transition } from '../automaton'

/** A way between two states which may turn out to be a transition. */
export interface Link {
  readonly from: number
  readonly to: number
  /** It has no label, so nothing is known of its events. */
  readonly isBare?: boolean
}

/**
 * What errors leave open of an automaton. A finding that does not hold whichever
 * way they are mended is not made: it would send the author after nothing.
 */
export interface Doubts {
  /** False where statements could not be read: what seems to be missing may stand in them. */
  readonly isWhole: boolean
  /** States that may be the initial one; none where nothing tells. */
  readonly initial: readonly number[]
  /** Edges whose events or ends are not known. */
  readonly links: readonly Link[]
  /** Words of the labels that cannot be read. */
  readonly unread: ReadonlySet<string>
  /** Ends of edges that are no states yet: nothing is said of them. */
  readonly missing: ReadonlySet<number>
  /** States that have two names. */
  readonly misnamed: ReadonlySet<number>
  /** Transitions of one state and event, of which only one can stay. */
  readonly contested: ReadonlySet<Transition>
}
