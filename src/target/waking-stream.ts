import type { TracefsStream } from './port'

/** A blocking file of the simulated kernel. */
export interface HostedStream {
  /** Whether read() would give something. */
  readable(): boolean
  /** What is there now; empty: nothing yet. */
  read(): Uint8Array
  close(): void
}

/** A stream of the simulated kernel whose reader sleeps until there is something. */
export class WakingStream implements TracefsStream {
  private waiting: ((chunk: Uint8Array | undefined) => void) | undefined
  private over = false
  private machineStopped = false

  constructor(
    private readonly source: HostedStream,
    private readonly forget: () => void
  ) {}

  next(): Promise<Uint8Array | undefined> {
    if (!this.over && this.source.readable()) return Promise.resolve(this.source.read())
    if (this.over || this.machineStopped) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      this.waiting = resolve
    })
  }

  /** Whether there is something that the reader has not been given. */
  ready(): boolean {
    return this.source.readable()
  }

  /** Called whenever the machine has run. */
  wake(): void {
    if (!this.waiting || !this.source.readable()) return
    const { waiting } = this
    this.waiting = undefined
    waiting(this.source.read())
  }

  /** The machine stops: what is still there goes to the reader, and then the end. */
  end(): void {
    this.wake()
    this.machineStopped = true
    this.waiting?.(undefined)
    this.waiting = undefined
  }

  close(): Promise<void> {
    this.over = true
    this.forget()
    this.source.close()
    this.waiting?.(undefined)
    this.waiting = undefined
    return Promise.resolve()
  }
}
