import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { startBuchi, stepBuchi } from './buchi'
import {
  atomValue,
  failedParts,
  membersOf,
  readAtoms,
  readStates,
  takesStep,
  Valuation
} from './observe'
import { parseLtl, parseLtlFormula } from './parse'
import { printExpression } from './syntax'

const text = readFileSync('models/sleep.ltl', 'utf8')
const model = parseLtl(text, 'sleep.ltl').model!
const { assignments } = parseLtlFormula(text, 'sleep.ltl').formula!
const rule = assignments.find(({ name }) => name === 'RULE')!.expression
const valuation = (atoms: string): Valuation =>
  new Valuation(assignments, model, readAtoms(atoms, model)!)

/** As the kernel prints a set of atoms, cut where its buffer ends. */
const printed = (set: number): string =>
  model.abbreviations
    .filter((_, i) => ((set >>> i) & 1) === 1)
    .join(',')
    .slice(0, 63)

describe('sets of states', () => {
  it.each([
    ['', []],
    ['0', [0]],
    ['0-2,5', [0, 1, 2, 5]],
    ['0-1,4-5,31', [0, 1, 4, 5, 31]]
  ])('%j are %j', (line, members) => {
    expect(membersOf(readStates(line)!)).toEqual(members)
  })

  it('that were cut or are none are not known', () => {
    expect(readStates('0,2,4,6,8,10,12,14,16,18,20,22,')).toBeUndefined()
    for (const bad of ['x', '0-', '99', '0,,1', ' 1', '-1']) expect(readStates(bad)).toBeUndefined()
  })
})

describe('atoms', () => {
  it('are true where the line names them, and false otherwise', () => {
    const values = readAtoms('rt,sle,us_th', model)!
    expect(model.atoms.filter((_, i) => atomValue(values, i) === true)).toEqual([
      'RT',
      'SLEEP',
      'USER_THREAD'
    ])
    expect(model.atoms.some((_, i) => atomValue(values, i) === undefined)).toBe(false)
  })

  it('of another formula are no values of this one', () => {
    expect(readAtoms('rt,nonsense', model)).toBeUndefined()
  })

  it('are what the kernel had, or not known where the line was cut', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** model.atoms.length - 1 }), (set) => {
        const values = readAtoms(printed(set), model)!
        expect((set & values.known) >>> 0).toBe(values.value)
        if (printed(set).length < 63) expect(values.known).toBe(2 ** model.atoms.length - 1)
        else expect(values.known).toBeLessThan(2 ** model.atoms.length - 1)
      })
    )
  })

  it('that share an abbreviation are not known where it is named', () => {
    const twins = parseLtl('RULE = always (WAIT_A imply WAIT_AA)\n', 'm.ltl').model!
    const same = { ...twins, abbreviations: ['wa', 'wa'] }
    expect(readAtoms('wa', same)).toEqual({ known: 0, value: 0 })
    expect(readAtoms('', same)).toEqual({ known: 3, value: 0 })
  })

  it('never throws, whatever a target prints', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (a, b, c) => {
        expect(() => takesStep(model, a, b, c)).not.toThrow()
      })
    )
  })
})

describe('steps', () => {
  it('are the automaton’s, or another numbering’s', () => {
    const initial = startBuchi(model.buchi, 0)
    const list = (set: number): string => membersOf(set).join(',')
    const next = stepBuchi(model.buchi, initial, 0)
    expect(takesStep(model, list(initial), '', list(next))).toBe(true)
    expect(takesStep(model, list(initial), '', '31')).toBe(false)
  })
})

describe('values of the parts', () => {
  it.each([
    ['rt,us_th', 'WAITS_FOR_OWNER', false],
    ['fu_lo_pi', 'WAITS_FOR_OWNER', true],
    // No friendly wake yet, and not scheduled in: the promise is open.
    ['fu_wa', 'FRIENDLY_SLEEP', undefined],
    ['fu_wa,sch_in', 'FRIENDLY_SLEEP', false],
    ['fu_wa,wo_ha', 'FRIENDLY_SLEEP', true],
    ['cl_na,na_ti_ab', 'ABSOLUTE_NANOSLEEP', true],
    ['cl_na,na_ti_ab,na_cl_re', 'ABSOLUTE_NANOSLEEP', false]
  ])('with %j, %s is %s', (atoms, name, value) => {
    expect(valuation(atoms).ofName(name)).toBe(value)
  })

  it('of a rule are false only where the automaton has no way on', () => {
    const all = 2 ** model.atoms.length
    fc.assert(
      fc.property(fc.integer({ min: 0, max: all - 1 }), (set) => {
        const value = new Valuation(assignments, model, { known: all - 1, value: set }).of(rule)
        expect(value === false).toBe(startBuchi(model.buchi, set) === 0)
      })
    )
  })
})

describe('what failed', () => {
  it('is the rule’s body where the atoms of the moment break it', () => {
    const [part, ...others] = failedParts(rule, valuation('rt,sle,us_th'))
    expect(others).toEqual([])
    expect(part!.kind).toBe('now')
    expect(part!.atoms.filter(({ value }) => value).map(({ name }) => name)).toEqual([
      'RT',
      'SLEEP',
      'USER_THREAD'
    ])
  })

  it('is the promise of an earlier event where it can no longer be kept', () => {
    const [part] = failedParts(rule, valuation('fu_wa,rt,sch_in,us_th'))
    expect(part!.kind).toBe('promise')
    expect(printExpression(part!.expression)).toBe('(not SCHEDULE_IN) until FRIENDLY_WAKE')
    expect(part!.atoms).toContainEqual({ name: 'SCHEDULE_IN', value: true })
    expect(part!.atoms).toContainEqual({ name: 'WOKEN_BY_HARDIRQ', value: false })
  })
})
