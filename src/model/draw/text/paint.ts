import type { Column, LaneEdge, PlacedBox, StraightEdge } from './column'
import { START_LENGTH, START_ROWS } from './column'
import type { Glyphs } from './glyphs'
import type { TextGraph } from './graph'

/** Draws what columnOf() laid out: lines without blanks at their ends. */
export function paint(graph: TextGraph, column: Column, glyphs: Glyphs): string[] {
  const page = new Page(column.left)
  for (const box of column.boxes) paintBox(page, graph, column, box, glyphs)
  for (const edge of column.straight) paintStraight(page, graph, edge, glyphs)
  // Vertical lines first: a horizontal one then sees what it crosses.
  for (const lane of column.lanes) paintVertical(page, column, lane, glyphs)
  for (const lane of column.lanes) paintEnds(page, graph, column, lane, glyphs)
  const [first] = column.boxes
  if (first?.top === START_ROWS) {
    const x = Math.floor(column.boxWidth / 2)
    page.put(x, 0, glyphs.vertical)
    page.put(x, 1, glyphs.arrowDown)
  }
  for (const row of column.starts) {
    page.put(-START_LENGTH, row, glyphs.horizontal.repeat(START_LENGTH - 1) + glyphs.arrowRight)
  }
  return page.lines()
}

/** A grid that grows; columns may be negative as far as `left`. */
class Page {
  readonly #left: number
  readonly #rows: string[][] = []

  constructor(left: number) {
    this.#left = left
  }

  put(x: number, row: number, text: string): void {
    while (this.#rows.length <= row) this.#rows.push([])
    const cells = this.#rows[row]
    if (cells === undefined) return
    let at = x - this.#left
    for (const char of text) cells[at++] = char
  }

  at(x: number, row: number): string {
    return this.#rows[row]?.[x - this.#left] ?? ' '
  }

  lines(): string[] {
    return this.#rows.map((cells) =>
      Array.from(cells, (char: string | undefined) => char ?? ' ')
        .join('')
        .trimEnd()
    )
  }
}

function paintBox(
  page: Page,
  graph: TextGraph,
  { boxWidth }: Column,
  { state, top, bottom }: PlacedBox,
  glyphs: Glyphs
): void {
  const { lines, final } = graph.states[state] ?? { lines: [], final: false }
  const { corners, horizontal, vertical } = final ? glyphs.final : glyphs.plain
  const bar = horizontal.repeat(boxWidth - 2)
  page.put(0, top, corners[0] + bar + corners[1])
  page.put(0, bottom, corners[2] + bar + corners[3])
  for (let row = top + 1; row < bottom; row++) {
    page.put(0, row, vertical)
    page.put(boxWidth - 1, row, vertical)
  }
  const from = top + 1 + Math.floor((bottom - top - 1 - lines.length) / 2)
  const [name = '', ...below] = lines
  // The name in the middle, and so what stands below it, whose lines begin together.
  const widest = Math.max(0, ...below.map((line) => line.length))
  const middle = (width: number): number => 1 + Math.floor((boxWidth - 2 - width) / 2)
  page.put(middle(name.length), from, name)
  below.forEach((line, i) => page.put(middle(widest), from + 1 + i, line))
}

function paintStraight(
  page: Page,
  graph: TextGraph,
  { edge, x, top, bottom, labels, leadsDown }: StraightEdge,
  glyphs: Glyphs
): void {
  for (let row = top; row <= bottom; row++) page.put(x, row, glyphs.vertical)
  const source = graph.states[edge.from]?.final === true ? glyphs.final : glyphs.plain
  if (leadsDown) {
    page.put(x, top - 1, source.outDown)
    page.put(x, bottom, glyphs.arrowDown)
  } else {
    page.put(x, bottom + 1, source.outUp)
    page.put(x, top, glyphs.arrowUp)
  }
  edge.labels.forEach((label, i) => {
    page.put(x + 2, labels + i, label)
  })
}

function paintVertical(page: Page, column: Column, lane: LaneEdge, glyphs: Glyphs): void {
  const x = laneColumn(column, lane)
  const top = Math.min(lane.outRow, lane.inRow)
  const bottom = Math.max(lane.outRow, lane.inRow)
  for (let row = top + 1; row < bottom; row++) page.put(x, row, glyphs.vertical)
  page.put(x, top, lane.side < 0 ? glyphs.downRight : glyphs.downLeft)
  page.put(x, bottom, lane.side < 0 ? glyphs.upRight : glyphs.upLeft)
}

function paintEnds(
  page: Page,
  graph: TextGraph,
  column: Column,
  lane: LaneEdge,
  glyphs: Glyphs
): void {
  const { edge, side, outRow, inRow } = lane
  const border = side < 0 ? 0 : column.boxWidth - 1
  const end = laneColumn(column, lane)
  for (const row of [outRow, inRow]) {
    for (let x = border + side; x !== end; x += side) {
      page.put(x, row, page.at(x, row) === glyphs.vertical ? glyphs.crossing : glyphs.horizontal)
    }
  }
  page.put(border + side, inRow, side < 0 ? glyphs.arrowRight : glyphs.arrowLeft)
  const source = graph.states[edge.from]?.final === true ? glyphs.final : glyphs.plain
  page.put(border, outRow, side < 0 ? source.outLeft : source.outRight)
  const width = Math.max(0, ...edge.labels.map((label) => label.length))
  edge.labels.forEach((label, i) => {
    // Left of the boxes all lines of a label begin where its longest does.
    const x = side < 0 ? border - 2 - width : border + 3
    if (i === 0) page.put(x - 1, outRow, ` ${label} `)
    else page.put(x, outRow + i, label)
  })
}

function laneColumn({ boxWidth }: Column, { side, distance }: LaneEdge): number {
  return side < 0 ? -distance : boxWidth - 1 + distance
}
