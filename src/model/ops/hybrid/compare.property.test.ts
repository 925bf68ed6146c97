import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Automaton, Guard } from '../../automaton'
import { parseDot } from '../../dot'
import type { Language } from '../dfa'
import { OperationFailure } from '../failure'
import type { Witness } from '../witness'
import { compareTimed } from './compare'
import { EVENTS, follow, guards, hybrids } from './testing'
import type { Letter } from './testing'

/*
 * Against brute force: every timed word of a few steps, followed by an interpreter that shares
 * nothing with the comparison. Numbers are small, so that few delays matter.
 */

const MAX_DELAY = 3

const letters: Letter[] = [...EVENTS, 'none'].flatMap((event) =>
  Array.from({ length: MAX_DELAY + 1 }, (_, delay) =>
    (event === 'none' ? [0] : [0, 1, 2, 3]).map((env) => ({ event, delay, env }))
  ).flat()
)

function member(a: Automaton, word: readonly Letter[], language: Language): boolean {
  const state = follow(a, word)
  return state !== undefined && (language === 'prefixes' || a.final[state] === true)
}

/** The witness as a word. */
function wordOf({ steps }: Witness): Letter[] {
  return steps.map(({ event, condition = '' }) => ({
    event,
    delay: Number(/after (\d+)ns/.exec(condition)?.[1] ?? 0),
    env: Number(/env=(\d+)/.exec(condition)?.[1] ?? 0)
  }))
}

const sides = (a: Automaton, b: Automaton): Parameters<typeof compareTimed> => [
  { kind: 'automaton', automaton: a },
  { kind: 'automaton', automaton: b },
  'prefixes'
]

describe('comparison of hybrid automata', () => {
  it('finds a shortest timed word wherever brute force finds one, and it replays', () => {
    let found = 0
    fc.assert(
      fc.property(
        hybrids,
        hybrids,
        fc.constantFrom<Language>('prefixes', 'marked'),
        (a, b, language) => {
          const [x, y] = sides(a, b)
          const { onlyA, onlyB } = compareTimed(x, y, language)
          for (const [witness, one, other] of [
            [onlyA, a, b],
            [onlyB, b, a]
          ] as const) {
            if (witness !== undefined) {
              found++
              const word = wordOf(witness)
              expect(member(one, word, language)).toBe(true)
              expect(member(other, word, language)).toBe(false)
            }
            const length = witness?.steps.length ?? Infinity
            // All words that are shorter, up to two letters.
            for (const word of shorterWords(Math.min(length, 3))) {
              if (member(one, word, language) && !member(other, word, language)) {
                throw new Error(`missed ${JSON.stringify(word)}`)
              }
            }
          }
        }
      ),
      { numRuns: 250 }
    )
    // 400 on average. Equal pairs are rare among random ones; the next test has them.
    expect(found).toBeGreaterThan(100)
  })

  it('says that a model equals itself, whatever its guards', () => {
    fc.assert(
      fc.property(hybrids, (a) => {
        expect(compareTimed(...sides(a, a)).relation).toBe('equivalent')
      }),
      { numRuns: 100 }
    )
  })

  it('sees what a change of one transition changes, in long words too', () => {
    fc.assert(
      fc.property(hybrids, fc.nat(), guards, (a, at, guard) => {
        const changed = {
          ...a,
          transitions: a.transitions.map((t, i) =>
            i === at % a.transitions.length ? { ...t, guard: merge(guard, t.guard) } : t
          )
        }
        const { onlyA, onlyB } = compareTimed(...sides(a, changed))
        for (const [witness, one, other] of [
          [onlyA, a, changed],
          [onlyB, changed, a]
        ] as const) {
          if (witness === undefined) continue
          expect(member(one, wordOf(witness), 'prefixes')).toBe(true)
          expect(member(other, wordOf(witness), 'prefixes')).toBe(false)
        }
        for (const word of shorterWords(3)) {
          const [inA, inB] = [member(a, word, 'prefixes'), member(changed, word, 'prefixes')]
          if (inA && !inB) expect(onlyA).toBeDefined()
          if (inB && !inA) expect(onlyB).toBeDefined()
        }
      }),
      { numRuns: 150 }
    )
  })
})

/** The reset stays, so that the model has its clock. */
const merge = (guard: Guard | undefined, before: Guard | undefined): Guard | undefined =>
  before?.reset === undefined
    ? guard && { ...guard, reset: undefined }
    : { constraints: guard?.constraints ?? [], joins: guard?.joins ?? [], reset: before.reset }

function shorterWords(length: number): Letter[][] {
  const words: Letter[][] = []
  if (length > 0) words.push([])
  if (length > 1) words.push(...letters.map((x) => [x]))
  if (length > 2) words.push(...letters.flatMap((x) => letters.map((y) => [x, y])))
  return words
}

/** A model of one state behind a start, which resets the clock. */
function model(label: string, more = ''): Automaton {
  const { automaton, diagnostics } = parseDot(
    `digraph m {
      "__init_s" [shape = plaintext, style = invis, label = ""]
      "s" [shape = doublecircle, label = "s"]
      "t" [shape = circle, label = "t${more}"]
      "__init_s" -> "s"
      "s" -> "t" [label = "go;reset(clk)"]
      "t" -> "s" [label = "${label}"]
    }`,
    'm.dot'
  )
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([])
  return automaton!
}

const relation = (a: Automaton, b: Automaton): string => compareTimed(...sides(a, b)).relation

describe('guards that mean the same', () => {
  it('in other units, other words and another order', () => {
    expect(relation(model('back;clk < 10us'), model('back;clk <= 9999ns'))).toBe('equivalent')
    expect(relation(model('back;clk < 1ms'), model('back;clk < 1000us'))).toBe('equivalent')
    expect(relation(model('back;x == 1 || x == 2'), model('back;x == 2 || x == 1'))).toBe(
      'equivalent'
    )
    expect(relation(model('back;x > 0 && x < 3'), model('back;x == 1 || x == 2'))).toBe(
      'equivalent'
    )
    expect(relation(model('back;clk < 10us'), model('back;clk < 11us'))).toBe('a-in-b')
  })

  it('over every value of a name', () => {
    expect(relation(model('back;clk < limit_ns'), model('back;clk < limit_ns'))).toBe('equivalent')
    expect(
      relation(model('back;clk < limit_ns || clk >= limit_ns'), model('back;clk >= 0ns'))
    ).toBe('equivalent')
    const { relation: found, onlyB } = compareTimed(
      ...sides(model('back;clk < limit_ns'), model('back;clk <= limit_ns'))
    )
    expect(found).toBe('a-in-b')
    expect(onlyB?.values).toHaveLength(1)
    // Equal for one value of the name is not equal.
    expect(relation(model('back;x < small'), model('back;x < 5'))).toBe('neither')
    expect(relation(model('back;x < small && x < 5'), model('back;x < 5'))).toBe('a-in-b')
  })

  it('invariants: < and <= are the same, and time that passes breaks them', () => {
    expect(relation(model('back', '\\nclk < 10us'), model('back', '\\nclk <= 10us'))).toBe(
      'equivalent'
    )
    const { relation: found, onlyB } = compareTimed(
      ...sides(model('back;reset(clk)', '\\nclk < 10us'), model('back;reset(clk)'))
    )
    expect(found).toBe('a-in-b')
    expect(onlyB?.steps.at(-1)).toMatchObject({ a: undefined })
    expect(onlyB?.steps.at(-1)?.condition).toContain('after 10001ns')
  })
})

describe('what is not decided is not claimed', () => {
  it('clocks that count in different units', () => {
    expect(() => relation(model('back;clk < 5j'), model('back;clk < 5us'))).toThrow(
      OperationFailure
    )
  })

  it('several values that limit clocks which are reset at different events, one of them a name', () => {
    const late = model('back;clk < limit_ns || clk >= limit_ns || clk == 5ns;reset(clk)')
    const early = model('back;clk < limit_ns || clk >= limit_ns')
    expect(() => relation(late, early)).toThrow(/cannot be decided/)
  })
})
