import { patternOf } from './colours'

/** Side of a tile, px. */
const TILE = 6

/** Each draws its sign into a tile of TILE px; a state's second sign beside its colour. */
const SIGNS: readonly ((t: CanvasRenderingContext2D) => void)[] = [
  () => undefined,
  (t) => t.fillRect(0, 0, 2, TILE),
  (t) => {
    t.fillRect(0, 0, 2, 2)
    t.fillRect(3, 1, 2, 2)
  },
  (t) => t.fillRect(0, 1, TILE, 2),
  (t) => {
    t.fillRect(0, 0, 1, TILE)
    t.fillRect(2, 0, 1, TILE)
  },
  (t) => {
    t.beginPath()
    t.moveTo(0, 3)
    t.lineTo(TILE, 0)
    t.stroke()
  },
  (t) => {
    t.fillRect(0, 0, TILE, 1)
    t.fillRect(0, 2, TILE, 1)
  },
  (t) => t.fillRect(0, 0, 3, TILE)
]
/** A segment narrower than this has no room for a sign, px. */
export const SIGN_WIDTH = 10
const SIGN_HEIGHT = 3

/** Draws the signs of states at the foot of their segments on a lane. */
export class StatePatterns {
  private made: (CanvasPattern | null)[] = []
  /** Lower edge for which each pattern was placed last. */
  private placed: number[] = []
  private colour = ''

  /** @param bottom lower edge of the segment, px */
  draw(
    ctx: CanvasRenderingContext2D,
    state: number,
    x: number,
    width: number,
    bottom: number,
    colour: string
  ): void {
    if (state < 0 || width < SIGN_WIDTH) return
    if (this.colour !== colour) {
      this.made = SIGNS.map((sign) => tileOf(ctx, sign, colour))
      this.placed = []
      this.colour = colour
    }
    const number = patternOf(state)
    const pattern = this.made[number]
    if (!pattern) return
    const top = bottom - SIGN_HEIGHT
    // The sign stands still relative to its lane; all segments of a lane share the place.
    if (this.placed[number] !== top) {
      pattern.setTransform({ e: 0, f: top })
      this.placed[number] = top
    }
    ctx.fillStyle = pattern
    ctx.fillRect(x, top, width, SIGN_HEIGHT)
  }
}

function tileOf(
  ctx: CanvasRenderingContext2D,
  sign: (t: CanvasRenderingContext2D) => void,
  colour: string
): CanvasPattern | null {
  const tile = document.createElement('canvas')
  tile.width = TILE
  tile.height = TILE
  const t = tile.getContext('2d')
  if (!t) return null
  t.fillStyle = colour
  t.strokeStyle = colour
  t.lineWidth = 1.3
  t.globalAlpha = 0.75
  sign(t)
  return ctx.createPattern(tile, 'repeat')
}
