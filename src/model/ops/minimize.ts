import type { Automaton, Constraint, Guard } from '../automaton'
import { printConstraint, printGuard } from '../labels'
import { assemble } from './assemble'
import type { Language } from './dfa'
import { Partition } from './partition'
import { trim } from './trim'

/**
 * The smallest automaton of the same language: states that no sequence tells apart are made one
 * (Hopcroft, 1971), which is called like the first of them.
 *
 * `marked` (the default) keeps apart final states and others, and so both languages as they are;
 * `prefixes` keeps what a monitor refuses and lets a state be final where one of the merged was.
 * Guards, resets and invariants are compared as written, so a hybrid automaton stays equivalent, but
 * two spellings of one guard stay two.
 */
export function minimize(automaton: Automaton, language: Language = 'marked'): Automaton {
  const reached = trim(automaton)
  const { name, states, events, final, invariants, transitions } = reached
  const symbols = new Map<string, number>()
  const symbolOf = (event: number, guard: Guard | undefined): number =>
    number(symbols, guard === undefined ? `${event}` : `${event};${printGuard(guard)}`)
  const edges = transitions.map(({ from, event, to, guard }) => ({
    from,
    to,
    symbol: symbolOf(event, guard)
  }))
  const classes = states.map((_, s) => {
    const mark = language === 'marked' && final[s] === true ? 'final' : ''
    return `${mark};${invariantText(invariants[s])}`
  })
  const partition = refine(classes, edges, symbols.size)
  // Sets in the order of their first states, so that the initial one comes first.
  const order: number[] = []
  const place = new Map<number, number>()
  states.forEach((_, s) => {
    const set = partition.setOf(s)
    if (!place.has(set)) place.set(set, order.push(s) - 1)
  })
  const setPlace = (s: number): number => place.get(partition.setOf(s)) ?? 0
  return assemble({
    name,
    states: order.map((s) => ({
      name: states[s] ?? '',
      final: partition.elementsOf(partition.setOf(s)).some((of) => final[of] === true),
      invariant: invariants[s]
    })),
    transitions: transitions
      .filter(({ from }) => order[setPlace(from)] === from)
      .map(({ from, event, to, guard }) => ({
        from: setPlace(from),
        event: events[event] ?? '',
        to: setPlace(to),
        guard
      }))
  })
}

interface Edge {
  readonly from: number
  readonly to: number
  readonly symbol: number
}

/** The coarsest partition that respects the classes and in which states of a set go to the same sets. */
function refine(classes: readonly string[], edges: readonly Edge[], symbols: number): Partition {
  const count = classes.length
  const partition = new Partition(count)
  const touched: number[] = []
  const pending: number[] = []
  const mark = (state: number): void => {
    if (partition.mark(state)) touched.push(partition.setOf(state))
  }
  const split = (): void => {
    for (const set of touched) {
      const added = partition.split(set)
      // The larger part is still in the list, or was a splitter already.
      if (added >= 0) pending.push(added)
    }
    touched.length = 0
  }
  const byClass = new Map<string, number[]>()
  classes.forEach((key, s) => {
    const list = byClass.get(key)
    if (list === undefined) byClass.set(key, [s])
    else list.push(s)
  })
  for (const members of byClass.values()) {
    members.forEach(mark)
    split()
  }
  // A partial automaton: what has no transition goes to a state of its own, so each set is a splitter once.
  const incoming = incomingOf(count, edges)
  pending.length = 0
  for (let set = 0; set < partition.sets; set++) pending.push(set)
  const bySymbol: number[][] = Array.from({ length: symbols }, () => [])
  const used: number[] = []
  for (let set = pending.pop(); set !== undefined; set = pending.pop()) {
    for (const state of partition.elementsOf(set)) {
      for (const { from, symbol } of incoming[state] ?? []) {
        const sources = bySymbol[symbol]
        if (sources?.length === 0) used.push(symbol)
        sources?.push(from)
      }
    }
    for (const symbol of used) {
      const sources = bySymbol[symbol] ?? []
      sources.forEach(mark)
      sources.length = 0
      split()
    }
    used.length = 0
  }
  return partition
}

function incomingOf(states: number, edges: readonly Edge[]): Edge[][] {
  const incoming: Edge[][] = Array.from({ length: states }, () => [])
  for (const edge of edges) incoming[edge.to]?.push(edge)
  return incoming
}

function number(numbers: Map<string, number>, key: string): number {
  const known = numbers.get(key)
  if (known !== undefined) return known
  numbers.set(key, numbers.size)
  return numbers.size - 1
}

const invariantText = (c: Constraint | undefined): string =>
  c === undefined ? '' : printConstraint(c)
