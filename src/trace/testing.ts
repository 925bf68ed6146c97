import { envOf, RecordKind, textOf } from './batch'
import type { TraceBatch } from './batch'
import { createTraceDecoder } from './decoder'
import type { TraceDecoderOptions } from './decoder'

/*
 * For tests: rows as objects, and the lines that a kernel would print for them
 * (trace_output.c, rv_trace.h), which the decoder must read back.
 */

export interface Row {
  readonly kind: RecordKind
  readonly sec: number
  readonly nsec: number
  readonly cpu: number
  readonly pid: number
  readonly comm: string
  readonly flags: string
  readonly monitor: string
  readonly id: number | undefined
  readonly state: string
  readonly event: string
  readonly next: string
  readonly final: boolean
  readonly taskComm: string
  readonly env: string
  readonly text: string
}

/** Decodes a text that comes in the given pieces, and its end. */
export function decodeRows(pieces: readonly Uint8Array[], options?: TraceDecoderOptions): Row[] {
  const decoder = createTraceDecoder(options)
  const rows: Row[] = []
  const sink = (batch: TraceBatch): void => {
    for (let i = 0; i < batch.count; i++) rows.push(rowOf(batch, i))
  }
  for (const piece of pieces) decoder.decode(piece, sink)
  decoder.finish(sink)
  return rows
}

/** The rows of a whole text. */
export function decodeText(text: string, options?: TraceDecoderOptions): Row[] {
  return decodeRows([new TextEncoder().encode(text)], options)
}

/** By number. */
const KINDS: readonly RecordKind[] = [
  RecordKind.Event,
  RecordKind.Error,
  RecordKind.ErrorEnv,
  RecordKind.LtlEvent,
  RecordKind.LtlError,
  RecordKind.Retries,
  RecordKind.Lost,
  RecordKind.Other,
  RecordKind.Malformed
]

function rowOf(batch: TraceBatch, i: number): Row {
  const name = (column: Uint32Array): string => batch.names.names[column[i] ?? 0] ?? '?'
  const kind = KINDS[batch.kind[i] ?? 0] ?? RecordKind.Malformed
  return {
    kind,
    sec: batch.timeSec[i] ?? 0,
    nsec: batch.timeNsec[i] ?? 0,
    cpu: batch.cpu[i] ?? 0,
    pid: batch.pid[i] ?? 0,
    comm: name(batch.comm),
    flags: name(batch.flags),
    monitor: name(batch.monitor),
    id: batch.hasId[i] === 1 || kind === RecordKind.Lost ? batch.id[i] : undefined,
    state: name(batch.state),
    event: name(batch.event),
    next: name(batch.next),
    final: batch.final[i] === 1,
    taskComm: name(batch.taskComm),
    env: kind === RecordKind.ErrorEnv ? envOf(batch, i) : '',
    text: textOf(batch, i)
  }
}

/** What a kernel prints for a row of kinds Event .. Other, without newline. */
export function printRow(row: Row): string {
  const head = `${padComm(row.comm)}-${String(row.pid).padEnd(7)} [${String(row.cpu).padStart(3, '0')}]`
  const time = `${String(row.sec).padStart(5)}.${String(row.nsec / 1000).padStart(6, '0')}`
  return `${head} ${row.flags} ${time}: ${traceEventOf(row)}: ${payloadOf(row)}`
}

/** printf pads by bytes. */
function padComm(comm: string): string {
  return ' '.repeat(Math.max(0, 16 - new TextEncoder().encode(comm).length)) + comm
}

function traceEventOf(row: Row): string {
  switch (row.kind) {
    case RecordKind.Event:
    case RecordKind.LtlEvent:
      return `event_${row.monitor}`
    case RecordKind.Error:
    case RecordKind.LtlError:
      return `error_${row.monitor}`
    case RecordKind.ErrorEnv:
      return `error_env_${row.monitor}`
    case RecordKind.Retries:
      return 'rv_retries_error'
    default:
      return row.monitor
  }
}

/** What follows the name of the trace event. */
export function payloadOf(row: Row): string {
  const id = row.id === undefined ? '' : `${row.id}: `
  const refused = `${id}event ${row.event} not expected in the state ${row.state}`
  switch (row.kind) {
    case RecordKind.Event:
      return `${id}${row.state} x ${row.event} -> ${row.next}${row.final ? ' (final)' : ''}`
    case RecordKind.Error:
      return refused
    case RecordKind.ErrorEnv:
      return `${refused} with env ${row.env}`
    case RecordKind.LtlEvent:
      return `${row.taskComm}[${row.id ?? 0}]: (${row.state}) x (${row.event}) -> (${row.next})`
    case RecordKind.LtlError:
      return `${row.taskComm}[${row.id ?? 0}]: violation detected`
    case RecordKind.Retries:
      return `3 retries reached for event ${row.event}, resetting monitor ${row.monitor}`
    default:
      return row.text
  }
}
