import { KernelTimers } from './engine-timers'
import { NEVER } from './event-queue'
import type { Machine } from './machine'
import { TICK } from './scheduler'
import { TaskLists } from './task-list'
import {
  VECTOR_CALL_FUNCTION,
  VECTOR_DISK,
  VECTOR_NETWORK,
  VECTOR_RESCHEDULE,
  VECTOR_TIMER
} from './vectors'

/** What a task's own timer stands for. */
export const TIMER_HIGH_RESOLUTION = 0
export const TIMER_WHEEL = 1
export const TIMER_DISK = 2

/** Mean gap between packets of one network queue, in ns. */
const PACKET_GAP = 20_000_000

/**
 * What interrupts CPUs: local timers with the tick, interrupts from other CPUs,
 * a disk and a network queue for each CPU. Each source is a slot of the event
 * queue.
 */
export class Devices {
  readonly tickSlot: number
  private readonly ipiSlot: number
  private readonly networkSlot: number
  private readonly timerSlot: number
  private readonly engineTimerSlot: number
  private readonly tickDue: Uint8Array
  private readonly ipiVectors: Int32Array
  private readonly packets: Int32Array
  private readonly timerKind: Uint8Array
  private readonly timerCpu: Int32Array
  /** Tasks by CPU whose hrtimer, wheel timer or disk request is done. */
  readonly expired: TaskLists
  readonly wheel: TaskLists
  readonly completed: TaskLists

  constructor(private readonly m: Machine) {
    const { cpus, tasks } = m
    this.tickSlot = cpus
    this.ipiSlot = 2 * cpus
    this.networkSlot = 3 * cpus
    this.timerSlot = 4 * cpus
    this.engineTimerSlot = Devices.engineTimerSlot(cpus, tasks.capacity)
    this.tickDue = new Uint8Array(cpus)
    this.ipiVectors = new Int32Array(cpus)
    this.packets = new Int32Array(cpus)
    this.timerKind = new Uint8Array(tasks.capacity)
    this.timerCpu = new Int32Array(tasks.capacity)
    this.expired = new TaskLists(cpus, tasks.listNext)
    this.wheel = new TaskLists(cpus, tasks.listNext)
    this.completed = new TaskLists(cpus, tasks.listNext)
  }

  /** Slots that a machine's queue needs behind those of its CPUs. */
  static slots(cpus: number, tasks: number): number {
    return 3 * cpus + tasks + KernelTimers.slots(cpus)
  }

  /** First slot of the engine's timers, see KernelTimers. */
  static engineTimerSlot(cpus: number, tasks: number): number {
    return 4 * cpus + tasks
  }

  start(): void {
    for (let cpu = 0; cpu < this.m.cpus; cpu++) {
      this.m.queue.set(this.networkSlot + cpu, this.m.now + this.m.prng.exponential(PACKET_GAP))
    }
  }

  /** A slot other than a CPU's own is due. */
  due(slot: number): void {
    const { m } = this
    if (slot >= this.engineTimerSlot) m.timers.due(slot)
    else if (slot >= this.timerSlot) this.timerDue(slot - this.timerSlot)
    else if (slot >= this.networkSlot) {
      const cpu = slot - this.networkSlot
      m.queue.set(slot, m.now + m.prng.exponential(PACKET_GAP))
      this.packets[cpu] = this.packets[cpu]! + 1
      m.raiseVector(cpu, VECTOR_NETWORK)
    } else if (slot >= this.ipiSlot) {
      const cpu = slot - this.ipiSlot
      const vectors = this.ipiVectors[cpu]!
      m.queue.set(slot, NEVER)
      this.ipiVectors[cpu] = 0
      if ((vectors & (1 << VECTOR_CALL_FUNCTION)) !== 0) m.raiseVector(cpu, VECTOR_CALL_FUNCTION)
      if ((vectors & (1 << VECTOR_RESCHEDULE)) !== 0) m.raiseVector(cpu, VECTOR_RESCHEDULE)
    } else {
      const cpu = slot - this.tickSlot
      m.queue.set(slot, m.now + TICK)
      this.tickDue[cpu] = 1
      m.raiseVector(cpu, VECTOR_TIMER)
    }
  }

  /** Starts the timer of a task; what it wakes is the task itself, by an interrupt of this CPU. */
  startTimer(cpu: number, task: number, ns: number, kind: number): void {
    this.timerKind[task] = kind
    this.timerCpu[task] = cpu
    this.m.queue.set(this.timerSlot + task, this.m.now + ns)
  }

  sendIpi(cpu: number, vector: number): void {
    const { m } = this
    this.ipiVectors[cpu] = this.ipiVectors[cpu]! | (1 << vector)
    const slot = this.ipiSlot + cpu
    if (m.queue.time[slot] === NEVER) m.queue.set(slot, m.now + m.prng.between(500, 1_400))
  }

  /** The next local timer interrupt of a CPU is a tick, also where the CPU is idle. */
  expectTick(cpu: number): void {
    this.tickDue[cpu] = 1
  }

  /** Whether the tick of a CPU is due; takes it. */
  takeTick(cpu: number): boolean {
    const due = this.tickDue[cpu] === 1
    this.tickDue[cpu] = 0
    return due
  }

  /** The task that gets the next packet of a CPU's queue, or -1 where no packet or no such task is left. */
  takePacket(cpu: number): number {
    const packets = this.packets[cpu]!
    if (packets === 0) return -1
    this.packets[cpu] = packets - 1
    return this.m.workload.anyServer()
  }

  private timerDue(task: number): void {
    const { m } = this
    const cpu = this.timerCpu[task]!
    m.queue.set(this.timerSlot + task, NEVER)
    switch (this.timerKind[task]) {
      case TIMER_DISK:
        this.completed.add(cpu, task)
        m.raiseVector(cpu, VECTOR_DISK)
        return
      case TIMER_WHEEL:
        // A CPU without a tick has its timer set for the next timer of the wheel.
        this.wheel.add(cpu, task)
        this.tickDue[cpu] = 1
        break
      default:
        this.expired.add(cpu, task)
    }
    m.raiseVector(cpu, VECTOR_TIMER)
  }
}
