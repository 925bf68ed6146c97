import { shallowReactive } from 'vue'

/** Instances that the user pinned: they stand first in the table and have a lane of their own. */
export class Pins {
  private readonly byMonitor = shallowReactive(new Map<string, readonly number[]>())

  /** Ids (CPU, pid or object) that are pinned of a monitor, in the order of pinning. */
  of(fullName: string): readonly number[] {
    return this.byMonitor.get(fullName) ?? []
  }

  has(fullName: string, id: number): boolean {
    return this.of(fullName).includes(id)
  }

  /** Pins it, or takes the pin away. */
  toggle(fullName: string, id: number): void {
    const before = this.of(fullName)
    const after = before.includes(id) ? before.filter((one) => one !== id) : [...before, id]
    this.byMonitor.set(fullName, after)
  }

  /** Another target: its ids mean something else. */
  clear(): void {
    this.byMonitor.clear()
  }
}
