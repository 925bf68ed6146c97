import type { LanesResult } from '../../contract/history'
import { NOT_MONITORING, UNKNOWN, type Lane, type Mark } from '../stores/lanes'

/** One lane as it is drawn: what the window itself has of it, and before that what the observer summed up. */
export interface LaneView {
  readonly row: number
  readonly label: string
  readonly lane: Lane | undefined
  /** Sums of the time before the window's own lane begins, and which of their rows is this one. */
  readonly tile: LanesResult | null
  readonly tileRow: number
  readonly marks: readonly Mark[]
  readonly followed: boolean
  readonly pinned: boolean
  readonly focused: boolean
}

/** From when on the window's own lane has every change, ns. */
export function ownFrom(view: LaneView): number {
  return view.lane !== undefined && view.lane.size > 0 ? view.lane.timeAt(0) : Infinity
}

/** What a lane says of one time. */
export interface LaneFact {
  /** -1: not monitoring; UNKNOWN: events were lost. */
  readonly state: number
  /** When the state was entered, and when it was left; null: not known, or not yet. */
  readonly from: number | null
  readonly to: number | null
  /** Changes that share the pixel with it, where these are sums. */
  readonly changes: number
  /** Every change is known, not only sums. */
  readonly exact: boolean
}

/** What the lane says of a time, undefined where it says nothing. */
export function factAt(view: LaneView, time: number): LaneFact | undefined {
  const { lane, tile } = view
  if (lane !== undefined && time >= ownFrom(view)) {
    const i = lane.find(time)
    return {
      state: lane.stateAt(i),
      from: lane.timeAt(i),
      to: i + 1 < lane.size ? lane.timeAt(i + 1) : null,
      changes: 0,
      exact: true
    }
  }
  const column = columnAt(tile, time)
  if (tile === null || column < 0 || view.tileRow < 0) return undefined
  const at = view.tileRow * tile.columns + column
  const isUnknown = tile.unknown[at] === 1
  return {
    state: isUnknown ? UNKNOWN : (tile.state[at] ?? NOT_MONITORING),
    from: null,
    to: null,
    changes: tile.changes[at] ?? 0,
    exact: false
  }
}

/** Column of a tile at a time, -1: outside of it. */
export function columnAt(tile: LanesResult | null, time: number): number {
  if (tile === null || time < tile.from || time >= tile.to) return -1
  const column = Math.floor(((time - tile.from) / (tile.to - tile.from)) * tile.columns)
  return Math.min(tile.columns - 1, column)
}

/** What happened to an instance between two times. */
export interface Measurement {
  readonly from: number
  readonly to: number
  readonly changes: number
  /** Time by state, ns, longest first; -1: not monitoring; UNKNOWN: events were lost. */
  readonly spent: readonly { readonly state: number; readonly ns: number }[]
  /** Every change is known; otherwise times are sums of columns. */
  readonly exact: boolean
}

/** Measures where the window has every change; undefined where it has not. */
export function measureLane(
  lane: Lane | undefined,
  from: number,
  to: number,
  now: number
): Measurement | undefined {
  if (lane === undefined || lane.size === 0 || from < lane.timeAt(0)) return undefined
  const spent = new Map<number, number>()
  let changes = 0
  let i = Math.max(0, lane.find(from))
  const end = Math.min(to, Math.max(now, lane.lastTime))
  for (let at = from; at < end; i++) {
    const until = i + 1 < lane.size ? Math.min(end, lane.timeAt(i + 1)) : end
    const state = lane.stateAt(i)
    spent.set(state, (spent.get(state) ?? 0) + until - at)
    if (i + 1 < lane.size && lane.timeAt(i + 1) <= to) changes++
    at = until
  }
  return { from, to, changes, spent: longestFirst(spent), exact: true }
}

/** The same of sums that the observer made of one row. */
export function measureTile(tile: LanesResult): Measurement {
  const width = (tile.to - tile.from) / tile.columns
  const spent = new Map<number, number>()
  let changes = 0
  for (let column = 0; column < tile.columns; column++) {
    const state = tile.unknown[column] === 1 ? UNKNOWN : (tile.state[column] ?? NOT_MONITORING)
    spent.set(state, (spent.get(state) ?? 0) + width)
    changes += tile.changes[column] ?? 0
  }
  return { from: tile.from, to: tile.to, changes, spent: longestFirst(spent), exact: false }
}

function longestFirst(spent: ReadonlyMap<number, number>): Measurement['spent'] {
  return Array.from(spent, ([state, ns]) => ({ state, ns })).sort((a, b) => b.ns - a.ns)
}
