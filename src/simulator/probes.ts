import type { RvTraceSink } from '../engine/host'
import type { TracepointBus } from '../engine/tracepoints'
import type { Machine } from './machine'
import { EV, EVENTS_PER_MONITOR, FIRST_MONITOR_EVENT, PREEMPTED } from './trace-events'
import type { TraceHub } from './trace-hub'
import {
  CALL_FUNCTION_SINGLE_VECTOR,
  CALL_FUNCTION_VECTOR,
  diskIrq,
  IRQ_WORK_VECTOR,
  networkIrq,
  RESCHEDULE_VECTOR,
  VECTOR_DISK
} from './vectors'

/** What sys_enter passes behind the number of the call. */
const SYS_ENTER_ARGUMENTS = 9

/**
 * The tracepoints of the simulated kernel. Each goes to trace instances that
 * have its trace event on, and then to monitors that are attached, in the order
 * in which a kernel with tracing set up first calls them. Where nobody listens
 * a tracepoint costs two look-ups.
 */
export class Probes implements RvTraceSink {
  /** CPU that raises a tracepoint right now: what the engine asks for. */
  cpu = 0
  private tracepoint = -1
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
      rescheduleExit: index('reschedule_exit'),
      callFunctionEntry: index('call_function_entry'),
      callFunctionExit: index('call_function_exit'),
      callFunctionSingleEntry: index('call_function_single_entry'),
      callFunctionSingleExit: index('call_function_single_exit'),
      irqWorkEntry: index('irq_work_entry'),
      irqWorkExit: index('irq_work_exit'),
      softirqEntry: index('softirq_entry'),
      softirqExit: index('softirq_exit'),
      schedEntry: index('sched_entry_tp'),
      schedExit: index('sched_exit_tp'),
      schedSetState: index('sched_set_state_tp'),
      setNeedResched: index('sched_set_need_resched_tp'),
      taskNewtask: index('task_newtask'),
      processExit: index('sched_process_exit'),
      signalDeliver: index('signal_deliver'),
      pageFaultUser: index('page_fault_user'),
      pageFaultKernel: index('page_fault_kernel'),
      contentionBegin: index('contention_begin'),
      contentionEnd: index('contention_end'),
      sysEnter: index('sys_enter'),
      sysExit: index('sys_exit'),
      dlThrottle: index('sched_dl_throttle_tp'),
      dlReplenish: index('sched_dl_replenish_tp'),
      dlUpdate: index('sched_dl_update_tp'),
      dlServerStart: index('sched_dl_server_start_tp'),
      dlServerStop: index('sched_dl_server_stop_tp')
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
    this.numbered(cpu, EV.rescheduleExit, this.tp.rescheduleExit, RESCHEDULE_VECTOR)
  }

  callFunctionEntry(cpu: number): void {
    this.numbered(cpu, EV.callFunctionEntry, this.tp.callFunctionEntry, CALL_FUNCTION_VECTOR)
  }

  callFunctionExit(cpu: number): void {
    this.numbered(cpu, EV.callFunctionExit, this.tp.callFunctionExit, CALL_FUNCTION_VECTOR)
  }

  callFunctionSingleEntry(cpu: number): void {
    const { callFunctionSingleEntry } = this.tp
    const vector = CALL_FUNCTION_SINGLE_VECTOR
    this.numbered(cpu, EV.callFunctionSingleEntry, callFunctionSingleEntry, vector)
  }

  callFunctionSingleExit(cpu: number): void {
    const { callFunctionSingleExit } = this.tp
    const vector = CALL_FUNCTION_SINGLE_VECTOR
    this.numbered(cpu, EV.callFunctionSingleExit, callFunctionSingleExit, vector)
  }

  irqWorkEntry(cpu: number): void {
    this.numbered(cpu, EV.irqWorkEntry, this.tp.irqWorkEntry, IRQ_WORK_VECTOR)
  }

  irqWorkExit(cpu: number): void {
    this.numbered(cpu, EV.irqWorkExit, this.tp.irqWorkExit, IRQ_WORK_VECTOR)
  }

  /** @param took ns that the handler of the NMI took */
  nmiHandler(cpu: number, took: number): void {
    if (this.on[EV.nmiHandler] !== 0) this.hub.record(EV.nmiHandler, cpu, 0, took)
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

  /** A signal is sent to a task. */
  signalGenerate(cpu: number, signal: number, task: number): void {
    if (this.on[EV.signalGenerate] === 0) return
    const { comm, pid } = this.m.tasks
    this.hub.record(EV.signalGenerate, cpu, 0, signal, comm[task], pid[task])
  }

  /** The current task is about to run its handler of a signal. */
  signalDeliver(cpu: number, signal: number): void {
    this.numbered(cpu, EV.signalDeliver, this.tp.signalDeliver, signal)
  }

  /** @param user whether user code faulted; addresses are integers below 2^53 */
  pageFault(cpu: number, user: boolean, address: number, ip: number, errorCode: number): void {
    const event = user ? EV.pageFaultUser : EV.pageFaultKernel
    if (this.on[event] !== 0) {
      const high = (value: number): number => Math.floor(value / 0x1_0000_0000)
      this.hub.record(event, cpu, 0, address, high(address), ip, high(ip), errorCode)
    }
    const tracepoint = user ? this.tp.pageFaultUser : this.tp.pageFaultKernel
    if (this.attached[tracepoint] !== 1) return
    this.args[0] = address
    this.args[1] = ip
    this.args[2] = errorCode
    this.fire(cpu, tracepoint)
  }

  /** The current task has to wait for a lock. @param flags LCB_F_* */
  contentionBegin(cpu: number, lock: number, flags: number): void {
    this.pair(cpu, EV.contentionBegin, this.tp.contentionBegin, lock, flags)
  }

  contentionEnd(cpu: number, lock: number, result: number): void {
    this.pair(cpu, EV.contentionEnd, this.tp.contentionEnd, lock, result)
  }

  /**
   * The current task enters a system call.
   * @param args arg0 to arg5, target (a task or -1), policy (-1 where the call has none), sched_flags
   */
  sysEnter(cpu: number, id: number, args: ArrayLike<number>): void {
    if (this.on[EV.sysEnter] !== 0) {
      this.hub.record(EV.sysEnter, cpu, 0, id, args[0], args[1], args[2], args[3], args[4], args[5])
    }
    if (this.attached[this.tp.sysEnter] !== 1) return
    this.args[0] = id
    for (let i = 0; i < SYS_ENTER_ARGUMENTS; i++) this.args[i + 1] = args[i]!
    this.fire(cpu, this.tp.sysEnter)
  }

  /** Whether anybody listens to system calls: otherwise nobody need make up their arguments. */
  get traceSystemCalls(): boolean {
    return this.on[EV.sysEnter] !== 0 || this.attached[this.tp.sysEnter] === 1
  }

  sysExit(cpu: number, id: number, result: number): void {
    this.pair(cpu, EV.sysExit, this.tp.sysExit, id, result)
  }

  /** Priority inheritance gives a task a priority, or takes it back. */
  piSetprio(cpu: number, task: number, before: number, after: number): void {
    if (this.on[EV.schedPiSetprio] === 0) return
    const { comm, pid } = this.m.tasks
    this.hub.record(EV.schedPiSetprio, cpu, 0, comm[task], pid[task], before, after)
  }

  // The deadline class. @param entity id as monitors know it, @param type DL_TASK and so on

  dlThrottle(cpu: number, entity: number, of: number, type: number): void {
    this.deadline(cpu, this.tp.dlThrottle, entity, of, type)
  }

  dlReplenish(cpu: number, entity: number, of: number, type: number): void {
    this.deadline(cpu, this.tp.dlReplenish, entity, of, type)
  }

  dlUpdate(cpu: number, entity: number, of: number, type: number): void {
    this.deadline(cpu, this.tp.dlUpdate, entity, of, type)
  }

  dlServerStart(cpu: number, entity: number, of: number, type: number): void {
    this.deadline(cpu, this.tp.dlServerStart, entity, of, type)
  }

  dlServerStop(cpu: number, entity: number, of: number, type: number): void {
    this.deadline(cpu, this.tp.dlServerStop, entity, of, type)
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

  ltlEvent(monitor: number, task: number, states: number, atoms: number, next: number): void {
    const at = FIRST_MONITOR_EVENT + EVENTS_PER_MONITOR * monitor
    if (this.on[at] === 0) return
    const { comm, pid } = this.m.tasks
    this.hub.record(at, this.cpu, 0, comm[task], pid[task], states, atoms, next)
  }

  ltlError(monitor: number, task: number): void {
    const at = FIRST_MONITOR_EVENT + EVENTS_PER_MONITOR * monitor + 1
    if (this.on[at] === 0) return
    const { comm, pid } = this.m.tasks
    this.hub.record(at, this.cpu, 0, comm[task], pid[task])
  }

  private rv(at: number, id: number, state: number, event: number, next: number): void {
    if (this.on[at] === 0) return
    // Handlers of per-CPU monitors run with migration disabled.
    this.hub.record(at, this.cpu, this.hub.migrationOff(at), id, state, event, next)
  }

  /** The tracepoint that monitors handle right now. */
  get handled(): string | undefined {
    return this.bus.name(this.tracepoint)
  }

  private fire(cpu: number, tracepoint: number): void {
    this.cpu = cpu
    const outer = this.tracepoint
    this.tracepoint = tracepoint
    this.bus.fire(tracepoint)
    this.tracepoint = outer
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

  private pair(cpu: number, event: number, tracepoint: number, a: number, b: number): void {
    if (this.on[event] !== 0) this.hub.record(event, cpu, 0, a, b)
    if (this.attached[tracepoint] !== 1) return
    this.args[0] = a
    this.args[1] = b
    this.fire(cpu, tracepoint)
  }

  /** A *_tp of the deadline class: no trace event. */
  private deadline(
    cpu: number,
    tracepoint: number,
    entity: number,
    of: number,
    type: number
  ): void {
    if (this.attached[tracepoint] !== 1) return
    this.args[0] = entity
    this.args[1] = of
    this.args[2] = type
    this.fire(cpu, tracepoint)
  }

  private wakeup(cpu: number, event: number, tracepoint: number, task: number): void {
    if (this.on[event] !== 0) {
      const { comm, pid, prio, cpu: cpuOf } = this.m.tasks
      this.hub.record(event, cpu, 0, comm[task], pid[task], prio[task], cpuOf[task])
    }
    this.one(cpu, tracepoint, task)
  }
}
