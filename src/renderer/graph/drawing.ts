import type { ChipGrid } from '../../model/draw/chips'
import type { Geometry } from '../../model/draw/geometry'
import {
  COUNT_ROOM,
  edgeLabelSize,
  LABEL_LINE,
  LABEL_SIZE,
  type Measure
} from '../../model/draw/layout-text'
import type { GraphSpec } from '../../model/draw/spec'
import type { MonitorLive } from '../stores/columns'
import { compact, integer, visibleLine } from '../ui/text'
import { ChipLayer, TRAY_CHIPS, trayRows } from './chip-layer'
import { stateClass } from './colours'
import { drawState, drawStub, stubText, type StateParts } from './drawing-parts'
import { EdgeLayer } from './edge-layer'
import type { PathStep } from './follow-path'
import type { HeatMode } from './heat'
import { StateMap } from './state-map'
import { CROSS, StubPlacer } from './stubs'
import { put, putClass, putText, svg } from './svg'

/** Room under the drawing for instances that wait for a start event. */
const TRAY_HEIGHT = 58
/** Refused events that are drawn; the rest is in a list. */
export const MAX_STUBS = 6

/** What a drawing asks back. */
export interface DrawingOptions {
  /** Arrangement of chips, or null: counts per state. */
  readonly grid: ChipGrid | null
  readonly measure: Measure
  /** Name of an instance, such as `CPU 3` or a task's comm and pid. */
  nameOf(row: number): string
  readonly waitingText: string
  /** What stands in the tray for instances of which events were lost. */
  unsureText(count: number): string
  /** A state was chosen; -1: the tray. */
  onState(state: number): void
  onChip(id: number): void
  /** An event that the model does not have. */
  onRefused(from: string, event: string): void
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
  private readonly stateMap: StateMap
  private readonly edges: EdgeLayer
  private readonly chips: ChipLayer | undefined
  private readonly stubs = new Map<string, Text>()
  /** Which of live.refused are drawn; the others are for a list. */
  readonly drawnRefused = new Set<number>()
  private readonly stubLayer = svg('g', { class: 'stubs' })
  private readonly tray: { group: SVGGElement; count: Text }
  private readonly pin: { group: SVGGElement; text: Text; state: number }
  private readonly placer: StubPlacer

  constructor(
    private readonly spec: GraphSpec,
    private readonly geometry: Geometry,
    private readonly options: DrawingOptions
  ) {
    this.stateMap = new StateMap(spec)
    this.edges = new EdgeLayer(spec, geometry, this.stateMap)
    const { grid } = options
    if (grid) this.chips = new ChipLayer(spec, geometry, this.stateMap, { ...options, grid })
    const stateLayer = svg('g', { class: 'states' })
    this.drawStates(stateLayer)
    const trayCount = document.createTextNode('')
    this.tray = {
      count: trayCount,
      group: svg(
        'g',
        {
          // Its name is what is written in it, once there is something.
          class: 'tray hidden',
          'data-testid': 'tray',
          role: 'button',
          tabindex: '0'
        },
        svg(
          'text',
          { x: geometry.width / 2, y: geometry.height + 28, class: 'tray-text' },
          trayCount
        )
      )
    }
    onPress(this.tray.group, () => this.options.onState(-1))
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
      ...(this.chips ? [this.chips.group] : []),
      this.edges.group,
      this.stubLayer,
      this.pin.group
    )
    this.root = svg('svg', { class: 'automaton-svg', role: 'group' }, this.world)
    this.bounds = { x: 0, y: -14, width: geometry.width, height: geometry.height + 28 }
    this.placer = new StubPlacer(geometry, this.labelSizes())
  }

  /** Draws the state of the monitor as it is now. `now` in ms of the window's clock. */
  update(live: MonitorLive, now: number, following: number | null): void {
    if (this.stateMap.follow(live)) {
      this.edges.restart()
      this.drawnRefused.clear()
      for (const stub of this.stubLayer.children) stub.classList.add('hidden')
    }
    this.edges.update(live, now)
    this.updateStates(live)
    if (this.chips) this.chips.update(live, now, following)
    else this.updatePin(live, following)
    this.updateStubs(live)
  }

  /** Where the states are, in the model's order. */
  get boxes(): Geometry['states'] {
    return this.geometry.states
  }

  /** Lit edges go out at this time: the owner must ask for a frame until then. */
  get busyUntil(): number {
    return this.edges.busyUntil
  }

  /** Shows heat, a few times a second. True: rates still move, so that it is to be called again. */
  heat(mode: HeatMode, now: number): boolean {
    return this.edges.heat(mode, now)
  }

  /** Traces the way of the followed instance, newest step first; states are the live data's. */
  trace(live: MonitorLive, steps: readonly PathStep[]): void {
    this.edges.trace(live, steps)
  }

  private drawStates(layer: SVGGElement): void {
    this.spec.states.forEach((state, i) => {
      const box = this.geometry.states[i]
      if (!box) return
      const parts = drawState(state, i, box)
      onPress(parts.group, () => this.options.onState(i))
      this.states.push(parts)
      layer.append(parts.group)
    })
  }

  private labelSizes(): { width: number; height: number }[] {
    return this.spec.edges.map((edge) => edgeLabelSize(edge, this.options.measure))
  }

  private updateStates(live: MonitorLive): void {
    for (let s = 0; s < live.states.length; s++) {
      const parts = this.states[this.stateMap.of(live, s)]
      if (!parts) continue
      const count = live.perState[s + 1] ?? 0
      put(parts.group, 'data-count', String(count))
      putClass(parts.group, 'occupied', count > 0)
      if (this.options.grid) continue
      putText(parts.count, integer(count))
      const share = live.rows.size > 0 ? count / live.rows.size : 0
      put(parts.share, 'width', String(Math.round(share * parts.shareWidth * 2) / 2))
    }
    const waiting = live.perState[0] ?? 0
    const unsure = live.unsureTotal
    const texts: string[] = []
    if (waiting > 0) {
      texts.push(`${this.options.waitingText}${this.options.grid ? '' : integer(waiting)}`)
    }
    if (unsure > 0) texts.push(this.options.unsureText(unsure))
    putText(this.tray.count, texts.join(' · '))
    putClass(this.tray.group, 'hidden', waiting + unsure === 0)
    if (waiting + unsure === 0) return
    const { grid } = this.options
    const chips = grid ? trayRows(grid, waiting + unsure) * (grid.size + grid.gap) : 0
    this.growTo(this.geometry.height + Math.max(TRAY_HEIGHT, TRAY_CHIPS + chips) + 14)
  }

  /** With counts instead of chips, the followed instance alone has a mark. */
  private updatePin(live: MonitorLive, following: number | null): void {
    const row = following === null ? -1 : live.rowOf(following)
    const state = row < 0 ? -2 : this.stateMap.ofRow(live, row)
    putClass(this.pin.group, 'hidden', row < 0)
    if (row < 0) return
    const name = visibleLine(this.options.nameOf(row))
    putText(this.pin.text, name.length > 17 ? `${name.slice(0, 16)}…` : name)
    if (state === this.pin.state) return
    this.pin.state = state
    this.pin.group.setAttribute('class', `pin ${stateClass(state)}`)
    const box = this.geometry.states[state]
    const x = box ? box.x : this.geometry.width / 2
    const y = box ? box.y + box.height / 2 + 7 : this.geometry.height + 48
    this.pin.group.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`
  }

  private updateStubs(live: MonitorLive): void {
    for (let i = 0; i < live.refused.size; i++) {
      const state = this.stateMap.of(live, live.refused.from[i] ?? -1)
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
      this.drawnRefused.add(i)
      const group = text.parentElement?.closest('g')
      if (!group) continue
      put(group, 'data-count', String(count))
      putClass(group, 'hidden', false)
    }
  }

  private addStub(state: number, event: string, key: string): Text | undefined {
    const width = this.options.measure(stubText(event), LABEL_SIZE, false) + COUNT_ROOM
    const stub = this.placer.place(state, width, LABEL_LINE)
    if (!stub) return undefined
    const from = this.spec.states[state]?.name ?? ''
    const { group, count } = drawStub(stub, from, event)
    onPress(group, () => this.options.onRefused(from, event))
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

/** A part of the drawing that is pressed: by pointer, Enter or Space. */
function onPress(part: SVGElement, press: () => void): void {
  part.addEventListener('click', press)
  part.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    press()
  })
}
