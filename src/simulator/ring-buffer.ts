/** Numbers per record: event, flags, pid, comm and up to seven arguments. */
export const RECORD_WORDS = 11
export const AT_EVENT = 0
export const AT_FLAGS = 1
export const AT_PID = 2
export const AT_COMM = 3
export const AT_ARGUMENTS = 4

/** What a record takes of buffer_size_kb: its time and its words. */
export const RECORD_BYTES = 8 + 4 * RECORD_WORDS
const FIRST_CAPACITY = 64

/**
 * The trace buffer of one CPU in one trace instance: records as numbers, in
 * order of time, the oldest overwritten when it is full. It takes memory as it
 * fills, up to its limit.
 */
export class RingBuffer {
  /** Records ever written, overwritten before they were read, and read by trace_pipe. */
  written = 0
  overrun = 0
  consumed = 0
  /** Overwritten since the reader last looked: what a LOST line says. */
  lost = 0
  /** Not kept since the buffer was full and does not overwrite. */
  dropped = 0
  /** The oldest record goes where there is no room; otherwise the new one does. */
  overwrite = true
  private time = new Float64Array(0)
  private words = new Int32Array(0)
  private head = 0
  private count = 0
  private limit: number

  constructor(bytes: number) {
    this.limit = capacityOf(bytes)
  }

  get entries(): number {
    return this.count
  }

  /** Bytes in use, as per_cpu/cpuN/stats counts them. */
  get bytes(): number {
    return this.count * RECORD_BYTES
  }

  /**
   * Makes room for a record.
   * @returns the place in `recordWords` at which its words are to be written; -1: nowhere
   */
  push(time: number): number {
    if (this.count === this.time.length) this.grow()
    const capacity = this.time.length
    if (this.count === capacity && !this.overwrite) {
      this.dropped++
      return -1
    }
    this.written++
    if (this.count === capacity) {
      this.head = this.head + 1 === capacity ? 0 : this.head + 1
      this.count--
      this.overrun++
      this.lost++
    }
    let at = this.head + this.count
    if (at >= capacity) at -= capacity
    this.count++
    this.time[at] = time
    return at * RECORD_WORDS
  }

  /** The words of all records; valid until the next push(). */
  get recordWords(): Int32Array {
    return this.words
  }

  /** Time of the oldest record behind `skip` others. */
  timeAt(skip: number): number {
    return this.time[this.place(skip)]!
  }

  /** Where the words of that record begin. */
  wordsAt(skip: number): number {
    return this.place(skip) * RECORD_WORDS
  }

  /** Takes the oldest record off. */
  consume(): void {
    this.head = this.head + 1 === this.time.length ? 0 : this.head + 1
    this.count--
    this.consumed++
  }

  /** Drops what is there; the counts begin anew, as after a write to `trace`. */
  clear(): void {
    this.head = 0
    this.count = 0
    this.written = 0
    this.overrun = 0
    this.consumed = 0
    this.lost = 0
    this.dropped = 0
  }

  /** A new limit in bytes. As in the kernel, what was there is dropped. */
  resize(bytes: number): void {
    this.clear()
    this.limit = capacityOf(bytes)
    this.time = new Float64Array(0)
    this.words = new Int32Array(0)
  }

  private place(skip: number): number {
    const at = this.head + skip
    return at >= this.time.length ? at - this.time.length : at
  }

  private grow(): void {
    const old = this.time.length
    const capacity = Math.min(this.limit, Math.max(FIRST_CAPACITY, old * 2))
    if (capacity === old) return
    const time = new Float64Array(capacity)
    const words = new Int32Array(capacity * RECORD_WORDS)
    // Only a full buffer grows: its oldest record is at head.
    time.set(this.time.subarray(this.head))
    time.set(this.time.subarray(0, this.head), old - this.head)
    words.set(this.words.subarray(this.head * RECORD_WORDS))
    words.set(this.words.subarray(0, this.head * RECORD_WORDS), (old - this.head) * RECORD_WORDS)
    this.time = time
    this.words = words
    this.head = 0
  }
}

const capacityOf = (bytes: number): number => Math.max(2, Math.floor(bytes / RECORD_BYTES))
