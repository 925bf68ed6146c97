import { dot, wholeDot } from './code'
import type { CodeEntry } from './code'

const REFUSED = 'Refuses the file with a syntax error.'

/** How a model's text is written. */
export const DOT_SYNTAX: readonly CodeEntry[] = [
  {
    code: 'syntax',
    severity: 'error',
    title: 'Not in the grammar',
    meaning: 'The text cannot be read at this place. Further statements are still read.',
    rvgen: 'Refuses the file at its first such place.',
    example: dot('"a" [shape]')
  },
  {
    code: 'empty',
    severity: 'error',
    title: 'Nothing in the file',
    meaning: 'There is no graph, formula or key in the file.',
    rvgen: REFUSED,
    example: wholeDot('\n')
  },
  {
    code: 'too-large',
    severity: 'error',
    title: 'Too large to read',
    meaning:
      'A model has at most 16 MiB of text, 32,767 states and 4,194,304 pairs of state and event; a formula 64 KiB; an instrumentation 256 KiB.',
    rvgen: 'Reads on, for as long as it takes; more than 1,000,000 states are refused.',
    example: wholeDot(
      `digraph m {\n"__init_s" [label = ""]\n"s" [label = "s"]\n${Array.from(
        { length: 2100 },
        (_, i) => `{"s${i}" [label = "s${i}"] "s${i}" -> "s" [label = "e${i}"]}`
      ).join('\n')}\n}\n`,
      { excerpt: 'digraph m { ... 2,101 states and 2,100 events ... }' }
    )
  },
  {
    code: 'too-deep',
    severity: 'error',
    title: 'Nested too deeply',
    meaning: 'Braces in a model nest 64 levels deep at most, operators in a formula 200.',
    rvgen: 'Reads on, up to where Python ends it with a RecursionError.',
    example: wholeDot(`digraph m {${'{'.repeat(70)}${'}'.repeat(70)}}\n`, {
      excerpt: 'digraph m { ... 70 levels of braces ... }'
    })
  },
  {
    code: 'byte-order-mark',
    severity: 'error',
    title: 'Byte order mark',
    meaning: 'The file begins with an invisible character that some editors put there.',
    rvgen: REFUSED,
    example: dot('', { text: `\ufeff${dot('').text}`, excerpt: 'U+FEFF, then digraph m { ... }' })
  },
  {
    code: 'odd-blank',
    severity: 'error',
    title: 'A blank that is none',
    meaning: 'A blank beyond ASCII, such as the no-break space that web pages have.',
    rvgen: REFUSED,
    example: dot('"a"\u00a0[color = red]')
  },
  {
    code: 'comment',
    severity: 'error',
    title: 'A comment in a model',
    meaning: 'DOT has comments, rvgen’s dialect has none.',
    rvgen: REFUSED,
    example: dot('// The way back is short.')
  },
  {
    code: 'bare-integer',
    severity: 'error',
    title: 'A number without a dot',
    meaning: 'Of numbers without quotes only those with a dot are read.',
    rvgen: REFUSED,
    example: dot('"a" [width = 5]')
  },
  {
    code: 'bad-number',
    severity: 'error',
    title: 'Not a number',
    meaning: 'It begins like a number and goes on otherwise.',
    rvgen: REFUSED,
    example: dot('"a" [width = 1.2.3]')
  },
  {
    code: 'html-string',
    severity: 'error',
    title: 'An HTML string',
    meaning: 'Graphviz has labels in angle brackets, rvgen’s dialect has not.',
    rvgen: REFUSED,
    example: dot('"a" [xlabel = <b>]')
  },
  {
    code: 'concatenation',
    severity: 'error',
    title: 'Strings joined with +',
    meaning: 'Graphviz joins strings, rvgen’s dialect does not.',
    rvgen: REFUSED,
    example: dot('"a" [xlabel = "x" + "y"]')
  },
  {
    code: 'port',
    severity: 'error',
    title: 'A port or compass point',
    meaning: 'Graphviz lets an edge end at a side of a node, rvgen’s dialect does not.',
    rvgen: REFUSED,
    example: dot('"b":n -> "b" [label = "stay"]')
  },
  {
    code: 'multi-line-string',
    severity: 'error',
    title: 'A string over several lines',
    meaning: 'A string ends on the line on which it begins.',
    rvgen: REFUSED,
    example: dot('"a" [xlabel = "x\\\ny"]')
  },
  {
    code: 'unterminated-string',
    severity: 'error',
    title: 'A string without an end',
    meaning: 'The closing quote is missing on the line.',
    rvgen: REFUSED,
    example: dot('"a" [xlabel = "x]')
  },
  {
    code: 'unexpected-character',
    severity: 'error',
    title: 'A character that means nothing',
    meaning:
      'No statement has such a character outside of a string. NUL bytes say that the file is no text.',
    rvgen: REFUSED,
    example: dot('"a" -> "b" @')
  },
  {
    code: 'non-ascii-name',
    severity: 'error',
    title: 'A name beyond ASCII',
    meaning: 'Names without quotes have letters from A to Z, digits and `_`.',
    rvgen: REFUSED,
    example: dot('a [größe = x]')
  },
  {
    code: 'keyword-case',
    severity: 'error',
    title: 'A keyword in capitals',
    meaning:
      'Graphviz reads keywords in any case, rvgen takes this one for a name: the two disagree.',
    rvgen: 'Takes it for the name of a node, in silence.',
    example: dot('Node [shape = box]')
  },
  {
    code: 'too-many-statements',
    severity: 'note',
    title: 'Too many statements for rvgen',
    meaning:
      'rvpanel reads the file. For rvgen, put groups of statements in braces: what counts is how many follow each other inside one pair, and the pairs around it.',
    rvgen: 'Ends with a Python RecursionError.',
    example: dot(Array.from({ length: 330 }, () => '"a" [color = red]').join('\n'), {
      excerpt: '... 337 statements ...'
    })
  },
  {
    code: 'not-a-dot-file',
    severity: 'warning',
    title: 'Name of another kind of file',
    meaning: 'A model’s file is called NAME.dot or NAME.gv.',
    rvgen: 'Refuses the file with `not a dot file`, unless -n gives a name.',
    example: dot('', { file: 'm.txt', class: 'da', excerpt: 'm.txt' })
  },
  {
    code: 'more-findings',
    severity: 'note',
    title: 'Findings that are not shown',
    meaning:
      'Of one text 200 findings are shown; it is an error where an error is among the others.',
    rvgen: 'Ends at the first error.',
    example: wholeDot(
      `digraph m {\n${Array.from({ length: 250 }, (_, i) => `{n${i} n${i}x}`).join('\n')}\n}\n`,
      { excerpt: 'digraph m { ... 500 nodes without a label ... }' }
    )
  }
]
