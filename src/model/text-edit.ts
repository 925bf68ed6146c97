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
