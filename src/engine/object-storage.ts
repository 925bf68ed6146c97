import type { DaStorage } from './da-storage'
import { grown } from './grow'
import { MAX_OBJECTS } from './limits'
import { NOT_MONITORING } from './step'

/**
 * Objects by integer id: what the kernel keeps in a hash table, with
 * da_create_or_get() and da_destroy_storage(). The kernel's entries also point
 * at the object, and one that was made without it is filled by the first start
 * event; here the host finds an object by its id, so there is nothing to fill.
 */
export class ObjectStorage implements DaStorage {
  state = new Int16Array(64).fill(NOT_MONITORING)
  resetHook: ((place: number) => void) | undefined = undefined
  private readonly places = new Map<number, number>()
  private ids = new Float64Array(64)
  private readonly free: number[] = []
  private used = 0

  /** @param autoAllocate whether a start event makes an instance (no DA_SKIP_AUTO_ALLOC) */
  constructor(private readonly autoAllocate: boolean) {}

  init(): void {
    this.clear()
  }
  destroy(): void {
    this.resetAll()
    this.clear()
  }
  resetAll(): void {
    for (let place = 0; place < this.used; place++) this.reset(place)
  }
  reset(place: number): void {
    if ((this.state[place] ?? NOT_MONITORING) < 0) return
    this.resetHook?.(place)
    this.state[place] = NOT_MONITORING
  }
  locate(id: number, start: boolean): number {
    const place = this.places.get(id)
    if (place !== undefined) return place
    return start && this.autoAllocate ? this.create(id) : -1
  }
  keyAt(place: number): number {
    return this.ids[place] ?? 0
  }
  /** The trace event has an int: a longer id is cut. */
  idOf(id: number): number {
    return id | 0
  }

  /**
   * da_create_or_get()
   * @returns its place, or -1 where the kernel's allocation would fail: there are too many
   */
  create(id: number): number {
    const existing = this.places.get(id)
    if (existing !== undefined) return existing
    if (!Number.isSafeInteger(id) || this.places.size >= MAX_OBJECTS) return -1
    const place = this.free.pop() ?? this.used++
    if (place >= this.state.length) {
      this.state = grown(this.state, place, NOT_MONITORING)
      this.ids = grown(this.ids, place, 0)
    }
    this.places.set(id, place)
    this.ids[place] = id
    return place
  }

  /** da_destroy_storage(); an id that is not there is no error. */
  remove(id: number): void {
    const place = this.places.get(id)
    if (place === undefined) return
    this.reset(place)
    this.places.delete(id)
    this.free.push(place)
  }

  private clear(): void {
    this.places.clear()
    this.free.length = 0
    this.used = 0
  }
}
