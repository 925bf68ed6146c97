import type { Devices } from './devices'
import type { KernelTimers } from './engine-timers'
import { EventQueue, NEVER } from './event-queue'
import type { DeadlineFacts } from './host'
import type { Probes } from './probes'
import type { Profiler } from './profiler'
import { HALT, type Program } from './program'
import type { Prng } from './prng'
import type { Scheduler } from './scheduler'
import type { TaskTable } from './tasks'
import type { Workload } from './workload'

/** Fields of preempt_count (include/linux/preempt.h). */
export const PREEMPT_OFFSET = 1
export const SOFTIRQ_OFFSET = 0x100
export const SOFTIRQ_DISABLE_OFFSET = 0x200
export const HARDIRQ_OFFSET = 0x1_0000
export const NMI_OFFSET = 0x10_0000
export const PREEMPT_MASK = 0xff
export const SOFTIRQ_MASK = 0xff00
export const HARDIRQ_MASK = 0xf_0000
export const NMI_MASK = 0xf0_0000

/** What an interrupted CPU goes back to, and where the paths that the hardware starts are. */
export interface Entries {
  readonly preemptSchedule: number
  readonly preemptScheduleIrq: number
  readonly exitToUser: number
  readonly softirq: number
  readonly softirqFromTask: number
  readonly taskStart: number
  /** What a task does that has no routine of its own, see `main`. */
  readonly taskMain: number
  readonly idle: number
  /** By interrupt vector, see devices.ts. */
  readonly vectors: readonly number[]
}

/** Tasks on whose behalf __schedule() does what it must not, or -1; scenarios/ sets them. */
export interface Faults {
  setsStateInSchedule: number
  enablesPreemptionInSchedule: number
}

/** Restrictions that a test puts on the machine to show what causes what. */
export interface MachineLimits {
  /** Interrupts wait while the preempt count and its trace event disagree. */
  readonly noInterruptInPreemptWindow: boolean
  /** Wakeups of a task wait between setting its state and its schedule(). */
  readonly noWakeupBeforeSchedule: boolean
}

const STACK = 32

/**
 * The CPUs of the simulated machine and the contexts that they execute: every
 * task, and for each CPU a softirq and a hardirq context. A context is a place
 * in the program with a stack. The kernel's paths and their steps are in ops-*.ts.
 */
export class Machine {
  /** Virtual ns since boot. */
  now = 0
  panicked: string | undefined
  readonly queue: EventQueue

  // Per CPU.
  readonly preemptCount: Int32Array
  /** Interrupt flag off. */
  readonly irqsOff: Uint8Array
  /** What irq_disable and irq_enable last said: only changes are traced. */
  readonly irqsOffTraced: Uint8Array
  readonly needResched: Uint8Array
  readonly current: Int32Array
  readonly context: Int32Array
  /** Interrupt vectors that wait, as bits. */
  readonly pendingVectors: Int32Array
  readonly pendingSoftirqs: Int32Array
  /** 1 between a change of the preempt count and its trace event, when it is the outermost. */
  readonly inPreemptWindow: Uint8Array
  private readonly hardSavedContext: Int32Array
  private readonly hardSavedRest: Float64Array
  private readonly softSavedRest: Float64Array
  private readonly halted: Uint8Array

  // Per context: tasks first, then softirq and hardirq of each CPU.
  readonly pc: Int32Array
  private readonly depth: Uint8Array
  private readonly stack: Int32Array
  readonly irqSaved: Int32Array
  /** Task that a wakeup of this context is about. */
  readonly wakee: Int32Array
  /** Whether the __schedule() that it returns from changed the task. */
  readonly switched: Uint8Array
  readonly r0: Int32Array
  readonly r1: Int32Array
  readonly r2: Int32Array
  /** Address of what a task does all its life, 0 for `task_main`. */
  readonly main: Int32Array
  /** 1 while the task runs user code. */
  readonly userMode: Uint8Array
  readonly firstSoftContext: number
  readonly firstHardContext: number

  // Set by the constructor of the kernel, before the first event.
  program!: Program
  entries!: Entries
  probes!: Probes
  scheduler!: Scheduler
  devices!: Devices
  timers!: KernelTimers
  workload!: Workload
  profiler!: Profiler
  /** Tells the engine of a new task, before it runs. */
  taskCreated!: (task: number) => void
  /** Told by the engine: runs the handler of an expired timer. */
  timerExpired!: (timer: number) => void
  readonly faults: Faults = { setsStateInSchedule: -1, enablesPreemptionInSchedule: -1 }
  /** Undefined while the machine has no deadline class. */
  deadline: DeadlineFacts | undefined

  /** @param extraSlots slots of the queue behind those of the CPUs */
  constructor(
    readonly cpus: number,
    readonly tasks: TaskTable,
    readonly prng: Prng,
    readonly limits: MachineLimits,
    extraSlots: number
  ) {
    this.queue = new EventQueue(cpus + extraSlots)
    this.firstSoftContext = tasks.capacity
    this.firstHardContext = tasks.capacity + cpus
    const contexts = tasks.capacity + 2 * cpus
    this.preemptCount = new Int32Array(cpus)
    this.irqsOff = new Uint8Array(cpus)
    this.irqsOffTraced = new Uint8Array(cpus)
    this.needResched = new Uint8Array(cpus)
    this.current = Int32Array.from({ length: cpus }, (_, cpu) => cpu)
    this.context = this.current.slice()
    this.pendingVectors = new Int32Array(cpus)
    this.pendingSoftirqs = new Int32Array(cpus)
    this.inPreemptWindow = new Uint8Array(cpus)
    this.hardSavedContext = new Int32Array(cpus)
    this.hardSavedRest = new Float64Array(cpus)
    this.softSavedRest = new Float64Array(cpus)
    this.halted = new Uint8Array(cpus)
    this.pc = new Int32Array(contexts)
    this.depth = new Uint8Array(contexts)
    this.stack = new Int32Array(contexts * STACK)
    this.irqSaved = new Int32Array(contexts)
    this.wakee = new Int32Array(contexts).fill(-1)
    this.switched = new Uint8Array(contexts)
    this.r0 = new Int32Array(contexts)
    this.r1 = new Int32Array(contexts)
    this.r2 = new Int32Array(contexts)
    this.main = new Int32Array(tasks.capacity)
    this.userMode = new Uint8Array(contexts)
  }

  push(context: number, value: number): void {
    const depth = this.depth[context]!
    if (depth === STACK) throw new Error('a stack of the simulated kernel overflowed')
    this.stack[context * STACK + depth] = value
    this.depth[context] = depth + 1
  }

  pop(context: number): number {
    const depth = this.depth[context]! - 1
    if (depth < 0) throw new Error('a stack of the simulated kernel underflowed')
    this.depth[context] = depth
    return this.stack[context * STACK + depth]!
  }

  call(context: number, target: number): void {
    this.push(context, this.pc[context]!)
    this.pc[context] = target
  }

  /** A context begins anew at an address. */
  start(context: number, address: number): void {
    this.depth[context] = 0
    this.pc[context] = address
    this.irqSaved[context] = 0
    this.userMode[context] = 0
  }

  inHardirq(cpu: number): boolean {
    return this.context[cpu]! >= this.firstHardContext
  }

  /** Executes instructions of a CPU until one takes time. The CPU's slot is due now. */
  run(cpu: number): void {
    const { program, pc, queue } = this
    const { operations, argument, cost } = program
    for (;;) {
      const context = this.context[cpu]!
      const at = pc[context]!
      pc[context] = at + 1
      const operation = operations[at]
      if (operation === undefined) throw new Error('the simulated kernel ran off its program')
      const extra = operation(this, cpu, argument[at]!)
      if (this.panicked !== undefined) return
      if (extra === HALT) {
        this.halted[cpu] = 1
        queue.set(cpu, NEVER)
        if (this.pendingVectors[cpu] !== 0) this.interrupt(cpu)
        return
      }
      const rest = cost[at]! + extra
      if (this.pendingVectors[cpu] !== 0 && this.interruptible(cpu)) {
        queue.set(cpu, this.now + rest)
        this.interrupt(cpu)
        return
      }
      if (rest > 0) {
        queue.set(cpu, this.now + rest)
        return
      }
    }
  }

  /** A vector arrives at a CPU, between two instructions: it is taken now, or as soon as interrupts are on. */
  raiseVector(cpu: number, vector: number): void {
    this.pendingVectors[cpu] = this.pendingVectors[cpu]! | (1 << vector)
    if (this.interruptible(cpu)) this.interrupt(cpu)
  }

  /**
   * A non-maskable interrupt: it comes between any two instructions, also with interrupts off, and
   * nothing comes into it. Its handler samples, as that of a performance counter does.
   * @returns whether it came; cycles are not counted while the CPU is halted
   */
  nmi(cpu: number, took: number): boolean {
    if (this.halted[cpu] === 1) return false
    const flag = this.irqsOff[cpu]!
    // nmi_enter() counts a level of both, and traces neither that nor the interrupt flag.
    this.preemptCount[cpu] = this.preemptCount[cpu]! + NMI_OFFSET + HARDIRQ_OFFSET
    this.irqsOff[cpu] = 1
    this.probes.nmiHandler(cpu, took)
    this.irqsOff[cpu] = flag
    this.preemptCount[cpu] = this.preemptCount[cpu] - NMI_OFFSET - HARDIRQ_OFFSET
    this.queue.set(cpu, this.queue.time[cpu]! + took)
    return true
  }

  /** Leaves a hardirq or softirq context for what it had interrupted. @returns ns until that goes on */
  leaveInterrupt(cpu: number): number {
    const hard = this.inHardirq(cpu)
    const to = hard ? this.hardSavedContext[cpu]! : this.current[cpu]!
    const rest = hard ? this.hardSavedRest[cpu]! : this.softSavedRest[cpu]!
    this.context[cpu] = to
    if (to < this.firstSoftContext) {
      if (this.userMode[to] === 1) {
        if (this.needResched[cpu] === 1 || this.tasks.pendingSignals[to] !== 0) {
          this.divert(to, rest, this.entries.exitToUser)
          return 0
        }
      } else if (this.needResched[cpu] === 1 && this.preemptCount[cpu] === 0) {
        this.divert(to, rest, this.entries.preemptScheduleIrq)
        return 0
      }
    }
    this.enableInterrupts(cpu)
    return rest
  }

  /** The tail of irq_exit(): a hardirq becomes a softirq context above the same task. */
  enterSoftirq(cpu: number): void {
    const context = this.firstSoftContext + cpu
    if (this.inHardirq(cpu)) {
      this.softSavedRest[cpu] = this.hardSavedRest[cpu]!
      this.start(context, this.entries.softirq)
    } else {
      this.softSavedRest[cpu] = 0
      this.start(context, this.entries.softirqFromTask)
    }
    this.context[cpu] = context
  }

  disableInterrupts(cpu: number): void {
    this.irqsOff[cpu] = 1
    if (this.irqsOffTraced[cpu] === 0) {
      this.irqsOffTraced[cpu] = 1
      this.probes.irqDisable(cpu)
    }
  }

  enableInterrupts(cpu: number): void {
    if (this.irqsOffTraced[cpu] === 1) {
      this.irqsOffTraced[cpu] = 0
      this.probes.irqEnable(cpu)
    }
    this.irqsOff[cpu] = 0
  }

  /** A detour of an interrupted task; the operation `resume` ends it. */
  private divert(task: number, rest: number, address: number): void {
    this.push(task, this.userMode[task]!)
    this.push(task, rest)
    this.call(task, address)
    this.userMode[task] = 0
  }

  /** Ends a detour. @returns ns that the interrupted instruction still takes */
  resume(cpu: number): number {
    const task = this.context[cpu]!
    this.pc[task] = this.pop(task)
    const rest = this.pop(task)
    this.userMode[task] = this.pop(task)
    return rest
  }

  private interruptible(cpu: number): boolean {
    if (this.irqsOff[cpu] === 1) return false
    return (
      !(this.limits.noInterruptInPreemptWindow && this.inPreemptWindow[cpu] === 1) &&
      !this.inSleepWindow(cpu)
    )
  }

  private inSleepWindow(cpu: number): boolean {
    return this.limits.noWakeupBeforeSchedule && this.tasks.state[this.current[cpu]!] !== 0
  }

  /** The hardware takes the first waiting vector. */
  private interrupt(cpu: number): void {
    const pending = this.pendingVectors[cpu]!
    const vector = 31 - Math.clz32(pending & -pending)
    this.pendingVectors[cpu] = pending & (pending - 1)
    this.hardSavedContext[cpu] = this.context[cpu]!
    if (this.halted[cpu] === 1) {
      this.halted[cpu] = 0
      this.hardSavedRest[cpu] = 0
    } else {
      this.hardSavedRest[cpu] = this.queue.time[cpu]! - this.now
    }
    const context = this.firstHardContext + cpu
    this.context[cpu] = context
    this.start(context, this.entries.vectors[vector]!)
    this.irqsOff[cpu] = 1
    this.queue.set(cpu, this.now + INTERRUPT_LATENCY)
  }
}

/** From the pin to the first instruction of the handler. */
const INTERRUPT_LATENCY = 120
