/** Edges of one monitor at most; a model has far fewer, learned names could make more. */
const MAX_EDGES = 16_384

/** Edges as columns; entries 0 .. length - 1. */
export interface EdgeColumns {
  readonly from: Int16Array<ArrayBuffer>
  readonly event: Int16Array<ArrayBuffer>
  readonly to: Int16Array<ArrayBuffer>
  readonly count: Float64Array<ArrayBuffer>
}

/**
 * Counts by (from, event, to), found by open addressing. Remembers which counts changed since they
 * were last taken. Counting allocates nothing but when the table doubles.
 */
export class EdgeTable {
  length = 0
  /** Counts that found no place. */
  notKept = 0
  #from = new Int16Array(16)
  #event = new Int16Array(16)
  #to = new Int16Array(16)
  #count = new Float64Array(16)
  /** Index + 1 by hash, 0 is free. */
  #slots = new Int32Array(64)
  #isDirty = new Uint8Array(16)
  #dirty = new Int32Array(16)
  #dirtyLength = 0

  get hasChanges(): boolean {
    return this.#dirtyLength > 0
  }

  /** Counts one more of the edge; `to` is -1 for a refused event. Returns its index, -1: no room. */
  add(from: number, event: number, to: number): number {
    const edge = this.#find(from, event, to)
    if (edge < 0) {
      this.notKept++
      return -1
    }
    this.#count[edge] = (this.#count[edge] ?? 0) + 1
    if (this.#isDirty[edge] === 0) {
      this.#isDirty[edge] = 1
      this.#dirty[this.#dirtyLength++] = edge
    }
    return edge
  }

  fromOf(edge: number): number {
    return this.#from[edge] ?? -1
  }

  eventOf(edge: number): number {
    return this.#event[edge] ?? -1
  }

  toOf(edge: number): number {
    return this.#to[edge] ?? -1
  }

  /** The counts by index, as they are now. */
  counts(): Float64Array<ArrayBuffer> {
    return this.#count.slice(0, this.length)
  }

  /** The edges that are known now, with other counts; edges beyond those have none. */
  columns(counts: Float64Array): EdgeColumns {
    const { length } = this
    const count = new Float64Array(length)
    count.set(counts.subarray(0, length))
    return {
      from: this.#from.slice(0, length),
      event: this.#event.slice(0, length),
      to: this.#to.slice(0, length),
      count
    }
  }

  /** The edges that changed since the last call, or all of them; none counts as changed afterwards. */
  take(all: boolean): EdgeColumns {
    const length = all ? this.length : this.#dirtyLength
    const from = new Int16Array(length)
    const event = new Int16Array(length)
    const to = new Int16Array(length)
    const count = new Float64Array(length)
    for (let i = 0; i < length; i++) {
      const edge = all ? i : (this.#dirty[i] ?? 0)
      from[i] = this.#from[edge] ?? 0
      event[i] = this.#event[edge] ?? 0
      to[i] = this.#to[edge] ?? 0
      count[i] = this.#count[edge] ?? 0
    }
    this.#isDirty.fill(0, 0, this.length)
    this.#dirtyLength = 0
    return { from, event, to, count }
  }

  #find(from: number, event: number, to: number): number {
    const mask = this.#slots.length - 1
    let slot = hash(from, event, to) & mask
    for (;;) {
      const edge = (this.#slots[slot] ?? 0) - 1
      if (edge < 0) return this.#add(from, event, to, slot)
      if (this.#from[edge] === from && this.#event[edge] === event && this.#to[edge] === to) {
        return edge
      }
      slot = (slot + 1) & mask
    }
  }

  #add(from: number, event: number, to: number, slot: number): number {
    if (this.length === MAX_EDGES) return -1
    const edge = this.length++
    if (edge === this.#from.length) this.#double()
    this.#from[edge] = from
    this.#event[edge] = event
    this.#to[edge] = to
    if (this.#slots[slot] === 0 && this.length * 2 <= this.#slots.length) {
      this.#slots[slot] = edge + 1
    } else {
      this.#rehash()
    }
    return edge
  }

  #double(): void {
    const size = this.#from.length * 2
    const grown16 = (old: Int16Array): Int16Array<ArrayBuffer> => {
      const bigger = new Int16Array(size)
      bigger.set(old)
      return bigger
    }
    this.#from = grown16(this.#from)
    this.#event = grown16(this.#event)
    this.#to = grown16(this.#to)
    const count = new Float64Array(size)
    count.set(this.#count)
    this.#count = count
    const isDirty = new Uint8Array(size)
    isDirty.set(this.#isDirty)
    this.#isDirty = isDirty
    const dirty = new Int32Array(size)
    dirty.set(this.#dirty)
    this.#dirty = dirty
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2)
    const mask = slots.length - 1
    for (let edge = 0; edge < this.length; edge++) {
      let slot = hash(this.#from[edge] ?? 0, this.#event[edge] ?? 0, this.#to[edge] ?? 0) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = edge + 1
    }
    this.#slots = slots
  }
}

function hash(from: number, event: number, to: number): number {
  const h = Math.imul(Math.imul(from + 1, 0x9e3779b1) ^ (event + 1), 0x85ebca6b) ^ (to + 1)
  const mixed = Math.imul(h ^ (h >>> 15), 0xc2b2ae35)
  return mixed ^ (mixed >>> 13)
}
