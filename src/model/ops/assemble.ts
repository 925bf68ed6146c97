import { INVALID } from '../automaton'
import type { Automaton, Constraint, Guard, Transition } from '../automaton'
import { MAX_CELLS, MAX_STATES } from '../dot/build'
import { orderEnvs, readKinds } from '../dot/table'
import { DEAD } from './dfa'
import type { Dfa } from './dfa'
import { OperationFailure } from './failure'

/** The parts of a result, in any order but for the initial state, which is the first. */
export interface Parts {
  readonly name: string
  readonly states: readonly {
    readonly name: string
    readonly final: boolean
    readonly invariant?: Constraint | undefined
  }[]
  /** from and to are indexes of `states`, event is a name. */
  readonly transitions: readonly {
    readonly from: number
    readonly event: string
    readonly to: number
    readonly guard?: Guard | undefined
  }[]
}

/**
 * The automaton of its parts, as a file of it would be read: states and events sorted. An event
 * without a transition is not part of it, since no file can say it.
 *
 * @throws OperationFailure for what rvgen's dialect cannot express: no event, no final state, too many states
 */
export function assemble({ name, states, transitions }: Parts): Automaton {
  const names = uniqueNames(states.map((state) => state.name))
  const order = states.map((_, i) => i)
  order.sort((x, y) => {
    if (x === 0 || y === 0) return x - y
    return (names[x] ?? '') < (names[y] ?? '') ? -1 : 1
  })
  const place = new Int32Array(order.length)
  order.forEach((old, now) => (place[old] = now))
  const events = [...new Set(transitions.map(({ event }) => event))].sort()
  const eventIndex = new Map(events.map((event, i) => [event, i]))
  if (events.length === 0) {
    throw new OperationFailure('The result has no transition; a model needs at least one event.')
  }
  if (states.every(({ final }) => !final)) {
    throw new OperationFailure(
      'The result has no final state; a model cannot say so, since without one its initial state is final.'
    )
  }
  if (states.length > MAX_STATES || states.length * events.length > MAX_CELLS) {
    throw new OperationFailure(
      `The result has ${states.length} states and ${events.length} events; expected at most ${MAX_STATES} states and ${MAX_CELLS} pairs of both.`
    )
  }
  const table = new Int16Array(states.length * events.length).fill(INVALID)
  const cells: Transition[] = transitions.map(({ from, event, to, guard }) => ({
    from: place[from] ?? 0,
    event: eventIndex.get(event) ?? 0,
    to: place[to] ?? 0,
    guard
  }))
  cells.sort((x, y) => x.from - y.from || x.event - y.event)
  for (const { from, event, to } of cells) table[from * events.length + event] = to
  const invariants = order.map((old) => states[old]?.invariant)
  const { envs, storedEnvs } = orderEnvs(cells, invariants)
  const kinds = readKinds(cells, invariants)
  return {
    name,
    kind: envs.length > 0 ? 'ha' : 'da',
    states: order.map((old) => names[old] ?? ''),
    events,
    final: order.map((old) => states[old]?.final === true),
    table,
    transitions: cells,
    invariants,
    envs,
    storedEnvs,
    envKinds: envs.map((env) => kinds.get(env))
  }
}

/** The automaton whose final states are the accepting ones. @throws OperationFailure as assemble() */
export function automatonOf(name: string, { events, states, accepting, table }: Dfa): Automaton {
  const width = events.length
  const transitions: { from: number; event: string; to: number }[] = []
  for (let cell = 0; cell < table.length; cell++) {
    const to = table[cell] ?? DEAD
    if (to === DEAD) continue
    transitions.push({ from: Math.floor(cell / width), event: events[cell % width] ?? '', to })
  }
  return assemble({
    name,
    states: states.map((state, i) => ({ name: state, final: accepting[i] === 1 })),
    transitions
  })
}

/** C identifiers, each once: what is not allowed becomes `_`, what is taken gets a number. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    const word = name.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=[0-9]|$)/, '_')
    // The marker's prefix would make it an initial state.
    const base = word.startsWith('__init_') ? `s${word}` : word
    let unique = base
    for (let n = 2; taken.has(unique); n++) unique = `${base}_${n}`
    taken.add(unique)
    return unique
  })
}
