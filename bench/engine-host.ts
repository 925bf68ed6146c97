import type { EngineHost, RvTraceSink } from '../src/engine/host'

/** 1000 Hz */
const TICK = 1_000_000

/**
 * A kernel for benches: its time, tasks and context are what the bench put into
 * arrays, so that the host costs next to nothing and allocates nothing.
 */
export class BenchHost implements EngineHost {
  /** ns; an array, since a number above 2^31 in a field would be allocated anew each time. */
  readonly time = new Float64Array(1)
  cpu = 0
  current = 0
  /** By variable of CONTEXT_VARIABLES. */
  readonly contexts = new Float64Array(32)
  /** attributes[attribute][task] */
  readonly attributes: readonly Float64Array[]
  /** When each timer expires, in its unit; 0 where it is not armed. */
  expires = new Float64Array(64)
  /** What the trace sink was told: the sum of the states or sets that were entered. */
  entered = 0
  errors = 0

  constructor(
    readonly possibleCpus: number,
    private readonly tasks: number
  ) {
    this.attributes = Array.from({ length: 16 }, () => new Float64Array(tasks))
  }

  now(): number {
    return this.time[0] ?? 0
  }
  jiffies(): number {
    return Math.floor((this.time[0] ?? 0) / TICK)
  }
  currentCpu(): number {
    return this.cpu
  }
  currentTask(): number {
    return this.current
  }
  context(variable: number): number {
    return this.contexts[variable] ?? 0
  }
  taskAttribute(attribute: number, task: number): number {
    return this.attributes[attribute]?.[task] ?? 0
  }
  objectAttribute(): number {
    return 10_000_000
  }
  isOnline(): boolean {
    return true
  }
  forEachTask(visit: (task: number) => void): void {
    for (let task = 0; task < this.tasks; task++) visit(task)
  }
  commOf(): string {
    return 'task'
  }
  pidOf(task: number): number {
    return task
  }
  printk(): void {
    // Nobody reads it.
  }
  panic(): void {
    throw new Error('No bench panics.')
  }

  readonly timers = {
    tick: TICK,
    armWheel: (timer: number, expires: number): void => this.arm(timer, expires),
    armHigh: (timer: number, expires: number): void => this.arm(timer, expires),
    cancel: (timer: number): void => this.arm(timer, 0)
  }

  readonly trace: RvTraceSink = {
    event: (_monitor, _id, _state, _event, next) => {
      this.entered += next
    },
    error: () => {
      this.errors++
    },
    errorEnv: () => {
      this.errors++
    },
    retries: () => undefined,
    ltlEvent: (_monitor, _task, _states, _atoms, next) => {
      this.entered += next
    },
    ltlError: () => {
      this.errors++
    }
  }

  /** Sum of what the armed timers wait for. */
  armed(): number {
    return this.expires.reduce((sum, expires) => sum + expires, 0)
  }

  private arm(timer: number, expires: number): void {
    if (timer >= this.expires.length) {
      const longer = new Float64Array(2 * timer)
      longer.set(this.expires)
      this.expires = longer
    }
    this.expires[timer] = expires
  }
}
