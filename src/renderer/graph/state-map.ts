import type { GraphSpec } from '../../model/draw/spec'
import type { MonitorLive } from '../stores/columns'

/** States of a drawing by the states of what it shows, which may have another order. */
export class StateMap {
  private source: MonitorLive | undefined
  private known: number[] = []

  constructor(private readonly spec: GraphSpec) {}

  /** What is shown from here on. True: it is something else than before, such as another moment. */
  follow(live: MonitorLive): boolean {
    if (live === this.source) return false
    this.source = live
    this.known = []
    return true
  }

  /** State of the drawing for a state of the live data, by name; -1: none. */
  of(live: MonitorLive, state: number): number {
    if (state < 0) return -1
    const known = this.known[state]
    if (known !== undefined) return known
    const name = live.states[state]
    const index = this.spec.states.findIndex((s) => s.name === name)
    this.known[state] = index
    return index
  }

  /** State of the drawing in which an instance is shown; -1: in the tray. */
  ofRow(live: MonitorLive, row: number): number {
    return live.rows.unsure[row] === 1 ? -1 : this.of(live, live.rows.state[row] ?? -1)
  }
}
