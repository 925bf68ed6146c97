/**
 * Lists of timers, doubly linked, so that one that waits anywhere is taken out
 * at once. A timer is a small integer and in one list at most.
 */
export class TimerLists {
  private readonly head: Int32Array
  private next = new Int32Array(64).fill(-1)
  private previous = new Int32Array(64).fill(-1)
  private list = new Int32Array(64).fill(-1)

  constructor(lists: number) {
    this.head = new Int32Array(lists).fill(-1)
  }

  /** The list that a timer is in, or -1. */
  listOf(timer: number): number {
    return this.list[timer] ?? -1
  }

  /** The timer that was added last, or -1. */
  first(list: number): number {
    return this.head[list]!
  }

  /** Puts a timer, which must be in no list, at the head of one. */
  add(list: number, timer: number): void {
    if (timer >= this.list.length) this.grow(timer)
    const before = this.head[list]!
    this.next[timer] = before
    this.previous[timer] = -1
    if (before !== -1) this.previous[before] = timer
    this.head[list] = timer
    this.list[timer] = list
  }

  remove(timer: number): void {
    const next = this.next[timer]!
    const previous = this.previous[timer]!
    if (previous === -1) this.head[this.list[timer]!] = next
    else this.next[previous] = next
    if (next !== -1) this.previous[next] = previous
    this.list[timer] = -1
  }

  private grow(timer: number): void {
    let length = this.list.length
    while (length <= timer) length *= 2
    const larger = (old: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
      const fresh = new Int32Array(length).fill(-1)
      fresh.set(old)
      return fresh
    }
    this.next = larger(this.next)
    this.previous = larger(this.previous)
    this.list = larger(this.list)
  }
}
