/**
 * Sets of a partition that are only ever split, after Valmari and Lehtinen (Efficient minimization
 * of deterministic partial automata, 2008): marking an element and splitting by the marks costs
 * what was marked.
 */
export class Partition {
  readonly #elements: Int32Array
  readonly #location: Int32Array
  readonly #setOf: Int32Array
  readonly #first: Int32Array
  readonly #end: Int32Array
  readonly #marked: Int32Array
  #sets = 0

  /** All of `count` elements in one set. */
  constructor(count: number) {
    this.#elements = Int32Array.from({ length: count }, (_, i) => i)
    this.#location = Int32Array.from(this.#elements)
    this.#setOf = new Int32Array(count)
    this.#first = new Int32Array(count + 1)
    this.#end = new Int32Array(count + 1)
    this.#marked = new Int32Array(count + 1)
    if (count > 0) this.#end[this.#sets++] = count
  }

  get sets(): number {
    return this.#sets
  }

  setOf(element: number): number {
    return this.#setOf[element] ?? 0
  }

  /** The elements of a set, as they are now. */
  elementsOf(set: number): Int32Array {
    return this.#elements.slice(this.#first[set], this.#end[set])
  }

  /** Marks an element. @returns whether it is the first of its set */
  mark(element: number): boolean {
    const set = this.#setOf[element] ?? 0
    const at = this.#location[element] ?? 0
    const border = (this.#first[set] ?? 0) + (this.#marked[set] ?? 0)
    if (at < border) return false
    const other = this.#elements[border] ?? 0
    this.#elements[at] = other
    this.#location[other] = at
    this.#elements[border] = element
    this.#location[element] = border
    this.#marked[set] = (this.#marked[set] ?? 0) + 1
    return border === this.#first[set]
  }

  /** Parts a set into the marked and the others, and forgets the marks. @returns the new, smaller set; -1 where nothing was parted */
  split(set: number): number {
    const first = this.#first[set] ?? 0
    const end = this.#end[set] ?? 0
    const border = first + (this.#marked[set] ?? 0)
    this.#marked[set] = 0
    if (border === first || border === end) return -1
    const added = this.#sets++
    if (border - first <= end - border) {
      this.#first[added] = first
      this.#end[added] = border
      this.#first[set] = border
    } else {
      this.#first[added] = border
      this.#end[added] = end
      this.#end[set] = border
    }
    for (let at = this.#first[added] ?? 0; at < (this.#end[added] ?? 0); at++) {
      this.#setOf[this.#elements[at] ?? 0] = added
    }
    return added
  }
}
