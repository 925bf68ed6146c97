import type { Fold } from '../fold'
import { NOT_MONITORING } from '../instance-table'
import { isLater } from '../lines'
import type { MonitorState } from '../monitor-state'
import type { CountRow, HistTable, SampleRow } from './hist-text'

/**
 * Folds what was read of a monitor that is not streamed into its live state. The kernel's tables
 * count from when their trigger was set; here is what of it was folded already.
 */
export class WatchedTables {
  readonly #hits = new Map<string, number>()
  #dropped = 0

  constructor(
    private readonly fold: Fold,
    private readonly monitor: MonitorState
  ) {}

  /**
   * Brings the states up to the latest event of each instance.
   * @param counting the events that the tables have more than last time are counted; they are not
   *   where the stream brings them as well
   */
  samples({ rows, dropped }: HistTable<SampleRow>, counting: boolean): void {
    for (const row of rows) {
      if (this.monitor.type === 'per_task' && this.fold.own.has(row.id)) continue
      const key = String(row.id)
      const hasNews = this.#hits.get(key) !== row.hits
      const news = this.#news(key, row.hits, counting)
      this.#sample(row, news, hasNews)
    }
    this.#drop(dropped, counting)
  }

  /** Adds transitions to the edges; of instances only those that are CPUs are known to have taken them. */
  counts({ rows, dropped }: HistTable<CountRow>, counting: boolean): void {
    const { monitor } = this
    const cpus = new Map<number, number>()
    for (const { cpu, state, event, hits } of rows) {
      const news = this.#news(`${String(cpu)} ${event ?? ''} ${state ?? ''}`, hits, counting)
      if (news === 0) continue
      cpus.set(cpu, (cpus.get(cpu) ?? 0) + news)
      if (state !== undefined && event !== undefined) this.#edge(state, event, news)
    }
    this.#drop(dropped, counting)
    if (monitor.type !== 'per_cpu') return
    for (const [cpu, news] of cpus) {
      const row = monitor.instances.rowOf(cpu)
      if (row < 0) continue
      monitor.instances.transitions[row] = (monitor.instances.transitions[row] ?? 0) + news
      monitor.instances.lost(row)
      monitor.instances.touch(row)
    }
  }

  #news(key: string, hits: number, counting: boolean): number {
    const before = this.#hits.get(key) ?? 0
    this.#hits.set(key, hits)
    if (!counting) return 0
    // Less than before: the trigger was set anew.
    const news = hits >= before ? hits - before : hits
    this.fold.events += news
    this.monitor.eventCount += news
    return news
  }

  /** Events of instances that found no room in the kernel's table. */
  #drop(dropped: number, counting: boolean): void {
    const news = Math.max(0, dropped - this.#dropped)
    this.#dropped = dropped
    if (!counting) return
    this.fold.notKept += news
    this.fold.events += news
    this.monitor.eventCount += news
  }

  #edge(state: string, event: string, news: number): void {
    const { monitor } = this
    const from = monitor.states.indexOfText(state)
    const by = monitor.events.indexOfText(event)
    const automaton = monitor.known?.automaton
    // A model's own table; of one that was learned, where the stream has seen it go.
    const known = automaton?.table[from * automaton.events.length + by]
    const to = known ?? monitor.edges.targetOf(from, by)
    if (to >= 0) monitor.edges.add(from, by, to, news)
  }

  #sample(sample: SampleRow, news: number, hasNews: boolean): void {
    const { monitor, fold } = this
    const { sec, nsec } = sample
    const table = monitor.instances
    const row = table.rowOf(monitor.instanceId(monitor.info.hasId ? 1 : 0, sample.id, sample.cpu))
    if (row < 0) {
      if (news > 0) fold.notKept += news
      return
    }
    if (news > 0) {
      table.transitions[row] = (table.transitions[row] ?? 0) + news
      table.touch(row)
    }
    const to = monitor.isOff ? NOT_MONITORING : monitor.states.indexOfText(sample.next)
    const differs = table.state[row] !== to && monitor.type !== 'global'
    if (!hasNews && !differs && table.unsure[row] === 0) return
    // What the stream brought since, such as a violation, is newer.
    if (isLater(table.sinceSec[row] ?? 0, table.sinceNsec[row] ?? 0, sec, nsec)) return
    fold.advance(sec, nsec)
    const event = monitor.events.indexOfText(sample.event)
    const wasUnsure = table.seen(row)
    if (table.state[row] !== to || wasUnsure) {
      monitor.history.prepare(sec, nsec)
      const edge = monitor.edges.uncounted(event, monitor.states.indexOfText(sample.next))
      monitor.history.step(row, edge, monitor.isOff, sec, nsec)
      monitor.lane.add(row, to, sec, nsec)
      table.state[row] = to
      table.sinceSec[row] = sec
      table.sinceNsec[row] = nsec
    }
    // Of the resets of its clocks only those that were sampled are known.
    table.forgetClocks(row)
    table.event[row] = event
    table.touch(row)
    if (monitor.idsAreTasks && (table.labels[row] === '' || table.tgid[row] === -1)) {
      if (table.absent[row] === 0 && sample.id > 0) fold.wantsLabels = true
    }
  }
}

/** From here on the states of a monitor's instances are not known, and what led to them is not either. */
export function loseStates(fold: Fold, monitor: MonitorState): void {
  monitor.forgetOrder()
  monitor.instances.pathTotal.fill(0)
  if (monitor.isOff) return
  fold.loseAll(monitor)
}
