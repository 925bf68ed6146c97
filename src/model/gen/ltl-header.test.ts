import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LtlModel } from '../ltl'
import { startBuchi, stepBuchi } from '../ltl/buchi'
import { formulas, textOf } from '../ltl/formulas.testing'
import { parseLtl } from '../ltl/parse'
import { ltlHeader } from './ltl-header'

/** What the generated functions do, run as the JavaScript that their C nearly is. */
function generated(model: LtlModel): {
  start: (atoms: number) => number
  next: (state: number, atoms: number) => number
} {
  const header = ltlHeader(model, 'mon')
  const enums = [...header.matchAll(/enum \w+ \{([^}]*)\}/g)].map(([, body = '']) =>
    body
      .split(',')
      .map((name, i) => `const ${name.trim()} = ${i};`)
      .join('')
  )
  const body = (name: string): string =>
    (new RegExp(`${name}\\([^)]*\\)\\n\\{\\n([^]*?)\\n\\}\\n`).exec(header)?.[1] ?? '')
      .replace(/\bbool /g, 'const ')
      .replace(/test_bit\((\w+),\s+mon->atoms\)/g, '((atoms >>> $1) & 1) === 1')
      .replace(/__set_bit\((\w+), [\w>-]+\)/g, 'set |= 1 << $1')
  const run = runInNewContext(`${enums.join('')}
    ({ start: (atoms) => { let set = 0; ${body('ltl_start')}; return set >>> 0 },
       next: (state, atoms) => { let set = 0; ${body('ltl_possible_next_states')}; return set >>> 0 } })`) as unknown
  return run as ReturnType<typeof generated>
}

/** @param atoms sets of atoms to look at */
function expectSame(model: LtlModel, atoms: readonly number[]): void {
  const { start, next } = generated(model)
  for (const set of atoms) {
    expect(start(set)).toBe(startBuchi(model.buchi, set))
    for (let state = 0; state < model.buchi.states; state++) {
      expect(next(state, set)).toBe(stepBuchi(model.buchi, (1 << state) >>> 0, set))
    }
  }
}

function ltl(text: string): LtlModel {
  const { model, diagnostics } = parseLtl(text, 'mon.ltl')
  if (model === undefined) throw new Error(JSON.stringify(diagnostics))
  return model
}

describe('ltlHeader', () => {
  it.each(['pagefault', 'sleep', 'wakeup'])('does what the automaton of %s does', (name) => {
    const url = new URL(`../../../models/${name}.ltl`, import.meta.url)
    const model = ltl(readFileSync(url, 'utf8'))
    const all = 2 ** model.atoms.length
    const some = Array.from({ length: 512 }, (_, i) => (i * 2_654_435_761) % all)
    expectSame(model, all <= 512 ? some.map((_, i) => i % all) : some)
  })

  it('does what the automaton of any formula does', () => {
    fc.assert(
      fc.property(formulas(), (formula) => {
        const { model } = parseLtl(`RULE = ${textOf(formula)}\n`, 'mon.ltl')
        fc.pre(model !== undefined && model.atoms.length > 0)
        expectSame(
          model,
          Array.from({ length: 2 ** model.atoms.length }, (_, i) => i)
        )
      }),
      { numRuns: 150 }
    )
  })

  it('gives atoms names that C takes', () => {
    const model = ltl('RULE = always (DO or DO_ or NEXT or VAL1 or (CURRENT and MON))\n')
    const names = [...ltlHeader(model, 'mon').matchAll(/bool (\w+) = test_bit/g)].map((m) => m[1])
    expect(new Set(names)).toEqual(new Set(['current_', 'do_', 'do__', 'mon_', 'next_', 'val1_']))
    expectSame(
      model,
      Array.from({ length: 64 }, (_, i) => i)
    )
  })

  it('writes a label that is too long to read as a whole', () => {
    const atoms = Array.from({ length: 20 }, (_, i) => `ATOM_WITH_A_LONG_NAME_${'X'.repeat(i + 1)}`)
    const model = ltl(`RULE = always (${atoms.join(' or ')})\n`)
    expect(model.buchi.labelTexts.some((text) => text.endsWith('...'))).toBe(true)
    expectSame(model, [0, 1, 2 ** 19, 2 ** 20 - 1])
  })

  it('declares what it uses and no more, in lines of at most 100 columns', () => {
    const model = ltl(readFileSync(new URL('../../../models/sleep.ltl', import.meta.url), 'utf8'))
    const header = ltlHeader(model, 'sleep')
    for (const line of header.split('\n')) {
      expect(line.replace(/\t/g, '        ').length).toBeLessThanOrEqual(100)
    }
    for (const [start = ''] of header.matchAll(/static void[^]*?\n\}\n/g)) {
      for (const [, name = ''] of start.matchAll(/bool (\w+) =/g)) {
        expect(start.match(new RegExp(`\\b${name}\\b`, 'g'))?.length).toBeGreaterThan(1)
      }
    }
  })
})
