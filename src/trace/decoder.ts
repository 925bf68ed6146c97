import type { NameTable, TraceBatch } from './batch'
import { LineParser } from './line'
import { NEWLINE, newlineAt } from './bytes'
import { Columns } from './columns'
import { ByteNames } from './names'

/** Longer lines are cut: a target may send one without end. The kernel's own have 8 KiB at most. */
const MAX_LINE = 65_536
/** Room behind the text, so that a head may be read in one piece. */
const PADDING = 64
/** Bytes read at a time. */
const WINDOW = 4 * MAX_LINE

/** From the text of trace_pipe or trace to batches. */
export interface TraceDecoder {
  /** Grows only; the same for every batch of this decoder. */
  readonly names: NameTable
  /**
   * Decodes the next bytes of the text, cut anywhere, and gives the sink what
   * is complete. A batch is good until the sink returns.
   */
  decode(bytes: Uint8Array, sink: (batch: TraceBatch) => void): void
  /** The text ended: what is left is a line cut in the middle. The decoder then starts anew. */
  finish(sink: (batch: TraceBatch) => void): void
}

export interface TraceDecoderOptions {
  /** Rows of a batch at most. */
  readonly capacity?: number
  /** Names that are told apart, see NameTable. */
  readonly maxNames?: number
}

/**
 * A decoder of what `trace_pipe` and `trace` print (kernel/trace/trace_output.c):
 * every format of system `rv`, loss marks, other events with their payload.
 * Comment lines (`#`) vanish; whatever else comes becomes a row. Never throws
 * on account of its input, allocates nothing per line, and keeps at most one
 * line of 64 KiB between calls.
 */
export function createTraceDecoder(options: TraceDecoderOptions = {}): TraceDecoder {
  return new TextDecoderOfTraces(options.capacity ?? 4096, new ByteNames(options.maxNames))
}

class TextDecoderOfTraces implements TraceDecoder {
  readonly names: ByteNames
  /** Text that is not decoded yet: bytes 0 .. #length - 1. */
  readonly #window = new Uint8Array(WINDOW + PADDING)
  #length = 0
  /** The line at hand is too long, was reported, and is passed over up to its end. */
  #skipping = false
  readonly #columns: Columns
  readonly #parser: LineParser

  constructor(capacity: number, names: ByteNames) {
    this.names = names
    this.#columns = new Columns(names, this.#window, capacity)
    this.#parser = new LineParser(this.#columns)
  }

  decode(bytes: Uint8Array, sink: (batch: TraceBatch) => void): void {
    for (let from = 0; from < bytes.length;) {
      const take = Math.min(WINDOW - this.#length, bytes.length - from)
      this.#window.set(bytes.subarray(from, from + take), this.#length)
      from += take
      this.#length += take
      this.#scan(this.#length - take, sink)
    }
  }

  finish(sink: (batch: TraceBatch) => void): void {
    if (this.#length > 0 && !this.#skipping) {
      this.#parser.malformed(0, this.#length)
    }
    this.#flush(sink)
    this.#length = 0
    this.#skipping = false
  }

  /** Decodes the complete lines of the window, in which no newline is before `searched`, and moves the rest to its front. */
  #scan(searched: number, sink: (batch: TraceBatch) => void): void {
    const window = this.#window
    const columns = this.#columns
    const stop = lastNewline(window, searched, this.#length) + 1
    let start = 0
    while (start < stop) {
      start = this.#line(start) + 1
      if (columns.count === columns.capacity) this.#flush(sink)
    }
    if (this.#length - start > MAX_LINE) {
      if (!this.#skipping) this.#tooLong(start)
      this.#skipping = true
      start = this.#length
    }
    this.#flush(sink)
    window.copyWithin(0, start, this.#length)
    this.#length -= start
  }

  /** Decodes the line at `start`, which has its newline, and gives where that is. */
  #line(start: number): number {
    const columns = this.#columns
    if (this.#skipping) {
      this.#skipping = false
      return newlineAt(columns.view, start)
    }
    const rows = columns.count
    const newline = this.#parser.line(start)
    if (newline - start > MAX_LINE) {
      columns.count = rows
      this.#tooLong(start)
    }
    return newline
  }

  #tooLong(start: number): void {
    this.#parser.malformed(start, start + MAX_LINE)
  }

  #flush(sink: (batch: TraceBatch) => void): void {
    if (this.#columns.count === 0) return
    sink(this.#columns)
    this.#columns.count = 0
  }
}

/** Where the last newline in bytes start .. end is, or -1. */
function lastNewline(bytes: Uint8Array, start: number, end: number): number {
  for (let at = end - 1; at >= start; at--) if (bytes[at] === NEWLINE) return at
  return -1
}
