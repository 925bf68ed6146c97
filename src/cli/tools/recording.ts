import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { createTraceDecoder, RecordKind } from '../../trace'
import type { TraceBatch } from '../../trace'
import { Failure, quote } from '../io'
import { reasonOf } from './read-model'

/** What a recording says of a monitor, as records come. */
export interface RecordSink {
  event(state: string, event: string, next: string): void
  violation(state: string, event: string): void
  /** Events that the kernel could not keep; undefined where it could not count them. */
  lost(events: number | undefined): void
}

/** What a recording was made of. */
export interface RecordingFacts {
  /** Records of the monitor that was asked for. */
  readonly records: number
  /** Monitors of which it has records. */
  readonly monitors: ReadonlySet<string>
}

/** Names of monitors that are kept for the sentence that says what there is. */
const MAX_MONITORS = 100

/** A row of `mon -t`: task, CPU, type, id if any, state x event, and for an event the next state. */
const ROW =
  /^\s*(?:.{1,16}-)?\d+\s+\[\d+\]\s+(event|error)(?:_(?:env_)?(\w+))?\s+(?:-?\d+\s+)?(\S+) x (\S+)(?:\s+-> (\S+)\s+[YN-])?/

/**
 * Reads a recording of a monitor: text of `trace` or `trace_pipe`, or the output of `mon -t`; with
 * gzip where the name ends in .gz.
 *
 * @throws Failure for a file that cannot be read
 */
export async function readRecording(
  file: string,
  monitor: string,
  sink: RecordSink
): Promise<RecordingFacts> {
  let records = 0
  const monitors = new Set<string>()
  const seen = (name: string): boolean => {
    if (monitors.size < MAX_MONITORS) monitors.add(name)
    if (name !== monitor) return false
    records++
    return true
  }
  const decoder = createTraceDecoder()
  const rows = new Rows(monitor, seen, sink)
  const onBatch = (batch: TraceBatch): void => {
    for (let i = 0; i < batch.count; i++) record(batch, i, seen, sink)
  }
  for await (const chunk of bytesOf(file)) {
    decoder.decode(chunk, onBatch)
    rows.decode(chunk)
  }
  decoder.finish(onBatch)
  return { records, monitors }
}

function record(
  batch: TraceBatch,
  i: number,
  seen: (monitor: string) => boolean,
  sink: RecordSink
): void {
  const name = (column: Uint32Array): string => batch.names.names[column[i] ?? 0] ?? ''
  switch (batch.kind[i]) {
    case RecordKind.Event:
    case RecordKind.LtlEvent:
      if (seen(name(batch.monitor))) {
        sink.event(name(batch.state), name(batch.event), name(batch.next))
      }
      break
    case RecordKind.Error:
    case RecordKind.ErrorEnv:
    case RecordKind.LtlError:
      if (seen(name(batch.monitor))) sink.violation(name(batch.state), name(batch.event))
      break
    case RecordKind.Lost: {
      const lost = batch.id[i] ?? -1
      sink.lost(lost < 0 ? undefined : lost)
      break
    }
    default:
      break
  }
}

/** The rows of `mon -t` among the lines of a text. */
class Rows {
  readonly #text = new TextDecoder()
  #rest = ''

  constructor(
    private readonly monitor: string,
    private readonly seen: (monitor: string) => boolean,
    private readonly sink: RecordSink
  ) {}

  decode(bytes: Uint8Array): void {
    const lines = (this.#rest + this.#text.decode(bytes, { stream: true })).split('\n')
    const rest = lines.pop() ?? ''
    // A line that is so long is no row.
    this.#rest = rest.length > 4096 ? '' : rest
    for (const line of lines) {
      if (line.length > 4096) continue
      const [row, type, of, state = '', event = '', next] = ROW.exec(line) ?? []
      if (row === undefined) continue
      // Without a container the monitor is the one that ran.
      if (!this.seen(of ?? this.monitor)) continue
      if (type === 'event') this.sink.event(bare(state), bare(event), bare(next ?? ''))
      else this.sink.violation(bare(state), bare(event))
    }
  }
}

/** The sets of an LTL monitor stand in parentheses. */
const bare = (text: string): string => /^\((.*)\)$/.exec(text)?.[1] ?? text

async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    if (!(await stat(file)).isFile()) throw new Failure(`${quote(file)} is no file`)
    const raw = createReadStream(file)
    const stream = file.endsWith('.gz') ? pipeline(raw, createGunzip(), () => undefined) : raw
    for await (const chunk of stream) yield chunk as Uint8Array
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure(`${quote(file)} cannot be read: ${reasonOf(error)}`)
  }
}
