import type { LaneFact } from '../../graph/lane-source'

/** What the pointer is over. */
export interface Hover {
  readonly x: number
  readonly y: number
  readonly row: number
  readonly name: string
  readonly time: number
  readonly fact: LaneFact | undefined
  /** Number of a violation under the pointer, null: none. */
  readonly violation: number | null
}
