import type { Geometry } from '../../model/draw/geometry'
import type { GraphSpec } from '../../model/draw/spec'
import type { MonitorLive } from '../stores/columns'
import { compact } from '../ui/text'
import { drawEdge, drawInitial, type EdgeParts, type LabelParts } from './drawing-parts'
import type { PathStep } from './follow-path'
import { heatOf, heatWidth, SmoothRates, type HeatMode } from './heat'
import type { StateMap } from './state-map'
import { put, putClass, putText, svg } from './svg'

/** An edge stays lit this long after it fired, ms. */
const LIT_MS = 380
/** Rates and their figures are written at most this often, ms. */
const HEAT_MS = 250

interface EdgeState {
  readonly parts: LabelParts
  readonly edge: EdgeParts
  readonly index: number
  count: number
  litUntil: number
}

/** The edges of a drawn automaton: counters, heat, what fired, and the way of the followed instance. */
export class EdgeLayer {
  readonly group = svg('g', { class: 'edges' })
  /** Lit edges go out at this time: the owner must ask for a frame until then. */
  busyUntil = 0
  private readonly edges: EdgeParts[] = []
  /** The edge of the model that each of `edges` draws. */
  private readonly specs: { readonly from: number; readonly to: number }[] = []
  /** Per index of live.edges. */
  private byLiveEdge: (EdgeState | undefined)[] = []
  private readonly labelByKey = new Map<string, EdgeState>()
  private readonly rates: SmoothRates
  private readonly totals: Float64Array
  private heatAt = -HEAT_MS
  private heatShown: HeatMode | undefined
  private lit: EdgeState | undefined

  constructor(
    spec: GraphSpec,
    geometry: Geometry,
    private readonly stateMap: StateMap
  ) {
    this.rates = new SmoothRates(spec.edges.length)
    this.totals = new Float64Array(spec.edges.length)
    spec.edges.forEach((edge, i) => {
      const line = geometry.edges[i]
      const from = spec.states[edge.from]
      const to = spec.states[edge.to]
      if (!line || !from || !to) return
      const parts = drawEdge(edge, line, from, to)
      const index = this.edges.push(parts) - 1
      this.specs.push(edge)
      edge.labels.forEach((label, k) => {
        const text = parts.labels[k]
        if (!text) return
        const key = `${from.name}\n${label.event}\n${to.name}`
        this.labelByKey.set(key, { parts: text, edge: parts, index, count: -1, litUntil: 0 })
      })
      this.group.append(parts.group)
    })
    if (geometry.initial) this.group.append(drawInitial(geometry.initial, geometry.initialLine))
  }

  /** Something else is shown, such as another moment: its counters are no transitions. */
  restart(): void {
    this.byLiveEdge = []
    for (const edge of this.labelByKey.values()) edge.count = -1
  }

  update(live: MonitorLive, now: number): void {
    this.totals.fill(0)
    for (let i = 0; i < live.edges.size; i++) {
      const edge = this.liveEdge(live, i)
      if (!edge) continue
      const count = live.edges.count[i] ?? 0
      this.totals[edge.index] = (this.totals[edge.index] ?? 0) + count
      if (count === edge.count) continue
      if (edge.count >= 0 && count > edge.count) edge.litUntil = now + LIT_MS
      edge.count = count
      put(edge.parts.text, 'data-count', String(count))
      if (this.heatShown !== 'rate') putText(edge.parts.count, compact(count))
    }
    this.light(live, now)
    this.edges.forEach((edge, i) => putClass(edge.group, 'used', (this.totals[i] ?? 0) > 0))
  }

  /**
   * Width, colour and figures of the edges by their rate or count, a few times a second. True: rates
   * still move, so that it is to be called again.
   */
  heat(mode: HeatMode, now: number): boolean {
    if (mode === this.heatShown && now - this.heatAt < HEAT_MS) return this.rates.isMoving
    this.rates.sample(this.totals, now)
    this.heatAt = now
    this.edges.forEach((edge, i) => {
      const value = mode === 'rate' ? this.rates.of(i) : (this.totals[i] ?? 0)
      const share = heatOf(mode, value)
      const width = String(heatWidth(share))
      if (edge.line.style.strokeWidth !== width) edge.line.style.strokeWidth = width
      const warmth = `${Math.round(share * 20) * 5}%`
      if (edge.group.style.getPropertyValue('--warmth') !== warmth) {
        edge.group.style.setProperty('--warmth', warmth)
      }
      put(edge.group, 'data-heat', warmth)
      // Of an edge with several events the rate is that of all: it stands at the first one.
      if (mode === 'rate') {
        edge.labels.forEach(({ count }, k) => {
          putText(count, k === 0 && value > 0 ? `${perSecond(value)}/s` : '')
        })
      }
    })
    if (mode !== this.heatShown && mode !== 'rate') {
      for (const edge of this.labelByKey.values()) {
        if (edge.count >= 0) putText(edge.parts.count, compact(edge.count))
      }
    }
    this.heatShown = mode
    putClass(this.group, 'heat-off', mode === 'off')
    return this.rates.isMoving
  }

  /** Traces the way of the followed instance, newest step first; states are the live data's. */
  trace(live: MonitorLive, steps: readonly PathStep[]): void {
    this.edges.forEach((edge, i) => {
      const spec = this.specs[i]
      const age = steps.findIndex(
        ({ from, to }) =>
          this.stateMap.of(live, from) === spec?.from && this.stateMap.of(live, to) === spec.to
      )
      putClass(edge.group, 'path', age >= 0)
      putClass(edge.group, 'path-last', age === 0)
    })
  }

  private light(live: MonitorLive, now: number): void {
    const last = live.lastEdge >= 0 ? this.byLiveEdge[live.lastEdge] : undefined
    if (last !== this.lit) {
      this.lit?.edge.group.classList.remove('last')
      this.lit?.parts.text.classList.remove('last')
      last?.edge.group.classList.add('last')
      last?.parts.text.classList.add('last')
      // The last one lies on top.
      this.lit = last
    }
    for (const edge of this.labelByKey.values()) {
      const lit = edge.litUntil > now
      if (lit && edge.litUntil > this.busyUntil) this.busyUntil = edge.litUntil
      putClass(edge.parts.text, 'lit', lit)
    }
    for (const edge of this.edges) {
      let lit = false
      for (const label of edge.labels) lit ||= label.text.classList.contains('lit')
      putClass(edge.group, 'lit', lit)
    }
  }

  private liveEdge(live: MonitorLive, index: number): EdgeState | undefined {
    if (index < this.byLiveEdge.length) return this.byLiveEdge[index]
    const from = live.states[live.edges.from[index] ?? -1] ?? ''
    const to = live.states[live.edges.to[index] ?? -1] ?? ''
    const event = live.events[live.edges.event[index] ?? -1] ?? ''
    const edge = this.labelByKey.get(`${from}\n${event}\n${to}`)
    this.byLiveEdge.push(edge)
    return edge
  }
}

/** A rate in few figures, whose width changes seldom. */
function perSecond(rate: number): string {
  return rate < 10 ? rate.toFixed(1) : compact(rate)
}
