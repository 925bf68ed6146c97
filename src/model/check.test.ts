import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkModel } from './check'
import type { CheckOptions } from './check'
import { dot } from './check/codes/code'
import { checkFiles } from './check/files'

const FOLDER = new URL('../../models/', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8')
const names = readdirSync(FOLDER)

/** `line:column code` of what is found in a model of two states with further statements. */
function found(statements: string, file = 'm.dot', options?: CheckOptions): string[] {
  return checkModel(dot(statements).text, file, options).map(
    (d) => `${d.line}:${d.column} ${d.code}`
  )
}
const ltl = (text: string, options?: CheckOptions): string[] =>
  checkModel(`${text}\n`, 'm.ltl', options).map((d) => d.code)

describe('the models of the kernel', () => {
  it('have only true findings: two that rvgen cannot start', () => {
    const models = names.filter((n) => /\.(dot|ltl)$/.test(n))
    expect(models).toHaveLength(15)
    const codes = models.flatMap((n) => checkModel(read(n), n).map((d) => `${n} ${d.code}`))
    expect(codes).toEqual(['nomiss.dot no-start-event', 'nrp.dot no-start-event'])
  })

  it('start where the instrumentation beside them says so; one reports once', () => {
    const files = names
      .filter((n) => /\.(dot|ltl|yaml)$/.test(n))
      .map((name) => ({ folder: 'm', name, path: `m/${name}`, text: read(name), isContext: false }))
    const results = checkFiles(files)
    expect(results.size).toBe(files.length)
    const codes = [...results.values()].flat().map((d) => `${d.severity} ${d.file} ${d.code}`)
    expect(codes).toEqual(['note m/pagefault.yaml silent-after-violation'])
  })

  it('have it again where the instrumentation does not start them', () => {
    const text = read('nrp.yaml').replaceAll('handle_start_event', 'handle_event')
    const file = (name: string, own: string) => ({
      folder: '',
      name,
      path: name,
      text: own,
      isContext: name === 'sched.yaml'
    })
    const model = file('nrp.dot', read('nrp.dot'))
    const yaml = file('nrp.yaml', text)
    const results = checkFiles([model, yaml, file('sched.yaml', read('sched.yaml'))])
    expect(results.get(model)?.map((d) => d.code)).toEqual(['no-start-event'])
    expect(results.get(yaml)?.map((d) => d.code)).toEqual(['never-starts'])
  })
})

describe('what the automaton says', () => {
  it.each([
    [
      '"c" [label = "c"]\n"b" -> "c" [label = "end"]\n"c" -> "c" [label = "go"]',
      ['8:2 no-way-to-final']
    ],
    // A state that leads to a final one only by way of others is fine.
    ['"c" [label = "c"]\n"b" -> "c" [label = "end"]\n"c" -> "b" [label = "go"]', []],
    [
      '"c" [label = "c"]\n"c" -> "a" [label = "home\\nback"]',
      ['8:2 unreachable-state', '9:22 event-never-accepted']
    ],
    // Accepted in the initial state alone is enough.
    ['"b" -> "b" [label = "back2"]', []]
  ])('%s', (statements, expected) => {
    expect(found(statements)).toEqual(expected)
  })

  it('asks for an event to start with, as rvgen looks for one', () => {
    const model = (edges: string): string[] =>
      checkModel(
        `digraph { "__init_a" [label=""] "a" [label="a"] "b" [label="b"] ${edges} }`,
        'm.dot'
      ).map((d) => d.code)
    expect(model('"a" -> "b" [label="go"] "b" -> "a" [label="go"]')).toEqual(['no-start-event'])
    // Leads to the initial state wherever it is accepted.
    expect(model('"a" -> "b" [label="go"] "b" -> "a" [label="back"]')).toEqual([])
    // Accepted in the initial state alone.
    expect(
      model('"a" -> "b" [label="one"] "b" -> "b" [label="two"] "b" -> "a" [label="three"]')
    ).toEqual([])
  })

  it('says whether two guards for one event can hold at once', () => {
    const message = (label: string): string | undefined =>
      checkModel(dot(`"b" -> "b" [label = "${label}"]`).text, 'm.dot')[0]?.message
    expect(message('e;x < 5\\ne;x > 3')).toContain('both guards can hold at once')
    expect(message('e;x < 5\\ne;x > 7')).toContain('never hold at once')
    const targets = checkModel(
      dot('"b" -> "b" [label = "e;x == 1"]\n"b" -> "a" [label = "e;x == 2"]').text,
      'm.dot'
    )
    expect(targets.map((d) => d.code)).toContain('duplicate-edge')
    const two = checkModel(
      dot('"c" [label = "c"]\n"b" -> "c" [label = "e;x == 1"]\n"b" -> "b" [label = "e;x == 2"]')
        .text,
      'm.dot'
    )
    // Of the rest nothing is hidden.
    expect(two.map((d) => d.code)).toEqual(['dead-end', 'nondeterministic'])
    expect(two[1]?.message).toContain('never hold at once')
  })
})

describe('beside an error', () => {
  it('everything else that is wrong is found as well', () => {
    const more =
      '"c" [label = "c"]\n"d" [label = "d\\nclk < 10us"]\n"b" -> "d" [label = "in;reset(clk)"]\n"d" -> "a" [label = "out;clk > 20us"]'
    const others = ['8:2 unreachable-state', '8:2 dead-end', '11:22 guard-against-invariant']
    expect(found(more)).toEqual(others)
    expect(found(`${more}\n"a" -> "d" [label = "go"]`).sort()).toEqual(
      [...others, '12:22 nondeterministic'].sort()
    )
    expect(found(`${more}\n"b" -> "b" [label = "e;x == 1\\ne;x == 2"]`).sort()).toEqual(
      [...others, '12:32 two-guards'].sort()
    )
    expect(found(`${more}\n"b" -> "b" [label = "e e"]`).sort()).toEqual(
      [...others, '12:24 bad-event-label'].sort()
    )
    expect(found(`${more}\n// as seen`).sort()).toEqual([...others, '12:1 comment'].sort())
    expect(found(more, 'm.dot', { class: 'da' }).sort()).toEqual(
      [...others, '1:1 class-mismatch'].sort()
    )
  })

  it('no initial state is missed, and no event', () => {
    const codes = checkModel('digraph m {\n// none\n"a" [label = "a"]\n}\n', 'm.dot').map(
      (d) => d.code
    )
    expect(codes.sort()).toEqual(['comment', 'no-events', 'no-initial-state'])
  })
})

describe('beside an error of a formula', () => {
  it.each([
    // What cannot be read may use or be any name that stands in it.
    ['RULE = always A and B\nC = (D', ['unary-takes-all', 'syntax']],
    ['RULE = always A and B\nA = (D', ['unary-takes-all', 'syntax']],
    ['RULE = eventually A\nC = (D', ['never-violated', 'syntax']],
    ['RULE = eventually C\nC = (D', ['syntax']],
    ['RULE = always A\nC = D\nE = (C', ['syntax']],
    ['RULE = always A\nC = D\nE = (F', ['unused-name', 'syntax']],
    ['RULE = always (A\nB = B', ['syntax', 'cycle']],
    ['RULE = always a\nA = eventually B', ['lower-case-name']],
    ['RULE = always (A and (not A) and INT)', ['contradiction', 'reserved-atom']],
    ['B = (C', ['no-rule', 'syntax']]
  ])('%s', (text, expected) => {
    expect(ltl(text).sort()).toEqual([...expected].sort())
  })
})

describe('guards, invariants and clocks', () => {
  const timed = (into: string, invariant: string, out: string): string[] =>
    found(
      `"c" [label = "c\\n${invariant}"]\n"b" -> "c" [label = "${into}"]\n"c" -> "a" [label = "${out}"]`
    ).map((line) => line.replace(/^\S+ /, ''))

  it.each([
    ['in;reset(clk)', 'clk < 10us', 'out', []],
    ['in;reset(clk)', 'clk < 10us', 'out;clk > 20us', ['guard-against-invariant']],
    ['in;reset(clk)', 'clk < 10us', 'out;clk >= 9us', []],
    // The kernel lets a clock of ns pass that is just at its limit, whatever the operator.
    ['in;reset(clk)', 'clk < 10us', 'out;clk == 10us', []],
    ['in;reset(clk)', 'clk < 10j', 'out;clk == 10j', ['guard-against-invariant']],
    ['in;reset(clk)', 'clk < LIMIT_NS', 'out;clk > LIMIT_NS', ['guard-against-invariant']],
    ['in;reset(clk)', 'clk < LIMIT_NS', 'out;clk > OTHER_NS', []],
    ['in', 'clk < 10us', 'out', ['clock-never-reset']],
    ['in', 'clk < 10j', 'out;reset(clk)', ['clock-not-started']],
    ['in', 'clk < 10us', 'out;reset(clk)', []],
    ['in;reset(clk)', 'clk < 10', 'out', ['clock-without-unit']],
    ['in;reset(clk)', 'clk < 0us', 'out', ['invariant-never-holds']]
  ])('%s, %s, %s', (into, invariant, out, expected) => {
    expect(timed(into, invariant, out)).toEqual(expected)
  })

  it('sees a limit that has passed on entry', () => {
    const model = (reset: string): string[] =>
      found(
        `"c" [label = "c\\nclk < 10us"]\n"a" -> "a" [label = "zero;reset(clk)"]\n"b" -> "c" [label = "in;clk > 20us${reset}"]\n"c" -> "a" [label = "out"]`
      )
    expect(model('')).toEqual(['10:22 guard-before-reset', '10:22 expired-invariant'])
    expect(model(';reset(clk)')).toEqual(['10:22 guard-before-reset'])
  })

  it.each([
    ['stay;x < 3 && x > 5', ['guard-never-holds']],
    ['stay;x < 0', ['guard-never-holds']],
    ['stay;x == 1 && x == 2 || y == 1', ['guard-part-never-holds', 'mixed-and-or']],
    ['stay;x >= 0', ['guard-always-holds']],
    ['stay;x == 1 || y == 1 && z == 1', ['mixed-and-or']],
    ['stay;x < LIMIT && x >= LIMIT', ['guard-never-holds']],
    ['stay;x == 1 && y == 2', []]
  ])('the guard %s', (label, expected) => {
    const codes = found(`"a" -> "a" [label = "${label}"]`).map((line) => line.split(' ')[1])
    expect(codes.sort()).toEqual(expected)
  })
})

describe('names', () => {
  it.each([
    ['current.dot', 'reserved-name'],
    ['linux.dot', 'reserved-name'],
    ['7up.dot', 'model-name'],
    ['my-model.dot', 'model-name'],
    [`${'n'.repeat(32)}.dot`, 'name-too-long'],
    ['model.txt', 'not-a-dot-file'],
    ['.dot', 'not-a-dot-file']
  ])('%s', (file, code) => {
    expect(found('', file, { class: 'da' }).map((line) => line.split(' ')[1])).toContain(code)
  })

  it('takes the longest name that the kernel takes', () => {
    expect(found('', `${'n'.repeat(31)}.dot`)).toEqual([])
  })

  it.each([
    ['"b" -> "b" [label = "a"]', 'name-collision'],
    ['"b" -> "b" [label = "state_max"]', 'name-collision'],
    ['"b" -> "b" [label = "automaton"]', 'name-collision'],
    ['"b" -> "b" [label = "x;x == 1"]', 'name-collision'],
    ['"b" -> "b" [label = "int"]', 'c-name'],
    ['"b" -> "b" [label = "stay;x == ha_mon"]', 'reserved-value']
  ])('%s', (statement, code) => {
    expect(found(statement).map((line) => line.split(' ')[1])).toEqual([code])
  })
})

describe('a class that is asked for', () => {
  it('must be that of the model', () => {
    const hybrid = '"b" -> "b" [label = "stay;x == 1"]'
    expect(found(hybrid, 'm.dot', { class: 'da' })).toEqual(['1:1 class-mismatch'])
    expect(found(hybrid, 'm.dot', { class: 'ha' })).toEqual([])
    expect(found('', 'm.dot', { class: 'ha' })).toEqual(['1:1 class-mismatch'])
    expect(found('', 'm.dot', { class: 'da' })).toEqual([])
    expect(checkModel('RULE = always A\n', 'spec', { class: 'ltl' })).toEqual([])
    expect(checkModel('RULE = always A\n', 'm.ltl', { class: 'da' })[0]?.code).toBe(
      'not-a-dot-file'
    )
  })
})

describe('formulas as a whole', () => {
  it.each([
    ['RULE = always (A imply B)', []],
    ['RULE = (always A) and (eventually (not A))', ['never-true']],
    ['RULE = always (A and (not A))', ['contradiction']],
    [
      'RULE = (always (eventually A)) and (eventually (always (not A)))',
      ['never-violated', 'never-true']
    ],
    ['RULE = always (A or (not A))', ['always-true']],
    ['RULE = (eventually A) or (always (not A))', ['always-true']],
    ['RULE = eventually A', ['never-violated']],
    ['RULE = always (INT imply B)', ['reserved-atom']],
    ['RULE = always (VAL1 imply NUM_ATOM)', ['reserved-atom', 'reserved-atom']]
  ])('%s', (text, expected) => {
    expect(ltl(text).sort()).toEqual([...expected].sort())
  })
})
