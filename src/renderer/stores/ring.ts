/** The newest `capacity` entries of a stream, with the number of the first one kept. */
export class Ring<T> {
  private items: (T | undefined)[] = []
  private head = 0
  /** Entries that are kept. */
  size = 0
  /** Entries ever pushed. */
  total = 0

  constructor(readonly capacity: number) {}

  push(item: T): void {
    if (this.size < this.capacity) {
      this.items[(this.head + this.size) % this.capacity] = item
      this.size++
    } else {
      this.items[this.head] = item
      this.head = (this.head + 1) % this.capacity
    }
    this.total++
  }

  /** Oldest first. */
  at(index: number): T | undefined {
    if (index < 0 || index >= this.size) return undefined
    return this.items[(this.head + index) % this.capacity]
  }

  clear(): void {
    this.items = []
    this.head = 0
    this.size = 0
    this.total = 0
  }

  *[Symbol.iterator](): Generator<T> {
    for (let i = 0; i < this.size; i++) {
      const item = this.at(i)
      if (item !== undefined) yield item
    }
  }
}
