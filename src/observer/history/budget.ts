/** Bytes that the history of one connection takes at most; docs/timeline.md says how long that lasts. */
export const HISTORY_BYTES = 256 * 1024 * 1024

/** What takes room, and can give its oldest part back. */
export interface Holder {
  /** Bytes that it takes now. */
  readonly bytes: number
  /** Drops the oldest part; false where only the newest is left. */
  dropOldest(): boolean
}

/**
 * Shares a bounded memory among the monitors. Whoever takes most gives first, so that a monitor of
 * a million events a second does not take the hours of a quiet one.
 */
export class HistoryBudget {
  readonly #limit: number
  readonly #holders: Holder[] = []

  constructor(limit = HISTORY_BYTES) {
    this.#limit = limit
  }

  add(holder: Holder): void {
    this.#holders.push(holder)
  }

  /** Bytes that all of them take. */
  get bytes(): number {
    return this.#holders.reduce((sum, holder) => sum + holder.bytes, 0)
  }

  /** To be called after somebody took more: others give until all is within the limit. */
  settle(): void {
    let total = this.bytes
    while (total > this.#limit) {
      const bySize = [...this.#holders].sort((a, b) => b.bytes - a.bytes)
      if (!bySize.some((holder) => holder.dropOldest())) return
      total = this.bytes
    }
  }
}
