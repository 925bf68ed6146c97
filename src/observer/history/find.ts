import { Kind, type Chunk } from './chunk'
import type { MonitorHistory } from './monitor-history'

/**
 * Time of the next record of a row after `time` (direction 1), or of the last one before it (-1):
 * a change of its state where it has one, null where nothing is kept.
 */
export function findChange(
  history: MonitorHistory,
  row: number,
  time: number,
  direction: 1 | -1
): number | null {
  const chunks = direction > 0 ? history.chunks : [...history.chunks].reverse()
  for (const chunk of chunks) {
    if (direction > 0 ? chunk.last <= time : chunk.base >= time) continue
    const found = direction > 0 ? after(chunk, row, time) : before(chunk, row, time)
    if (found >= 0) return chunk.timeAt(found)
  }
  return null
}

function after(chunk: Chunk, row: number, time: number): number {
  for (let i = chunk.base > time ? 0 : chunk.countAt(time); i < chunk.count; i++) {
    if (concerns(chunk, i, row)) return i
  }
  return -1
}

function before(chunk: Chunk, row: number, time: number): number {
  for (let i = chunk.countAt(time) - 1; i >= 0; i--) {
    if (concerns(chunk, i, row) && chunk.timeAt(i) < time) return i
  }
  return -1
}

function concerns(chunk: Chunk, i: number, row: number): boolean {
  const kind = (chunk.high[i] ?? 0) >> 13
  if (kind === Kind.StopAll || kind === Kind.LossAll) return true
  return chunk.row[i] === row
}
