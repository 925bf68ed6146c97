import { constant } from '../model/tracepoints'
import { DeadlineClass } from './deadline'
import { FairQueue } from './fair-queue'
import type { Machine } from './machine'
import { Placement } from './placement'
import { RtQueue } from './rt-queue'
import { TaskLists } from './task-list'
import {
  DEADLINE_PRIO,
  MAX_RT_PRIO,
  TASK_DEAD,
  TASK_INTERRUPTIBLE,
  TASK_RUNNING,
  TASK_WAKING
} from './tasks'
import { SOFTIRQ_SCHED, SOFTIRQ_TIMER, VECTOR_CALL_FUNCTION, VECTOR_RESCHEDULE } from './vectors'

/** CONFIG_HZ=250 */
export const TICK = 4_000_000
/** How long a fair task runs before others of its CPU get their turn. */
export const SLICE = 3_000_000
/** Lead in virtual runtime that a woken task needs to preempt. */
const WAKEUP_GRANULARITY = 1_000_000
/** Virtual runtime that a sleeper is given at most. */
const SLEEPER_CREDIT = 1_500_000
/** Ticks between two looks for a better balance. */
const BALANCE_TICKS = 16
/** What runs only where there is nothing else; only compared with. */
const IDLE_PRIO = 140

/** What sched_set_need_resched_tp passes. */
const TIF_NEED_RESCHED = constant('TIF_NEED_RESCHED')

/** Runqueues, which task comes next, and where a woken task goes. */
export class Scheduler {
  readonly fair: readonly FairQueue[]
  readonly realTime: readonly RtQueue[]
  readonly deadline: DeadlineClass
  readonly placement: Placement
  /** Tasks that other CPUs woke for this one (ttwu_queue_wakelist). */
  readonly remoteWakeups: TaskLists
  /** The variant of __schedule() that runs: 1 is SM_PREEMPT. */
  readonly preempting: Uint8Array
  /** prev->__state as __schedule() read it. */
  private readonly previousState: Int32Array
  /** Since when the current task's runtime is not accounted. */
  private readonly accountedUntil: Float64Array
  private readonly sliceStart: Float64Array
  private readonly ticks: Int32Array
  private readonly tickSlot: number

  constructor(private readonly m: Machine) {
    const { cpus, tasks } = m
    this.fair = Array.from(
      { length: cpus },
      () => new FairQueue(tasks.vruntime, tasks.fairPosition)
    )
    this.realTime = Array.from({ length: cpus }, () => new RtQueue(tasks.rtNext))
    this.placement = new Placement(m, this)
    this.deadline = new DeadlineClass(m, m.devices.deadlineSlot)
    this.remoteWakeups = new TaskLists(cpus, tasks.listNext)
    this.preempting = new Uint8Array(cpus)
    this.previousState = new Int32Array(cpus)
    this.accountedUntil = new Float64Array(cpus).fill(m.now)
    this.sliceStart = new Float64Array(cpus)
    this.ticks = new Int32Array(cpus)
    this.tickSlot = m.devices.tickSlot
  }

  /** Tasks that wait on a CPU, without the running one. */
  queued(cpu: number): number {
    return this.fair[cpu]!.size + this.realTime[cpu]!.size + this.deadline.queued(cpu)
  }

  isIdle(cpu: number): boolean {
    return this.m.current[cpu] === cpu && this.queued(cpu) === 0
  }

  /** The part of __schedule() that decides whether prev sleeps. */
  deactivate(cpu: number): void {
    const { m } = this
    const { tasks } = m
    const previous = m.current[cpu]!
    const state = tasks.state[previous]!
    this.previousState[cpu] = state
    if (this.preempting[cpu] === 1 || state === TASK_RUNNING) return
    if ((state & TASK_INTERRUPTIBLE) !== 0 && tasks.pendingSignals[previous] !== 0) {
      // try_to_block_task(): a signal waits, hence it does not sleep. No tracepoint says so.
      tasks.state[previous] = TASK_RUNNING
      this.previousState[cpu] = TASK_RUNNING
      return
    }
    tasks.onRq[previous] = 0
  }

  /** pick_next_task(), trace_sched_switch() and context_switch(). @returns 1 if the task changed */
  pickAndSwitch(cpu: number): number {
    const { m } = this
    const { tasks } = m
    const previous = m.current[cpu]!
    this.account(cpu)
    const requeue = previous !== cpu && tasks.onRq[previous] === 1
    if (requeue) this.putBack(cpu, previous)
    tasks.dlServer[previous] = -1
    let next = this.take(cpu)
    if (next === cpu && this.placement.pull(cpu)) next = this.take(cpu)
    // Only now: what wanted the previous task off the CPU while the next one was chosen has been obeyed.
    m.needResched[cpu] = 0
    if (this.realTime[cpu]!.size > 0) this.placement.pushRealTime(cpu, next)
    if (next === previous) return 0
    m.probes.schedSwitch(cpu, this.preempting[cpu]!, previous, next, this.previousState[cpu]!)
    tasks.onCpu[previous] = -1
    tasks.onCpu[next] = cpu
    tasks.cpu[next] = cpu
    m.current[cpu] = next
    m.context[cpu] = next
    this.sliceStart[cpu] = m.now
    if (previous === cpu) this.startTick(cpu)
    else if (next === cpu) m.queue.set(this.tickSlot + cpu, Infinity)
    if (tasks.state[previous] === TASK_DEAD) m.workload.released(previous)
    return 1
  }

  /** A task becomes runnable on a CPU, with the sched_wakeup (or sched_wakeup_new) on `cpu`, which executes this. */
  activate(cpu: number, target: number, task: number, isNew: boolean): void {
    const { tasks } = this.m
    tasks.onRq[task] = 1
    tasks.cpu[task] = target
    if (tasks.prio[task]! >= MAX_RT_PRIO) {
      const floor = this.fair[target]!.minVruntime - (isNew ? 0 : SLEEPER_CREDIT)
      if (tasks.vruntime[task]! < floor) tasks.vruntime[task] = floor
    }
    if (tasks.prio[task] === DEADLINE_PRIO) this.deadline.wake(cpu, target, task)
    else this.enqueue(cpu, target, task)
    this.checkPreempt(cpu, target, task)
    tasks.state[task] = TASK_RUNNING
    if (isNew) this.m.probes.schedWakeupNew(cpu, task)
    else this.m.probes.schedWakeup(cpu, task)
  }

  /** sched_ttwu_pending(): under the lock of the runqueue, on the target itself. */
  activateHere(cpu: number, task: number): void {
    const { m } = this
    m.preemptCount[cpu] = m.preemptCount[cpu]! + 1
    this.activate(cpu, cpu, task, false)
    m.preemptCount[cpu] = m.preemptCount[cpu] - 1
  }

  /** The second half of try_to_wake_up(), the task's pi_lock held. */
  wake(cpu: number, task: number): void {
    const { m } = this
    const { tasks } = m
    if (tasks.onRq[task] === 1) {
      // ttwu_runnable(): it has not gone to sleep yet, or was preempted on its way.
      tasks.state[task] = TASK_RUNNING
      m.preemptCount[cpu] = m.preemptCount[cpu]! + 1
      if (tasks.onCpu[task] === -1) this.checkPreempt(cpu, tasks.cpu[task]!, task)
      m.probes.schedWakeup(cpu, task)
      m.preemptCount[cpu] = m.preemptCount[cpu] - 1
      return
    }
    tasks.state[task] = TASK_WAKING
    const switching = tasks.onCpu[task]!
    if (switching !== -1) {
      // It is being switched away from: its CPU wakes it once that is done.
      this.wakeRemotely(switching, task)
      return
    }
    const target = this.placement.selectCpu(cpu, task)
    if (target !== cpu && this.isIdle(target)) {
      this.wakeRemotely(target, task)
      return
    }
    m.preemptCount[cpu] = m.preemptCount[cpu]! + 1
    if (target !== tasks.cpu[task]) m.probes.schedMigrate(cpu, task, tasks.cpu[task]!, target)
    this.activate(cpu, target, task, false)
    m.preemptCount[cpu] = m.preemptCount[cpu] - 1
  }

  /** A task of the first hour: runnable without a tracepoint. */
  start(cpu: number, task: number): void {
    const { m } = this
    m.tasks.state[task] = TASK_RUNNING
    m.tasks.onRq[task] = 1
    this.enqueue(cpu, cpu, task)
    m.needResched[cpu] = 1
  }

  /** wake_up_new_task() */
  wakeNew(cpu: number, task: number): void {
    const { m } = this
    const target = this.placement.selectCpu(cpu, task)
    m.tasks.state[task] = TASK_RUNNING
    m.preemptCount[cpu] = m.preemptCount[cpu]! + 1
    this.activate(cpu, target, task, true)
    m.preemptCount[cpu] = m.preemptCount[cpu] - 1
  }

  /** The scheduler's tick. @returns 0; it runs only where a tick is due */
  tick(cpu: number): number {
    const { m } = this
    if (!m.devices.takeTick(cpu)) return 0
    this.account(cpu)
    if (!m.devices.wheel.empty(cpu) || m.timers.wheelIsDue(cpu)) this.raise(cpu, SOFTIRQ_TIMER)
    const current = m.current[cpu]!
    const fair = this.fair[cpu]!
    if (
      current !== cpu &&
      m.tasks.prio[current]! >= MAX_RT_PRIO &&
      fair.size > 0 &&
      m.now - this.sliceStart[cpu]! >= SLICE
    ) {
      this.resched(cpu, cpu)
    }
    const ticks = this.ticks[cpu]! + 1
    this.ticks[cpu] = ticks
    if (ticks % BALANCE_TICKS === 0) this.raise(cpu, SOFTIRQ_SCHED)
    return 0
  }

  /** Sends an interrupt for a preemption, or wants one here. */
  resched(cpu: number, target: number): void {
    const { m } = this
    if (m.needResched[target] === 1) return
    m.probes.setNeedResched(cpu, m.current[target]!, target, TIF_NEED_RESCHED)
    m.needResched[target] = 1
    if (target !== cpu) m.devices.sendIpi(target, VECTOR_RESCHEDULE)
  }

  private raise(cpu: number, softirq: number): void {
    this.m.pendingSoftirqs[cpu] = this.m.pendingSoftirqs[cpu]! | (1 << softirq)
  }

  private wakeRemotely(target: number, task: number): void {
    this.remoteWakeups.add(target, task)
    this.m.devices.sendIpi(target, VECTOR_CALL_FUNCTION)
  }

  /** wakeup_preempt(): whether a task that waits on `target` comes before the one that runs there. */
  checkPreempt(cpu: number, target: number, task: number): void {
    const { tasks } = this.m
    const current = this.m.current[target]!
    if (tasks.prio[task] === DEADLINE_PRIO) {
      if (this.deadline.preempts(task, current)) this.resched(cpu, target)
      return
    }
    const currentPrio = current === target ? IDLE_PRIO : tasks.prio[current]!
    const prio = tasks.prio[task]!
    if (prio >= MAX_RT_PRIO && currentPrio >= MAX_RT_PRIO && currentPrio < IDLE_PRIO) {
      const lead = tasks.vruntime[current]! - tasks.vruntime[task]!
      if (lead > WAKEUP_GRANULARITY) this.resched(cpu, target)
    } else if (prio < currentPrio) {
      this.resched(cpu, target)
    }
  }

  /** A task that is no deadline one begins to wait on `target`. */
  enqueue(cpu: number, target: number, task: number): void {
    const prio = this.m.tasks.prio[task]!
    if (prio < MAX_RT_PRIO) {
      this.realTime[target]!.add(task, prio, false)
      return
    }
    const first = this.fair[target]!.size === 0 && !this.runsFair(target)
    this.fair[target]!.add(task)
    if (first) this.deadline.startServer(cpu, target)
  }

  /** A task that was preempted waits again; a real-time one keeps its turn. */
  private putBack(cpu: number, task: number): void {
    const prio = this.m.tasks.prio[task]!
    if (prio === DEADLINE_PRIO) this.deadline.putBack(cpu, task)
    else if (prio < MAX_RT_PRIO) this.realTime[cpu]!.add(task, prio, true)
    else this.fair[cpu]!.add(task)
  }

  /** Takes the next task off its queue; the idle task where there is none. */
  private take(cpu: number): number {
    const deadline = this.deadline.take(cpu)
    if (deadline !== -1) return deadline
    const realTime = this.realTime[cpu]!
    if (realTime.size > 0) return realTime.removeFirst()
    const task = this.takeFair(cpu)
    return task === -1 ? cpu : task
  }

  /** Takes the fair task that is next, or -1. */
  takeFair(cpu: number): number {
    const fair = this.fair[cpu]!
    const task = fair.first()
    if (task === -1) return -1
    fair.remove(task)
    const vruntime = this.m.tasks.vruntime[task]!
    if (vruntime > fair.minVruntime) fair.minVruntime = vruntime
    return task
  }

  private runsFair(cpu: number): boolean {
    const current = this.m.current[cpu]!
    const { onRq, prio } = this.m.tasks
    return current !== cpu && onRq[current] === 1 && prio[current]! >= MAX_RT_PRIO
  }

  /** update_curr() of a CPU, done by `by`. */
  account(cpu: number, by = cpu): void {
    const { m } = this
    const { prio, vruntime } = m.tasks
    const current = m.current[cpu]!
    const ran = m.now - this.accountedUntil[cpu]!
    this.accountedUntil[cpu] = m.now
    if (current === cpu) {
      this.deadline.accountServer(by, cpu, ran, true)
    } else if (prio[current] === DEADLINE_PRIO) {
      this.deadline.accountTask(by, cpu, current, ran)
    } else if (prio[current]! >= MAX_RT_PRIO) {
      vruntime[current] = vruntime[current]! + ran
      this.deadline.accountServer(by, cpu, ran, false)
    }
  }

  private startTick(cpu: number): void {
    const { m } = this
    const ticks = Math.floor((m.now - this.tickTime(cpu, 0)) / TICK) + 1
    m.queue.set(this.tickSlot + cpu, this.tickTime(cpu, ticks))
  }

  /** When the tick of a jiffy comes on a CPU: the CPUs' ticks are spread over a jiffy. */
  tickTime(cpu: number, jiffy: number): number {
    return jiffy * TICK + Math.floor((TICK * cpu) / this.m.cpus)
  }
}
