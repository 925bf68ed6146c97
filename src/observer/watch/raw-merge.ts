import { RawPageReader, type RawText } from '../../trace'

/** Pages of one CPU that have come. */
interface Cpu {
  readonly cpu: number
  /** Of a page that is not whole yet. */
  rest: Uint8Array
  readonly pages: Uint8Array[]
  readonly reader: RawPageReader
  /** The page that is being read; undefined: none. */
  page: Uint8Array | undefined
}

/** Bytes of lines that are made at a time. */
const CHUNK = 65_536

/**
 * Puts the pages of all CPUs into one order of time, as trace_pipe does: an event is held until
 * what came with it or before it from the other CPUs has had a round to arrive.
 */
export class RawMerge {
  readonly #cpus: readonly Cpu[]
  /** Newest time of what had come by the last round, and by the one before it, ns. */
  #horizon = 0
  #newest = 0
  readonly #encoder = new TextEncoder()

  constructor(
    cpus: readonly number[],
    private readonly text: RawText,
    /** Bytes of a page (events/header_page). */
    private readonly pageBytes: number,
    private readonly longBytes: 4 | 8
  ) {
    this.#cpus = cpus.map((cpu) => ({
      cpu,
      rest: new Uint8Array(0),
      pages: [],
      reader: new RawPageReader(),
      page: undefined
    }))
  }

  /** Bytes of a CPU's trace_pipe_raw, cut anywhere. */
  push(cpu: number, bytes: Uint8Array): void {
    const one = this.#cpus.find((other) => other.cpu === cpu)
    if (one === undefined) return
    let all = bytes
    if (one.rest.length > 0) {
      all = new Uint8Array(one.rest.length + bytes.length)
      all.set(one.rest)
      all.set(bytes, one.rest.length)
    }
    let at = 0
    for (; at + this.pageBytes <= all.length; at += this.pageBytes) {
      one.pages.push(all.subarray(at, at + this.pageBytes))
    }
    one.rest = all.slice(at)
  }

  /** The end of a round: gives the lines of what is old enough. @param all nothing more will come */
  *round(all = false): Generator<Uint8Array> {
    this.#horizon = all ? Infinity : this.#newest
    for (const { pages } of this.#cpus) {
      const last = pages[pages.length - 1]
      if (last !== undefined) this.#newest = Math.max(this.#newest, this.#endOf(last))
    }
    let text = ''
    for (;;) {
      const one = this.#earliest()
      text += this.#marks
      this.#marks = ''
      if (one?.page === undefined) break
      text += this.text.line(one.cpu, one.page, one.reader)
      text += this.#advance(one)
      if (text.length > CHUNK) {
        yield this.#encoder.encode(text)
        text = ''
      }
    }
    if (text !== '') yield this.#encoder.encode(text)
  }

  /** Time of the last event of a page. */
  #endOf(page: Uint8Array): number {
    const reader = new RawPageReader()
    reader.open(page, this.longBytes)
    let time = timeOf(reader)
    while (reader.next()) time = timeOf(reader)
    return time
  }

  #marks = ''

  /** The CPU whose next event is the oldest and not too new. */
  #earliest(): Cpu | undefined {
    let best: Cpu | undefined
    let time = this.#horizon
    for (const one of this.#cpus) {
      if (one.page === undefined) this.#marks += this.#advance(one)
      if (one.page === undefined) continue
      const its = timeOf(one.reader)
      if (its <= time && (best === undefined || its < time)) {
        best = one
        time = its
      }
    }
    return best
  }

  /** Goes to the next event of a CPU; gives the marks of what is missing before it. */
  #advance(one: Cpu): string {
    let marks = ''
    while (one.page === undefined || !one.reader.next()) {
      if (one.page !== undefined && one.reader.problem !== undefined) {
        // What of the page could not be read nobody knows.
        marks += `CPU:${String(one.cpu)} [LOST EVENTS]\n`
      }
      one.page = one.pages.shift()
      if (one.page === undefined) break
      one.reader.open(one.page, this.longBytes)
      const { missed } = one.reader
      if (missed !== 0) {
        const count = missed < 0 ? '' : `${String(missed)} `
        marks += `CPU:${String(one.cpu)} [LOST ${count}EVENTS]\n`
      }
    }
    return marks
  }
}

const timeOf = ({ seconds, nanoseconds }: RawPageReader): number => seconds * 1e9 + nanoseconds
