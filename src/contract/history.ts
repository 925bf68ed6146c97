import { z } from 'zod'
import { violation } from './violation'

/*
 * What a window asks about the past, and what it gets. Times are nanoseconds since the target's
 * boot as a double, which is exact below 104 days.
 */

/** Lanes that one request asks for. */
export const MAX_HISTORY_ROWS = 1024
/** Columns that they are summed up to: more than a screen is wide. */
export const MAX_HISTORY_COLUMNS = 8192
/** Violations that come with lanes, the newest ones. */
export const MAX_HISTORY_MARKS = 4096

const time = z.number().min(0)
const monitor = z.int().min(0).max(65_535)
const u32 = z.instanceof(Uint32Array)
const i32 = z.instanceof(Int32Array)
const i16 = z.instanceof(Int16Array)
const u8 = z.instanceof(Uint8Array)
const f64 = z.instanceof(Float64Array)

/** The state of monitors at a moment. */
export const momentRequest = z.strictObject({
  op: z.literal('moment'),
  at: time,
  monitors: z.array(monitor).max(256)
})

/** Lanes of a monitor's rows over a time, summed up by columns of equal width. */
export const historyRequest = z.strictObject({
  op: z.literal('history'),
  monitor,
  rows: z.array(z.int().min(0).max(65_535)).max(MAX_HISTORY_ROWS),
  from: time,
  to: time,
  columns: z.int().min(1).max(MAX_HISTORY_COLUMNS)
})
export type HistoryRequest = z.infer<typeof historyRequest>

/** The next change of a row's state, or the next violation, before or after a time. */
export const findRequest = z.strictObject({
  op: z.literal('find'),
  what: z.enum(['change', 'violation']),
  monitor,
  /** Null: of any row; a change needs one. */
  row: z.int().min(0).max(65_535).nullable(),
  from: time,
  direction: z.union([z.literal(1), z.literal(-1)])
})
export type FindRequest = z.infer<typeof findRequest>

/** One violation with all that is kept of it. A window keeps the newest of each cause. */
export const violationRequest = z.strictObject({
  op: z.literal('violation'),
  seq: z.int().min(1)
})

/** All instances of a monitor as they were, and what was counted until then. */
export const monitorPast = z.strictObject({
  monitor,
  /** Since when everything is kept, ns; 0: since the connection. */
  keptFrom: time,
  /** Null where the moment is older than what is kept. */
  state: z
    .strictObject({
      /** One entry per row. */
      id: i32,
      /** -1: not monitoring. */
      state: i16,
      event: i16,
      sinceSec: u32,
      sinceNsec: u32,
      transitions: f64,
      violations: u32,
      /** Names of rows that are called otherwise now. */
      labels: z.array(z.strictObject({ index: z.int(), label: z.string() })),
      /** Counts by the index that an edge has in what was sent before. */
      edges: z.strictObject({ from: i16, event: i16, to: i16, count: f64 }),
      refused: z.strictObject({ from: i16, event: i16, count: f64 }),
      /** Edge that was taken last, and the row that took it; -1: not known. */
      lastEdge: z.int(),
      lastRow: z.int(),
      events: z.number(),
      violationCount: z.number(),
      /** Rows about which events were lost since their last one: they may have been elsewhere. */
      unsure: z.int()
    })
    .nullable()
})
export type MonitorPast = z.infer<typeof monitorPast>

/** A violation on a lane. */
const marks = z.strictObject({ time: f64, row: u32, seq: u32 })

export const momentResult = z.strictObject({
  kind: z.literal('moment'),
  at: time,
  monitors: z.array(monitorPast)
})
export type MomentResult = z.infer<typeof momentResult>

export const lanesResult = z.strictObject({
  kind: z.literal('lanes'),
  monitor,
  from: time,
  to: time,
  columns: z.int(),
  /** Since when everything is kept; 0: since the connection. */
  keptFrom: time,
  /** Times of the oldest and the newest record that are kept; 0: there is none. */
  oldest: time,
  newest: time,
  rows: u32,
  /** Entry row * columns + column: the state that took most of it, -1 or LANE_UNKNOWN. */
  state: i16,
  changes: u32,
  /** 1: a part of the column is not known. */
  unknown: u8,
  /** Events of all rows, and losses, by column. */
  total: u32,
  losses: u32,
  marks
})
export type LanesResult = z.infer<typeof lanesResult>

/** When it is; null: there is none that is kept. */
export const foundResult = z.strictObject({
  kind: z.literal('found'),
  at: time.nullable(),
  /** Of a violation its number, otherwise null. */
  seq: z.int().nullable(),
  /** Of a change the event that brought it, -1: none; its row is in `state` from then on. */
  event: z.int(),
  state: z.int()
})
export type FoundResult = z.infer<typeof foundResult>

export const violationResult = z.strictObject({
  kind: z.literal('violation'),
  /** Null: it is no longer kept. Its path and its context are empty where those alone are gone. */
  violation: violation.nullable()
})

/** What an answer brings beside that it is done. */
export const historyResult = z.discriminatedUnion('kind', [
  momentResult,
  lanesResult,
  foundResult,
  violationResult
])
export type HistoryResult = z.infer<typeof historyResult>
