import type { TaskInfo, TracefsPort } from '../target/port'
import type { Clock } from './clock'
import type { Fold } from './fold'

/** The list of tasks is read no more often than this, ms. */
const EVERY_MS = 2000

/** And no less often than this while a monitor of tasks is on, since tasks exit without a word, ms. */
const AT_LEAST_EVERY_MS = 10_000

/** Names the rows of tasks, marks those that have exited, and frees their rows when a table is full. */
export class Labels {
  readonly #port: TracefsPort
  readonly #fold: Fold
  readonly #clock: Clock
  /** Told of each list of tasks. */
  onTasks: ((tasks: ReadonlyMap<number, TaskInfo>) => void) | undefined
  #last = -Infinity

  constructor(port: TracefsPort, fold: Fold, clock: Clock) {
    this.#port = port
    this.#fold = fold
    this.#clock = clock
  }

  /** Reads the tasks where a row waits for its name or for room, and now and then; not too often. */
  async refreshWhenWanted(): Promise<void> {
    const { monitors, wantsLabels } = this.#fold
    const isWanted = wantsLabels || monitors.some((monitor) => monitor.instances.isFull)
    const hasTasks = monitors.some(({ idsAreTasks, isOff }) => idsAreTasks && !isOff)
    if (!isWanted && !hasTasks) return
    const since = this.#clock.now() - this.#last
    if (since >= (isWanted ? EVERY_MS : AT_LEAST_EVERY_MS)) await this.refresh()
  }

  async refresh(): Promise<void> {
    this.#last = this.#clock.now()
    this.#fold.wantsLabels = false
    const tasks = await this.#port.tasks()
    this.onTasks?.(tasks)
    for (const monitor of this.#fold.monitors) {
      if (!monitor.idsAreTasks) continue
      monitor.tasksAre(tasks, this.#fold.sec, this.#fold.nsec)
      const table = monitor.instances
      // pid 0 stands for the idle tasks, which are in no list; less than 0 is no task.
      if (table.isFull) table.sweep((pid) => pid <= 0 || tasks.has(pid))
    }
  }
}
