import { visibleLine } from '../../visible-text'
import type { GraphSpec } from '../spec'
import type { Charset } from './glyphs'

/**
 * The transitions of a model one below the other, for what is too large to draw:
 * a line with the state, then a line for each event. Names stand below each other.
 */
export function listingOf(spec: GraphSpec, charset: Charset): string[] {
  const arrow = charset === 'ascii' ? '->' : '→'
  const nameOf = (state: number): string => visibleLine(spec.states[state]?.name ?? '')
  const lines: string[] = []
  spec.states.forEach(({ invariant, initial, final }, i) => {
    const edges = spec.edges.filter(({ from }) => from === i)
    const marks = [initial ? 'initial' : '', final ? 'final' : '', visibleLine(invariant)]
    const said = marks.filter((mark) => mark !== '').join(', ')
    lines.push(`${nameOf(i)}:${said === '' ? '' : ` (${said})`}`)
    const events = edges.flatMap(({ to, labels }) =>
      (labels.length === 0 ? [{ event: '', guard: '' }] : labels).map(({ event, guard }) => ({
        label: visibleLine(guard === '' ? event : `${event}; ${guard}`),
        to
      }))
    )
    const width = Math.min(48, Math.max(0, ...events.map(({ label }) => label.length)))
    for (const { label, to } of events) {
      const text = width === 0 ? '' : `${label.padEnd(width)} `
      lines.push(`    ${text}${arrow} ${nameOf(to)}`)
    }
  })
  return lines
}
