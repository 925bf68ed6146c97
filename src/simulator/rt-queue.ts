/** SCHED_FIFO has the priorities 0 (highest, as the kernel counts) to 99. */
export const RT_PRIORITIES = 100

/**
 * The real-time class of one CPU: first in, first out within each priority.
 * Lists run through `next`, one link per task, shared by all CPUs. The running
 * task is not in it.
 */
export class RtQueue {
  private readonly head = new Int32Array(RT_PRIORITIES).fill(-1)
  private readonly tail = new Int32Array(RT_PRIORITIES).fill(-1)
  size = 0
  /** No list below this priority has an entry. */
  private lowest = RT_PRIORITIES

  constructor(private readonly next: Int32Array) {}

  /** The priority of the first task, or RT_PRIORITIES when empty. */
  firstPriority(): number {
    while (this.lowest < RT_PRIORITIES && this.head[this.lowest] === -1) this.lowest++
    return this.lowest
  }

  first(): number {
    const priority = this.firstPriority()
    return priority < RT_PRIORITIES ? this.head[priority]! : -1
  }

  /** At the tail, or at the head for a task that was preempted. */
  add(task: number, priority: number, atHead: boolean): void {
    this.size++
    if (priority < this.lowest) this.lowest = priority
    const head = this.head[priority]!
    if (head === -1) {
      this.next[task] = -1
      this.head[priority] = task
      this.tail[priority] = task
    } else if (atHead) {
      this.next[task] = head
      this.head[priority] = task
    } else {
      this.next[task] = -1
      this.next[this.tail[priority]!] = task
      this.tail[priority] = task
    }
  }

  /** Takes a task off that waits with this priority. */
  remove(task: number, priority: number): void {
    let before = -1
    let at = this.head[priority]!
    while (at !== task) {
      before = at
      at = this.next[at]!
    }
    const after = this.next[task]!
    if (before === -1) this.head[priority] = after
    else this.next[before] = after
    if (after === -1) this.tail[priority] = before
    this.next[task] = -1
    this.size--
  }

  /** Takes the first task off; the queue must not be empty. */
  removeFirst(): number {
    const priority = this.firstPriority()
    const task = this.head[priority]!
    const after = this.next[task]!
    this.head[priority] = after
    if (after === -1) this.tail[priority] = -1
    this.next[task] = -1
    this.size--
    return task
  }
}
