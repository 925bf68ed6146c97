/** How well a text fits what is looked for, and where. */
export interface Fit {
  /** Larger is better. */
  readonly score: number
  /** Indexes of the characters that were found, ascending. */
  readonly at: readonly number[]
}

const NO_FIT = undefined

/**
 * Fits every word of the query into the text, in any order, each as a subsequence. Beginnings of
 * words and runs of neighbours count most, so that `en wip` finds "Enable wip" before
 * "Open wip's events". Undefined: a word is not in it.
 */
export function fit(query: string, text: string): Fit | undefined {
  const lower = text.toLowerCase()
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  let score = 0
  const at = new Set<number>()
  for (const word of words) {
    const one = fitWord(word, lower)
    if (one === undefined) return NO_FIT
    score += one.score
    for (const i of one.at) at.add(i)
  }
  // Of two texts that fit alike, the shorter one says it more exactly.
  return { score: score - lower.length / 50, at: [...at].sort((a, b) => a - b) }
}

function isBeginning(text: string, i: number): boolean {
  return i === 0 || !/[\p{L}\p{N}]/u.test(text[i - 1] ?? '')
}

function fitWord(word: string, text: string): Fit | undefined {
  let best: Fit | undefined
  for (let from = text.indexOf(word); from >= 0; from = text.indexOf(word, from + 1)) {
    const whole = text[from + word.length] === undefined || isBeginning(text, from + word.length)
    const score = word.length * 4 + (isBeginning(text, from) ? 12 : 0) + (whole ? 4 : 0)
    if (best === undefined || score > best.score) {
      best = { score, at: Array.from(word, (_, i) => from + i) }
    }
  }
  if (best) return best
  // A single character that is nowhere begins nothing; longer words may lie apart.
  const at: number[] = []
  let score = 0
  let i = 0
  for (const char of word) {
    const start = i
    // The next beginning of a word is preferred to a letter in the middle of one.
    let found = -1
    for (let j = start; j < text.length; j++) {
      if (text[j] !== char) continue
      if (found < 0) found = j
      if (isBeginning(text, j)) {
        found = j
        break
      }
      if (j === start && at.length > 0) break
    }
    if (found < 0) return NO_FIT
    score += isBeginning(text, found) ? 4 : found === start && at.length > 0 ? 3 : 0
    at.push(found)
    i = found + 1
  }
  // Letters that are scattered over a text are chance.
  return score >= word.length * 2 ? { score, at } : NO_FIT
}
