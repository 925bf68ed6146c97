import type { ChipGrid } from '../../../model/draw/chips'
import { geometryOf, type Geometry } from '../../../model/draw/geometry'
import { layoutText, type Direction } from '../../../model/draw/layout-text'
import type { GraphSpec } from '../../../model/draw/spec'
import { layouter } from '../../graph/layout'
import { measureText } from '../../graph/measure'
import { fitScale } from '../../graph/viewport'

/** Reading goes left to right: the other direction must be so much larger. */
const CLEARLY = 1.15
/** Room for the tray below the drawing, px. */
const TRAY = 60

/** Laid out left to right or top to bottom, whichever shows larger in a pane of this size. */
export async function bestLayout(
  spec: GraphSpec,
  grid: ChipGrid | null,
  width: number,
  height: number
): Promise<Geometry> {
  const both = await Promise.all(
    (['LR', 'TB'] as Direction[]).map(async (direction) => {
      const json = await layouter.layout(layoutText(spec, grid, direction, measureText))
      return geometryOf(json, spec.states.length, spec.edges.length)
    })
  )
  let best: Geometry | undefined
  let bestScale = -1
  for (const geometry of both) {
    const scale = fitScale(geometry.width, geometry.height + TRAY, width, height)
    if (scale <= bestScale * CLEARLY) continue
    best = geometry
    bestScale = scale
  }
  if (!best) throw new Error('no layout')
  return best
}
