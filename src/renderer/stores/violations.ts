import type { Violation } from '../../contract/state'
import { causeKey, ViolationRows } from './violation-rows'

/** Violations of one cause: the same event in the same state of the same instance. */
export interface ViolationGroup {
  readonly key: string
  readonly monitor: number
  count: number
  /** The first and the newest of the group. */
  readonly first: Violation
  newest: Violation
  /** The newest ones in full, oldest first; at most KEPT. */
  readonly kept: Violation[]
}

/** Violations that a group keeps in full; its count goes on. */
export const KEPT = 50
/** Groups that the window keeps; older ones fold into `folded`. */
export const MAX_GROUPS = 2000

/** Every violation in columns, and counted by cause; the newest of each cause in full. */
export class ViolationStore {
  readonly rows = new ViolationRows()
  private readonly byKey = new Map<string, ViolationGroup>()
  /** Groups that had to go since MAX_GROUPS was reached, and their violations. */
  foldedGroups = 0
  foldedCount = 0
  lastSeq = 0
  version = 0

  /** Forgets all; of the same connection it stays known what the user has looked at. */
  clear(isSameConnection = false): void {
    this.rows.clear(isSameConnection)
    this.byKey.clear()
    this.foldedGroups = 0
    this.foldedCount = 0
    this.lastSeq = 0
    this.version++
  }

  /** Adds one; a sequence number that was seen already is ignored. */
  add(violation: Violation): void {
    if (violation.seq <= this.lastSeq) return
    this.lastSeq = violation.seq
    this.version++
    this.rows.add(violation)
    const key = causeKey(violation)
    const group = this.byKey.get(key)
    if (group) {
      group.count++
      group.newest = violation
      group.kept.push(violation)
      if (group.kept.length > KEPT) group.kept.shift()
      // Newest cause last in insertion order.
      this.byKey.delete(key)
      this.byKey.set(key, group)
      return
    }
    this.byKey.set(key, {
      key,
      monitor: violation.monitor,
      count: 1,
      first: violation,
      newest: violation,
      kept: [violation]
    })
    if (this.byKey.size > MAX_GROUPS) this.foldOldest()
  }

  /** Replaces a violation whose path and context are now complete. */
  complete(violation: Violation): void {
    this.rows.complete(violation)
    const group = this.byKey.get(causeKey(violation))
    if (!group) return
    const at = group.kept.findIndex((v) => v.seq === violation.seq)
    if (at >= 0) group.kept[at] = violation
    if (group.newest.seq === violation.seq) group.newest = violation
    this.version++
  }

  /** The cause of a violation; undefined: it is not kept any more. */
  causeOf(seq: number): ViolationGroup | undefined {
    return this.rows.has(seq) ? this.byKey.get(this.rows.causeKey(seq)) : undefined
  }

  /** A violation with all that is known of it; undefined: of that one only its line is kept. */
  full(seq: number): Violation | undefined {
    return this.causeOf(seq)?.kept.find((one) => one.seq === seq)
  }

  /** Groups, the one with the newest violation first. */
  groups(): ViolationGroup[] {
    return [...this.byKey.values()].reverse()
  }

  private foldOldest(): void {
    for (const [key, group] of this.byKey) {
      this.byKey.delete(key)
      this.foldedGroups++
      this.foldedCount += group.count
      return
    }
  }
}
