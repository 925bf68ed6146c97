import { describe, expect, it } from 'vitest'
import { MAX_BA_STATES, MAX_LTL_ATOMS } from '../ltl'
import { MAX_LTL_LENGTH, parseLtl, parseLtlFormula } from './parse'
import { printFormula } from './print'

/** `severity code line:column` of each finding. */
function findings(text: string): string[] {
  return parseLtl(text, 'some.ltl').diagnostics.map(
    (d) => `${d.severity} ${d.code} ${d.line}:${d.column}`
  )
}

const messages = (text: string): string =>
  parseLtl(text, 'some.ltl')
    .diagnostics.map((d) => d.message)
    .join('\n')

/** How RULE is read; the file may have findings, but no error. */
function rule(text: string): string {
  const { model } = parseLtl(text, 'some.ltl')
  expect(model, messages(text)).toBeDefined()
  return model?.rule ?? ''
}

describe('what is read', () => {
  it.each([
    ['RULE = not A and B', 'not (A and B)'],
    ['RULE = A and B or C', 'A and (B or C)'],
    ['RULE = always A imply B', 'always (A imply B)'],
    ['RULE = A until B until C', 'A until (B until C)'],
    ['RULE = A and not B or C', 'A and (not (B or C))'],
    ['RULE = (A and B) or C', '(A and B) or C'],
    ['RULE = always eventually next not A', 'always (eventually (next (not A)))'],
    ['RULE = ((A))', 'A'],
    ['RULE = true until false or A', 'true until (false or A)'],
    ['RULE = _A9 equivalent B_1', '_A9 equivalent B_1']
  ])('%s', (text, read) => {
    expect(rule(`${text}\n`)).toBe(read)
  })

  it('puts names in, wherever they are defined', () => {
    expect(rule('A = B or X\nRULE = always (A imply Y)\nY = not Z\n')).toBe(
      'always ((B or X) imply (not Z))'
    )
    expect(rule('RULE = always A B = C A = B and D')).toBe('always (C and D)')
  })

  it('passes comments and line breaks of any kind over', () => {
    const text = '# RULE = A\r\nRULE = # one\n\talways # two )(\n\n(A # = \n or B)\r\n# end\n'
    expect(rule(text)).toBe('always (A or B)')
    expect(findings(text)).toEqual([])
  })

  it('names the model after the file, sorts the atoms, and gives them short names', () => {
    const { model } = parseLtl(
      'RULE = always (ZED imply not IS_READY_AND_BY_X or SCHEDULE_IN or SLEEP)\n',
      '/models/some.ltl'
    )
    expect(model).toMatchObject({
      name: 'some',
      atoms: ['IS_READY_AND_BY_X', 'SCHEDULE_IN', 'SLEEP', 'ZED'],
      abbreviations: ['re_x', 'sch_in', 'sle', 'ze']
    })
    expect(parseLtl('RULE = always SCHEDULE_IN\n', 'a.ltl').model?.abbreviations).toEqual(['sc_in'])
  })

  it('gives the formula to tools, spans and all', () => {
    const { formula } = parseLtlFormula('RULE = always X\nX = A or\n  B\n', 'some.ltl')
    expect(formula && printFormula(formula.rule)).toBe('always (A or B)')
    expect(formula?.assignments.map((a) => [a.name, a.nameSpan, a.expression.span])).toEqual([
      ['RULE', { start: 0, end: 4 }, { start: 7, end: 15 }],
      ['X', { start: 16, end: 17 }, { start: 20, end: 28 }]
    ])
    expect(parseLtlFormula('RULE = always', 'some.ltl').formula).toBeUndefined()
  })

  it('has the limits of the kernel', () => {
    const names = Array.from({ length: MAX_LTL_ATOMS + 1 }, (_, i) => `N${i}`)
    const { model } = parseLtl(`RULE = always (${names.slice(1).join(' or ')})\n`, 'some.ltl')
    expect(model?.atoms).toHaveLength(MAX_LTL_ATOMS)
    const text = `RULE = always (${names.join(' or ')})\n`
    expect(findings(text)).toEqual([
      expect.stringMatching(/^error too-many-atoms 1:\d+$/) as string
    ])
    expect(messages(text)).toContain('33 atoms; expected at most 32')
    const nexts = (n: number): string => `RULE = ${'next '.repeat(n)}A\n`
    expect(parseLtl(nexts(30), 'some.ltl').model?.buchi.states).toBe(MAX_BA_STATES)
    expect(findings(nexts(31))).toEqual(['error too-complex 1:1'])
    expect(messages(nexts(31))).toContain('more than 32 states')
  })
})

describe('what is refused', () => {
  it.each([
    ['', 'error empty 1:1', 'expected `RULE = formula`'],
    [' \n# nothing\n', 'error empty 1:1', 'expected `RULE = formula`'],
    ['RULES = always A\n', 'error no-rule 1:1', 'Is it meant by `RULES`?'],
    ['A = B\n', 'error no-rule 1:1', 'There is no RULE'],
    ['RULE A\n', 'error syntax 1:6', 'expected `=`'],
    ['RULE == A\n', 'error syntax 1:6', 'expected `=`'],
    ['RULE =\n', 'error syntax 2:1', 'Found the end of the file; expected a name'],
    ['RULE = \nA = B\n', 'error syntax 2:1', 'Found `A`; expected a name'],
    ['= A\n', 'error syntax 1:1', 'expected `NAME = formula`'],
    ['RULE = (A\n', 'error syntax 2:1', 'the parenthesis of line 1, column 8'],
    ['RULE = A)\n', 'error syntax 1:9', 'expected `and`'],
    ['RULE = ()\n', 'error syntax 1:9', 'Found `)`; expected a name'],
    ['RULE = A B\n', 'error syntax 1:10', 'expected `and`, `or`, `imply` or `until`'],
    ['RULE = A until and B\n', 'error syntax 1:16', 'Found `and`; expected a name'],
    ['RULE = A always B\n', 'error syntax 1:10', '`always` has no left operand'],
    ['RULE = A && B\n', 'error syntax 1:10', 'Found `&&`; expected `and`'],
    ['RULE = A -> B\n', 'error syntax 1:10', 'expected `imply`'],
    ['RULE = !A\n', 'error syntax 1:8', 'expected `not`'],
    ['RULE=!A\n', 'error syntax 1:6', 'expected `not`'],
    ['RULE = []A\n', 'error syntax 1:8', 'expected `always`'],
    ['RULE = A $ B\n', 'error syntax 1:10', 'Found `$`; expected names'],
    ['RULE = A \u{1f600} B\n', 'error syntax 1:10', 'Found `\u{1f600}`'],
    ['RULE = G A\n', 'error syntax 1:10', 'Did you mean `always`?'],
    ['RULE = A U B\n', 'error syntax 1:10', 'Did you mean `until`?'],
    ['RULE = A AND B\n', 'error syntax 1:10', 'Did you mean `and`?'],
    ['RULE = ALWAYS A\n', 'error syntax 1:15', 'Did you mean `always`?'],
    ['RULE = 1A\n', 'error syntax 1:8', 'begins with a letter'],
    [
      'RULE = always ready\n',
      'error lower-case-name 1:15',
      'expected a name in upper case, `READY`'
    ],
    ['RULE = alway A\n', 'error lower-case-name 1:8', 'Did you mean `always`?'],
    ['RULE = A implies B\n', 'error lower-case-name 1:10', 'Did you mean `imply`?'],
    ['RULE = A or X\nX = B or Y\nY = not X\n', 'error cycle 2:1', 'X by Y by X'],
    ['RULE = always RULE\n', 'error cycle 1:1', 'RULE by RULE'],
    ['RULE = A\nX = X and B\n', 'error cycle 2:1', 'defined by itself'],
    ['RULE = A and not A\n', 'error contradiction 1:1', 'can never hold'],
    ['RULE = false\n', 'error contradiction 1:1', 'can never hold']
  ])('%j', (text, finding, message) => {
    expect(findings(text)).toEqual([finding])
    expect(messages(text)).toContain(message)
    expect(parseLtl(text, 'some.ltl').model).toBeUndefined()
  })

  it('goes on behind an error, and draws no conclusions from it', () => {
    expect(findings('RULE = always X Y\nX = (A\nZ = B && C\nW = C or\n\n')).toEqual([
      'error syntax 1:17',
      'error syntax 3:1',
      'error syntax 3:7',
      'error syntax 6:1'
    ])
  })
})

describe('what is pointed out', () => {
  it.each([
    ['always not A and B', 'unary-takes-all 1:15', '`not (A and B)`, or `(not A) and B`'],
    ['always A imply B', 'unary-takes-all 1:8', '`(always A) imply B`'],
    ['always (A and B or C)', 'mixed-operators 1:24', '`A and (B or C)`, or `(A and B) or C`'],
    ['always (A until B and C)', 'mixed-operators 1:26', '`(A until B) and C`'],
    ['always (TRUE or A)', 'keyword-in-capitals 1:16', 'expected `true`'],
    ['A or B', 'never-violated 1:1', 'expected `always`'],
    ['always eventually A', 'never-violated 1:1', '`eventually`'],
    ['always (A or B)\nX = C', 'unused-name 2:1', 'RULE does not use `X`.'],
    ['always ALOWLIST\nALLOWLIST = A', 'unused-name 2:1', '`ALOWLIST`, line 1, column 15?'],
    ['A\nRULE = always A', 'repeated-name 1:1', 'line 2, column 1'],
    ['always (READY or IS_READY)', 'same-abbreviation 1:16', '`IS_READY` and `READY` `re`'],
    ['always not not (A imply B)', 'double-negation 1:15', 'none of the two'],
    ['always X\nX = Y\nY = A or B', 'name-of-name 2:5', 'rvgen takes `Y` for an atom'],
    ['always (X and next X)\nX = A imply B', 'shared-name 2:1', 'is used 2 times'],
    ['always ((not X) or next X)\nX = A and B', 'shared-name 2:1', 'is used 2 times']
  ])('RULE = %s', (formula, finding, message) => {
    const text = `RULE = ${formula}\n`
    expect(findings(text)).toEqual([`warning ${finding}`])
    expect(messages(text)).toContain(message)
    expect(parseLtl(text, 'some.ltl').model).toBeDefined()
  })

  it('notes what rvgen refuses or people may read otherwise', () => {
    expect(findings('RULE = always (A equivalent B)\n')).toEqual(['note equivalent 1:18'])
    expect(findings('RULE = always (A until B until C)\n')).toEqual(['note right-associative 1:26'])
    expect(findings('RULE = always A # why')).toEqual(['warning comment-newline 1:17'])
    expect(parseLtl('RULE = always A\n', 'my rule.ltl').diagnostics.map((d) => d.code)).toEqual([
      'model-name'
    ])
  })

  it('says nothing about what all read the same way', () => {
    for (const formula of [
      'always ((A and B and C) or (D or E))',
      'always (A imply B and C)',
      'always (A or B until C)',
      'always ((A imply B) and (X until not C))\nX = D or not E',
      'always (X and next X)\nX = A or B',
      'always (X and next not X)\nX = not A'
    ]) {
      expect(messages(`RULE = ${formula}\n`)).toBe('')
    }
  })

  it('builds what is meant where rvgen does not', () => {
    const shared = parseLtl('RULE = always (X and next X)\nX = A imply B\n', 'a.ltl').model
    const apart = parseLtl('RULE = always ((A imply B) and next (A imply B))\n', 'a.ltl').model
    expect(shared?.buchi.labels[0]).toEqual(apart?.buchi.labels[0])
    const twice = parseLtl('RULE = always not not (A imply B)\n', 'a.ltl').model
    const once = parseLtl('RULE = always (A imply B)\n', 'a.ltl').model
    expect(twice?.buchi).toEqual(once?.buchi)
  })
})

describe('what is too much', () => {
  const name = (i: number): string => `N${i}`
  const times = <T>(n: number, of: (i: number) => T): T[] =>
    Array.from({ length: n }, (_, i) => of(i))

  it.each([
    ['nested parentheses', `RULE = ${'('.repeat(30_000)}`, 'too-deep'],
    ['nested negations', `RULE = ${'not '.repeat(15_000)}A\n`, 'too-deep'],
    ['a long conjunction', `RULE = ${'A and '.repeat(10_000)}A\n`, 'too-deep'],
    ['a long file', 'A'.repeat(MAX_LTL_LENGTH + 1), 'too-large'],
    [
      'names that double each time',
      `RULE = N0\n${times(60, (i) => `N${i} = N${i + 1} and N${i + 1}\n`).join('')}`,
      'too-complex'
    ],
    [
      'a deep chain of names',
      `RULE = N0\n${times(3_000, (i) => `N${i} = next N${i + 1}\n`).join('')}`,
      'too-complex'
    ],
    [
      'a label of 65,536 conjunctions',
      `RULE = ${times(16, (i) => `(N${i} or N${i + 16})`).join(' and ')}\n`,
      'too-complex'
    ],
    [
      'nested equivalences',
      `RULE = ${times(31, (i) => `(N${i} equivalent `).join('')}B${')'.repeat(31)}\n`,
      'too-complex'
    ],
    [
      'a conjunction of promises',
      `RULE = ${times(16, (i) => `(N${i} until N${i + 16})`).join(' and ')}\n`,
      'too-complex'
    ],
    [
      'a search that finds no state',
      `RULE = ${'((next A) or (next B)) and '.repeat(80)}((next A) and false)\n`,
      'too-complex'
    ]
  ])('%s', (what, text, code) => {
    const { model, diagnostics } = parseLtl(text, 'some.ltl')
    expect(model).toBeUndefined()
    expect(diagnostics.filter((d) => d.severity === 'error').map((d) => d.code)).toContain(code)
    if (what === 'a search that finds no state') {
      expect(diagnostics.map((d) => d.message).join()).toContain('too many steps')
    }
  })

  it('takes long chains of names, and cuts the text of labels', () => {
    const chain = `RULE = always N0\n${times(4_000, (i) => `N${i} = N${i + 1}\n`).join('')}`
    expect(rule(chain)).toBe('always N4000')
    const text = `RULE = always ${'(A equivalent '.repeat(60)}B${')'.repeat(60)}\n`
    const { model } = parseLtl(text, 'some.ltl')
    expect(model?.buchi.labels[0]?.length).toBeLessThanOrEqual(2)
    expect(model?.buchi.labelTexts[0]?.length).toBeLessThanOrEqual(400)
    expect(
      parseLtl(`RULE = always (${times(32, name).join(' or ')})\n`, 'a.ltl').model
    ).toBeDefined()
  })
})
