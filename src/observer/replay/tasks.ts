/** MAX_RT_PRIO and DEFAULT_PRIO: what is below the first is real-time or has a deadline. */
const MAX_RT_PRIO = 100
const DEFAULT_PRIO = 120
const SCHED_FIFO = 1
const SCHED_DEADLINE = 6

/**
 * The tasks that a recording has shown, as dense indexes. A pid keeps its index; the idle
 * tasks, which all have pid 0, have one for each CPU.
 */
export class ReplayTasks {
  private readonly byPid = new Map<number, number>()
  private readonly idleOf = new Map<number, number>()
  private readonly pids: number[] = []
  private readonly prios: number[] = []
  private readonly comms: string[] = []
  private readonly isIdle: boolean[] = []

  /** @param kthreads pids of kernel threads, where somebody knows them: a trace does not say */
  constructor(private readonly kthreads: ReadonlySet<number>) {}

  get count(): number {
    return this.pids.length
  }

  /** The task with a pid, for 0 the idle task of a CPU; one that is new gets an index. */
  index(pid: number, cpu: number): number {
    const table = pid === 0 ? this.idleOf : this.byPid
    const known = table.get(pid === 0 ? cpu : pid)
    if (known !== undefined) return known
    const index = this.pids.length
    table.set(pid === 0 ? cpu : pid, index)
    this.pids.push(pid)
    this.prios.push(DEFAULT_PRIO)
    this.comms.push(pid === 0 ? `swapper/${cpu}` : '')
    this.isIdle.push(pid === 0)
    return index
  }

  has(pid: number): boolean {
    return this.byPid.has(pid)
  }

  setPrio(task: number, prio: number): void {
    this.prios[task] = prio
  }

  /** Idle tasks keep their own: a trace line calls them `<idle>`. */
  setComm(task: number, comm: string): void {
    if (this.isIdle[task] !== true) this.comms[task] = comm
  }

  pid(task: number): number {
    return this.pids[task] ?? -1
  }

  comm(task: number): string {
    return this.comms[task] ?? ''
  }

  /** TASK_ATTRIBUTES by name. No trace event says which deadline server runs a task. */
  attribute(name: string, task: number): number {
    const prio = this.prios[task] ?? DEFAULT_PRIO
    switch (name) {
      case 'pid':
        return this.pid(task)
      case 'prio':
        return prio
      case 'policy':
        return prio < 0 ? SCHED_DEADLINE : prio < MAX_RT_PRIO ? SCHED_FIFO : 0
      case 'rt_or_dl':
        return prio < MAX_RT_PRIO ? 1 : 0
      case 'kthread':
        return this.isIdle[task] === true || this.kthreads.has(this.pid(task)) ? 1 : 0
      case 'idle':
        return this.isIdle[task] === true ? 1 : 0
      default:
        return 0
    }
  }
}
