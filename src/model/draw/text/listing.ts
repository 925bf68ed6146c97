import { visibleLine } from '../../visible-text'
import type { GraphSpec } from '../spec'
import type { Charset } from './glyphs'
import { wrapped } from './graph'

/**
 * The transitions of a model one below the other, for what is too large to draw:
 * a line with the state, then a line for each event. Names stand below each other. A state's
 * invariant or label goes on below where it is too long for the columns.
 */
export function listingOf(spec: GraphSpec, charset: Charset, columns: number): string[] {
  const arrow = charset === 'ascii' ? '->' : '→'
  const nameOf = (state: number): string => visibleLine(spec.states[state]?.name ?? '')
  const from = spec.states.map((): { label: string; to: number }[] => [])
  let width = 0
  for (const edge of spec.edges) {
    const labels = edge.labels.length === 0 ? [{ event: '', guard: '' }] : edge.labels
    for (const { event, guard } of labels) {
      const label = visibleLine(guard === '' ? event : `${event}; ${guard}`)
      width = Math.max(width, label.length)
      from[edge.from]?.push({ label, to: edge.to })
    }
  }
  width = Math.min(width, MAX_LABEL)
  const lines: string[] = []
  spec.states.forEach(({ invariant, initial, final }, i) => {
    const marks = [initial ? 'initial' : '', final ? 'final' : '', visibleLine(invariant)]
    const said = marks.filter((mark) => mark !== '').join(', ')
    const line = `${nameOf(i)}:${said === '' ? '' : ` (${said})`}`
    const [first = '', ...further] = wrapped(line, columns - FURTHER.length)
    lines.push(first, ...further.map((text) => FURTHER + text))
    for (const { label, to } of from[i] ?? []) {
      const text = width === 0 ? '' : `${label.padEnd(width)} `
      lines.push(`    ${text}${arrow} ${nameOf(to)}`)
    }
  })
  return lines
}

/** What stands before a line that goes on; wrapped() adds two blanks. */
const FURTHER = '      '

/** A longer label pushes its own arrow to the right, not those of all. */
const MAX_LABEL = 40
