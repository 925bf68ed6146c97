import { LANE_UNKNOWN } from '../../contract/state'
import { NOT_MONITORING } from '../instance-table'
import { Kind, NO_EDGE } from './chunk'
import type { MonitorHistory } from './monitor-history'

/** Records that are read in one go: some milliseconds, between which live events are taken. */
const SLICE = 500_000

/** Which part of the past, and how fine. */
export interface LaneQuery {
  readonly rows: Uint32Array
  /** ns since boot */
  readonly from: number
  readonly to: number
  readonly columns: number
}

/** Lanes of some rows, summed up by columns of equal time; entry row * columns + column. */
export interface LaneColumns {
  /** State that took most of the column; -1: not monitoring; LANE_UNKNOWN: events were lost. */
  readonly state: Int16Array<ArrayBuffer>
  /** Changes of state within the column. */
  readonly changes: Uint32Array<ArrayBuffer>
  /** 1: for a part of the column the state is not known. */
  readonly unknown: Uint8Array<ArrayBuffer>
  /** Events of all rows by column. */
  readonly total: Uint32Array<ArrayBuffer>
  /** Records of loss by column. */
  readonly losses: Uint32Array<ArrayBuffer>
}

/** State of one row on its way through the columns. */
interface Track {
  state: number
  /** Something was seen of the row: before, a loss says nothing of it. */
  isSeen: boolean
  /** Until when the time is accounted for. */
  at: number
  column: number
  /** Time by state in the current column: -2 and -1 come first. */
  readonly spent: Float64Array
  best: number
}

/**
 * Sums up lanes. A generator, so that whoever asks may pause it after each slice, and end it where
 * nobody waits for it any more.
 */
export function* laneColumns(
  history: MonitorHistory,
  query: LaneQuery,
  states: number
): Generator<undefined, LaneColumns> {
  if (query.rows.length === 0) return overview(history, query)
  const { from, to, columns } = query
  const width = Math.max(1, (to - from) / columns)
  const out: LaneColumns = {
    state: new Int16Array(query.rows.length * columns).fill(NOT_MONITORING),
    changes: new Uint32Array(query.rows.length * columns),
    unknown: new Uint8Array(query.rows.length * columns),
    total: new Uint32Array(columns),
    losses: new Uint32Array(columns)
  }
  const begin = Math.max(from, history.keptFrom)
  const first = history.at(begin)?.past
  const kept = Math.floor((begin - from) / width)
  const tracks: Track[] = Array.from(query.rows, (row, i) => {
    out.state.fill(LANE_UNKNOWN, i * columns, i * columns + Math.min(columns, Math.max(0, kept)))
    const unsure = (first?.unsure[row] ?? 0) === 1
    const state = unsure ? LANE_UNKNOWN : (first?.state[row] ?? NOT_MONITORING)
    const column = Math.min(columns, Math.max(0, kept))
    const isSeen = row < (first?.rows ?? 0)
    return { state, isSeen, at: begin, column, spent: new Float64Array(states + 3), best: 0 }
  })
  const trackOf = new Int32Array(65_536).fill(-1)
  query.rows.forEach((row, i) => (trackOf[row] = i))
  let left = SLICE
  for (const chunk of [...history.chunks]) {
    if (chunk.last < begin || chunk.base > to) continue
    const end = chunk.countAt(to)
    for (let i = chunk.base > begin ? 0 : chunk.countAt(begin); i < end; i++) {
      if (--left === 0) {
        left = SLICE
        yield undefined
      }
      const kind = (chunk.high[i] ?? 0) >> 13
      const time = chunk.timeAt(i)
      const column = Math.min(columns - 1, Math.floor((time - from) / width))
      if (kind === Kind.Loss || kind === Kind.LossAll) {
        out.losses[column] = (out.losses[column] ?? 0) + 1
      } else if (kind <= Kind.Error) out.total[column] = (out.total[column] ?? 0) + 1
      if (kind === Kind.StopAll || kind === Kind.LossAll) {
        const state = kind === Kind.StopAll ? NOT_MONITORING : LANE_UNKNOWN
        tracks.forEach((track, t) => {
          if (track.isSeen) change(out, query, width, track, t, time, state)
        })
        continue
      }
      const t = trackOf[chunk.row[i] ?? 0] ?? -1
      const track = tracks[t]
      if (track === undefined) continue
      track.isSeen = true
      if (kind === Kind.Reuse) out.state.fill(NOT_MONITORING, t * columns, t * columns + column)
      const edge = chunk.edge[i] ?? NO_EDGE
      const state =
        kind === Kind.Step
          ? history.edges.toOf(edge)
          : kind === Kind.Loss
            ? LANE_UNKNOWN
            : NOT_MONITORING
      change(out, query, width, track, t, time, state)
    }
  }
  const last = Math.min(to, Math.max(begin, history.newest))
  tracks.forEach((track, t) => {
    spend(out, query, width, track, t, last)
    settle(out, track, t * columns)
  })
  return out
}

/** Events and losses by column, without lanes: found by searching for the columns' edges. */
function overview(history: MonitorHistory, query: LaneQuery): LaneColumns {
  const { from, to, columns } = query
  const width = Math.max(1, (to - from) / columns)
  const total = new Uint32Array(columns)
  const losses = new Uint32Array(columns)
  const columnOf = (time: number): number =>
    Math.min(columns - 1, Math.max(0, Math.floor((time - from) / width)))
  for (const chunk of history.chunks) {
    if (chunk.count === 0 || chunk.last < from || chunk.base > to) continue
    let before = chunk.base >= from ? 0 : chunk.countAt(from - 1)
    for (let c = columnOf(chunk.base); c <= columnOf(chunk.last); c++) {
      const until = chunk.countAt(Math.min(to, from + (c + 1) * width))
      total[c] = (total[c] ?? 0) + until - before
      before = until
    }
    for (const time of chunk.losses) {
      if (time < from || time > to) continue
      const c = columnOf(time)
      losses[c] = (losses[c] ?? 0) + 1
    }
  }
  return {
    state: new Int16Array(0),
    changes: new Uint32Array(0),
    unknown: new Uint8Array(0),
    total,
    losses
  }
}

/** The row is in `state` from then on. */
function change(
  out: LaneColumns,
  query: LaneQuery,
  width: number,
  track: Track,
  t: number,
  time: number,
  state: number
): void {
  if (state === track.state) return
  spend(out, query, width, track, t, time)
  track.state = state
  const column = Math.min(query.columns - 1, Math.floor((time - query.from) / width))
  const at = t * query.columns + column
  out.changes[at] = (out.changes[at] ?? 0) + 1
}

/** Accounts for the time until `time`, over as many columns as it takes. */
function spend(
  out: LaneColumns,
  query: LaneQuery,
  width: number,
  track: Track,
  t: number,
  time: number
): void {
  const base = t * query.columns
  while (track.column < query.columns) {
    const end = query.from + (track.column + 1) * width
    const slot = track.state + 2
    const until = Math.min(time, end)
    if (until > track.at) {
      track.spent[slot] = (track.spent[slot] ?? 0) + until - track.at
      track.at = until
      if ((track.spent[slot] ?? 0) > (track.spent[track.best] ?? 0)) track.best = slot
    }
    if (time < end) return
    settle(out, track, base)
    track.column++
  }
}

/** Writes the column that the track is in, and starts the next one with nothing. */
function settle(out: LaneColumns, track: Track, base: number): void {
  const { spent } = track
  if ((spent[track.best] ?? 0) > 0 && base + track.column < out.state.length) {
    out.state[base + track.column] = track.best - 2
    out.unknown[base + track.column] = (spent[0] ?? 0) > 0 ? 1 : 0
  }
  spent.fill(0)
  track.best = 0
}
