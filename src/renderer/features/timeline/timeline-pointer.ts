import { zoomed } from '../../graph/time-window'
import { AXIS_HEIGHT, LABEL_WIDTH, xOf } from '../../graph/timeline-scene'
import type { Panel } from '../../stores/panel'
import type { Hover } from './hover'
import type { TimelineCanvas } from './timeline-canvas'

/** A press that moves less than this, px, is a click. */
const CLICK = 3
/** The line of the shown moment is taken within so many px. */
const GRIP = 5

type Drag =
  | { kind: 'pan'; x: number; y: number; end: number; moved: boolean }
  | { kind: 'scrub' }
  | { kind: 'measure'; from: number }

/**
 * The pointer over the timeline. The wheel zooms and moves; a press in the axis or on the line of the
 * moment scrubs, one in the lanes moves or, as a click, goes there; with Shift it measures; one on a
 * name follows its instance.
 */
export class TimelinePointer {
  private drag: Drag | undefined

  constructor(
    private readonly panel: Panel,
    private readonly canvas: TimelineCanvas,
    private readonly host: () => HTMLElement | null,
    private readonly hovers: (hover: Hover | null) => void
  ) {}

  wheel(event: WheelEvent): void {
    const at = this.place(event)
    // Over the names the wheel scrolls, over the lanes it zooms.
    if (!at || (at.x < LABEL_WIDTH && !event.ctrlKey)) return
    event.preventDefault()
    const { timeline } = this.panel
    const window = this.canvas.window
    const usable = Math.max(1, at.width - LABEL_WIDTH)
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      timeline.show({ span: window.span, end: window.end + (sideways / usable) * window.span })
    } else {
      const next = zoomed(window, Math.exp(event.deltaY * 0.0018), (at.x - LABEL_WIDTH) / usable)
      // A live timeline stays live: its right edge is the newest event.
      if (timeline.end.value === null) timeline.span.value = next.span
      else timeline.show(next)
    }
    this.panel.frames.ask()
  }

  down(event: PointerEvent): void {
    const at = this.place(event)
    const host = this.host()
    if (!at || !host || event.button !== 0) return
    if (at.x < LABEL_WIDTH) {
      const row = this.canvas.laneAt(at.y)?.row
      if (row !== undefined) this.follow(row)
      return
    }
    // The bar that scrolls.
    if (at.x > host.clientWidth) return
    host.setPointerCapture(event.pointerId)
    const { scene } = this.canvas
    const moment = this.panel.moment.value
    const grip = moment !== null && scene && Math.abs(xOf(scene, moment) - at.x) <= GRIP
    if (event.shiftKey) {
      this.drag = { kind: 'measure', from: this.canvas.timeAt(at.x) }
      this.focusAt(at.y)
    } else if (at.y < AXIS_HEIGHT || grip) {
      this.drag = { kind: 'scrub' }
      this.scrub(at.x)
    } else {
      this.drag = { kind: 'pan', x: at.x, y: at.y, end: this.canvas.window.end, moved: false }
    }
  }

  move(event: PointerEvent): void {
    const at = this.place(event)
    if (!at) return
    const { drag, canvas } = this
    const { timeline } = this.panel
    canvas.cursor = at.x
    this.hovers(drag ? null : canvas.hoverAt(at.x, at.y))
    if (drag?.kind === 'scrub') this.scrub(at.x)
    else if (drag?.kind === 'measure') {
      const to = canvas.timeAt(Math.max(LABEL_WIDTH, at.x))
      this.holdStill()
      timeline.cursors.value = [drag.from, to]
    } else if (drag?.kind === 'pan') {
      drag.moved ||= Math.abs(at.x - drag.x) > CLICK
      if (drag.moved) {
        const { span } = canvas.window
        const share = (at.x - drag.x) / Math.max(1, at.width - LABEL_WIDTH)
        timeline.show({ span, end: drag.end - share * span })
      }
    }
    this.panel.frames.ask()
  }

  up(): void {
    const { drag, panel, canvas } = this
    this.drag = undefined
    if (drag?.kind !== 'pan' || drag.moved) return
    this.focusAt(drag.y)
    const mark = canvas.markAt(drag.x, drag.y)
    if (mark) {
      panel.violation.value = mark.seq
      const monitor = panel.monitors.value[canvas.index]
      if (monitor?.type !== 'per_cpu') panel.following.value = mark.id
    }
    this.goTo(mark?.time ?? canvas.timeAt(drag.x))
  }

  cancel(): void {
    this.drag = undefined
  }

  leave(): void {
    this.canvas.cursor = -1
    this.hovers(null)
    this.panel.frames.ask()
  }

  /** Follows the instance of a row, or does so no longer. */
  follow(row: number): void {
    const { panel } = this
    const id = panel.live[this.canvas.index]?.rows.id[row]
    panel.timeline.focus.value = row
    if (id !== undefined) panel.following.value = panel.following.value === id ? null : id
  }

  private place(event: MouseEvent): { x: number; y: number; width: number } | undefined {
    const bounds = this.host()?.getBoundingClientRect()
    if (!bounds) return undefined
    return { x: event.clientX - bounds.left, y: event.clientY - bounds.top, width: bounds.width }
  }

  private scrub(x: number): void {
    this.goTo(this.canvas.timeAt(Math.max(LABEL_WIDTH, x)))
  }

  private goTo(time: number): void {
    this.holdStill()
    this.panel.goTo(time)
  }

  /** The window of time stands still under the pointer. */
  private holdStill(): void {
    const { timeline } = this.panel
    if (timeline.end.value === null) timeline.show(this.canvas.window)
  }

  private focusAt(y: number): void {
    const { focus } = this.panel.timeline
    focus.value = this.canvas.laneAt(y)?.row ?? focus.value
  }
}
