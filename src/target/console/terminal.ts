/** How large a terminal is, in characters. */
export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

/** A terminal for the user's own commands on a target. What they change there is the user's. */
export interface TargetTerminal {
  /**
   * `pty`: a shell under a pseudo-terminal. `lines`: commands run one by one, under a prompt of the
   * panel's own; programs that want a screen do not work.
   */
  readonly kind: 'pty' | 'lines'
  /** The next output, never empty; undefined at the end. Until it is asked for, output waits on the target's side. */
  next(): Promise<Uint8Array | undefined>
  /** What the user typed or pasted. */
  write(text: string): void
  resize(size: TerminalSize): void
  /** Ends the shell and all that it runs in the foreground. Idempotent. */
  close(): Promise<void>
}

/** Output that waits to be taken, with one taker. */
export class OutputQueue {
  #chunks: Uint8Array[] = []
  #size = 0
  #isOver = false
  #wake: (() => void) | undefined
  /** Called with the bytes that wait whenever that changes. */
  onSize: (size: number) => void = () => undefined

  push(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.#isOver) return
    this.#chunks.push(bytes)
    this.#size += bytes.length
    this.#wake?.()
    this.onSize(this.#size)
  }

  /** Nothing comes after what is there. */
  end(): void {
    this.#isOver = true
    this.#wake?.()
  }

  get isOver(): boolean {
    return this.#isOver
  }

  async next(): Promise<Uint8Array | undefined> {
    while (this.#chunks.length === 0) {
      if (this.#isOver) return undefined
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = undefined
    }
    const chunk = this.#chunks.shift()
    this.#size -= chunk?.length ?? 0
    this.onSize(this.#size)
    return chunk
  }
}
