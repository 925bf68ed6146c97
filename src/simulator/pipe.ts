/** Where a pipe's bytes come from, line by line. */
export interface PipeSource {
  readable(): boolean
  /** The next line or lines, or undefined where nothing is there now. */
  more(): Uint8Array | undefined
  close(): void
}

const NEWLINE = 10
const NOTHING = new Uint8Array(0)

/**
 * A file that is read as it fills: trace_pipe, the kernel log. Where a blocking
 * read would wait, read() gives an empty array.
 */
export class SimulatedPipe {
  /** Bytes of a line of which a part was read. */
  private rest: Uint8Array = NOTHING
  private closed = false

  constructor(private readonly source: PipeSource) {}

  /** Whether read() would give something. */
  readable(): boolean {
    return !this.closed && (this.rest.length > 0 || this.source.readable())
  }

  /** Up to that many bytes; whole lines where they fit. Empty: nothing now. */
  read(maxBytes: number): Uint8Array {
    if (this.closed || maxBytes <= 0) return NOTHING
    const chunks: Uint8Array[] = []
    let size = 0
    for (;;) {
      const chunk = this.rest.length > 0 ? this.rest : this.source.more()
      this.rest = NOTHING
      if (chunk === undefined) break
      if (size + chunk.length > maxBytes) {
        const room = maxBytes - size
        const lines = chunk.lastIndexOf(NEWLINE, room - 1) + 1
        // Only a line that does not fit by itself is cut.
        const taken = lines > 0 ? lines : size === 0 ? room : 0
        if (taken > 0) chunks.push(chunk.subarray(0, taken))
        size += taken
        this.rest = chunk.subarray(taken)
        break
      }
      chunks.push(chunk)
      size += chunk.length
    }
    return joined(chunks, size)
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    this.source.close()
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = chunks
  if (chunks.length === 1 && only !== undefined) return only.slice()
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}
