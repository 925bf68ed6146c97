import type { LogLine } from '../contract/state'
import type { KmsgRecord } from '../trace'

/** Lines of the kernel log that a window which opens later still gets. */
const MAX_LINES = 1000
/** Characters of a line. */
const MAX_TEXT = 2048

/** The newest lines of the kernel log. */
export class LogLane {
  /** Lines ever added. */
  total = 0
  /** Lines that were overwritten before the window took them. */
  notShown = 0
  readonly #lines: LogLine[] = []
  #taken = 0

  get hasNews(): boolean {
    return this.#taken < this.total
  }

  add(record: KmsgRecord): void {
    this.#lines[this.total++ % MAX_LINES] = {
      level: record.level,
      sec: record.sec,
      usec: record.usec,
      text: record.text.slice(0, MAX_TEXT)
    }
  }

  /** Lines since the last call, or all that are still there; at most 250 for one frame unless all. */
  take(all: boolean): LogLine[] {
    const oldest = Math.max(0, this.total - MAX_LINES)
    if (all) this.#taken = oldest
    if (this.#taken < oldest) {
      this.notShown += oldest - this.#taken
      this.#taken = oldest
    }
    const lines: LogLine[] = []
    while (this.#taken < this.total && (all || lines.length < 250)) {
      const line = this.#lines[this.#taken++ % MAX_LINES]
      if (line !== undefined) lines.push(line)
    }
    return lines
  }
}
