/** Lines and columns of a text's offsets. A line ends at LF, CR LF or CR, as editors count them. */
export class Places {
  readonly #length: number
  readonly #starts: readonly number[]

  constructor(text: string) {
    this.#length = text.length
    this.#starts = lineStarts(text)
  }

  /** Line and column, both from 1, of an offset in UTF-16 units. */
  of(offset: number): [line: number, column: number] {
    const at = Math.min(Math.max(offset, 0), this.#length)
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#starts[middle] ?? 0) <= at) low = middle
      else high = middle - 1
    }
    return [low + 1, at - (this.#starts[low] ?? 0) + 1]
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1)
  }
  return starts
}
