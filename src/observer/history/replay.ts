import type { EdgeTable } from '../edge-table'
import { NOT_MONITORING } from '../instance-table'
import { Kind, NO_EDGE, type Chunk } from './chunk'

/** All rows of a monitor as they were at a moment. */
export interface Past {
  /** Rows that there were. */
  rows: number
  readonly state: Int16Array
  readonly event: Int16Array
  /** ns since boot */
  readonly since: Float64Array
  readonly transitions: Float64Array
  readonly edges: Float64Array
  /** 1: events were lost since the row's last one. */
  readonly unsure: Uint8Array
  /** Events of the monitor so far. */
  events: number
  /** Number of the record after the last one that is part of it, among all of the monitor. */
  record: number
  /** The edge that was taken last, -1: none since the checkpoint; and who took it. */
  lastEdge: number
  lastRow: number
}

/**
 * Goes from the checkpoint of a chunk to a time by the rules that the live state follows.
 * @param capacity rows that there are now, of which there were fewer then
 */
export function replay(chunk: Chunk, time: number, edges: EdgeTable, capacity: number): Past {
  const { check } = chunk
  const size = Math.max(capacity, check.rows)
  const past: Past = {
    rows: check.rows,
    state: new Int16Array(size).fill(NOT_MONITORING),
    event: new Int16Array(size).fill(-1),
    since: new Float64Array(size),
    transitions: new Float64Array(size),
    edges: new Float64Array(edges.length),
    unsure: new Uint8Array(size),
    events: check.events,
    record: chunk.first,
    lastEdge: -1,
    lastRow: -1
  }
  past.state.set(check.state)
  past.event.set(check.event)
  past.since.set(check.since)
  past.transitions.set(check.transitions)
  past.edges.set(check.edges)
  past.unsure.set(check.unsure)
  const count = chunk.countAt(time)
  for (let i = 0; i < count; i++) apply(past, chunk, i, edges)
  past.record = chunk.first + count
  return past
}

function apply(past: Past, chunk: Chunk, i: number, edges: EdgeTable): void {
  const kind = (chunk.high[i] ?? 0) >> 13
  const row = chunk.row[i] ?? 0
  const edge = chunk.edge[i] ?? NO_EDGE
  const time = chunk.timeAt(i)
  if (kind !== Kind.StopAll && kind !== Kind.LossAll && row >= past.rows) past.rows = row + 1
  switch (kind) {
    case Kind.Step:
    case Kind.StepOff: {
      const to = edges.toOf(edge)
      const state = kind === Kind.Step ? to : NOT_MONITORING
      if (past.state[row] !== state || edges.fromOf(edge) !== to) {
        past.state[row] = state
        past.since[row] = time
      }
      past.event[row] = edges.eventOf(edge)
      past.transitions[row] = (past.transitions[row] ?? 0) + 1
      past.edges[edge] = (past.edges[edge] ?? 0) + 1
      past.unsure[row] = 0
      past.events++
      past.lastEdge = edge
      past.lastRow = row
      break
    }
    case Kind.Error:
      past.events++
      past.state[row] = NOT_MONITORING
      if (edge !== NO_EDGE) past.event[row] = edge
      past.since[row] = time
      past.unsure[row] = 0
      break
    case Kind.Stop:
      past.state[row] = NOT_MONITORING
      past.since[row] = time
      past.unsure[row] = 0
      break
    case Kind.StopAll:
      for (let r = 0; r < past.rows; r++) {
        if (past.state[r] === NOT_MONITORING) continue
        past.state[r] = NOT_MONITORING
        past.since[r] = time
      }
      past.unsure.fill(0)
      break
    case Kind.Loss:
      past.unsure[row] = 1
      break
    case Kind.LossAll:
      past.unsure.fill(1, 0, past.rows)
      break
    case Kind.Reuse:
      past.state[row] = NOT_MONITORING
      past.event[row] = -1
      past.since[row] = 0
      past.transitions[row] = 0
      past.unsure[row] = 0
      break
  }
}
