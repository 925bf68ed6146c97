import type { MonitorDelta } from '../contract/state'
import type { Way } from '../contract/watch'
import type { MonitorType } from '../model/instrumentation'
import type { Drawing } from '../model/load'
import { ClockResets } from './clock-resets'
import { EdgeTable } from './edge-table'
import type { HistoryBudget } from './history/budget'
import { EXITED, MonitorHistory } from './history/monitor-history'
import { InstanceTable, MAX_ROWS, NOT_MONITORING } from './instance-table'
import { LaneRing } from './lane-ring'
import { NameMap } from './name-map'
import type { TaskInfo } from '../target/port'
import type { RvMonitor } from './tree'

/** How often an order of states that only per-CPU (or only a global) monitor can show must be seen. */
const ENOUGH_VOTES = 8

/** Live state of one monitor. */
export class MonitorState {
  readonly states: NameMap
  readonly events: NameMap
  readonly instances: InstanceTable
  /** Undefined: the model is not known, or has no clock. */
  readonly clocks: ClockResets | undefined
  /** Module parameters that the invariants name, as read last. */
  readonly values = new Map<string, number>()
  readonly lane = new LaneRing()
  readonly edges = new EdgeTable()
  readonly refused = new EdgeTable()
  readonly history: MonitorHistory
  /** Trace events so far. */
  eventCount = 0
  violationCount = 0
  type: MonitorType | 'unknown'
  /** How its events come. */
  way: Way = 'stream'
  /** Events count, but no instance is in a state: the monitor is off. */
  isOff: boolean
  #sentStates: number
  #sentEvents: number
  #sentCounts = 0
  /** Last state that any instance went to; tells a global monitor from a per-CPU one. */
  #lastTo = NOT_MONITORING
  #perCpuVotes = 0
  #globalVotes = 0
  #perTaskVotes = 0

  constructor(
    readonly index: number,
    public info: RvMonitor,
    readonly known: Drawing | undefined,
    budget: HistoryBudget
  ) {
    this.clocks = ClockResets.of(known?.automaton)
    this.instances = new InstanceTable(MAX_ROWS, this.clocks?.names.length ?? 0)
    this.history = new MonitorHistory(
      this.instances,
      this.edges,
      this.refused,
      () => this.eventCount,
      budget
    )
    this.states = new NameMap(known?.automaton?.states ?? [])
    this.events = new NameMap(known?.automaton?.events ?? [])
    this.#sentStates = 0
    this.#sentEvents = 0
    this.type = info.type
    this.isOff = !info.enabled
  }

  /** Positive ids are pids: of tasks, and of the deadline entities of tasks (those of servers are not positive). */
  get idsAreTasks(): boolean {
    return this.type === 'per_task' || (this.type === 'per_obj' && this.info.parent === 'deadline')
  }

  /** The id of the instance that a record is about: the printed one, else by type. */
  instanceId(hasId: number, id: number, cpu: number): number {
    if (hasId !== 0) return id
    return this.type === 'global' ? 0 : cpu
  }

  /**
   * Watches the order of states of a monitor whose type the files do not tell: on a per-CPU monitor
   * a CPU's event starts where that CPU was, on a global one where the last event of any CPU ended.
   * Returns the type when it has just become known.
   */
  learnType(row: number, from: number, to: number): 'per_cpu' | 'global' | undefined {
    const own = this.instances.state[row] ?? NOT_MONITORING
    const last = this.#lastTo
    this.#lastTo = to
    if (own === NOT_MONITORING || last === NOT_MONITORING || own === last) return undefined
    if (from === own) this.#perCpuVotes++
    else if (from === last) this.#globalVotes++
    if (this.#perCpuVotes >= ENOUGH_VOTES && this.#globalVotes === 0) return (this.type = 'per_cpu')
    if (this.#globalVotes >= ENOUGH_VOTES && this.#perCpuVotes === 0) return (this.type = 'global')
    // Neither, so far: lost events make either look wrong now and then.
    if (this.#perCpuVotes + this.#globalVotes > 4 * ENOUGH_VOTES) {
      this.#perCpuVotes = this.#globalVotes = 0
    }
    return undefined
  }

  /**
   * Watches the ids of a monitor whose model is not known: those of tasks are now and then the pid of
   * the task whose line it is, those of objects may be negative. Whether the type has become known.
   */
  learnIds(id: number, pid: number): boolean {
    if (id < 0) this.type = 'per_obj'
    else if (id !== 0 && id === pid && ++this.#perTaskVotes >= ENOUGH_VOTES) this.type = 'per_task'
    else return false
    return true
  }

  /** Rows have got another meaning. */
  clear(): void {
    this.instances.clear()
    this.lane.clear()
    this.history.clear()
  }

  /** After a loss or a reset the order of states means nothing until the next event. */
  forgetOrder(): void {
    this.#lastTo = NOT_MONITORING
  }

  /** Every instance is back to not monitoring since the given time, and stays so while off. */
  reset(isOff: boolean, sec: number, nsec: number): void {
    this.isOff = isOff
    this.forgetOrder()
    this.history.stopAll(sec, nsec)
    this.instances.stopAll(sec, nsec)
  }

  /**
   * Learns which tasks exist: names those that have no name yet, and says of which thread group they
   * are. One that is missing from two lists has exited (a list may be older than a task): it is in no
   * state, and its name says so.
   */
  tasksAre(tasks: ReadonlyMap<number, TaskInfo>, sec: number, nsec: number): void {
    const table = this.instances
    for (let row = 0; row < table.length; row++) {
      const pid = table.id[row] ?? 0
      const task = tasks.get(pid)
      const comm = task?.comm
      const label = table.labels[row] ?? ''
      const isGone = table.absent[row] === 2
      // pid 0 stands for the idle tasks, which are in no list; less than 0 is no task.
      if (comm !== undefined || pid <= 0) {
        if (comm !== undefined && (label === '' || isGone)) {
          table.setLabel(row, comm, 0)
        }
        table.setAbsent(row, 0)
        if (task) table.setGroup(row, task.tgid, tasks.get(task.tgid)?.comm ?? '')
        continue
      }
      table.setAbsent(row, (table.absent[row] ?? 0) + 1)
      if (table.absent[row] !== 2) continue
      const isMarked = isGone && label.endsWith(EXITED)
      if (isMarked && table.state[row] === NOT_MONITORING) continue
      this.history.stop(row, sec, nsec)
      if (table.state[row] !== NOT_MONITORING) this.lane.add(row, NOT_MONITORING, sec, nsec)
      table.state[row] = NOT_MONITORING
      table.sinceSec[row] = sec
      table.sinceNsec[row] = nsec
      if (!isMarked) table.setLabel(row, label + EXITED, 0)
      table.touch(row)
    }
  }

  get hasChanges(): boolean {
    return (
      this.#sentCounts !== this.eventCount + this.violationCount ||
      this.instances.hasChanges ||
      this.edges.hasChanges ||
      this.refused.hasChanges ||
      this.#sentStates < this.states.names.length ||
      this.#sentEvents < this.events.names.length
    )
  }

  /** What changed since the last call, or everything; nothing counts as changed afterwards. */
  take(all: boolean): MonitorDelta {
    const newStates = this.states.names.slice(all ? 0 : this.#sentStates)
    const newEvents = this.events.names.slice(all ? 0 : this.#sentEvents)
    this.#sentStates = this.states.names.length
    this.#sentEvents = this.events.names.length
    this.#sentCounts = this.eventCount + this.violationCount
    const { rows, labels, clocks } = this.instances.take(all)
    const refused = this.refused.take(all)
    if (all) this.lane.clear()
    return {
      monitor: this.index,
      newStates,
      newEvents,
      rows,
      lane: this.lane.take(),
      ...(clocks === undefined ? {} : { clocks }),
      labels,
      edges: this.edges.take(all),
      refused: { from: refused.from, event: refused.event, count: refused.count },
      events: this.eventCount,
      violations: this.violationCount
    }
  }
}
