import type { Machine } from './machine'
import type { Scheduler } from './scheduler'
import { MAX_RT_PRIO } from './tasks'

/** CPUs looked at for an idle or a busy one. */
const SEARCH = 16

/** On which CPU a task waits, and which tasks go to another one. */
export class Placement {
  private lastStolen = -1

  constructor(
    private readonly m: Machine,
    private readonly scheduler: Scheduler
  ) {}

  /** Periodic balance, in SOFTIRQ_SCHED: one task from the busiest of a few CPUs. @returns ns */
  balance(cpu: number): number {
    const own = this.scheduler.queued(cpu)
    let busiest = -1
    let most = own + 1
    for (let i = 0; i < SEARCH && i < this.m.cpus; i++) {
      const other = this.m.prng.below(this.m.cpus)
      const queued = this.scheduler.queued(other)
      if (other !== cpu && queued > most) {
        busiest = other
        most = queued
      }
    }
    if (busiest !== -1 && this.steal(busiest, cpu))
      this.scheduler.checkPreempt(cpu, cpu, this.lastStolen)
    return 600
  }

  /** select_task_rq(): where it was, here, or an idle CPU near by. */
  selectCpu(cpu: number, task: number): number {
    const { m } = this
    const { tasks } = m
    const bound = tasks.boundTo[task]!
    if (bound !== -1) return bound
    const last = tasks.cpu[task]!
    if (this.scheduler.isIdle(last)) return last
    if (this.scheduler.isIdle(cpu)) return cpu
    for (let i = 1; i < m.cpus && i < SEARCH; i++) {
      const candidate = (last + i) % m.cpus
      if (this.scheduler.isIdle(candidate)) return candidate
    }
    if (tasks.prio[task]! < MAX_RT_PRIO) return this.leastImportant(last)
    // Two tasks that talk to each other are brought together now and then.
    return m.prng.below(8) === 0 ? cpu : last
  }

  /** For a real-time task: a CPU that runs a fair one. @param from 1 to leave `last` out */
  private leastImportant(last: number, from = 0): number {
    const { m } = this
    for (let i = from; i < m.cpus && i < SEARCH; i++) {
      const candidate = (last + i) % m.cpus
      const current = m.current[candidate]!
      const busy = m.tasks.prio[current]! < MAX_RT_PRIO
      if (!busy && this.scheduler.realTime[candidate]!.size === 0) return candidate
    }
    return last
  }

  /** push_rt_task(): a real-time task that has to wait here goes to a CPU that runs none. */
  pushRealTime(cpu: number, next: number): void {
    const { tasks, probes } = this.m
    const task = this.scheduler.realTime[cpu]!.first()
    if (tasks.boundTo[task] !== -1 || tasks.prio[next]! > tasks.prio[task]!) return
    const target = this.leastImportant(cpu, 1)
    if (target === cpu) return
    this.scheduler.realTime[cpu]!.remove(task, tasks.prio[task]!)
    probes.schedMigrate(cpu, task, cpu, target)
    tasks.cpu[task] = target
    this.scheduler.enqueue(cpu, target, task)
    this.scheduler.checkPreempt(cpu, target, task)
  }

  /** A CPU that would go idle takes a waiting task from another one. */
  pull(cpu: number): boolean {
    for (let i = 1; i < this.m.cpus && i < SEARCH; i++) {
      const other = (cpu + i) % this.m.cpus
      if (this.scheduler.fair[other]!.size > 0 && this.steal(other, cpu)) return true
    }
    return false
  }

  /** Moves a waiting fair task that may move. @returns whether there was one */
  private steal(from: number, to: number): boolean {
    const { tasks, probes } = this.m
    const source = this.scheduler.fair[from]!
    for (let i = source.size - 1; i >= 0 && i >= source.size - 4; i--) {
      const task = source.at(i)
      if (tasks.boundTo[task] !== -1) continue
      source.remove(task)
      probes.schedMigrate(to, task, from, to)
      const lag = tasks.vruntime[task]! - source.minVruntime
      tasks.vruntime[task] = this.scheduler.fair[to]!.minVruntime + lag
      tasks.cpu[task] = to
      this.scheduler.enqueue(to, to, task)
      this.lastStolen = task
      return true
    }
    return false
  }
}
