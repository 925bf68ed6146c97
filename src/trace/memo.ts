import { RecordKind } from './batch'
import type { Columns } from './columns'
import { equalBytes } from './names'
import type { ByteNames } from './names'

/*
 * What parts of a line were read as. The same tasks make the same few
 * transitions all the time, so that most parts need no reading: each is
 * compared, in full, with the one that had the same hash last. The tables are
 * of fixed size and forget; a miss costs time only.
 */

/** Entries of a table; a power of two. */
const ENTRIES = 1024
const MASK = ENTRIES - 1

const MIX_A = 0x9e37_79b1 | 0
const MIX_B = 0x85eb_ca6b | 0

/** Longer payloads are read anew each time. */
const MAX_PAYLOAD = 128

/** Payloads of the form `state x event -> next (final)`, and LTL's with task and sets. */
export class TransitionMemo {
  readonly #view = new DataView(new ArrayBuffer(ENTRIES * MAX_PAYLOAD))
  readonly #bytes = new Uint8Array(this.#view.buffer)
  /** 0: nothing here yet. */
  readonly #lengths = new Uint8Array(ENTRIES)
  readonly #state = new Uint32Array(ENTRIES)
  readonly #event = new Uint32Array(ENTRIES)
  readonly #next = new Uint32Array(ENTRIES)
  readonly #final = new Uint8Array(ENTRIES)
  readonly #taskComm = new Uint32Array(ENTRIES)
  readonly #pid = new Int32Array(ENTRIES)
  readonly #isLtl = new Uint8Array(ENTRIES)

  /** Whether the entry of this hash is LTL's. */
  isLtl(hash: number): boolean {
    return this.#isLtl[hash & MASK] === 1
  }

  /** Sets what the payload says of the row, but for the id of a DA event, if bytes start .. end are kept. */
  recall(out: Columns, row: number, start: number, end: number, hash: number): boolean {
    const entry = hash & MASK
    const length = end - start
    if (length === 0 || this.#lengths[entry] !== length) return false
    if (!equalBytes(this.#view, entry * MAX_PAYLOAD, out.view, start, length)) return false
    out.state[row] = this.#state[entry] ?? 0
    out.event[row] = this.#event[entry] ?? 0
    out.next[row] = this.#next[entry] ?? 0
    out.final[row] = this.#final[entry] ?? 0
    if (this.#isLtl[entry] === 1) {
      out.kind[row] = RecordKind.LtlEvent
      out.taskComm[row] = this.#taskComm[entry] ?? 0
      out.hasId[row] = 1
      out.id[row] = this.#pid[entry] ?? 0
    }
    return true
  }

  /** Keeps the row as what bytes start .. end mean. */
  keep(out: Columns, row: number, start: number, end: number, hash: number): void {
    const length = end - start
    if (length > MAX_PAYLOAD) return
    const entry = hash & MASK
    this.#bytes.set(out.bytes.subarray(start, end), entry * MAX_PAYLOAD)
    this.#lengths[entry] = length
    this.#state[entry] = out.state[row] ?? 0
    this.#event[entry] = out.event[row] ?? 0
    this.#next[entry] = out.next[row] ?? 0
    this.#final[entry] = out.final[row] ?? 0
    this.#isLtl[entry] = out.kind[row] === RecordKind.LtlEvent ? 1 : 0
    this.#taskComm[entry] = out.taskComm[row] ?? 0
    this.#pid[entry] = out.id[row] ?? 0
  }
}

/** Bytes of `%16s-%-7d `: comm and pid as the kernel pads them. */
export const TASK_BYTES = 25
/** All of them but the last, which is always a space. */
const TASK_WORDS = 6

/** The first columns of a head, `            comm-pid     `. */
export class TaskMemo {
  readonly #words = new Int32Array(ENTRIES * TASK_WORDS)
  readonly #pid = new Int32Array(ENTRIES)
  readonly #comm = new Uint32Array(ENTRIES)

  /** The entry of the columns at `start`, or -1 where it is not kept. */
  find(view: DataView, start: number): number {
    const entry = entryOfTask(view, start)
    const words = this.#words
    const own = entry * TASK_WORDS
    return words[own + 5] === view.getInt32(start + 20, true) &&
      words[own + 4] === view.getInt32(start + 16, true) &&
      words[own + 3] === view.getInt32(start + 12, true) &&
      words[own + 2] === view.getInt32(start + 8, true) &&
      words[own + 1] === view.getInt32(start + 4, true) &&
      words[own] === view.getInt32(start, true)
      ? entry
      : -1
  }

  pidOf(entry: number): number {
    return this.#pid[entry] ?? 0
  }

  commOf(entry: number): number {
    return this.#comm[entry] ?? 0
  }

  /** Keeps what the columns at `start` were read as; the bytes must be columns of this width. */
  keep(view: DataView, start: number, pid: number, comm: number): void {
    const entry = entryOfTask(view, start)
    for (let i = 0; i < TASK_WORDS; i++) {
      this.#words[entry * TASK_WORDS + i] = view.getInt32(start + i * 4, true)
    }
    this.#pid[entry] = pid
    this.#comm[entry] = comm
  }
}

/** By the pid, and the end of the comm, which tells the idle tasks of a trace from others with pid 0. */
function entryOfTask(view: DataView, start: number): number {
  const hash =
    Math.imul(view.getInt32(start + 17, true), MIX_A) ^
    Math.imul(view.getInt32(start + 20, true), MIX_B) ^
    view.getInt32(start + 12, true)
  return (hash ^ (hash >>> 12) ^ (hash >>> 22)) & MASK
}

const FLAG_ENTRIES = 256

/** The five latency columns, such as `dNh2.`. */
export class FlagsMemo {
  readonly #first = new Int32Array(FLAG_ENTRIES)
  readonly #last = new Uint8Array(FLAG_ENTRIES)
  readonly #name = new Uint32Array(FLAG_ENTRIES)

  constructor(readonly names: ByteNames) {}

  /** The name in bytes start .. end. */
  nameOf(view: DataView, start: number, end: number): number {
    if (end - start !== 5) return this.names.intern(view, start, end)
    const first = view.getInt32(start, true)
    const last = view.getUint8(start + 4)
    const hash = Math.imul(first ^ (last << 7), MIX_A)
    const entry = hash >>> 24
    if (this.#first[entry] !== first || this.#last[entry] !== last) {
      this.#first[entry] = first
      this.#last[entry] = last
      this.#name[entry] = this.names.intern(view, start, end)
    }
    return this.#name[entry] ?? 0
  }
}

const NAME_ENTRIES = 256
/** The longest `name: ` that is kept. */
const MAX_NAME = 64

/** The names of trace events, `event_wip: `. */
export class EventNameMemo {
  readonly #view = new DataView(new ArrayBuffer(NAME_ENTRIES * MAX_NAME))
  readonly #bytes = new Uint8Array(this.#view.buffer)
  /** With colon and space; 0: nothing here yet. */
  readonly #lengths = new Uint8Array(NAME_ENTRIES)
  readonly #name = new Uint32Array(NAME_ENTRIES)
  /** Of the entry that find() found. */
  length = 0
  name = 0

  /** Whether bytes from `start` on begin with a name that is kept, with its colon and space. */
  find(view: DataView, start: number): boolean {
    const entry = entryOfName(view, start)
    const length = this.#lengths[entry] ?? 0
    if (length === 0 || !equalBytes(this.#view, entry * MAX_NAME, view, start, length)) return false
    this.length = length
    this.name = this.#name[entry] ?? 0
    return true
  }

  /** Keeps a name; bytes start .. end are it with its colon and space. */
  keep(view: DataView, bytes: Uint8Array, start: number, end: number, name: number): void {
    if (end - start > MAX_NAME) return
    const entry = entryOfName(view, start)
    this.#bytes.set(bytes.subarray(start, end), entry * MAX_NAME)
    this.#lengths[entry] = end - start
    this.#name[entry] = name
  }
}

/** By bytes 4 to 10, where names differ: `event_sco`, `error_sco`, `sched_waking`. */
function entryOfName(view: DataView, start: number): number {
  const hash =
    Math.imul(view.getInt32(start + 4, true), MIX_A) ^
    Math.imul(view.getInt32(start + 7, true), MIX_B)
  return (hash ^ (hash >>> 15)) >>> 24
}
