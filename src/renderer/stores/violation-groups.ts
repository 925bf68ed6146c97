import type { GROUPINGS, SORTINGS } from '../../contract/settings'
import type { ViolationRows } from './violation-rows'

/** By what violations are put together. */
export type Grouping = (typeof GROUPINGS)[number]

export type Sorting = (typeof SORTINGS)[number]

/** Violations that have something in common. */
export interface RowGroup {
  /** Names it as long as the grouping and the rows are the same. */
  readonly key: number
  readonly monitor: number
  /** Number of its newest violation. */
  newest: number
  /** Not looked at. */
  fresh: number
  /** Its violations, oldest first; those before `head` are not listed any more. */
  readonly seqs: number[]
  head: number
}

/** How many violations of a group are listed. */
export function sizeOf(group: RowGroup): number {
  return group.seqs.length - group.head
}

/** The violation at a place of a group, 0 the oldest that is listed. */
export function seqAt(group: RowGroup, place: number): number | undefined {
  return place < 0 ? undefined : group.seqs[group.head + place]
}

/** Place of a violation in its group, -1: it is not in it. */
export function placeOf(group: RowGroup, seq: number): number {
  let low = group.head
  let high = group.seqs.length
  while (low < high) {
    const mid = (low + high) >> 1
    if ((group.seqs[mid] ?? 0) < seq) low = mid + 1
    else high = mid
  }
  return group.seqs[low] === seq ? low - group.head : -1
}

/**
 * Violations in groups, of those that a filter lets through. New ones are added as they come; another
 * grouping or filter looks at all of them again.
 */
export class ViolationGroups {
  /** Violations that fit the filter and are listed. */
  matching = 0
  private grouping: Grouping = 'cause'
  private test: ((seq: number) => boolean) | null = null
  private readonly byKey = new Map<number, RowGroup>()
  private epoch = -1
  private seenVersion = -1
  private upTo = 0
  private firstSeq = 1

  constructor(private readonly rows: ViolationRows) {}

  /** What is to be shown from now on; a test of null lets all through. */
  show(grouping: Grouping, test: ((seq: number) => boolean) | null): void {
    if (grouping === this.grouping && test === this.test) return
    this.grouping = grouping
    this.test = test
    this.epoch = -1
  }

  /** Looks at all of them again with the next update: the answer of the test has changed. */
  forget(): void {
    this.epoch = -1
  }

  /** Takes in what has come, and what had to go. */
  update(): void {
    const { rows } = this
    if (this.epoch !== rows.epoch) {
      this.epoch = rows.epoch
      this.byKey.clear()
      this.matching = 0
      this.upTo = rows.firstSeq - 1
      this.firstSeq = rows.firstSeq
      this.seenVersion = rows.seenVersion
    }
    const { upTo } = this
    this.upTo = rows.lastSeq
    for (let seq = Math.max(upTo + 1, rows.firstSeq); seq <= rows.lastSeq; seq++) this.take(seq)
    if (this.firstSeq !== rows.firstSeq) this.trim()
    if (this.seenVersion !== rows.seenVersion) this.recount()
  }

  get size(): number {
    return this.byKey.size
  }

  get(key: number): RowGroup | undefined {
    return this.byKey.get(key)
  }

  /** The group that a violation is in; undefined: it does not fit the filter, or is not listed. */
  groupOf(seq: number): RowGroup | undefined {
    if (!this.rows.has(seq)) return undefined
    const group = this.byKey.get(this.rows.shared(seq, this.grouping))
    return group && placeOf(group, seq) >= 0 ? group : undefined
  }

  /** All groups in an order: those that are equal in it by their newest violation. */
  sorted(sorting: Sorting, monitorName: (monitor: number) => string): RowGroup[] {
    const groups = [...this.byKey.values()].sort((a, b) => b.newest - a.newest)
    if (sorting === 'count') groups.sort((a, b) => sizeOf(b) - sizeOf(a))
    if (sorting === 'monitor') {
      const names = new Map(groups.map((g) => [g.monitor, monitorName(g.monitor)]))
      const name = (group: RowGroup): string => names.get(group.monitor) ?? ''
      groups.sort((a, b) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0))
    }
    return groups
  }

  private take(seq: number): void {
    const { rows } = this
    if (!rows.has(seq) || this.test?.(seq) === false) return
    const key = rows.shared(seq, this.grouping)
    let group = this.byKey.get(key)
    if (!group) {
      group = { key, monitor: rows.monitor(seq), newest: seq, fresh: 0, seqs: [], head: 0 }
      this.byKey.set(key, group)
    }
    group.newest = seq
    group.seqs.push(seq)
    if (!rows.isSeen(seq)) group.fresh++
    this.matching++
  }

  /** Rows that had no room any more leave their groups; a group without any goes. */
  private trim(): void {
    const { firstSeq } = this.rows
    this.firstSeq = firstSeq
    for (const [key, group] of this.byKey) {
      const before = group.head
      while ((group.seqs[group.head] ?? Infinity) < firstSeq) group.head++
      this.matching -= group.head - before
      if (group.head === group.seqs.length) this.byKey.delete(key)
      else if (group.head > 1024 && group.head * 2 > group.seqs.length) {
        group.seqs.splice(0, group.head)
        group.head = 0
      }
      if (group.head !== before) this.countFresh(group)
    }
  }

  private recount(): void {
    this.seenVersion = this.rows.seenVersion
    for (const group of this.byKey.values()) this.countFresh(group)
  }

  private countFresh(group: RowGroup): void {
    let fresh = 0
    for (let i = group.head; i < group.seqs.length; i++) {
      if (!this.rows.isSeen(group.seqs[i] ?? 0)) fresh++
    }
    group.fresh = fresh
  }
}
