import { gridHeight, gridWidth, type ChipGrid } from './chips'
import type { GraphSpec } from './spec'

/** Type sizes of the drawing, px at zoom 1. */
export const NAME_SIZE = 13
export const LABEL_SIZE = 11.5
export const LABEL_LINE = 15
/** Height of a state's part that holds its name, and that of an invariant below it. */
export const NAME_HEIGHT = 26
export const INVARIANT_HEIGHT = 15

/** Width of a text in px, in the drawing's fonts. */
export type Measure = (text: string, size: number, mono: boolean) => number

/** Without a canvas: a mean glyph's width. */
export const roughMeasure: Measure = (text, size, mono) => text.length * size * (mono ? 0.6 : 0.56)

export type Direction = 'LR' | 'TB'

export interface BoxSize {
  readonly width: number
  readonly height: number
}

/** The box of a state: its name, its invariant and room for every chip (or a count). */
export function stateSize(
  name: string,
  invariant: string,
  grid: ChipGrid | null,
  measure: Measure
): BoxSize {
  const inner = grid ? { w: gridWidth(grid), h: gridHeight(grid) } : { w: 44, h: 26 }
  const text = Math.max(measure(name, NAME_SIZE, false), measure(invariant, LABEL_SIZE, true))
  return {
    width: Math.ceil(Math.max(text + 32, inner.w + 24, 116)),
    height: Math.ceil(NAME_HEIGHT + (invariant ? INVARIANT_HEIGHT : 0) + inner.h + 14)
  }
}

/** Text of an edge's line, as measured and drawn; the counter stands behind it. */
export function labelText(event: string, guard: string): string {
  return guard === '' ? event : `${event}; ${guard}`
}

/** Room for a counter behind a label, such as ` 12.3 M`. */
export const COUNT_ROOM = 46

/** A DOT text that lays the automaton out: fixed boxes, room for labels, names that cannot be keywords. */
export function layoutText(
  spec: GraphSpec,
  grid: ChipGrid | null,
  direction: Direction,
  measure: Measure
): string {
  const out: string[] = [
    'digraph {',
    `graph [rankdir=${direction} nodesep=0.55 ranksep=0.6 pad=0]`,
    'node [shape=box fixedsize=true label=""]',
    'edge [arrowsize=0.7]'
  ]
  spec.states.forEach((state, i) => {
    const { width, height } = stateSize(state.name, state.invariant, grid, measure)
    out.push(`s${i} [width=${(width / 72).toFixed(4)} height=${(height / 72).toFixed(4)}]`)
    if (state.initial) {
      out.push('init [shape=circle width=0.14 height=0.14]', `init -> s${i} [weight=4]`)
    }
  })
  spec.edges.forEach((edge, i) => {
    let width = 0
    for (const label of edge.labels) {
      width = Math.max(width, measure(labelText(label.event, label.guard), LABEL_SIZE, false))
    }
    const w = Math.ceil(width + COUNT_ROOM + 8)
    const h = Math.ceil(edge.labels.length * LABEL_LINE + 6)
    // An HTML label of fixed size: Graphviz keeps the room, the panel writes the text.
    const label =
      '<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" FIXEDSIZE="TRUE" ' +
      `WIDTH="${w}" HEIGHT="${h}"><TR><TD></TD></TR></TABLE>>`
    out.push(`s${edge.from} -> s${edge.to} [id=e${i} label=${label}]`)
  })
  out.push('}')
  return out.join('\n')
}
