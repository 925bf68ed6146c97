import { NOT_MONITORING, UNKNOWN } from '../stores/lanes'
import type { CanvasColours } from './colours'
import { HUES } from './colours'
import { ownFrom, type LaneView } from './lane-source'
import { StatePatterns } from './state-patterns'
import { drawAxis, drawCursors } from './timeline-axis'
import { AXIS_HEIGHT, LABEL_WIDTH, LANE_HEIGHT, xOf, type TimelineScene } from './timeline-scene'

const BAR = 16
/** A segment narrower than this shares its pixel with others. */
const NARROW = 1.5
const FONT = "'Inter Variable', system-ui, sans-serif"

/** Draws lanes of states, newest right. What is not known is hatched, never drawn over. */
export class TimelinePainter {
  private hatch: CanvasPattern | null = null
  private hatchColour = ''
  private readonly signs = new StatePatterns()
  /** Time in each state within one pixel. */
  private readonly share = new Float64Array(HUES + 2)

  draw(ctx: CanvasRenderingContext2D, scene: TimelineScene, colours: CanvasColours): void {
    const { width, height, lanes, scroll } = scene
    ctx.clearRect(0, 0, width, height)
    this.makeHatch(ctx, colours)
    ctx.textBaseline = 'middle'
    ctx.save()
    ctx.beginPath()
    ctx.rect(0, AXIS_HEIGHT, width, height - AXIS_HEIGHT)
    ctx.clip()
    const first = Math.max(0, Math.floor(scroll / LANE_HEIGHT))
    const last = Math.min(lanes.length, Math.ceil((scroll + height) / LANE_HEIGHT) + 1)
    for (let i = first; i < last; i++) {
      const lane = lanes[i]
      if (lane) this.lane(ctx, scene, lane, AXIS_HEIGHT + i * LANE_HEIGHT - scroll, colours)
    }
    if (lanes.length > 0) this.notKept(ctx, scene, colours)
    ctx.restore()
    drawAxis(ctx, scene, colours)
    drawCursors(ctx, scene, colours)
  }

  private makeHatch(ctx: CanvasRenderingContext2D, colours: CanvasColours): void {
    if (this.hatch && this.hatchColour === colours.dim) return
    const tile = document.createElement('canvas')
    tile.width = 8
    tile.height = 8
    const t = tile.getContext('2d')
    if (!t) return
    t.strokeStyle = colours.dim
    t.globalAlpha = 0.55
    t.lineWidth = 1.2
    t.beginPath()
    for (const x of [-8, 0, 8]) {
      t.moveTo(x, 8)
      t.lineTo(x + 8, 0)
    }
    t.stroke()
    this.hatch = ctx.createPattern(tile, 'repeat')
    this.hatchColour = colours.dim
  }

  private lane(
    ctx: CanvasRenderingContext2D,
    scene: TimelineScene,
    item: LaneView,
    top: number,
    colours: CanvasColours
  ): void {
    const y = top + (LANE_HEIGHT - BAR) / 2
    if (item.focused) {
      ctx.fillStyle = colours.none
      ctx.fillRect(0, top, scene.width, LANE_HEIGHT)
      ctx.fillStyle = colours.accent
      ctx.fillRect(0, top + 3, 3, LANE_HEIGHT - 6)
    }
    ctx.font = `${item.followed ? '600' : '450'} 11.5px ${FONT}`
    ctx.fillStyle = item.followed ? colours.accent : item.focused ? colours.text : colours.dim
    ctx.textAlign = 'left'
    const label = item.pinned ? `◆ ${item.label}` : item.label
    ctx.fillText(label, 14, top + LANE_HEIGHT / 2, LABEL_WIDTH - 22)
    ctx.fillStyle = colours.none
    const begin = Math.max(LABEL_WIDTH, xOf(scene, Math.max(0, scene.keptFrom)))
    const end = Math.min(scene.width, xOf(scene, scene.now))
    if (end > begin) ctx.fillRect(begin, y + BAR / 2 - 1, end - begin, 2)
    this.sums(ctx, scene, item, y, colours)
    this.segments(ctx, scene, item, y, colours)
    for (const mark of item.marks) {
      const x = xOf(scene, mark.time)
      if (x < LABEL_WIDTH || x > scene.width) continue
      ctx.fillStyle = colours.bad
      ctx.beginPath()
      ctx.moveTo(x, y + 3)
      ctx.lineTo(x + 5, y - 5)
      ctx.lineTo(x - 5, y - 5)
      ctx.fill()
      ctx.fillRect(x - 0.75, y, 1.5, BAR)
    }
  }

  /** The time of which the window has sums only: runs of columns with the same state. */
  private sums(
    ctx: CanvasRenderingContext2D,
    scene: TimelineScene,
    item: LaneView,
    y: number,
    colours: CanvasColours
  ): void {
    const { tile, tileRow } = item
    if (tile === null || tileRow < 0) return
    const width = (tile.to - tile.from) / tile.columns
    const limit = Math.min(ownFrom(item), scene.end, scene.now, tile.to)
    const start = Math.max(tile.from, scene.end - scene.span)
    let column = Math.max(0, Math.floor((start - tile.from) / width))
    while (column < tile.columns && tile.from + column * width < limit) {
      const at = tileRow * tile.columns + column
      const state = tile.state[at] ?? NOT_MONITORING
      const unknown = tile.unknown[at] ?? 0
      let next = column + 1
      while (next < tile.columns && tile.state[tileRow * tile.columns + next] === state) {
        if ((tile.unknown[tileRow * tile.columns + next] ?? 0) !== unknown) break
        next++
      }
      const x0 = Math.max(LABEL_WIDTH, xOf(scene, tile.from + column * width))
      const x1 = xOf(scene, Math.min(limit, tile.from + next * width))
      if (x1 > x0) {
        this.segment(ctx, scene, state, x0, x1, y, colours)
        // Something of it is not known, although most of it is.
        if (unknown !== 0 && state !== UNKNOWN) this.hatched(ctx, x0, x1, y + BAR * 0.6, BAR * 0.4)
      }
      column = next
    }
    this.density(ctx, scene, item, y, limit, colours)
  }

  /** A line below columns with more changes than can be seen, the denser the more there are. */
  private density(
    ctx: CanvasRenderingContext2D,
    scene: TimelineScene,
    item: LaneView,
    y: number,
    limit: number,
    colours: CanvasColours
  ): void {
    const { tile, tileRow } = item
    if (tile === null) return
    const width = (tile.to - tile.from) / tile.columns
    const start = Math.max(0, Math.floor((scene.end - scene.span - tile.from) / width))
    ctx.fillStyle = colours.text
    for (let c = start; c < tile.columns && tile.from + c * width < limit; c++) {
      const changes = tile.changes[tileRow * tile.columns + c] ?? 0
      if (changes < 2) continue
      ctx.globalAlpha = Math.min(0.9, 0.25 + Math.log10(changes) * 0.2)
      const x = xOf(scene, tile.from + c * width)
      if (x >= LABEL_WIDTH) {
        const w = Math.max(1, (width / scene.span) * (scene.width - LABEL_WIDTH))
        ctx.fillRect(x, y + BAR - 2, w, 2)
      }
    }
    ctx.globalAlpha = 1
  }

  private segments(
    ctx: CanvasRenderingContext2D,
    scene: TimelineScene,
    item: LaneView,
    y: number,
    colours: CanvasColours
  ): void {
    const { lane } = item
    if (!lane) return
    const start = scene.end - scene.span
    const end = Math.min(scene.end, Math.max(scene.now, lane.lastTime))
    let pixel = -1
    for (let i = Math.max(0, lane.find(start)); i < lane.size; i++) {
      const from = Math.max(start, lane.timeAt(i))
      if (from > end) break
      const to = i + 1 < lane.size ? Math.min(end, lane.timeAt(i + 1)) : end
      const state = lane.stateAt(i)
      const x0 = xOf(scene, from)
      const x1 = xOf(scene, to)
      if (x1 - x0 < NARROW) {
        const at = Math.floor(x0)
        if (at !== pixel) {
          this.column(ctx, pixel, y, colours)
          pixel = at
        }
        const slot = state >= 0 ? state % HUES : state === UNKNOWN ? HUES + 1 : HUES
        this.share[slot] = (this.share[slot] ?? 0) + Math.max(1, to - from)
        continue
      }
      this.column(ctx, pixel, y, colours)
      pixel = -1
      this.segment(ctx, scene, state, x0, x1, y, colours)
    }
    this.column(ctx, pixel, y, colours)
  }

  private segment(
    ctx: CanvasRenderingContext2D,
    scene: TimelineScene,
    state: number,
    x0: number,
    x1: number,
    y: number,
    colours: CanvasColours
  ): void {
    if (state === UNKNOWN) {
      this.hatched(ctx, x0, x1, y, BAR)
      this.name(ctx, scene.texts.lost, x0, x1, y, colours.dim, colours.panel)
      return
    }
    if (state < 0) return
    ctx.fillStyle = colours.states[state % HUES] ?? colours.dim
    const gap = x1 - x0 > 4 ? 1 : 0
    ctx.fillRect(x0, y, x1 - x0 - gap, BAR)
    this.signs.draw(ctx, state, x0, x1 - x0 - gap, y + BAR, colours.panel)
    if (x1 - x0 < 46) return
    // A name where there is room: never colour alone.
    this.name(ctx, scene.stateNames[state] ?? '', x0, x1, y, colours.panel, null)
  }

  private name(
    ctx: CanvasRenderingContext2D,
    text: string,
    x0: number,
    x1: number,
    y: number,
    colour: string,
    behind: string | null
  ): void {
    ctx.font = `550 10.5px ${FONT}`
    const left = Math.max(x0, LABEL_WIDTH) + 6
    const { width } = ctx.measureText(text)
    if (width > x1 - left - 4) return
    if (behind !== null) {
      ctx.fillStyle = behind
      ctx.fillRect(left - 3, y + 2, width + 6, BAR - 4)
    }
    ctx.fillStyle = colour
    ctx.textAlign = 'left'
    ctx.fillText(text, left, y + BAR / 2 + 0.5)
  }

  private hatched(
    ctx: CanvasRenderingContext2D,
    x0: number,
    x1: number,
    y: number,
    height: number
  ): void {
    if (!this.hatch) return
    ctx.fillStyle = this.hatch
    ctx.fillRect(x0, y, Math.max(1, x1 - x0), height)
  }

  /** What was, and is not kept any more. */
  private notKept(
    ctx: CanvasRenderingContext2D,
    scene: TimelineScene,
    colours: CanvasColours
  ): void {
    const x1 = Math.min(scene.width, xOf(scene, scene.keptFrom))
    const x0 = Math.max(LABEL_WIDTH, xOf(scene, 0))
    if (scene.keptFrom <= 0 || x1 <= x0) return
    // What the window itself still has of it is drawn, so that the hatching stands behind nothing.
    ctx.save()
    ctx.globalCompositeOperation = 'destination-over'
    this.hatched(ctx, x0, x1, AXIS_HEIGHT, scene.height - AXIS_HEIGHT)
    ctx.restore()
    this.name(ctx, scene.texts.notKept, x0, x1, AXIS_HEIGHT + 4, colours.text, colours.panel)
  }

  /** One pixel of several states: its height is shared by time. */
  private column(
    ctx: CanvasRenderingContext2D,
    x: number,
    y: number,
    colours: CanvasColours
  ): void {
    if (x < 0) return
    let sum = 0
    for (const value of this.share) sum += value
    let at = y
    for (let slot = 0; slot < this.share.length; slot++) {
      const value = this.share[slot] ?? 0
      if (value === 0) continue
      const h = (value / sum) * BAR
      if (slot < HUES) {
        ctx.fillStyle = colours.states[slot] ?? colours.dim
        ctx.fillRect(x, at, 1.3, h)
      } else if (slot === HUES + 1) this.hatched(ctx, x, x + 1.3, at, h)
      at += h
      this.share[slot] = 0
    }
  }
}
