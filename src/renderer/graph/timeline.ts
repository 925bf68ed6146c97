import { UNKNOWN, type Lane, type Mark } from '../stores/lanes'
import type { CanvasColours } from './colours'
import { HUES } from './colours'
import { duration } from '../ui/text'

export const LANE_HEIGHT = 24
export const AXIS_HEIGHT = 22
export const LABEL_WIDTH = 138
const BAR = 16
/** A segment narrower than this shares its pixel with others. */
const NARROW = 1.5

export interface LaneView {
  readonly label: string
  readonly lane: Lane | undefined
  readonly marks: readonly Mark[]
  readonly followed: boolean
}

export interface TimelineView {
  readonly width: number
  readonly height: number
  /** Time at the right edge, and width of the window, ns. */
  readonly end: number
  readonly span: number
  /** Lanes scrolled out at the top, px. */
  readonly scroll: number
  readonly lanes: readonly LaneView[]
  readonly stateNames: readonly string[]
  /** Pointer over the lanes, px from the left; -1: none. */
  readonly cursor: number
  readonly nowText: string
}

/** Draws lanes of states, newest right. What is not known is hatched, never drawn over. */
export class TimelinePainter {
  private hatch: CanvasPattern | null = null
  private hatchColour = ''
  /** Time in each state within one pixel. */
  private readonly share = new Float64Array(HUES + 2)

  draw(ctx: CanvasRenderingContext2D, view: TimelineView, colours: CanvasColours): void {
    const { width, height, lanes, scroll } = view
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
      if (lane) this.lane(ctx, view, lane, AXIS_HEIGHT + i * LANE_HEIGHT - scroll, colours)
    }
    ctx.restore()
    this.axis(ctx, view, colours)
    if (view.cursor >= LABEL_WIDTH) this.cursor(ctx, view, colours)
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
    view: TimelineView,
    item: LaneView,
    top: number,
    colours: CanvasColours
  ): void {
    const y = top + (LANE_HEIGHT - BAR) / 2
    ctx.font = `${item.followed ? '600' : '450'} 11.5px 'Inter Variable', system-ui, sans-serif`
    ctx.fillStyle = item.followed ? colours.accent : colours.dim
    ctx.textAlign = 'left'
    ctx.fillText(item.label, 14, top + LANE_HEIGHT / 2, LABEL_WIDTH - 22)
    ctx.fillStyle = colours.none
    ctx.fillRect(LABEL_WIDTH, y + BAR / 2 - 1, view.width - LABEL_WIDTH, 2)
    if (item.lane) this.segments(ctx, view, item.lane, y, colours)
    for (const mark of item.marks) {
      const x = this.x(view, mark.time)
      if (x < LABEL_WIDTH || x > view.width) continue
      ctx.fillStyle = colours.bad
      ctx.beginPath()
      ctx.moveTo(x, y + 3)
      ctx.lineTo(x + 5, y - 5)
      ctx.lineTo(x - 5, y - 5)
      ctx.fill()
      ctx.fillRect(x - 0.75, y, 1.5, BAR)
    }
  }

  private segments(
    ctx: CanvasRenderingContext2D,
    view: TimelineView,
    lane: Lane,
    y: number,
    colours: CanvasColours
  ): void {
    const start = view.end - view.span
    let pixel = -1
    for (let i = Math.max(0, lane.find(start)); i < lane.size; i++) {
      const from = Math.max(start, lane.timeAt(i))
      if (from > view.end) break
      const to = i + 1 < lane.size ? Math.min(view.end, lane.timeAt(i + 1)) : view.end
      const state = lane.stateAt(i)
      const x0 = this.x(view, from)
      const x1 = this.x(view, to)
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
      this.segment(ctx, view, state, x0, x1, y, colours)
    }
    this.column(ctx, pixel, y, colours)
  }

  private segment(
    ctx: CanvasRenderingContext2D,
    view: TimelineView,
    state: number,
    x0: number,
    x1: number,
    y: number,
    colours: CanvasColours
  ): void {
    if (state === UNKNOWN) {
      if (this.hatch) ctx.fillStyle = this.hatch
      ctx.fillRect(x0, y, x1 - x0, BAR)
      return
    }
    if (state < 0) return
    ctx.fillStyle = colours.states[state % HUES] ?? colours.dim
    const gap = x1 - x0 > 4 ? 1 : 0
    ctx.fillRect(x0, y, x1 - x0 - gap, BAR)
    if (x1 - x0 < 46) return
    // A name where there is room: never colour alone.
    const name = view.stateNames[state] ?? ''
    ctx.font = "550 10.5px 'Inter Variable', system-ui, sans-serif"
    const left = Math.max(x0, LABEL_WIDTH) + 6
    if (ctx.measureText(name).width > x1 - left - 4) return
    ctx.fillStyle = colours.panel
    ctx.textAlign = 'left'
    ctx.fillText(name, left, y + BAR / 2 + 0.5)
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
      } else if (slot === HUES + 1 && this.hatch) {
        ctx.fillStyle = this.hatch
        ctx.fillRect(x, at, 1.3, h)
      }
      at += h
      this.share[slot] = 0
    }
  }

  private axis(ctx: CanvasRenderingContext2D, view: TimelineView, colours: CanvasColours): void {
    const usable = view.width - LABEL_WIDTH
    const step = niceStep((view.span / usable) * 130)
    ctx.font = "10.5px 'Inter Variable', system-ui, sans-serif"
    ctx.fillStyle = colours.dim
    ctx.strokeStyle = colours.line
    ctx.lineWidth = 1
    ctx.textAlign = 'center'
    ctx.beginPath()
    for (let back = step; back < view.span; back += step) {
      const x = Math.round(view.width - (back / view.span) * usable) + 0.5
      if (x < LABEL_WIDTH + 20) break
      ctx.moveTo(x, AXIS_HEIGHT - 4)
      ctx.lineTo(x, AXIS_HEIGHT)
      ctx.fillText(`−${duration(back)}`, x, AXIS_HEIGHT / 2)
    }
    ctx.stroke()
    ctx.textAlign = 'right'
    ctx.fillText(view.nowText, view.width - 8, AXIS_HEIGHT / 2)
  }

  private cursor(ctx: CanvasRenderingContext2D, view: TimelineView, colours: CanvasColours): void {
    const x = Math.round(view.cursor) + 0.5
    const time = view.end - ((view.width - view.cursor) / (view.width - LABEL_WIDTH)) * view.span
    ctx.strokeStyle = colours.accent
    ctx.lineWidth = 1
    ctx.beginPath()
    ctx.moveTo(x, AXIS_HEIGHT - 4)
    ctx.lineTo(x, view.height)
    ctx.stroke()
    const sec = Math.floor(time / 1e9)
    const micro = String(Math.floor((time % 1e9) / 1e3)).padStart(6, '0')
    const text = `${sec}.${micro} s  (−${duration(view.end - time)})`
    ctx.font = "600 10.5px 'Inter Variable', system-ui, sans-serif"
    const w = ctx.measureText(text).width + 12
    const left = Math.min(x + 4, view.width - w)
    ctx.fillStyle = colours.panel
    ctx.fillRect(left, 2, w, AXIS_HEIGHT - 4)
    ctx.fillStyle = colours.accent
    ctx.textAlign = 'left'
    ctx.fillText(text, left + 6, AXIS_HEIGHT / 2)
  }

  private x(view: TimelineView, time: number): number {
    return view.width - ((view.end - time) / view.span) * (view.width - LABEL_WIDTH)
  }
}

/** The next of 1, 2, 5 times a power of ten. */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)))
  for (const factor of [1, 2, 5]) if (factor * power >= least) return factor * power
  return 10 * power
}
