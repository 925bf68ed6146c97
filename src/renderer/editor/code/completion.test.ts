import { CompletionContext } from '@codemirror/autocomplete'
import { EditorState } from '@codemirror/state'
import { describe, expect, it } from 'vitest'
import { readOutline, sketchOf } from '../../../model/edit'
import { complete } from './completion'

const model = `digraph m {
	"__init_a" [label = ""]
	"a" [label = "a"]
	"b" [label = "b\\nclk < 5us"]
	"a" -> "b" [label = "go;x == 1"]
}
`
const vocabulary = {
  sketch: sketchOf(readOutline(model)!),
  atoms: ['RT', 'PAGEFAULT'],
  containers: ['sched']
}

/** Labels that are offered at the `|`, asked for by hand. */
function offered(file: string, text: string): string[] {
  const pos = text.indexOf('|')
  const state = EditorState.create({ doc: text.replace('|', '') })
  const found = complete(new CompletionContext(state, pos, true), file, vocabulary)
  return found?.options.map((option) => option.label) ?? []
}

describe('completion', () => {
  it.each([
    ['m.dot', '"a" -> "|"', ['a', 'b']],
    ['m.dot', '"a" -> "b" [label = "|"]', ['go', 'sched_waking']],
    ['m.dot', '"a" -> "b" [label = "go;|"]', ['x', 'clk', 'reset()']],
    ['m.dot', '"a" [shape = |]', ['doublecircle']],
    ['m.dot', '"a" [|]', ['label', 'shape']],
    ['m.dot', '|', ['digraph', 'a']],
    ['m.ltl', 'RULE = |', ['always', 'imply', 'PAGEFAULT']],
    ['m.yaml', '|', ['monitor', 'tracepoints']],
    ['m.yaml', 'type: |', ['per_cpu', 'per_task']],
    ['m.yaml', 'parent: |', ['sched']],
    ['m.yaml', 'tracepoints:\n  |', ['sched_switch', 'preempt_enable']],
    ['m.yaml', 'tracepoints:\n  sched_switch:\n    - event: |', ['go']],
    ['m.yaml', 'tracepoints:\n  sched_switch:\n    - event: go\n      |', ['call', 'on', 'when']],
    ['m.yaml', 'tracepoints:\n  sched_switch:\n    - call: |', ['handle_start_event']],
    ['m.yaml', 'tracepoints:\n  sched_switch:\n    - event: go\n      on: |', ['prev', 'next']],
    ['m.yaml', 'tracepoints:\n  sched_switch:\n    - when: prev.|', ['prio', 'policy']]
  ])('of %s at %j offers %j', (file, text, wanted) => {
    expect(offered(file, text)).toEqual(expect.arrayContaining(wanted))
  })

  it('does not read a line through that no model has', () => {
    // Looking for its last word would cost the square of its length.
    const state = EditorState.create({ doc: `${'a'.repeat(1_000_000)}-` })
    const at = new CompletionContext(state, state.doc.length, false)
    for (const file of ['m.dot', 'm.ltl', 'm.yaml']) {
      expect(complete(at, file, vocabulary)).toBeNull()
    }
  })

  it('offers nothing in a comment, and nothing that was not asked for', () => {
    expect(offered('m.ltl', '# al|')).toEqual([])
    const state = EditorState.create({ doc: 'RULE = ' })
    expect(complete(new CompletionContext(state, 7, false), 'm.ltl', vocabulary)).toBeNull()
  })
})
