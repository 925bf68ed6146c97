import type { Automaton, Constraint, Guard } from '../automaton'
import { INVALID } from '../automaton'
import { MAX_STATES } from '../dot/build'
import { assemble } from './assemble'
import { OperationFailure } from './failure'
import { conjunction } from './guards'

/**
 * Synchronous composition: an event that both have is taken by both, or by none; one that only one
 * of them has moves that one alone. What can be reached of it, with states called `a__b`; final
 * where both are. It refuses what either refuses of its own events.
 *
 * Guards are joined by `&&`. A kernel stores one clock for each instance and a state has one
 * invariant, so only one of two hybrid automata may have them.
 *
 * @throws OperationFailure for what a model cannot express
 */
export function product(a: Automaton, b: Automaton): Automaton {
  checkClocks(a, b)
  const guardsA = guardsOf(a)
  const guardsB = guardsOf(b)
  const events = [...new Set([...a.events, ...b.events])]
  const columns = events.map((event) => ({
    event,
    inA: a.events.indexOf(event),
    inB: b.events.indexOf(event)
  }))
  const pairs: (readonly [number, number])[] = [[0, 0]]
  const numbers = new Map([[0, 0]])
  const numberOf = (x: number, y: number): number => {
    const key = x * b.states.length + y
    const known = numbers.get(key)
    if (known !== undefined) return known
    if (pairs.length === MAX_STATES) {
      throw new OperationFailure(
        `The product has more than ${MAX_STATES} states; expected smaller models.`
      )
    }
    numbers.set(key, pairs.length)
    return pairs.push([x, y]) - 1
  }
  const transitions: { from: number; event: string; to: number; guard: Guard | undefined }[] = []
  for (let from = 0; from < pairs.length; from++) {
    const [x, y] = pairs[from] ?? [0, 0]
    for (const { event, inA, inB } of columns) {
      const cellA = x * a.events.length + inA
      const cellB = y * b.events.length + inB
      const nextA = inA < 0 ? x : (a.table[cellA] ?? INVALID)
      const nextB = inB < 0 ? y : (b.table[cellB] ?? INVALID)
      if (nextA === INVALID || nextB === INVALID) continue
      const guard = conjunction(
        inA < 0 ? undefined : guardsA.get(cellA),
        inB < 0 ? undefined : guardsB.get(cellB)
      )
      transitions.push({ from, event, to: numberOf(nextA, nextB), guard })
    }
  }
  return assemble({
    name: `${a.name}__${b.name}`,
    states: pairs.map(([x, y]) => ({
      name: `${a.states[x] ?? ''}__${b.states[y] ?? ''}`,
      final: a.final[x] === true && b.final[y] === true,
      invariant: invariantOf(a, x) ?? invariantOf(b, y)
    })),
    transitions
  })
}

function checkClocks(a: Automaton, b: Automaton): void {
  const clocks = (of: Automaton): readonly string[] => of.envs.slice(0, of.storedEnvs)
  const [clockA] = clocks(a)
  const [clockB] = clocks(b)
  if (clockA !== undefined && clockB !== undefined) {
    throw new OperationFailure(
      `Both ${a.name} and ${b.name} have a clock (${clockA}, ${clockB}); a kernel stores one for each instance, so no model is their product.`
    )
  }
  const limited = (of: Automaton): boolean => of.invariants.some((c) => c !== undefined)
  if (limited(a) && limited(b)) {
    throw new OperationFailure(
      `Both ${a.name} and ${b.name} have invariants; a state of a model has one at most.`
    )
  }
  for (const [one, other] of [
    [a, b],
    [b, a]
  ] as const) {
    const shared = clocks(one).find((clock) => other.envs.includes(clock))
    if (shared !== undefined) {
      throw new OperationFailure(
        `${shared} is a clock of ${one.name} and something else in ${other.name}; expected two names.`
      )
    }
  }
}

function guardsOf({ events, transitions }: Automaton): Map<number, Guard> {
  const guards = new Map<number, Guard>()
  for (const { from, event, guard } of transitions) {
    if (guard !== undefined) guards.set(from * events.length + event, guard)
  }
  return guards
}

const invariantOf = ({ invariants }: Automaton, state: number): Constraint | undefined =>
  invariants[state]
