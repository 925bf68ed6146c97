import { UNKNOWN, type Lane } from '../stores/lanes'

/** Transitions of the followed instance that the drawing traces. */
export const PATH_STEPS = 8

/** A change of state. */
export interface PathStep {
  readonly from: number
  readonly to: number
}

/**
 * The last changes of state of an instance up to a time, newest first, from its lane. Where events
 * were lost the path ends: what led there is not known.
 *
 * @param moment ns, null: now
 */
export function pathOfLane(lane: Lane, moment: number | null): PathStep[] {
  const steps: PathStep[] = []
  let at = moment === null ? lane.size - 1 : lane.find(moment)
  while (at > 0 && steps.length < PATH_STEPS) {
    const to = lane.stateAt(at)
    const from = lane.stateAt(at - 1)
    if (from === UNKNOWN || to === UNKNOWN) break
    if (from >= 0 && to >= 0) steps.push({ from, to })
    at--
  }
  return steps
}

/** The changes of state of an instance that has no lane, as the window saw them: one per frame. */
export class SeenPath {
  private id: number | null = null
  private last = -2
  private readonly list: PathStep[] = []

  /** The state of the followed instance in this frame. */
  see(id: number, state: number): readonly PathStep[] {
    if (id !== this.id) {
      this.id = id
      this.last = state
      this.list.length = 0
    } else if (state !== this.last) {
      if (state >= 0 && this.last >= 0) this.list.unshift({ from: this.last, to: state })
      if (this.list.length > PATH_STEPS) this.list.pop()
      this.last = state
    }
    return this.list
  }
}
