import { LANE_UNKNOWN } from '../../contract/state'
import { NOT_MONITORING } from '../instance-table'
import { Kind, NO_EDGE, type Chunk } from './chunk'
import type { MonitorHistory } from './monitor-history'

/** A change of a row: from `at` on it is in `state`, brought there by `event` (-1: by none). */
export interface FoundChange {
  readonly at: number
  readonly state: number
  readonly event: number
}

/**
 * The next change of a row's state after `time` (direction 1), or the last one before it (-1); null
 * where none is kept.
 */
export function findChange(
  history: MonitorHistory,
  row: number,
  time: number,
  direction: 1 | -1
): FoundChange | null {
  const chunks = direction > 0 ? history.chunks : [...history.chunks].reverse()
  for (const chunk of chunks) {
    if (direction > 0 ? chunk.last <= time : chunk.base >= time) continue
    const begin = chunk.countAt(time)
    const end = direction > 0 ? chunk.count : -1
    for (let i = direction > 0 ? begin : begin - 1; i !== end; i += direction) {
      if (!isChange(history, chunk, i, row)) continue
      const at = chunk.timeAt(i)
      if (at !== time) return { at, ...outcome(history, chunk, i) }
    }
  }
  return null
}

/** A record that takes the row to another state than it was in, as far as the record tells. */
function isChange(history: MonitorHistory, chunk: Chunk, i: number, row: number): boolean {
  const kind = (chunk.high[i] ?? 0) >> 13
  if (kind === Kind.StopAll || kind === Kind.LossAll) return true
  if (chunk.row[i] !== row) return false
  const edge = chunk.edge[i] ?? 0
  return kind !== Kind.Step || history.edges.fromOf(edge) !== history.edges.toOf(edge)
}

function outcome(
  history: MonitorHistory,
  chunk: Chunk,
  i: number
): Pick<FoundChange, 'state' | 'event'> {
  const kind = (chunk.high[i] ?? 0) >> 13
  const edge = chunk.edge[i] ?? NO_EDGE
  switch (kind) {
    case Kind.Step:
      return { state: history.edges.toOf(edge), event: history.edges.eventOf(edge) }
    case Kind.StepOff:
      return { state: NOT_MONITORING, event: history.edges.eventOf(edge) }
    case Kind.Error:
      return { state: NOT_MONITORING, event: edge === NO_EDGE ? -1 : edge }
    case Kind.Loss:
    case Kind.LossAll:
      return { state: LANE_UNKNOWN, event: -1 }
    default:
      return { state: NOT_MONITORING, event: -1 }
  }
}
