import { AgentRefusal, type Agent } from './agent'
import { MAX_PAYLOAD } from './frames'

/** Files of one request. */
const MAX_FILES = 128

interface Wanted {
  readonly path: string
  readonly resolve: (bytes: Uint8Array) => void
  readonly reject: (error: unknown) => void
}

/**
 * Reads that are asked for at the same time become one request, since each takes
 * a slow target tenths of a second. The agent puts the target's boot id after each
 * file (agent.sh, gather); what does not come apart at exactly the places where it
 * must is read again one by one, so that the bytes are the file's in any case.
 */
export class ReadBatch {
  private wanted: Wanted[] = []
  private readonly mark: Buffer

  /** @param bootId of the target; empty: every file has a request of its own */
  constructor(
    private readonly agent: Agent,
    bootId: string
  ) {
    this.mark = Buffer.from(bootId === '' ? '' : `${bootId}\n`, 'latin1')
  }

  /** The bytes of a file, one more than MAX_PAYLOAD where it is longer. Rejects as Agent.request does. */
  read(path: string): Promise<Uint8Array> {
    if (this.wanted.length === 0) {
      queueMicrotask(() => {
        this.flush()
      })
    }
    return new Promise((resolve, reject) => {
      this.wanted.push({ path, resolve, reject })
      if (this.wanted.length === MAX_FILES) this.flush()
    })
  }

  /** Sends what is wanted now: before any request that must not overtake it. */
  flush(): void {
    const files = this.wanted
    if (files.length === 0) return
    this.wanted = []
    if (files.length === 1 || this.mark.length === 0) for (const file of files) this.single(file)
    else void this.together(files)
  }

  private single({ path, resolve, reject }: Wanted): void {
    this.agent.request('read', path, String(MAX_PAYLOAD + 1)).then(resolve, reject)
  }

  private async together(files: readonly Wanted[]): Promise<void> {
    let payload: Uint8Array
    try {
      const paths = files.map((file) => file.path)
      payload = await this.agent.request('reads', String(MAX_PAYLOAD), ...paths)
    } catch (error) {
      for (const file of files) {
        if (error instanceof AgentRefusal) this.single(file)
        else file.reject(error)
      }
      return
    }
    const parts = this.split(Buffer.from(payload.buffer, payload.byteOffset, payload.length))
    for (const [index, file] of files.entries()) {
      const part = parts.length === files.length ? parts[index] : undefined
      // What stands in for a file that cannot be read.
      if (!part || part.toString('latin1') === 'Linux\n') this.single(file)
      else file.resolve(Uint8Array.from(part))
    }
  }

  private split(payload: Buffer): Buffer[] {
    const parts: Buffer[] = []
    let start = 0
    for (;;) {
      const end = payload.indexOf(this.mark, start)
      if (end < 0) break
      parts.push(payload.subarray(start, end))
      start = end + this.mark.length
    }
    // Bytes without a mark behind them: nothing of it is sure.
    return start === payload.length ? parts : []
  }
}
