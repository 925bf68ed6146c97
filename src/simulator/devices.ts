import { DeadlineClass } from './deadline'
import { KernelTimers } from './engine-timers'
import { NEVER } from './event-queue'
import type { Machine } from './machine'
import { TICK } from './scheduler'
import { TaskLists } from './task-list'
import {
  VECTOR_CALL_FUNCTION,
  VECTOR_CALL_FUNCTION_MANY,
  VECTOR_DISK,
  VECTOR_IRQ_WORK,
  VECTOR_NETWORK,
  VECTOR_RESCHEDULE,
  VECTOR_TIMER
} from './vectors'

/** What a task's own timer stands for. */
export const TIMER_HIGH_RESOLUTION = 0
export const TIMER_WHEEL = 1
export const TIMER_DISK = 2

/** In the order of their priority. */
const IPI_VECTORS = [VECTOR_CALL_FUNCTION, VECTOR_RESCHEDULE, VECTOR_CALL_FUNCTION_MANY]

/** Mean gap between packets of one network queue, in ns. */
const PACKET_GAP = 20_000_000
/** Mean gap in ns between NMIs of a CPU that is not idle, and how long one takes. */
const NMI_GAP = 12_000_000
const NMI_LENGTH = 900
/** So many samples wake the profiler. */
const SAMPLES_PER_WAKEUP = 4

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
  private readonly nmiSlot: number
  /** First slot of the timers of deadline entities. */
  readonly deadlineSlot: number
  private readonly tickDue: Uint8Array
  private readonly ipiVectors: Int32Array
  private readonly packets: Int32Array
  /** Samples of a CPU that the profiler has not been woken for. */
  private readonly samples: Uint8Array
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
    this.nmiSlot = this.engineTimerSlot + KernelTimers.slots(cpus)
    this.deadlineSlot = this.nmiSlot + cpus
    this.samples = new Uint8Array(cpus)
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
    return 4 * cpus + tasks + KernelTimers.slots(cpus) + DeadlineClass.slots(cpus, tasks)
  }

  /** First slot of the engine's timers, see KernelTimers. */
  static engineTimerSlot(cpus: number, tasks: number): number {
    return 4 * cpus + tasks
  }

  start(): void {
    for (let cpu = 0; cpu < this.m.cpus; cpu++) {
      // Interrupts of queues are kept away from CPUs of real-time applications (smp_affinity).
      const first = this.m.now + this.m.prng.exponential(PACKET_GAP)
      if (!this.m.workload.realTime.isolated(cpu)) this.m.queue.set(this.networkSlot + cpu, first)
      this.m.queue.set(this.nmiSlot + cpu, this.m.now + this.m.prng.exponential(NMI_GAP))
    }
  }

  /** A slot other than a CPU's own is due. */
  due(slot: number): void {
    const { m } = this
    if (slot >= this.deadlineSlot) m.scheduler.deadline.due(slot)
    else if (slot >= this.nmiSlot) this.nmiDue(slot - this.nmiSlot)
    else if (slot >= this.engineTimerSlot) m.timers.due(slot)
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
      for (const vector of IPI_VECTORS) {
        if ((vectors & (1 << vector)) !== 0) m.raiseVector(cpu, vector)
      }
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
    const { m } = this
    let at = m.now + ns
    // The wheel knows jiffies alone.
    if (kind === TIMER_WHEEL) at = m.scheduler.tickTime(cpu, Math.floor(at / TICK) + 1)
    m.queue.set(this.timerSlot + task, at)
  }

  /** One that has expired already and waits for its handler is not stopped. */
  cancelTimer(task: number): void {
    this.m.queue.set(this.timerSlot + task, NEVER)
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

  /** The handler cannot wake anybody: it leaves that to irq_work, an interrupt that the CPU sends to itself. */
  private nmiDue(cpu: number): void {
    const { m } = this
    m.queue.set(this.nmiSlot + cpu, m.now + m.prng.exponential(NMI_GAP))
    if (!m.nmi(cpu, NMI_LENGTH)) return
    const samples = this.samples[cpu]! + 1
    this.samples[cpu] = samples % SAMPLES_PER_WAKEUP
    if (samples === SAMPLES_PER_WAKEUP) m.raiseVector(cpu, VECTOR_IRQ_WORK)
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
