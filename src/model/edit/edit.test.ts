import * as fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { applyEdits } from '../text-edit'
import * as edit from './index'
import type { Edited, Outline } from './index'

const folder = new URL('../../../models/', import.meta.url)
const models = readdirSync(folder).filter((name) => name.endsWith('.dot'))
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')

function after(text: string, operation: (outline: Outline) => Edited): string {
  const outline = edit.readOutline(text)
  if (outline === undefined) throw new Error('not an outline')
  const edited = operation(outline)
  if ('refused' in edited) throw new Error(edited.refused)
  return applyEdits(text, edited.edits)
}

function refusal(text: string, operation: (outline: Outline) => Edited): string {
  const edited = operation(edit.readOutline(text)!)
  return 'refused' in edited ? edited.refused : 'done'
}

/** As the kernel's models are written. */
const kernelStyle = `digraph state_automaton {
	{node [shape = circle] "off"};
	{node [shape = plaintext, style=invis, label=""] "__init_on"};
	{node [shape = doublecircle] "on"};
	"__init_on" -> "on";
	"off" [label = "off"];
	"off" -> "on" [ label = "up" ];
	"on" [label = "on"]; // the usual one
	"on" -> "off" [ label = "down" ];
	{ rank = min ;
		"__init_on";
		"on";
	}
}
`

describe('what is added', () => {
  it('is written as the file is written', () => {
    expect(after(kernelStyle, (o) => edit.addState(o, 'gone'))).toBe(
      kernelStyle.replace(
        'the usual one\n',
        'the usual one\n\t"gone" [shape = circle, label = "gone"];\n'
      )
    )
    expect(after(kernelStyle, (o) => edit.addEvent(o, 'off', 'off', 'tick;clk<10us'))).toBe(
      kernelStyle.replace(
        '[ label = "up" ];\n',
        '[ label = "up" ];\n\t"off" -> "off" [ label = "tick;clk<10us" ];\n'
      )
    )
  })

  it('joins the edge that is there', () => {
    expect(after(kernelStyle, (o) => edit.addEvent(o, 'on', 'off', 'die'))).toBe(
      kernelStyle.replace('"down"', '"down\\ndie"')
    )
    expect(refusal(kernelStyle, (o) => edit.addEvent(o, 'on', 'off', 'down'))).toBe(
      'The edge from `on` to `off` has the event `down` already.'
    )
  })

  it.each(['digraph new {\n}\n', 'digraph new {}', 'digraph new {\r\n\t// nothing yet\r\n}'])(
    'makes a model of %j',
    (text) => {
      const one = after(text, (o) => edit.addState(o, 'idle'))
      const two = after(one, (o) => edit.addState(o, 'node'))
      const whole = after(two, (o) => edit.addEvent(o, 'idle', 'node', 'start'))
      const { states, edges } = edit.sketchOf(edit.readOutline(whole)!)
      expect(states.map((s) => [s.name, s.initial, s.final])).toEqual([
        ['idle', true, true],
        ['node', false, false]
      ])
      expect(edges.map((e) => e.labels.map((l) => l.event))).toEqual([['start']])
    }
  )
})

describe('what is changed', () => {
  it('is changed wherever it stands', () => {
    expect(after(kernelStyle, (o) => edit.renameState(o, 'on', 'ready'))).toBe(
      kernelStyle.replaceAll('"on"', '"ready"').replaceAll('"__init_on"', '"__init_ready"')
    )
  })

  it('overrides a shape that stands in the braces around it', () => {
    const text = after(kernelStyle, (o) => edit.setFinal(o, 'off', true))
    expect(text).toContain('{node [shape = circle] "off" [shape = doublecircle]};')
    expect(edit.sketchOf(edit.readOutline(text)!).states.every((s) => s.final)).toBe(true)
  })

  it('moves the marker of the initial state with its arrow', () => {
    const text = after(kernelStyle, (o) => edit.setInitial(o, 'off'))
    expect(text).toContain('"__init_off" -> "off";')
    expect(edit.sketchOf(edit.readOutline(text)!).states.map((s) => [s.name, s.initial])).toEqual([
      ['off', true],
      ['on', false]
    ])
  })
})

describe('what is removed', () => {
  it('takes its line and its braces with it, and leaves comments', () => {
    const initial = after(kernelStyle, (o) => edit.setInitial(o, 'off'))
    const text = after(initial, (o) => edit.removeState(o, 'on'))
    expect(text).toBe(`digraph state_automaton {
	{node [shape = circle] "off"};
	{node [shape = plaintext, style=invis, label=""] "__init_off"};
	"__init_off" -> "off";
	"off" [label = "off"];
	// the usual one
	{ rank = min ;
		"__init_off";
	}
}
`)
  })
})

describe('an operation that makes no sense', () => {
  it.each<[string, (o: Outline) => Edited]>([
    ['There is a state `on` already.', (o) => edit.addState(o, 'on')],
    ['There is a node `off` already.', (o) => edit.renameState(o, 'on', 'off')],
    ['There is no state `x`.', (o) => edit.setInitial(o, 'x')],
    ['There is no edge from `off` to `off`.', (o) => edit.removeEdge(o, 'off', 'off')],
    [
      'The edge from `on` to `off` has no event `up`.',
      (o) => edit.removeEvent(o, 'on', 'off', 'up')
    ],
    [
      '`1st` is no name; expected letters, digits and `_`, and no digit first.',
      (o) => edit.addState(o, '1st')
    ],
    [
      '`clk > 5` is no invariant; expected a limit such as `clk < 10us`.',
      (o) => edit.setInvariant(o, 'on', 'clk > 5')
    ],
    [
      '`up"]` is no event; expected `event`, or `event;guard` such as `wakeup;clk<10us`.',
      (o) => edit.addEvent(o, 'on', 'off', 'up"]')
    ]
  ])('is refused: %s', (sentence, operation) => {
    expect(refusal(kernelStyle, operation)).toBe(sentence)
  })
})

describe('any text', () => {
  it.each(models)('of the kernel, such as %s, has an outline', (name) => {
    const outline = edit.readOutline(read(name))!
    const { states, edges } = edit.sketchOf(outline)
    expect(states.filter((s) => s.initial)).toHaveLength(1)
    for (const { name: state } of states) {
      const renamed = after(read(name), (o) => edit.renameState(o, state, 'zz_other'))
      expect(after(renamed, (o) => edit.renameState(o, 'zz_other', state))).toBe(read(name))
    }
    expect(edges.length).toBeGreaterThan(0)
  })

  it('has an outline or none, and never an exception', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '"',
        '{',
        '}',
        '[',
        ']',
        '->',
        '=',
        ';',
        '\\n',
        '__init_',
        '//',
        '/*',
        '\r',
        'a'
      ),
      fc.string({ unit: 'binary', maxLength: 3 })
    )
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(kernelStyle.length), fc.nat(9), piece), { maxLength: 3 }),
        (cuts) => {
          let text = kernelStyle
          for (const [at, length, put] of cuts) {
            text = text.slice(0, at) + put + text.slice(at + length)
          }
          const outline = edit.readOutline(text)
          if (outline === undefined) return
          edit.sketchOf(outline)
          for (const operation of [
            edit.addState(outline, 'new'),
            edit.removeState(outline, 'off'),
            edit.addEvent(outline, 'on', 'off', 'new'),
            edit.setInitial(outline, 'off'),
            edit.setFinal(outline, 'off', true)
          ]) {
            if ('edits' in operation) applyEdits(text, operation.edits)
          }
        }
      ),
      { numRuns: 400 }
    )
  })
})
