import { gridHeight, gridWidth, type ChipGrid } from './chips'
import type { GraphSpec, SpecEdge } from './spec'

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

/** Size of a guard's text, which stands below its event, px. */
export const GUARD_SIZE = 10.5

/** Lines of an edge's label: one for each event, and one below it for a guard or reset. */
export function edgeLabelLines({ labels }: SpecEdge): number {
  return labels.reduce((sum, { guard }) => sum + (guard === '' ? 1 : 2), 0)
}

/** Room of an edge's label with its counters, px. */
export function edgeLabelSize(edge: SpecEdge, measure: Measure): BoxSize {
  let width = 0
  for (const { event, guard } of edge.labels) {
    width = Math.max(
      width,
      measure(event, LABEL_SIZE, false) + COUNT_ROOM,
      measure(guard, GUARD_SIZE, true)
    )
  }
  return { width, height: edgeLabelLines(edge) * LABEL_LINE }
}

/** Room for a counter behind a label, such as ` 12.3 M`. */
export const COUNT_ROOM = 46

/** Room that a drawing needs, px. */
export interface Sizes {
  readonly states: readonly BoxSize[]
  /** By edge; undefined where an edge has no label. */
  readonly labels: readonly (BoxSize | undefined)[]
}

/** A DOT text that lays an automaton out with room for chips and counters; see graphText(). */
export function layoutText(
  spec: GraphSpec,
  grid: ChipGrid | null,
  direction: Direction,
  measure: Measure
): string {
  const states = spec.states.map(({ name, invariant }) => stateSize(name, invariant, grid, measure))
  const labels = spec.edges.map((edge): BoxSize => {
    const { width, height } = edgeLabelSize(edge, measure)
    return { width: Math.ceil(width + 8), height: Math.ceil(height + 6) }
  })
  return graphText(spec, direction, { states, labels })
}

/**
 * A DOT text that Graphviz lays out (engine dot, format json0) for geometryOf(): fixed boxes,
 * room for labels, and no name of the automaton's, so that none can be a keyword or break out.
 */
export function graphText(spec: GraphSpec, direction: Direction, sizes: Sizes): string {
  const out: string[] = [
    'digraph {',
    `graph [rankdir=${direction} nodesep=0.55 ranksep=0.6 pad=0]`,
    'node [shape=box fixedsize=true label=""]',
    'edge [arrowsize=0.7]'
  ]
  if (spec.states.some(({ initial }) => initial)) {
    out.push('init [shape=circle width=0.14 height=0.14]')
  }
  spec.states.forEach((state, i) => {
    const { width, height } = sizes.states[i] ?? { width: 72, height: 36 }
    out.push(`s${i} [width=${(width / 72).toFixed(4)} height=${(height / 72).toFixed(4)}]`)
    if (state.initial) out.push(`init -> s${i} [weight=4]`)
  })
  spec.edges.forEach((edge, i) => {
    const size = sizes.labels[i]
    // An HTML label of fixed size: Graphviz keeps the room, whoever draws writes the text.
    const label =
      size === undefined
        ? ''
        : ' label=<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" FIXEDSIZE="TRUE" ' +
          `WIDTH="${size.width}" HEIGHT="${size.height}"><TR><TD></TD></TR></TABLE>>`
    out.push(`s${edge.from} -> s${edge.to} [id=e${i}${label}]`)
  })
  out.push('}')
  return out.join('\n')
}
