/** Columns of a line of kernel code, and of a tab (Documentation/process/coding-style.rst). */
export const LINE = 100
const TAB = 8

/** Columns that the text takes from the start of a line. */
export function width(text: string): number {
  let column = 0
  for (const c of text) column = c === '\t' ? column + TAB - (column % TAB) : column + 1
  return column
}

/** White space up to a column: tabs, then blanks. */
export function indentTo(column: number): string {
  return '\t'.repeat(Math.floor(column / TAB)) + ' '.repeat(column % TAB)
}

/**
 * `head(a, b, c)tail` on one line, or with its arguments aligned below each other where the line
 * would be too long.
 */
export function call(head: string, args: readonly string[], tail: string): string {
  const open = `${head}(`
  const indent = indentTo(width(open))
  let text = ''
  let line = open
  args.forEach((arg, i) => {
    const piece = arg + (i === args.length - 1 ? `)${tail}` : ',')
    if (i === 0) {
      line += piece
    } else if (width(`${line} ${piece}`) <= LINE) {
      line += ` ${piece}`
    } else {
      text += `${line}\n`
      line = indent + piece
    }
  })
  return text + (args.length === 0 ? `${open})${tail}` : line)
}

/** The words of an expression, on lines that are not too long; what follows the first is indented. */
export function wrap(first: string, text: string, indent: string): string {
  const words = text.split(' ')
  const lines: string[] = []
  let line = first + (words.shift() ?? '')
  for (const word of words) {
    if (width(`${line} ${word}`) <= LINE) {
      line += ` ${word}`
    } else {
      lines.push(line)
      line = indent + word
    }
  }
  return [...lines, line].join('\n')
}

/** A C string literal. */
export function literal(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}
