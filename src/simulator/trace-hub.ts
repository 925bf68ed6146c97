import type { RvMonitor } from '../engine/monitor'
import { HARDIRQ_MASK, NMI_MASK, SOFTIRQ_OFFSET, type Machine } from './machine'
import { AT_ARGUMENTS, AT_COMM, AT_EVENT, AT_FLAGS, AT_PID, RECORD_WORDS } from './ring-buffer'
import {
  EV,
  EVENTS_PER_MONITOR,
  FIRST_MONITOR_EVENT,
  KERNEL_EVENTS,
  type RecordNames,
  type TraceEvent
} from './trace-events'
import { stackOf } from './stacks'
import { monitorEvents } from './monitor-events'
import { TraceInstance } from './trace-instance'

/** Bits of a record's flags; the preempt count is at 8, the depth of migrate_disable at 16. */
export const FLAG_IRQS_OFF = 1
export const FLAG_NEED_RESCHED = 2
export const FLAG_HARDIRQ = 4
export const FLAG_SOFTIRQ = 8
export const FLAG_BH_OFF = 16
export const FLAG_NMI = 32

/** Texts that are kept for records which name one; the oldest ones go. */
const TEXTS = 4096

/** Tasks whose names are kept, by the low digits of their pid. */
const SAVED_COMMANDS = 32_768

/** Where trace events go: the top level and the instances that have them on. */
export class TraceHub implements RecordNames {
  readonly events: readonly TraceEvent[]
  /** By id; undefined where a monitor has no such event. */
  readonly eventById: readonly (TraceEvent | undefined)[]
  /** on[event id]: how many instances take it. */
  readonly on: Uint8Array
  readonly top: TraceInstance
  readonly instances = new Map<string, TraceInstance>()
  currentCpu = 0
  private all: readonly TraceInstance[]
  private readonly perCpu: Uint8Array
  private readonly scratch = new Int32Array(RECORD_WORDS)
  private readonly savedPids = new Int32Array(SAVED_COMMANDS)
  private readonly savedComms = new Int32Array(SAVED_COMMANDS)
  private readonly texts: string[] = []
  private nextText = 0
  private readonly stacks: (readonly string[])[] = []
  private readonly stackIndexes = new Map<string, number>()

  constructor(
    private readonly m: Machine,
    readonly monitors: readonly RvMonitor[]
  ) {
    const ids = FIRST_MONITOR_EVENT + EVENTS_PER_MONITOR * monitors.length
    this.events = [...KERNEL_EVENTS, ...monitors.flatMap(monitorEvents)]
    const byId = new Array<TraceEvent | undefined>(ids).fill(undefined)
    for (const event of this.events) byId[event.id] = event
    this.eventById = byId
    this.on = new Uint8Array(ids)
    this.perCpu = new Uint8Array(ids)
    for (const { index, type } of monitors) {
      const first = FIRST_MONITOR_EVENT + EVENTS_PER_MONITOR * index
      if (type === 'per_cpu') this.perCpu.fill(1, first, first + EVENTS_PER_MONITOR)
    }
    this.top = this.newInstance('')
    this.all = [this.top]
  }

  comm(index: number): string {
    return this.m.tasks.commNames[index] ?? '<...>'
  }

  marker(index: number): string {
    return this.nextText - index > TEXTS ? '' : (this.texts[index % TEXTS] ?? '')
  }

  stack(index: number): readonly string[] {
    return this.stacks[index] ?? []
  }

  keepText(text: string): number {
    this.texts[this.nextText % TEXTS] = text
    return this.nextText++
  }

  /** 1 where the event is raised inside migrate_disable(). */
  migrationOff(event: number): number {
    return this.perCpu[event]!
  }

  addInstance(name: string): TraceInstance {
    const instance = this.newInstance(name)
    this.instances.set(name, instance)
    this.all = [this.top, ...this.instances.values()]
    return instance
  }

  removeInstance(instance: TraceInstance): void {
    instance.removed = true
    instance.enabled.fill(0)
    this.instances.delete(instance.name)
    this.all = [this.top, ...this.instances.values()]
    this.recount()
  }

  enable(instance: TraceInstance, event: TraceEvent, on: boolean): void {
    instance.enabled[event.id] = on ? 1 : 0
    this.recount()
  }

  /** To be called after a change of what an instance takes. */
  recount(): void {
    this.on.fill(0)
    for (const { enabled, tracingOn, triggers, hists } of this.all) {
      for (let id = 0; id < enabled.length; id++) {
        if (tracingOn && enabled[id] === 1) this.on[id] = 1
      }
      // A trigger acts whether its event is recorded or not.
      for (const id of triggers.keys()) this.on[id] = 1
      for (const id of hists.keys()) this.on[id] = 1
    }
  }

  /** A task raises an event on a CPU. @param migration depth of migrate_disable that the handler adds */
  record(
    event: number,
    cpu: number,
    migration: number,
    a0 = 0,
    a1 = 0,
    a2 = 0,
    a3 = 0,
    a4 = 0,
    a5 = 0,
    a6 = 0
  ): void {
    const { m, scratch } = this
    const current = m.current[cpu]!
    const pid = m.tasks.pid[current]!
    scratch[AT_EVENT] = event
    scratch[AT_FLAGS] = this.flags(cpu, migration)
    scratch[AT_PID] = pid
    scratch[AT_COMM] = m.tasks.comm[current]!
    scratch[AT_ARGUMENTS] = a0
    scratch[AT_ARGUMENTS + 1] = a1
    scratch[AT_ARGUMENTS + 2] = a2
    scratch[AT_ARGUMENTS + 3] = a3
    scratch[AT_ARGUMENTS + 4] = a4
    scratch[AT_ARGUMENTS + 5] = a5
    scratch[AT_ARGUMENTS + 6] = a6
    this.saveComm(pid, scratch[AT_COMM])
    // For filters of fields that follow from the CPU.
    this.currentCpu = cpu
    for (const instance of this.all) {
      if (instance.triggers.size > 0) this.trigger(instance, event)
      if (instance.hists.size > 0 && instance.takesPid(pid)) {
        for (const hist of instance.hists.get(event) ?? []) hist.update(scratch, m.now)
      }
      if (!instance.wants(event, pid)) continue
      if (instance.filters.size > 0 && instance.filters.get(event)?.keeps(scratch, 0) === false)
        continue
      instance.write(cpu, m.now, scratch)
    }
    for (const instance of this.all) {
      if (instance.triggers.size > 0) this.recordStack(instance, event, cpu)
    }
  }

  /** pid and name of the tasks that were recorded lately, for saved_cmdlines. */
  savedCommands(): readonly (readonly [pid: number, comm: string])[] {
    const found: (readonly [number, string])[] = []
    for (const [at, pid] of this.savedPids.entries()) {
      if (pid > 0) found.push([pid, this.comm(this.savedComms[at]!)])
    }
    return found
  }

  private saveComm(pid: number, comm: number): void {
    const at = pid % SAVED_COMMANDS
    this.savedPids[at] = pid
    this.savedComms[at] = comm
  }

  /** stacktrace at an event: behind the event, in the same buffer. */
  private recordStack(instance: TraceInstance, event: number, cpu: number): void {
    const { m, scratch } = this
    for (const trigger of instance.triggers.get(event) ?? []) {
      if (trigger.kind !== 'stacktrace' || trigger.left === 0 || !instance.tracingOn) continue
      if (trigger.filter?.keeps(scratch, 0) === false) continue
      trigger.left--
      const stack = stackOf(m, this.monitors, scratch, cpu, m.probes.handled)
      const record = scratch.slice()
      record[AT_EVENT] = EV.kernelStack
      record[AT_ARGUMENTS] = this.keepStack(stack)
      instance.write(cpu, m.now, record)
    }
  }

  /** Stacks that are alike have one number, as the kernel's stack depot has it; there are few different ones. */
  private keepStack(stack: readonly string[]): number {
    const key = stack.join()
    let index = this.stackIndexes.get(key)
    if (index === undefined) {
      index = this.stacks.push(stack) - 1
      this.stackIndexes.set(key, index)
    }
    return index
  }

  /** traceon and traceoff at an event. */
  private trigger(instance: TraceInstance, event: number): void {
    for (const trigger of instance.triggers.get(event) ?? []) {
      const on = trigger.kind === 'traceon'
      if (trigger.kind === 'stacktrace' || trigger.left === 0) continue
      if (instance.tracingOn === on) continue
      if (trigger.filter?.keeps(this.scratch, 0) === false) continue
      trigger.left--
      instance.tracingOn = on
      this.recount()
    }
  }

  /** A write to trace_marker, which no task of the machine does: pid 0 on CPU 0 stands for the outside. */
  mark(instance: TraceInstance, text: string): void {
    if (!instance.tracingOn) return
    this.scratch.fill(0)
    this.scratch[AT_EVENT] = EV.print
    this.scratch[AT_COMM] = this.m.tasks.comm[0]!
    this.scratch[AT_ARGUMENTS] = this.keepText(text)
    instance.write(0, this.m.now, this.scratch)
  }

  forked(parent: number, child: number): void {
    for (const instance of this.all) instance.forked(parent, child)
  }

  exited(pid: number): void {
    for (const instance of this.all) instance.exited(pid)
  }

  private newInstance(name: string): TraceInstance {
    return new TraceInstance(name, this.m.cpus, this.on.length)
  }

  private flags(cpu: number, migration: number): number {
    const { m } = this
    const count = m.preemptCount[cpu]!
    let flags = 0
    if (m.irqsOff[cpu] === 1) flags |= FLAG_IRQS_OFF
    if (m.needResched[cpu] === 1) flags |= FLAG_NEED_RESCHED
    if ((count & HARDIRQ_MASK) !== 0) flags |= FLAG_HARDIRQ
    if ((count & SOFTIRQ_OFFSET) !== 0) flags |= FLAG_SOFTIRQ
    if ((count & 0xfe00) !== 0) flags |= FLAG_BH_OFF
    if ((count & NMI_MASK) !== 0) flags |= FLAG_NMI
    return flags | (Math.min(15, count & 0xff) << 8) | (migration << 16)
  }
}
