import { LaneSums, type LaneColumns, type LaneQuery } from './lane-sums'
import type { MonitorHistory } from './monitor-history'

/** Records that are read in one go: a few milliseconds, between which live events are taken. */
const SLICE = 100_000

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
  const { from, to } = query
  const begin = Math.max(from, history.keptFrom)
  const sums = new LaneSums(query, states, history.edges, begin, history.at(begin)?.past)
  let left = SLICE
  for (const chunk of [...history.chunks]) {
    if (chunk.last < begin || chunk.base > to) continue
    const end = chunk.countAt(to)
    for (let i = chunk.base > begin ? 0 : chunk.countAt(begin); i < end;) {
      const until = Math.min(end, i + left)
      sums.take(chunk, i, until)
      left -= until - i
      i = until
      if (left > 0) continue
      left = SLICE
      yield undefined
    }
  }
  return sums.finish(Math.min(to, Math.max(begin, history.newest)))
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
