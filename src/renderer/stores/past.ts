import { markRaw, ref, shallowRef, triggerRef } from 'vue'
import type { HistoryResult, MomentResult, MonitorPast } from '../../contract/history'
import type { Request } from '../../contract/requests'
import { MonitorLive } from './columns'

/** Asks the observer about the past. Rejects where it cannot tell. */
export type AskPast = (
  request: Extract<Request, { op: 'moment' | 'history' | 'find' }>
) => Promise<HistoryResult | undefined>

/** What is shown of a monitor at a moment. */
export interface ShownPast {
  /** Undefined where the moment is older than what is kept. */
  readonly live: MonitorLive | undefined
  /** Since when everything is kept, ns; 0: since the connection. */
  readonly keptFrom: number
  /** Instances about which events were lost since their last one. */
  readonly unsure: number
}

/** No drawing has seen this version: each moment is drawn anew. */
let versions = 2 ** 40

/**
 * The state of monitors at the moment that the views show. Moments are asked for one at a time: while
 * one is on its way only the newest wish is kept, so that fast scrubbing never queues.
 */
export class PastStore {
  /** The moment that the views show, ns since boot; null: none has arrived. It may lag behind the wish. */
  readonly shownAt = ref<number | null>(null)
  /** Changes with every moment that arrives. */
  readonly version = shallowRef(0)
  private readonly byMonitor = markRaw(new Map<number, ShownPast>())
  private readonly wanted = markRaw(new Set<number>())
  private wish: number | null = null
  private isAsking = false
  /** Counts returns to now: what was asked before them is not shown. */
  private era = 0

  constructor(
    private readonly ask: AskPast,
    private readonly liveOf: (index: number) => MonitorLive | undefined,
    private readonly changed: () => void
  ) {}

  /** Shows another moment as soon as the observer has told it. */
  goTo(at: number): void {
    this.wish = at
    void this.work()
  }

  /** Forgets the past: the views show now. */
  clear(): void {
    this.era++
    this.wish = null
    this.shownAt.value = null
    this.byMonitor.clear()
    this.wanted.clear()
    this.isAsking = false
    triggerRef(this.version)
  }

  /** What is known of a monitor at the shown moment; what is not is asked for. */
  of(index: number): ShownPast | undefined {
    if (this.version.value < 0) return undefined
    const have = this.byMonitor.get(index)
    if (!this.wanted.has(index)) {
      this.wanted.add(index)
      // Many views ask in one go.
      queueMicrotask(() => void this.work())
      this.wish ??= this.shownAt.value
    }
    return have
  }

  private async work(): Promise<void> {
    if (this.isAsking || this.wish === null || this.wanted.size === 0) return
    const { era } = this
    const at = this.wish
    this.wish = null
    this.isAsking = true
    try {
      const result = await this.ask({ op: 'moment', at, monitors: [...this.wanted] })
      if (era !== this.era) return
      if (result?.kind === 'moment') this.show(result)
    } catch {
      // The link is gone; the state of the connection says so.
    } finally {
      if (era === this.era) {
        this.isAsking = false
        void this.work()
      }
    }
  }

  private show(result: MomentResult): void {
    this.shownAt.value = result.at
    for (const past of result.monitors) {
      this.byMonitor.set(past.monitor, {
        live: liveOfPast(past, this.liveOf(past.monitor)),
        keptFrom: past.keptFrom,
        unsure: past.state?.unsure ?? 0
      })
    }
    this.version.value++
    this.changed()
  }
}

/**
 * A monitor as it was, in the shape of its live state. States, events and edges have the indexes that
 * they have now, so that a drawing of now can show it; edges that nobody had taken have no count.
 */
export function liveOfPast(
  past: MonitorPast,
  now: MonitorLive | undefined
): MonitorLive | undefined {
  const { state } = past
  if (!now) return undefined
  // Nothing of it has happened so far.
  if (state === null && past.keptFrom > 0) return undefined
  const live = markRaw(new MonitorLive())
  const rows = state?.id.length ?? 0
  live.apply({
    monitor: past.monitor,
    newStates: [...now.states],
    newEvents: [...now.events],
    rows: {
      index: Uint32Array.from({ length: rows }, (_, row) => row),
      id: state?.id ?? new Int32Array(0),
      state: state?.state ?? new Int16Array(0),
      event: state?.event ?? new Int16Array(0),
      sinceSec: state?.sinceSec ?? new Uint32Array(0),
      sinceNsec: state?.sinceNsec ?? new Uint32Array(0),
      transitions: state?.transitions ?? new Float64Array(0),
      violations: state?.violations ?? new Uint32Array(0)
    },
    lane: {
      index: new Uint32Array(0),
      state: new Int16Array(0),
      sec: new Uint32Array(0),
      nsec: new Uint32Array(0),
      missed: 0
    },
    labels: [],
    edges: state?.edges ?? emptyEdges(),
    refused: state?.refused ?? emptyEdges(),
    events: state?.events ?? 0,
    violations: state?.violationCount ?? 0
  })
  for (let row = 0; row < rows; row++) {
    const label = now.rows.labels[row]
    if (label !== undefined) live.rows.labels[row] = label
    live.rows.tgid[row] = now.rows.tgid[row] ?? -1
    live.rows.leaders[row] = now.rows.leaders[row] ?? ''
  }
  for (const { index, label } of state?.labels ?? []) live.rows.labels[index] = label
  live.lastEdge = state?.lastEdge ?? -1
  live.lastRow = state?.lastRow ?? -1
  live.version = ++versions
  live.structure = now.structure
  return live
}

function emptyEdges() {
  return {
    from: new Int16Array(0),
    event: new Int16Array(0),
    to: new Int16Array(0),
    count: new Float64Array(0)
  }
}
