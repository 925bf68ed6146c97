/** Time of a slot that waits for nothing. */
export const NEVER = Infinity

/**
 * What happens next: a binary heap over a fixed number of slots, each of which
 * waits for at most one moment. A slot stands for a source of events (the next
 * instruction of a CPU, the timer of a task), so nothing is allocated per event
 * and cancelling is cheap. At the same time the lower slot comes first, which
 * makes the order independent of the history.
 */
export class EventQueue {
  /** Moment of each slot in virtual ns, or NEVER. */
  readonly time: Float64Array
  private readonly heap: Int32Array
  private readonly position: Int32Array
  private size = 0

  constructor(slots: number) {
    this.time = new Float64Array(slots).fill(NEVER)
    this.heap = new Int32Array(slots)
    this.position = new Int32Array(slots).fill(-1)
  }

  /** The slot that comes first, or -1 while nothing waits. */
  first(): number {
    return this.size === 0 ? -1 : this.heap[0]!
  }

  /** Sets or moves a slot's moment; NEVER cancels it. */
  set(slot: number, time: number): void {
    const at = this.position[slot]!
    if (time === NEVER) {
      if (at >= 0) this.remove(slot, at)
      return
    }
    const before = this.time[slot]!
    this.time[slot] = time
    if (at < 0) {
      this.up(this.size++, slot)
    } else if (time < before) {
      this.up(at, slot)
    } else {
      this.down(at, slot)
    }
  }

  private remove(slot: number, at: number): void {
    this.time[slot] = NEVER
    this.position[slot] = -1
    const last = this.heap[--this.size]!
    if (last === slot) return
    this.up(at, last)
    this.down(this.position[last]!, last)
  }

  private up(from: number, slot: number): void {
    const { heap, position, time } = this
    const own = time[slot]!
    let at = from
    while (at > 0) {
      const parentAt = (at - 1) >> 1
      const parent = heap[parentAt]!
      const other = time[parent]!
      if (other < own || (other === own && parent < slot)) break
      heap[at] = parent
      position[parent] = at
      at = parentAt
    }
    heap[at] = slot
    position[slot] = at
  }

  private down(from: number, slot: number): void {
    const { heap, position, time, size } = this
    const own = time[slot]!
    let at = from
    for (;;) {
      let childAt = 2 * at + 1
      if (childAt >= size) break
      let child = heap[childAt]!
      let other = time[child]!
      if (childAt + 1 < size) {
        const right = heap[childAt + 1]!
        const rightTime = time[right]!
        if (rightTime < other || (rightTime === other && right < child)) {
          childAt++
          child = right
          other = rightTime
        }
      }
      if (own < other || (own === other && slot < child)) break
      heap[at] = child
      position[child] = at
      at = childAt
    }
    heap[at] = slot
    position[slot] = at
  }
}
