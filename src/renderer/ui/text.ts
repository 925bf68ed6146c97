/*
 * What a target sends is hostile text. It only ever becomes text nodes; what
 * could reorder or hide it is made visible here.
 */

/** C0 and C1 controls, soft hyphen, zero-width and bidi controls, separators, BOM, tags. */
const HIDDEN =
  // eslint-disable-next-line no-control-regex -- control characters are what this looks for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]|[\u{e0000}-\u{e0fff}]/gu

/** Makes control and bidi characters visible (`␛`, `‹U+202E›`); tabs and newlines stay. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (char) => {
    const code = char.codePointAt(0) ?? 0
    if (code < 0x20) return String.fromCodePoint(0x2400 + code)
    if (code === 0x7f) return '\u2421'
    return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`
  })
}

/** For places with one line: newlines and tabs become visible too. */
export function visibleLine(text: string): string {
  return visible(text).replace(/\n/g, '\u2424').replace(/\t/g, ' ')
}

const grouping = new Intl.NumberFormat('en-US', { useGrouping: true, maximumFractionDigits: 0 })

/** Whole number with thin spaces between thousands: 412 806. */
export function integer(value: number): string {
  return grouping.format(value).replaceAll(',', '\u202f')
}

/** At most four characters and a unit: 950, 12.3k, 1.2M. */
export function compact(value: number): string {
  if (value < 1000) return String(Math.round(value))
  for (const unit of ['k', 'M', 'G', 'T']) {
    value /= 1000
    if (value < 10) return `${value.toFixed(2)}${unit}`
    if (value < 100) return `${value.toFixed(1)}${unit}`
    if (value < 1000) return `${value.toFixed(0)}${unit}`
  }
  return '∞'
}

/** A span of time given in ns, with three figures: 840 ns, 12.4 µs, 3.05 s, 2 min 5 s. */
export function duration(ns: number): string {
  if (ns < 1000) return `${Math.round(ns)} ns`
  if (ns < 1e6) return `${figures(ns / 1e3)} µs`
  if (ns < 1e9) return `${figures(ns / 1e6)} ms`
  if (ns < 120e9) return `${figures(ns / 1e9)} s`
  const seconds = Math.floor(ns / 1e9)
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
}

function figures(value: number): string {
  return value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0)
}

/** A moment of the target's clock as the kernel prints it, `12.345678 901`: seconds, µs, and ns. */
export function moment(sec: number, nsec: number): string {
  const digits = String(nsec).padStart(9, '0')
  return `${sec}.${digits.slice(0, 6)}\u202f${digits.slice(6)}`
}
