import { markRaw, ref, shallowRef } from 'vue'
import type { FoundResult, LanesResult } from '../../contract/history'
import type { TimeWindow } from '../graph/time-window'
import type { AskPast } from './past'

/** Columns of the line over all of the time. */
export const OVERVIEW_COLUMNS = 400
/** At least this long between two requests for lanes, ms: the observer has events to read. */
const PAUSE_MS = 120

/** Lanes that are wanted from the observer. */
export interface TileWish {
  readonly monitor: number
  readonly rows: readonly number[]
  readonly from: number
  readonly to: number
  readonly columns: number
}

/**
 * Lanes of the past that the window itself no longer has, and the line over all that is kept. One
 * request is on its way; of those that come meanwhile the newest one is next.
 */
export class Tiles {
  /** The newest lanes that arrived. */
  tile: LanesResult | null = null
  /** Row of the tile by row of the monitor. */
  rowIn = new Map<number, number>()
  /** The line over all of the time. */
  overview: LanesResult | null = null
  private wish: TileWish | null = null
  private asked: TileWish | null = null
  private isAsking = false
  private isAskingOverview = false
  private era = 0

  constructor(
    private readonly ask: AskPast,
    private readonly changed: () => void
  ) {}

  clear(): void {
    this.era++
    this.tile = null
    this.rowIn = new Map()
    this.overview = null
    this.wish = this.asked = null
    this.isAsking = this.isAskingOverview = false
  }

  /**
   * Wants lanes of a time, unless what is there or on its way has them as fine as that.
   * @param asked what to ask for where it has not: a longer time, so that small moves cost nothing
   */
  want(need: Omit<TileWish, 'columns'>, asked: Pick<TileWish, 'from' | 'to' | 'columns'>): void {
    const wish = { ...need, ...asked }
    if (serves(this.isAsking ? this.asked : this.tile, need, wish)) return
    this.wish = wish
    void this.work()
  }

  /** Looks anew at all that is kept of a monitor. */
  async look(monitor: number, to: number): Promise<void> {
    if (this.isAskingOverview || to <= 0) return
    const { era } = this
    this.isAskingOverview = true
    const from = this.overview?.monitor === monitor ? this.overview.oldest : 0
    try {
      const found = await this.ask({
        op: 'history',
        monitor,
        rows: [],
        from: Math.min(from, to),
        to,
        columns: OVERVIEW_COLUMNS
      })
      if (era === this.era && found?.kind === 'lanes') {
        this.overview = found
        this.changed()
      }
    } catch {
      // The link is gone: what was seen last stays.
    } finally {
      if (era === this.era) this.isAskingOverview = false
    }
  }

  private async work(): Promise<void> {
    const { wish, era } = this
    if (this.isAsking || wish === null) return
    this.wish = null
    this.asked = wish
    this.isAsking = true
    const started = performance.now()
    try {
      const found = await this.ask({ op: 'history', ...wish, rows: [...wish.rows] })
      if (era !== this.era) return
      if (found?.kind === 'lanes') {
        this.tile = found
        this.rowIn = new Map(Array.from(found.rows, (row, i) => [row, i]))
        this.changed()
      }
    } catch {
      // Superseded, or the link is gone.
    }
    // What takes the observer long is asked for less often.
    const took = performance.now() - started
    setTimeout(
      () => {
        if (era !== this.era) return
        this.isAsking = false
        void this.work()
      },
      Math.max(PAUSE_MS, took * 4)
    )
  }
}

/** Whether lanes have what is needed, not much coarser than what would be asked for. */
function serves(
  have: {
    monitor: number
    rows: ArrayLike<number>
    from: number
    to: number
    columns: number
  } | null,
  need: Omit<TileWish, 'columns'>,
  wish: TileWish
): boolean {
  if (have?.monitor !== need.monitor || have.from > need.from || have.to < need.to) return false
  const fineness = ((have.to - have.from) / have.columns) * (wish.columns / (wish.to - wish.from))
  if (fineness > 1.6) return false
  const rows = new Set(Array.from(have.rows))
  return need.rows.every((row) => rows.has(row))
}

/** Where the user looks in time. Other views may move it; the pane draws it. */
export class TimelineView {
  /** Length of the shown part, ns; null: two seconds of the wall's time. */
  readonly span = ref<number | null>(null)
  /** Right edge, ns since boot; null: it follows the newest event. */
  readonly end = ref<number | null>(null)
  /** The two cursors between which is measured. */
  readonly cursors = shallowRef<readonly [number | null, number | null]>([null, null])
  /** Row whose lane has the focus, of the shown monitor. */
  readonly focus = ref<number | null>(null)
  readonly tiles: Tiles

  constructor(
    private readonly ask: AskPast,
    changed: () => void
  ) {
    this.tiles = markRaw(new Tiles(ask, changed))
  }

  /** Another target or monitor: nothing of what was holds. */
  clear(): void {
    this.end.value = null
    this.cursors.value = [null, null]
    this.focus.value = null
    this.tiles.clear()
  }

  show(window: TimeWindow): void {
    this.span.value = window.span
    this.end.value = window.end
  }

  /** The next change or violation from a time on; null: none is kept. Null as well where nobody answers. */
  async find(
    what: 'change' | 'violation',
    monitor: number,
    row: number | null,
    from: number,
    direction: 1 | -1
  ): Promise<FoundResult | null> {
    try {
      const found = await this.ask({ op: 'find', what, monitor, row, from, direction })
      return found?.kind === 'found' ? found : null
    } catch {
      return null
    }
  }

  /** Lanes for a measurement, as fine as they come. */
  async lanes(wish: TileWish): Promise<LanesResult | null> {
    try {
      const found = await this.ask({ op: 'history', ...wish, rows: [...wish.rows] })
      return found?.kind === 'lanes' ? found : null
    } catch {
      return null
    }
  }

  /** Sets the first cursor, then the second, then the first again. */
  setCursor(time: number): void {
    const [a, b] = this.cursors.value
    if (a === null || b !== null) this.cursors.value = [time, null]
    else this.cursors.value = [a, time]
  }

  clearCursors(): void {
    this.cursors.value = [null, null]
  }
}
