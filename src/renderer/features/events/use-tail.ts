import {
  computed,
  nextTick,
  ref,
  shallowRef,
  watch,
  type ComputedRef,
  type Ref,
  type ShallowRef
} from 'vue'
import { usePanel } from '../../stores/panel'
import type { Ring } from '../../stores/ring'

/** A list that shows rows and can be scrolled. */
export interface Scroller {
  toEnd(): void
  toIndex(index: number): void
}

export interface TailOptions<R> {
  readonly list: Ref<Scroller | null>
  readonly source: Ring<R>
  /** Which rows are listed; null: all. */
  readonly test: ComputedRef<((row: R) => boolean) | null>
  /** ns since the target's boot. */
  readonly timeOf: (row: R) => number
}

/**
 * The newest rows of a stream: they follow it until the reader scrolls away or the window shows a
 * moment of the past, and then stand still.
 */
export function useTail<R>({ list, source, test, timeOf }: TailOptions<R>) {
  const panel = usePanel()
  const atEnd = ref(true)
  /** Row that the keyboard is at; null: none. */
  const chosen: ShallowRef<R | null> = shallowRef(null)
  const isPaused = computed(() => !atEnd.value || panel.moment.value !== null)
  /** Rows that fit, the newest last; not reactive: `collect` says when it has changed. */
  let kept: R[] = []
  let keptBy: unknown
  /** Rows ever pushed that were looked at, and those of them that fitted. */
  let upTo = 0
  let fitted = 0
  /** The rows as they are shown, and what had fitted by then. */
  let still: readonly R[] = []
  let stillAt = 0

  /**
   * Looks at what has come. What fits stays even when the stream has gone far beyond it, so that
   * rare rows gather while a flood of others goes by.
   */
  function collect(): void {
    const fits = test.value
    const first = source.total - source.size
    // Another filter, or a target that is connected anew, begins with what the stream has.
    if (keptBy !== fits || source.total < upTo) {
      kept = []
      keptBy = fits
      upTo = first
      fitted = 0
      still = []
    }
    for (let i = Math.max(upTo, first); i < source.total; i++) {
      const row = source.at(i - first)
      if (row === undefined || (fits !== null && !fits(row))) continue
      kept.push(row)
      fitted++
    }
    upTo = source.total
    if (kept.length > source.capacity) kept.splice(0, kept.length - source.capacity)
  }

  const shown = computed((): { rows: readonly R[]; fresh: number } => {
    panel.refresh()
    collect()
    if (!isPaused.value || still.length === 0) {
      still = kept.slice()
      stillAt = fitted
    }
    return { rows: still, fresh: fitted - stillAt }
  })
  const rows = computed(() => shown.value.rows)
  /** Rows that came since the list stands still, of those that fit. */
  const fresh = computed(() => shown.value.fresh)
  /** Rows up to the shown moment, of those that are listed; all of them: now. */
  const until = computed(() => {
    const at = panel.moment.value
    if (at === null) return rows.value.length
    // Rows of several CPUs are almost in the order of their times.
    return rows.value.findLastIndex((row) => timeOf(row) <= at) + 1
  })

  async function follow(): Promise<void> {
    atEnd.value = true
    await nextTick()
    list.value?.toEnd()
  }

  watch(panel.moment, async (at) => {
    if (at === null) return follow()
    await nextTick()
    if (rows.value.length > 0) list.value?.toIndex(Math.max(0, until.value - 1))
  })

  /** Chooses the row that is so many further, and shows it. */
  function step(by: number): void {
    const count = rows.value.length
    if (count === 0) return
    const from = chosen.value === null ? count : rows.value.indexOf(chosen.value)
    const to = Math.max(0, Math.min(count - 1, from + by))
    chosen.value = rows.value[to] ?? null
    // What is chosen is to stay in view.
    if (to < count - 1) atEnd.value = false
    list.value?.toIndex(to)
  }

  return { atEnd, chosen, isPaused, rows, fresh, until, follow, step }
}

/** Rows that a key of a list goes on by; undefined: it is no such key. */
export function stepOf(event: KeyboardEvent, page: number): number | undefined {
  if (event.ctrlKey || event.altKey || event.metaKey) return undefined
  switch (event.key) {
    case 'ArrowDown':
      return 1
    case 'ArrowUp':
      return -1
    case 'PageDown':
      return page
    case 'PageUp':
      return -page
    case 'Home':
      return -Infinity
    case 'End':
      return Infinity
    default:
      return undefined
  }
}
