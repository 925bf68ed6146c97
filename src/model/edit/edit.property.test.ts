import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyEdits } from '../text-edit'
import * as edit from './index'
import type { Edited, Outline } from './index'
import {
  isImplicit,
  normalised,
  parsedPlain,
  plainModels,
  plainOf,
  write,
  writings
} from './models.testing'
import type { Plain } from './models.testing'

type States = Map<string, { final: boolean; invariant: string }>
type Edges = Map<string, string[]>

/** An operation on the text, the same on the value, and which lines of the text it may touch. */
interface Operation {
  readonly title: string
  readonly run: (outline: Outline) => Edited
  /** Undefined: it has to be refused. */
  readonly expect: (model: Plain) => Plain | undefined
  readonly touches: (line: string) => boolean
}

const word =
  (...names: string[]) =>
  (line: string): boolean =>
    names.some((n) => new RegExp(`(\\b|\\\\n)(__init_)?${n}\\b`).test(line))
const edgeLine = (from: string, to: string) => (line: string) =>
  new RegExp(`^\\W*${from}\\W+->\\W*${to}\\b`).test(line)

const eventOf = (label: string): string => label.split(';')[0] ?? ''
const copied = (model: Plain): { states: States; edges: Edges } => ({
  states: new Map([...model.states].map(([s, v]) => [s, { ...v }])),
  edges: new Map([...model.edges].map(([k, v]) => [k, [...v]]))
})

/** Changes copies of states and edges; `false` says that it has to be refused. */
function change(
  work: (model: { states: States; edges: Edges; initial: string }) => boolean | undefined
) {
  return (model: Plain): Plain | undefined => {
    const next = { ...copied(model), initial: model.initial }
    return work(next) === false ? undefined : normalised(next)
  }
}

const renamedEdges = (edges: Edges, from: string, to: string): [string, string[]][] =>
  [...edges].map(([key, labels]) => [
    key
      .split('>')
      .map((s) => (s === from ? to : s))
      .join('>'),
    labels
  ])

function operations(model: Plain, implicit: boolean): fc.Arbitrary<Operation> {
  const states = [...model.states.keys()]
  const edges = [...model.edges.keys()]
  const state = fc.constantFrom(...states)
  const fresh = fc.stringMatching(/^n_[a-z0-9]{1,4}$/)
  const guard = fc.constantFrom('', 'clk<7ns', 'reset(y)', 'a==1||b!=2;reset(clk)')
  const edge = fc.constantFrom(...edges).chain((key) => {
    const [from = '', to = ''] = key.split('>')
    const events = (model.edges.get(key) ?? []).map(eventOf)
    return fc.record({
      key: fc.constant(key),
      from: fc.constant(from),
      to: fc.constant(to),
      event: fc.constantFrom(...events)
    })
  })
  return fc.oneof(
    fresh.map((n) => ({
      title: `add state ${n}`,
      run: (o: Outline) => edit.addState(o, n),
      expect: change((m) => void m.states.set(n, { final: false, invariant: '' })),
      touches: () => false
    })),
    fc.tuple(state, fc.oneof(fresh, state)).map(([from, to]) => ({
      title: `rename state ${from} ${to}`,
      run: (o: Outline) => edit.renameState(o, from, to),
      expect: change((m) => {
        if (from === to) return true
        if (m.states.has(to)) return false
        m.states = new Map([...m.states].map(([s, v]) => [s === from ? to : s, v]))
        m.edges = new Map(renamedEdges(m.edges, from, to))
        if (m.initial === from) m.initial = to
        return true
      }),
      touches: word(from)
    })),
    state.map((s) => ({
      title: `remove state ${s}`,
      run: (o: Outline) => edit.removeState(o, s),
      expect: change((m) => {
        if (m.initial === s) return false
        m.states.delete(s)
        m.edges = new Map([...m.edges].filter(([key]) => !key.split('>').includes(s)))
        return true
      }),
      touches: word(s)
    })),
    state.map((s) => ({
      title: `make ${s} initial`,
      run: (o: Outline) => edit.setInitial(o, s),
      expect: change((m) => {
        // Where no state is marked as final, the initial one is, whichever that is.
        if (implicit) m.states.get(m.initial)!.final = false
        m.initial = s
        return true
      }),
      touches: word(model.initial, s)
    })),
    fc.tuple(state, fc.boolean()).map(([s, on]) => ({
      title: `final ${s} ${on}`,
      run: (o: Outline) => edit.setFinal(o, s, on),
      expect: change((m) => {
        const finals = [...m.states].filter(([, v]) => v.final).map(([n]) => n)
        if (!on && s === m.initial && finals.length === 1 && finals[0] === s) return false
        m.states.get(s)!.final = on
        return true
      }),
      touches: word(s, model.initial)
    })),
    fc.tuple(state, fc.constantFrom('', 'clk < 3ms', 'c<=X')).map(([s, invariant]) => ({
      title: `invariant of ${s}: ${invariant}`,
      run: (o: Outline) => edit.setInvariant(o, s, invariant),
      expect: change((m) => void (m.states.get(s)!.invariant = invariant)),
      touches: word(s)
    })),
    fc.tuple(state, state, fresh, guard).map(([from, to, event, g]) => {
      const label = g === '' ? event : `${event};${g}`
      return {
        title: `add ${label} from ${from} to ${to}`,
        run: (o: Outline) => edit.addEvent(o, from, to, label),
        expect: change((m) => {
          const key = `${from}>${to}`
          m.edges.set(key, [...(m.edges.get(key) ?? []), label])
        }),
        touches: edgeLine(from, to)
      }
    }),
    edge.map(({ key, from, to, event }) => ({
      title: `remove ${event} from ${key}`,
      run: (o: Outline) => edit.removeEvent(o, from, to, event),
      expect: change((m) => {
        m.edges.set(
          key,
          m.edges.get(key)!.filter((l) => eventOf(l) !== event)
        )
      }),
      touches: edgeLine(from, to)
    })),
    edge.map(({ key, from, to }) => ({
      title: `remove edge ${key}`,
      run: (o: Outline) => edit.removeEdge(o, from, to),
      expect: change((m) => void m.edges.delete(key)),
      touches: edgeLine(from, to)
    })),
    fc.tuple(edge, fresh, fc.boolean()).map(([{ key, from, to, event }, n, everywhere]) => ({
      title: `rename ${event} to ${n} ${everywhere ? 'everywhere' : `on ${key}`}`,
      run: (o: Outline) => edit.renameEvent(o, event, n, everywhere ? undefined : { from, to }),
      expect: change((m) => {
        for (const [k, labels] of m.edges) {
          if (!everywhere && k !== key) continue
          m.edges.set(
            k,
            labels.map((l) => (eventOf(l) === event ? n + l.slice(event.length) : l))
          )
        }
      }),
      touches: everywhere ? word(event) : edgeLine(from, to)
    })),
    fc.tuple(edge, guard).map(([{ key, from, to, event }, g]) => ({
      title: `guard of ${event} on ${key}: ${g}`,
      run: (o: Outline) => edit.setGuard(o, from, to, event, g),
      expect: change((m) => {
        m.edges.set(
          key,
          m.edges
            .get(key)!
            .map((l) => (eventOf(l) !== event ? l : g === '' ? event : `${event};${g}`))
        )
      }),
      touches: edgeLine(from, to)
    })),
    fc
      .tuple(edge, state, state, fc.boolean())
      .map(([{ key, from, to, event }, newFrom, newTo, whole]) => ({
        title: `move ${whole ? 'edge' : event} ${key} to ${newFrom}>${newTo}`,
        run: (o: Outline) =>
          whole
            ? edit.retargetEdge(o, from, to, newFrom, newTo)
            : edit.retargetEvent(o, from, to, event, newFrom, newTo),
        expect: change((m) => {
          const target = `${newFrom}>${newTo}`
          if (target === key) return true
          const all = m.edges.get(key)!
          const moved = whole ? all : all.filter((l) => eventOf(l) === event)
          const there = m.edges.get(target) ?? []
          if (moved.some((l) => there.some((o) => eventOf(o) === eventOf(l)))) return false
          m.edges.set(
            key,
            all.filter((l) => !moved.includes(l))
          )
          m.edges.set(target, [...there, ...moved])
          return true
        }),
        touches: (line: string) => edgeLine(from, to)(line) || edgeLine(newFrom, newTo)(line)
      }))
  )
}

/** Whether the lines stand in the text in this order, others between them. */
function inOrder(lines: readonly string[], text: readonly string[]): string | undefined {
  let at = 0
  for (const line of lines) {
    const found = text.indexOf(line, at)
    if (found < 0) return line
    at = found + 1
  }
  return undefined
}

const cases = fc.tuple(plainModels, writings).chain(([model, writing]) =>
  fc.record({
    model: fc.constant(model),
    writing: fc.constant(writing),
    operation: operations(model, isImplicit(model, writing))
  })
)

describe('an edit of the text', () => {
  it('is the operation on the automaton, and leaves everything else as it was', () => {
    fc.assert(
      fc.property(cases, ({ model, writing, operation }) => {
        const text = write(model, writing)
        const outline = edit.readOutline(text)!
        expect(plainOf(edit.sketchOf(outline))).toEqual(model)
        const edited = operation.run(outline)
        const wanted = operation.expect(model)
        if (wanted === undefined) {
          expect(edited).toHaveProperty('refused')
          return
        }
        if ('refused' in edited) throw new Error(edited.refused)
        const after = applyEdits(text, edited.edits)
        const next = edit.readOutline(after)
        expect(next, after).toBeDefined()
        expect(plainOf(edit.sketchOf(next!)), after).toEqual(wanted)
        const parsed = parsedPlain(after)
        if (!writing.comments && wanted.edges.size > 0) {
          const sound = parsedPlain(write(wanted, writing))
          // Nondeterminism is found by the parser, wherever it comes from.
          expect(parsed, after).toEqual(sound)
        }
        if (writing.oneLine) return
        const lines = text.split(/(?<=\n)/)
        const untouched = lines.filter((line) => !operation.touches(line))
        expect(inOrder(untouched, after.split(/(?<=\n)/)), after).toBeUndefined()
      }),
      { numRuns: 300 }
    )
  })
})
