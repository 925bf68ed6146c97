import fc from 'fast-check'
import type { Automaton } from '../automaton'
import { assemble } from './assemble'

/** For tests: small deterministic automata over a, b and c; some have fewer events. */
export function automata({
  states = 5,
  events = ['a', 'b', 'c']
}: { states?: number; events?: readonly string[] } = {}): fc.Arbitrary<Automaton> {
  return fc
    .integer({ min: 1, max: states })
    .chain((count) =>
      fc.record({
        final: fc.array(fc.boolean(), { minLength: count, maxLength: count }),
        cells: fc.array(fc.integer({ min: -2, max: count - 1 }), {
          minLength: count * events.length,
          maxLength: count * events.length
        })
      })
    )
    .filter(({ cells }) => cells.some((to) => to >= 0))
    .map(({ final, cells }) =>
      assemble({
        name: 'random',
        states: final.map((f, i) => ({
          name: `s${i}`,
          final: f || (i === 0 && !final.includes(true))
        })),
        transitions: cells.flatMap((to, cell) =>
          to < 0
            ? []
            : [
                {
                  from: Math.floor(cell / events.length),
                  event: events[cell % events.length] ?? '',
                  to
                }
              ]
        )
      })
    )
}

/** Every word over the events up to a length, short ones first. */
export function wordsUpTo(events: readonly string[], length: number): string[][] {
  const words: string[][] = [[]]
  let last: string[][] = [[]]
  for (let n = 1; n <= length; n++) {
    last = last.flatMap((word) => events.map((event) => [...word, event]))
    words.push(...last)
  }
  return words
}

/** The state behind a word, straight from the transitions; undefined where it is refused. */
export function follow(
  { states, events, transitions }: Automaton,
  word: readonly string[]
): string | undefined {
  let state: number | undefined = 0
  for (const event of word) {
    const e = events.indexOf(event)
    state = transitions.find((t) => t.from === state && t.event === e)?.to
    if (state === undefined) return undefined
  }
  return states[state]
}

/** Whether the word is in the language, by definition. */
export function isMember(
  automaton: Automaton,
  word: readonly string[],
  language: 'prefixes' | 'marked'
): boolean {
  const state = follow(automaton, word)
  if (state === undefined) return false
  return language === 'prefixes' || automaton.final[automaton.states.indexOf(state)] === true
}
