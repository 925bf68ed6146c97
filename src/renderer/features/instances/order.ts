import type { ColumnKey } from './columns'
import { RadixSort } from './radix'
import { Ranks } from './ranks'
import type { InstanceView } from './view'

/** Rows in the order of the table: those that are pinned first. */
export interface Ordered {
  readonly rows: Uint32Array
  readonly pinned: number
}

export const NOTHING: Ordered = { rows: new Uint32Array(0), pinned: 0 }

export interface Sorting {
  readonly column: ColumnKey
  readonly descending: boolean
}

/** Filters and sorts instances in typed arrays that are used again each time. */
export class InstanceOrder {
  private readonly radix = new RadixSort()
  private readonly ranks = new Ranks()
  private keys = new Float64Array(0)
  private isPinned = new Uint8Array(0)
  /** Two, since the table shows the one while the other is made. */
  private buffers = [new Uint32Array(0), new Uint32Array(0)] as const
  private turn = 0
  /** Sorts so far. */
  sorts = 0

  /**
   * @param matches whether a row is to be listed; those that are pinned always are
   * @param pins ids that stand first, in this order
   */
  order(
    view: InstanceView,
    matches: (row: number) => boolean,
    { column, descending }: Sorting,
    pins: readonly number[]
  ): Ordered {
    this.sorts++
    this.ensure(view.size)
    const out = this.next(view.size)
    const { isPinned } = this
    isPinned.fill(0, 0, view.size)
    let pinned = 0
    for (const id of pins) {
      const row = view.live.rowOf(id)
      if (row < 0) continue
      isPinned[row] = 1
      out[pinned++] = row
    }
    let count = pinned
    for (let row = 0; row < view.size; row++) {
      if (isPinned[row] === 0 && matches(row)) out[count++] = row
    }
    const rest = out.subarray(pinned, count)
    for (const row of rest) this.keys[row] = view.id(row)
    if (column === 'id' && descending) this.negate(rest)
    this.radix.sort(rest, this.keys)
    if (column !== 'id') {
      this.fill(view, column, rest)
      if (descending) this.negate(rest)
      this.radix.sort(rest, this.keys)
    }
    return { rows: out.subarray(0, count), pinned }
  }

  private ensure(size: number): void {
    if (this.keys.length >= size) return
    const capacity = Math.max(64, 2 ** Math.ceil(Math.log2(size)))
    this.keys = new Float64Array(capacity)
    this.isPinned = new Uint8Array(capacity)
    this.buffers = [new Uint32Array(capacity), new Uint32Array(capacity)]
  }

  private next(size: number): Uint32Array {
    this.turn = 1 - this.turn
    return (this.turn === 0 ? this.buffers[0] : this.buffers[1]).subarray(0, size)
  }

  /** What has no value (NaN) stays last whatever the direction. */
  private negate(rows: Uint32Array): void {
    for (const row of rows) this.keys[row] = -(this.keys[row] ?? 0)
  }

  private fill(view: InstanceView, column: ColumnKey, rows: Uint32Array): void {
    const { keys } = this
    const by = (value: (row: number) => number): void => {
      for (const row of rows) keys[row] = value(row)
    }
    const orNone = (value: number): number => (value < 0 ? NaN : value)
    switch (column) {
      case 'id':
        return
      case 'state':
        by((row) => orNone(view.state(row)))
        return
      case 'since':
        // Longest in its state is largest: entered earliest.
        by((row) => -view.since(row))
        return
      case 'transitions':
        by((row) => view.transitions(row))
        return
      case 'violations':
        by((row) => view.violations(row))
        return
      case 'rate':
        by((row) => view.rate(row))
        return
      case 'group':
        by((row) => orNone(view.tgid(row)))
        return
      case 'comm':
        this.byText(rows, (row) => view.comm(row))
        return
      case 'runs':
        this.byText(rows, (row) => view.runs(row))
        return
      case 'kind':
        this.byText(rows, (row) => view.kind(row))
        return
      case 'event':
        this.byText(rows, (row) => view.eventName(row))
    }
  }

  private byText(rows: Uint32Array, text: (row: number) => string): void {
    const { ranks, keys } = this
    ranks.begin()
    for (const row of rows) ranks.want(text(row))
    ranks.settle()
    for (const row of rows) keys[row] = ranks.of(text(row))
  }
}
