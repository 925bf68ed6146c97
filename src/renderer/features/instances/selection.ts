import { shallowRef } from 'vue'

/** Which instances are selected, by id, and which one the keyboard is on. */
export class Selection {
  readonly ids = shallowRef<ReadonlySet<number>>(new Set())
  /** Null: none. */
  readonly active = shallowRef<number | null>(null)
  /** Where a range begins. */
  private anchor: number | null = null

  has(id: number): boolean {
    return this.ids.value.has(id)
  }

  /** That one alone. */
  only(id: number): void {
    this.ids.value = new Set([id])
    this.active.value = id
    this.anchor = id
  }

  /** Adds it, or takes it away. */
  toggle(id: number): void {
    const ids = new Set(this.ids.value)
    if (!ids.delete(id)) ids.add(id)
    this.ids.value = ids
    this.active.value = id
    this.anchor = id
  }

  /**
   * From where the last choice was to this one.
   * @param placeOf place in the table, -1: not listed
   */
  extend(id: number, placeOf: (id: number) => number, idAt: (place: number) => number | undefined) {
    const from = placeOf(this.anchor ?? id)
    const to = placeOf(id)
    if (from < 0 || to < 0) {
      this.only(id)
      return
    }
    const ids = new Set<number>()
    for (let place = Math.min(from, to); place <= Math.max(from, to); place++) {
      const one = idAt(place)
      if (one !== undefined) ids.add(one)
    }
    this.ids.value = ids
    this.active.value = id
  }

  all(ids: Iterable<number>): void {
    this.ids.value = new Set(ids)
  }

  clear(): void {
    this.ids.value = new Set()
    this.active.value = null
    this.anchor = null
  }
}
