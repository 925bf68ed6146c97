import * as fc from 'fast-check'
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { INVALID } from './automaton'
import type { Automaton, Constraint, Guard, Transition } from './automaton'
import { misplaced } from './diagnostics.testing'
import { parseDot } from './dot'
import { printDot } from './print-dot'

// Many runs on a machine that may have other work.
vi.setConfig({ testTimeout: 60_000 })

const folder = new URL('../../models/', import.meta.url)
const sources = readdirSync(folder)
  .filter((name) => name.endsWith('.dot'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))

const name = fc
  .stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,6}$/)
  .filter((n) => !n.startsWith('__init_'))
const env = name.filter((n) => n !== 'reset')
const value = fc.oneof(
  fc.nat().map((n) => ({ kind: 'literal' as const, text: `${n}` })),
  fc.stringMatching(/^[A-Z]+$/).map((text) => ({ kind: 'constant' as const, text })),
  fc.stringMatching(/^[A-Z]+$/).map((t) => ({ kind: 'constant-call' as const, text: `${t}()` })),
  fc.stringMatching(/^[a-z]+$/).map((text) => ({ kind: 'parameter' as const, text })),
  fc.stringMatching(/^[a-z]+$/).map((t) => ({ kind: 'function' as const, text: `${t}()` }))
)
const unit = fc.constantFrom('ns', 'us', 'ms', 's', 'j', undefined)
const constraint = (...ops: Constraint['op'][]): fc.Arbitrary<Constraint> =>
  fc.record({ env, op: fc.constantFrom(...ops), value, unit })
const guard: fc.Arbitrary<Guard> = fc
  .record({
    constraints: fc.array(constraint('==', '!=', '<', '<=', '>', '>='), { maxLength: 3 }),
    joins: fc.array(fc.constantFrom('&&' as const, '||' as const), { minLength: 2, maxLength: 2 }),
    reset: fc.option(env, { nil: undefined })
  })
  .filter((g) => g.constraints.length > 0 || g.reset !== undefined)
  .map((g) => ({ ...g, joins: g.joins.slice(0, Math.max(0, g.constraints.length - 1)) }))

/** Automata as the parser orders them: initial state first, the rest and the events sorted. */
const automata: fc.Arbitrary<Automaton> = fc
  .record({
    states: fc.uniqueArray(name, { minLength: 1, maxLength: 6 }),
    events: fc.uniqueArray(name, { minLength: 1, maxLength: 5 })
  })
  .chain(({ states, events }) =>
    fc.record({
      states: fc.constant([states[0] ?? '', ...states.slice(1).sort()]),
      events: fc.constant([...events].sort()),
      final: fc.array(fc.boolean(), { minLength: states.length, maxLength: states.length }),
      invariants: fc.array(fc.option(constraint('<', '<='), { nil: undefined }), {
        minLength: states.length,
        maxLength: states.length
      }),
      cells: fc.array(
        fc.record({
          to: fc.integer({ min: INVALID, max: states.length - 1 }),
          guard: fc.option(guard, { nil: undefined })
        }),
        { minLength: states.length * events.length, maxLength: states.length * events.length }
      )
    })
  )
  .map(({ states, events, final, invariants, cells }) => {
    const transitions: Transition[] = cells
      .map((c, i) => ({ from: Math.floor(i / events.length), event: i % events.length, ...c }))
      .filter((t) => t.to !== INVALID)
    const stored = new Set(transitions.flatMap((t) => t.guard?.reset ?? []))
    const compared = [
      ...transitions.flatMap((t) => t.guard?.constraints ?? []),
      ...invariants.flatMap((c) => c ?? [])
    ]
    const tested = compared.map((c) => c.env)
    const kind = (of: string): 'ns' | 'jiffies' | undefined => {
      const last = compared.findLast((c) => c.env === of && c.unit !== undefined)
      return last === undefined ? undefined : last.unit === 'j' ? 'jiffies' : 'ns'
    }
    const envs = [
      ...[...stored].sort(),
      ...[...new Set(tested)].filter((e) => !stored.has(e)).sort()
    ]
    return {
      name: 'model',
      kind: envs.length > 0 ? ('ha' as const) : ('da' as const),
      states,
      events,
      final: final.includes(true) ? final : final.map((_, i) => i === 0),
      table: Int16Array.from(cells, (c) => c.to),
      transitions,
      invariants,
      envs,
      storedEnvs: stored.size,
      envKinds: envs.map(kind)
    }
  })
  // An event that no state allows is not in the text.
  .filter((a) => a.events.every((_, e) => a.transitions.some((t) => t.event === e)))

/** Never both, never neither; every place inside the text; one sentence each. */
function checkResult(text: string): void {
  const { automaton, diagnostics } = parseDot(text, 'model.dot')
  expect(diagnostics.some((d) => d.severity === 'error')).toBe(automaton === undefined)
  expect(misplaced(text, diagnostics)).toEqual([])
  if (automaton === undefined) return
  const { states, events, table, transitions } = automaton
  expect(table).toHaveLength(states.length * events.length)
  expect(transitions.every((t) => table[t.from * events.length + t.event] === t.to)).toBe(true)
  expect(table.filter((to) => to !== INVALID)).toHaveLength(transitions.length)
  expect(automaton.final).toContain(true)
}

describe('any text', () => {
  test('an automaton printed and parsed is the same', () => {
    fc.assert(
      fc.property(automata, (automaton) => {
        const parsed = parseDot(printDot(automaton), 'model.dot')
        expect(parsed.diagnostics.filter((d) => d.severity === 'error')).toEqual([])
        expect(parsed.automaton).toEqual(automaton)
      }),
      { numRuns: 200 }
    )
  })

  test('a model with pieces cut out, put in and repeated', () => {
    const pieces = fc.oneof(
      fc.constantFrom(
        '"',
        '{',
        '}',
        '[',
        ']',
        '->',
        '--',
        '=',
        ';',
        '\\n',
        '\\',
        '__init_',
        'label',
        'node',
        '<',
        '/*',
        '#',
        ':',
        '+',
        '1',
        '\r',
        '\0'
      ),
      fc.constantFrom(
        '""',
        '[label=""]',
        'node [label=a]',
        '{edge [x=y]}',
        'a -> b',
        '\ufeff',
        '\u2028'
      ),
      fc.string({ unit: 'binary', maxLength: 4 })
    )
    const edit = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat(20),
      put: pieces
    })
    fc.assert(
      fc.property(
        fc.constantFrom(...sources),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        (source, edits) => {
          let text = source
          for (const { at, cut, put } of edits) {
            const i = Math.floor(at * text.length)
            text = text.slice(0, i) + put + text.slice(i + cut)
          }
          checkResult(text)
        }
      ),
      { numRuns: 300 }
    )
  })

  test('statements thrown together', () => {
    const id = fc.constantFrom('a', 'b', 'c', '__init_a', '__init_b', '"a"', '""')
    const attribute = fc.constantFrom(
      '',
      '[label=a]',
      '[label=b]',
      '[label="a\\nx<1"]',
      '[label="e;reset(x)"]',
      '[shape=ellipse]',
      '[label=""]',
      '[]'
    )
    const statement: fc.Arbitrary<string> = fc.oneof(
      fc.tuple(id, attribute).map(([i, a]) => `${i} ${a}`),
      fc.tuple(id, id, attribute).map(([f, t, a]) => `${f} -> ${t} ${a}`),
      fc
        .tuple(fc.constantFrom('node', 'edge', 'graph'), attribute)
        .map(([k, a]) => `{${k} ${a || '[]'} a b}`)
    )
    fc.assert(
      fc.property(fc.array(statement), (statements) => {
        checkResult(`digraph {\n${statements.join('\n')}\n}`)
      }),
      { numRuns: 300 }
    )
  })

  test('bytes and strings', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.uint8Array().map((bytes) => new TextDecoder().decode(bytes)),
          fc.uint8Array().map((bytes) => String.fromCharCode(...bytes))
        ),
        checkResult
      ),
      { numRuns: 300 }
    )
  })
})
