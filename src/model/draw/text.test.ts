import { readFileSync, readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDot } from '../dot'
import { parseLtl } from '../ltl/parse'
import { specOfAutomaton, specOfLtl, type GraphSpec } from './spec'
import { commentOf, textOf, type Charset } from './text'
import { readDrawing, type ReadDrawing } from './text/reader.testing'

const FOLDER = new URL('../../../models/', import.meta.url)
const MODELS = readdirSync(FOLDER).filter((name) => /\.(dot|ltl)$/.test(name))
const CHARSETS: readonly Charset[] = ['unicode', 'ascii']

function specOfFile(name: string): GraphSpec {
  const text = readFileSync(new URL(name, FOLDER), 'utf8')
  return name.endsWith('.ltl')
    ? specOfLtl(parseLtl(text, name).model!)
    : specOfAutomaton(parseDot(text, name).automaton!)
}

/** What a reader must find. */
function wanted(spec: GraphSpec): ReadDrawing {
  const name = (i: number): string => spec.states[i]!.name
  return {
    states: sorted(spec.states.map((s) => ({ ...s, text: s.invariant }))),
    edges: spec.edges
      .map(({ from, to, labels }) => {
        const texts = labels.map(({ event, guard }) => (guard ? `${event}; ${guard}` : event))
        return `${name(from)} > ${name(to)}: ${texts.join(', ')}`
      })
      .sort()
  }
}

function sorted(states: ReadDrawing['states']): ReadDrawing['states'] {
  return states
    .map(({ name, text, initial, final }) => ({ name, text, initial, final }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function found(spec: GraphSpec, width: number, charset: Charset): ReadDrawing | undefined {
  const { kind, lines } = textOf(spec, { width, charset })
  if (kind === 'listing') return undefined
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(width)
  const { states, edges } = readDrawing(lines, charset)
  return { states: sorted(states), edges }
}

describe('a drawing in characters', () => {
  it.each(MODELS)('of %s is read back as the model, in 80 columns', (name) => {
    const spec = specOfFile(name)
    for (const charset of CHARSETS) expect(found(spec, 80, charset)).toEqual(wanted(spec))
  })

  it.each(MODELS)('of %s stands in a comment of 80 columns', (name) => {
    const { kind, lines } = textOf(specOfFile(name), { width: 77, charset: 'ascii' })
    expect(kind).toBe('drawing')
    const comment = commentOf(lines)
    expect(comment[0]).toBe('/*')
    expect(comment.at(-1)).toBe(' */')
    for (const line of comment) expect(line).toMatch(/^[\x20-\x7e]{1,80}$/)
    expect(comment.join('\n').indexOf('*/')).toBe(comment.join('\n').length - 2)
  })

  it('that does not fit is a listing that does', () => {
    const spec = specOfFile('sleep.ltl')
    const { kind, lines } = textOf(spec, { width: 60, charset: 'ascii' })
    expect(kind).toBe('listing')
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(60)
    const words = lines.join(' ').replace(/\s+/g, ' ')
    for (const { name, invariant } of spec.states) {
      expect(words).toMatch(new RegExp(`(^| )${name}: \\(`))
      expect(words).toContain(`${invariant})`)
    }
    expect(words.match(/->/g)).toHaveLength(spec.edges.length)
  })

  it('of any automaton is read back as that automaton, at every width that it fits', () => {
    let drawings = 0
    fc.assert(
      fc.property(specs(), fc.integer({ min: 20, max: 200 }), (spec, width) => {
        for (const charset of CHARSETS) {
          const read = found(spec, width, charset)
          if (read === undefined) continue
          drawings++
          expect(read).toEqual(wanted(spec))
        }
      }),
      { numRuns: 150 }
    )
    expect(drawings).toBeGreaterThan(100)
  })
})

const word = fc.stringMatching(/^[a-z_][a-z_0-9]{0,14}$/)
const guard = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('clk<10us', 'reset(clk)', 'a==1 || b>=LIMIT() && c!=0; reset(clk)')
  }
)

/** Any graph, also one with unreached states, several initial ones, or edges without events. */
function specs(): fc.Arbitrary<GraphSpec> {
  return fc.integer({ min: 1, max: 9 }).chain((n) =>
    fc.record({
      states: fc.uniqueArray(word, { minLength: n, maxLength: n }).chain((names) =>
        fc.tuple(
          ...names.map((name) =>
            fc.record({
              name: fc.constant(name),
              initial: fc.boolean(),
              final: fc.boolean(),
              invariant: guard
            })
          )
        )
      ),
      edges: fc.uniqueArray(
        fc.record({
          from: fc.nat({ max: n - 1 }),
          to: fc.nat({ max: n - 1 }),
          labels: fc.array(fc.record({ event: word, guard }), { maxLength: 3 })
        }),
        { maxLength: 3 * n, selector: ({ from, to }) => from * n + to }
      ),
      learned: fc.constant(false)
    })
  )
}
