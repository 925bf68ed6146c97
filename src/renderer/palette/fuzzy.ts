/** How well a text fits what is looked for, and where. */
export interface Fit {
  /** Larger is better. */
  readonly score: number
  /** Indexes of the characters that were found, ascending. */
  readonly at: readonly number[]
}

/**
 * Fits every word of the query into the text, in any order. Beginnings of words and whole words
 * count most, so that `en wip` finds "Enable wip" first. Undefined: a word is not in it.
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
    if (one === undefined) return undefined
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
  // Otherwise each letter begins a word, or follows the one before: `enwip` is "Enable wip".
  const at = spread(word, text)
  return at && { score: word.length * 3, at }
}

function spread(word: string, text: string): number[] | undefined {
  const failed = new Set<string>()
  const from = (i: number, before: number): number[] | undefined => {
    if (i === word.length) return []
    const key = `${i} ${before}`
    if (failed.has(key)) return undefined
    for (let j = before + 1; j < text.length; j++) {
      const next = i > 0 && j === before + 1
      if (text[j] !== word[i] || !(next || isBeginning(text, j))) continue
      const rest = from(i + 1, j)
      if (rest) return [j, ...rest]
    }
    failed.add(key)
    return undefined
  }
  return from(0, -1)
}
