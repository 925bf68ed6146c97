/** Which characters a drawing is made of. */
export type Charset = 'unicode' | 'ascii'

/** The border of a box, and where an edge leaves it. */
export interface BoxGlyphs {
  readonly corners: readonly [string, string, string, string]
  readonly horizontal: string
  readonly vertical: string
  /** An edge leaves to the right, to the left, downwards, upwards. */
  readonly outRight: string
  readonly outLeft: string
  readonly outDown: string
  readonly outUp: string
}

export interface Glyphs {
  readonly plain: BoxGlyphs
  /** Of a final state. */
  readonly final: BoxGlyphs
  readonly horizontal: string
  readonly vertical: string
  /** A line across another; they do not meet. */
  readonly crossing: string
  /** Corners by the two directions that they join. */
  readonly downLeft: string
  readonly downRight: string
  readonly upLeft: string
  readonly upRight: string
  readonly arrowDown: string
  readonly arrowUp: string
  readonly arrowLeft: string
  readonly arrowRight: string
}

export const GLYPHS: Readonly<Record<Charset, Glyphs>> = {
  unicode: {
    plain: {
      corners: ['┌', '┐', '└', '┘'],
      horizontal: '─',
      vertical: '│',
      outRight: '├',
      outLeft: '┤',
      outDown: '┬',
      outUp: '┴'
    },
    final: {
      corners: ['╔', '╗', '╚', '╝'],
      horizontal: '═',
      vertical: '║',
      outRight: '╟',
      outLeft: '╢',
      outDown: '╤',
      outUp: '╧'
    },
    horizontal: '─',
    vertical: '│',
    crossing: '┼',
    downLeft: '┐',
    downRight: '┌',
    upLeft: '┘',
    upRight: '└',
    arrowDown: '▼',
    arrowUp: '▲',
    arrowLeft: '◀',
    arrowRight: '▶'
  },
  // Final states have the border that the kernel's documentation gives them.
  ascii: {
    plain: {
      corners: ['+', '+', '+', '+'],
      horizontal: '-',
      vertical: '|',
      outRight: '|',
      outLeft: '|',
      outDown: '-',
      outUp: '-'
    },
    final: {
      corners: ['#', '#', '#', '#'],
      horizontal: '=',
      vertical: 'H',
      outRight: 'H',
      outLeft: 'H',
      outDown: '=',
      outUp: '='
    },
    horizontal: '-',
    vertical: '|',
    crossing: '|',
    downLeft: '+',
    downRight: '+',
    upLeft: '+',
    upRight: '+',
    arrowDown: 'v',
    arrowUp: '^',
    arrowLeft: '<',
    arrowRight: '>'
  }
}
