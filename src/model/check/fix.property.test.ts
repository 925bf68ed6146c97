import fc from 'fast-check'
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkModel } from '../check'
import type { Diagnostic } from '../diagnostics'
import { misplaced } from '../diagnostics.testing'
import { applyEdits } from '../text-edit'
import { CODE_GROUPS } from './codes'
import { fixModel } from './fix'

const folder = new URL('../../../models/', import.meta.url)
const models = readdirSync(folder)
  .filter((name) => /\.(dot|ltl)$/.test(name))
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }))
const examples = CODE_GROUPS.flatMap((group) => group.codes)
  // Of more than 200 findings one is not missed.
  .flatMap(({ code, example }) => (code === 'more-findings' ? [] : (example ?? [])))
  .filter((e) => /\.(dot|ltl)$/.test(e.file) && e.latin1 === undefined)
  .map(({ file, text }) => ({ name: file, text }))

const errors = (list: readonly Diagnostic[]): number =>
  list.filter((d) => d.severity === 'error').length
const count = (list: readonly Diagnostic[], code: string): number =>
  list.filter((d) => d.code === code).length

/** What makes a model wrong in the ways that fixes are for. */
const damage = fc.oneof(
  fc.constantFrom('\ufeff', '// c\n', '# c\n', '/* c */', '\u00a0', 'Node', '5', ':n', '"', '\n'),
  fc.constantFrom(
    '"a" -> "a" [label = "e"]\n',
    '"x"\n',
    '"__init_x" [label = ""]\n',
    'x -> y [label=e]'
  ),
  fc.constantFrom(
    'and',
    'or',
    'until',
    'not ',
    'always ',
    '&&',
    '->',
    '!',
    'TRUE',
    ' A = B\n',
    '(',
    ')'
  )
)
const damaged = fc
  .record({
    model: fc.constantFrom(...models, ...examples),
    edits: fc.array(
      fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat(12), put: damage }),
      { maxLength: 3 }
    )
  })
  .map(({ model, edits }) => {
    let { text } = model
    // The largest example is about its size alone.
    if (text.length > 20_000) text = text.slice(0, 400)
    for (const { at, cut, put } of edits) {
      const i = Math.floor(at * text.length)
      text = text.slice(0, i) + put + text.slice(i + cut)
    }
    return { name: model.name, text }
  })

describe('fixes', () => {
  it('of the examples take their finding away and add no error', () => {
    let tried = 0
    for (const { name, text } of examples) {
      const before = checkModel(text, name)
      for (const d of before) {
        for (const fix of d.fixes ?? []) {
          tried++
          const after = checkModel(applyEdits(text, fix.edits), name)
          const what = `${d.code}: ${fix.title}`
          // What hid behind the error may come to light.
          const isHiding = before.length === errors(before) && errors(before) === 1
          expect(count(after, d.code), what).toBeLessThan(count(before, d.code))
          if (!isHiding) expect(errors(after), what).toBeLessThanOrEqual(errors(before))
          else expect(errors(after), what).toBe(0)
        }
      }
    }
    expect(tried).toBeGreaterThan(30)
  })

  it('of damaged models lie in the text, and --fix ends in a text with no more errors', () => {
    let fixed = 0
    fc.assert(
      fc.property(damaged, ({ name, text }) => {
        const before = checkModel(text, name)
        expect(misplaced(text, before)).toEqual([])
        for (const d of before) {
          for (const { title, edits } of d.fixes ?? []) {
            const after = checkModel(applyEdits(text, edits), name)
            // Behind an error others may hide.
            if (errors(before) > 0) continue
            expect(errors(after), title).toBe(0)
            expect(count(after, d.code), title).toBeLessThan(count(before, d.code))
          }
        }
        const { text: after, applied } = fixModel(text, name)
        fixed += applied.length
        expect(applied.length === 0).toBe(after === text)
      }),
      { numRuns: 300 }
    )
    expect(fixed).toBeGreaterThan(50)
  })
})
