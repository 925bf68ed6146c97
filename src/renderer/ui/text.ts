/*
 * What a target sends is hostile text. It only ever becomes text nodes; what
 * could reorder or hide it is made visible here.
 */

/** C0 and C1 controls, soft hyphen, zero-width and bidi controls, separators, BOM, tags: first and last of each range. */
const HIDDEN: readonly (readonly [number, number])[] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0xe0000, 0xe0fff]
]

function isHidden(code: number): boolean {
  return HIDDEN.some(([first, last]) => code >= first && code <= last)
}

/** Most texts are plain: this says so at once. */
const PLAIN = /^[\t\n\x20-\x7e]*$/

/** Makes control and bidi characters visible (`␛`, `‹U+202E›`); tabs and newlines stay. */
export function visible(text: string): string {
  if (PLAIN.test(text)) return text
  let out = ''
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    if (!isHidden(code)) out += char
    else if (code < 0x20) out += String.fromCodePoint(0x2400 + code)
    else if (code === 0x7f) out += '\u2421'
    else out += `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`
  }
  return out
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

/** A moment of the target's clock as the kernel prints it, `12.345678`; ns behind it where there are any. */
export function moment(sec: number, nsec: number): string {
  const digits = String(nsec).padStart(9, '0')
  if (digits.endsWith('000')) return `${sec}.${digits.slice(0, 6)}`
  return `${sec}.${digits.slice(0, 6)}\u202f${digits.slice(6)}`
}
