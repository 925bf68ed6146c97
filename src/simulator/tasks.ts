/** Task states of include/linux/sched.h. */
export const TASK_RUNNING = 0
export const TASK_INTERRUPTIBLE = 0x1
export const TASK_UNINTERRUPTIBLE = 0x2
export const EXIT_ZOMBIE = 0x20
export const TASK_DEAD = 0x80
export const TASK_WAKING = 0x200
export const TASK_NOLOAD = 0x400
export const TASK_NEW = 0x800
export const TASK_FREEZABLE = 0x2000
/** What wake_up_process() wakes. */
export const TASK_NORMAL = TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE
/** A kernel thread that waits without counting as load. */
export const TASK_IDLE = TASK_UNINTERRUPTIBLE | TASK_NOLOAD
/** What nanosleep waits in. */
export const TASK_SLEEPING = TASK_INTERRUPTIBLE | TASK_FREEZABLE

export const MAX_RT_PRIO = 100
export const DEFAULT_PRIO = 120
/** Every SCHED_DEADLINE task has this priority: above all real-time ones. */
export const DEADLINE_PRIO = -1

/** Policies of include/uapi/linux/sched.h. */
export const SCHED_NORMAL = 0
export const SCHED_FIFO = 1
export const SCHED_DEADLINE = 6

const PID_MAX = 32_768
/** Where pids start again after PID_MAX, as in the kernel. */
const RESERVED_PIDS = 300

/** What a new task is. */
export interface TaskDescription {
  readonly comm: string
  /** As the kernel counts: 0-99 real time (SCHED_FIFO), 120 is nice 0. */
  readonly prio: number
  /** PF_KTHREAD */
  readonly kthread: boolean
  /** CPU to which it is bound, or -1. */
  readonly boundTo: number
  /** Behaviour (see workload.ts), and a number for its own use. */
  readonly behaviour: number
  readonly parent: number
}

/**
 * All tasks as columns; a task is an index, reused after its exit. The idle
 * task of a CPU has the CPU's number as its index.
 */
export class TaskTable {
  readonly pid: Int32Array
  /** comm[task] indexes commNames. */
  readonly comm: Int32Array
  /** Every name that a task has had, once. */
  readonly commNames: string[] = []
  private readonly commIndexes = new Map<string, number>()
  readonly prio: Int32Array
  /** SCHED_NORMAL and so on, see CONSTANTS of the model. */
  readonly policy: Uint8Array
  /** PF_KTHREAD */
  readonly kthread: Uint8Array
  /** Priority without inheritance; `prio` is the effective one. */
  readonly normalPrio: Int32Array
  /** CPU whose fair server picked it (task->dl_server), or -1. */
  readonly dlServer: Int32Array
  readonly boundTo: Int32Array
  readonly alive: Uint8Array
  /** __state */
  readonly state: Int32Array
  /** exit_state */
  readonly exitState: Uint8Array
  /** Signals that wait to be delivered, as bits; bit 0 is signal 1. */
  readonly pendingSignals: Int32Array
  readonly onRq: Uint8Array
  /** CPU that it runs on or is being switched away from, or -1. */
  readonly onCpu: Int32Array
  /** CPU that it is queued on or ran on last. */
  readonly cpu: Int32Array
  /** CPU that holds its pi_lock, or -1. */
  readonly piLock: Int32Array
  readonly vruntime: Float64Array
  readonly fairPosition: Int32Array
  readonly rtNext: Int32Array
  /** Link of the lists of expired timers and of remote wakeups. */
  readonly listNext: Int32Array
  readonly behaviour: Uint8Array
  /** Step within the behaviour, and two numbers for its own use. */
  readonly phase: Int32Array
  readonly peer: Int32Array
  readonly parent: Int32Array
  /** Whatever the task waits for (bytes in a pipe, a packet, a child's exit) and has not taken yet. */
  readonly tokens: Int32Array
  /** 1 while it is on the wait queue of its tokens. */
  readonly waiting: Uint8Array
  /** 1 when its own timer or request is done. */
  readonly done: Uint8Array
  /** Lock that its step is about, see locks.ts. */
  readonly lock: Int32Array
  /** System call that it is in or will do next (a place among FORMS), and what it returns. */
  readonly syscall: Int32Array
  readonly syscallResult: Float64Array
  /** Policy and priority that a sched_setscheduler() or sched_setattr() asks for. */
  readonly newPolicy: Uint8Array
  readonly newPrio: Int32Array
  private readonly free: number[] = []
  private readonly taskOfPid = new Int32Array(PID_MAX).fill(-1)
  private lastPid = 0

  constructor(
    readonly cpus: number,
    readonly capacity: number
  ) {
    const ints = (): Int32Array => new Int32Array(capacity)
    this.pid = ints()
    this.comm = ints()
    this.prio = ints().fill(DEFAULT_PRIO)
    this.normalPrio = ints().fill(DEFAULT_PRIO)
    this.policy = new Uint8Array(capacity)
    this.kthread = new Uint8Array(capacity)
    this.dlServer = ints().fill(-1)
    this.boundTo = ints().fill(-1)
    this.alive = new Uint8Array(capacity)
    this.state = ints().fill(TASK_DEAD)
    this.exitState = new Uint8Array(capacity)
    this.pendingSignals = ints()
    this.onRq = new Uint8Array(capacity)
    this.onCpu = ints().fill(-1)
    this.cpu = ints()
    this.piLock = ints().fill(-1)
    this.vruntime = new Float64Array(capacity)
    this.fairPosition = ints().fill(-1)
    this.rtNext = ints().fill(-1)
    this.listNext = ints().fill(-1)
    this.behaviour = new Uint8Array(capacity)
    this.phase = ints()
    this.peer = ints().fill(-1)
    this.parent = ints().fill(-1)
    this.tokens = ints()
    this.waiting = new Uint8Array(capacity)
    this.done = new Uint8Array(capacity)
    this.lock = ints().fill(-1)
    this.syscall = ints()
    this.syscallResult = new Float64Array(capacity)
    this.newPolicy = new Uint8Array(capacity)
    this.newPrio = ints()
    for (let task = capacity - 1; task >= cpus; task--) this.free.push(task)
    for (let cpu = 0; cpu < cpus; cpu++) {
      this.setComm(cpu, `swapper/${cpu}`)
      this.alive[cpu] = 1
      this.state[cpu] = TASK_RUNNING
      this.onRq[cpu] = 1
      this.onCpu[cpu] = cpu
      this.cpu[cpu] = cpu
      this.boundTo[cpu] = cpu
      this.kthread[cpu] = 1
    }
  }

  /** @returns the new task in state TASK_NEW, or -1 where the table is full */
  create(description: TaskDescription): number {
    const task = this.free.pop()
    if (task === undefined) return -1
    this.pid[task] = this.newPid(task)
    this.setComm(task, description.comm)
    this.prio[task] = description.prio
    this.normalPrio[task] = description.prio
    this.policy[task] = description.prio < MAX_RT_PRIO ? SCHED_FIFO : SCHED_NORMAL
    this.kthread[task] = description.kthread ? 1 : 0
    this.dlServer[task] = -1
    this.lock[task] = -1
    this.boundTo[task] = description.boundTo
    this.behaviour[task] = description.behaviour
    this.parent[task] = description.parent
    this.alive[task] = 1
    this.state[task] = TASK_NEW
    this.exitState[task] = 0
    this.pendingSignals[task] = 0
    this.onRq[task] = 0
    this.onCpu[task] = -1
    this.phase[task] = 0
    this.peer[task] = -1
    this.tokens[task] = 0
    this.waiting[task] = 0
    this.done[task] = 0
    this.vruntime[task] = 0
    return task
  }

  /** @param name up to 15 characters, as in the kernel */
  setComm(task: number, name: string): void {
    let index = this.commIndexes.get(name)
    if (index === undefined) {
      index = this.commNames.length
      this.commNames.push(name)
      this.commIndexes.set(name, index)
    }
    this.comm[task] = index
  }

  commOf(task: number): string {
    return this.commNames[this.comm[task]!] ?? ''
  }

  /** The task with this pid, or -1. */
  taskOf(pid: number): number {
    return this.taskOfPid[pid] ?? -1
  }

  /** Pids go on from here. */
  startPidsAt(pid: number): void {
    this.lastPid = pid - 1
  }

  /** Gives a dead task's index and pid back. */
  release(task: number): void {
    this.taskOfPid[this.pid[task]!] = -1
    this.alive[task] = 0
    this.free.push(task)
  }

  isIdle(task: number): boolean {
    return task < this.cpus
  }

  forEach(visit: (task: number) => void): void {
    for (let task = 0; task < this.capacity; task++) if (this.alive[task] === 1) visit(task)
  }

  /** Pids rise and are used again only after PID_MAX. */
  private newPid(task: number): number {
    do {
      this.lastPid++
      if (this.lastPid >= PID_MAX) this.lastPid = RESERVED_PIDS
    } while (this.taskOfPid[this.lastPid] !== -1)
    this.taskOfPid[this.lastPid] = task
    return this.lastPid
  }
}
