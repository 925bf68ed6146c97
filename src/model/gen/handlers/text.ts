/** C text in the kernel's style: tabs, at most LIMIT columns, what continues stands below its parenthesis. */

/** Columns of a line (checkpatch.pl warns of longer ones). */
const LIMIT = 100
const TAB = 8

/** An expression that may be broken behind its operators. */
export type CText = string | CChain

/** Operands joined by one operator. */
export interface CChain {
  readonly op: string
  readonly parts: readonly CText[]
  readonly parentheses: boolean
}

/** Whether a line is not too long. */
export function fitsLine(line: string): boolean {
  return line.replaceAll('\t', ' '.repeat(TAB)).length <= LIMIT
}

/** In one line. */
export function flat(text: CText): string {
  if (typeof text === 'string') return text
  const joined = text.parts.map(flat).join(` ${text.op} `)
  return text.parentheses ? `(${joined})` : joined
}

/** The same in parentheses. */
export function parenthesized(text: CText): CText {
  return typeof text === 'string' ? `(${text})` : { ...text, parentheses: true }
}

/** `before`, the text and `after`, `depth` tabs deep; broken where one line does not hold it. */
export function layout(depth: number, before: string, text: CText, after: string): string[] {
  const column = depth * TAB + before.length
  return `${'\t'.repeat(depth)}${before}${render(text, column, after.length)}${after}`.split('\n')
}

/** A list in parentheses, such as the parameters of a function. */
export function layoutList(
  depth: number,
  before: string,
  items: readonly string[],
  after: string
): string[] {
  const start = `${'\t'.repeat(depth)}${before}`
  const column = depth * TAB + before.length
  const lines: string[] = []
  let line = ''
  items.forEach((item, i) => {
    const word = i < items.length - 1 ? `${item},` : `${item}${after}`
    if (line !== '' && column + line.length + 1 + word.length > LIMIT) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  })
  lines.push(items.length === 0 ? after : line)
  return lines.map((text, i) => (i === 0 ? start : blank(column)) + text)
}

function render(text: CText, column: number, after: number): string {
  const line = flat(text)
  if (typeof text === 'string' || column + line.length + after <= LIMIT) return line
  const inner = column + (text.parentheses ? 1 : 0)
  const last = text.parts.length - 1
  const joined = text.parts
    .map((part, i) => render(part, inner, i === last ? after + 1 : text.op.length + 1))
    .join(` ${text.op}\n${blank(inner)}`)
  return text.parentheses ? `(${joined})` : joined
}

/** White space up to a column. */
function blank(column: number): string {
  return '\t'.repeat(Math.floor(column / TAB)) + ' '.repeat(column % TAB)
}
