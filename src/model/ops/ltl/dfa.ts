import type { LtlModel } from '../../ltl'
import { startBuchi, stepBuchi } from '../../ltl/buchi'
import { DEAD } from '../dfa'
import type { Dfa } from '../dfa'
import { OperationFailure } from '../failure'
import type { AtomMeaning } from './atoms'
import { printStates } from './valuations'

/** States of the automaton that are made before it is given up. */
const MAX_STATES = 1 << 16

/**
 * A formula as a deterministic automaton over events (subset construction over its Büchi automaton,
 * whose acceptance a kernel's monitor ignores). In each step one event happens and the atoms are what
 * `meanings` says. A word is refused where no run is left; the first event is judged as every other.
 *
 * @param events the alphabet, sorted
 * @param meanings of every atom of the formula
 * @throws OperationFailure where it has too many states
 */
export function dfaOfFormula(
  model: LtlModel,
  events: readonly string[],
  meanings: ReadonlyMap<string, AtomMeaning>
): Dfa {
  const steps = events.map((event) => maskOf(model, event, meanings))
  /** Sets of Büchi states, with the atoms that are on between two events; the start is before any. */
  const found: { readonly states: number; readonly latched: number; readonly begun: boolean }[] = [
    { states: 0, latched: 0, begun: false }
  ]
  const numbers = new Map<string, number>()
  const rows: number[] = []
  // The list grows while it is walked.
  for (const { states, latched, begun } of found) {
    for (const { pulse, on, off } of steps) {
      const kept = ((latched | on) & ~off) >>> 0
      const atoms = (kept | pulse) >>> 0
      const next = begun ? stepBuchi(model.buchi, states, atoms) : startBuchi(model.buchi, atoms)
      if (next === 0) {
        rows.push(DEAD)
        continue
      }
      const key = `${next};${kept}`
      let number = numbers.get(key)
      if (number === undefined) {
        if (found.length === MAX_STATES) {
          throw new OperationFailure(
            `The formula has more than ${MAX_STATES} states over the events; expected a simpler one.`
          )
        }
        number = found.push({ states: next, latched: kept, begun: true }) - 1
        numbers.set(key, number)
      }
      rows.push(number)
    }
  }
  return {
    events,
    states: found.map(({ states, latched, begun }) =>
      begun ? stateName(model, states, latched) : 'start'
    ),
    accepting: new Uint8Array(found.length).fill(1),
    table: Int32Array.from(rows)
  }
}

/** `{0-2}`, with the atoms that are on: `{0-2} RT`. */
function stateName({ atoms }: LtlModel, states: number, latched: number): string {
  const on = atoms.filter((_, i) => ((latched >>> i) & 1) === 1)
  return [`{${printStates(states)}}`, ...on].join(' ')
}

/** What an event does to the atoms: true in its step alone, on from it, off from it. */
function maskOf(
  { atoms }: LtlModel,
  event: string,
  meanings: ReadonlyMap<string, AtomMeaning>
): { pulse: number; on: number; off: number } {
  let pulse = 0
  let on = 0
  let off = 0
  atoms.forEach((atom, i) => {
    const bit = 1 << i
    const meaning = meanings.get(atom)
    switch (meaning?.kind) {
      case 'events':
        if (meaning.events.includes(event)) pulse |= bit
        break
      case 'not-events':
        if (!meaning.events.includes(event)) pulse |= bit
        break
      case 'between':
        if (meaning.on.includes(event)) on |= bit
        if (meaning.off.includes(event)) off |= bit
        break
      case undefined:
        break
    }
  })
  return { pulse, on, off }
}
