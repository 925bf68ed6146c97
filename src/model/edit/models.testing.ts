import * as fc from 'fast-check'
import { printConstraint, printGuard } from '../labels'
import { parseDot } from '../dot'
import type { Sketch } from './sketch'

/** An automaton as simple as it can be said, to compare texts by what they mean. */
export interface Plain {
  readonly initial: string
  readonly states: ReadonlyMap<string, { readonly final: boolean; readonly invariant: string }>
  /** By `from>to`: the labels of events, sorted. */
  readonly edges: ReadonlyMap<string, readonly string[]>
}

const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,5}$/).filter((n) => n !== 'reset')
const guards = ['', '', '', 'clk<10us', 'reset(clk)', 'x==1 && clk<=5ms;reset(clk)', 'k != LIMIT']
const invariants = ['', '', '', 'clk < 10us', 'clk<=LIMIT_NS']

/** Deterministic automata whose states and events have different names. */
export const plainModels: fc.Arbitrary<Plain> = fc
  .record({
    states: fc.uniqueArray(name, { minLength: 1, maxLength: 5 }),
    events: fc.uniqueArray(
      name.map((n) => `e_${n}`),
      { minLength: 1, maxLength: 4 }
    ),
    numbers: fc.array(fc.nat(1000), { minLength: 90, maxLength: 90 })
  })
  .map(({ states, events, numbers }) => {
    let next = 0
    const pick = <T>(list: readonly T[]): T => at(list, (numbers[next++] ?? 0) % list.length)
    const initial = pick(states)
    const made = new Map(
      states.map((s) => [s, { final: pick([true, false, false]), invariant: pick(invariants) }])
    )
    const edges = new Map<string, string[]>()
    for (const from of states) {
      for (const event of events) {
        if (pick([true, false, true]) || (from === initial && event === events[0])) {
          const guard = pick(guards)
          const key = `${from}>${pick(states)}`
          const list = edges.get(key) ?? []
          list.push(guard === '' ? event : `${event};${guard}`)
          edges.set(key, list)
        }
      }
    }
    return normalised({ initial, states: made, edges })
  })

/** How a text is written. */
export interface Writing {
  readonly indent: string
  readonly quoted: boolean
  readonly equals: string
  readonly terminator: string
  readonly newline: string
  readonly comments: boolean
  /** The kernel's way: shapes in braces of their own, and a group for the rank. */
  readonly grouped: boolean
  readonly oneLine: boolean
  /** An initial state that is the only final one is not marked as such. */
  readonly implicit: boolean
}

export const writings: fc.Arbitrary<Writing> = fc.record({
  indent: fc.constantFrom('\t', '  ', ''),
  quoted: fc.boolean(),
  equals: fc.constantFrom('=', ' = ', ' ='),
  terminator: fc.constantFrom('', ';', ' ;'),
  newline: fc.constantFrom('\n', '\n', '\r\n'),
  comments: fc.boolean(),
  grouped: fc.boolean(),
  oneLine: fc.constantFrom(false, false, false, true),
  implicit: fc.boolean()
})

/** The model as DOT text, in a way of writing. */
export function write(model: Plain, w: Writing): string {
  const q = (id: string): string => (w.quoted ? `"${id}"` : id)
  const comment = (text: string): string => (w.comments && !w.oneLine ? ` // on ${text}` : '')
  const lines: string[] = []
  const marker = `__init_${model.initial}`
  lines.push(`${q(marker)} [shape${w.equals}plaintext, label${w.equals}""]${w.terminator}`)
  for (const [state, { final, invariant }] of model.states) {
    const shape = `shape${w.equals}${final && !isImplicit(model, w) ? 'doublecircle' : 'circle'}`
    const label = `label${w.equals}"${state}${invariant === '' ? '' : `\\n${invariant}`}"`
    if (w.grouped) lines.push(`{node [${shape}] ${q(state)}}${w.terminator}`)
    lines.push(
      `${q(state)} [${w.grouped ? '' : `${shape}, `}${label}]${w.terminator}${comment('a state')}`
    )
  }
  lines.push(`${q(marker)} -> ${q(model.initial)}${w.terminator}`)
  for (const [key, labels] of model.edges) {
    const [from = '', to = ''] = key.split('>')
    if (w.comments && !w.oneLine) lines.push('# an edge')
    lines.push(
      `${q(from)} -> ${q(to)} [ label${w.equals}"${labels.join('\\n')}" ]${w.terminator}${comment('an edge')}`
    )
  }
  if (w.grouped) lines.push(`{ rank = min ; ${q(marker)}; ${q(model.initial)} }`)
  if (w.oneLine) return `digraph x { ${lines.join(w.terminator === '' ? '; ' : ' ')} }`
  return `digraph x {${w.newline}${lines.map((l) => w.indent + l + w.newline).join('')}}${w.newline}`
}

/** Whether the text says of no state that it is final. */
export function isImplicit({ initial, states }: Plain, w: Writing): boolean {
  return w.implicit && [...states].every(([s, { final }]) => final === (s === initial))
}

/** What a sketch says. */
export function plainOf({ states, edges }: Sketch): Plain {
  return normalised({
    initial: states.find((s) => s.initial)?.name ?? '',
    states: new Map(states.map((s) => [s.name, { final: s.final, invariant: s.invariant }])),
    edges: new Map(
      edges.map((e) => [
        `${states[e.from]?.name ?? ''}>${states[e.to]?.name ?? ''}`,
        e.labels.map((l) => (l.guard === '' ? l.event : `${l.event};${l.guard}`))
      ])
    )
  })
}

/** What parseDot() makes of a text, with conditions written in one way; undefined where it refuses the text. */
export function parsedPlain(text: string): Plain | undefined {
  const { automaton } = parseDot(text, 'x.dot')
  if (automaton === undefined) return undefined
  const { states, events, final, invariants, transitions } = automaton
  const edges = new Map<string, string[]>()
  for (const t of transitions) {
    const key = `${at(states, t.from)}>${at(states, t.to)}`
    const event = at(events, t.event)
    edges.set(key, [
      ...(edges.get(key) ?? []),
      t.guard === undefined ? event : `${event};${printGuard(t.guard)}`
    ])
  }
  return normalised({
    initial: at(states, 0),
    states: new Map(
      states.map((s, i) => {
        const invariant = invariants[i]
        return [
          s,
          {
            final: at(final, i),
            invariant: invariant === undefined ? '' : printConstraint(invariant)
          }
        ]
      })
    ),
    edges
  })
}

/** In one order, with the final state that a model without one has; empty edges are none. */
export function normalised({ initial, states, edges }: Plain): Plain {
  const any = [...states.values()].some((s) => s.final)
  return {
    initial,
    states: new Map(
      [...states]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([s, { final, invariant }]) => [
          s,
          { final: any ? final : s === initial, invariant: blankless(invariant) }
        ])
    ),
    edges: new Map(
      [...edges]
        .filter(([, labels]) => labels.length > 0)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, labels]) => [key, labels.map(blankless).sort()])
    )
  }
}

const blankless = (text: string): string => text.replaceAll(' ', '')

function at<T>(list: readonly T[], index: number): T {
  const value = list[index]
  if (value === undefined) throw new RangeError(`no element ${index}`)
  return value
}
