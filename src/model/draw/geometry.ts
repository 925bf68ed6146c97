import { z } from 'zod'

export interface Point {
  readonly x: number
  readonly y: number
}

export interface NodeBox {
  /** Centre. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface EdgeLine {
  /** Cubic Bézier control points: start, then three per piece. */
  readonly points: readonly Point[]
  /** Arrow's tip. */
  readonly tip: Point
  /** Centre of the label, where there is one. */
  readonly label: Point | undefined
}

/** Where everything lies: y grows downwards, the origin is the upper left corner, units are px at zoom 1. */
export interface Geometry {
  readonly width: number
  readonly height: number
  /** By state index. */
  readonly states: readonly NodeBox[]
  readonly initial: Point | undefined
  readonly initialLine: EdgeLine | undefined
  /** By edge index of the spec. */
  readonly edges: readonly EdgeLine[]
}

/** With the lines to every initial state: a Büchi automaton may have several. */
export interface LaidOut extends Geometry {
  readonly initialLines: readonly EdgeLine[]
}

const json0 = z.object({
  bb: z.string(),
  objects: z
    .array(z.object({ name: z.string(), pos: z.string(), width: z.string(), height: z.string() }))
    .default([]),
  edges: z
    .array(
      z.object({
        id: z.string().optional(),
        pos: z.string(),
        lp: z.string().optional()
      })
    )
    .default([])
})

function numbers(text: string): number[] {
  return text.split(',').map((part) => {
    const value = Number(part)
    if (!Number.isFinite(value)) throw new RangeError(`expected a number, found ${part}`)
    return value
  })
}

function pair(text: string, height: number): Point {
  const [x = 0, y = 0] = numbers(text)
  return { x, y: height - y }
}

/** `e,x,y x,y x,y ...`: the arrow's end first, then the spline; a start arrow `s,` never occurs here. */
function line(pos: string, lp: string | undefined, height: number): EdgeLine {
  const points: Point[] = []
  let tip: Point | undefined
  for (const part of pos.trim().split(/\s+/)) {
    if (part.startsWith('e,')) tip = pair(part.slice(2), height)
    else if (!part.startsWith('s,')) points.push(pair(part, height))
  }
  const last = points[points.length - 1]
  if (!last) throw new RangeError('expected a spline, found none')
  return { points, tip: tip ?? last, label: lp === undefined ? undefined : pair(lp, height) }
}

/** What Graphviz's json0 says about a text of graphText(). Throws when it is not that. */
export function geometryOf(json: string, states: number, edges: number): LaidOut {
  const parsed = json0.parse(JSON.parse(json))
  const [, , width = 0, height = 0] = numbers(parsed.bb)
  const boxes: (NodeBox | undefined)[] = Array.from({ length: states })
  const lines: (EdgeLine | undefined)[] = Array.from({ length: edges })
  let initial: Point | undefined
  const initialLines: EdgeLine[] = []
  for (const object of parsed.objects) {
    const centre = pair(object.pos, height)
    if (object.name === 'init') initial = centre
    else if (object.name.startsWith('s')) {
      boxes[Number(object.name.slice(1))] = {
        ...centre,
        width: Number(object.width) * 72,
        height: Number(object.height) * 72
      }
    }
  }
  for (const edge of parsed.edges) {
    const shape = line(edge.pos, edge.lp, height)
    if (edge.id === undefined) initialLines.push(shape)
    else lines[Number(edge.id.slice(1))] = shape
  }
  return {
    width,
    height,
    states: boxes.map((box) => required(box)),
    initial,
    initialLine: initialLines[0],
    initialLines,
    edges: lines.map((shape) => required(shape))
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('the layout misses a state or an edge')
  return value
}

/** An SVG path of an edge, up to its arrow's tip. */
export function pathOf(edge: EdgeLine): string {
  const [start, ...rest] = edge.points
  if (!start) return ''
  let d = `M${n(start.x)} ${n(start.y)}`
  for (let i = 0; i + 2 < rest.length; i += 3) {
    const [a, b, c] = [rest[i], rest[i + 1], rest[i + 2]]
    if (a && b && c) d += `C${n(a.x)} ${n(a.y)} ${n(b.x)} ${n(b.y)} ${n(c.x)} ${n(c.y)}`
  }
  return d
}

/** A triangle at the tip, pointing along the end of the line. */
export function arrowOf(edge: EdgeLine, halfWidth = 3.6): string {
  const end = edge.points[edge.points.length - 1] ?? edge.tip
  const dx = edge.tip.x - end.x
  const dy = edge.tip.y - end.y
  const length = Math.hypot(dx, dy) || 1
  const nx = (-dy / length) * halfWidth
  const ny = (dx / length) * halfWidth
  return `M${n(edge.tip.x)} ${n(edge.tip.y)}L${n(end.x + nx)} ${n(end.y + ny)}L${n(end.x - nx)} ${n(end.y - ny)}Z`
}

/** Points along the line, for keeping other things away from it. */
export function samples(edge: EdgeLine): Point[] {
  const out: Point[] = []
  const p = edge.points
  for (let i = 0; i + 3 < p.length; i += 3) {
    const [a, b, c, d] = [p[i], p[i + 1], p[i + 2], p[i + 3]]
    if (!a || !b || !c || !d) continue
    for (let k = 0; k <= 8; k++) {
      const t = k / 8
      const u = 1 - t
      out.push({
        x: u * u * u * a.x + 3 * u * u * t * b.x + 3 * u * t * t * c.x + t * t * t * d.x,
        y: u * u * u * a.y + 3 * u * u * t * b.y + 3 * u * t * t * c.y + t * t * t * d.y
      })
    }
  }
  return out
}

function n(value: number): string {
  return value.toFixed(1)
}
