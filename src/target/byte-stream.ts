import type { Readable } from 'node:stream'

import type { TracefsStream } from './port'

/** Reads a pipe chunk by chunk, paused in between, so that a slow reader slows the target's writer. */
export class ByteStream implements TracefsStream {
  private readonly chunks: Uint8Array[] = []
  private finished = false
  private closed = false
  private wake: () => void = () => undefined

  constructor(
    private readonly source: Readable,
    private readonly onClose: () => Promise<void>
  ) {
    source.on('data', (chunk: Uint8Array) => {
      if (this.closed) return
      this.chunks.push(chunk)
      source.pause()
      this.wake()
    })
    const finish = (): void => {
      this.finished = true
      this.wake()
    }
    source.once('end', finish)
    source.once('close', finish)
  }

  /** Puts bytes back that were read too far. */
  unread(bytes: Uint8Array): void {
    if (bytes.length > 0) this.chunks.unshift(bytes)
  }

  async next(): Promise<Uint8Array | undefined> {
    while (this.chunks.length === 0 && !this.finished) {
      await new Promise<void>((resolve) => {
        this.wake = resolve
        this.source.resume()
      })
    }
    return this.chunks.shift()
  }

  async close(): Promise<void> {
    this.closed = true
    this.finished = true
    this.chunks.length = 0
    this.wake()
    // What is still in the pipe must not hold the writer back.
    this.source.resume()
    await this.onClose()
  }
}
