import type { Automaton, Transition } from '../automaton'

/*
 * What can be said of an automaton as a graph. A guard counts as one that can hold: whether it can at
 * that moment is for the explorer to say.
 */

/** The transitions of each state. */
export function outgoing({ states, transitions }: Automaton): Transition[][] {
  const out: Transition[][] = states.map(() => [])
  for (const transition of transitions) out[transition.from]?.push(transition)
  return out
}

/** The shortest sequence of transitions from one state to another; undefined where there is none. */
export function shortestPath(automaton: Automaton, to: number, from = 0): Transition[] | undefined {
  return search(outgoing(automaton), from, (state) => state === to)
}

/** Breadth first to a state that is looked for. */
function search(
  out: readonly (readonly Transition[])[],
  from: number,
  found: (state: number) => boolean
): Transition[] | undefined {
  const by = new Map<number, Transition | undefined>([[from, undefined]])
  // A map visits what is added to it while it is visited.
  for (const [state] of by) {
    if (found(state)) {
      const path: Transition[] = []
      for (let t = by.get(state); t !== undefined; t = by.get(t.from)) path.push(t)
      return path.reverse()
    }
    for (const t of out[state] ?? []) if (!by.has(t.to)) by.set(t.to, t)
  }
  return undefined
}

/**
 * A walk of so many transitions from the initial state, each as likely as the others; shorter where
 * a state has no way out.
 *
 * @param below a random whole number from 0 to below the limit
 */
export function randomWalk(
  automaton: Automaton,
  length: number,
  below: (limit: number) => number
): Transition[] {
  const out = outgoing(automaton)
  const walk: Transition[] = []
  let state = 0
  while (walk.length < length) {
    const choices = out[state] ?? []
    const next = choices[below(choices.length)]
    if (next === undefined) break
    walk.push(next)
    state = next.to
  }
  return walk
}

/** How many sequences of each length a monitor accepts: counts[n] of n events; exact. */
export function countWords(
  automaton: Automaton,
  length: number,
  language: 'prefixes' | 'marked' = 'prefixes'
): bigint[] {
  let ways = automaton.states.map((_, s): bigint => (s === 0 ? 1n : 0n))
  const counts: bigint[] = []
  for (let n = 0; ; n++) {
    counts.push(
      ways.reduce(
        (sum, count, s) =>
          language === 'prefixes' || automaton.final[s] === true ? sum + count : sum,
        0n
      )
    )
    if (n === length) return counts
    const next = automaton.states.map((): bigint => 0n)
    for (const { from, to } of automaton.transitions) {
      next[to] = (next[to] ?? 0n) + (ways[from] ?? 0n)
    }
    ways = next
  }
}

/** Accepted sequences of transitions up to a length, short ones first, then in the order of the events. */
export function* acceptedWords(
  automaton: Automaton,
  length: number,
  language: 'prefixes' | 'marked' = 'prefixes'
): Generator<readonly Transition[]> {
  const out = outgoing(automaton)
  // open[n][state]: whether some sequence of exactly n events from there is accepted.
  const open = [
    Uint8Array.from(automaton.final, (final) => (language === 'prefixes' || final ? 1 : 0))
  ]
  for (let n = 0; n <= length; n++) {
    if (n > 0) {
      const before = open[n - 1]
      open.push(Uint8Array.from(out, (list) => (list.some((t) => before?.[t.to] === 1) ? 1 : 0)))
    }
    // Depth first for each length, so that memory does not grow with the words.
    if (open[n]?.[0] === 1) yield* words(out, open, [], 0, n)
  }
}

function* words(
  out: readonly (readonly Transition[])[],
  open: readonly Uint8Array[],
  before: Transition[],
  state: number,
  left: number
): Generator<readonly Transition[]> {
  if (left === 0) {
    yield [...before]
    return
  }
  for (const t of out[state] ?? []) {
    if (open[left - 1]?.[t.to] !== 1) continue
    before.push(t)
    yield* words(out, open, before, t.to, left - 1)
    before.pop()
  }
}

/** Sequences from the initial state that take every transition which can be reached. */
export interface Cover {
  readonly sequences: readonly (readonly Transition[])[]
  /** Transitions of states that are never reached. */
  readonly unreached: readonly Transition[]
}

/**
 * Covers every transition: goes to the nearest one that was not taken yet, and begins a new sequence
 * where none can be reached any more. Greedy: few and short sequences, not always the fewest.
 */
export function coverTransitions(automaton: Automaton): Cover {
  const out = outgoing(automaton)
  const left = new Map<number, Set<Transition>>()
  out.forEach((list, state) => {
    if (list.length > 0) left.set(state, new Set(list))
  })
  const isOpen = (state: number): boolean => (left.get(state)?.size ?? 0) > 0
  const sequences: Transition[][] = []
  for (;;) {
    const sequence: Transition[] = []
    const take = (t: Transition): void => {
      sequence.push(t)
      left.get(t.from)?.delete(t)
    }
    let state = 0
    for (;;) {
      const way = search(out, state, isOpen)
      if (way === undefined) break
      way.forEach(take)
      const open = [...(left.get(way.at(-1)?.to ?? state) ?? [])]
      // One that leads on to something new is better than one that stays.
      const next = open.find((t) => t.to === t.from) ?? open[0]
      if (next === undefined) break
      take(next)
      state = next.to
    }
    if (sequence.length === 0) break
    sequences.push(sequence)
  }
  return { sequences, unreached: [...left.values()].flatMap((set) => [...set]) }
}
