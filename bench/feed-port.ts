import { simulatorSettings } from '../src/contract/requests'
import type { MonitorModel } from '../src/model/load'
import { openSimulated } from '../src/target/simulated-kernel'
import type { TracefsPort, TracefsStream } from '../src/target/port'
import { Player, recordFeed, type RecordedLines, type Recording } from './feed'

/** What a stream gives at once, as the simulated kernel's does. */
const CHUNK = 64 * 1024
/** How often lines are given, ms. */
const EVERY_MS = 4
/** Lines that wait for a slow reader, in seconds of the stream: about what the kernel's rings hold. */
const RING_S = 0.5

export interface FeedOptions {
  readonly cpus: number
  readonly tasks: number
  readonly seed: number
  /** Trace events each second. */
  readonly rate: number
  /** Lines that are recorded and played again and again. */
  readonly lines: number
}

/** A clock of ms and timers of it. */
export interface FeedClock {
  now(): number
  every(ms: number, tick: () => void): () => void
}

/** What went through a feed's stream of events. */
export interface FeedAccount {
  /** When stamps began, by the feed's clock. */
  begin: number
  /** Lines given to the reader. */
  given: number
  /** Lines that came while the reader was too slow. */
  dropped: number
}

/**
 * A simulated machine that stands still, but whose trace streams play what one like it has traced,
 * at a rate that no simulated machine reaches. All else is answered by the machine.
 */
export function openFeed(
  options: FeedOptions,
  models: readonly MonitorModel[],
  clock: FeedClock,
  account: FeedAccount
): TracefsPort {
  const { cpus, tasks, seed, rate, lines } = options
  const machine = openSimulated(simulatorSettings.parse({ cpus, tasks, seed }), models, 'manual')
  const recording = recordFeed({ cpus, tasks, seed }, models, lines)
  const round = recording.events.times.length / rate
  const begin = clock.now()
  account.begin = begin
  // A proxy would do more; the port's functions need their own object.
  const port: TracefsPort = Object.assign(Object.create(machine) as typeof machine, {
    info: machine.info,
    stream: (path: string): Promise<TracefsStream> => {
      const kind = streamOf(path, recording)
      if (kind === undefined) return machine.stream(path)
      const seen = kind === recording.events ? account : { begin, given: 0, dropped: 0 }
      return Promise.resolve(new FeedStream(kind, round, begin, clock, seen))
    }
  })
  return port
}

function streamOf(path: string, { events, violations }: Recording): RecordedLines | undefined {
  if (/^instances\/[^/]+-ev\/trace_pipe$/.test(path)) return events
  if (/^instances\/[^/]+-viol\/trace_pipe$/.test(path)) return violations
  return undefined
}

class FeedStream implements TracefsStream {
  readonly #player: Player
  readonly #begin: number
  readonly #clock: FeedClock
  readonly #account: FeedAccount
  #stop: (() => void) | undefined
  #isOver = false

  constructor(
    lines: RecordedLines,
    round: number,
    begin: number,
    clock: FeedClock,
    account: FeedAccount
  ) {
    this.#player = new Player(lines, round)
    this.#begin = begin
    this.#clock = clock
    this.#account = account
  }

  next(): Promise<Uint8Array | undefined> {
    if (this.#isOver) return Promise.resolve(undefined)
    const bytes = this.#take()
    if (bytes.length > 0) return Promise.resolve(bytes)
    return new Promise((resolve) => {
      this.#stop = this.#clock.every(EVERY_MS, () => {
        const later = this.#isOver ? undefined : this.#take()
        if (later?.length === 0) return
        this.#stop?.()
        resolve(later)
      })
    })
  }

  close(): Promise<void> {
    this.#isOver = true
    return Promise.resolve()
  }

  #take(): Uint8Array {
    const player = this.#player
    const now = (this.#clock.now() - this.#begin) / 1000
    while (player.timeOf(player.given) < now - RING_S) {
      player.skip(1)
      this.#account.dropped++
    }
    const before = player.given
    const bytes = player.take(now, CHUNK)
    this.#account.given += player.given - before
    return bytes
  }
}
