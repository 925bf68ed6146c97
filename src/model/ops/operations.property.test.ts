import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Automaton } from '../automaton'
import { parseDot } from '../dot'
import { printDot } from '../print-dot'
import { areEquivalent, compareDfas } from './compare-dfas'
import { complement } from './complement'
import { accepts, dfaOf, unionOf, withAlphabet } from './dfa'
import type { Language } from './dfa'
import { OperationFailure } from './failure'
import { minimize } from './minimize'
import { product } from './product'
import { project } from './project'
import { automata, follow, isMember, wordsUpTo } from './testing'
import { trim } from './trim'

/*
 * Each operation against its definition, word by word: the words are followed along the
 * transitions, by code that shares nothing with the operations.
 */

const EVENTS = ['a', 'b', 'c']
const words = wordsUpTo(EVENTS, 6)
const languages = fc.constantFrom<Language>('prefixes', 'marked')
const RUNS = { numRuns: 150 }

/** Of a failure that the test allows: undefined. */
function unlessImpossible<T>(compute: () => T): T | undefined {
  try {
    return compute()
  } catch (error) {
    if (error instanceof OperationFailure) return undefined
    throw error
  }
}

/** A result is a model: its file gives it back. */
function isModel(automaton: Automaton): void {
  const { automaton: again, diagnostics } = parseDot(printDot(automaton), `${automaton.name}.dot`)
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([])
  expect(again).toEqual(automaton)
}

describe('comparison', () => {
  it('finds the first of the shortest words of each difference', () => {
    fc.assert(
      fc.property(automata(), automata(), languages, (a, b, language) => {
        const events = unionOf(a.events, b.events)
        const [x, y] = [a, b].map((m) => withAlphabet(dfaOf(m, language), events)) as [
          ReturnType<typeof dfaOf>,
          ReturnType<typeof dfaOf>
        ]
        const { onlyA, onlyB } = compareDfas(x, y)
        const named = (word: readonly number[] | undefined): string[] | undefined =>
          word?.map((e) => events[e] ?? '')
        const first = (one: Automaton, other: Automaton): string[] | undefined =>
          wordsUpTo(events, 6).find(
            (w) => isMember(one, w, language) && !isMember(other, w, language)
          )
        const expected = [first(a, b), first(b, a)]
        const found = [named(onlyA), named(onlyB)]
        found.forEach((word, i) => {
          // A longer one is beyond what was tried; it must be a difference all the same.
          if (word !== undefined && word.length > 6) {
            const [one, other] = i === 0 ? [a, b] : [b, a]
            expect(isMember(one, word, language)).toBe(true)
            expect(isMember(other, word, language)).toBe(false)
            expect(expected[i]).toBeUndefined()
          } else {
            expect(word).toEqual(expected[i])
          }
        })
        expect(areEquivalent(x, y)).toBe(onlyA === undefined && onlyB === undefined)
      }),
      RUNS
    )
  })
})

describe('operations', () => {
  it('the product takes what both take of their own events', () => {
    fc.assert(
      fc.property(
        automata({ states: 4, events: ['a', 'b'] }),
        automata({ states: 4, events: ['b', 'c'] }),
        (a, b) => {
          const both = unlessImpossible(() => product(a, b))
          const own = (word: readonly string[], m: Automaton): string[] =>
            word.filter((e) => m.events.includes(e))
          const all = unionOf(a.events, b.events)
          for (const language of ['prefixes', 'marked'] as const) {
            for (const word of words) {
              const expected =
                word.every((e) => all.includes(e)) &&
                isMember(a, own(word, a), language) &&
                isMember(b, own(word, b), language)
              if (both !== undefined) expect(isMember(both, word, language)).toBe(expected)
              // No model: nothing is marked, or nothing can happen.
              else if (language === 'marked' && word.length > 0) expect(expected).toBe(false)
            }
          }
          if (both !== undefined) isModel(both)
        }
      ),
      { numRuns: 80 }
    )
  })

  it('the complement marks what the model refuses', () => {
    fc.assert(
      fc.property(automata(), languages, (a, language) => {
        const not = unlessImpossible(() => complement(a, language))
        for (const word of wordsUpTo(a.events, 6)) {
          const expected = !isMember(a, word, language)
          expect(not !== undefined && isMember(not, word, 'marked')).toBe(expected)
        }
        if (not === undefined) return
        isModel(not)
        const again = unlessImpossible(() => complement(not, 'marked'))
        if (again === undefined) return
        const events = unionOf(a.events, again.events)
        expect(
          areEquivalent(
            withAlphabet(dfaOf(again, 'marked'), events),
            withAlphabet(dfaOf(a, language), events)
          )
        ).toBe(true)
      }),
      RUNS
    )
  })

  it('the projection takes what is left of the words without the hidden events', () => {
    fc.assert(
      fc.property(automata({ states: 4 }), (a) => {
        const keep = a.events.filter((e) => e !== 'c')
        const seen = unlessImpossible(() => project(a, keep))
        for (const language of ['prefixes', 'marked'] as const) {
          const left = new Set(
            wordsUpTo(a.events, 7)
              .filter((word) => isMember(a, word, language))
              .map((word) => word.filter((e) => e !== 'c').join(' '))
          )
          // With four states, three hidden events between two seen ones are enough, in the end as well.
          for (const word of wordsUpTo(keep, 1)) {
            const expected = left.has(word.join(' '))
            if (seen !== undefined) expect(isMember(seen, word, language)).toBe(expected)
          }
          for (const word of left) {
            const letters = word === '' ? [] : word.split(' ')
            if (seen !== undefined) expect(isMember(seen, letters, language)).toBe(true)
          }
        }
        if (seen !== undefined) isModel(seen)
      }),
      { numRuns: 60 }
    )
  })

  it('trim keeps the language, and leaves no state that does not matter', () => {
    fc.assert(
      fc.property(automata(), languages, (a, language) => {
        const kept = unlessImpossible(() => trim(a, language))
        if (kept === undefined) return
        for (const word of words) {
          expect(isMember(kept, word, language)).toBe(isMember(a, word, language))
        }
        const reached = new Set(wordsUpTo(kept.events, 5).map((w) => follow(kept, w)))
        for (const state of kept.states) expect(reached).toContain(state)
        isModel(kept)
      }),
      RUNS
    )
  })

  it('minimise keeps the language with as few states as words can tell apart', () => {
    fc.assert(
      fc.property(automata(), languages, (a, language) => {
        const small = unlessImpossible(() => minimize(a, language))
        if (small === undefined) return
        for (const word of words) {
          expect(isMember(small, word, 'prefixes')).toBe(isMember(a, word, 'prefixes'))
          if (language === 'marked') {
            expect(isMember(small, word, 'marked')).toBe(isMember(a, word, 'marked'))
          }
        }
        // Myhill and Nerode: prefixes that are reached differ in some ending.
        const endings = wordsUpTo(a.events, 4)
        const kinds = new Set(
          wordsUpTo(a.events, 4)
            .filter((w) => isMember(a, w, 'prefixes'))
            .map((w) =>
              endings
                .map((end) => {
                  const all = [...w, ...end]
                  const mark = language === 'marked' && isMember(a, all, 'marked') ? 2 : 0
                  return mark + (isMember(a, all, 'prefixes') ? 1 : 0)
                })
                .join('')
            )
        )
        expect(small.states).toHaveLength(kinds.size)
        isModel(small)
      }),
      RUNS
    )
  })

  it('two minimal automata of one language are the same but for names', () => {
    fc.assert(
      fc.property(automata(), (a) => {
        const small = unlessImpossible(() => minimize(a))
        if (small === undefined) return
        expect(minimize(small)).toEqual(small)
        expect(accepts(dfaOf(small, 'prefixes'), [])).toBe(true)
      }),
      RUNS
    )
  })
})
