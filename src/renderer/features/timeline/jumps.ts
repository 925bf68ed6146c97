import { fitting, showing } from '../../graph/time-window'
import type { Panel } from '../../stores/panel'
import { timelineTexts } from '../../texts-timeline'

/** The moment that the views show, or now, ns since boot. */
export function shownTime(panel: Panel): number {
  return panel.moment.value ?? Math.max(panel.clock.now, panel.lanes.now)
}

/** From where a jump looks: what happened just now is before now. */
function jumpsFrom(panel: Panel, direction: 1 | -1): number {
  const from = shownTime(panel)
  return panel.moment.value === null && direction < 0 ? from + 1 : from
}

/** Shows a moment everywhere, also in the timeline. */
export function showMoment(panel: Panel, time: number): void {
  panel.goTo(time)
  const { span, end } = panel.timeline
  const window = { end: end.value ?? shownTime(panel), span: span.value ?? 2e9 }
  panel.timeline.show(showing(window, panel.moment.value ?? time))
}

/**
 * Goes to the next violation of the shown monitor, or to the previous one, and follows the instance
 * that it is about.
 */
export async function jumpToViolation(panel: Panel, direction: 1 | -1): Promise<void> {
  const index = panel.indexOf(panel.selected.value)
  const monitor = panel.monitors.value[index]
  if (!monitor) return
  const found = await panel.timeline.find(
    'violation',
    index,
    null,
    jumpsFrom(panel, direction),
    direction
  )
  if (typeof found?.at !== 'number') {
    if (found) panel.toast('info', timelineTexts.pane.noViolation(direction, monitor.fullName))
    return
  }
  showMoment(panel, found.at)
  if (found.seq !== null) panel.violation.value = found.seq
}

/** Goes to the next change of state of a row, or to the previous one. */
export async function jumpToChange(
  panel: Panel,
  monitor: number,
  row: number,
  direction: 1 | -1
): Promise<void> {
  const found = await panel.timeline.find(
    'change',
    monitor,
    row,
    jumpsFrom(panel, direction),
    direction
  )
  if (typeof found?.at === 'number') showMoment(panel, found.at)
}

/** Shows all that is kept. */
export function showAll(panel: Panel): void {
  const { overview } = panel.timeline.tiles
  const now = Math.max(panel.clock.now, panel.lanes.now)
  panel.timeline.show(fitting(overview?.oldest ?? 0, now))
}
