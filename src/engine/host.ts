/**
 * What the engine asks of the kernel that it runs in (the simulated one, or a
 * replay of recorded tracepoints). The engine has no clock and no tasks of its
 * own. Tasks are named by a dense index that the host reuses after exit.
 */
export interface EngineHost {
  /** Virtual time in ns since boot, an integer below 2^53. */
  now(): number
  /** jiffies_64: ticks since boot, an integer. */
  jiffies(): number
  /** CPU on which the current tracepoint handler runs. */
  currentCpu(): number
  /** Task that runs on that CPU. */
  currentTask(): number
  /** Value of CONTEXT_VARIABLES[variable] (src/model/tracepoints.ts) for the current handler. */
  context(variable: number): number
  /** Value of TASK_ATTRIBUTES[attribute] of a task. */
  taskAttribute(attribute: number, task: number): number
  /** Value of OBJECT_ATTRIBUTES[attribute] of the object with this id; 0 where there is none. */
  objectAttribute(attribute: number, object: number): number
  /** Where hybrid automata arm their timers. */
  readonly timers: EngineTimers
  /** Number of possible CPUs; instances of per-CPU monitors are sized by it. */
  readonly possibleCpus: number
  isOnline(cpu: number): boolean
  /** Calls back with the index of every thread, and of the idle task of every present CPU. */
  forEachTask(visit: (task: number) => void): void
  /** Name of the task as its trace lines show it (`swapper/0` for an idle task). */
  commOf(task: number): string
  /** The pid that trace lines and messages of a task's instance carry. */
  pidOf(task: number): number
  /** A line for the kernel log (printk), without timestamp, level as in kern_levels.h (3 error, 4 warning, 6 info). */
  printk(level: number, text: string): void
  /** vpanic(): the machine stops. The text is without `Kernel panic - not syncing: `. */
  panic(text: string): void
  /** Where trace events of system `rv` go. */
  readonly trace: RvTraceSink
}

/**
 * Timers of the kernel that the engine runs in. A timer is a small integer that
 * the engine chooses (dense, from 0, reused). When it expires the host calls
 * RvEngine.timerExpired(timer) with the CPU and the context of the expiry as the
 * current ones: the TIMER softirq of the CPU that armed it for a wheel timer, a
 * hardirq of that CPU for an hrtimer.
 */
export interface EngineTimers {
  /** Length of a tick in ns (TICK_NSEC). */
  readonly tick: number
  /** Arms a timer of the wheel, or moves it. @param expires in jiffies; it expires at the first tick at or after */
  armWheel(timer: number, expires: number): void
  /** Arms an hrtimer, or moves it. @param expires CLOCK_MONOTONIC in ns */
  armHigh(timer: number, expires: number): void
  /** No error for a timer that is not armed. */
  cancel(timer: number): void
}

/** The `rv` trace events (include/trace/events/rv.h); monitor is the registry's index, id the pid, object or -1. */
export interface RvTraceSink {
  event(monitor: number, id: number, state: number, event: number, next: number): void
  error(monitor: number, id: number, state: number, event: number): void
  errorEnv(monitor: number, id: number, state: number, event: number, env: string): void
  retries(monitor: number, event: number): void
  /** event_ of an LTL monitor; states, atoms and next are bit sets (unsigned 32 bits). Texts are made where the line is read. */
  ltlEvent(monitor: number, task: number, states: number, atoms: number, next: number): void
  /** error_ of an LTL monitor. */
  ltlError(monitor: number, task: number): void
}
