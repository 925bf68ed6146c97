import { constant } from '../model/tracepoints'
import { NEVER } from './event-queue'
import { FairQueue } from './fair-queue'
import type { DeadlineFacts } from './host'
import type { Machine } from './machine'
import { DEADLINE_PRIO } from './tasks'
import { VECTOR_TIMER } from './vectors'

/** Types of deadline entities, as tracepoints pass them (dl_get_type()). */
const DL_TASK = constant('DL_TASK')
const DL_SERVER_FAIR = constant('DL_SERVER_FAIR')

/** Parameters of every CPU's fair server (sched_init_dl_servers()), in ns. */
export const SERVER_RUNTIME = 50_000_000
export const SERVER_PERIOD = 1_000_000_000
/** A server is not put off any more for less than this (dl_server_min_res). */
const SERVER_MIN_RESOLUTION = 1_000_000

const NONE = -1

/** What sched_setattr() gives a SCHED_DEADLINE task, in ns: runtime <= deadline <= period. */
export interface Reservation {
  readonly runtime: number
  readonly deadline: number
  readonly period: number
}

/**
 * The deadline class of kernel/sched/deadline.c: entities by earliest deadline,
 * each confined to its bandwidth by a constant bandwidth server (CBS). An entity
 * is a task, or the deferred server of a CPU that lends its bandwidth to fair
 * tasks which real-time ones starve. Entities are numbered as tasks are, the
 * servers come behind them. Runtime is enforced at ticks and switches, for the
 * kernel has no HRTICK_DL by default. Tasks stay on their CPU (partitioned
 * scheduling, an isolated cpuset each).
 */
export class DeadlineClass implements DeadlineFacts {
  private readonly queues: readonly FairQueue[]
  private readonly firstServer: number
  /** Static parameters. */
  private readonly dlRuntime: Float64Array
  private readonly dlDeadline: Float64Array
  private readonly dlPeriod: Float64Array
  /** What is left of the runtime, and the absolute deadline. */
  private readonly runtime: Float64Array
  private readonly deadline: Float64Array
  private readonly throttled: Uint8Array
  private readonly yielded: Uint8Array
  /** Place in the queue, or -1. */
  private readonly position: Int32Array
  // Of servers, by CPU.
  private readonly active: Uint8Array
  private readonly deferArmed: Uint8Array
  private readonly deferRunning: Uint8Array
  private readonly deferIdle: Uint8Array
  // Timers that have expired and wait for their CPU's interrupt.
  private readonly timerCpu: Int32Array
  private readonly nextExpired: Int32Array
  private readonly firstExpired: Int32Array

  /** @param slot first of the machine's queue that are this object's, one for each entity */
  constructor(
    private readonly m: Machine,
    private readonly slot: number
  ) {
    const { cpus, tasks } = m
    const entities = tasks.capacity + cpus
    const numbers = (): Float64Array => new Float64Array(entities)
    this.firstServer = tasks.capacity
    this.dlRuntime = numbers()
    this.dlDeadline = numbers()
    this.dlPeriod = numbers()
    this.runtime = numbers()
    this.deadline = numbers()
    this.throttled = new Uint8Array(entities)
    this.yielded = new Uint8Array(entities)
    this.position = new Int32Array(entities).fill(NONE)
    this.active = new Uint8Array(cpus)
    this.deferArmed = new Uint8Array(cpus)
    this.deferRunning = new Uint8Array(cpus)
    this.deferIdle = new Uint8Array(cpus)
    this.timerCpu = new Int32Array(entities)
    this.nextExpired = new Int32Array(entities).fill(NONE)
    this.firstExpired = new Int32Array(cpus).fill(NONE)
    this.queues = Array.from({ length: cpus }, () => new FairQueue(this.deadline, this.position))
    for (let cpu = 0; cpu < cpus; cpu++) {
      const server = this.firstServer + cpu
      this.dlRuntime[server] = SERVER_RUNTIME
      this.dlDeadline[server] = SERVER_PERIOD
      this.dlPeriod[server] = SERVER_PERIOD
    }
  }

  /** Slots of the machine's queue that the timers of all entities need. */
  static slots(cpus: number, tasks: number): number {
    return cpus + tasks
  }

  hasServer(task: number): number {
    return this.m.tasks.dlServer[task] === NONE ? 0 : 1
  }

  serverOf(task: number): number {
    return 0 - this.m.tasks.dlServer[task]!
  }

  attribute(name: string, object: number): number {
    const entity = this.entityOf(object)
    if (entity === NONE) return 0
    switch (name) {
      case 'dl_deadline':
        return this.dlDeadline[entity]!
      case 'dl_period':
        return this.dlPeriod[entity]!
      case 'dl_runtime':
        return this.dlRuntime[entity]!
      case 'dl_defer':
        return this.isServer(entity) ? 1 : 0
      default:
        return 0
    }
  }

  /** Entities that wait for a CPU or run on it as a server. */
  queued(cpu: number): number {
    return this.queues[cpu]!.size
  }

  /** Absolute deadline of a task's instance, in ns. */
  dueAt(task: number): number {
    return this.deadline[task]!
  }

  /** Whether a task waits for its CPU: runnable, not running and not throttled. */
  waits(task: number): boolean {
    return this.position[task] !== NONE
  }

  /** A task has this reservation from its next sched_setattr() on. */
  reserve(task: number, reservation: Reservation): void {
    this.dlRuntime[task] = reservation.runtime
    this.dlDeadline[task] = reservation.deadline
    this.dlPeriod[task] = reservation.period
  }

  /** switched_to_dl() of the running task: its first instance begins. */
  enterClass(cpu: number, task: number): void {
    this.throttled[task] = 0
    this.yielded[task] = 0
    this.newPeriod(cpu, task)
  }

  /** switched_from_dl() */
  leaveClass(task: number): void {
    this.cancelTimer(task)
    this.throttled[task] = 0
    this.yielded[task] = 0
  }

  /** A task that sleeps no more: the CBS rule for wakeups, then the queue unless it is throttled. */
  wake(cpu: number, target: number, task: number): void {
    if (this.throttled[task] === 0 && !this.implicit(task)) this.checkConstrained(cpu, task)
    if (this.throttled[task] === 1) return
    this.updateEntity(cpu, task)
    this.queues[target]!.add(task)
  }

  /** A task that goes on waiting after it was preempted. */
  putBack(cpu: number, task: number): void {
    if (this.throttled[task] === 0) this.queues[cpu]!.add(task)
  }

  /** Takes a waiting task off its queue. */
  remove(cpu: number, task: number): void {
    if (this.position[task] !== NONE) this.queues[cpu]!.remove(task)
  }

  /** Whether a task that waits comes before the one that runs. */
  preempts(task: number, current: number): boolean {
    if (this.throttled[task] === 1) return false
    if (this.m.tasks.prio[current] !== DEADLINE_PRIO) return true
    return this.deadline[task]! < this.deadline[current]!
  }

  /** pick_task_dl(): the next task, a fair one where the CPU's server comes first; -1 without any. */
  take(cpu: number): number {
    const queue = this.queues[cpu]!
    for (;;) {
      const entity = queue.first()
      if (entity === NONE) return NONE
      if (!this.isServer(entity)) {
        queue.remove(entity)
        return entity
      }
      const task = this.m.scheduler.takeFair(cpu)
      if (task !== NONE) {
        this.m.tasks.dlServer[task] = cpu
        return task
      }
      this.stopServer(cpu)
    }
  }

  /** update_curr_dl() of the deadline task that ran so many ns on a CPU, done by `by`. */
  accountTask(by: number, cpu: number, task: number, ns: number): void {
    this.update(by, cpu, task, ns, false)
  }

  /** dl_server_update(): a fair task ran so many ns, or nothing did (dl_server_update_idle()). */
  accountServer(by: number, cpu: number, ns: number, idle: boolean): void {
    if (this.active[cpu] === 1) this.update(by, cpu, this.firstServer + cpu, ns, idle)
  }

  /** yield_task_dl() of the running task: it is done for this period. */
  yieldTask(cpu: number, task: number): void {
    this.yielded[task] = 1
    this.m.scheduler.account(cpu)
  }

  /** dl_server_start(): the first fair task becomes runnable on a CPU. */
  startServer(cpu: number, target: number): void {
    this.deferIdle[target] = 0
    if (this.active[target] === 1) return
    const server = this.firstServer + target
    this.m.scheduler.account(target, cpu)
    this.m.probes.dlServerStart(cpu, 0 - target, target, DL_SERVER_FAIR)
    this.active[target] = 1
    this.updateEntity(cpu, server)
    if (this.throttled[server] === 1) {
      if (this.startTimer(server)) return
      this.cancelTimer(server)
      this.deferArmed[target] = 0
      this.throttled[server] = 0
    }
    this.queues[target]!.add(server)
    this.preemptFor(cpu, target, server)
  }

  /** An entity's timer is due: its CPU is interrupted. */
  due(slot: number): void {
    const entity = slot - this.slot
    const cpu = this.timerCpu[entity]!
    this.m.queue.set(slot, NEVER)
    this.nextExpired[entity] = this.firstExpired[cpu]!
    this.firstExpired[cpu] = entity
    this.m.raiseVector(cpu, VECTOR_TIMER)
  }

  /** dl_task_timer() of all entities whose timer has expired, in the hardirq. */
  runTimers(cpu: number): void {
    const { m } = this
    while (this.firstExpired[cpu] !== NONE) {
      const entity = this.firstExpired[cpu]!
      this.firstExpired[cpu] = this.nextExpired[entity]!
      this.nextExpired[entity] = NONE
      // task_rq_lock(): the pi_lock and the runqueue's.
      m.preemptCount[cpu] = m.preemptCount[cpu]! + 2
      if (this.isServer(entity)) this.serverTimer(cpu, entity)
      else this.taskTimer(cpu, entity)
      m.preemptCount[cpu] = m.preemptCount[cpu] - 2
    }
  }

  private taskTimer(cpu: number, task: number): void {
    const { tasks } = this.m
    if (tasks.prio[task] !== DEADLINE_PRIO || this.throttled[task] === 0) return
    this.replenish(cpu, task)
    if (tasks.onRq[task] === 0 || tasks.onCpu[task] !== NONE) return
    const target = tasks.cpu[task]!
    this.queues[target]!.add(task)
    this.preemptFor(cpu, target, task)
  }

  /** dl_server_timer() */
  private serverTimer(cpu: number, server: number): void {
    if (this.throttled[server] === 0) return
    this.m.scheduler.account(cpu)
    // It can have been armed anew by what was just accounted.
    if (this.m.queue.time[this.slot + server] !== NEVER) return
    if (this.deferIdle[cpu] === 1) {
      this.stopServer(cpu)
      return
    }
    if (this.deferArmed[cpu] === 1) {
      const laxity = this.deadline[server]! - this.runtime[server]! - this.m.now
      if (laxity > SERVER_MIN_RESOLUTION) {
        // Fair tasks ran meanwhile: it can wait for longer.
        this.m.queue.set(this.slot + server, this.m.now + laxity)
        return
      }
      this.deferRunning[cpu] = 1
    }
    this.replenish(cpu, server)
    if (this.throttled[server] === 1) return
    this.queues[cpu]!.add(server)
    this.preemptFor(cpu, cpu, server)
  }

  /** dl_server_stop() */
  private stopServer(cpu: number): void {
    const server = this.firstServer + cpu
    this.m.probes.dlServerStop(cpu, 0 - cpu, cpu, DL_SERVER_FAIR)
    this.remove(cpu, server)
    this.cancelTimer(server)
    this.deferArmed[cpu] = 0
    this.throttled[server] = 0
    this.deferIdle[cpu] = 0
    this.active[cpu] = 0
  }

  /** update_curr_dl_se() */
  private update(by: number, cpu: number, entity: number, ns: number, idle: boolean): void {
    if (ns <= 0 && this.yielded[entity] === 0) return
    const server = this.isServer(entity)
    // Off the queue already, on its way out.
    if (!server && this.throttled[entity] === 1) return
    this.runtime[entity] = this.runtime[entity]! - ns
    if (server) {
      if (!idle) this.deferIdle[cpu] = 0
      if (this.throttled[entity] === 1 && this.runtime[entity] <= 0) {
        this.consumedWhileThrottled(by, cpu, entity, idle)
        return
      }
    }
    if (this.runtime[entity] > 0 && this.yielded[entity] === 0) {
      this.m.probes.dlUpdate(by, this.idOf(entity), cpu, this.typeOf(entity))
      return
    }
    this.m.probes.dlThrottle(by, this.idOf(entity), cpu, this.typeOf(entity))
    this.throttled[entity] = 1
    this.remove(cpu, entity)
    if (!this.startTimer(entity)) {
      if (this.isServer(entity)) {
        this.newPeriod(by, entity)
        this.startTimer(entity)
      } else {
        this.replenish(by, entity)
        return
      }
    }
    this.m.scheduler.resched(by, cpu)
  }

  /** Fair tasks, or nothing, used up a server's runtime while it waited: it is not needed in this period. */
  private consumedWhileThrottled(by: number, cpu: number, server: number, idle: boolean): void {
    if (this.deferIdle[cpu] === 1 && idle) {
      this.runtime[server] = 0
      return
    }
    this.deferRunning[cpu] = 0
    this.cancelTimer(server)
    this.newPeriod(by, server)
    if (idle) this.deferIdle[cpu] = 1
    this.startTimer(server)
  }

  /** replenish_dl_new_period() */
  private newPeriod(cpu: number, entity: number): void {
    this.deadline[entity] = this.m.now + this.dlDeadline[entity]!
    this.runtime[entity] = this.dlRuntime[entity]!
    const of = entity - this.firstServer
    if (of >= 0 && this.deferRunning[of] === 0) {
      this.throttled[entity] = 1
      this.deferArmed[of] = 1
    }
    this.traceReplenish(cpu, entity)
  }

  /** replenish_dl_entity() */
  private replenish(cpu: number, entity: number): void {
    const { m } = this
    const of = entity - this.firstServer
    if (of >= 0 && this.deferArmed[of] === 1 && this.overflows(entity)) {
      this.deadline[entity] = m.now + this.dlDeadline[entity]!
      this.runtime[entity] = this.dlRuntime[entity]!
    }
    if (this.yielded[entity] === 1 && this.runtime[entity]! > 0) this.runtime[entity] = 0
    while (this.runtime[entity]! <= 0) {
      this.deadline[entity] = this.deadline[entity]! + this.dlPeriod[entity]!
      this.runtime[entity] = this.runtime[entity]! + this.dlRuntime[entity]!
    }
    if (this.deadline[entity]! < m.now) this.newPeriod(cpu, entity)
    this.yielded[entity] = 0
    this.throttled[entity] = 0
    this.traceReplenish(cpu, entity)
    if (of < 0) return
    if (this.deferArmed[of] === 1) {
      this.deferArmed[of] = 0
      return
    }
    const zeroLaxity = this.deadline[entity]! - this.runtime[entity]!
    if (this.deferRunning[of] === 0 && m.now < zeroLaxity) {
      this.deferArmed[of] = 1
      this.throttled[entity] = 1
      if (!this.startTimer(entity)) {
        this.deferArmed[of] = 0
        this.throttled[entity] = 0
      }
    }
  }

  /** update_dl_entity(): whether what is left of runtime and deadline may be used on. */
  private updateEntity(cpu: number, entity: number): void {
    const { now } = this.m
    const of = entity - this.firstServer
    const server = of >= 0
    const late = this.deadline[entity]! < now
    if (late || this.overflows(entity)) {
      if (!late && (server || !this.implicit(entity))) {
        // The revised CBS rule: as much runtime as fits until the deadline.
        const density = this.dlRuntime[entity]! / this.dlDeadline[entity]!
        this.runtime[entity] = Math.floor(density * (this.deadline[entity]! - now))
        return
      }
      if (server) this.deferRunning[of] = 0
      this.newPeriod(cpu, entity)
    } else if (server && this.deferRunning[of] === 0) {
      this.deferArmed[of] = 1
      this.throttled[entity] = 1
    }
  }

  /** dl_entity_overflow(): the rest of the runtime is more than the bandwidth until the deadline. */
  private overflows(entity: number): boolean {
    const us = (ns: number): number => Math.floor(ns / 1024)
    const left = us(this.dlDeadline[entity]!) * us(this.runtime[entity]!)
    const right = us(this.deadline[entity]! - this.m.now) * us(this.dlRuntime[entity]!)
    return right < left
  }

  /** dl_check_constrained_dl(): woken behind its deadline, before its next period. */
  private checkConstrained(cpu: number, task: number): void {
    const { now } = this.m
    if (!(this.deadline[task]! < now && now < this.nextPeriod(task))) return
    if (!this.startTimer(task)) return
    this.m.probes.dlThrottle(cpu, this.idOf(task), cpu, DL_TASK)
    this.throttled[task] = 1
    if (this.runtime[task]! > 0) this.runtime[task] = 0
  }

  private nextPeriod(entity: number): number {
    return this.deadline[entity]! - this.dlDeadline[entity]! + this.dlPeriod[entity]!
  }

  /** start_dl_timer(). @returns whether the moment is still to come */
  private startTimer(entity: number): boolean {
    const { m } = this
    const of = entity - this.firstServer
    const deferred = of >= 0 && this.deferArmed[of] === 1
    const at = deferred ? this.deadline[entity]! - this.runtime[entity]! : this.nextPeriod(entity)
    if (at < m.now) return false
    if (m.queue.time[this.slot + entity] !== NEVER) return true
    this.timerCpu[entity] = of >= 0 ? of : m.tasks.cpu[entity]!
    m.queue.set(this.slot + entity, at)
    return true
  }

  private cancelTimer(entity: number): void {
    this.m.queue.set(this.slot + entity, NEVER)
  }

  private preemptFor(cpu: number, target: number, entity: number): void {
    const current = this.m.current[target]!
    const deadlineRuns = this.m.tasks.prio[current] === DEADLINE_PRIO
    if (!deadlineRuns || this.deadline[entity]! < this.deadline[current]!) {
      this.m.scheduler.resched(cpu, target)
    }
  }

  private traceReplenish(cpu: number, entity: number): void {
    const of = this.isServer(entity) ? entity - this.firstServer : cpu
    this.m.probes.dlReplenish(cpu, this.idOf(entity), of, this.typeOf(entity))
  }

  private isServer(entity: number): boolean {
    return entity >= this.firstServer
  }

  private implicit(entity: number): boolean {
    return this.dlDeadline[entity] === this.dlPeriod[entity]
  }

  private idOf(entity: number): number {
    return this.isServer(entity) ? this.firstServer - entity : this.m.tasks.pid[entity]!
  }

  private typeOf(entity: number): number {
    return this.isServer(entity) ? DL_SERVER_FAIR : DL_TASK
  }

  private entityOf(object: number): number {
    if (object > 0) return this.m.tasks.taskOf(object)
    return object > -this.m.cpus ? this.firstServer - object : NONE
  }
}
