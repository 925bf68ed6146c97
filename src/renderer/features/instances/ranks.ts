/** More names than this that nobody has any more are forgotten. */
const MAX_NAMES = 1 << 18

/** Places of texts in alphabetical order. Only what is new is sorted, and merged into what is there. */
export class Ranks {
  private readonly rank = new Map<string, number>()
  private sorted: string[] = []
  private fresh: string[] = []

  /** Before the texts of a table are wanted: forgets all, where they have become too many. */
  begin(): void {
    if (this.rank.size < MAX_NAMES) return
    this.rank.clear()
    this.sorted = []
    this.fresh = []
  }

  /** A text that will be asked for after the next settle(). */
  want(text: string): void {
    if (text === '' || this.rank.has(text)) return
    this.rank.set(text, NaN)
    this.fresh.push(text)
  }

  /** Ranks what was wanted. */
  settle(): void {
    if (this.fresh.length === 0) return
    const added = this.fresh.sort(alphabetical)
    const old = this.sorted
    const all: string[] = []
    let i = 0
    for (const text of added) {
      for (let next = old[i]; next !== undefined && next < text; next = old[++i]) all.push(next)
      all.push(text)
    }
    for (; i < old.length; i++) all.push(old[i] ?? '')
    this.sorted = all
    this.fresh = []
    all.forEach((text, at) => this.rank.set(text, at))
  }

  /** NaN: an empty text, which has no place. */
  of(text: string): number {
    return this.rank.get(text) ?? NaN
  }
}

function alphabetical(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
