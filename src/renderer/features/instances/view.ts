import type { MonitorInfo, SimulatorStatus } from '../../../contract/state'
import type { MonitorLive } from '../../stores/columns'
import { CommIndex } from './comm-index'
import { instanceTexts } from '../../texts-instances'
import { texts } from '../../texts'
import { watchTexts } from '../../texts-watch'

/** What the observer puts behind the name of a task that is gone. */
const EXITED = ' (exited)'

/** What a CPU of the simulated kernel does. */
type Running = SimulatorStatus['running']

/**
 * The instances of one monitor as the table reads them, by row. Nothing is made for a row but when
 * it is asked for.
 */
export class InstanceView {
  constructor(
    readonly info: MonitorInfo,
    /** What is shown: now, or a moment that the user went back to. */
    readonly live: MonitorLive,
    /** The monitor now: names and thread groups do not depend on the moment. */
    private readonly now: MonitorLive,
    /** Time at which the state is shown, ns since the target's boot. */
    readonly time: number,
    readonly isPast: boolean,
    /** What the CPUs run; empty where nobody says it, as of the past. */
    private readonly running: Running,
    /** Online CPUs of the target. */
    private readonly cpus: number,
    private readonly rates: (row: number) => number,
    private readonly comms: CommIndex = new CommIndex()
  ) {}

  get size(): number {
    return this.live.rows.size
  }

  /** CPU, pid or object. */
  id(row: number): number {
    return this.live.rows.id[row] ?? 0
  }

  /** Row of now that names the instance, -1: none. */
  private named(row: number): number {
    return this.live === this.now ? row : this.now.rowOf(this.id(row))
  }

  /** To be called before many rows are read by commId(). */
  prepare(): void {
    this.comms.update(this.now, (row) => this.commAt(row, this.now.rows.id[row] ?? 0))
  }

  /** Number of the name of the instance's task among `commTexts`; -1: it is not known any more. */
  commId(row: number): number {
    const at = this.named(row)
    return at < 0 ? -1 : (this.comms.ids[at] ?? -1)
  }

  get commTexts(): readonly string[] {
    return this.comms.texts
  }

  /** Place of the task's name in alphabetical order, NaN: none. */
  commRank(row: number): number {
    return this.comms.ranks[this.commId(row)] ?? NaN
  }

  /** comm of the instance's task, '' where it is not known. */
  comm(row: number): string {
    return this.commAt(this.named(row), this.id(row))
  }

  private commAt(at: number, id: number): string {
    const label = this.now.rows.labels[at] ?? ''
    if (label === '' && this.info.type === 'per_task' && id === 0) return '<idle>'
    return this.now.rows.exited[at] === 1 && label.endsWith(EXITED)
      ? label.slice(0, -EXITED.length)
      : label
  }

  exited(row: number): boolean {
    return this.now.rows.exited[this.named(row)] === 1
  }

  /** Thread group, -1: not known. */
  tgid(row: number): number {
    return this.now.rows.tgid[this.named(row)] ?? -1
  }

  /** comm of the thread that leads the group. */
  leader(row: number): string {
    return this.now.rows.leaders[this.named(row)] ?? ''
  }

  /** Its state is not known: events of it were lost, or are only counted. */
  isUnsure(row: number): boolean {
    return this.live.rows.unsure[row] === 1
  }

  /** Index of the state, -1: not monitoring, or not known. */
  state(row: number): number {
    return this.isUnsure(row) ? -1 : (this.live.rows.state[row] ?? -1)
  }

  stateName(row: number): string {
    return this.isUnsure(row) ? watchTexts.unknownState : this.nameOfState(this.state(row))
  }

  nameOfState(state: number): string {
    return state < 0 ? texts.monitor.notMonitoring : (this.live.states[state] ?? '')
  }

  /** Index of the last event, -1: none. */
  event(row: number): number {
    return this.live.rows.event[row] ?? -1
  }

  eventName(row: number): string {
    return this.live.events[this.live.rows.event[row] ?? -1] ?? ''
  }

  /** When the state was entered, ns since boot; NaN: in none. */
  since(row: number): number {
    const { sinceSec, sinceNsec } = this.live.rows
    return this.state(row) < 0 ? NaN : (sinceSec[row] ?? 0) * 1e9 + (sinceNsec[row] ?? 0)
  }

  /** For how long it has been in its state, ns; NaN: in none. */
  age(row: number): number {
    return Math.max(0, this.time - this.since(row))
  }

  transitions(row: number): number {
    return this.live.rows.transitions[row] ?? 0
  }

  violations(row: number): number {
    return this.live.rows.violations[row] ?? 0
  }

  /** Transitions a second, NaN: not known. */
  rate(row: number): number {
    return this.isPast ? NaN : this.rates(row)
  }

  /** The task that a CPU runs, '' where it is not known. */
  runs(row: number): string {
    const task = this.running[this.id(row)]
    if (!task) return ''
    return task.context === 'idle' ? instanceTexts.idle : `${task.comm} ${String(task.pid)}`
  }

  /** Whether anybody says what the CPUs run. */
  get knowsRunning(): boolean {
    return this.running.length > 0
  }

  /** What kind of object it is, '' where it is not known. */
  kind(row: number): string {
    if (this.info.parent !== 'deadline') return ''
    const id = this.id(row)
    // Ids of deadline entities: a task's pid; -cpu for the fair server, -cpu - nr_cpus for ext's.
    if (id > 0) return instanceTexts.kinds.task
    if (-id < this.cpus) return instanceTexts.kinds.fairServer(-id)
    return instanceTexts.kinds.server
  }
}
