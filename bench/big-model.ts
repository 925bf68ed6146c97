import { INVALID } from '../src/model/automaton'
import type { Automaton, Transition } from '../src/model/automaton'
import { printDot } from '../src/model/print-dot'

/**
 * A deterministic automaton of the size that has an aim: every state allows every
 * event. The same numbers give the same automaton. Every state is reached, since
 * its first event leads to the next one; the others lead anywhere.
 */
export function bigModel(states = 1000, events = 50): Automaton {
  const random = randomNumbers(states * 31 + events)
  const digits = (n: number): number => String(n - 1).length
  const name = (prefix: string, i: number, of: number): string =>
    `${prefix}_${String(i).padStart(digits(of), '0')}`
  const table = new Int16Array(states * events).fill(INVALID)
  const transitions: Transition[] = []
  for (let from = 0; from < states; from++) {
    for (let event = 0; event < events; event++) {
      const to = event === 0 ? (from + 1) % states : random() % states
      table[from * events + event] = to
      transitions.push({ from, event, to, guard: undefined })
    }
  }
  return {
    name: 'big',
    kind: 'da',
    states: Array.from({ length: states }, (_, i) => name('state', i, states)),
    events: Array.from({ length: events }, (_, i) => name('event', i, events)),
    final: Array.from({ length: states }, (_, i) => i === 0),
    table,
    transitions,
    invariants: new Array<undefined>(states).fill(undefined),
    envs: [],
    storedEnvs: 0,
    envKinds: []
  }
}

/** Statements that stand together in braces. */
const GROUP = 40

/**
 * The text of bigModel() as rvgen can read it too: it fails on more than some 325
 * statements in one pair of braces, so they stand in groups of groups.
 */
export function bigModelText(states = 1000, events = 50): string {
  const lines = printDot(bigModel(states, events)).trimEnd().split('\n')
  let statements = lines.slice(1, -1)
  while (statements.length > GROUP) {
    const groups: string[] = []
    for (let i = 0; i < statements.length; i += GROUP) {
      groups.push(`{\n${statements.slice(i, i + GROUP).join('\n')}\n}`)
    }
    statements = groups
  }
  return [lines[0], ...statements, lines.at(-1), ''].join('\n')
}

/** Whole numbers of 31 bits: a linear congruential generator, whose upper bits are even enough here. */
function randomNumbers(seed: number): () => number {
  let state = BigInt(seed)
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn
    return Number(state >> 33n)
  }
}
