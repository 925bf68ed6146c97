import type { LaneView } from './lane-source'

/** Height of a lane, px. */
export const LANE_HEIGHT = 24
/** Times above, and their distance from the shown moment below. */
export const AXIS_HEIGHT = 34
export const LABEL_WIDTH = 138

export interface TimelineScene {
  readonly width: number
  readonly height: number
  /** Time at the right edge, and width of the window, ns. */
  readonly end: number
  readonly span: number
  /** Lanes scrolled out at the top, px. */
  readonly scroll: number
  readonly lanes: readonly LaneView[]
  readonly stateNames: readonly string[]
  /** Pointer over the lanes, px from the left; -1: none. */
  readonly cursor: number
  /** Newest time that is known, ns: what is after it has not happened. */
  readonly now: number
  /** Since when everything is kept, ns; 0: since the connection. */
  readonly keptFrom: number
  /** The moment that the views show; null: now. */
  readonly moment: number | null
  readonly cursors: readonly [number | null, number | null]
  readonly texts: {
    readonly now: string
    readonly lost: string
    readonly notKept: string
  }
}

/** Pixel of a time. */
export function xOf(scene: TimelineScene, time: number): number {
  return scene.width - ((scene.end - time) / scene.span) * (scene.width - LABEL_WIDTH)
}

/** Time at a pixel. */
export function timeOf(scene: Pick<TimelineScene, 'width' | 'end' | 'span'>, x: number): number {
  return scene.end - ((scene.width - x) / (scene.width - LABEL_WIDTH)) * scene.span
}
