/** Edges of one monitor at most; a model has far fewer, learned names could make more. */
const MAX_EDGES = 16_384

/** In place of a state: not known where from. */
const UNKNOWN_FROM = -1

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
  readonly #uncounted = new Set<number>()

  get hasChanges(): boolean {
    return this.#dirtyLength > 0
  }

  /** Counts so many more of the edge; `to` is -1 for a refused event. Returns its index, -1: no room. */
  add(from: number, event: number, to: number, times = 1): number {
    const edge = this.#find(from, event, to)
    if (edge < 0) {
      this.notKept += times
      return -1
    }
    this.#count[edge] = (this.#count[edge] ?? 0) + times
    if (this.#isDirty[edge] === 0) {
      this.#isDirty[edge] = 1
      this.#dirty[this.#dirtyLength++] = edge
    }
    return edge
  }

  /**
   * An edge that stands for any number of them which ended so: what came before is not known. No
   * table that is taken has it. Returns its index, -1: no room.
   */
  uncounted(event: number, to: number): number {
    const edge = this.#find(UNKNOWN_FROM, event, to)
    if (edge >= 0) this.#uncounted.add(edge)
    return edge
  }

  /** Where the first edge that is known of a state and an event leads, -1: none is known. */
  targetOf(from: number, event: number): number {
    for (let edge = 0; edge < this.length; edge++) {
      if (this.#from[edge] === from && this.#event[edge] === event) return this.#to[edge] ?? -1
    }
    return -1
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
    return this.#gather(this.#counted(), counts)
  }

  /** The edges that changed since the last call, or all of them; none counts as changed afterwards. */
  take(all: boolean): EdgeColumns {
    const edges = all ? this.#counted() : this.#dirty.slice(0, this.#dirtyLength)
    const columns = this.#gather(edges, this.#count)
    this.#isDirty.fill(0, 0, this.length)
    this.#dirtyLength = 0
    return columns
  }

  /** The edges but those that stand for others. */
  #counted(): Int32Array {
    const edges = Int32Array.from({ length: this.length }, (_, edge) => edge)
    return this.#uncounted.size === 0 ? edges : edges.filter((edge) => !this.#uncounted.has(edge))
  }

  #gather(edges: Int32Array, counts: Float64Array): EdgeColumns {
    const { length } = edges
    const from = new Int16Array(length)
    const event = new Int16Array(length)
    const to = new Int16Array(length)
    const count = new Float64Array(length)
    for (let i = 0; i < length; i++) {
      const edge = edges[i] ?? 0
      from[i] = this.#from[edge] ?? 0
      event[i] = this.#event[edge] ?? 0
      to[i] = this.#to[edge] ?? 0
      count[i] = counts[edge] ?? 0
    }
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
