import type { Automaton } from '../automaton'
import type { MonitorSpec } from '../instrumentation-yaml'
import { compareDfas } from './compare-dfas'
import { DEAD, dfaOf, unionOf, withAlphabet } from './dfa'
import type { Dfa, Language } from './dfa'
import { OperationFailure } from './failure'
import { isGuarded } from './guarded'
import { compareTimed } from './hybrid/compare'
import type { TimedModel } from './hybrid/compare'
import { meaningsOf } from './ltl/atoms'
import type { AtomMeaning } from './ltl/atoms'
import { compareFormulas } from './ltl/compare'
import { dfaOfFormula } from './ltl/dfa'
import { hideEvents } from './project'
import { relationOf } from './witness'
import type { Comparison, Witness } from './witness'

export interface CompareOptions {
  /** `prefixes`: what a monitor takes; `marked`: what ends in a final state. */
  readonly language?: Language
  /**
   * Events that only one automaton has: `union`, the other refuses them; `common`, they are hidden
   * from both and happen unseen.
   */
  readonly alphabet?: 'union' | 'common'
  /** What atoms of a formula mean, where it is compared with an automaton. */
  readonly atoms?: ReadonlyMap<string, AtomMeaning>
}

/**
 * Compares the languages of two models, and gives the shortest sequences that one accepts and the
 * other refuses.
 *
 * @throws OperationFailure for what cannot be compared or decided, saying why
 */
export function compareModels(
  a: MonitorSpec,
  b: MonitorSpec,
  options: CompareOptions = {}
): Comparison {
  const {
    language = 'prefixes',
    alphabet = 'union',
    atoms = new Map<string, AtomMeaning>()
  } = options
  if (a.kind === 'ltl' || b.kind === 'ltl') {
    if (language === 'marked') {
      throw new OperationFailure('A formula has no final states; expected two automata.')
    }
    if (alphabet === 'common') {
      throw new OperationFailure(
        'A formula has atoms and no events of its own; expected two automata where only common events are compared.'
      )
    }
  }
  if (a.kind === 'ltl' && b.kind === 'ltl') {
    if (atoms.size > 0) {
      throw new OperationFailure(
        'Two formulas are compared over the values of their atoms; expected no meaning of an atom in events.'
      )
    }
    return compareFormulas(a.ltl, b.ltl)
  }
  if (a.kind === 'automaton' && b.kind === 'automaton') {
    if (atoms.size > 0) {
      throw new OperationFailure(
        'Automata have no atoms; expected one formula where atoms are given.'
      )
    }
    return compareAutomata(a.automaton, b.automaton, language, alphabet)
  }
  return compareWithFormula(a, b, atoms)
}

function compareAutomata(
  a: Automaton,
  b: Automaton,
  language: Language,
  alphabet: 'union' | 'common'
): Comparison {
  if (alphabet === 'common') return compareCommon(a, b, language)
  if (isGuarded(a) || isGuarded(b)) {
    return compareTimed(
      { kind: 'automaton', automaton: a },
      { kind: 'automaton', automaton: b },
      language
    )
  }
  return compareWords(dfaOf(a, language), dfaOf(b, language), [])
}

function compareCommon(a: Automaton, b: Automaton, language: Language): Comparison {
  const privates = (one: Automaton, other: Automaton): Set<string> =>
    new Set(one.events.filter((event) => !other.events.includes(event)))
  const [ofA, ofB] = [privates(a, b), privates(b, a)]
  if (ofA.size === a.events.length) {
    throw new OperationFailure(
      `${a.name} and ${b.name} have no event in common; expected models that share some.`
    )
  }
  if ((ofA.size > 0 && isGuarded(a)) || (ofB.size > 0 && isGuarded(b))) {
    const [of, hidden] = ofA.size > 0 && isGuarded(a) ? [a, ofA] : [b, ofB]
    throw new OperationFailure(
      `${of.name} has guards or invariants, so its events ${[...hidden].join(', ')} cannot be hidden.`
    )
  }
  const note = [ofA, ofB]
    .map((hidden, i) => ({ hidden, name: i === 0 ? a.name : b.name }))
    .filter(({ hidden }) => hidden.size > 0)
    .map(({ hidden, name }) => `Hidden in ${name}: ${[...hidden].join(', ')}.`)
  const seen = (of: Automaton, hidden: Set<string>): TimedModel =>
    hidden.size === 0
      ? { kind: 'automaton', automaton: of }
      : { kind: 'dfa', name: of.name, dfa: hideEvents(dfaOf(of, language), hidden) }
  const [x, y] = [seen(a, ofA), seen(b, ofB)]
  if (isGuarded(a) || isGuarded(b)) {
    const result = compareTimed(x, y, language)
    return { ...result, notes: [...note, ...result.notes] }
  }
  return compareWords(plain(x, language), plain(y, language), note)
}

const plain = (model: TimedModel, language: Language): Dfa =>
  model.kind === 'dfa' ? model.dfa : dfaOf(model.automaton, language)

function compareWithFormula(
  a: MonitorSpec,
  b: MonitorSpec,
  atoms: ReadonlyMap<string, AtomMeaning>
): Comparison {
  const automaton =
    a.kind === 'automaton' ? a.automaton : b.kind === 'automaton' ? b.automaton : undefined
  const ltl = a.kind === 'ltl' ? a.ltl : b.kind === 'ltl' ? b.ltl : undefined
  if (automaton === undefined || ltl === undefined)
    throw new OperationFailure('Expected a formula and an automaton.')
  const meanings = meaningsOf(ltl.atoms, atoms, automaton.events)
  const dfa = dfaOfFormula(ltl, automaton.events, meanings)
  const notes = [
    `The atoms of ${ltl.name} over the events: ${[...meanings].map(([atom, m]) => `${atom}=${printMeaning(m)}`).join(' ')}.`
  ]
  if (isGuarded(automaton)) {
    const own: TimedModel = { kind: 'automaton', automaton }
    const other: TimedModel = { kind: 'dfa', name: ltl.name, dfa }
    const result =
      a.kind === 'automaton'
        ? compareTimed(own, other, 'prefixes')
        : compareTimed(other, own, 'prefixes')
    return { ...result, notes: [...notes, ...result.notes] }
  }
  const own = dfaOf(automaton, 'prefixes')
  return a.kind === 'automaton' ? compareWords(own, dfa, notes) : compareWords(dfa, own, notes)
}

/** An atom's meaning as it is given. */
export function printMeaning(meaning: AtomMeaning): string {
  switch (meaning.kind) {
    case 'events':
      return meaning.events.join(',')
    case 'not-events':
      return `!${meaning.events.join(',')}`
    case 'between':
      return `${meaning.on.join(',')}..${meaning.off.join(',')}`
  }
}

/** Compares two languages, after the union of their alphabets. */
function compareWords(a: Dfa, b: Dfa, notes: readonly string[]): Comparison {
  const events = unionOf(a.events, b.events)
  const [x, y] = [withAlphabet(a, events), withAlphabet(b, events)]
  const found = compareDfas(x, y)
  const onlyA = found.onlyA && witness(found.onlyA, x, y)
  const onlyB = found.onlyB && witness(found.onlyB, x, y)
  return { relation: relationOf(onlyA, onlyB), onlyA, onlyB, notes }
}

function witness(word: readonly number[], a: Dfa, b: Dfa): Witness {
  const width = a.events.length
  let [stateA, stateB] = [0, 0]
  return {
    start: { a: a.states[0] ?? '', b: b.states[0] ?? '' },
    steps: word.map((event) => {
      stateA = stateA === DEAD ? DEAD : (a.table[stateA * width + event] ?? DEAD)
      stateB = stateB === DEAD ? DEAD : (b.table[stateB * width + event] ?? DEAD)
      return {
        event: a.events[event] ?? '',
        condition: undefined,
        a: a.states[stateA],
        b: b.states[stateB]
      }
    }),
    values: []
  }
}
