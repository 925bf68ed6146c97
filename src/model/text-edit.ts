/** Replaces text[start, end) by `text`; offsets in UTF-16 units of the text before any edit. */
export interface TextEdit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * The text after the edits, which may stand in any order. Two insertions at one
 * place come in the order given.
 *
 * @throws RangeError where two of them overlap, or one lies outside the text
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end)
  let out = ''
  let at = 0
  for (const edit of sorted) {
    if (edit.start < at || edit.end < edit.start || edit.end > text.length) {
      throw new RangeError(
        `The edit ${edit.start}-${edit.end} overlaps another one or leaves the text of ${text.length} characters.`
      )
    }
    out += text.slice(at, edit.start) + edit.text
    at = edit.end
  }
  return out + text.slice(at)
}

/**
 * The edit that takes a stretch out, with its line where nothing else stands on
 * it, so that neither a blank line nor blanks at a line's end are left.
 */
export function cut(text: string, start: number, end: number): TextEdit {
  let from = start
  while (from > 0 && ' \t'.includes(text[from - 1] ?? 'x')) from--
  let to = end
  while (to < text.length && ' \t'.includes(text[to] ?? 'x')) to++
  if (to < text.length && !'\n\r'.includes(text[to] ?? '')) {
    // Something follows on the line; what stands around must not grow together.
    const before = start === 0 || /\s/.test(text[start - 1] ?? '')
    const after = /\s/.test(text[end] ?? '')
    // Of the blanks on both sides one is enough.
    if (from < start && after) return { start: start - 1, end, text: '' }
    return { start, end, text: before || after ? '' : ' ' }
  }
  const beginsLine = from === 0 || '\n\r'.includes(text[from - 1] ?? '')
  if (!beginsLine) return { start: from, end, text: '' }
  if (text.startsWith('\r\n', to)) to += 2
  else if (to < text.length) to++
  return { start: from, end: to, text: '' }
}

/** As cut(), for a statement with the semicolon behind it. */
export function cutStatement(text: string, start: number, end: number): TextEdit {
  const semicolon = /^[ \t]*;/.exec(text.slice(end, end + 80))?.[0] ?? ''
  return cut(text, start, end + semicolon.length)
}
