import type { GraphSpec } from './spec'
import type { Arrangement, Column, Side } from './text/column'
import { columnOf } from './text/column'
import { GLYPHS, type Charset } from './text/glyphs'
import type { TextGraph } from './text/graph'
import { textGraph } from './text/graph'
import { listingOf } from './text/listing'
import { goodOrders } from './text/order'
import { paint } from './text/paint'

export type { Charset } from './text/glyphs'

export interface TextOptions {
  /** Columns that a line may have. */
  readonly width: number
  readonly charset: Charset
}

/** A model in characters. */
export interface TextDrawing {
  /** A listing where no drawing fits. */
  readonly kind: 'drawing' | 'listing'
  readonly lines: readonly string[]
  /** Of a listing: why there is no drawing, for the inside of a sentence. */
  readonly reason: string
}

/** Nobody follows more. */
const MAX_STATES = 40
const MAX_EDGES = 160
/** Orders of the states that are laid out. */
const ORDERS = 8
/** Columns of a label's line, the first that fits is taken. */
const WRAPS = [Infinity, 44, 32, 24, 16]

/** Which side what is drawn on: loops, edges down, edges up. */
const SIDES: readonly (readonly [Side, Side, Side])[] = [
  [-1, -1, 1],
  [-1, 1, 1],
  [1, 1, 1],
  [1, -1, 1],
  [-1, 1, -1],
  [1, 1, -1]
]

/**
 * Draws a model with characters: a box for each state, in one column from the initial one
 * down, a double border for a final one; each edge a line of its own from its state, beside
 * its events, to an arrowhead at the next. Lines cross, but never share a cell otherwise.
 * What does not fit the width becomes a listing of the transitions.
 */
export function textOf(spec: GraphSpec, { width, charset }: TextOptions): TextDrawing {
  const glyphs = GLYPHS[charset]
  if (spec.states.length > MAX_STATES || spec.edges.length > MAX_EDGES) {
    const size = `${spec.states.length} states and ${spec.edges.length} edges`
    return listing(`${size} are more than can be followed`)
  }
  if (spec.states.length === 0) return listing('it has no state')
  const orders = goodOrders(spec, ORDERS)
  let narrowest = Infinity
  for (const wrap of WRAPS) {
    const graph = textGraph(spec, wrap)
    let best: { column: Column; cost: number } | undefined
    for (const column of columns(graph, orders)) {
      const used = column.right - column.left + 1
      narrowest = Math.min(narrowest, used)
      if (used > width) continue
      const cost = costOf(column, used)
      if (best === undefined || cost < best.cost) best = { column, cost }
    }
    if (best !== undefined) {
      return { kind: 'drawing', lines: paint(graph, best.column, glyphs), reason: '' }
    }
  }
  return listing(`the narrowest drawing has ${narrowest} columns, and there are ${width}`)

  function listing(reason: string): TextDrawing {
    return { kind: 'listing', lines: listingOf(spec, charset, width), reason }
  }
}

function* columns(graph: TextGraph, orders: readonly (readonly number[])[]): Generator<Column> {
  for (const order of orders) {
    for (const [self, down, up] of SIDES) {
      for (const paired of [true, false]) {
        for (const spacing of [3, 2]) {
          const how: Arrangement = { self, down, up, paired, spacing }
          yield columnOf(graph, order, how)
        }
      }
    }
  }
}

/** Crossings are worst; then what is long to follow, what is tall, what is wide. */
function costOf(column: Column, used: number): number {
  let length = 0
  for (const { outRow, inRow, distance } of column.lanes) {
    length += Math.abs(outRow - inRow) + 2 * distance
  }
  return column.crossings * 12 + length * 0.25 + column.height + used * 0.2
}

/** Lines as a comment in C, as the kernel writes them. */
export function commentOf(lines: readonly string[]): string[] {
  // Nothing of a model may end the comment.
  const safe = lines.map((line) => ` * ${line.replaceAll('*/', '* /')}`.trimEnd())
  return ['/*', ...safe, ' */']
}

/** Columns that commentOf() puts before a line. */
export const COMMENT_MARGIN = 3
