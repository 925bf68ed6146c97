import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { misplaced } from '../diagnostics.testing'
import { parseLtl } from './parse'
import { UPSTREAM } from './upstream.testing'

const word = fc.constantFrom(
  ...'always eventually next not until and or imply equivalent true false'.split(' '),
  ...['RULE', 'RULE', 'RULE = ', 'A', 'B', 'X', 'X = ', '(', ')', '=', '# c\n', '#', '\r', '\n'],
  ...['&&', '->', 'lower', '9', '\u0000', 'é', '\u{1f600}', '\ud800']
)
const soup = fc.array(word, { maxLength: 60 }).map((words) => `RULE = ${words.join(' ')}`)
const bytes = fc
  .uint8Array({ maxLength: 400 })
  .map((b) => Array.from(b, (c) => String.fromCharCode(c)).join(''))
/** One of the kernel's files with a stretch taken out and another text put in. */
const damaged = fc
  .tuple(
    fc.constantFrom(...Object.values(UPSTREAM)),
    fc.nat(),
    fc.nat(20),
    fc.oneof(word, fc.string({ maxLength: 5 }))
  )
  .map(([text, at, length, put]) => {
    const start = at % text.length
    return text.slice(0, start) + put + text.slice(start + length)
  })

describe('any text', () => {
  it('is read without a throw, with findings in their places, and a model exactly where there is no error', () => {
    let models = 0
    fc.assert(
      fc.property(fc.oneof(soup, bytes, damaged, fc.string({ unit: 'binary' })), (text) => {
        const { model, diagnostics } = parseLtl(text, 'any.ltl')
        expect(misplaced(text, diagnostics)).toEqual([])
        expect(model === undefined).toBe(diagnostics.some((d) => d.severity === 'error'))
        expect(new Set(diagnostics.map((d) => JSON.stringify(d))).size).toBe(diagnostics.length)
        if (model === undefined) return
        models++
        expect(model.abbreviations).toHaveLength(model.atoms.length)
        expect(model.buchi.labels).toHaveLength(model.buchi.states)
        expect(model.rule).not.toMatch(/[\r\n]/)
      }),
      { numRuns: 1500 }
    )
    expect(models).toBeGreaterThan(25)
  })
})
