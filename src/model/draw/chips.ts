/** More instances than this are shown as a count: nobody follows more, and each costs paint. */
export const MAX_CHIPS = 64

/** Size and arrangement of the chips of one state, in drawing units (px at zoom 1). */
export interface ChipGrid {
  readonly columns: number
  readonly rows: number
  readonly size: number
  readonly gap: number
}

/** A grid in which all instances of a monitor fit into one state at once. */
export function chipGrid(instances: number): ChipGrid {
  const n = Math.max(1, Math.min(instances, MAX_CHIPS))
  const size = n <= 8 ? 26 : n <= 16 ? 22 : n <= 32 ? 19 : 18
  const columns = n <= 4 ? n : n <= 8 ? 4 : n <= 16 ? 8 : n <= 32 ? 9 : 11
  return { columns, rows: Math.ceil(n / columns), size, gap: n <= 16 ? 5 : 3 }
}

export function gridWidth(grid: ChipGrid): number {
  return grid.columns * (grid.size + grid.gap) - grid.gap
}

export function gridHeight(grid: ChipGrid): number {
  return grid.rows * (grid.size + grid.gap) - grid.gap
}

/** Centre of the chip at a place (0 .. count - 1) in a state, from the centre of the state's chip area. Rows fill evenly. */
export function chipPlace(grid: ChipGrid, place: number, count: number): { x: number; y: number } {
  const columns = Math.min(grid.columns, Math.max(1, count))
  const rows = Math.ceil(count / columns)
  const row = Math.floor(place / columns)
  const inRow = Math.min(columns, count - row * columns)
  const step = grid.size + grid.gap
  return {
    x: ((place % columns) - (inRow - 1) / 2) * step,
    y: (row - (rows - 1) / 2) * step
  }
}
