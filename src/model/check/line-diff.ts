/** Pairs of lines that are compared at most; beyond that the change is shown as a whole. */
const MAX_PAIRS = 4_000_000

/** Lines that differ: `-` those of `before`, `+` those of `after`, with their numbers. */
export interface LineChange {
  readonly sign: '-' | '+'
  /** In the text that the line is of, from 1. */
  readonly line: number
  readonly text: string
}

/** The shortest list of removed and added lines that makes `after` of `before`. */
export function lineDiff(before: readonly string[], after: readonly string[]): LineChange[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head++
  let tail = 0
  while (
    tail < Math.min(before.length, after.length) - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail++
  }
  const a = before.slice(head, before.length - tail)
  const b = after.slice(head, after.length - tail)
  const removed = (i: number): LineChange => ({ sign: '-', line: head + i + 1, text: a[i] ?? '' })
  const added = (j: number): LineChange => ({ sign: '+', line: head + j + 1, text: b[j] ?? '' })
  if (a.length * b.length > MAX_PAIRS)
    return [...a.keys()].map(removed).concat([...b.keys()].map(added))
  // common[i][j]: length of the longest common subsequence of a from i and b from j.
  const width = b.length + 1
  const common = new Int32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] =
        a[i] === b[j]
          ? (common[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0)
    }
  }
  const changes: LineChange[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++
      j++
    } else if (
      j >= b.length ||
      (i < a.length && (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    ) {
      changes.push(removed(i++))
    } else {
      changes.push(added(j++))
    }
  }
  return changes
}
