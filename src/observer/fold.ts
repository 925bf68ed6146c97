import {
  CLOCK_UNSEEN,
  LANE_ALL,
  LANE_UNKNOWN,
  type EventRows,
  type MonitorInfo
} from '../contract/state'
import type { Drawing } from '../model/load'
import { envOf, RecordKind, type TraceBatch } from '../trace'
import { isLater, kindOf, LineRing, type LineWords } from './lines'
import { frequencyOf } from './clock-resets'
import { HistoryBudget } from './history/budget'
import { NOT_MONITORING } from './instance-table'
import { MonitorState } from './monitor-state'
import type { RvMonitor } from './tree'

/** Lines of each CPU that are remembered for the context of its next violation. */
export const CONTEXT_LINES = 24
/** Rows of the event log for one frame. */
const LOG_ROWS = 256
/** CPUs beyond this number are a garbled line. */
const MAX_CPUS = 4096

const UNSEEN = -2
const NOT_OURS = -1

/** Is told of violations in the event stream, before its line is part of the context. */
export interface ErrorListener {
  onError(batch: TraceBatch, i: number, monitor: MonitorState, row: number): void
}

/**
 * Live state, folded from the event stream. The event stream alone decides which state an instance
 * is in, since it has errors and transitions in their order; counts of violations come from the
 * stream of violations. Allocates nothing per event.
 */
export class Fold {
  readonly monitors: MonitorState[] = []
  /** Trace events of system rv so far. */
  events = 0
  malformed = 0
  /** Events that the kernel's ring lost; undefined once there was a loss without a count. */
  lost: number | undefined = 0
  /** Marks of such losses. */
  lossMarks = 0
  /** Records of instances that found no row. */
  notKept = 0
  /** Jiffies per second, once a violation has shown it. */
  hz: number | undefined
  /** Newest time of the stream. */
  sec = 0
  nsec = 0
  /** A table was dropped: the window starts anew. */
  startsAnew = false
  /** What is known of a monitor has changed. */
  infosChanged = false
  /** Told before a monitor is reset. */
  onReset: ((monitor: MonitorState, isOff: boolean) => void) | undefined
  /** Instances without a label were added. */
  wantsLabels = false
  /** Memory that the histories of all monitors share. */
  readonly budget: HistoryBudget
  readonly #drawings: ReadonlyMap<string, Drawing>
  readonly #listener: ErrorListener
  /** Names of the event stream's decoder, of which packed lines are made. */
  #names: readonly string[] = []
  /** Monitor by the decoder's name index. */
  #byDecoded = new Int16Array(256).fill(UNSEEN)
  readonly #byName = new Map<string, MonitorState>()
  readonly #contexts: LineRing[] = []
  readonly #log = new LineRing(LOG_ROWS)
  #logTaken = 0
  notShown = 0
  /**
   * Pids of the bridge on the target. The kernel filters by the context that ran a handler; what
   * happens to these tasks in the context of others is left out here. Violations never are.
   */
  own: ReadonlySet<number> = new Set()

  constructor(
    drawings: ReadonlyMap<string, Drawing>,
    listener: ErrorListener,
    budget = new HistoryBudget()
  ) {
    this.budget = budget
    this.#drawings = drawings
    this.#listener = listener
  }

  /** What packed lines need to become text. */
  get words(): LineWords {
    return {
      names: this.#names,
      monitorName: (monitor) => this.monitors[monitor]?.info.name ?? '?'
    }
  }

  /** Adds a monitor of the target; the list only grows. */
  addMonitor(info: RvMonitor): MonitorState {
    const known = this.#drawings.get(info.name)
    const state = new MonitorState(this.monitors.length, info, known, this.budget)
    this.monitors.push(state)
    this.#byName.set(info.name, state)
    this.#byDecoded.fill(UNSEEN)
    return state
  }

  monitorNamed(name: string): MonitorState | undefined {
    return this.#byName.get(name)
  }

  monitorInfos(): MonitorInfo[] {
    return this.monitors.map(({ info, type, known, values }) => ({
      name: info.name,
      fullName: info.fullName,
      parent: info.parent ?? null,
      class: info.class,
      type,
      description: info.description,
      enabled: info.enabled,
      reactor: info.reactor ?? null,
      model: known?.source ?? null,
      instrumentation: known?.instrumentationText ?? null,
      ...(values.size === 0
        ? {}
        : { values: Array.from(values, ([name, value]) => ({ name, value })) })
    }))
  }

  /** Folds a batch of the event stream. */
  fold(batch: TraceBatch): void {
    this.#names = batch.names.names
    for (let i = 0; i < batch.count; i++) this.#record(batch, i)
  }

  /**
   * The kernel reset a monitor, which then is off or waits for start events: no instance is in a
   * state any more. The files tell no time, so that of the newest event stands for it.
   */
  reset(monitor: MonitorState, isOff: boolean): void {
    this.onReset?.(monitor, isOff)
    monitor.reset(isOff, this.sec, this.nsec)
  }

  /** The lines of a CPU before now. */
  context(cpu: number): LineRing | undefined {
    return this.#contexts[cpu]
  }

  /** Rows of the event log since the last call, or those that are still there. */
  takeLog(all: boolean): EventRows | undefined {
    const from = all ? 0 : this.#logTaken
    if (this.#log.total === from) return undefined
    const first = Math.max(from, this.#log.total - LOG_ROWS)
    if (!all) this.notShown += first - from
    else this.notShown += Math.max(0, first - this.#logTaken)
    this.#logTaken = this.#log.total
    const rows: EventRows['rows'] = []
    for (const row of this.#log.since(first, this.words)) rows.push(row)
    return { first, rows }
  }

  get hasLog(): boolean {
    return this.#log.total > this.#logTaken
  }

  #record(batch: TraceBatch, i: number): void {
    const kind = kindOf(batch.kind[i])
    switch (kind) {
      case RecordKind.Event:
      case RecordKind.LtlEvent:
        this.advance(batch.timeSec[i] ?? 0, batch.timeNsec[i] ?? 0)
        this.#transition(batch, i, kind)
        break
      case RecordKind.Error:
      case RecordKind.ErrorEnv:
      case RecordKind.LtlError:
      case RecordKind.Retries:
        this.advance(batch.timeSec[i] ?? 0, batch.timeNsec[i] ?? 0)
        this.#error(batch, i)
        break
      case RecordKind.Lost:
        this.#loss(batch, i)
        break
      case RecordKind.Malformed:
        this.malformed++
        break
      case RecordKind.Other:
        this.#keepLine(batch, i, NOT_OURS)
        break
    }
  }

  /** Something has happened at that time. */
  advance(sec: number, nsec: number): void {
    if (isLater(sec, nsec, this.sec, this.nsec)) {
      this.sec = sec
      this.nsec = nsec
    }
  }

  #transition(batch: TraceBatch, i: number, kind: RecordKind): void {
    const index = this.#monitorIndex(batch.monitor[i] ?? 0)
    const monitor = index < 0 ? undefined : this.monitors[index]
    if (monitor?.type === 'per_task' && this.own.has(batch.id[i] ?? 0)) return
    this.events++
    this.#keepLine(batch, i, index)
    if (monitor === undefined) return
    monitor.history.prepare(batch.timeSec[i] ?? 0, batch.timeNsec[i] ?? 0)
    monitor.eventCount++
    const cpu = batch.cpu[i] ?? 0
    const names = this.#names
    const from = monitor.states.index(batch.state[i] ?? 0, names)
    const event = monitor.events.index(batch.event[i] ?? 0, names)
    const to = monitor.states.index(batch.next[i] ?? 0, names)
    const edge = monitor.edges.add(from, event, to)
    const table = monitor.instances
    const row = table.rowOf(monitor.instanceId(batch.hasId[i] ?? 0, batch.id[i] ?? 0, cpu))
    if (row < 0) {
      this.notKept++
      return
    }
    if (monitor.type === 'unknown' && batch.hasId[i] === 0) {
      const type = monitor.learnType(row, from, to)
      if (type !== undefined) this.infosChanged = true
      if (type === 'global') {
        // Rows of CPUs become the one instance.
        monitor.clear()
        this.startsAnew = true
        this.#step(monitor, table.rowOf(0), batch, i, edge, from, event, to)
        return
      }
    }
    this.#step(monitor, row, batch, i, edge, from, event, to)
    if (monitor.type === 'unknown' && batch.hasId[i] !== 0) {
      if (monitor.learnIds(batch.id[i] ?? 0, batch.pid[i] ?? 0)) this.infosChanged = true
    }
    if (kind === RecordKind.LtlEvent) this.#label(monitor, row, batch.taskComm[i] ?? 0)
    else if (monitor.type === 'per_task' && batch.pid[i] === batch.id[i]) {
      this.#label(monitor, row, batch.comm[i] ?? 0)
    }
    if (monitor.idsAreTasks && (table.labels[row] === '' || table.tgid[row] === -1)) {
      // The thread group is in the list of tasks alone. What a list did not have is not waited for.
      const isUnknown = table.absent[row] === 0 && (batch.id[i] ?? 0) > 0
      if (isUnknown || (monitor.type === 'per_task' && table.labels[row] === '')) {
        this.wantsLabels = true
      }
    }
  }

  #step(
    monitor: MonitorState,
    row: number,
    batch: TraceBatch,
    i: number,
    edge: number,
    from: number,
    event: number,
    to: number
  ): void {
    const table = monitor.instances
    const sec = batch.timeSec[i] ?? 0
    const nsec = batch.timeNsec[i] ?? 0
    monitor.history.step(row, edge, monitor.isOff, sec, nsec)
    const state = monitor.isOff ? NOT_MONITORING : to
    if (monitor.way !== 'stream' && this.#isOutrun(monitor, row, sec, nsec)) {
      table.transitions[row] = (table.transitions[row] ?? 0) + 1
      table.touch(row)
      return
    }
    const wasUnsure = table.seen(row)
    if (monitor.clocks !== undefined) {
      const isAnew = wasUnsure || table.state[row] === NOT_MONITORING
      monitor.clocks.step(table, row, from, event, isAnew, sec, nsec)
    }
    if (table.state[row] !== state || from !== to) {
      monitor.lane.add(row, state, sec, nsec)
      table.state[row] = state
      table.sinceSec[row] = sec
      table.sinceNsec[row] = nsec
    }
    table.event[row] = event
    table.transitions[row] = (table.transitions[row] ?? 0) + 1
    table.remember(row, sec, nsec, batch.cpu[i] ?? 0, from, event, to)
    table.touch(row)
  }

  /**
   * The stream lags behind the other way in which its monitor is watched by now: the states are
   * newer, or not known.
   */
  #isOutrun({ way, instances }: MonitorState, row: number, sec: number, nsec: number): boolean {
    if (way === 'count') {
      instances.lost(row)
      return true
    }
    return isLater(instances.sinceSec[row] ?? 0, instances.sinceNsec[row] ?? 0, sec, nsec)
  }

  #error(batch: TraceBatch, i: number): void {
    this.events++
    const index = this.#monitorIndex(batch.monitor[i] ?? 0)
    const monitor = index < 0 ? undefined : this.monitors[index]
    if (monitor === undefined) {
      this.#keepLine(batch, i, index)
      return
    }
    monitor.history.prepare(batch.timeSec[i] ?? 0, batch.timeNsec[i] ?? 0)
    monitor.eventCount++
    const retries = batch.kind[i] === RecordKind.Retries
    const cpu = batch.cpu[i] ?? 0
    const hasId = batch.hasId[i] ?? 0
    const table = monitor.instances
    // rv_retries_error says neither task nor object.
    const row =
      retries && monitor.info.hasId
        ? -1
        : table.rowOf(monitor.instanceId(hasId, batch.id[i] ?? 0, cpu))
    this.#listener.onError(batch, i, monitor, row)
    this.#keepLine(batch, i, index)
    monitor.forgetOrder()
    if (row < 0) {
      if (!retries) {
        this.notKept++
      }
      return
    }
    const sec = batch.timeSec[i] ?? 0
    const nsec = batch.timeNsec[i] ?? 0
    if (batch.kind[i] === RecordKind.ErrorEnv) this.#learnFrequency(monitor, row, batch, i)
    table.seen(row)
    const event =
      batch.kind[i] === RecordKind.LtlError
        ? -1
        : monitor.events.index(batch.event[i] ?? 0, this.#names)
    monitor.history.error(row, event, sec, nsec)
    table.state[row] = NOT_MONITORING
    monitor.lane.add(row, NOT_MONITORING, sec, nsec)
    if (event >= 0) table.event[row] = event
    table.sinceSec[row] = table.errorSec[row] = sec
    table.sinceNsec[row] = table.errorNsec[row] = nsec
    table.touch(row)
    // It goes on, and nobody tells where to.
    if (monitor.way === 'count') this.#lose(monitor, row)
  }

  #loss(batch: TraceBatch, i: number): void {
    const count = batch.id[i] ?? -1
    this.lossMarks++
    this.lost = this.lost === undefined || count < 0 ? undefined : this.lost + count
    for (const monitor of this.monitors) {
      monitor.forgetOrder()
      // What the kernel counts itself is not in the ring that overran.
      if (monitor.isOff || monitor.way !== 'stream') continue
      const row = monitor.type === 'per_cpu' ? monitor.instances.find(batch.cpu[i] ?? 0) : LANE_ALL
      this.#lose(monitor, row)
    }
    this.#keepLine(batch, i, NOT_OURS)
  }

  /** The states of all instances of a monitor are not known until their next event. */
  loseAll(monitor: MonitorState): void {
    this.#lose(monitor, LANE_ALL)
  }

  #lose(monitor: MonitorState, row: number): void {
    monitor.lane.add(row, LANE_UNKNOWN, this.sec, this.nsec)
    monitor.instances.lost(row === LANE_ALL ? undefined : row)
    monitor.history.lose(row === LANE_ALL ? null : row, this.sec, this.nsec)
  }

  /** A clock that the kernel printed in jiffies, and the time since its reset, tell how long a jiffy is. */
  #learnFrequency(monitor: MonitorState, row: number, batch: TraceBatch, i: number): void {
    const automaton = monitor.known?.automaton
    if (this.hz !== undefined || automaton === undefined || monitor.clocks === undefined) return
    if (monitor.instances.unsure[row] === 1) return
    const env = envOf(batch, i)
    monitor.clocks.names.forEach((name, clock) => {
      const sec = monitor.instances.clockSec[clock]?.[row] ?? CLOCK_UNSEEN
      if (automaton.envKinds[clock] !== 'jiffies' || sec === CLOCK_UNSEEN) return
      const printed = env.split(',').find((part) => part.startsWith(`${name}=`))
      const jiffies = Number(printed?.slice(name.length + 1) ?? Number.NaN)
      const ns =
        ((batch.timeSec[i] ?? 0) - sec) * 1e9 +
        ((batch.timeNsec[i] ?? 0) - (monitor.instances.clockNsec[clock]?.[row] ?? 0))
      this.hz ??= frequencyOf(jiffies, ns)
    })
  }

  #label(monitor: MonitorState, row: number, comm: number): void {
    const table = monitor.instances
    if (table.labelName[row] === comm || comm === 0) return
    const label = this.#names[comm] ?? ''
    // What the kernel prints where it did not record the comm.
    if (label !== '<...>') table.setLabel(row, label, comm)
  }

  #keepLine(batch: TraceBatch, i: number, monitor: number): void {
    const cpu = batch.cpu[i] ?? 0
    const lost = batch.kind[i] === RecordKind.Lost
    const sec = lost ? this.sec : (batch.timeSec[i] ?? 0)
    const nsec = lost ? this.nsec : (batch.timeNsec[i] ?? 0)
    this.#log.push(batch, i, monitor, sec, nsec)
    if (cpu >= MAX_CPUS) return
    const context = (this.#contexts[cpu] ??= new LineRing(2 * CONTEXT_LINES))
    context.push(batch, i, monitor, sec, nsec)
  }

  /** Index of the monitor whose events have this name, or NOT_OURS. */
  #monitorIndex(decoded: number): number {
    const known = decoded < this.#byDecoded.length ? this.#byDecoded[decoded] : UNSEEN
    if (known !== undefined && known !== UNSEEN) return known
    if (decoded >= this.#byDecoded.length) {
      const grown = new Int16Array(Math.max(decoded + 1, this.#byDecoded.length * 2)).fill(UNSEEN)
      grown.set(this.#byDecoded)
      this.#byDecoded = grown
    }
    const index = this.#byName.get(this.#names[decoded] ?? '')?.index ?? NOT_OURS
    this.#byDecoded[decoded] = index
    return index
  }
}
