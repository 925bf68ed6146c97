import { describe, expect, test } from 'vitest'
import { INVALID } from './automaton'
import type { Diagnostic } from './diagnostics'
import { parseDot } from './dot'

const OPEN = 'digraph m {\n'
const NODES = '__init_a [label=""]\na [label=a]\nb [label=b]\n'
const EDGES = 'a -> b [label=go]\nb -> a [label=back]\n'
const model = (more = '', nodes = NODES, edges = EDGES): string =>
  `${OPEN}${nodes}${edges}${more}}\n`

/** `line:column severity code` */
const brief = (d: Diagnostic): string => `${d.line}:${d.column} ${d.severity} ${d.code}`
const found = (text: string): string[] => parseDot(text, 'm.dot').diagnostics.map(brief)
const automaton = (text: string) => {
  const { automaton, diagnostics } = parseDot(text, 'm.dot')
  if (automaton === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'))
  return automaton
}

describe('what rvgen accepts', () => {
  test.each([
    ['the plain form', model()],
    ['carriage returns', model().replaceAll('\n', '\r\n')],
    ['carriage returns alone', model().replaceAll('\n', '\r')],
    ['strict and no name', model().replace('digraph m', 'strict digraph')],
    ['an undirected graph with --', model().replace('digraph', 'graph').replaceAll('->', '--')],
    ['-- in a digraph', model().replace('->', '--')],
    ['semicolons, commas and blanks in lists', model('a [x=1.0, y=2. ; z=-.5 w=w] [v=""];')],
    [
      'a graph attribute, a subgraph and one without keyword',
      model('r = "x"; subgraph s { a } {b};')
    ],
    ['an arrow to the initial state', model('__init_a -> a')],
    ['quoted names', model().replaceAll(/\b([ab])\b/g, '"$1"')]
  ])('%s', (_, text) => {
    expect(found(text)).toEqual([])
    expect(automaton(text)).toEqual(automaton(model()))
  })

  test('the model takes the name of the file', () => {
    expect(parseDot(model(), '/some/where/wip.dot').automaton?.name).toBe('wip')
    expect(parseDot(model(), 'C:\\models\\wip.gv').automaton?.name).toBe('wip')
    expect(parseDot(model(), "it's.dot").diagnostics.map(brief)).toEqual(['1:1 warning model-name'])
  })
})

describe('what the whole DOT language has and rvgen refuses', () => {
  test.each([
    ['// a comment', '7:1 error comment'],
    ['# a comment', '7:1 error comment'],
    ['/* a\n comment */', '7:1 error comment'],
    ['a [width=5]', '7:10 error bare-integer'],
    ['a [width=-5]', '7:10 error bare-integer'],
    ['a [label=<b>]', '7:10 error html-string'],
    ['a [x=<b]', '7:6 error html-string'],
    ['a [x="b" + "c"]', '7:10 error concatenation'],
    ['a:p -> a [label=e]', '7:2 error port'],
    ['a [x="b\\\nc"]', '7:6 error multi-line-string'],
    ['a [x="b\nc"]', '7:6 error unterminated-string'],
    ['Node [shape=box]', '7:1 error keyword-case'],
    ['a [é=x]', '7:4 error non-ascii-name'],
    ['a\u2003[x=y]', '7:2 error odd-blank'],
    ['a\u00a0[x=y]', '7:2 error odd-blank'],
    ['a [x=.]', '7:6 error bad-number'],
    ['a [x=y', '8:1 error syntax'],
    ['a [x]', '7:5 error syntax'],
    [';;', '7:2 error syntax'],
    ['a -> b -> a [label=e]', '7:1 error not-state-to-state'],
    ['a -> {b} [label=e]', '7:1 error not-state-to-state'],
    ['{a b} -> a [label=e]', '7:1 error not-state-to-state'],
    ['a -> b @', '7:8 error unexpected-character']
  ])('%s', (statement, expected) => {
    const { automaton, diagnostics } = parseDot(model(`${statement}\n`), 'm.dot')
    expect(automaton).toBeUndefined()
    expect(diagnostics.map(brief)[0]).toBe(expected)
    expect(diagnostics.every((d) => d.severity === 'error')).toBe(true)
  })

  test('says where and what was expected', () => {
    expect(parseDot(model('a [width=5]\n'), 'models/x.dot').diagnostics).toEqual([
      {
        severity: 'error',
        code: 'bare-integer',
        file: 'models/x.dot',
        line: 7,
        column: 10,
        endLine: 7,
        endColumn: 11,
        message: 'rvgen reads no number without a dot; expected `"5"` or `5.0`.',
        fixes: [
          {
            title: 'Put the number in double quotes',
            edits: [{ start: 103, end: 104, text: '"5"' }]
          }
        ]
      }
    ])
  })

  test('a comment does not hide the findings behind it', () => {
    expect(found(model('# x\nc\n'))).toEqual(['7:1 error comment', '8:1 error bare-node'])
  })
})

describe('no model at all', () => {
  test.each([
    ['an empty file', '', 'empty'],
    ['blanks', ' \n\n', 'empty'],
    ['a byte order mark', `\ufeff${model()}`, 'byte-order-mark'],
    ['NUL bytes', `\0${model()}`, 'unexpected-character'],
    ['a NUL byte in a string', model('a [x="\0"]'), 'unexpected-character'],
    ['an ELF header', '\x7fELF\x02\x01\x01\0\0\0', 'unexpected-character'],
    ['prose', 'Once upon a time', 'syntax'],
    ['half a file', model().slice(0, 40), 'syntax'],
    ['text after the graph', `${model()}x`, 'syntax'],
    ['twenty megabytes of brackets', '['.repeat(20_000_000), 'too-large'],
    ['many brackets', '['.repeat(200_000), 'too-deep'],
    ['deep nesting', `digraph {${'{'.repeat(1000)}${'}'.repeat(1000)}}`, 'too-deep'],
    ['only a comment', '// nothing', 'comment']
  ])('%s', (_, text, code) => {
    const { automaton, diagnostics } = parseDot(text, 'm.dot')
    expect(automaton).toBeUndefined()
    expect(diagnostics.find((d) => d.severity === 'error')?.code).toBe(code)
  })

  test('a flood of findings is cut, and says so', () => {
    const { diagnostics } = parseDot('('.repeat(5000), 'm.dot')
    expect(diagnostics.length).toBeLessThanOrEqual(201)
    const nodes = Array.from({ length: 500 }, (_, i) => `n${i}`).join(' ')
    expect(parseDot(model(nodes), 'm.dot').diagnostics.at(-1)).toMatchObject({
      code: 'more-findings',
      severity: 'error',
      // One of them is about the number of statements.
      message: 'There are 301 more findings; the first 200 are shown.'
    })
  })
})

describe('states', () => {
  test('the initial one comes first, the others sorted, as are the events', () => {
    const a = automaton(
      'digraph { __init_m [label=""] z [label=z] m [label=m] c [label=c] ' +
        'm->z [label=b] z->c [label="a\\nB"] c->m [label=_] }'
    )
    expect(a.states).toEqual(['m', 'c', 'z'])
    expect(a.events).toEqual(['B', '_', 'a', 'b'])
    expect([...a.table]).toEqual([
      ...[INVALID, INVALID, INVALID, 2],
      ...[INVALID, 0, INVALID, INVALID],
      ...[1, INVALID, 1, INVALID]
    ])
    expect(a.transitions.map((t) => [t.from, t.event, t.to])).toEqual([
      [0, 3, 2],
      [1, 1, 0],
      [2, 0, 1],
      [2, 2, 1]
    ])
  })

  test('two initial markers are an error that names both places', () => {
    const { automaton, diagnostics } = parseDot(model('__init_b [label=""]\n'), 'm.dot')
    expect(automaton).toBeUndefined()
    expect(diagnostics.map(brief)).toEqual(['7:1 error two-initial-states'])
    expect(diagnostics[0]?.message).toBe(
      '`__init_b` marks a second initial state, `__init_a` at line 2, column 1 marks the first; expected one.'
    )
  })

  test('no marker, a marker of no state, and one in an edge alone', () => {
    const states = 'a [label=a] b [label=b]\n'
    expect(found(model('', states))).toEqual(['1:1 error no-initial-state'])
    expect(found(model('', `__init_c [label=""] ${states}`))).toEqual([
      '2:1 error no-initial-state'
    ])
    expect(found(model('__init_a -> a', states))).toEqual(['1:1 error no-initial-state'])
  })

  test('a near miss is suggested', () => {
    const marker =
      'digraph { __init_running [label=""] runing [label=runing] runing -> runing [label=e] }'
    expect(parseDot(marker, 'm.dot').diagnostics[0]?.message).toContain('Did you mean `runing`?')
  })

  test('the final ones have a double circle or an ellipse, else it is the initial one', () => {
    const final = (more: string) => automaton(model(more)).final
    expect(final('')).toEqual([true, false])
    expect(final('b [shape=doublecircle]')).toEqual([false, true])
    expect(final('b [shape=ellipse] a [shape=doublecircle]')).toEqual([true, true])
    expect(final('b [shape=circle]')).toEqual([true, false])
  })

  test('the first value of an attribute wins across statements', () => {
    const kernel = '{node [shape = doublecircle] "b"};\n{node [shape = circle] "b"};\n'
    expect(automaton(model(kernel)).final).toEqual([false, true])
    expect(automaton(model('{node [shape = circle] "b"} b [shape=doublecircle]')).final).toEqual([
      true,
      false
    ])
    expect(automaton(model('b [shape=doublecircle] b [label=c]')).states).toEqual(['a', 'b'])
  })

  test('defaults reach inwards only, own attributes override them', () => {
    const inherited = '{ node [shape=ellipse] { b } }'
    expect(automaton(model(inherited)).final).toEqual([false, true])
    expect(automaton(model('{ node [shape=ellipse] } b [x=y]')).final).toEqual([true, false])
    expect(automaton(model('{ node [shape=ellipse] b [shape=box] }')).final).toEqual([true, false])
    expect(automaton(model('{ edge [label=e] b -> b } a -> a [label=f]')).events).toEqual([
      'back',
      'e',
      'f',
      'go'
    ])
  })

  test('an attribute given twice in one statement', () => {
    expect(found(model('b [shape=ellipse shape=box]'))).toEqual([
      '7:18 warning duplicate-attribute'
    ])
    expect(found(model('b ["shape"=ellipse]'))).toEqual(['7:5 warning quoted-attribute'])
  })
})

describe('what rvgen passes over in silence', () => {
  test('two edges between the same states: the second label is lost', () => {
    const { automaton, diagnostics } = parseDot(model('a -> b [label="go\\nfly"]\n'), 'm.dot')
    expect(diagnostics.map(brief)).toEqual(['7:16 warning duplicate-edge'])
    expect(diagnostics[0]?.message).toContain(
      'only the first label (line 5, column 15) counts, so `fly` is lost'
    )
    expect(automaton?.events).toEqual(['back', 'go'])
  })

  test.each([
    ['one event to two states', 'a -> a [label=go]', '7:15 error nondeterministic'],
    ['an event twice in a label', 'b -> b [label="e\\ne"]', '7:19 warning duplicate-event'],
    ['one event under two guards', 'b -> b [label="e;x==1\\ne;x==2"]', '7:24 error two-guards'],
    ['an edge with a colour and no label', 'a -> a [color=red]', '7:1 error edge-without-label'],
    ['an edge without anything', 'a -> a', '7:1 warning edge-ignored'],
    [
      'an arrow to a state that is not the initial one',
      '__init_a -> b',
      '7:13 warning init-arrow-elsewhere'
    ],
    [
      'a label that is not the node name',
      'c [label=d] a -> c [label=e] c -> a [label=f]',
      '7:10 error label-differs'
    ],
    ['a target without label', 'c [shape=box] a -> c [label=e]', '7:20 error not-a-state'],
    ['a target that is no node', 'a -> c [label=e]', '7:6 error not-a-state'],
    ['a source that is no node', 'c -> a [label=e]', '7:1 error not-a-state'],
    ['a marker with a labelled edge', '__init_a -> a [label=e]', '7:1 error not-a-state'],
    ['a node that never gets an attribute', 'c', '7:1 error bare-node'],
    [
      'a name with a unit in an invariant',
      'c [label="c\\nx < FOO us"] a->c [label=e] c->a [label=f]',
      '7:14 warning symbolic-unit'
    ],
    [
      'a state that is never reached',
      'c [label=c] c -> a [label=e]',
      '7:1 warning unreachable-state'
    ],
    ['a state without a way out', 'c [label=c] a -> c [label=e]', '7:1 warning dead-end'],
    ['two clocks', 'a -> a [label="e;reset(x)\\nf;reset(y)"]', '1:1 warning too-many-clocks'],
    [
      'a clock of two units',
      'a -> a [label="e;x<5ms;reset(x)\\nf;x<5j"]',
      '1:1 warning mixed-units'
    ]
  ])('%s', (_, statement, expected) => {
    const result = parseDot(model(`${statement}\n`), 'm.dot')
    expect(result.diagnostics.map(brief)).toEqual([expected])
    expect(result.automaton === undefined).toBe(expected.includes('error'))
  })

  test('the last unit of a clock counts; other variables have none', () => {
    const kinds = (edge: string): unknown => {
      const { automaton } = parseDot(model(`${edge}\n`), 'm.dot')
      return automaton?.envs.map((env, i) => `${env} ${automaton.envKinds[i] ?? '?'}`)
    }
    expect(kinds('a -> a [label="e;y==1 && x<5ms;reset(x)"]')).toEqual(['x ns', 'y ?'])
    expect(kinds('a -> a [label="e;x<5ms;reset(x)\\nf;x<5j"]')).toEqual(['x jiffies'])
    expect(kinds('a -> a [label="e;x<5;reset(x)\\nf;x<5j"]')).toEqual(['x jiffies'])
  })

  test('no events at all', () => {
    expect(found(model('', NODES, '__init_a -> a\n'))).toEqual(['1:1 error no-events'])
  })

  test('a table too large to build is refused, not built', () => {
    const many = Array.from(
      { length: 2200 },
      (_, i) => `s${i} [label=s${i}] s${i} -> a [label=e${i}]`
    )
    expect(found(model(many.join('\n')))).toContain('1:1 error too-large')
  })
})

describe('hybrid models', () => {
  const labelled = (state: string, event: string): string =>
    `digraph { __init_a [label=""] a [label="${state}"] a -> a [label="${event}"] }`

  test('environment variables: the stored ones first, each part sorted', () => {
    const a = automaton(labelled('a\\nm<1s', 'e;z==1 && b!=2;reset(y)\\nf;reset(c)'))
    expect([a.kind, a.envs, a.storedEnvs]).toEqual(['ha', ['c', 'y', 'b', 'm', 'z'], 2])
  })

  test('a model without constraints is deterministic', () => {
    expect(automaton(model())).toMatchObject({ kind: 'da', envs: [], storedEnvs: 0 })
  })

  test.each([
    ['a\\nclk>5', 'e', '1:44 error bad-invariant', 'expected `<` or `<=`'],
    ['a\\nclk', 'e', '1:47 error bad-state-label', 'a comparison'],
    ['a b', 'e', '1:43 error bad-state-label', 'the end of the label'],
    ['a', 'e;word', '1:66 error bad-event-label', 'a comparison'],
    ['a', 'e f', '1:62 error bad-event-label', '`;` and a guard'],
    ['a', 'e;reset(x);reset(y)', '1:76 error bad-event-label', 'a comparison']
  ])('label %j on the state, %j on the edge', (state, event, expected, words) => {
    const { automaton, diagnostics } = parseDot(labelled(state, event), 'm.dot')
    expect(automaton).toBeUndefined()
    expect(diagnostics.map(brief)).toEqual([expected])
    expect(diagnostics[0]?.message).toContain(words)
  })
})

describe('a file that is no DOT at all', () => {
  test.each(['hello', 'MZ\u0001\u0002 {', '<html></html>', '{ }', 'digraphs {}'])(
    'gets one sentence: %j',
    (text) => {
      const { automaton, diagnostics } = parseDot(text, 'x.dot')
      expect(automaton).toBeUndefined()
      expect(diagnostics).toHaveLength(1)
      expect(diagnostics[0]).toMatchObject({ severity: 'error', line: 1 })
    }
  )

  test('but a graph without a blank before its brace is one', () => {
    const text = 'digraph{node [shape=circle] "__init_a" "a" [label="a"] "a" -> "a" [label="go"]}'
    expect(parseDot(text, 'x.dot').automaton?.states).toEqual(['a'])
  })
})
