import type { MonitorLive } from '../../stores/columns'

/** Names that nobody has any more are forgotten once there are so many more than rows. */
const SPARE_NAMES = 4096

/**
 * Numbers for the names of tasks, so that to sort and to filter looks at no text but at those that are
 * new. Kept up to date by a glance at each row.
 */
export class CommIndex {
  /** Name of each row, as an index into `texts`. */
  ids = new Int32Array(0)
  readonly texts: string[] = []
  /** Place of each name in alphabetical order; an empty one has none (NaN). */
  ranks = new Float64Array(0)
  private readonly byText = new Map<string, number>()
  private seenLabels: (string | undefined)[] = []
  private seenIds = new Int32Array(0)
  /** All names in alphabetical order. */
  private sorted: number[] = []
  private seen: MonitorLive | undefined
  private naming = -1

  /** @param comm name of a row's task as it is shown */
  update(live: MonitorLive, comm: (row: number) => string): void {
    const { rows, naming } = live
    if (live === this.seen && naming === this.naming) return
    if (live !== this.seen || this.texts.length > 2 * rows.size + SPARE_NAMES) this.forget()
    this.seen = live
    this.naming = naming
    if (this.ids.length < rows.size) {
      this.ids = grown(this.ids, rows.id.length)
      this.seenIds = grown(this.seenIds, rows.id.length)
    }
    const known = this.texts.length
    for (let row = 0; row < rows.size; row++) {
      const label = rows.labels[row] ?? ''
      const id = rows.id[row] ?? 0
      if (this.seenLabels[row] === label && this.seenIds[row] === id) continue
      this.seenLabels[row] = label
      this.seenIds[row] = id
      this.ids[row] = this.intern(comm(row))
    }
    if (this.texts.length > known) this.rank(known)
  }

  private intern(text: string): number {
    const known = this.byText.get(text)
    if (known !== undefined) return known
    const id = this.texts.push(text) - 1
    this.byText.set(text, id)
    return id
  }

  /** Sorts the names from `known` on, and merges them into the others. */
  private rank(known: number): void {
    const { texts, sorted } = this
    const text = (id: number | undefined): string => texts[id ?? -1] ?? ''
    const added = Array.from({ length: texts.length - known }, (_, i) => known + i)
    added.sort((a, b) => (text(a) < text(b) ? -1 : 1))
    const all: number[] = []
    let at = 0
    for (const id of added) {
      for (; at < sorted.length && text(sorted[at]) < text(id); at++) all.push(sorted[at] ?? 0)
      all.push(id)
    }
    for (; at < sorted.length; at++) all.push(sorted[at] ?? 0)
    this.sorted = all
    if (this.ranks.length < all.length) this.ranks = new Float64Array(all.length * 2)
    all.forEach((id, place) => (this.ranks[id] = text(id) === '' ? NaN : place))
  }

  private forget(): void {
    this.texts.length = 0
    this.byText.clear()
    this.seenLabels = []
    this.sorted = []
  }
}

function grown(old: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const next = new Int32Array(capacity)
  next.set(old)
  return next
}
