import { geometryOf, type Geometry } from '../../../model/draw/geometry'
import {
  COUNT_ROOM,
  LABEL_SIZE,
  layoutText,
  type Direction,
  type Measure
} from '../../../model/draw/layout-text'
import type { GraphSpec } from '../../../model/draw/spec'
import { layouter } from '../../graph/layout'
import { measureText } from '../../graph/measure'
import { fitScale } from '../../graph/viewport'

/** Room for a name and an invariant, and for no instances. */
const NO_CHIPS = { columns: 1, rows: 1, size: 0, gap: 0 }

/** For edges that have no counters, so that the room for these is not needed. */
export const tight: Measure = (text, size, mono) =>
  measureText(text, size, mono) - (size === LABEL_SIZE && !mono ? COUNT_ROOM - 6 : 0)

/**
 * Lays a graph out left to right or top to bottom, whichever shows larger in a pane of that size.
 *
 * @throws Error where Graphviz gives no layout
 */
export async function bestGeometry(
  spec: GraphSpec,
  width: number,
  height: number,
  measure: Measure = measureText
): Promise<Geometry> {
  const lay = async (direction: Direction): Promise<Geometry> => {
    const json = await layouter.layout(layoutText(spec, NO_CHIPS, direction, measure))
    return geometryOf(json, spec.states.length, spec.edges.length)
  }
  const [across, down] = await Promise.all([lay('LR'), lay('TB')])
  const scale = (g: Geometry): number => fitScale(g.width, g.height, width, height)
  return scale(down) > scale(across) * 1.1 ? down : across
}
