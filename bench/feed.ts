import type { MonitorModel } from '../src/model/load'
import { SimulatedKernel } from '../src/simulator/kernel'

/** Bytes of a stamp: seconds of at most five digits, a point, microseconds. */
const STAMP = 12
/** Seconds with which a played stream begins, so that all its stamps have the same width. */
const BEGIN_S = 10_000
/** Virtual time that the machine runs before a line is kept: enabling and the first start events, ns. */
const SETTLE = 20_000_000
/** Virtual time that one piece of recording moves on, ns. */
const SLICE = 1_000_000

/** Lines of a trace_pipe that can be played again and again, each time with later stamps. */
export interface RecordedLines {
  readonly text: Uint8Array
  /** Where each line ends, without which no line would be given in one piece. */
  readonly ends: Uint32Array
  /** Where the stamp of each line begins. */
  readonly stamps: Uint32Array
  /** When each line comes, from 0 to below 1 of the recording. */
  readonly times: Float64Array
}

export interface Recording {
  readonly events: RecordedLines
  readonly violations: RecordedLines
}

/**
 * What a simulated machine with every monitor enabled traces, at least `lines` lines of it, and of
 * these those that are violations, as the panel's two trace instances have them.
 */
export function recordFeed(
  machine: { readonly cpus: number; readonly tasks: number; readonly seed: number },
  models: readonly MonitorModel[],
  lines: number
): Recording {
  const kernel = new SimulatedKernel({ ...machine, models })
  const { engine, tracefs } = kernel
  for (const monitor of engine.monitors) engine.enable(monitor)
  kernel.advance(SETTLE)
  const pipe = tracefs.openPipe('trace_pipe')
  tracefs.write('events/rv/enable', new TextEncoder().encode('1'), 'truncate')
  const kept: string[] = []
  for (let idle = 0; kept.length < lines;) {
    kernel.advance(SLICE)
    const before = kept.length
    let text = ''
    while (pipe.readable()) text += Buffer.from(pipe.read(1 << 20)).toString('latin1')
    for (const line of text.split('\n')) if (STAMPED.test(line)) kept.push(line)
    idle = kept.length === before ? idle + 1 : 0
    if (idle > 1000) throw new Error('The simulated kernel traces nothing.')
  }
  const first = secondsOf(kept[0])
  const span = (secondsOf(kept.at(-1)) - first) * (1 + 1 / kept.length)
  const times = kept.map((line) => (secondsOf(line) - first) / span)
  const errors = kept.flatMap((line, i) => (ERROR.test(line) ? [i] : []))
  return {
    events: pack(kept, times),
    violations: pack(
      errors.map((i) => kept[i] ?? ''),
      errors.map((i) => times[i] ?? 0)
    )
  }
}

const STAMPED = / +(\d+\.\d{6}): /
const ERROR = /: (error_|rv_retries_error)/

const secondsOf = (line = ''): number => Number(STAMPED.exec(line)?.[1])

function pack(lines: readonly string[], times: readonly number[]): RecordedLines {
  const ends: number[] = []
  const stamps: number[] = []
  let at = 0
  for (const line of lines) {
    const found = STAMPED.exec(line)
    // The stamp is padded on its left to its width.
    stamps.push(at + (found?.index ?? 0) + (found?.[0].length ?? 0) - 2 - STAMP)
    at += line.length + 1
    ends.push(at)
  }
  return {
    text: Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1'),
    ends: Uint32Array.from(ends),
    stamps: Uint32Array.from(stamps),
    times: Float64Array.from(times)
  }
}

/** Plays recorded lines round and round, each round as long as the one before. */
export class Player {
  /** Lines given so far. */
  given = 0
  readonly #lines: RecordedLines
  readonly #seconds: number

  /** @param seconds how long a round lasts by its stamps */
  constructor(lines: RecordedLines, seconds: number) {
    this.#lines = lines
    this.#seconds = seconds
  }

  /** Time of the stream's line number `n`, in seconds from its begin. */
  timeOf(n: number): number {
    const { times } = this.#lines
    const round = Math.floor(n / times.length)
    return (round + (times[n % times.length] ?? 0)) * this.#seconds
  }

  /** The next lines that come before `until` (s from the stream's begin), at most so many bytes. */
  take(until: number, most: number): Uint8Array {
    const { text, ends, stamps, times } = this.#lines
    const count = times.length
    if (count === 0) return new Uint8Array(0)
    const from = this.given % count
    const start = from === 0 ? 0 : (ends[from - 1] ?? 0)
    const base = (this.given - from) / count
    let end = start
    let line = from
    for (; line < count; line++) {
      const time = (base + (times[line] ?? 0)) * this.#seconds
      const next = ends[line] ?? 0
      if (time >= until || next - start > most) break
      stamp(text, stamps[line] ?? 0, time)
      end = next
    }
    this.given += line - from
    return text.slice(start, end)
  }

  /** Leaves out so many lines, as a ring that nobody reads does. */
  skip(lines: number): void {
    this.given += lines
  }
}

/** Writes a time over the stamp that is there. */
function stamp(text: Uint8Array, at: number, time: number): void {
  const us = Math.floor(time * 1e6)
  let seconds = BEGIN_S + Math.floor(us / 1e6)
  let fraction = us % 1e6
  for (let i = STAMP - 1; i > 5; i--) {
    text[at + i] = 48 + (fraction % 10)
    fraction = (fraction / 10) | 0
  }
  text[at + 5] = 46
  for (let i = 4; i >= 0; i--) {
    text[at + i] = 48 + (seconds % 10)
    seconds = (seconds / 10) | 0
  }
}
