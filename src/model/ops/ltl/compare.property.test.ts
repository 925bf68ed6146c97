import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LtlModel } from '../../ltl'
import { ATOMS, formulas, holdsOnPrefix, textOf } from '../../ltl/formulas.testing'
import type { TestFormula } from '../../ltl/formulas.testing'
import { parseLtl } from '../../ltl/parse'
import { assemble } from '../assemble'
import { compareModels } from '../compare'
import { accepts } from '../dfa'
import { OperationFailure } from '../failure'
import { automata, isMember, wordsUpTo } from '../testing'
import { meaningsOf, parseAtom } from './atoms'
import type { AtomMeaning } from './atoms'
import { compareFormulas } from './compare'
import { dfaOfFormula } from './dfa'

/* Against what a formula means, by an evaluator that knows no automata. */

function modelOf(f: TestFormula): LtlModel | undefined {
  return parseLtl(`RULE = ${textOf(f)}\n`, 'random.ltl').model
}

/** The letters are sets of A, B and C. A word is refused from the first prefix on that nothing can reconcile. */
const member = (f: TestFormula, word: readonly number[]): boolean =>
  word.every((_, i) => holdsOnPrefix(f, word.slice(0, i + 1), 0, true))

const letters = Array.from({ length: 2 ** ATOMS.length }, (_, i) => i)
const words: number[][] = [1, 2, 3].flatMap((length) => {
  let all: number[][] = [[]]
  for (let i = 0; i < length; i++) all = all.flatMap((w) => letters.map((l) => [...w, l]))
  return all
})

/** A witness's step, `A, C`, as a set. */
const letterOf = (event: string): number =>
  ATOMS.reduce((set, atom, i) => set | (event.split(', ').includes(atom) ? 1 << i : 0), 0)

describe('two formulas', () => {
  it('differ by the shortest sequence that brute force finds', () => {
    let different = 0
    fc.assert(
      fc.property(formulas(), formulas(), (f, g) => {
        const [a, b] = [modelOf(f), modelOf(g)]
        if (a === undefined || b === undefined) return
        const { onlyA, onlyB } = compareFormulas(a, b)
        for (const [witness, one, other] of [
          [onlyA, f, g],
          [onlyB, g, f]
        ] as const) {
          const shortest = words.find((word) => member(one, word) && !member(other, word))
          if (witness === undefined) {
            expect(shortest).toBeUndefined()
            continue
          }
          different++
          const word = witness.steps.map(({ event }) => letterOf(event))
          expect(member(one, word)).toBe(true)
          expect(member(other, word)).toBe(false)
          if (shortest !== undefined) expect(word).toHaveLength(shortest.length)
          else expect(word.length).toBeGreaterThan(3)
        }
      }),
      { numRuns: 400 }
    )
    expect(different).toBeGreaterThan(100)
  })

  it.each([
    ['always (A imply B)', 'always ((not A) or B)', 'equivalent'],
    ['always (A and B)', '(always A) and (always B)', 'equivalent'],
    ['not (eventually A)', 'always (not A)', 'equivalent'],
    ['always A', 'A', 'a-in-b'],
    // What is promised and never comes is no violation.
    ['always (A imply (eventually B))', 'always true', 'equivalent'],
    ['A until B', 'A or B', 'a-in-b']
  ])('%s and %s', (f, g, relation) => {
    const [a, b] = [f, g].map((text) => parseLtl(`RULE = ${text}\n`, 'm.ltl').model!)
    expect(compareFormulas(a!, b!).relation).toBe(relation)
  })

  it('with more atoms together than one of them could have', () => {
    const of = (prefix: string): LtlModel => {
      const atoms = Array.from({ length: 30 }, (_, i) => `${prefix}${'X'.repeat(i)}`)
      return parseLtl(`RULE = always (${atoms.join(' and ')})\n`, `${prefix}.ltl`).model!
    }
    const { relation, onlyA } = compareFormulas(of('P'), of('Q'))
    expect(relation).toBe('neither')
    expect(onlyA?.steps).toHaveLength(1)
  })
})

const EVENTS = ['a', 'b', 'c']
const meanings = fc.oneof(
  fc
    .tuple(fc.constantFrom('events' as const, 'not-events' as const), fc.subarray(EVENTS))
    .map(([kind, events]): AtomMeaning => ({ kind, events })),
  fc
    .tuple(fc.subarray(EVENTS), fc.subarray(EVENTS))
    .map(([on, off]): AtomMeaning => ({ kind: 'between', on, off }))
)

/** The sets of atoms that hold in the steps of a word, by the atoms' definition. */
function valuations(word: readonly string[], given: readonly AtomMeaning[]): number[] {
  return word.map((event, at) =>
    given.reduce((set, meaning, i) => {
      const bit = 1 << i
      if (meaning.kind === 'events') return meaning.events.includes(event) ? set | bit : set
      if (meaning.kind === 'not-events') return meaning.events.includes(event) ? set : set | bit
      const since = word.slice(0, at + 1).findLastIndex((e) => meaning.off.includes(e))
      const on = word.slice(0, at + 1).findLastIndex((e) => meaning.on.includes(e))
      return on > since ? set | bit : set
    }, 0)
  )
}

describe('a formula over events', () => {
  it('refuses what its atoms violate', () => {
    fc.assert(
      fc.property(formulas(), fc.tuple(meanings, meanings, meanings), (f, given) => {
        const model = modelOf(f)
        if (model === undefined) return
        const map = new Map(ATOMS.map((atom, i) => [atom as string, given[i]!]))
        const dfa = dfaOfFormula(model, EVENTS, map)
        for (const word of wordsUpTo(EVENTS, 4)) {
          expect(accepts(dfa, word)).toBe(member(f, valuations(word, given)))
        }
      }),
      { numRuns: 150 }
    )
  })

  it('compares with an automaton as their words do', () => {
    fc.assert(
      fc.property(formulas(), automata({ states: 3 }), (f, automaton) => {
        const model = modelOf(f)
        if (model === undefined) return
        const given = ATOMS.map((atom): AtomMeaning => ({
          kind: 'events',
          events: automaton.events.filter((event) => event === atom.toLowerCase())
        }))
        const atoms = new Map(
          ATOMS.map((atom, i) => [atom as string, given[i]!] as const).filter(([atom]) =>
            model.atoms.includes(atom)
          )
        )
        const { onlyA, onlyB } = compareModels(
          { kind: 'automaton', automaton },
          { kind: 'ltl', ltl: model },
          { atoms }
        )
        for (const [witness, byAutomaton] of [
          [onlyA, true],
          [onlyB, false]
        ] as const) {
          const expected = wordsUpTo(automaton.events, 4).find(
            (word) =>
              isMember(automaton, word, 'prefixes') === byAutomaton &&
              member(f, valuations(word, given)) !== byAutomaton
          )
          const found = witness?.steps.map(({ event }) => event)
          if (found === undefined || found.length <= 4) expect(found).toEqual(expected)
          else expect(expected).toBeUndefined()
        }
      }),
      { numRuns: 150 }
    )
  })
})

describe('meanings of atoms', () => {
  it.each([
    ['RT=set_rt..clear_rt', { kind: 'between', on: ['set_rt'], off: ['clear_rt'] }],
    ['RT=a,b', { kind: 'events', events: ['a', 'b'] }],
    ['RT=!a', { kind: 'not-events', events: ['a'] }]
  ])('%s', (text, meaning) => {
    expect(parseAtom(text)).toEqual(['RT', meaning])
  })

  it.each(['rt=a', 'RT', 'RT=', 'RT=a b', 'RT=!a..b', 'RT=a..', '=a', 'RT=a,,b'])(
    'refuses %s',
    (text) => {
      expect(parseAtom(text)).toBeUndefined()
    }
  )

  it('are an event of the same name, and are asked for otherwise', () => {
    expect(meaningsOf(['WAKING'], new Map(), ['waking']).get('WAKING')).toEqual({
      kind: 'events',
      events: ['waking']
    })
    expect(() => meaningsOf(['RT', 'X'], new Map(), ['a', 'b'])).toThrow(
      /Nothing says when RT, X are true.*events of a, b/
    )
    expect(() =>
      meaningsOf(['A'], new Map([['B', { kind: 'events', events: [] }]]), ['a'])
    ).toThrow(/no atom `B`/)
    expect(() =>
      meaningsOf(['A'], new Map([['A', { kind: 'events', events: ['x'] }]]), ['a'])
    ).toThrow(/event `x`/)
  })

  it('have no place between two formulas, nor between two automata', () => {
    const ltl = parseLtl('RULE = A\n', 'a.ltl').model!
    const automaton = assemble({
      name: 'm',
      states: [{ name: 's', final: true }],
      transitions: [{ from: 0, event: 'a', to: 0 }]
    })
    const atoms = new Map([['A', { kind: 'events' as const, events: [] }]])
    const [formula, drawing] = [
      { kind: 'ltl' as const, ltl },
      { kind: 'automaton' as const, automaton }
    ]
    expect(() => compareModels(formula, formula, { atoms })).toThrow(OperationFailure)
    expect(() => compareModels(drawing, drawing, { atoms })).toThrow(OperationFailure)
    expect(() => compareModels(formula, drawing, { language: 'marked' })).toThrow(OperationFailure)
    expect(() => compareModels(formula, drawing, { alphabet: 'common' })).toThrow(OperationFailure)
  })
})
