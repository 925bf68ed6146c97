/**
 * What the engine asks of the kernel that it runs in (the simulated one, or a
 * replay of recorded tracepoints). The engine has no clock and no tasks of its
 * own. Tasks are named by a dense index that the host reuses after exit.
 */
export interface EngineHost {
  /** Virtual time in ns since boot, an integer below 2^53. */
  now(): number
  /** CPU on which the current tracepoint handler runs. */
  currentCpu(): number
  /** Number of possible CPUs; instances of per-CPU monitors are sized by it. */
  readonly possibleCpus: number
  isOnline(cpu: number): boolean
  /** Calls back with the index of every thread, and of the idle task of every present CPU. */
  forEachTask(visit: (task: number) => void): void
  /** The pid that trace lines and messages of a task's instance carry. */
  pidOf(task: number): number
  /** A line for the kernel log (printk), without timestamp, level as in kern_levels.h (3 error, 4 warning, 6 info). */
  printk(level: number, text: string): void
  /** vpanic(): the machine stops. The text is without `Kernel panic - not syncing: `. */
  panic(text: string): void
  /** Where trace events of system `rv` go. */
  readonly trace: RvTraceSink
}

/** The `rv` trace events (include/trace/events/rv.h); monitor is the registry's index, id the pid, object or -1. */
export interface RvTraceSink {
  event(monitor: number, id: number, state: number, event: number, next: number): void
  error(monitor: number, id: number, state: number, event: number): void
  errorEnv(monitor: number, id: number, state: number, event: number, env: string): void
  retries(monitor: number, event: number): void
}
