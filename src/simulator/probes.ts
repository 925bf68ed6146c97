import type { RvTraceSink } from '../engine/host'
import type { TracepointBus } from '../engine/tracepoints'
import type { Machine } from './machine'
import { EV, EVENTS_PER_MONITOR, FIRST_MONITOR_EVENT, PREEMPTED } from './trace-events'
import type { TraceHub } from './trace-hub'
import {
  CALL_FUNCTION_SINGLE_VECTOR,
  diskIrq,
  networkIrq,
  RESCHEDULE_VECTOR,
  VECTOR_DISK
} from './vectors'

/**
 * The tracepoints of the simulated kernel. Each goes to trace instances that
 * have its trace event on, and then to monitors that are attached, in the order
 * in which a kernel with tracing set up first calls them. Where nobody listens
 * a tracepoint costs two look-ups.
 */
export class Probes implements RvTraceSink {
  /** CPU that raises a tracepoint right now: what the engine asks for. */
  cpu = 0
  private readonly on: Uint8Array
  private readonly attached: Uint8Array
  private readonly args: Float64Array
  private readonly tp

  constructor(
    private readonly m: Machine,
    private readonly hub: TraceHub,
    private readonly bus: TracepointBus
  ) {
    this.on = hub.on
    this.attached = bus.attached
    this.args = bus.args
    const index = (name: string): number => bus.index(name)
    this.tp = {
      preemptDisable: index('preempt_disable'),
      preemptEnable: index('preempt_enable'),
      irqDisable: index('irq_disable'),
      irqEnable: index('irq_enable'),
      schedSwitch: index('sched_switch'),
      schedWakeup: index('sched_wakeup'),
      schedWakeupNew: index('sched_wakeup_new'),
      schedWaking: index('sched_waking'),
      irqHandlerEntry: index('irq_handler_entry'),
      irqHandlerExit: index('irq_handler_exit'),
      localTimerEntry: index('local_timer_entry'),
      localTimerExit: index('local_timer_exit'),
      rescheduleEntry: index('reschedule_entry'),
      callFunctionSingleEntry: index('call_function_single_entry'),
      softirqEntry: index('softirq_entry'),
      softirqExit: index('softirq_exit'),
      schedEntry: index('sched_entry_tp'),
      schedExit: index('sched_exit_tp'),
      schedSetState: index('sched_set_state_tp'),
      setNeedResched: index('sched_set_need_resched_tp'),
      taskNewtask: index('task_newtask'),
      processExit: index('sched_process_exit')
    }
  }

  preemptDisable(cpu: number): void {
    this.plain(cpu, EV.preemptDisable, this.tp.preemptDisable)
  }

  preemptEnable(cpu: number): void {
    this.plain(cpu, EV.preemptEnable, this.tp.preemptEnable)
  }

  irqDisable(cpu: number): void {
    this.plain(cpu, EV.irqDisable, this.tp.irqDisable)
  }

  irqEnable(cpu: number): void {
    this.plain(cpu, EV.irqEnable, this.tp.irqEnable)
  }

  schedWaking(cpu: number, task: number): void {
    this.wakeup(cpu, EV.schedWaking, this.tp.schedWaking, task)
  }

  schedWakeup(cpu: number, task: number): void {
    this.wakeup(cpu, EV.schedWakeup, this.tp.schedWakeup, task)
  }

  schedWakeupNew(cpu: number, task: number): void {
    this.wakeup(cpu, EV.schedWakeupNew, this.tp.schedWakeupNew, task)
  }

  schedSwitch(cpu: number, preempt: number, previous: number, next: number, state: number): void {
    if (this.on[EV.schedSwitch] !== 0) {
      const { comm, pid, prio, exitState } = this.m.tasks
      const recorded = preempt === 1 ? PREEMPTED : state | exitState[previous]!
      this.hub.record(
        EV.schedSwitch,
        cpu,
        0,
        comm[previous],
        pid[previous],
        prio[previous],
        recorded,
        comm[next],
        pid[next],
        prio[next]
      )
    }
    if (this.attached[this.tp.schedSwitch] === 1) {
      this.args[0] = preempt
      this.args[1] = previous
      this.args[2] = next
      this.args[3] = state
      this.fire(cpu, this.tp.schedSwitch)
    }
  }

  schedMigrate(cpu: number, task: number, from: number, to: number): void {
    if (this.on[EV.schedMigrateTask] === 0) return
    const { comm, pid, prio } = this.m.tasks
    this.hub.record(EV.schedMigrateTask, cpu, 0, comm[task], pid[task], prio[task], from, to)
  }

  schedEntry(cpu: number, preempt: number): void {
    this.one(cpu, this.tp.schedEntry, preempt)
  }

  schedExit(cpu: number, switched: number): void {
    this.one(cpu, this.tp.schedExit, switched)
  }

  schedSetState(cpu: number, task: number, state: number): void {
    if (this.attached[this.tp.schedSetState] !== 1) return
    this.args[0] = task
    this.args[1] = state
    this.fire(cpu, this.tp.schedSetState)
  }

  setNeedResched(cpu: number, task: number, target: number, tif: number): void {
    if (this.attached[this.tp.setNeedResched] !== 1) return
    this.args[0] = task
    this.args[1] = target
    this.args[2] = tif
    this.fire(cpu, this.tp.setNeedResched)
  }

  /** @param vector VECTOR_DISK or VECTOR_NETWORK */
  irqHandlerEntry(cpu: number, vector: number): void {
    if (this.on[EV.irqHandlerEntry] !== 0) this.hub.record(EV.irqHandlerEntry, cpu, 0, vector)
    this.one(cpu, this.tp.irqHandlerEntry, vector === VECTOR_DISK ? diskIrq(cpu) : networkIrq(cpu))
  }

  irqHandlerExit(cpu: number, vector: number): void {
    if (this.on[EV.irqHandlerExit] !== 0) this.hub.record(EV.irqHandlerExit, cpu, 0, vector)
    this.one(cpu, this.tp.irqHandlerExit, vector === VECTOR_DISK ? diskIrq(cpu) : networkIrq(cpu))
  }

  localTimerEntry(cpu: number, vector: number): void {
    this.numbered(cpu, EV.localTimerEntry, this.tp.localTimerEntry, vector)
  }

  localTimerExit(cpu: number, vector: number): void {
    this.numbered(cpu, EV.localTimerExit, this.tp.localTimerExit, vector)
  }

  rescheduleEntry(cpu: number): void {
    this.numbered(cpu, EV.rescheduleEntry, this.tp.rescheduleEntry, RESCHEDULE_VECTOR)
  }

  rescheduleExit(cpu: number): void {
    this.numbered(cpu, EV.rescheduleExit, -1, RESCHEDULE_VECTOR)
  }

  callFunctionEntry(cpu: number): void {
    this.numbered(
      cpu,
      EV.callFunctionSingleEntry,
      this.tp.callFunctionSingleEntry,
      CALL_FUNCTION_SINGLE_VECTOR
    )
  }

  callFunctionExit(cpu: number): void {
    this.numbered(cpu, EV.callFunctionSingleExit, -1, CALL_FUNCTION_SINGLE_VECTOR)
  }

  softirqEntry(cpu: number, softirq: number): void {
    this.numbered(cpu, EV.softirqEntry, this.tp.softirqEntry, softirq)
  }

  softirqExit(cpu: number, softirq: number): void {
    this.numbered(cpu, EV.softirqExit, this.tp.softirqExit, softirq)
  }

  newTask(cpu: number, task: number): void {
    const { comm, pid } = this.m.tasks
    if (this.on[EV.taskNewtask] !== 0) {
      this.hub.record(EV.taskNewtask, cpu, 0, pid[task], comm[task])
    }
    this.one(cpu, this.tp.taskNewtask, task)
  }

  processFork(cpu: number, parent: number, child: number): void {
    if (this.on[EV.schedProcessFork] === 0) return
    const { comm, pid } = this.m.tasks
    this.hub.record(EV.schedProcessFork, cpu, 0, comm[parent], pid[parent], comm[child], pid[child])
  }

  processExit(cpu: number, task: number): void {
    const { comm, pid, prio } = this.m.tasks
    if (this.on[EV.schedProcessExit] !== 0) {
      this.hub.record(EV.schedProcessExit, cpu, 0, comm[task], pid[task], prio[task])
    }
    this.one(cpu, this.tp.processExit, task)
  }

  // The `rv` events, called by the engine in the middle of fire().

  event(monitor: number, id: number, state: number, event: number, next: number): void {
    this.rv(FIRST_MONITOR_EVENT + EVENTS_PER_MONITOR * monitor, id, state, event, next)
  }

  error(monitor: number, id: number, state: number, event: number): void {
    this.rv(FIRST_MONITOR_EVENT + EVENTS_PER_MONITOR * monitor + 1, id, state, event, 0)
  }

  errorEnv(monitor: number, id: number, state: number, event: number, env: string): void {
    const at = FIRST_MONITOR_EVENT + EVENTS_PER_MONITOR * monitor + 2
    if (this.on[at] !== 0) this.rv(at, id, state, event, this.hub.keepText(env))
  }

  retries(monitor: number, event: number): void {
    if (this.on[EV.rvRetriesError] !== 0)
      this.hub.record(EV.rvRetriesError, this.cpu, 0, monitor, event)
  }

  private rv(at: number, id: number, state: number, event: number, next: number): void {
    if (this.on[at] === 0) return
    // Handlers of per-CPU monitors run with migration disabled.
    this.hub.record(at, this.cpu, this.hub.migrationOff(at), id, state, event, next)
  }

  private fire(cpu: number, tracepoint: number): void {
    this.cpu = cpu
    this.bus.fire(tracepoint)
  }

  private plain(cpu: number, event: number, tracepoint: number): void {
    if (this.on[event] !== 0) this.hub.record(event, cpu, 0)
    if (this.attached[tracepoint] === 1) this.fire(cpu, tracepoint)
  }

  private one(cpu: number, tracepoint: number, value: number): void {
    if (tracepoint < 0 || this.attached[tracepoint] !== 1) return
    this.args[0] = value
    this.fire(cpu, tracepoint)
  }

  private numbered(cpu: number, event: number, tracepoint: number, value: number): void {
    if (this.on[event] !== 0) this.hub.record(event, cpu, 0, value)
    this.one(cpu, tracepoint, value)
  }

  private wakeup(cpu: number, event: number, tracepoint: number, task: number): void {
    if (this.on[event] !== 0) {
      const { comm, pid, prio, cpu: cpuOf } = this.m.tasks
      this.hub.record(event, cpu, 0, comm[task], pid[task], prio[task], cpuOf[task])
    }
    this.one(cpu, tracepoint, task)
  }
}
