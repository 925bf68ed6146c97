/**
 * Sub-buffers of the kernel's ring buffer, as per_cpu/cpuN/trace_pipe_raw gives
 * them (kernel/trace/ring_buffer.c, include/linux/ring_buffer.h), little-endian
 * and of a 64-bit machine:
 *
 *     u64 timestamp of the first event, ns
 *     u64 commit: bytes of data; bit 31: events are missing before this page,
 *                 bit 30: how many stands behind the data
 *     data: events, each with a header of 32 bits: type_len (5), time_delta (27)
 */
export const PAGE_BYTES = 4096
export const PAGE_HEADER = 16
/** What a page holds besides its header. */
export const PAGE_DATA = PAGE_BYTES - PAGE_HEADER

/** A negative int that the kernel adds to a long: the upper half is all ones then. */
const MISSED_EVENTS = 0x8000_0000
const MISSED_UPPER = 0xffff_ffff
const MISSED_STORED = 0x4000_0000
const TYPE_TIME_EXTEND = 30
const DELTA_BITS = 27
const DELTA_LIMIT = 2 ** DELTA_BITS
/** Largest data whose length goes into the header, in words of four bytes. */
const MAX_TYPE_LEN = 28
const EVENT_HEADER = 4

/** Fills one page; then another with the same memory. */
export class RawPage {
  readonly bytes = new Uint8Array(PAGE_BYTES)
  private readonly view = new DataView(this.bytes.buffer)
  private used = 0
  private last = 0
  private missed = 0

  /** Begins an empty page. @param missed events that were lost before it */
  begin(missed: number): void {
    this.bytes.fill(0)
    this.used = 0
    this.missed = missed
  }

  get empty(): boolean {
    return this.used === 0
  }

  /**
   * Makes room for an event.
   * @param time ns, not before the last one
   * @param length bytes of data
   * @returns where in `bytes` its data begins; -1: the page has no room for it
   */
  add(time: number, length: number): number {
    const words = Math.ceil(length / 4)
    const delta = this.used === 0 ? 0 : time - this.last
    const long = words > MAX_TYPE_LEN
    const extend = delta >= DELTA_LIMIT ? 8 : 0
    const total = extend + EVENT_HEADER + (long ? 4 : 0) + words * 4
    if (this.used + total > PAGE_DATA) return -1
    if (this.used === 0) this.timestamp(time)
    let at = PAGE_HEADER + this.used
    if (extend > 0) {
      this.header(at, TYPE_TIME_EXTEND, delta % DELTA_LIMIT)
      this.view.setUint32(at + 4, Math.floor(delta / DELTA_LIMIT), true)
      at += extend
    }
    this.header(at, long ? 0 : words, extend > 0 ? 0 : delta)
    at += EVENT_HEADER
    if (long) {
      // This length counts itself.
      this.view.setUint32(at, words * 4 + 4, true)
      at += 4
    }
    this.used += total
    this.last = time
    return at
  }

  /** Writes the header; the page is complete then. */
  end(): Uint8Array {
    let commit = this.used
    if (this.missed > 0) {
      commit += MISSED_EVENTS
      this.view.setUint32(12, MISSED_UPPER, true)
      if (PAGE_DATA - this.used >= 8) {
        commit += MISSED_STORED
        this.uint64(PAGE_HEADER + this.used, this.missed)
      }
    }
    this.view.setUint32(8, commit, true)
    return this.bytes
  }

  private header(at: number, type: number, delta: number): void {
    this.view.setUint32(at, ((delta << 5) | type) >>> 0, true)
  }

  private timestamp(time: number): void {
    this.uint64(0, time)
  }

  private uint64(at: number, value: number): void {
    this.view.setUint32(at, value >>> 0, true)
    this.view.setUint32(at + 4, Math.floor(value / 2 ** 32), true)
  }
}
