/** First in, first out lists of tasks, one per CPU. A task is in one of them at most; all share the link. */
export class TaskLists {
  private readonly head: Int32Array
  private readonly tail: Int32Array

  constructor(
    cpus: number,
    private readonly next: Int32Array
  ) {
    this.head = new Int32Array(cpus).fill(-1)
    this.tail = new Int32Array(cpus).fill(-1)
  }

  empty(cpu: number): boolean {
    return this.head[cpu] === -1
  }

  add(cpu: number, task: number): void {
    this.next[task] = -1
    if (this.head[cpu] === -1) this.head[cpu] = task
    else this.next[this.tail[cpu]!] = task
    this.tail[cpu] = task
  }

  /** Takes the first task off, or -1. */
  take(cpu: number): number {
    const task = this.head[cpu]!
    if (task === -1) return -1
    this.head[cpu] = this.next[task]!
    this.next[task] = -1
    return task
  }
}
