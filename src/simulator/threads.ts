import type { Machine } from './machine'

/** A task that does one routine all its life, besides those of the workload. */
export interface Thread {
  readonly comm: string
  /** As the kernel counts: 0-99 real time, 120 is nice 0. */
  readonly prio: number
  readonly kthread: boolean
  /** CPU to which it is bound, or -1. */
  readonly boundTo: number
  /** Name of a routine that never returns. */
  readonly main: string
}

/** Makes such a task, runnable. The table of tasks must have room for it. */
export function addThread(m: Machine, thread: Thread): number {
  const { main, ...rest } = thread
  const task = m.tasks.create({ ...rest, behaviour: 0, parent: -1 })
  if (task === -1) throw new Error('the task table is too small')
  const cpu = thread.boundTo === -1 ? task % m.cpus : thread.boundTo
  m.start(task, m.entries.taskStart)
  m.main[task] = m.program.entry(main)
  m.tasks.cpu[task] = cpu
  m.taskCreated(task)
  m.scheduler.start(cpu, task)
  return task
}
