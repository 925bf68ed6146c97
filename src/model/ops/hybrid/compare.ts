import type { Automaton, Constraint } from '../../automaton'
import { DEAD, dfaOf } from '../dfa'
import type { Dfa, Language } from '../dfa'
import { OperationFailure } from '../failure'
import { isGuarded } from '../guarded'
import { relationOf } from '../witness'
import type { Comparison, Witness } from '../witness'
import { schedule } from './schedule'
import { searchTimed } from './search'
import type { TimedStep } from './search'
import { clockOf, plainSide, sideOf } from './side'
import type { Side } from './side'
import { constraintsOf, isExactApart, orders, symbolName } from './values'
import type { Values } from './values'

/** A model to compare: an automaton, or the automaton that a formula was made to. */
export type TimedModel =
  | { readonly kind: 'automaton'; readonly automaton: Automaton }
  | { readonly kind: 'dfa'; readonly name: string; readonly dfa: Dfa }

/**
 * Compares automata with guards, resets and invariants. A word is a sequence of events, each with
 * the time that passed before it and the values of the environment variables. A variable of one name
 * is one variable in both models, but each has its own clock. Names that guards compare with have
 * a value that is unknown, does not change, and is the same in both.
 *
 * Exact, but where the models reset their clocks at different events and compare them with several
 * values of which some are names (isExactApart()): then an equivalence or inclusion that was not
 * refuted is not claimed.
 *
 * @throws OperationFailure for what cannot be decided
 */
export function compareTimed(a: TimedModel, b: TimedModel, language: Language): Comparison {
  const automata = [a, b].flatMap((model) => (model.kind === 'automaton' ? [model.automaton] : []))
  const constraints = automata.flatMap(constraintsOf)
  const symbols = [...new Set(constraints.flatMap((c) => symbolName(c) ?? []))].sort()
  let onlyA: Witness | undefined
  let onlyB: Witness | undefined
  let apart = false
  for (const values of orders(constraints)) {
    const [x, y] = [side(a, values, language), side(b, values, language)]
    checkKinds(x, y)
    const found = searchTimed(x, y)
    apart ||= found.apart
    onlyA = shorter(onlyA, found.onlyA && witness(found.onlyA, x, y, values))
    onlyB = shorter(onlyB, found.onlyB && witness(found.onlyB, x, y, values))
  }
  const clocks: Constraint[] = []
  const others: Constraint[] = []
  for (const automaton of automata) {
    const clock = clockOf(automaton)
    for (const c of constraintsOf(automaton)) (c.env === clock ? clocks : others).push(c)
  }
  const relation = relationOf(onlyA, onlyB)
  if (relation !== 'neither' && apart && !isExactApart(clocks, others)) {
    throw new OperationFailure(undecided(onlyA, onlyB, symbols))
  }
  return { relation, onlyA, onlyB, notes: notesOf(automata, symbols, relation) }
}

function side(model: TimedModel, values: Values, language: Language): Side {
  if (model.kind === 'dfa') return plainSide(model.name, model.dfa)
  const { automaton } = model
  if (!isGuarded(automaton)) return plainSide(automaton.name, dfaOf(automaton, language))
  const accepting = Uint8Array.from(automaton.states, (_, s) =>
    language === 'prefixes' || automaton.final[s] === true ? 1 : 0
  )
  return sideOf(automaton, accepting, values)
}

function checkKinds(a: Side, b: Side): void {
  const [kindA, kindB] = [a.clockKind, b.clockKind]
  if (kindA === undefined || kindB === undefined || kindA === kindB) return
  throw new OperationFailure(
    `The clock of ${a.name} counts ${kindA}, that of ${b.name} ${kindB}; how long a jiffy is depends on the kernel, so they cannot be compared.`
  )
}

function shorter(before: Witness | undefined, now: Witness | undefined): Witness | undefined {
  if (before === undefined || now === undefined) return before ?? now
  return now.steps.length < before.steps.length ? now : before
}

function witness(steps: readonly TimedStep[], a: Side, b: Side, values: Values): Witness {
  const times = schedule(steps)
  if (times === undefined) {
    throw new OperationFailure('A sequence was found for which no times were; this is a defect.')
  }
  const kind = a.clockKind ?? b.clockKind ?? 'ns'
  const timed = steps.some(({ clocks }) => clocks.some((cell) => cell !== undefined))
  const name = (states: readonly string[], state: number): string | undefined =>
    state === DEAD ? undefined : states[state]
  return {
    start: { a: a.states[0] ?? '', b: b.states[0] ?? '' },
    steps: steps.map((step, i) => {
      const parts = [...step.environment].map(([env, { low }]) => `${env}=${low}`)
      const passed = (times[i] ?? 0) - (times[i - 1] ?? 0)
      if (timed && passed > 0) parts.unshift(`after ${duration(passed, kind)}`)
      return {
        event: step.event ?? 'none',
        condition: parts.length === 0 ? undefined : parts.join(', '),
        a: name(a.states, step.a),
        b: name(b.states, step.b)
      }
    }),
    values: [...values].map(([symbol, value]) => `${symbol} = ${value}`)
  }
}

/** A time in the largest unit that it is a whole number of, as a model writes it. */
export function duration(value: number, kind: 'ns' | 'jiffies'): string {
  if (kind === 'jiffies') return `${value}j`
  const units = [
    ['s', 1e9],
    ['ms', 1e6],
    ['us', 1e3]
  ] as const
  const [unit, factor] = units.find(([, size]) => value > 0 && value % size === 0) ?? ['ns', 1]
  return `${value / factor}${unit}`
}

function undecided(
  onlyA: Witness | undefined,
  onlyB: Witness | undefined,
  symbols: readonly string[]
): string {
  const open =
    onlyA === undefined && onlyB === undefined
      ? 'No difference was found'
      : `Only one side's difference was found (${(onlyA ?? onlyB)?.steps.map(({ event }) => event).join(', ') ?? ''})`
  return `${open}, but the models reset their clocks at different events and compare them with ${symbols.join(', ')}, of unknown value: whether there is another cannot be decided. Expected numbers instead of names.`
}

function notesOf(
  automata: readonly Automaton[],
  symbols: readonly string[],
  relation: string
): string[] {
  const notes: string[] = []
  if (symbols.length > 0) {
    const all = relation === 'equivalent' ? 'Holds for all values' : 'Decided over all values'
    notes.push(`${all} of ${symbols.join(', ')} that do not change while a monitor runs.`)
  }
  if (automata.some(({ invariants }) => invariants.some((c) => c !== undefined))) {
    notes.push(
      'An invariant is asked when an event comes, and when time passes without one (none).'
    )
  }
  return notes
}
