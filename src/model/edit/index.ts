export { nameProblem } from './edited'
export type { Edited } from './edited'
export {
  addEvent,
  removeEdge,
  removeEvent,
  renameEvent,
  retargetEdge,
  retargetEvent,
  setGuard
} from './edges'
export { readOutline } from './outline'
export type { Outline } from './outline'
export { sketchOf } from './sketch'
export type { Sketch, SketchEdge, SketchLabel, SketchState } from './sketch'
export { addState, removeState, renameState, setFinal, setInitial, setInvariant } from './states'
