import { chipPlace, type ChipGrid } from '../../model/draw/chips'
import type { Geometry } from '../../model/draw/geometry'
import { INVARIANT_HEIGHT, NAME_HEIGHT } from '../../model/draw/layout-text'
import type { GraphSpec } from '../../model/draw/spec'
import type { MonitorLive } from '../stores/columns'
import { visibleLine } from '../ui/text'
import { stateClass } from './colours'
import type { StateMap } from './state-map'
import { putClass, svg } from './svg'

/** A chip that moves more often than this jumps: gliding, it would never be where its CPU is. */
const GLIDE_MS = 120
/** More chips than this jump too: no eye follows so many. */
const GLIDING = 16
/** The tray's chips begin so far below the drawing, px. */
export const TRAY_CHIPS = 38

interface ChipState {
  readonly group: SVGGElement
  readonly label: Text
  readonly name: string
  state: number
  place: number
  of: number
  movedAt: number
}

/** What chips need of the drawing. */
export interface ChipOptions {
  readonly grid: ChipGrid
  nameOf(row: number): string
  onChip(id: number): void
}

/** A chip for each CPU on the state that it is in, or in the tray below the drawing. */
export class ChipLayer {
  readonly group = svg('g', { class: 'chips' })
  private readonly chips: ChipState[] = []
  private order: number[] = []
  private orderOf = -1

  constructor(
    private readonly spec: GraphSpec,
    private readonly geometry: Geometry,
    private readonly stateMap: StateMap,
    private readonly options: ChipOptions
  ) {}

  update(live: MonitorLive, now: number, following: number | null): void {
    const { grid } = this.options
    const n = Math.min(live.rows.size, 4096)
    const totals = new Int32Array(this.spec.states.length + 1)
    for (let row = 0; row < n; row++) {
      const s = this.stateMap.ofRow(live, row) + 1
      totals[s] = (totals[s] ?? 0) + 1
    }
    const places = new Int32Array(this.spec.states.length + 1)
    for (const row of this.chipOrder(live, n)) {
      const chip = this.chips[row] ?? this.addChip(live, row, grid)
      const s = this.stateMap.ofRow(live, row)
      const place = places[s + 1] ?? 0
      places[s + 1] = place + 1
      const of = totals[s + 1] ?? 0
      this.moveChip(chip, s, place, of, grid, now)
      putClass(chip.group, 'unsure', live.rows.unsure[row] === 1)
      putClass(chip.group, 'followed', following === (live.rows.id[row] ?? -1))
    }
    putClass(this.group, 'following', following !== null)
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
      chip.group.setAttribute('aria-label', `${chip.name}: ${name}`)
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
      : this.geometry.height + TRAY_CHIPS + (trayRows(grid, of) * (grid.size + grid.gap)) / 2 + at.y
    chip.group.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`
  }

  private addChip(live: MonitorLive, row: number, grid: ChipGrid): ChipState {
    const id = live.rows.id[row] ?? 0
    const half = grid.size / 2
    const label = document.createTextNode(String(id))
    const name = visibleLine(this.options.nameOf(row))
    const group = svg(
      'g',
      {
        class: 'chip sc-none',
        'data-testid': `chip-${id}`,
        'data-state': '',
        role: 'img',
        'aria-label': name
      },
      svg('rect', { x: -half, y: -half, width: grid.size, height: grid.size, rx: half * 0.62 }),
      svg('text', { y: grid.size > 20 ? 4.2 : 3.4, class: grid.size > 20 ? '' : 'small' }, label)
    )
    group.addEventListener('click', (event) => {
      event.stopPropagation()
      this.options.onChip(id)
    })
    const chip: ChipState = { group, label, name, state: -2, place: -1, of: -1, movedAt: -GLIDE_MS }
    this.chips[row] = chip
    this.group.append(group)
    return chip
  }
}

/** Rows of chips in the tray. */
export function trayRows(grid: ChipGrid, count: number): number {
  return Math.ceil(count / grid.columns)
}
