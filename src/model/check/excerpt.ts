import type { Diagnostic } from '../diagnostics'

/** A line of the text and what marks a stretch of it, both for cells of the same width. */
export interface Excerpt {
  readonly line: string
  /** Blanks (and the line's tabs) and then `^` or `^~~~` below what is meant. */
  readonly marks: string
}

/** Cells of the longest line that is shown whole. */
const MAX_CELLS = 110
/** Cells before the place in a line that is cut. */
const BEFORE = 40

/**
 * The line of a finding, with a mark below its place. Control characters are
 * visible, tabs stay, and a long line is cut around the place.
 *
 * @param lines the text as linesOf() gives it
 */
export function excerpt(lines: readonly string[], diagnostic: Diagnostic): Excerpt | undefined {
  const source = lines[diagnostic.line - 1]
  if (source === undefined) return undefined
  const start = diagnostic.column - 1
  const sameLine = diagnostic.endLine === diagnostic.line
  const end = Math.max(start + 1, sameLine ? diagnostic.endColumn - 1 : source.length)
  const cells = cellsOf(source)
  let from = 0
  let to = cells.length
  if (sum(cells) > MAX_CELLS) {
    const place = cells.findIndex((c) => c.offset >= start)
    from = back(cells, place === -1 ? cells.length : place, BEFORE)
    to = forth(cells, from, MAX_CELLS)
  }
  let line = from > 0 ? '…' : ''
  let marks = from > 0 ? ' ' : ''
  let marked = false
  for (const { shown, width, offset } of cells.slice(from, to)) {
    line += shown
    const inside = offset >= start && offset < end
    if (inside) {
      marks += (marked ? '~' : '^') + '~'.repeat(Math.max(0, width - 1))
      marked = true
    } else if (offset < start) {
      marks += shown === '\t' ? '\t' : ' '.repeat(width)
    }
  }
  if (to < cells.length) line += '…'
  // Behind the end of the line.
  return { line, marks: marked ? marks : `${marks}^` }
}

/** The text's lines, as findings count them. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/)
}

/** One character as it is shown. */
interface Cell {
  readonly shown: string
  /** Columns of a terminal; a tab counts as one here, and stands in both lines. */
  readonly width: number
  readonly offset: number
}

function cellsOf(source: string): Cell[] {
  const cells: Cell[] = []
  let offset = 0
  for (const c of source) {
    const shown = c === '\t' ? c : visible(c)
    cells.push({ shown, width: c === '\t' ? 1 : widthOf(shown), offset })
    offset += c.length
    // A line of megabytes is cut around a place that is known.
    if (cells.length > 1 << 20) break
  }
  return cells
}

/** Control characters by their pictures, other invisible ones by their number. */
function visible(c: string): string {
  const code = c.codePointAt(0) ?? 0
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  if (code === 0x7f) return '\u2421'
  if (/[\p{C}\u2028\u2029]/u.test(c) || (code > 0x7f && /\s/.test(c))) {
    return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
  }
  return c
}

/** Columns that a terminal gives to a text: none to combining marks, two to East Asian and pictures. */
export function widthOf(text: string): number {
  let width = 0
  for (const c of text) {
    if (/[\p{Mn}\p{Me}]/u.test(c)) continue
    width += WIDE.test(c) ? 2 : 1
  }
  return width
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u

const sum = (cells: readonly Cell[]): number => cells.reduce((all, c) => all + c.width, 0)

function back(cells: readonly Cell[], from: number, room: number): number {
  let i = from
  let left = room
  while (i > 0 && left >= (cells[i - 1]?.width ?? 0)) left -= cells[--i]?.width ?? 0
  return i
}

function forth(cells: readonly Cell[], from: number, room: number): number {
  let i = from
  let left = room
  while (i < cells.length && left >= (cells[i]?.width ?? 0)) left -= cells[i++]?.width ?? 0
  return i
}
