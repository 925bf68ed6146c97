/**
 * Reads sub-buffers of the kernel's ring buffer, as per_cpu/cpuN/trace_pipe_raw
 * gives them on a little-endian machine (kernel/trace/ring_buffer.c):
 *
 *     u64 timestamp, ns
 *     commit, as long as a pointer: bytes of data; bit 31: events are missing
 *             before this page, bit 30: how many stands behind the data
 *     data: events, each with a header of 32 bits: type_len (5), time_delta (27)
 *
 * The bytes may be anything: nothing is read outside of them.
 */

const MISSED_EVENTS = 0x8000_0000
const MISSED_STORED = 0x4000_0000
const LENGTH_MASK = 0x000f_ffff

const TYPE_PADDING = 29
const TYPE_TIME_EXTEND = 30
const TYPE_TIME_STAMP = 31
const DELTA = 2 ** 27
const SECOND = 1_000_000_000
/** Bits of an absolute time stamp; the upper ones are those of the page's time. */
const STAMP_BITS = 59n

/** Goes through the events of a page; one reader serves any number of pages. */
export class RawPageReader {
  /** Time of the event. */
  seconds = 0
  nanoseconds = 0
  /** Where in the page the event's data lies: common_type and what follows. */
  offset = 0
  length = 0
  /** Events that were lost before this page; -1: some, nobody knows how many. */
  missed = 0
  /** What is wrong with the page, one sentence; the events before it stand. */
  problem: string | undefined
  private view: DataView = new DataView(new ArrayBuffer(0))
  private at = 0
  private end = 0

  /** @param longBytes size of a long of the machine: 8 or 4 (`commit` in events/header_page) */
  open(page: Uint8Array, longBytes: 4 | 8 = 8): void {
    this.view = new DataView(page.buffer, page.byteOffset, page.length)
    this.problem = undefined
    this.missed = 0
    this.at = 8 + longBytes
    this.end = this.at
    if (page.length < this.at) {
      this.problem = `a page of ${page.length} bytes is shorter than its header`
      return
    }
    this.setTime(this.view.getBigUint64(0, true))
    const commit = this.view.getUint32(8, true)
    this.end = this.at + (commit & LENGTH_MASK)
    if (this.end > page.length) {
      this.problem = `a page of ${page.length} bytes says that it has ${commit & LENGTH_MASK} of data`
      this.end = this.at
      return
    }
    if ((commit & MISSED_EVENTS) === 0) return
    const stored = (commit & MISSED_STORED) !== 0 && this.end + longBytes <= page.length
    this.missed = stored ? this.view.getUint32(this.end, true) : -1
  }

  /** Goes to the next event; false: there is none. */
  next(): boolean {
    while (this.end - this.at >= 4) {
      const header = this.view.getUint32(this.at, true)
      const type = header & 31
      const delta = header >>> 5
      if (type >= TYPE_PADDING) {
        if (!this.skip(type, delta)) return false
        continue
      }
      return this.event(type, delta)
    }
    return false
  }

  private event(type: number, delta: number): boolean {
    const { at, end, view } = this
    let start = at + 4
    let length = type * 4
    if (type === 0) {
      // A length that counts itself.
      length = end - start >= 4 ? view.getUint32(start, true) - 4 : -1
      start += 4
    }
    if (length < 0 || start + length > end) return this.cut('an event')
    this.later(delta)
    this.offset = start
    this.length = length
    this.at = start + Math.ceil(length / 4) * 4
    return true
  }

  /** Padding, and events that only say what time it is. */
  private skip(type: number, delta: number): boolean {
    const { at, end, view } = this
    // Padding without a length reaches to the end of the page.
    if (type === TYPE_PADDING && delta === 0) return this.cut(undefined)
    if (end - at < 8) return this.cut('a time stamp')
    const upper = view.getUint32(at + 4, true)
    if (type === TYPE_PADDING) {
      this.later(delta)
      this.at = at + 4 + Math.max(4, upper)
      return true
    }
    if (type === TYPE_TIME_EXTEND) {
      this.later(upper * DELTA + delta)
    } else if (type === TYPE_TIME_STAMP) {
      const stamp = (BigInt(upper) << 27n) | BigInt(delta)
      const base = view.getBigUint64(0, true)
      this.setTime(((base >> STAMP_BITS) << STAMP_BITS) | stamp)
    }
    this.at = at + 8
    return true
  }

  private cut(what: string | undefined): false {
    if (what !== undefined) this.problem = `${what} at byte ${this.at} of a page is cut off`
    this.at = this.end
    return false
  }

  private setTime(ns: bigint): void {
    this.seconds = Number(ns / BigInt(SECOND))
    this.nanoseconds = Number(ns % BigInt(SECOND))
  }

  private later(delta: number): void {
    const sum = this.nanoseconds + (delta % SECOND)
    this.seconds += Math.floor(delta / SECOND) + (sum >= SECOND ? 1 : 0)
    this.nanoseconds = sum >= SECOND ? sum - SECOND : sum
  }
}
