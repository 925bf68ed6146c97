import type { Readable } from 'node:stream'

import type { TracefsStream } from './port'

/** Reads a pipe chunk by chunk, paused in between, so that a slow reader slows the target's writer. */
export class ByteStream implements TracefsStream {
  private finished = false
  private wake: (() => void) | undefined

  constructor(
    private readonly source: Readable,
    private readonly onClose: () => Promise<void>
  ) {
    const wake = (): void => {
      this.wake?.()
    }
    const finish = (): void => {
      this.finished = true
      wake()
    }
    source.on('readable', wake)
    source.once('end', finish)
    source.once('close', finish)
  }

  /** Puts bytes back that were read too far. */
  unread(bytes: Uint8Array): void {
    if (bytes.length > 0) this.source.unshift(bytes)
  }

  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const chunk: unknown = this.source.read()
      if (chunk instanceof Uint8Array && chunk.length > 0) return chunk
      if (this.finished) return undefined
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
      this.wake = undefined
    }
  }

  async close(): Promise<void> {
    this.finished = true
    this.wake?.()
    await this.onClose()
  }
}
