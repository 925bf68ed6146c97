import { showing, zoomed } from '../../graph/time-window'
import type { Command } from '../../stores/commands'
import type { Panel } from '../../stores/panel'
import { timelineTexts } from '../../texts-timeline'
import { jumpToChange, showAll, shownTime } from './jumps'
import type { TimelineCanvas } from './timeline-canvas'

/** How far an arrow key moves, as a part of the shown time. */
const PAN = 0.12
const ZOOM = 1.5

/** What can be done with the timeline while it is there. Arrows, plus and minus act while it has the focus. */
export function timelineCommands(
  panel: Panel,
  canvas: TimelineCanvas,
  pointerTime: () => number | null
): Command[] {
  const t = timelineTexts.commands
  const { timeline } = panel
  const group = 'time'
  const pan = (share: number): void => {
    const { end, span } = canvas.window
    timeline.show({ span, end: end + share * span })
    panel.frames.ask()
  }
  const zoom = (factor: number): void => {
    const window = canvas.window
    const { end, span } = window
    const time = panel.moment.value ?? (timeline.end.value === null ? end : end - span / 2)
    const share = Math.min(1, Math.max(0, (time - (end - span)) / span))
    const next = zoomed(window, factor, share)
    if (timeline.end.value === null) timeline.span.value = next.span
    else timeline.show(next)
    panel.frames.ask()
  }
  const change = (direction: 1 | -1) => () => {
    const row = timeline.focus.value ?? canvas.rows[0]
    if (row === undefined) return
    timeline.focus.value = row
    void jumpToChange(panel, canvas.index, row, direction)
  }
  return [
    { id: 'time.pan-left', group, title: t.panLeft, run: () => pan(-PAN) },
    { id: 'time.pan-right', group, title: t.panRight, run: () => pan(PAN) },
    { id: 'time.zoom-in', group, title: t.zoomIn, run: () => zoom(1 / ZOOM) },
    { id: 'time.zoom-out', group, title: t.zoomOut, run: () => zoom(ZOOM) },
    {
      id: 'time.fit',
      group,
      title: t.fit,
      run: () => {
        showAll(panel)
        panel.frames.ask()
      }
    },
    {
      id: 'time.start',
      group,
      title: t.start,
      run: () => {
        const { span } = canvas.window
        timeline.show({ span, end: (timeline.tiles.overview?.oldest ?? 0) + span })
        panel.frames.ask()
      }
    },
    {
      id: 'time.end',
      group,
      title: t.end,
      run: () => {
        timeline.end.value = null
        panel.frames.ask()
      }
    },
    { id: 'time.previous-change', group, title: t.previousChange, keys: [','], run: change(-1) },
    { id: 'time.next-change', group, title: t.nextChange, keys: ['.'], run: change(1) },
    {
      id: 'time.cursor',
      group,
      title: t.cursor,
      keys: ['m'],
      run: () => {
        const time = pointerTime() ?? shownTime(panel)
        timeline.setCursor(time)
        if (timeline.end.value === null) timeline.show(showing(canvas.window, time))
        panel.frames.ask()
      }
    },
    {
      id: 'time.clear-cursors',
      group,
      title: t.clear,
      enabled: () => timeline.cursors.value[0] !== null,
      run: () => {
        timeline.clearCursors()
        panel.frames.ask()
      }
    }
  ]
}

/** Keys of the timeline while it has the focus, and the commands that they run. */
export const FOCUS_KEYS: Readonly<Record<string, string>> = {
  ArrowLeft: 'time.pan-left',
  ArrowRight: 'time.pan-right',
  '+': 'time.zoom-in',
  '=': 'time.zoom-in',
  '-': 'time.zoom-out',
  Home: 'time.start',
  End: 'time.end',
  ',': 'time.previous-change',
  '.': 'time.next-change',
  n: 'time.next-violation',
  N: 'time.previous-violation',
  m: 'time.cursor',
  l: 'time.live'
}
