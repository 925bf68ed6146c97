import { DEAD } from './dfa'
import type { Dfa } from './dfa'
import { OperationFailure } from './failure'

/** Pairs of states that are looked at before the search gives up: about 400 MB. */
const MAX_PAIRS = 1 << 25

/** Shortest words that tell two languages apart, as indexes of events; undefined where there is none. */
export interface Difference {
  /** Accepted by A, refused by B. */
  readonly onlyA: readonly number[] | undefined
  /** Accepted by B, refused by A. */
  readonly onlyB: readonly number[] | undefined
}

/**
 * Compares two languages over one alphabet. Equivalence is decided first, by merging states that
 * would have to be equivalent (Hopcroft and Karp, 1971), in almost linear time; only where they
 * differ the pairs of states are searched, breadth first, for the shortest words.
 *
 * @throws OperationFailure where the search takes more than `maxPairs` pairs of states
 */
export function compareDfas(a: Dfa, b: Dfa, maxPairs = MAX_PAIRS): Difference {
  if (areEquivalent(a, b)) return { onlyA: undefined, onlyB: undefined }
  return new PairSearch(a, b, maxPairs).search()
}

/** Whether two automata over one alphabet accept the same words. */
export function areEquivalent(a: Dfa, b: Dfa): boolean {
  const width = a.events.length
  // Nodes: the states of A and its dead state, then those of B.
  const deadA = a.states.length
  const firstB = deadA + 1
  const deadB = firstB + b.states.length
  const parent = Int32Array.from({ length: deadB + 1 }, (_, i) => i)
  const find = (node: number): number => {
    let root = node
    while (parent[root] !== root) root = parent[root] ?? root
    for (let at = node; at !== root;) {
      const next = parent[at] ?? root
      parent[at] = root
      at = next
    }
    return root
  }
  const accepting = (node: number): number =>
    (node < firstB ? a.accepting[node] : b.accepting[node - firstB]) ?? 0
  const next = (node: number, event: number): number => {
    if (node === deadA || node === deadB) return node
    if (node < firstB) {
      const to = a.table[node * width + event] ?? DEAD
      return to === DEAD ? deadA : to
    }
    const to = b.table[(node - firstB) * width + event] ?? DEAD
    return to === DEAD ? deadB : firstB + to
  }
  // Each merge takes a node from the forest, so the list stays short.
  const pending = [0, firstB]
  parent[0] = firstB
  while (pending.length > 0) {
    const right = pending.pop() ?? 0
    const left = pending.pop() ?? 0
    if (accepting(left) !== accepting(right)) return false
    for (let event = 0; event < width; event++) {
      const l = next(left, event)
      const r = next(right, event)
      // Most pairs were merged before, and the same state on both sides is common.
      if (parent[l] === r) continue
      const rootL = find(l)
      const rootR = find(r)
      if (rootL === rootR) continue
      parent[rootL] = rootR
      pending.push(l, r)
    }
  }
  return true
}

/** Breadth first over the pairs of states that both automata can be in after the same word. */
class PairSearch {
  readonly #width: number
  readonly #rowB: number
  readonly #seen: Uint8Array | Set<number>
  /** The pairs in the order in which they were found, each with where it came from. */
  #pairs = new Float64Array(1024)
  #from = new Int32Array(1024)
  #by = new Int32Array(1024)
  #count = 0
  #onlyA: number[] | undefined
  #onlyB: number[] | undefined

  constructor(
    private readonly a: Dfa,
    private readonly b: Dfa,
    private readonly maxPairs: number
  ) {
    this.#width = a.events.length
    this.#rowB = b.states.length + 1
    const all = (a.states.length + 1) * this.#rowB
    this.#seen = all <= maxPairs ? new Uint8Array(all) : new Set()
  }

  search(): Difference {
    const { a, b } = this
    this.#reach(0, 0, -1, -1)
    for (let at = 0; at < this.#count; at++) {
      if (this.#onlyA !== undefined && this.#onlyB !== undefined) break
      const pair = this.#pairs[at] ?? 0
      const stateA = Math.floor(pair / this.#rowB) - 1
      const stateB = (pair % this.#rowB) - 1
      // A side that is dead can only be the one that refuses.
      if (stateA === DEAD && this.#onlyB !== undefined) continue
      if (stateB === DEAD && this.#onlyA !== undefined) continue
      for (let event = 0; event < this.#width; event++) {
        const nextA = stateA === DEAD ? DEAD : (a.table[stateA * this.#width + event] ?? DEAD)
        const nextB = stateB === DEAD ? DEAD : (b.table[stateB * this.#width + event] ?? DEAD)
        if (nextA !== DEAD || nextB !== DEAD) this.#reach(nextA, nextB, at, event)
      }
    }
    return { onlyA: this.#onlyA, onlyB: this.#onlyB }
  }

  #reach(stateA: number, stateB: number, from: number, event: number): void {
    const pair = (stateA + 1) * this.#rowB + stateB + 1
    const seen = this.#seen
    if (seen instanceof Set) {
      if (seen.has(pair)) return
      seen.add(pair)
    } else {
      if (seen[pair] === 1) return
      seen[pair] = 1
    }
    if (this.#count === this.maxPairs) {
      throw new OperationFailure(
        `The automata are different, but no shortest sequence was found among ${this.maxPairs} pairs of states.`
      )
    }
    if (this.#count === this.#pairs.length) this.#grow()
    const at = this.#count++
    this.#pairs[at] = pair
    this.#from[at] = from
    this.#by[at] = event
    const byA = stateA !== DEAD && this.a.accepting[stateA] === 1
    const byB = stateB !== DEAD && this.b.accepting[stateB] === 1
    if (byA && !byB) this.#onlyA ??= this.#word(at)
    if (byB && !byA) this.#onlyB ??= this.#word(at)
  }

  #word(last: number): number[] {
    const word: number[] = []
    for (let at = last; at > 0; at = this.#from[at] ?? 0) word.push(this.#by[at] ?? 0)
    return word.reverse()
  }

  #grow(): void {
    const size = this.#pairs.length * 2
    const pairs = new Float64Array(size)
    const from = new Int32Array(size)
    const by = new Int32Array(size)
    pairs.set(this.#pairs)
    from.set(this.#from)
    by.set(this.#by)
    this.#pairs = pairs
    this.#from = from
    this.#by = by
  }
}
