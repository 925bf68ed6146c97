export { visible, visibleLine } from '../../model/visible-text'

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

/** A size, such as `1.4 MB`; kB are thousands. */
export function bytesText(bytes: number): string {
  if (bytes < 1e6) return `${String(Math.ceil(bytes / 1e3))} kB`
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`
}

/** A time of ms as `m:ss`, or `h:mm:ss`. */
export function durationText(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const two = (n: number): string => String(n).padStart(2, '0')
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return h > 0 ? `${String(h)}:${two(m)}:${two(s)}` : `${String(m)}:${two(s)}`
}
