import type { ChosenWay, Watching, Way } from '../../contract/watch'
import type { TracefsPort } from '../../target/port'
import type { Clock } from '../clock'
import type { Notify } from '../control'
import type { Feed } from '../feed'
import type { Fold } from '../fold'
import type { MonitorState } from '../monitor-state'
import { quoted, sentence } from '../text'
import { loseStates, WatchedTables } from './fold-watched'
import { countTriggers, parseCounts, parseSamples, sampleTrigger } from './hist-text'
import { limitsOf, RungPolicy, RUNGS, wayOf, type Rung, type RungLimits } from './policy'
import { whyText } from './raw-pipe'

/** Times between two reads of the latest states, ms: the first that leaves the target in peace. */
const SAMPLE_PERIODS = [100, 200, 500, 1000, 2000, 5000] as const
/** And between two reads of counts. */
const COUNT_PERIOD = 500
/** A read takes the target at most one part in so many of the time. */
const SHARE = 5
/** Instances of tasks or objects that a table is made for where fewer are known. */
const LEAST_INSTANCES = 512

/** One monitor as it is watched. */
interface Watched {
  readonly policy: RungPolicy
  chosen: ChosenWay
  way: Way
  /** Its stream is of raw pages. */
  isRaw: boolean
  /** Undefined: streamed. */
  tables: WatchedTables | undefined
  lastCount: number
  /** Events in the last second that was measured. */
  rate: number
  /** When its counts or states were read last, ms. */
  readAt: number
  /** It is off, and was read since: nothing changes. */
  isSettled: boolean
}

export interface WatcherOptions {
  readonly port: TracefsPort
  readonly fold: Fold
  readonly feed: Feed
  readonly clock: Clock
  readonly notify: Notify
  /** Runs an action while nothing else is changed on the target. */
  readonly exclusively: <T>(action: () => Promise<T>) => Promise<T>
  /** A monitor's events stop being streamed: what is recorded has a gap from here. */
  readonly onGap: () => void
  readonly limits?: RungLimits
}

/**
 * Watches each monitor in the way that its rate allows, or that the user chose, and reads those
 * that are not streamed.
 */
export class Watcher {
  readonly #from: WatcherOptions
  readonly #limits: RungLimits
  /** What this target has. */
  #rungs: readonly Rung[]
  /** Why events are not streamed as raw pages, one sentence; empty: they are where that is faster. */
  #whyText: string
  readonly #watched = new Map<MonitorState, Watched>()
  #measuredAt: number
  #lossMarks = 0
  /** How long a read takes, ms, the newest ones counting most. */
  #readMs = 0
  #period: number = SAMPLE_PERIODS[0]
  /** This kernel has refused a trigger: nothing but the user asks it again. */
  #isRefused = false

  constructor(from: WatcherOptions) {
    this.#from = from
    this.#limits = from.limits ?? limitsOf(from.port.info.kind)
    this.#whyText = whyText(from.port) ?? ''
    this.#rungs = RUNGS.filter((rung) => rung !== 'raw' || this.#whyText === '')
    this.#measuredAt = from.clock.now()
  }

  /** The monitors that are not simply streamed. */
  get status(): Watching[] {
    const list: Watching[] = []
    for (const [monitor, { way, chosen, policy, isRaw }] of this.#watched) {
      if (way === 'stream' && chosen === 'auto' && !isRaw) continue
      const byPanel = chosen === 'auto'
      list.push({
        monitor: monitor.index,
        way,
        chosen,
        raw: isRaw,
        hz: way === 'stream' ? 0 : 1000 / this.#periodOf(way),
        rate: byPanel ? policy.rate : 0,
        losing: byPanel && policy.losing
      })
    }
    return list
  }

  /** Why events are not streamed as raw pages, one sentence; empty: they are where that is faster. */
  get whyText(): string {
    return this.#whyText
  }

  /** Whether all that monitors say is streamed. */
  get streamsAll(): boolean {
    return [...this.#watched.values()].every(({ way }) => way === 'stream')
  }

  /** Chooses the way of a monitor or of all of a container. Rejects with one sentence. */
  choose(fullName: string, chosen: ChosenWay): Promise<void> {
    const concerned = this.#from.fold.monitors.filter(
      ({ info }) =>
        info.class !== 'container' && (info.fullName === fullName || info.parent === fullName)
    )
    if (concerned.length === 0) {
      return Promise.reject(
        new Error(`${this.#from.port.info.name} has no monitor ${quoted(fullName)}.`)
      )
    }
    return this.#from.exclusively(async () => {
      for (const monitor of concerned) {
        const watched = this.#of(monitor)
        const before = watched.chosen
        watched.chosen = chosen
        if (chosen === 'auto') watched.policy.begin(watched.rate)
        try {
          await this.#follow(monitor, watched)
        } catch (error) {
          watched.chosen = before
          throw error
        }
      }
    })
  }

  /** Once a second: measures, and changes the ways where that asks for it. */
  async measure(): Promise<void> {
    const { clock, fold, exclusively, notify } = this.#from
    const seconds = Math.max(0.001, (clock.now() - this.#measuredAt) / 1000)
    this.#measuredAt = clock.now()
    const isLosing = fold.lossMarks > this.#lossMarks
    this.#lossMarks = fold.lossMarks
    const rates = new Map<MonitorState, number>()
    let fastest: MonitorState | undefined
    for (const monitor of fold.monitors) {
      if (monitor.info.class === 'container') continue
      const watched = this.#of(monitor)
      const rate = Math.max(0, monitor.eventCount - watched.lastCount) / seconds
      watched.lastCount = monitor.eventCount
      watched.rate = rate
      rates.set(monitor, rate)
      if (watched.way === 'stream' && rate > (rates.get(fastest ?? monitor) ?? 0)) fastest = monitor
      if (watched.way === 'stream') fastest ??= monitor
    }
    for (const [monitor, rate] of rates) {
      const watched = this.#of(monitor)
      if (!monitor.info.enabled) watched.policy.begin(0)
      else if (watched.chosen === 'auto' || watched.chosen === 'stream') {
        const streams = watched.chosen === 'stream' || this.#isRefused
        watched.policy.observe(rate, isLosing && monitor === fastest, streams)
      }
      await this.#followRaw(monitor, watched)
      if (this.#wanted(monitor, watched) === watched.way) continue
      try {
        await exclusively(() => this.#follow(monitor, watched))
      } catch (error) {
        this.#isRefused = true
        watched.policy.begin(0)
        notify('warning', sentence(error))
      }
    }
  }

  /** Reads what is due. Resolves with the time to the next read, ms; undefined: nothing is read. */
  async round(): Promise<number | undefined> {
    const { clock, feed } = this.#from
    const begun = clock.now()
    const due = [...this.#watched].filter(([{ info }, watched]) => {
      const { way, tables, readAt } = watched
      if (info.enabled) watched.isSettled = false
      return tables !== undefined && !watched.isSettled && begun - readAt >= this.#periodOf(way) - 1
    })
    if (due.length > 0) {
      await Promise.all(
        due.map(async ([monitor, watched]) => {
          watched.readAt = begun
          watched.isSettled = !monitor.info.enabled
          this.#use(monitor, watched, await feed.hists.read(monitor.info), true)
        })
      )
      this.#readMs = (this.#readMs * 3 + (clock.now() - begun)) / 4
      this.#period =
        SAMPLE_PERIODS.find((period) => period >= SHARE * this.#readMs) ?? SAMPLE_PERIODS[5]
    }
    const ways = [...this.#watched.values()].filter(
      ({ tables, isSettled }) => tables !== undefined && !isSettled
    )
    // measure() looks again for one that has been switched on.
    if (ways.length === 0) return undefined
    const next = Math.min(...ways.map(({ way, readAt }) => readAt + this.#periodOf(way)))
    return Math.max(10, next - clock.now())
  }

  #use(monitor: MonitorState, { tables, way }: Watched, text: string, counting: boolean): void {
    if (way === 'sample') tables?.samples(parseSamples(text, monitor.info), counting)
    else tables?.counts(parseCounts(text), counting)
  }

  #periodOf(way: Way): number {
    return way === 'count' ? Math.max(COUNT_PERIOD, this.#period) : this.#period
  }

  #of(monitor: MonitorState): Watched {
    let watched = this.#watched.get(monitor)
    if (watched === undefined) {
      watched = {
        policy: new RungPolicy(this.#limits, this.#rungs),
        chosen: 'auto',
        way: 'stream',
        isRaw: false,
        tables: undefined,
        lastCount: monitor.eventCount,
        rate: 0,
        readAt: 0,
        isSettled: false
      }
      this.#watched.set(monitor, watched)
    }
    return watched
  }

  /** A monitor that is off is streamed in the panel's books, unless the user chose: then it is ready. */
  #wanted(monitor: MonitorState, { chosen, policy }: Watched): Way {
    if (chosen !== 'auto') return chosen
    return monitor.info.enabled ? wayOf(policy.rung) : 'stream'
  }

  /**
   * Goes over to the way that is wanted. The new way begins before the old one ends, so that no
   * state is missed; what both have is counted once. Rejects where the kernel refuses the trigger:
   * then it is as it was.
   */
  async #follow(monitor: MonitorState, watched: Watched): Promise<void> {
    const { feed, fold } = this.#from
    const { info } = monitor
    const { way: before } = watched
    const next = this.#wanted(monitor, watched)
    if (next === before) return
    if (next !== 'stream') await feed.hists.arm(info, next, this.#triggers(monitor, next))
    if (before !== 'stream') this.#use(monitor, watched, await feed.hists.read(info), true)
    if (before === 'stream' || next === 'stream') await feed.setStreamed(info, next === 'stream')
    if (before !== 'stream') {
      this.#use(monitor, watched, await feed.hists.read(info), false)
      await feed.hists.disarm(info, before)
    } else this.#from.onGap()
    watched.way = next
    monitor.way = next
    watched.tables = next === 'stream' ? undefined : new WatchedTables(fold, monitor)
    if (next === 'count') loseStates(fold, monitor)
    if (next === 'sample') monitor.instances.pathTotal.fill(0)
    // What was counted while the stream was still on is the stream's.
    if (next !== 'stream') this.#use(monitor, watched, await feed.hists.read(info), false)
    watched.lastCount = monitor.eventCount
  }

  /** Has a stream come raw where its rate asks for it; text where this target turns out not to have it. */
  async #followRaw(monitor: MonitorState, watched: Watched): Promise<void> {
    const { feed, fold, clock, exclusively, notify, onGap, port } = this.#from
    const { way, policy, isRaw } = watched
    const wanted = policy.rung === 'raw' && monitor.info.enabled
    if (way !== 'stream' || wanted === isRaw || wayOf(policy.rung) !== 'stream') return
    try {
      await exclusively(() => feed.setRaw(monitor.info, wanted, clock))
      watched.isRaw = wanted
      onGap()
      loseStates(fold, monitor)
    } catch (error) {
      this.#whyText = sentence(error)
      this.#rungs = this.#rungs.filter((rung) => rung !== 'raw')
      for (const other of this.#watched.values()) other.policy.without('raw')
      notify('info', `The events of ${port.info.name} stay text: ${this.#whyText}`)
    }
  }

  #triggers(monitor: MonitorState, way: Exclude<Way, 'stream'>): readonly string[] {
    const { cpus } = this.#from.port.info
    const { info, instances, events, states } = monitor
    if (way === 'count') return countTriggers(info, events.names, states.names.length, cpus)
    return [sampleTrigger(info, info.hasId ? Math.max(LEAST_INSTANCES, instances.length) : cpus)]
  }
}
