import type { MonitorLive } from '../../stores/columns'
import type { ColumnKey } from './columns'
import { RadixSort } from './radix'
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
  private keys = new Float64Array(0)
  private isPinned = new Uint8Array(0)
  /** All rows by id, as of a state of the names. */
  private byId = new Uint32Array(0)
  private idsOf: MonitorLive | undefined
  private naming = -1
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
    const ids = this.rowsById(view)
    const isBackwards = column === 'id' && descending
    let count = pinned
    for (let i = 0; i < ids.length; i++) {
      const row = ids[isBackwards ? ids.length - 1 - i : i] ?? 0
      if (isPinned[row] === 0 && matches(row)) out[count++] = row
    }
    if (column !== 'id') {
      const rest = out.subarray(pinned, count)
      this.fill(view, column, rest)
      if (descending) this.negate(rest)
      this.radix.sort(rest, this.keys)
    }
    return { rows: out.subarray(0, count), pinned }
  }

  /** Equal rows are in the order of their ids, which seldom change. */
  private rowsById({ live, size }: InstanceView): Uint32Array {
    if (live !== this.idsOf || live.naming !== this.naming || size !== this.byId.length) {
      this.idsOf = live
      this.naming = live.naming
      this.byId = new Uint32Array(size)
      for (let row = 0; row < size; row++) {
        this.byId[row] = row
        this.keys[row] = live.rows.id[row] ?? 0
      }
      this.radix.sort(this.byId, this.keys)
    }
    return this.byId
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
        view.prepare()
        by((row) => view.commRank(row))
        return
      case 'event': {
        const ranks = ranksOf(view.live.events)
        by((row) => ranks[view.event(row)] ?? NaN)
        return
      }
      case 'runs':
        this.byText(rows, (row) => view.runs(row))
        return
      case 'kind':
        this.byText(rows, (row) => view.kind(row))
    }
  }

  /** For texts of which there are few different ones. */
  private byText(rows: Uint32Array, text: (row: number) => string): void {
    const texts = [...new Set(Array.from(rows, text))]
    const places = ranksOf(texts)
    const ranks = new Map(texts.map((one, i) => [one, one === '' ? NaN : (places[i] ?? NaN)]))
    for (const row of rows) this.keys[row] = ranks.get(text(row)) ?? NaN
  }
}

/** Place of each text in alphabetical order. */
function ranksOf(texts: readonly string[]): number[] {
  const sorted = texts
    .map((_, i) => i)
    .sort((a, b) => ((texts[a] ?? '') < (texts[b] ?? '') ? -1 : 1))
  const ranks: number[] = []
  sorted.forEach((i, place) => (ranks[i] = place))
  return ranks
}
