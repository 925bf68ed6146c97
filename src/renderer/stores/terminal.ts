import { ref } from 'vue'
import type { Request } from '../../contract/requests'

/** What shows a terminal. */
export interface TerminalScreen {
  /** Shows bytes, and calls back when they are on the screen. */
  write(data: Uint8Array, shown: () => void): void
  /** The terminal has ended; the sentence says why, if it is known. */
  ended(message: string): void
}

/** Bytes after which the observer is told that they were shown. */
const ACK_BYTES = 5_000

/** The window's end of the terminal on the target: one at a time. */
export class TerminalLine {
  /** There is a terminal, with a shell behind it. */
  readonly isOpen = ref(false)
  private screen: TerminalScreen | undefined
  private id = 0
  private shown = 0

  constructor(private readonly request: (request: Request) => Promise<void>) {}

  /** Opens a terminal in place of the one before. Rejects with the target's refusal. */
  async open(screen: TerminalScreen, columns: number, rows: number): Promise<void> {
    this.screen = screen
    this.shown = 0
    const terminal = ++this.id
    this.isOpen.value = true
    try {
      await this.request({ op: 'terminalOpen', terminal, columns, rows })
    } catch (error) {
      if (this.id === terminal) this.isOpen.value = false
      throw error
    }
  }

  /** Sends what was typed or pasted; long texts go in pieces, in order. */
  input(text: string): void {
    if (!this.isOpen.value) return
    for (let at = 0; at < text.length;) {
      let end = Math.min(text.length, at + 32_768)
      // Not in the middle of a surrogate pair.
      if (end < text.length && /[\ud800-\udbff]/.test(text[end - 1] ?? '')) end--
      this.send({ op: 'terminalInput', terminal: this.id, text: text.slice(at, end) })
      at = end
    }
  }

  resize(columns: number, rows: number): void {
    if (this.isOpen.value) this.send({ op: 'terminalResize', terminal: this.id, columns, rows })
  }

  close(): void {
    if (this.isOpen.value) this.send({ op: 'terminalClose', terminal: this.id })
  }

  /** From the observer. */
  output(terminal: number, data: Uint8Array): void {
    if (terminal !== this.id || this.screen === undefined) return
    this.screen.write(data, () => {
      if (terminal !== this.id) return
      this.shown += data.length
      if (this.shown < ACK_BYTES && data.length < ACK_BYTES) return
      this.send({ op: 'terminalAck', terminal, bytes: this.shown })
      this.shown = 0
    })
  }

  /** From the observer. */
  ended(terminal: number, message: string): void {
    if (terminal !== this.id) return
    this.isOpen.value = false
    this.screen?.ended(message)
  }

  private send(request: Request): void {
    // What the link could not take is told by the terminal's end.
    void this.request(request).catch(() => undefined)
  }
}
