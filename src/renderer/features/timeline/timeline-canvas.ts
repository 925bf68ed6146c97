import { canvasColours } from '../../graph/colours'
import { factAt, ownFrom, type LaneView } from '../../graph/lane-source'
import { TimelinePainter } from '../../graph/timeline'
import {
  AXIS_HEIGHT,
  LABEL_WIDTH,
  LANE_HEIGHT,
  timeOf,
  xOf,
  type TimelineScene
} from '../../graph/timeline-scene'
import type { TimeWindow } from '../../graph/time-window'
import type { Mark } from '../../stores/lanes'
import type { Panel } from '../../stores/panel'
import { timelineTexts } from '../../texts-timeline'
import { visibleLine } from '../../ui/text'
import { MAX_HISTORY_COLUMNS } from '../../../contract/history'
import { instanceName } from '../names'
import { laneRows } from './lane-rows'
import type { Hover } from './hover'

/** Length of a live timeline, ns of the wall. */
const LIVE_SPAN = 2e9
/** Events lag behind the target's clock under load; lanes end where they are known to. */
const QUIET_MS = 500
/** The lanes may take a quarter of the time: when they are dense they are drawn less often. */
const SHARE = 4
/** Lanes that take longer than this, ms, cost the compositor as much again: they are drawn at most every REST ms. */
const DENSE = 2
const REST = 80
/** How often all that is kept is looked at anew, ms. */
const LOOK_MS = 1000
/** A mark is hit within so many px. */
const NEAR = 6

/** Draws the timeline of the shown monitor, and says what is where in it. */
export class TimelineCanvas {
  /** Rows that have a lane, in their order. */
  rows: number[] = []
  /** Pointer over the lanes, px from the left; -1: none. */
  cursor = -1
  scene: TimelineScene | undefined
  private readonly painter = new TimelinePainter()
  private colours: ReturnType<typeof canvasColours> | undefined
  private rowsAt = -1
  private newest = 0
  private newestAt = 0
  private nextPaint = 0
  private nextLook = 0
  private sizeKey = ''

  constructor(
    private readonly panel: Panel,
    private readonly host: () => HTMLElement | null,
    private readonly canvas: () => HTMLCanvasElement | null,
    private readonly laneCount: (count: number) => void
  ) {}

  /** Another monitor or target. */
  forget(): void {
    this.rows = []
    this.rowsAt = -1
    this.nextLook = 0
    this.scene = undefined
    this.laneCount(0)
  }

  /** The theme or the set of colours has changed. */
  recolour(): void {
    this.colours = undefined
    this.panel.frames.ask()
  }

  get index(): number {
    return this.panel.indexOf(this.panel.selected.value)
  }

  /** The part of the time that is shown just now. */
  get window(): TimeWindow {
    const { span, end } = this.panel.timeline
    const speed = Math.min(1, this.panel.simulator.value?.speed ?? 1)
    return {
      span: span.value ?? LIVE_SPAN * speed,
      end: end.value ?? this.scene?.end ?? this.liveEnd(performance.now())
    }
  }

  paint(now: number): void {
    if (now < this.nextPaint) {
      // The skipped change must not stay undrawn when nothing follows it.
      this.panel.frames.ask()
      return
    }
    const started = performance.now()
    this.paintLanes(now)
    const took = performance.now() - started
    this.nextPaint = now + Math.max(took * SHARE, took > DENSE ? REST : 0)
  }

  /** Row of the lane at a pixel from the top of the host, and its place; undefined: there is none. */
  laneAt(y: number): { row: number; place: number } | undefined {
    const place = Math.floor((y - AXIS_HEIGHT + (this.host()?.scrollTop ?? 0)) / LANE_HEIGHT)
    const row = y < AXIS_HEIGHT ? undefined : this.rows[place]
    return row === undefined ? undefined : { row, place }
  }

  timeAt(x: number): number {
    return this.scene ? timeOf(this.scene, x) : 0
  }

  /** The violation whose mark is at a pixel. */
  markAt(x: number, y: number): Mark | undefined {
    const { scene } = this
    const lane = this.laneAt(y)
    const view = lane && scene?.lanes[lane.place]
    if (!scene || !view) return undefined
    let best: Mark | undefined
    for (const mark of view.marks) {
      const distance = Math.abs(xOf(scene, mark.time) - x)
      if (distance <= NEAR && (!best || distance < Math.abs(xOf(scene, best.time) - x))) best = mark
    }
    return best
  }

  /** What is at a pixel, for the tooltip. */
  hoverAt(x: number, y: number): Hover | null {
    const { scene } = this
    const lane = this.laneAt(y)
    const view = lane && scene?.lanes[lane.place]
    if (!scene || !view || x < LABEL_WIDTH) return null
    const mark = this.markAt(x, y)
    const time = mark?.time ?? timeOf(scene, x)
    if (time > scene.now || time < 0) return null
    return {
      x,
      y,
      row: lane.row,
      name: view.label,
      time,
      fact: factAt(view, time),
      violation: mark?.seq ?? null
    }
  }

  private paintLanes(now: number): void {
    const element = this.canvas()
    const box = this.host()
    if (!element || !box || box.clientWidth === 0) return
    const ctx = element.getContext('2d')
    if (!ctx) return
    const ratio = window.devicePixelRatio || 1
    const width = box.clientWidth
    const height = box.clientHeight
    const key = `${width}x${height}@${ratio}`
    if (key !== this.sizeKey) {
      this.sizeKey = key
      element.width = Math.round(width * ratio)
      element.height = Math.round(height * ratio)
      element.style.width = `${width}px`
      element.style.height = `${height}px`
    }
    this.colours ??= canvasColours()
    this.chooseRows(now)
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0)
    this.scene = this.sceneNow(now, width, height, box.scrollTop)
    this.painter.draw(ctx, this.scene, this.colours)
    this.askForMore(now, this.scene)
  }

  private sceneNow(now: number, width: number, height: number, scroll: number): TimelineScene {
    const { panel, index } = this
    const { timeline } = panel
    const newest = this.liveEnd(now)
    const first = Math.floor(scroll / LANE_HEIGHT)
    const { overview } = timeline.tiles
    return {
      width,
      height,
      end: timeline.end.value ?? newest,
      span: this.window.span,
      scroll,
      lanes: this.views(first, first + Math.ceil(height / LANE_HEIGHT) + 1),
      stateNames: panel.live[index]?.states.map(visibleLine) ?? [],
      cursor: this.cursor,
      now: newest,
      keptFrom: overview?.monitor === index ? overview.keptFrom : 0,
      moment: panel.moment.value,
      cursors: timeline.cursors.value,
      texts: timelineTexts.pane
    }
  }

  /** Time at the right edge of a live timeline: the newest event, or the target's clock while nothing happens. */
  private liveEnd(now: number): number {
    const { lanes, clock } = this.panel
    if (lanes.now !== this.newest) {
      this.newest = lanes.now
      this.newestAt = now
    }
    return this.newest === 0 || now - this.newestAt > QUIET_MS
      ? Math.max(clock.now, this.newest)
      : this.newest
  }

  /** Once a second, so that lanes do not jump; at once where somebody is chosen. */
  private chooseRows(now: number): void {
    const { panel, index } = this
    const live = panel.live[index]
    const info = panel.monitors.value[index]
    if (!live || !info) {
      if (this.rows.length > 0) this.forget()
      return
    }
    const second = Math.floor(now / 1000)
    if (second === this.rowsAt && this.rows.length > 0) return
    this.rowsAt = second
    const pinned = panel.pins.of(info.fullName)
    this.rows = laneRows(info, live, this.rows, pinned, panel.following.value)
    this.laneCount(this.rows.length)
  }

  /** Somebody was pinned or followed. */
  chooseAnew(): void {
    this.rowsAt = -1
    this.panel.frames.ask()
  }

  private views(first: number, last: number): LaneView[] {
    const { panel, index } = this
    const live = panel.live[index]
    const info = panel.monitors.value[index]
    if (!live || !info) return []
    const { tile, rowIn } = panel.timeline.tiles
    const mine = tile?.monitor === index ? tile : null
    const marks = this.marks(index)
    return this.rows.map((row, place) => {
      const id = live.rows.id[row] ?? -1
      const isHidden = place < first || place > last
      return {
        row,
        label: isHidden ? '' : visibleLine(instanceName(info, live, row)),
        lane: isHidden ? undefined : panel.lanes.lane(index, row),
        tile: isHidden ? null : mine,
        tileRow: mine === null ? -1 : (rowIn.get(row) ?? -1),
        marks: isHidden ? [] : marks.filter((mark) => mark.id === id),
        followed: panel.following.value === id,
        pinned: panel.pins.has(info.fullName, id),
        focused: panel.timeline.focus.value === row
      }
    })
  }

  /** Violations that the window was sent, and older ones that the observer knows. */
  private marks(index: number): readonly Mark[] {
    const own = this.panel.lanes.marks(index)
    const { overview } = this.panel.timeline.tiles
    const live = this.panel.live[index]
    if (!live || overview?.monitor !== index) return own
    const oldest = own[0]?.time ?? Infinity
    const older: Mark[] = []
    const { time, row, seq } = overview.marks
    for (let i = 0; i < time.length && (time[i] ?? 0) < oldest; i++) {
      const id = live.rows.id[row[i] ?? -1]
      if (id !== undefined) older.push({ time: time[i] ?? 0, seq: seq[i] ?? 0, id })
    }
    return [...older, ...own]
  }

  /** Asks for what the window itself does not have of the shown time. */
  private askForMore(now: number, scene: TimelineScene): void {
    const { panel, index } = this
    const { tiles } = panel.timeline
    if (index < 0 || this.rows.length === 0) return
    if (now >= this.nextLook) {
      this.nextLook = now + LOOK_MS
      void tiles.look(index, scene.now)
    }
    const { overview } = tiles
    if (overview?.monitor !== index || overview.oldest === 0) return
    const start = Math.max(0, scene.end - scene.span)
    const end = Math.min(scene.end, scene.now)
    let until = 0
    const rows: number[] = []
    for (const view of scene.lanes) {
      if (view.label === '') continue
      rows.push(view.row)
      const from = ownFrom(view)
      if (from > start && overview.oldest < from) until = Math.max(until, Math.min(from, end))
    }
    if (until <= start) return
    const margin = scene.span / 4
    const from = Math.max(0, Math.floor(start - margin))
    const to = Math.ceil(Math.min(scene.now, until + margin))
    const perPixel = scene.span / (scene.width - LABEL_WIDTH)
    const columns = Math.round((to - from) / perPixel)
    tiles.want(
      { monitor: index, rows, from: start, to: until },
      { from, to, columns: Math.max(1, Math.min(MAX_HISTORY_COLUMNS, columns)) }
    )
  }
}
