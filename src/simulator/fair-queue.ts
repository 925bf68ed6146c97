/**
 * The fair class of one CPU: tasks that wait, by virtual runtime (a binary heap;
 * the kernel has a red-black tree). The running task is not in it.
 */
export class FairQueue {
  private heap = new Int32Array(8)
  size = 0
  /** Virtual runtime that a task gets at least when it comes back from sleep. */
  minVruntime = 0

  constructor(
    private readonly vruntime: Float64Array,
    /** position[task] in the queue that the task is in, or -1; shared by all CPUs. */
    private readonly position: Int32Array
  ) {}

  /** The task with the least virtual runtime, or -1. */
  first(): number {
    return this.size === 0 ? -1 : this.heap[0]!
  }

  /** The task at a place of the heap, in no particular order. */
  at(index: number): number {
    return index < this.size ? this.heap[index]! : -1
  }

  add(task: number): void {
    if (this.size === this.heap.length) {
      const larger = new Int32Array(this.size * 2)
      larger.set(this.heap)
      this.heap = larger
    }
    this.up(this.size++, task)
  }

  remove(task: number): void {
    const at = this.position[task]!
    this.position[task] = -1
    const last = this.heap[--this.size]!
    if (last === task) return
    this.up(at, last)
    this.down(this.position[last]!, last)
  }

  private before(a: number, b: number): boolean {
    const left = this.vruntime[a]!
    const right = this.vruntime[b]!
    return left < right || (left === right && a < b)
  }

  private up(from: number, task: number): void {
    let at = from
    while (at > 0) {
      const parentAt = (at - 1) >> 1
      const parent = this.heap[parentAt]!
      if (!this.before(task, parent)) break
      this.heap[at] = parent
      this.position[parent] = at
      at = parentAt
    }
    this.heap[at] = task
    this.position[task] = at
  }

  private down(from: number, task: number): void {
    let at = from
    for (;;) {
      let childAt = 2 * at + 1
      if (childAt >= this.size) break
      if (childAt + 1 < this.size && this.before(this.heap[childAt + 1]!, this.heap[childAt]!)) {
        childAt++
      }
      const child = this.heap[childAt]!
      if (this.before(task, child)) break
      this.heap[at] = child
      this.position[child] = at
      at = childAt
    }
    this.heap[at] = task
    this.position[task] = at
  }
}
