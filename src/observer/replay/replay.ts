import type { EngineHost, RvTraceSink } from '../../engine/host'
import type { RvMonitor } from '../../engine/monitor'
import { RvEngine } from '../../engine/rv'
import type { MonitorModel } from '../../model/load'
import { CONTEXT_VARIABLES, TASK_ATTRIBUTES } from '../../model/tracepoints'
import { RecordKind, type TraceBatch } from '../../trace/batch'
import { contextOf, contextVariable, type RecordContext } from './context'
import { Payload } from './payload'
import { forkedPid, RECORDS, type ReadArguments } from './records'
import { ReplayTasks } from './tasks'
import { ReplayTimers } from './timers'

export interface ReplayOptions {
  /** What to run; containers are passed over, and so is what the records of a kernel cannot feed. */
  readonly models: readonly MonitorModel[]
  /** Told what a kernel's monitors would have written; `monitors` has the names to the indexes. */
  readonly trace: RvTraceSink
  /** Reaction messages and warnings, as for the kernel log. */
  readonly printk?: (level: number, text: string) => void
  /** CPUs of the machine; records of others are passed over and counted. */
  readonly cpus: number
  /** Length of its tick in ns: jiffies are whole ticks of the trace clock. */
  readonly tick: number
  /** pids of kernel threads, which LTL models ask for; a trace does not say. */
  readonly kthreads?: ReadonlySet<number>
  /** Parameters of monitors, such as `stall.threshold_jiffies`; others have their defaults. */
  readonly parameters?: ReadonlyMap<string, string>
}

/** A monitor that cannot be derived, and the tracepoints that no stock kernel records. */
export interface NotReplayed {
  readonly monitor: string
  readonly missing: readonly string[]
}

interface RecordedTracepoint {
  readonly tracepoint: number
  readonly read: ReadArguments
  readonly exits: boolean
}

const NO_CONTEXT = contextOf('.....')
/** Known trace event names by their index in the batches' table. */
type Kind = RecordedTracepoint | 'fork' | undefined

/**
 * Runs monitors over recorded tracepoints (see README.md). What it derives is what the
 * records allow: instances begin as the start rules of their models say, and where the
 * kernel lost records all of them begin anew.
 */
export class Replay implements EngineHost {
  /** Monitors that run, by the index that the sink is given. */
  readonly monitors: readonly RvMonitor[]
  readonly notReplayed: readonly NotReplayed[]
  /** Records of a trace event that is known, which did not read as the kernel prints them. */
  malformed = 0
  /** Records of CPUs beyond `cpus`. */
  skipped = 0

  readonly possibleCpus: number
  readonly timers: ReplayTimers
  readonly trace: RvTraceSink
  private readonly engine: RvEngine
  private readonly tasks: ReplayTasks
  private readonly payload = new Payload()
  private readonly expired = { at: 0, cpu: 0 }
  private readonly readers = new Map<string, Kind>([['sched_process_fork', 'fork']])
  /** By name index; null: not looked up yet. */
  private readonly kinds: (Kind | null)[] = []
  private readonly contexts: (RecordContext | undefined)[] = []
  private readonly newtask: number
  /** Tasks whose creation task_newtask has told already. */
  private readonly born = new Set<number>()
  private time = 0
  private cpu = 0
  private current = 0
  private where: RecordContext = NO_CONTEXT

  /** @throws Errno where a model cannot be registered, as RvEngine.register() */
  constructor(private readonly options: ReplayOptions) {
    this.possibleCpus = options.cpus
    this.trace = options.trace
    this.timers = new ReplayTimers(options.tick)
    this.tasks = new ReplayTasks(options.kthreads ?? new Set())
    const run: MonitorModel[] = []
    const notReplayed: NotReplayed[] = []
    const recorded = new Set(RECORDS.map(({ name }) => name))
    for (const model of options.models) {
      if (model.kind === 'container') continue
      const { tracepoints } = model.instrumentation
      const missing = tracepoints
        .map(({ tracepoint }) => tracepoint)
        .filter((name) => !recorded.has(name))
      if (missing.length > 0) notReplayed.push({ monitor: model.name, missing })
      else {
        // Alone, without its container: only names count here.
        run.push({ ...model, instrumentation: { ...model.instrumentation, parent: undefined } })
      }
    }
    this.notReplayed = notReplayed
    const engine = new RvEngine(this, { perTaskSlots: Math.max(1, run.length) })
    this.engine = engine
    this.newtask = engine.bus.index('task_newtask')
    for (const { name, read } of RECORDS) {
      const tracepoint = engine.bus.index(name)
      this.readers.set(name, { tracepoint, read, exits: name === 'sched_process_exit' })
    }
    for (const model of run) engine.register(model)
    this.monitors = engine.monitors
    for (const [parameter, value] of options.parameters ?? []) {
      const [monitor = '', name = ''] = parameter.split('.')
      if (engine.find(monitor) !== undefined) engine.parameters.set(monitor, name, value)
    }
    for (const monitor of this.monitors) engine.enable(monitor)
  }

  /** Takes the records of a batch, in order. Those of RV itself are passed over. */
  feed(batch: TraceBatch): void {
    for (let i = 0; i < batch.count; i++) {
      const kind = batch.kind[i]
      if (kind === RecordKind.Other) this.record(batch, i)
      else if (kind === RecordKind.Lost) this.restart()
    }
  }

  /** Every instance begins anew: what was lost may have been its next event. */
  restart(): void {
    for (const monitor of this.monitors) this.engine.disable(monitor)
    for (const monitor of this.monitors) this.engine.enable(monitor)
  }

  now(): number {
    return this.time
  }
  jiffies(): number {
    return Math.floor(this.time / this.timers.tick)
  }
  currentCpu(): number {
    return this.cpu
  }
  currentTask(): number {
    return this.current
  }
  context(variable: number): number {
    const name = CONTEXT_VARIABLES[variable]?.name ?? ''
    return contextVariable(name, this.where, this.cpu, this.possibleCpus)
  }
  taskAttribute(attribute: number, task: number): number {
    return this.tasks.attribute(TASK_ATTRIBUTES[attribute]?.name ?? '', task)
  }
  /** Objects are known to tracepoints without trace events only. */
  objectAttribute(): number {
    return 0
  }
  isOnline(): boolean {
    return true
  }
  forEachTask(visit: (task: number) => void): void {
    for (let task = 0; task < this.tasks.count; task++) visit(task)
  }
  commOf(task: number): string {
    return this.tasks.comm(task)
  }
  pidOf(task: number): number {
    return this.tasks.pid(task)
  }
  printk(level: number, text: string): void {
    this.options.printk?.(level, text)
  }
  /** No reactor is ever chosen here. */
  panic(): void {
    return
  }

  private record(batch: TraceBatch, i: number): void {
    const kind = this.kindOf(batch, batch.monitor[i] ?? 0)
    if (kind === undefined) return
    const cpu = batch.cpu[i] ?? 0
    if (cpu >= this.possibleCpus) {
      this.skipped++
      return
    }
    this.expire((batch.timeSec[i] ?? 0) * 1e9 + (batch.timeNsec[i] ?? 0))
    this.enter(cpu, this.tasks.index(batch.pid[i] ?? 0, cpu), batch, i)
    const { payload, engine } = this
    payload.begin(batch.bytes, batch.textStart[i] ?? 0, batch.textEnd[i] ?? 0)
    if (kind === 'fork') {
      const pid = forkedPid(payload)
      if (payload.failed) this.malformed++
      else this.forked(pid)
      return
    }
    const { args } = engine.bus
    kind.read(payload, args, this.tasks, cpu)
    if (payload.failed) {
      this.malformed++
      return
    }
    if (kind.tracepoint === this.newtask) {
      this.created(args[0] ?? 0)
      this.born.add(this.tasks.pid(args[0] ?? 0))
    }
    const task = args[0] ?? 0
    engine.bus.fire(kind.tracepoint)
    if (kind.exits) engine.taskExited(task)
  }

  /** sched_process_fork comes after task_newtask, where that was recorded too; without it, it stands for both. */
  private forked(pid: number): void {
    if (this.born.delete(pid)) return
    const task = this.tasks.index(pid, this.cpu)
    this.created(task)
    this.engine.bus.args[0] = task
    this.engine.bus.fire(this.newtask)
  }

  private created(task: number): void {
    this.engine.taskCreated(task)
  }

  /** Timers that were due before a record's time expire, each at its own. */
  private expire(now: number): void {
    const { timers, expired } = this
    for (let timer = timers.take(now, expired); timer >= 0; timer = timers.take(now, expired)) {
      this.time = Math.max(this.time, expired.at)
      this.cpu = timers.cpu = expired.cpu
      this.where = NO_CONTEXT
      this.engine.timerExpired(timer)
    }
    // Records of several CPUs are merged by time, but a damaged one may go back.
    this.time = Math.max(this.time, now)
  }

  private enter(cpu: number, current: number, batch: TraceBatch, i: number): void {
    this.cpu = this.timers.cpu = cpu
    this.current = current
    this.tasks.setComm(current, batch.names.names[batch.comm[i] ?? 0] ?? '')
    const flags = batch.flags[i] ?? 0
    this.where = this.contexts[flags] ??= contextOf(batch.names.names[flags] ?? '')
  }

  private kindOf(batch: TraceBatch, name: number): Kind {
    const known = this.kinds[name]
    if (known !== undefined && known !== null) return known
    if (known === undefined && name in this.kinds) return undefined
    const kind = this.readers.get(batch.names.names[name] ?? '')
    this.kinds[name] = kind
    return kind
  }
}
