/** What a line of a kernel trace is. */
export enum RecordKind {
  /** `event_<monitor>` of a DA or HA monitor. */
  Event = 0,
  /** `error_<monitor>` of a DA or HA monitor. */
  Error = 1,
  /** `error_env_<monitor>`: a guard, an invariant or a timeout (event `none`). */
  ErrorEnv = 2,
  /** `event_<monitor>` of an LTL monitor: state sets and atoms. */
  LtlEvent = 3,
  /** `error_<monitor>` of an LTL monitor. */
  LtlError = 4,
  /** `rv_retries_error`. */
  Retries = 5,
  /** `CPU:N [LOST M EVENTS]`: cpu is N, id is M (at most 2^31 - 1), or -1 where the kernel could not count. */
  Lost = 6,
  /** Any other trace event; its payload is the record's text. */
  Other = 7,
  /** A line that is no trace line; the whole of it is the record's text. */
  Malformed = 8
}

/**
 * Names to small integers and back; index 0 is the empty string. Grows only,
 * and not without end: once it is full, new names get the index OTHER_NAME.
 */
export interface NameTable {
  readonly names: readonly string[]
  /** The index of a name, which is added when it is new. */
  indexOf(name: string): number
}

/** Index of the name `…`, which stands for every name that the table had no room for. */
export const OTHER_NAME = 1

/**
 * Decoded trace records as columns; entries 0 .. count - 1 are valid. The
 * decoder reuses the columns: a batch is good until the next call of decode().
 * Name columns hold indexes into `names`.
 */
export interface TraceBatch {
  count: number
  readonly names: NameTable
  readonly kind: Uint8Array
  /** Time of the trace clock: seconds and nanoseconds (trace_pipe text has microseconds). */
  readonly timeSec: Uint32Array
  readonly timeNsec: Uint32Array
  readonly cpu: Uint16Array
  /** Context that ran the handler: pid and comm of the line's head. */
  readonly pid: Int32Array
  readonly comm: Uint32Array
  /** The latency columns such as `dNh2.` as a name. */
  readonly flags: Uint32Array
  /** Monitor name for kinds Event .. Retries, trace event name for Other. */
  readonly monitor: Uint32Array
  /** 1 where `id` is in the line (per-task, per-object). */
  readonly hasId: Uint8Array
  readonly id: Int32Array
  /** DA and HA: state, event, next state. LTL: states, atoms, next states as printed. */
  readonly state: Uint32Array
  readonly event: Uint32Array
  readonly next: Uint32Array
  readonly final: Uint8Array
  /** LTL: comm of the instance's task. Otherwise 0. */
  readonly taskComm: Uint32Array
  /**
   * The record as printed, as a range of `bytes` (UTF-8, hostile): what follows
   * `trace_event: `; of Lost and Malformed the whole line, without newline.
   * `textOf` reads it. They are no names, since payloads are without number.
   */
  readonly bytes: Uint8Array
  readonly textStart: Uint32Array
  readonly textEnd: Uint32Array
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** The text of a record as printed; only as long as its batch is good. */
export function textOf(batch: TraceBatch, index: number): string {
  return utf8.decode(batch.bytes.subarray(batch.textStart[index], batch.textEnd[index]))
}

/** The env string of an ErrorEnv record, such as `clk=1200`. Its clock values make it no name. */
export function envOf(batch: TraceBatch, index: number): string {
  const text = textOf(batch, index)
  const mark = ' with env '
  return text.slice(text.indexOf(mark) + mark.length)
}
