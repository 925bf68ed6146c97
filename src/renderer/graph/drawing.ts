import { compact, integer, visibleLine } from '../ui/text'
import type { MonitorLive } from '../stores/columns'
import { chipPlace, type ChipGrid } from '../../model/draw/chips'
import { stateClass } from './colours'
import {
  drawEdge,
  drawInitial,
  drawState,
  drawStub,
  type EdgeParts,
  type LabelParts,
  type StateParts
} from './drawing-parts'
import type { Geometry } from '../../model/draw/geometry'
import {
  COUNT_ROOM,
  INVARIANT_HEIGHT,
  LABEL_LINE,
  LABEL_SIZE,
  labelText,
  NAME_HEIGHT,
  type Measure
} from '../../model/draw/layout-text'
import type { GraphSpec } from '../../model/draw/spec'
import { CROSS, StubPlacer } from './stubs'
import { put, putClass, putText, svg } from './svg'

/** Room under the drawing for instances that wait for a start event. */
const TRAY_HEIGHT = 58
/** An edge stays lit this long after it fired, ms. */
const LIT_MS = 380
/** A chip that moves more often than this jumps: gliding, it would never be where its CPU is. */
const GLIDE_MS = 300
/** More chips than this jump too: no eye follows so many. */
const GLIDING = 8
/** Refused events drawn per drawing; the rest is in the list of violations. */
const MAX_STUBS = 24

interface EdgeState {
  readonly parts: LabelParts
  readonly edge: EdgeParts
  readonly index: number
  count: number
  litUntil: number
}

interface ChipState {
  readonly group: SVGGElement
  readonly label: Text
  state: number
  place: number
  of: number
  movedAt: number
}

/** What a drawing asks back. */
export interface DrawingOptions {
  /** Arrangement of chips, or null: counts per state. */
  readonly grid: ChipGrid | null
  readonly measure: Measure
  /** Name of an instance, such as `CPU 3` or a task's comm and pid. */
  nameOf(row: number): string
  readonly waitingText: string
  onState(state: number): void
  onChip(id: number): void
}

/**
 * The drawn automaton. Built once per layout; afterwards update() only writes
 * attributes, classes and text nodes that changed.
 */
export class AutomatonDrawing {
  readonly root: SVGSVGElement
  readonly world: SVGGElement
  /** Everything drawn, for fitting; grows when refused events appear. */
  bounds: { x: number; y: number; width: number; height: number }

  private readonly states: StateParts[] = []
  private readonly edges: EdgeParts[] = []
  /** Per index of live.edges. */
  private readonly byLiveEdge: (EdgeState | undefined)[] = []
  private readonly labelByKey = new Map<string, EdgeState>()
  private readonly stubs = new Map<string, Text>()
  private readonly stubLayer = svg('g', { class: 'stubs' })
  private readonly chipLayer = svg('g', { class: 'chips' })
  private readonly tray: { group: SVGGElement; count: Text }
  private readonly chips: ChipState[] = []
  private readonly pin: { group: SVGGElement; text: Text; state: number }
  private readonly placer: StubPlacer
  private readonly edgeRate: Float64Array
  private readonly edgeSeen: Float64Array
  private lastUpdate = 0
  private lit: EdgeState | undefined
  private specOfState: number[] = []
  private order: number[] = []
  private orderOf = -1
  /** Lit edges go out at this time: the owner must ask for a frame until then. */
  busyUntil = 0

  constructor(
    private readonly spec: GraphSpec,
    private readonly geometry: Geometry,
    private readonly options: DrawingOptions
  ) {
    this.edgeRate = new Float64Array(spec.edges.length)
    this.edgeSeen = new Float64Array(spec.edges.length).fill(-1)
    const edgeLayer = svg('g', { class: 'edges' })
    const stateLayer = svg('g', { class: 'states' })
    this.drawEdges(edgeLayer)
    if (geometry.initial) edgeLayer.append(drawInitial(geometry.initial, geometry.initialLine))
    this.drawStates(stateLayer)
    const trayCount = document.createTextNode('')
    this.tray = {
      count: trayCount,
      group: svg(
        'g',
        { class: 'tray' },
        svg(
          'text',
          { x: geometry.width / 2, y: geometry.height + 28, class: 'tray-text' },
          trayCount
        )
      )
    }
    const pinText = document.createTextNode('')
    this.pin = {
      text: pinText,
      state: -2,
      group: svg(
        'g',
        { class: 'pin hidden' },
        svg('rect', { x: -58, y: -11, width: 116, height: 22, rx: 11 }),
        svg('text', { x: 0, y: 4 }, pinText)
      )
    }
    this.world = svg(
      'g',
      { class: 'world' },
      stateLayer,
      this.tray.group,
      // Under the edges, so that a chip in flight never covers a label.
      this.chipLayer,
      edgeLayer,
      this.stubLayer,
      this.pin.group
    )
    this.root = svg('svg', { class: 'automaton-svg', role: 'group' }, this.world)
    this.bounds = { x: 0, y: -14, width: geometry.width, height: geometry.height + 28 }
    this.placer = new StubPlacer(geometry, this.labelSizes())
  }

  /** Draws the state of the monitor as it is now. `now` in ms of the window's clock. */
  update(live: MonitorLive, now: number, following: number | null): void {
    this.updateEdges(live, now)
    this.updateStates(live)
    if (this.options.grid) this.updateChips(live, now, following)
    else this.updatePin(live, following)
    this.updateStubs(live)
  }

  private drawEdges(layer: SVGGElement): void {
    this.spec.edges.forEach((edge, i) => {
      const line = this.geometry.edges[i]
      const from = this.spec.states[edge.from]
      const to = this.spec.states[edge.to]
      if (!line || !from || !to) return
      const parts = drawEdge(edge, line, from, to)
      const index = this.edges.push(parts) - 1
      edge.labels.forEach((label, k) => {
        const text = parts.labels[k]
        if (!text) return
        const key = `${from.name}\n${label.event}\n${to.name}`
        this.labelByKey.set(key, { parts: text, edge: parts, index, count: -1, litUntil: 0 })
      })
      layer.append(parts.group)
    })
  }

  private drawStates(layer: SVGGElement): void {
    this.spec.states.forEach((state, i) => {
      const box = this.geometry.states[i]
      if (!box) return
      const parts = drawState(state, i, box)
      parts.group.addEventListener('click', () => this.options.onState(i))
      this.states.push(parts)
      layer.append(parts.group)
    })
  }

  private labelSizes(): { width: number; height: number }[] {
    return this.spec.edges.map((edge) => {
      let width = 0
      for (const l of edge.labels) {
        width = Math.max(
          width,
          this.options.measure(labelText(l.event, l.guard), LABEL_SIZE, false)
        )
      }
      return { width: width + COUNT_ROOM, height: edge.labels.length * LABEL_LINE }
    })
  }

  private updateEdges(live: MonitorLive, now: number): void {
    const dt = Math.min(1, Math.max(0.001, (now - this.lastUpdate) / 1000))
    this.lastUpdate = now
    const sums = new Float64Array(this.edges.length)
    for (let i = 0; i < live.edges.size; i++) {
      const edge = this.liveEdge(live, i)
      if (!edge) continue
      const count = live.edges.count[i] ?? 0
      sums[edge.index] = (sums[edge.index] ?? 0) + count
      if (count === edge.count) continue
      if (edge.count >= 0) edge.litUntil = now + LIT_MS
      edge.count = count
      put(edge.parts.text, 'data-count', String(count))
      putText(edge.parts.count, compact(count))
    }
    this.light(live, now)
    this.edges.forEach((edge, i) => {
      const total = sums[i] ?? 0
      const seen = this.edgeSeen[i] ?? -1
      const rate = seen < 0 ? 0 : Math.max(0, total - seen) / dt
      this.edgeSeen[i] = total
      const smooth =
        (this.edgeRate[i] ?? 0) + (rate - (this.edgeRate[i] ?? 0)) * Math.min(1, dt * 3)
      this.edgeRate[i] = smooth
      // A decade of rate is 0.8 px of width; quarter steps keep writes rare.
      const width = 1.25 + Math.min(4, Math.log10(1 + smooth) * 0.8)
      const step = String(Math.round(width * 4) / 4)
      if (edge.line.style.strokeWidth !== step) edge.line.style.strokeWidth = step
      putClass(edge.group, 'used', total > 0)
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

  /** State of the drawing for a state of the live data, by name. */
  private specState(live: MonitorLive, state: number): number {
    if (state < 0) return -1
    const known = this.specOfState[state]
    if (known !== undefined) return known
    const name = live.states[state]
    const index = this.spec.states.findIndex((s) => s.name === name)
    this.specOfState[state] = index
    return index
  }

  private updateStates(live: MonitorLive): void {
    for (let s = 0; s < live.states.length; s++) {
      const parts = this.states[this.specState(live, s)]
      if (!parts) continue
      const count = live.perState[s + 1] ?? 0
      put(parts.group, 'data-count', String(count))
      putClass(parts.group, 'occupied', count > 0)
      if (!this.options.grid) putText(parts.count, integer(count))
    }
    const waiting = live.perState[0] ?? 0
    putText(
      this.tray.count,
      waiting > 0 ? `${this.options.waitingText}${this.options.grid ? '' : integer(waiting)}` : ''
    )
    if (waiting > 0) this.growTo(this.geometry.height + TRAY_HEIGHT + 14)
  }

  private updateChips(live: MonitorLive, now: number, following: number | null): void {
    const grid = this.options.grid
    if (!grid) return
    const n = Math.min(live.rows.size, 4096)
    const totals = new Int32Array(this.states.length + 1)
    for (let row = 0; row < n; row++) {
      const s = this.specState(live, live.rows.state[row] ?? -1) + 1
      totals[s] = (totals[s] ?? 0) + 1
    }
    const places = new Int32Array(this.states.length + 1)
    for (const row of this.chipOrder(live, n)) {
      const chip = this.chips[row] ?? this.addChip(live, row, grid)
      const s = this.specState(live, live.rows.state[row] ?? -1)
      const place = places[s + 1] ?? 0
      places[s + 1] = place + 1
      const of = totals[s + 1] ?? 0
      this.moveChip(chip, s, place, of, grid, now)
      putClass(chip.group, 'followed', following === (live.rows.id[row] ?? -1))
    }
    putClass(this.chipLayer, 'following', following !== null)
  }

  /** CPUs in the order of their numbers, whichever was seen first. */
  private chipOrder(live: MonitorLive, n: number): readonly number[] {
    if (this.order.length !== n || this.orderOf !== live.structure) {
      this.orderOf = live.structure
      this.order = Array.from({ length: n }, (_, row) => row)
      this.order.sort((a, b) => (live.rows.id[a] ?? 0) - (live.rows.id[b] ?? 0))
    }
    return this.order
  }

  private moveChip(
    chip: ChipState,
    state: number,
    place: number,
    of: number,
    grid: ChipGrid,
    now: number
  ): void {
    if (chip.state === state && chip.place === place && chip.of === of) return
    if (chip.state !== state) {
      const name = this.spec.states[state]?.name ?? ''
      chip.group.setAttribute('class', `chip ${stateClass(state)}`)
      chip.group.setAttribute('data-state', name)
    }
    const jumps = this.chips.length > GLIDING || now - chip.movedAt < GLIDE_MS
    putClass(chip.group, 'fast', jumps)
    chip.movedAt = now
    chip.state = state
    chip.place = place
    chip.of = of
    const at = chipPlace(grid, place, of)
    const box = this.geometry.states[state]
    const head = NAME_HEIGHT + (this.spec.states[state]?.invariant ? INVARIANT_HEIGHT : 0)
    const x = box ? box.x + at.x : this.geometry.width / 2 + at.x
    const y = box
      ? box.y - box.height / 2 + head + (box.height - head - 8) / 2 + at.y
      : this.geometry.height + 50 + at.y
    chip.group.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`
  }

  private addChip(live: MonitorLive, row: number, grid: ChipGrid): ChipState {
    const id = live.rows.id[row] ?? 0
    const half = grid.size / 2
    const label = document.createTextNode(String(id))
    const group = svg(
      'g',
      {
        class: 'chip sc-none',
        'data-testid': `chip-${id}`,
        'data-state': '',
        role: 'img',
        'aria-label': visibleLine(this.options.nameOf(row))
      },
      svg('rect', { x: -half, y: -half, width: grid.size, height: grid.size, rx: half * 0.62 }),
      svg('text', { y: grid.size > 20 ? 4.2 : 3.4, class: grid.size > 20 ? '' : 'small' }, label)
    )
    group.addEventListener('click', (event) => {
      event.stopPropagation()
      this.options.onChip(id)
    })
    const chip: ChipState = { group, label, state: -2, place: -1, of: -1, movedAt: -GLIDE_MS }
    this.chips[row] = chip
    this.chipLayer.append(group)
    return chip
  }

  /** With counts instead of chips, the followed instance alone has a mark. */
  private updatePin(live: MonitorLive, following: number | null): void {
    const row = following === null ? -1 : live.rowOf(following)
    const state = row < 0 ? -2 : this.specState(live, live.rows.state[row] ?? -1)
    putClass(this.pin.group, 'hidden', row < 0)
    if (row < 0) return
    const name = visibleLine(this.options.nameOf(row))
    putText(this.pin.text, name.length > 17 ? `${name.slice(0, 16)}…` : name)
    if (state === this.pin.state) return
    this.pin.state = state
    this.pin.group.setAttribute('class', `pin ${stateClass(state)}`)
    const box = this.geometry.states[state]
    const x = box ? box.x : this.geometry.width / 2
    const y = box ? box.y + box.height / 2 : this.geometry.height + 48
    this.pin.group.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`
  }

  private updateStubs(live: MonitorLive): void {
    for (let i = 0; i < live.refused.size; i++) {
      const state = this.specState(live, live.refused.from[i] ?? -1)
      const count = live.refused.count[i] ?? 0
      if (state < 0) continue
      const event = live.events[live.refused.event[i] ?? -1] ?? ''
      const key = `${state}\n${event}`
      let text = this.stubs.get(key)
      if (!text) {
        // Before the first violation there is nothing to draw; what is drawn says that it was none.
        if (count === 0 || this.stubs.size >= MAX_STUBS) continue
        text = this.addStub(state, event, key)
        if (!text) continue
      }
      putText(text, `×${compact(count)}`)
      const group = text.parentElement?.closest('g')
      if (group) put(group, 'data-count', String(count))
    }
  }

  private addStub(state: number, event: string, key: string): Text | undefined {
    const width = this.options.measure(visibleLine(event), LABEL_SIZE, false) + COUNT_ROOM
    const stub = this.placer.place(state, width, LABEL_LINE)
    if (!stub) return undefined
    const { group, count } = drawStub(stub, this.spec.states[state]?.name ?? '', event)
    this.stubLayer.append(group)
    this.stubs.set(key, count)
    const left = stub.anchor === 'start' ? 0 : stub.anchor === 'middle' ? width / 2 : width
    this.growAround(stub.label.x - left, stub.label.y - 14, width, 20)
    this.growAround(stub.end.x - CROSS, stub.end.y - CROSS, CROSS * 2, CROSS * 2)
    return count
  }

  private growAround(x: number, y: number, width: number, height: number): void {
    const b = this.bounds
    const left = Math.min(b.x, x - 4)
    const top = Math.min(b.y, y - 4)
    const right = Math.max(b.x + b.width, x + width + 4)
    const bottom = Math.max(b.y + b.height, y + height + 4)
    if (left < b.x || top < b.y || right > b.x + b.width || bottom > b.y + b.height) {
      this.bounds = { x: left, y: top, width: right - left, height: bottom - top }
    }
  }

  private growTo(bottom: number): void {
    const b = this.bounds
    if (bottom > b.y + b.height) this.bounds = { ...b, height: bottom - b.y }
  }
}
