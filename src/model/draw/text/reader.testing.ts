import type { Charset } from './glyphs'
import { GLYPHS } from './glyphs'

/*
 * Reads a drawing back as its reader does: finds the boxes, follows every line from
 * where it leaves a box to its arrowhead, and reads the events beside it. Fails on
 * a cell that belongs to nothing, or to two things that do not cross.
 */

export interface ReadState {
  readonly name: string
  readonly text: string
  readonly initial: boolean
  readonly final: boolean
}

export interface ReadDrawing {
  readonly states: readonly ReadState[]
  /** `from > to: label, label`, sorted. */
  readonly edges: readonly string[]
}

interface Box {
  readonly name: string
  readonly text: string
  readonly final: boolean
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
  initial: boolean
}

export function readDrawing(lines: readonly string[], charset: Charset): ReadDrawing {
  return new Reader(lines, charset).read()
}

class Reader {
  readonly #cells: readonly (readonly string[])[]
  readonly #unicode: boolean
  readonly #used = new Map<string, 'h' | 'v' | 'other' | 'crossing'>()
  readonly #boxes: Box[] = []
  readonly #edges: string[] = []
  readonly #g

  constructor(lines: readonly string[], charset: Charset) {
    this.#cells = lines.map((line) => Array.from(line))
    this.#unicode = charset === 'unicode'
    this.#g = GLYPHS[charset]
  }

  read(): ReadDrawing {
    this.#cells.forEach((row, r) => row.forEach((_, c) => this.#box(r, c)))
    for (const box of this.#boxes) {
      for (let r = box.top + 1; r < box.bottom; r++) {
        this.#side(box, r, 1)
        this.#side(box, r, -1)
      }
      for (let c = box.left + 1; c < box.right; c++) {
        this.#straight(box, box.bottom, c, 1)
        this.#straight(box, box.top, c, -1)
      }
    }
    this.#starts()
    this.#cells.forEach((row, r) =>
      row.forEach((char, c) => {
        if (char !== ' ' && !this.#used.has(`${r},${c}`)) fail(`${char} belongs to nothing`, r, c)
      })
    )
    return {
      states: this.#boxes.map(({ name, text, initial, final }) => ({ name, text, initial, final })),
      edges: this.#edges.sort()
    }
  }

  #at(r: number, c: number): string {
    return this.#cells[r]?.[c] ?? ' '
  }

  #use(r: number, c: number, how: 'h' | 'v' | 'other'): void {
    const key = `${r},${c}`
    const before = this.#used.get(key)
    if (before === undefined) this.#used.set(key, how)
    else if (how !== 'other' && before === (how === 'h' ? 'v' : 'h')) {
      if (this.#at(r, c) !== this.#g.crossing) fail('two lines, but no crossing', r, c)
      this.#used.set(key, 'crossing')
    } else fail('a cell is used twice', r, c)
  }

  #box(top: number, left: number): void {
    for (const look of [this.#g.plain, this.#g.final]) {
      if (this.#at(top, left) !== look.corners[0]) continue
      const bars = [look.horizontal, look.outDown, look.outUp]
      let right = left + 1
      while (bars.includes(this.#at(top, right))) right++
      if (right === left + 1 || this.#at(top, right) !== look.corners[1]) continue
      const sides = [look.vertical, look.outLeft, look.outRight]
      let bottom = top + 1
      while (sides.includes(this.#at(bottom, left)) && sides.includes(this.#at(bottom, right))) {
        bottom++
      }
      if (this.#at(bottom, left) !== look.corners[2]) continue
      if (this.#at(bottom, right) !== look.corners[3]) continue
      for (let c = left; c <= right; c++) {
        for (let r = top; r <= bottom; r++) this.#use(r, c, 'other')
      }
      const inside = this.#cells
        .slice(top + 1, bottom)
        .map((row) =>
          row
            .slice(left + 1, right)
            .join('')
            .trim()
        )
        .filter((line) => line !== '')
      const [name = '', ...text] = inside
      const final = look === this.#g.final
      const box = { name, text: text.join(' '), final, top, bottom, left, right, initial: false }
      this.#boxes.push(box)
      return
    }
  }

  /** An edge that leaves a box sideways. */
  #side(box: Box, row: number, side: 1 | -1): void {
    const border = side > 0 ? box.right : box.left
    const { horizontal, vertical, arrowLeft, arrowRight, crossing } = this.#g
    const leaves = this.#at(row, border + side) === horizontal
    if (this.#unicode) {
      const look = box.final ? this.#g.final : this.#g.plain
      const out = this.#at(row, border) === (side > 0 ? look.outRight : look.outLeft)
      if (out !== leaves) fail('the border does not say that an edge leaves', row, border)
    }
    if (!leaves) return
    const labels: string[] = []
    let c = border + side
    this.#use(row, c, 'h')
    c += side
    // Left of a box, a short first label stands away from it.
    while (side < 0 && this.#at(row, c) === horizontal) {
      this.#use(row, c, 'h')
      c += side
    }
    if (this.#at(row, c) === ' ') c = this.#sideLabels(row, c, border + side, labels)
    while (this.#at(row, c) === horizontal || this.#at(row, c) === crossing) {
      this.#use(row, c, 'h')
      c += side
    }
    const step = this.#turn(row, c)
    this.#use(row, c, 'other')
    let r = row + step
    while (this.#at(r, c) === vertical || this.#at(r, c) === crossing) {
      this.#use(r, c, 'v')
      r += step
    }
    if (!this.#isCorner(r, c)) fail('the line ends', r, c)
    this.#use(r, c, 'other')
    c -= side
    while (this.#at(r, c) === horizontal || this.#at(r, c) === crossing) {
      this.#use(r, c, 'h')
      c -= side
    }
    if (this.#at(r, c) !== (side > 0 ? arrowLeft : arrowRight)) fail('expected an arrowhead', r, c)
    this.#use(r, c, 'other')
    this.#edge(box, this.#boxAt(r, c - side), labels)
  }

  /** Labels of a line that leaves a box to column `beside`; returns where the line goes on. */
  #sideLabels(row: number, c: number, beside: number, labels: string[]): number {
    const dash = this.#g.horizontal
    const side = c > beside ? 1 : -1
    const cells = this.#cells[row] ?? []
    let start: number
    if (side > 0) {
      start = c + 1
      let end = start
      while (!(cells[end] === ' ' && cells[end + 1] === dash)) {
        if (++end > cells.length) fail('a label without an end', row, c)
      }
      this.#label(row, start, end, labels)
      c = end + 1
    } else {
      start = c
      while (!(cells[start] === ' ' && cells[start - 1] === dash)) {
        if (--start < 0) fail('a label without an end', row, c)
      }
      this.#label(row, start + 1, c, labels)
      c = start - 1
      start++
    }
    for (let r = row + 1; ; r++) {
      // Where another line begins or ends at the box, the labels are at their end.
      if (this.#at(r, beside) !== ' ' || this.#at(r, start - 1) !== ' ') break
      const text = (this.#cells[r] ?? []).slice(start).join('')
      const found = this.#endOf(text)
      if (found === 0) break
      this.#label(r, start, start + found, labels)
    }
    return c
  }

  /** An edge between neighbours; step 1 leads down, -1 up. */
  #straight(box: Box, border: number, c: number, step: 1 | -1): void {
    const { vertical, arrowDown, arrowUp } = this.#g
    const arrow = step > 0 ? arrowDown : arrowUp
    let r = border + step
    if (this.#unicode) {
      const look = box.final ? this.#g.final : this.#g.plain
      if (this.#at(border, c) !== (step > 0 ? look.outDown : look.outUp)) return
    }
    while (this.#at(r, c) === vertical) r += step
    if (this.#at(r, c) !== arrow || r === border + step) {
      if (this.#unicode) fail('an edge leaves, but has no arrowhead', r, c)
      return
    }
    const rows: number[] = []
    for (let row = border + step; row !== r + step; row += step) {
      this.#use(row, c, row === r ? 'other' : 'v')
      rows.push(row)
    }
    const labels: string[] = []
    for (const row of rows.sort((a, b) => a - b)) {
      const text = (this.#cells[row] ?? []).slice(c + 2).join('')
      const end = this.#endOf(text)
      if (end > 0) this.#label(row, c + 2, c + 2 + end, labels)
    }
    this.#edge(box, this.#boxAt(r + step, c), labels)
  }

  /** Length of a label that starts the text: it ends at two blanks, or at a line after one. */
  #endOf(text: string): number {
    const lead = /^ {2}\S/.test(text) ? 2 : 0
    const rest = text.slice(lead)
    const stop = this.#unicode ? /^[ │┼▼▲]| {2}| [│┼▲▼]|$/ : /^[ |^]| {2}| \|(?!\|)| \^|$/
    const end = stop.exec(rest)?.index ?? 0
    return end === 0 ? 0 : lead + end
  }

  #label(row: number, start: number, end: number, labels: string[]): void {
    const text = (this.#cells[row] ?? []).slice(start, end).join('')
    for (let c = start; c < end; c++) if (this.#at(row, c) !== ' ') this.#use(row, c, 'other')
    if (text.startsWith('  ')) labels.push(`${labels.pop() ?? ''} ${text.trim()}`)
    else labels.push(text)
  }

  /** Arrows from nowhere. */
  #starts(): void {
    const { vertical, horizontal, arrowDown, arrowRight } = this.#g
    for (const box of this.#boxes) {
      for (let c = box.left + 1; c < box.right; c++) {
        if (box.top !== 2 || this.#used.has(`1,${c}`)) continue
        if (this.#at(1, c) !== arrowDown || this.#at(0, c) !== vertical) continue
        this.#use(0, c, 'v')
        this.#use(1, c, 'other')
        box.initial = true
      }
      for (let r = box.top + 1; r < box.bottom; r++) {
        const c = box.left - 1
        if (this.#at(r, c) !== arrowRight || this.#used.has(`${r},${c}`)) continue
        this.#use(r, c, 'other')
        for (const x of [c - 1, c - 2]) {
          if (this.#at(r, x) !== horizontal) fail('no arrow from nowhere', r, x)
          this.#use(r, x, 'h')
        }
        if (this.#at(r, c - 3) !== ' ') fail('this arrow comes from somewhere', r, c)
        box.initial = true
      }
    }
  }

  #isCorner(r: number, c: number): boolean {
    const { downLeft, downRight, upLeft, upRight } = this.#g
    return [downLeft, downRight, upLeft, upRight].includes(this.#at(r, c))
  }

  #turn(r: number, c: number): 1 | -1 {
    if (!this.#isCorner(r, c)) fail('expected a corner', r, c)
    if (this.#unicode) {
      const char = this.#at(r, c)
      return char === this.#g.downLeft || char === this.#g.downRight ? 1 : -1
    }
    const up = ['|', '+'].includes(this.#at(r - 1, c))
    const down = ['|', '+'].includes(this.#at(r + 1, c))
    if (up === down) fail('the corner leads two ways, or none', r, c)
    return down ? 1 : -1
  }

  #boxAt(r: number, c: number): Box {
    const found = this.#boxes.find(
      (b) => r >= b.top && r <= b.bottom && c >= b.left && c <= b.right
    )
    return found ?? fail('the arrow leads to no box', r, c)
  }

  #edge(from: Box, to: Box, labels: readonly string[]): void {
    this.#edges.push(`${from.name} > ${to.name}: ${labels.join(', ')}`)
  }
}

function fail(what: string, r: number, c: number): never {
  throw new Error(`row ${r}, column ${c}: ${what}`)
}
