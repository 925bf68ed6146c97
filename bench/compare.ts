import { INVALID } from '../src/model/automaton'
import type { Automaton } from '../src/model/automaton'
import { compareModels } from '../src/model/ops/compare'
import { minimize } from '../src/model/ops/minimize'
import { bigModel } from './big-model'
import { median, type BenchRow } from './measure'

const RUNS = 7
const WHAT = '1,000 states, 50 events'

/**
 * How long it takes to compare two large automata, in seconds of processor time: two that are
 * equivalent under other names and in another order, and two of which one lacks a single transition
 * in its last state. The peer searches all pairs of states with text as keys, as one writes it down
 * at first; both must come to the same answer.
 */
export function benchCompare(): BenchRow[] {
  const big = bigModel()
  const renamed = shuffled(big)
  const less = withoutLast(renamed)
  const rows: BenchRow[] = []
  for (const [what, other, expected] of [
    [`Compare: equivalent automata, ${WHAT}`, renamed, 'equivalent'],
    [`Compare: automata that differ in the last state, ${WHAT}`, less, 'b-in-a']
  ] as const) {
    const own = (): string =>
      compareModels({ kind: 'automaton', automaton: big }, { kind: 'automaton', automaton: other })
        .relation
    const [figure = Number.NaN, peerFigure = Number.NaN] = medians(
      () => check(own(), expected),
      () => check(byTextKeys(big, other) ? 'equivalent' : 'b-in-a', expected)
    )
    rows.push(
      { what, figure, unit: 's', most: 1 },
      {
        what: `${what}: in a second`,
        figure: 1 / figure,
        unit: 'comparisons/s',
        peer: 'search of pairs with text as keys',
        peerFigure: 1 / peerFigure,
        aim: 3
      }
    )
  }
  const [figure = Number.NaN] = medians(() => {
    if (minimize(big).states.length > big.states.length) throw new Error('It grew.')
  })
  return [...rows, { what: `Minimise: ${WHAT}`, figure, unit: 's', most: 1 }]
}

/** Seconds of processor time that each takes, the median of several runs after one to warm up. */
function medians(...contestants: readonly (() => void)[]): number[] {
  const seen = contestants.map((): number[] => [])
  for (let run = 0; run <= RUNS; run++) {
    contestants.forEach((work, i) => {
      const start = process.cpuUsage()
      work()
      const { user, system } = process.cpuUsage(start)
      if (run > 0) seen[i]?.push((user + system) / 1e6)
    })
  }
  return seen.map(median)
}

function check(found: string, expected: string): void {
  if (found !== expected) throw new Error(`The comparison says ${found}, and not ${expected}.`)
}

/** The same automaton with its states, but for the initial one, in reverse order. */
function shuffled(automaton: Automaton): Automaton {
  const { states, events, transitions } = automaton
  const place = (s: number): number => (s === 0 ? 0 : states.length - s)
  const table = new Int16Array(automaton.table.length).fill(INVALID)
  const moved = transitions.map((t) => ({ ...t, from: place(t.from), to: place(t.to) }))
  for (const t of moved) table[t.from * events.length + t.event] = t.to
  return {
    ...automaton,
    states: states.map((_, s) => `other_${s}`),
    table,
    transitions: moved
  }
}

/** Without the last transition of the state that takes the most steps to reach. */
function withoutLast(automaton: Automaton): Automaton {
  const { events, states } = automaton
  const from = farthest(automaton)
  const event = events.length - 1
  const table = automaton.table.slice()
  table[from * events.length + event] = INVALID
  return {
    ...automaton,
    name: `less_${states.length}`,
    table,
    transitions: automaton.transitions.filter((t) => t.from !== from || t.event !== event)
  }
}

function farthest({ events, table }: Automaton): number {
  const seen = new Set([0])
  let last = 0
  for (const s of seen) {
    last = s
    for (let e = 0; e < events.length; e++) seen.add(table[s * events.length + e] ?? 0)
  }
  return last
}

/** Whether two automata refuse the same, by a search over all pairs of states that are reached together. */
function byTextKeys(a: Automaton, b: Automaton): boolean {
  const rows = (of: Automaton): Map<string, Map<string, string>> => {
    const map = new Map<string, Map<string, string>>(of.states.map((s) => [s, new Map()]))
    for (const { from, event, to } of of.transitions) {
      map.get(of.states[from] ?? '')?.set(of.events[event] ?? '', of.states[to] ?? '')
    }
    return map
  }
  const [inA, inB] = [rows(a), rows(b)]
  const events = [...new Set([...a.events, ...b.events])]
  const seen = new Set<string>()
  const pending = [[a.states[0] ?? '', b.states[0] ?? ''] as const]
  for (const [x, y] of pending) {
    for (const event of events) {
      const nextA = inA.get(x)?.get(event)
      const nextB = inB.get(y)?.get(event)
      if ((nextA === undefined) !== (nextB === undefined)) return false
      if (nextA === undefined || nextB === undefined) continue
      const key = `${nextA} ${nextB}`
      if (seen.has(key)) continue
      seen.add(key)
      pending.push([nextA, nextB])
    }
  }
  return true
}
