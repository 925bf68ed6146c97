import { readFileSync, readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Automaton } from '../../automaton'
import { parseDot } from '../../dot'
import { automata, inC } from '../automata.testing'
import { automatonHeader, printC } from '../dot2c'
import { generateMonitor } from '../monitor'
import { c2dot } from '.'

const models = new URL('../../../../models/', import.meta.url)
const names = readdirSync(models)
  .filter((file) => file.endsWith('.dot'))
  .map((file) => file.replace('.dot', ''))

function model(name: string): Automaton {
  const { automaton } = parseDot(readFileSync(new URL(`${name}.dot`, models), 'utf8'), name)
  if (automaton === undefined) throw new Error(`${name} is broken`)
  return automaton
}

/** The monitor's header and C file, and what comes back of them. */
function throughC(automaton: Automaton): { back: Automaton | undefined; findings: string[] } {
  const head = { name: 'mon', description: 'x', parent: undefined, type: 'per_cpu' as const }
  const { files } = generateMonitor({ kind: 'automaton', automaton }, head)
  const text = (path: string): string => files.find((file) => file.path === path)?.text ?? ''
  const { dot, diagnostics } = c2dot(
    { file: 'mon.h', text: text('mon.h') },
    { file: 'mon.c', text: text('mon.c') }
  )
  return {
    back: parseDot(dot ?? '', 'mon.dot').automaton,
    findings: diagnostics.map(({ message }) => message)
  }
}

const read = (text: string): string[] =>
  c2dot({ file: 'x.h', text }, undefined).diagnostics.map(
    ({ line, severity, message }) => `${line}: ${severity}: ${message}`
  )

const small = printC(model('wip'))

describe('c2dot', () => {
  it.each(names)('gives %s back', (name) => {
    const automaton = model(name)
    const { back, findings } = throughC(automaton)
    expect(findings).toEqual([])
    expect(back && inC(back)).toEqual(inC(automaton))
  })

  it('gives any automaton back', () => {
    fc.assert(
      fc.property(fc.boolean().chain(automata), (automaton) => {
        const { back, findings } = throughC(automaton)
        expect(findings).toEqual([])
        expect(back && inC(back)).toEqual(inC(automaton))
      }),
      { numRuns: 100 }
    )
  })

  it('gives any deterministic automaton back from what dot2c prints', () => {
    fc.assert(
      fc.property(automata(false), (automaton) => {
        const { dot } = c2dot({ file: 'random.h', text: printC(automaton) }, undefined)
        expect(parseDot(dot ?? '', 'random.dot').automaton).toEqual(automaton)
      }),
      { numRuns: 100 }
    )
  })

  it('reads what a person wrote in this form', () => {
    const { dot, diagnostics } = c2dot(
      {
        file: 'old.h',
        text: `// as in older kernels\r
enum states_old { on_old = 0, off_old, state_max_old };\r
enum events_old { go_old = 0, stop_old, event_max_old };\r
struct automaton_old { char *state_names[2]; };\r
const static struct automaton_old automaton_old = {\r
  .final_states = { [off_old] = 1 },
  .initial_state = off_old,
  .event_names = { [1] = "stop", [0] = "go" }, /* { */
  .state_names = { "on", "o" "ff" },
  .function = {
    [off_old] = { on_old, -1 }, [on_old] = { [stop_old] = 0x1, [go_old] = state_max_old } }
};`
      },
      undefined
    )
    expect(diagnostics).toEqual([])
    const automaton = parseDot(dot ?? '', 'old.dot').automaton
    expect(automaton?.name).toBe('old')
    expect(dot).toContain('digraph "old" {')
    expect(automaton?.states).toEqual(['off', 'on'])
    expect(automaton?.final).toEqual([true, false])
    expect(automaton?.transitions.map((t) => [t.from, t.event, t.to])).toEqual([
      [0, 0, 1],
      [1, 1, 0]
    ])
  })

  it.each([
    ['an empty file', '', '1: error: The file is empty'],
    ['another header', '#include <linux/rv.h>\nint x;', '1: error: The file defines no automaton'],
    ['LTL', 'enum ltl_buchi_state { S0 };', '1: error: This is the Büchi automaton of an LTL'],
    ['a comment without end', `${small}\n/* x`, 'This comment has no end.'],
    ['no states', small.replace('state_names = {', 'x = {'), 'has no `.state_names`; expected one'],
    ['a state twice', small.replace('"non_preemptive"', '"preemptive"'), 'stands twice'],
    ['a bad name', small.replace('"preemptive"', '"a b"'), '`a b` cannot be the name of a state'],
    ['an unknown state', small.replace(/\{ +\w+,/, '{ other,'), '`other` is not known'],
    ['too many cells', small.replace('{ ', '{ 0, 0, 0, 0, '), 'elements'],
    [
      'a number out of range',
      small.replace('= preemptive', '= 7'),
      '7 is no state; expected 0 to 1'
    ]
  ])('says what is wrong with %s', (_, text, message) => {
    const found = read(text)
    expect(found.join('\n')).toContain(message)
    expect(found).toHaveLength(1)
    expect(c2dot({ file: 'x.h', text }, undefined).dot).toBeUndefined()
  })

  it('says which constraints are left out', () => {
    const automaton = model('nomiss')
    const header = { file: 'nomiss.h', text: automatonHeader(automaton, 'nomiss') }
    const alone = c2dot(header, undefined)
    expect(alone.dot).toBeDefined()
    expect(alone.diagnostics.map(({ code }) => code)).toEqual(['no-constraints'])
    const head = { name: 'nomiss', description: 'x', parent: undefined, type: 'per_obj' as const }
    const main = generateMonitor({ kind: 'automaton', automaton }, head).files[0]?.text ?? ''
    const byHand = main.replace('== 1ull', '== 1ull + x')
    const line = byHand.split('\n').findIndex((l) => l.includes('1ull + x')) + 1
    const { dot, diagnostics } = c2dot(header, { file: 'nomiss.c', text: byHand })
    expect(diagnostics).toMatchObject([
      { code: 'constraint-left-out', severity: 'warning', file: 'nomiss.c', line }
    ])
    expect(dot).toContain('"throttled" [label = "dl_throttle"]')
  })

  it('takes no text for more than it is', () => {
    const pieces = fc.oneof(
      fc.constantFrom('{', '}', '(', '=', ',', '"', "'", '/*', '*/', '\\', '#', 'struct', 'enum'),
      fc.constantFrom('INVALID_STATE', '-1', '[0] =', '.function =', '99999999999999999999', '\0'),
      fc.string({ maxLength: 5 })
    )
    const automaton = model('stall')
    const head = { name: 'stall', description: 'x', parent: undefined, type: 'per_cpu' as const }
    const { files } = generateMonitor({ kind: 'automaton', automaton }, head)
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.nat(6000), cut: fc.nat(30), put: pieces }), { maxLength: 4 }),
        (edits) => {
          const [main, header] = files.map(({ text }) =>
            edits.reduce((s, e) => s.slice(0, e.at) + e.put + s.slice(e.at + e.cut), text)
          )
          const { dot, diagnostics } = c2dot(
            { file: 'x.h', text: header ?? '' },
            { file: 'x.c', text: main ?? '' }
          )
          expect(dot === undefined).toBe(diagnostics.some((d) => d.severity === 'error'))
          if (dot !== undefined) expect(parseDot(dot, 'x.dot').automaton).toBeDefined()
        }
      ),
      { numRuns: 300 }
    )
  })

  it.each(['{', '(', 'enum {', 'struct a b = {', 'if (', '"', '/*', '#define x \\\n', 'a = {{'])(
    'comes to an end with many of %j',
    (piece) => {
      const text = `${small}${piece.repeat(20_000)}`
      expect(() => c2dot({ file: 'x.h', text }, { file: 'x.c', text })).not.toThrow()
    }
  )
})
