import type { TextEdge, TextGraph } from './graph'

/** Side of the column: left or right of it. */
export type Side = -1 | 1

/** How an arrangement is made; see ARRANGEMENTS. */
export interface Arrangement {
  readonly self: Side
  /** Of edges that lead down past a state. */
  readonly down: Side
  /** Of edges that lead up and are not drawn straight. */
  readonly up: Side
  /** An edge up to the neighbour is drawn beside the one that leads down from it. */
  readonly paired: boolean
  /** Columns from one lane to the next, at least 2. */
  readonly spacing: number
}

/** A box: rows and columns of its border, both inclusive. */
export interface PlacedBox {
  readonly state: number
  readonly top: number
  readonly bottom: number
}

/** An edge between neighbours: one vertical line in the gap of their boxes. */
export interface StraightEdge {
  readonly edge: TextEdge
  readonly x: number
  /** First and last row of the gap. */
  readonly top: number
  readonly bottom: number
  /** Row of the first label. */
  readonly labels: number
  readonly leadsDown: boolean
}

/** An edge through a lane: out of a box, along x, into a box. */
export interface LaneEdge {
  readonly edge: TextEdge
  readonly side: Side
  /** Columns between the box's border and the lane: at least 2. */
  readonly distance: number
  readonly outRow: number
  readonly inRow: number
}

/** Where everything lies. The boxes' left border is column 0; what is left of them is negative. */
export interface Column {
  /** Of every box, borders included. */
  readonly boxWidth: number
  readonly boxes: readonly PlacedBox[]
  readonly straight: readonly StraightEdge[]
  readonly lanes: readonly LaneEdge[]
  /** Rows in which an arrow from nowhere shows a further initial state. */
  readonly starts: readonly number[]
  /** First and last column that is used. */
  readonly left: number
  readonly right: number
  readonly height: number
  /** How often a lane crosses another edge. */
  readonly crossings: number
}

/** Rows of the arrow that shows the initial state from above. */
export const START_ROWS = 2
/** An arrow from nowhere: `──▶`. */
export const START_LENGTH = 3

interface Lane {
  readonly edge: TextEdge
  readonly side: Side
  /** Places in the column, the upper first. */
  readonly upper: number
  readonly lower: number
  readonly leadsUp: boolean
  rank: number
  outRow: number
  inRow: number
  distance: number
}

/** Lays a graph out in one column. */
export function columnOf(graph: TextGraph, order: readonly number[], how: Arrangement): Column {
  const place = new Map(order.map((state, i) => [state, i]))
  const down: (TextEdge | undefined)[] = []
  const up: (TextEdge | undefined)[] = []
  const lanes: Lane[] = []
  const isDown = new Set<number>()
  for (const { from, to } of graph.edges) {
    const i = place.get(from) ?? 0
    if ((place.get(to) ?? 0) === i + 1) isDown.add(i)
  }
  for (const edge of graph.edges) {
    const i = place.get(edge.from) ?? 0
    const j = place.get(edge.to) ?? 0
    if (j === i + 1) down[i] = edge
    else if (j === i - 1 && (how.paired || !isDown.has(j))) up[j] = edge
    else {
      const side = i === j ? how.self : j > i ? how.down : how.up
      const [upper, lower] = [Math.min(i, j), Math.max(i, j)]
      lanes.push({
        edge,
        side,
        upper,
        lower,
        leadsUp: j < i,
        rank: 0,
        outRow: 0,
        inRow: 0,
        distance: 0
      })
    }
  }
  for (const side of [-1, 1] as const) rank(lanes.filter((lane) => lane.side === side))

  const text = Math.max(...graph.states.flatMap(({ lines }) => lines.map((line) => line.length)))
  let boxWidth = text + 6
  for (let i = 0; i + 1 < order.length; i++) {
    const beside = down[i]
    if (beside !== undefined && up[i] !== undefined) {
      boxWidth = Math.max(boxWidth, 2 + pairOffset(beside) + 3)
    }
  }

  // What no lane may come nearer to than one column, by row and side: columns beside the boxes.
  const reach = { '-1': [] as number[], '1': [] as number[] }
  const boxes: PlacedBox[] = []
  const straight: StraightEdge[] = []
  const starts: number[] = []
  let row = graph.states[order[0] ?? 0]?.initial === true ? START_ROWS : 0
  order.forEach((state, i) => {
    const top = row
    const { lines, initial } = graph.states[state] ?? { lines: [], initial: false }
    const ports = [-1, 1].map((side) => portsOf(lanes, i, side as Side))
    const needed = ports.map((list) => list.reduce((sum, port) => sum + port.rows, 0))
    const hasStart = initial && i > 0
    if (hasStart) needed[0] = (needed[0] ?? 0) + 1
    const inner = Math.max(lines.length, ...needed)
    ports.forEach((list, s) => {
      const side = s === 0 ? -1 : 1
      let at = top + 1 + Math.floor((inner - (needed[s] ?? 0)) / 2)
      if (s === 0 && hasStart) {
        starts.push(at)
        reach[side][at] = START_LENGTH
        at++
      }
      for (const { lane, leaves, rows } of list) {
        if (leaves) {
          lane.outRow = at
          const widest = Math.max(0, ...lane.edge.labels.map((label) => label.length))
          lane.edge.labels.forEach((label, k) => {
            // `─ label ─`, and the lane one dash further on; a continued label has no dashes.
            // Left of the boxes all lines of a label begin where the longest does.
            const length = side < 0 ? widest : label.length
            reach[side][at + k] = 2 + length + (k === 0 ? 2 : 0)
          })
        } else {
          lane.inRow = at + rows - 1
        }
        at += rows
      }
    })
    const bottom = top + inner + 1
    boxes.push({ state, top, bottom })
    row = bottom + 1
    const [d, u] = [down[i], up[i]]
    const rows = gapRows(d, u)
    const single = Math.floor(boxWidth / 2)
    const gap = { top: row, bottom: row + rows - 1 }
    // Beside each other, arrowheads and labels have rows of their own.
    const isPair = d !== undefined && u !== undefined
    if (d !== undefined) {
      const x = isPair ? 2 : single
      straight.push({ edge: d, x, ...gap, labels: row + (isPair ? 1 : 0), leadsDown: true })
    }
    if (u !== undefined) {
      const x = d === undefined ? single : 2 + pairOffset(d)
      straight.push({ edge: u, x, ...gap, labels: row + 1, leadsDown: false })
    }
    if (i + 1 < order.length) row += rows
  })

  for (const { edge, x, labels } of straight) {
    edge.labels.forEach((label, k) => {
      const beyond = x + 2 + label.length - boxWidth
      reach[1][labels + k] = Math.max(reach[1][labels + k] ?? 0, beyond)
    })
  }
  spread(lanes, how.spacing, (side, at) => reach[side][at] ?? 0)
  let left = starts.length > 0 ? -START_LENGTH : 0
  let right = boxWidth - 1
  for (const value of reach[1])
    right = Math.max(right, boxWidth - 1 + ((value as number | undefined) ?? 0))
  for (const { side, distance } of lanes) {
    if (side < 0) left = Math.min(left, -distance)
    else right = Math.max(right, boxWidth - 1 + distance)
  }
  const crossings = countCrossings(lanes)
  return { boxWidth, boxes, straight, lanes, starts, left, right, height: row, crossings }
}

/** Columns from an edge to its neighbour in the same gap. */
function pairOffset(edge: TextEdge): number {
  return 2 + Math.max(0, ...edge.labels.map((label) => label.length)) + 2
}

/** Rows between two boxes: labels and an arrowhead; one without any edge. */
function gapRows(down: TextEdge | undefined, up: TextEdge | undefined): number {
  if (down === undefined && up === undefined) return 1
  const labels = Math.max(down?.labels.length ?? 0, up?.labels.length ?? 0)
  return Math.max(2, labels + (down !== undefined && up !== undefined ? 2 : 1))
}

/** Numbers the lanes of one side from the column outwards: short ones inside. */
function rank(lanes: readonly Lane[]): void {
  const sorted = [...lanes].sort((a, b) => a.lower - a.upper - (b.lower - b.upper))
  for (const lane of sorted) {
    const taken = new Set(
      sorted
        .filter((other) => other !== lane && other.rank > 0 && meet(lane, other))
        .map((o) => o.rank)
    )
    let free = 1
    while (taken.has(free)) free++
    lane.rank = free
  }
}

/** Whether two lanes pass the same rows; at a box, what leads up stands above what leads down. */
function meet(a: Lane, b: Lane): boolean {
  const [a0, a1] = ends(a)
  const [b0, b1] = ends(b)
  return a0 < b1 && b0 < a1
}

function ends({ upper, lower }: Lane): [number, number] {
  return upper === lower ? [upper - 0.25, upper + 0.25] : [upper, lower]
}

interface Port {
  readonly lane: Lane
  readonly leaves: boolean
  readonly rows: number
}

/**
 * The ends of lanes on one side of a box from top to bottom: those that lead up, with the
 * innermost first, the loop, those that lead down, with the outermost first. So none of them
 * crosses another.
 */
function portsOf(lanes: readonly Lane[], place: number, side: Side): Port[] {
  const up: Port[] = []
  const loops: Port[] = []
  const down: Port[] = []
  for (const lane of lanes) {
    if (lane.side !== side || (lane.upper !== place && lane.lower !== place)) continue
    const labels = Math.max(1, lane.edge.labels.length)
    if (lane.upper === lane.lower) {
      loops.push({ lane, leaves: true, rows: labels }, { lane, leaves: false, rows: 1 })
      continue
    }
    const leads = lane.lower === place ? up : down
    const leaves = isOut(lane, place)
    leads.push({ lane, leaves, rows: leaves ? labels : 1 })
  }
  up.sort((a, b) => a.lane.rank - b.lane.rank)
  down.sort((a, b) => b.lane.rank - a.lane.rank)
  return [...up, ...loops, ...down]
}

function isOut(lane: Lane, place: number): boolean {
  return lane.leadsUp ? lane.lower === place : lane.upper === place
}

/** Gives every lane its distance from the boxes. */
function spread(
  lanes: readonly Lane[],
  spacing: number,
  reach: (side: Side, row: number) => number
): void {
  const placed: Lane[] = []
  for (const lane of [...lanes].sort((a, b) => a.rank - b.rank)) {
    const [top, bottom] = rowsOf(lane)
    // Room for an arrowhead and a dash.
    let distance = 3
    // One row more: a bar of an event's guard at a corner would look like more of the lane.
    for (let row = top - 1; row <= bottom + 1; row++) {
      distance = Math.max(distance, reach(lane.side, row) + 2)
    }
    for (const other of placed) {
      const [t, b] = rowsOf(other)
      // Corners of two lanes never touch: one free row between them.
      if (other.side === lane.side && top <= b + 1 && t <= bottom + 1) {
        distance = Math.max(distance, other.distance + spacing)
      }
    }
    lane.distance = distance
    placed.push(lane)
  }
}

function rowsOf({ outRow, inRow }: { outRow: number; inRow: number }): [number, number] {
  return [Math.min(outRow, inRow), Math.max(outRow, inRow)]
}

function countCrossings(lanes: readonly Lane[]): number {
  let count = 0
  for (const lane of lanes) {
    const [top, bottom] = rowsOf(lane)
    for (const other of lanes) {
      if (other === lane || other.side !== lane.side || other.distance <= lane.distance) continue
      for (const row of [other.outRow, other.inRow]) if (row > top && row < bottom) count++
    }
  }
  return count
}
