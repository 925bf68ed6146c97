import { RecordKind } from './batch'
import type { TraceBatch } from './batch'
import { createTraceDecoder } from './decoder'
import type { TraceDecoder } from './decoder'

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
  /^\s*(?:.{1,16}-)?\d+\s+\[\d+\]\s+(event|error)(?:_(?:env_)?(\w+))?\s+(?:-?\d+\s+)?(?:violation detected|(\S+) x (\S+)(?:\s+-> (\S+)\s+[YN-])?)/

/** Reads a recording of a monitor: text of `trace` or `trace_pipe`, or the output of `mon -t`. */
export class RecordingReader {
  readonly #decoder: TraceDecoder = createTraceDecoder()
  readonly #rows: Rows
  readonly #monitors = new Set<string>()
  readonly #onBatch: (batch: TraceBatch) => void
  #records = 0

  constructor(monitor: string, sink: RecordSink) {
    const seen = (name: string): boolean => {
      if (this.#monitors.size < MAX_MONITORS) this.#monitors.add(name)
      if (name !== monitor) return false
      this.#records++
      return true
    }
    this.#rows = new Rows(monitor, seen, sink)
    this.#onBatch = (batch) => {
      for (let i = 0; i < batch.count; i++) record(batch, i, seen, sink)
    }
  }

  /** The next bytes; a line may go on in those that follow. */
  read(bytes: Uint8Array): void {
    this.#decoder.decode(bytes, this.#onBatch)
    this.#rows.decode(bytes)
  }

  /** There are no more bytes. */
  finish(): RecordingFacts {
    this.#decoder.finish(this.#onBatch)
    return { records: this.#records, monitors: this.#monitors }
  }
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
