import fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseDot } from '../dot'
import { automata, follow, isMember, wordsUpTo } from '../ops/testing'
import { acceptedWords, countWords, coverTransitions, randomWalk, shortestPath } from './graph'

const folder = new URL('../../../models/', import.meta.url)
const models = readdirSync(folder)
  .filter((name) => name.endsWith('.dot'))
  .map((name) => parseDot(readFileSync(new URL(name, folder), 'utf8'), name).automaton!)

const languages = fc.constantFrom('prefixes' as const, 'marked' as const)

describe('words', () => {
  it('are all that are accepted, in order, and as many as counted', () => {
    fc.assert(
      fc.property(automata(), languages, (automaton, language) => {
        const expected = wordsUpTo(automaton.events, 5).filter((word) =>
          isMember(automaton, word, language)
        )
        const listed = [...acceptedWords(automaton, 5, language)].map((word) =>
          word.map(({ event }) => automaton.events[event])
        )
        expect(listed).toEqual(expected)
        const counts = countWords(automaton, 5, language)
        counts.forEach((count, n) => {
          expect(count).toBe(BigInt(expected.filter(({ length }) => length === n).length))
        })
      }),
      { numRuns: 100 }
    )
  })

  it('are counted exactly where nobody could list them', () => {
    const sssw = models.find(({ name }) => name === 'sssw')!
    const counts = countWords(sssw, 200)
    expect(counts[1]).toBe(8n)
    expect(counts[200]! > 10n ** 100n).toBe(true)
  })
})

describe('paths and walks', () => {
  it('the path is a shortest word to its state', () => {
    fc.assert(
      fc.property(automata(), (automaton) => {
        automaton.states.forEach((state, s) => {
          const path = shortestPath(automaton, s)
          const expected = wordsUpTo(automaton.events, 5).find(
            (word) => follow(automaton, word) === state
          )
          expect(path?.length).toBe(expected?.length)
          const word = path?.map(({ event }) => automaton.events[event] ?? '')
          if (word !== undefined) expect(follow(automaton, word)).toBe(state)
        })
      }),
      { numRuns: 100 }
    )
  })

  it('a walk goes along transitions and ends only where there is none', () => {
    fc.assert(
      fc.property(automata(), fc.infiniteStream(fc.nat(1000)), (automaton, numbers) => {
        const walk = randomWalk(automaton, 20, (limit) =>
          limit === 0 ? 0 : numbers.next().value % limit
        )
        let state = 0
        for (const t of walk) {
          expect(t.from).toBe(state)
          expect(automaton.transitions).toContain(t)
          state = t.to
        }
        if (walk.length < 20) {
          expect(automaton.transitions.some(({ from }) => from === state)).toBe(false)
        }
      })
    )
  })
})

describe('cover', () => {
  it('takes each transition that can be reached, in sequences from the initial state', () => {
    fc.assert(
      fc.property(automata(), (automaton) => {
        const { sequences, unreached } = coverTransitions(automaton)
        const taken = new Set(sequences.flat())
        for (const sequence of sequences) {
          expect(sequence.length).toBeGreaterThan(0)
          const word = sequence.map(({ event }) => automaton.events[event] ?? '')
          expect(follow(automaton, word)).toBe(automaton.states[sequence.at(-1)!.to])
        }
        for (const t of automaton.transitions) {
          const reached = shortestPath(automaton, t.from) !== undefined
          expect(taken.has(t)).toBe(reached)
          expect(unreached.includes(t)).toBe(!reached)
        }
      })
    )
  })

  it.each(models)('$name in one sequence, since each of its states leads back', (automaton) => {
    const { sequences, unreached } = coverTransitions(automaton)
    expect(sequences).toHaveLength(1)
    expect(unreached).toEqual([])
  })
})
