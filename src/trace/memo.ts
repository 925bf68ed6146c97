import type { Columns } from './columns'
import { equalBytes } from './names'

/** Payloads that are kept; a power of two. */
const ENTRIES = 1024
/** Longer payloads are read anew each time. */
const MAX_BYTES = 128

/**
 * What `state x event -> next (final)` payloads were read as. A monitor has few
 * transitions and fires them all the time, so that most payloads need no
 * reading: they are compared with the one that had the same hash last.
 */
export class EventMemo {
  readonly #view = new DataView(new ArrayBuffer(ENTRIES * MAX_BYTES))
  readonly #bytes = new Uint8Array(this.#view.buffer)
  /** 0: nothing here yet. */
  readonly #lengths = new Uint8Array(ENTRIES)
  readonly #state = new Uint32Array(ENTRIES)
  readonly #event = new Uint32Array(ENTRIES)
  readonly #next = new Uint32Array(ENTRIES)
  readonly #final = new Uint8Array(ENTRIES)

  /** Sets state, event, next and final of the row if bytes start .. end are kept. */
  recall(out: Columns, row: number, start: number, end: number, hash: number): boolean {
    const entry = hash & (ENTRIES - 1)
    const length = end - start
    if (length === 0 || this.#lengths[entry] !== length) return false
    if (!equalBytes(this.#view, entry * MAX_BYTES, out.view, start, length)) return false
    // In range: entry is masked.
    out.state[row] = this.#state[entry] as number
    out.event[row] = this.#event[entry] as number
    out.next[row] = this.#next[entry] as number
    out.final[row] = this.#final[entry] as number
    return true
  }

  /** Keeps the row as what bytes start .. end mean. */
  keep(out: Columns, row: number, start: number, end: number, hash: number): void {
    const length = end - start
    if (length > MAX_BYTES) return
    const entry = hash & (ENTRIES - 1)
    this.#bytes.set(out.bytes.subarray(start, end), entry * MAX_BYTES)
    this.#lengths[entry] = length
    this.#state[entry] = out.state[row] as number
    this.#event[entry] = out.event[row] as number
    this.#next[entry] = out.next[row] as number
    this.#final[entry] = out.final[row] as number
  }
}

/** `%16s-%-7d `: comm and pid as they are padded. */
export const TASK_BYTES = 25
const TASK_WORDS = 6

/** What the first columns of a head, `            comm-pid     `, were read as. */
export class TaskMemo {
  readonly #words = new Int32Array(ENTRIES * TASK_WORDS)
  readonly #pid = new Int32Array(ENTRIES)
  readonly #comm = new Uint32Array(ENTRIES)

  /** Sets pid and comm of the row if the 24 bytes at `start` are kept; `at` is hashTask of them. */
  recall(out: Columns, row: number, start: number, entry: number): boolean {
    const words = this.#words
    const view = out.view
    const own = entry * TASK_WORDS
    for (let i = 0; i < TASK_WORDS; i++) {
      if (words[own + i] !== view.getInt32(start + i * 4, true)) return false
    }
    // In range: entry is that of entryOf.
    out.pid[row] = this.#pid[entry] as number
    out.comm[row] = this.#comm[entry] as number
    return true
  }

  /** Keeps the row's pid and comm as what the 24 bytes at `start` mean. They must have been read from no more and no less. */
  keep(out: Columns, row: number, start: number, entry: number): void {
    const own = entry * TASK_WORDS
    for (let i = 0; i < TASK_WORDS; i++) {
      this.#words[own + i] = out.view.getInt32(start + i * 4, true)
    }
    this.#pid[entry] = out.pid[row] as number
    this.#comm[entry] = out.comm[row] as number
  }

  /** Where the 24 bytes at `start` would be kept. */
  entryOf(view: DataView, start: number): number {
    let hash = 0
    for (let i = 0; i < TASK_WORDS; i++) {
      hash = Math.imul(hash, 31) + Math.imul(view.getInt32(start + i * 4, true), 0x9e37_79b1 | 0)
    }
    return (hash ^ (hash >>> 16)) & (ENTRIES - 1)
  }
}
