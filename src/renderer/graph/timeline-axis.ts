import { duration } from '../ui/text'
import type { CanvasColours } from './colours'
import { exactText, niceStep, tickText, ticks } from './time-window'
import { AXIS_HEIGHT, LABEL_WIDTH, timeOf, xOf, type TimelineScene } from './timeline-scene'

const FONT = "'Inter Variable', system-ui, sans-serif"
/** Room of one label of the axis, px. */
const TICK_ROOM = 130

/** Times of the target's clock above, and how far they are from the shown moment below. */
export function drawAxis(
  ctx: CanvasRenderingContext2D,
  scene: TimelineScene,
  colours: CanvasColours
): void {
  const usable = scene.width - LABEL_WIDTH
  const step = niceStep((scene.span / usable) * TICK_ROOM)
  const reference = scene.moment ?? scene.now
  ctx.strokeStyle = colours.line
  ctx.lineWidth = 1
  ctx.textAlign = 'center'
  ctx.beginPath()
  for (const time of ticks(scene, step)) {
    const x = Math.round(xOf(scene, time)) + 0.5
    if (x < LABEL_WIDTH + 24 || x > scene.width - 24) continue
    ctx.moveTo(x, AXIS_HEIGHT - 4)
    ctx.lineTo(x, AXIS_HEIGHT)
    ctx.font = `550 10.5px ${FONT}`
    ctx.fillStyle = colours.text
    ctx.fillText(`${tickText(time, step)}${step < 3600e9 && time < 3600e9 ? ' s' : ''}`, x, 9)
    ctx.font = `10px ${FONT}`
    ctx.fillStyle = colours.dim
    ctx.fillText(distance(time - reference), x, 23)
  }
  ctx.stroke()
  const now = xOf(scene, scene.now)
  if (now >= LABEL_WIDTH && now <= scene.width + 1) {
    line(ctx, now, AXIS_HEIGHT - 6, scene.height, colours.line)
    tag(ctx, scene, now, 23, scene.texts.now, colours.panel, colours.good)
  }
}

/** Distance in time with its sign. */
function distance(ns: number): string {
  if (Math.abs(ns) < 0.5) return '0'
  return `${ns < 0 ? '−' : '+'}${duration(Math.abs(ns))}`
}

/** The shown moment, the two cursors of a measurement, and the pointer. */
export function drawCursors(
  ctx: CanvasRenderingContext2D,
  scene: TimelineScene,
  colours: CanvasColours
): void {
  ctx.save()
  ctx.beginPath()
  ctx.rect(LABEL_WIDTH, 0, scene.width - LABEL_WIDTH, scene.height)
  ctx.clip()
  const [a, b] = scene.cursors
  if (a !== null && b !== null) {
    const x0 = xOf(scene, Math.min(a, b))
    ctx.globalAlpha = 0.1
    ctx.fillStyle = colours.accent
    ctx.fillRect(x0, AXIS_HEIGHT, xOf(scene, Math.max(a, b)) - x0, scene.height)
    ctx.globalAlpha = 1
  }
  if (scene.cursor >= LABEL_WIDTH) {
    const time = timeOf(scene, scene.cursor)
    line(ctx, scene.cursor, AXIS_HEIGHT, scene.height, colours.dim)
    // Before it was booted the target had no time.
    if (time >= 0) {
      tag(ctx, scene, scene.cursor, 9, `${exactText(time)} s`, colours.text, colours.panel)
    }
  }
  ;([a, b] as const).forEach((time, i) => {
    if (time === null) return
    const x = xOf(scene, time)
    ctx.setLineDash([4, 3])
    line(ctx, x, AXIS_HEIGHT - 2, scene.height, colours.accent)
    ctx.setLineDash([])
    tag(ctx, scene, x, 26, i === 0 ? 'A' : 'B', colours.panel, colours.accent)
  })
  if (scene.moment !== null) {
    const x = xOf(scene, scene.moment)
    ctx.lineWidth = 2
    line(ctx, x, AXIS_HEIGHT - 14, scene.height, colours.warn)
    ctx.lineWidth = 1
    ctx.fillStyle = colours.warn
    ctx.beginPath()
    ctx.moveTo(x - 6, AXIS_HEIGHT - 14)
    ctx.lineTo(x + 6, AXIS_HEIGHT - 14)
    ctx.lineTo(x, AXIS_HEIGHT - 4)
    ctx.fill()
    tag(ctx, scene, x, 9, `${exactText(scene.moment)} s`, colours.panel, colours.warn)
  }
  ctx.restore()
}

function line(
  ctx: CanvasRenderingContext2D,
  at: number,
  y0: number,
  y1: number,
  colour: string
): void {
  const x = Math.round(at) + 0.5
  ctx.strokeStyle = colour
  ctx.beginPath()
  ctx.moveTo(x, y0)
  ctx.lineTo(x, y1)
  ctx.stroke()
}

function tag(
  ctx: CanvasRenderingContext2D,
  scene: TimelineScene,
  x: number,
  y: number,
  text: string,
  colour: string,
  behind: string
): void {
  ctx.font = `600 10.5px ${FONT}`
  const width = ctx.measureText(text).width + 10
  const left = Math.min(Math.max(x - width / 2, LABEL_WIDTH + 1), scene.width - width - 1)
  ctx.fillStyle = behind
  ctx.fillRect(left, y - 8, width, 16)
  ctx.fillStyle = colour
  ctx.textAlign = 'left'
  ctx.fillText(text, left + 5, y)
}
