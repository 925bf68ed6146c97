/*
 * What part of the time a timeline shows, and how its axis is divided. Times are ns since the
 * target's boot.
 */

/** The shown part: its end, at the right edge, and its length, ns. */
export interface TimeWindow {
  readonly end: number
  readonly span: number
}

/** Shortest window: a few instructions. */
export const MIN_SPAN = 1e3
/** Longest window: a week. */
export const MAX_SPAN = 7 * 24 * 3600e9

/** The window `factor` times as long, in which the time at `share` (0 left, 1 right) stays where it is. */
export function zoomed(window: TimeWindow, factor: number, share: number): TimeWindow {
  const span = Math.min(MAX_SPAN, Math.max(MIN_SPAN, window.span * factor))
  return { span, end: window.end + (span - window.span) * (1 - share) }
}

/** Moves the window so that it shows a time, which then stands in the middle; unchanged where it does. */
export function showing(window: TimeWindow, time: number): TimeWindow {
  const margin = window.span * 0.05
  if (time >= window.end - window.span + margin && time <= window.end - margin) return window
  return { ...window, end: time + window.span / 2 }
}

/** All from `from` to `to`, with some room at both sides. */
export function fitting(from: number, to: number): TimeWindow {
  const span = Math.min(MAX_SPAN, Math.max(MIN_SPAN, (to - from) * 1.04))
  return { span, end: (from + to) / 2 + span / 2 }
}

const SECOND = 1e9
/** Steps that people count in, ns, above one second. */
const LONG_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200]

/** The next step of an axis: 1, 2, 5 times a power of ten below a second, then those of a clock. */
export function niceStep(least: number): number {
  if (least > SECOND / 2) {
    const step = LONG_STEPS.find((one) => one * SECOND >= least)
    return (step ?? Math.ceil(least / (86_400 * SECOND)) * 86_400) * SECOND
  }
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)))
  for (const factor of [1, 2, 5]) if (factor * power >= least) return factor * power
  return 10 * power
}

/** Times of an axis at multiples of a step. */
export function ticks(window: TimeWindow, step: number): number[] {
  const begin = Math.max(0, window.end - window.span)
  const first = Math.ceil(begin / step)
  const found: number[] = []
  for (let n = first; n * step <= window.end && found.length < 200; n++) found.push(n * step)
  return found
}

/** A time of the axis with the figures that a step needs: `12.104 s`, `12.104 210 s`, `1:02:03`. */
export function tickText(time: number, step: number): string {
  const whole = Math.floor(time / SECOND)
  if (step >= SECOND) return clockText(whole)
  const digits = Math.min(9, Math.max(1, Math.ceil(-Math.log10(step / SECOND) - 1e-9)))
  const rest = String(Math.round(time - whole * SECOND))
    .padStart(9, '0')
    .slice(0, digits)
  return `${clockText(whole)}.${grouped(rest)}`
}

/** Whole seconds since boot as the kernel prints them, with hours where there are some. */
function clockText(seconds: number): string {
  if (seconds < 3600) return String(seconds)
  const minutes = Math.floor((seconds % 3600) / 60)
  return `${Math.floor(seconds / 3600)}:${two(minutes)}:${two(seconds % 60)}`
}

const two = (n: number): string => String(n).padStart(2, '0')

/** Decimals in groups of three. */
function grouped(digits: string): string {
  return digits.replaceAll(/(\d{3})(?=\d)/g, '$1\u202f')
}

/** A time to the nanosecond, in seconds: `12.104210482`. */
export function exactText(time: number): string {
  const whole = Math.floor(time / SECOND)
  return `${whole}.${String(Math.floor(time - whole * SECOND)).padStart(9, '0')}`
}

/** A frequency whose period is given in ns: `830 Hz`, `1.20 kHz`. */
export function frequency(period: number): string {
  if (period <= 0) return ''
  const hertz = SECOND / period
  if (hertz >= 1e9) return `${figures(hertz / 1e9)} GHz`
  if (hertz >= 1e6) return `${figures(hertz / 1e6)} MHz`
  if (hertz >= 1e3) return `${figures(hertz / 1e3)} kHz`
  if (hertz >= 1) return `${figures(hertz)} Hz`
  return `${figures(hertz * 1e3)} mHz`
}

function figures(value: number): string {
  return value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0)
}
