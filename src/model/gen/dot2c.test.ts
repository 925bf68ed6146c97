import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseDot } from '../dot'
import type { Automaton } from '../automaton'
import { automatonHeader, indexType, printC } from './dot2c'

const fixtures = new URL('./dot2c.fixture/', import.meta.url)
const models = new URL('../../../models/', import.meta.url)

function automaton(text: string): Automaton {
  const { automaton: found, diagnostics } = parseDot(text, 'model.dot')
  if (found === undefined) throw new Error(JSON.stringify(diagnostics))
  return found
}

const model = (name: string): Automaton =>
  automaton(readFileSync(new URL(`${name}.dot`, models), 'utf8'))

const small = (state: string, event: string): Automaton =>
  automaton(
    `digraph x { "__init_${state}" [label = ""]; "${state}" [label = "${state}"]; "${state}" -> "${state}" [label = "${event}"] }`
  )

describe('printC', () => {
  // The fixtures are what dot2c of Linux 7.3 prints of the models.
  it.each(readdirSync(fixtures).map((file) => file.replace('.txt', '')))(
    'prints %s as dot2c does',
    (name) => {
      expect(`${printC(model(name))}\n`).toBe(
        readFileSync(new URL(`${name}.txt`, fixtures), 'utf8')
      )
    }
  )

  it('has a fixture for every DOT model', () => {
    const dots = readdirSync(models).filter((file) => file.endsWith('.dot'))
    expect(readdirSync(fixtures)).toEqual(dots.map((file) => file.replace('.dot', '.txt')))
  })

  it.each([
    ['a state that is a word of C', 'int', 'e', 'The state `int` is no name in C'],
    ['an event that is a word of C', 's', 'for', 'The event `for` is no name in C'],
    ['a state and an event of one name', 'x', 'x', 'would have the same name in C, x;'],
    [
      'a state called like the number of states',
      'state_max',
      'e',
      'the same name in C, state_max;'
    ],
    ['a state called like the mark', 'INVALID_STATE', 'e', 'the same name in C, INVALID_STATE;']
  ])('refuses %s', (_, state, event, message) => {
    expect(() => printC(small(state, event))).toThrow(message)
  })

  it('counts states with the smallest type', () => {
    expect([255, 256, 65_535, 65_536].map(indexType)).toEqual([
      'unsigned char',
      'unsigned short',
      'unsigned short',
      'unsigned int'
    ])
    expect(() => indexType(1_000_001)).toThrow('Too many states: 1000001')
  })
})

describe('automatonHeader', () => {
  it('gives every name the suffix of the monitor, so that words of C are names', () => {
    const header = automatonHeader(small('int', 'for'), 'mon')
    expect(header).toContain('#define MONITOR_NAME mon\n')
    expect(header).toContain('enum states_mon {\n\tint_mon,\n\tstate_max_mon,\n};')
    expect(header).toContain('static const struct automaton_mon automaton_mon = {')
    expect(header).toMatch(/\t\t\{ +int_mon \},\n/)
  })
})
