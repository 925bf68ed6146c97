import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Automaton } from '../automaton'
import { parseDot } from '../dot'
import type { MonitorSpec } from '../instrumentation-yaml'
import { parseLtl } from '../ltl/parse'
import { printDot } from '../print-dot'
import { compareModels } from './compare'
import { isGuarded } from './guarded'
import { minimize } from './minimize'
import { product } from './product'
import { trim } from './trim'

/* The kernel's own models, all of them. */

const folder = new URL('../../../models/', import.meta.url)
const names = readdirSync(folder)
const text = (name: string): string => readFileSync(new URL(name, folder), 'utf8')
const automata = names
  .filter((name) => name.endsWith('.dot'))
  .map((name) => parseDot(text(name), name).automaton!)
const formulas = names
  .filter((name) => name.endsWith('.ltl'))
  .map((name) => parseLtl(text(name), name).model!)
const spec = (automaton: Automaton): MonitorSpec => ({ kind: 'automaton', automaton })
const relation = (
  a: Automaton,
  b: Automaton,
  options?: Parameters<typeof compareModels>[2]
): string => compareModels(spec(a), spec(b), options).relation

describe.each(automata)('$name', (automaton) => {
  it('equals itself, what it is printed as, and what is left of it by trim and minimise', () => {
    for (const language of ['prefixes', 'marked'] as const) {
      const same = (other: Automaton): void => {
        expect(relation(automaton, other, { language })).toBe('equivalent')
      }
      same(automaton)
      same(parseDot(printDot(automaton), 'copy.dot').automaton!)
      same(trim(automaton))
      same(minimize(automaton))
    }
  })

  it('differs from itself with any one transition less', () => {
    for (const left of automaton.transitions) {
      const table = automaton.table.slice()
      table[left.from * automaton.events.length + left.event] = -1
      const less = {
        ...automaton,
        table,
        transitions: automaton.transitions.filter((t) => t !== left)
      }
      const { relation: found, onlyA } = compareModels(spec(automaton), spec(less))
      expect(found).toBe('b-in-a')
      // The last step is the transition that is missing.
      const { event, a, b } = onlyA!.steps.at(-1)!
      expect([event, a, b]).toEqual([
        automaton.events[left.event],
        automaton.states[left.to],
        undefined
      ])
    }
  })
})

describe.each(formulas)('$name', (ltl) => {
  it('equals itself and its own text', () => {
    const again = parseLtl(`RULE = ${ltl.rule}\n`, 'copy.ltl').model!
    for (const other of [ltl, again]) {
      expect(compareModels({ kind: 'ltl', ltl }, { kind: 'ltl', ltl: other }).relation).toBe(
        'equivalent'
      )
    }
  })
})

describe('pairs', () => {
  it('which models share events, and what they say of them', () => {
    const found: string[] = []
    automata.forEach((a, i) => {
      for (const b of automata.slice(i + 1)) {
        if (isGuarded(a) || isGuarded(b)) continue
        if (!a.events.some((event) => b.events.includes(event))) continue
        found.push(`${a.name} ${b.name} ${relation(a, b, { alphabet: 'common' })}`)
      }
    })
    expect(found).toEqual([
      'nrp sco equivalent',
      'nrp scpd equivalent',
      'nrp snep equivalent',
      'nrp sts equivalent',
      'sco scpd a-in-b',
      'sco snep equivalent',
      'sco snroc equivalent',
      'sco sts equivalent',
      'scpd snep neither',
      'scpd sts b-in-a',
      'scpd wip equivalent',
      'snep sts equivalent',
      'snep wip b-in-a',
      'snroc sssw equivalent'
    ])
  })

  it('a product is included in each of its parts, over their own events', () => {
    const named = (name: string): Automaton => automata.find((a) => a.name === name)!
    const both = product(named('wip'), named('scpd'))
    for (const part of ['wip', 'scpd']) {
      expect(relation(both, named(part), { alphabet: 'common' })).not.toBe('neither')
    }
  })

  it('wip, as an automaton and as a formula', () => {
    const { model } = parseLtl('RULE = always ((WAKING or ENABLE) imply DISABLED)\n', 'wip.ltl')
    const wip = automata.find((a) => a.name === 'wip')!
    const { relation: found, onlyB } = compareModels(
      spec(wip),
      { kind: 'ltl', ltl: model! },
      {
        atoms: new Map([
          ['WAKING', { kind: 'events', events: ['sched_waking'] }],
          ['ENABLE', { kind: 'events', events: [] }],
          ['DISABLED', { kind: 'between', on: ['preempt_disable'], off: ['preempt_enable'] }]
        ])
      }
    )
    // The formula does not mind a second preempt_disable, nor an enable without one.
    expect(found).toBe('a-in-b')
    expect(onlyB?.steps.map(({ event }) => event)).toEqual(['preempt_enable'])
  })
})
