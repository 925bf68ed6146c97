import type { Geometry, Point } from '../../model/draw/geometry'
import { samples } from '../../model/draw/geometry'

/** An arrow out of a state that ends in a cross: an event that the model does not have there. */
export interface Stub {
  readonly start: Point
  readonly control: Point
  readonly end: Point
  /** Centre of the text's first line. */
  readonly label: Point
  readonly anchor: 'start' | 'middle' | 'end'
}

interface Box {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

/** Radius of the cross's circle. */
export const CROSS = 9

/**
 * Finds room for stubs without moving the drawing: of the directions around the
 * state, the one that runs into least of what is already there.
 */
export class StubPlacer {
  private readonly points: Point[] = []
  private readonly boxes: Box[] = []

  constructor(
    private readonly geometry: Geometry,
    labelSizes: readonly { width: number; height: number }[]
  ) {
    geometry.edges.forEach((edge, i) => {
      this.points.push(...samples(edge))
      const size = labelSizes[i]
      if (edge.label && size) {
        this.boxes.push(boxAround(edge.label, size.width, size.height))
      }
    })
    if (geometry.initialLine) this.points.push(...samples(geometry.initialLine))
    for (const s of geometry.states) this.boxes.push(boxAround(s, s.width, s.height))
  }

  place(state: number, textWidth: number, textHeight: number): Stub | undefined {
    const node = this.geometry.states[state]
    if (!node) return undefined
    let best: Stub | undefined
    let bestScore = Infinity
    for (let k = 0; k < 16; k++) {
      const angle = (k * Math.PI) / 8 + Math.PI / 2
      for (const reach of [44, 62, 88]) {
        const stub = candidate(node, angle, reach)
        const score =
          this.score(stub, textWidth, textHeight) + reach * 0.12 + Math.abs(8 - k) * -0.05
        if (score < bestScore) {
          bestScore = score
          best = stub
        }
      }
    }
    if (best) {
      this.boxes.push(labelBox(best, textWidth, textHeight))
      this.boxes.push(boxAround(best.end, CROSS * 3, CROSS * 3))
      this.points.push(best.start, best.control, best.end)
    }
    return best
  }

  private score(stub: Stub, textWidth: number, textHeight: number): number {
    const label = labelBox(stub, textWidth, textHeight)
    const cross = boxAround(stub.end, CROSS * 2.4, CROSS * 2.4)
    let score = 0
    for (const box of this.boxes) {
      score += overlap(label, box) * 0.12 + overlap(cross, box) * 0.3
    }
    for (const point of this.points) {
      if (inside(label, point, 2)) score += 9
      if (inside(cross, point, 3)) score += 14
      if (Math.hypot(point.x - stub.control.x, point.y - stub.control.y) < 9) score += 5
    }
    // Beyond the drawing's edge is allowed, it only makes the drawing larger.
    const { width, height } = this.geometry
    score += Math.max(0, -label.x, label.x + label.w - width) * 0.03
    score += Math.max(0, -label.y, label.y + label.h - height) * 0.03
    return score
  }
}

function candidate(
  node: { x: number; y: number; width: number; height: number },
  angle: number,
  reach: number
): Stub {
  const dx = Math.cos(angle)
  const dy = Math.sin(angle)
  // Where the ray leaves the box.
  const t = Math.min(
    dx === 0 ? Infinity : node.width / 2 / Math.abs(dx),
    dy === 0 ? Infinity : node.height / 2 / Math.abs(dy)
  )
  const start = { x: node.x + dx * t, y: node.y + dy * t }
  const end = { x: start.x + dx * reach, y: start.y + dy * reach }
  const control = {
    x: (start.x + end.x) / 2 - dy * reach * 0.18,
    y: (start.y + end.y) / 2 + dx * reach * 0.18
  }
  if (Math.abs(dx) < 0.5) {
    const below = dy > 0
    return {
      start,
      control,
      end,
      label: { x: end.x, y: end.y + (below ? CROSS + 12 : -CROSS - 8) },
      anchor: 'middle'
    }
  }
  return {
    start,
    control,
    end,
    label: { x: end.x + Math.sign(dx) * (CROSS + 6), y: end.y + 4 },
    anchor: dx > 0 ? 'start' : 'end'
  }
}

/** The label's box; the text's baseline lies on label.y. */
export function labelBox(stub: Stub, width: number, height: number): Box {
  const x =
    stub.anchor === 'middle'
      ? stub.label.x - width / 2
      : stub.anchor === 'start'
        ? stub.label.x
        : stub.label.x - width
  return { x, y: stub.label.y - height + 3, w: width, h: height }
}

function boxAround(centre: Point, w: number, h: number): Box {
  return { x: centre.x - w / 2, y: centre.y - h / 2, w, h }
}

function overlap(a: Box, b: Box): number {
  const w = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x)
  const h = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y)
  return w > 0 && h > 0 ? Math.min(w * h, 900) : 0
}

function inside(box: Box, p: Point, margin: number): boolean {
  return (
    p.x > box.x - margin &&
    p.x < box.x + box.w + margin &&
    p.y > box.y - margin &&
    p.y < box.y + box.h + margin
  )
}
