import type { TracefsPort } from '../target/port'
import type { Clock } from './clock'
import type { Fold } from './fold'

/** The list of tasks is read no more often than this, ms. */
const EVERY_MS = 2000

/** Names the rows of tasks, and frees those of tasks that have exited when a table is full. */
export class Labels {
  readonly #port: TracefsPort
  readonly #fold: Fold
  readonly #clock: Clock
  #last = -Infinity

  constructor(port: TracefsPort, fold: Fold, clock: Clock) {
    this.#port = port
    this.#fold = fold
    this.#clock = clock
  }

  /** Reads the tasks where a row waits for its name or for room, and not too often. */
  async refreshWhenWanted(): Promise<void> {
    const full = this.#fold.monitors.some((monitor) => monitor.instances.isFull)
    if (!full && !this.#fold.wantsLabels) return
    if (this.#clock.now() - this.#last >= EVERY_MS) await this.refresh()
  }

  async refresh(): Promise<void> {
    this.#last = this.#clock.now()
    this.#fold.wantsLabels = false
    const tasks = await this.#port.tasks()
    for (const monitor of this.#fold.monitors) {
      if (monitor.type !== 'per_task') continue
      const table = monitor.instances
      for (let row = 0; row < table.length; row++) {
        const comm = tasks.get(table.id[row] ?? -1)
        if (comm !== undefined && table.labels[row] === '') table.setLabel(row, comm, 0)
      }
      // pid 0 stands for the idle tasks, which are in no list.
      if (table.isFull) table.sweep((pid) => pid === 0 || tasks.has(pid))
    }
  }
}
