import { ltl } from './code'
import type { CodeEntry } from './code'

/** Formulas. */
export const LTL: readonly CodeEntry[] = [
  {
    code: 'lower-case-name',
    severity: 'error',
    title: 'A word that is neither a name nor an operator',
    meaning: 'Names are in upper case, operators in lower case.',
    rvgen: 'Refuses the file: `No terminal matches`.',
    example: ltl('RULE = always (rt imply A)')
  },
  {
    code: 'no-rule',
    severity: 'error',
    title: 'No RULE',
    meaning: 'The formula of the monitor is called RULE.',
    rvgen: 'Refuses the file: `Please define your specification`.',
    example: ltl('SPEC = always A')
  },
  {
    code: 'cycle',
    severity: 'error',
    title: 'A definition by itself',
    meaning: 'Definitions are put into RULE, which would never end.',
    rvgen: 'Ends with a Python RecursionError.',
    example: ltl('RULE = always A\nA = B or A')
  },
  {
    code: 'too-many-atoms',
    severity: 'error',
    title: 'Too many atoms',
    meaning: 'A monitor has at most 32 (`RV_MAX_LTL_ATOM`).',
    rvgen: 'Writes code that does not compile.',
    example: ltl(
      `RULE = always (${Array.from({ length: 33 }, (_, i) => `A${i}`).join(' or (')}${')'.repeat(33)}`,
      { excerpt: 'RULE = always (A0 or ... A32)' }
    )
  },
  {
    code: 'too-complex',
    severity: 'error',
    title: 'A formula that is too complex',
    meaning:
      'Its automaton has more than 32 states (`RV_MAX_BA_STATES`), or takes too long to build. Write it with fewer `until` and `next`.',
    rvgen: 'Ends with a Python RecursionError, or writes code that does not compile.',
    example: ltl(
      `RULE = always (${Array.from({ length: 6 }, (_, i) => `(A${i} until B${i})`).join(' and (')}${')'.repeat(6)}`,
      { excerpt: 'RULE = always ((A0 until B0) and ... (A5 until B5))' }
    )
  },
  {
    code: 'contradiction',
    severity: 'error',
    title: 'A formula that can never hold',
    meaning: 'Not even the first step can satisfy it, so the monitor never starts.',
    rvgen: 'Writes a monitor that never starts, in silence.',
    example: ltl('RULE = A and (not A)')
  },
  {
    code: 'never-true',
    severity: 'warning',
    title: 'A formula that no run satisfies',
    meaning: 'Each step is possible, but no whole sequence of events satisfies the formula.',
    rvgen: 'Does not look.',
    example: ltl('RULE = (always A) and (eventually (not A))')
  },
  {
    code: 'always-true',
    severity: 'warning',
    title: 'A formula that always holds',
    meaning: 'Whatever happens satisfies it.',
    rvgen: 'Does not look.',
    example: ltl('RULE = always (A or (not A))')
  },
  {
    code: 'never-violated',
    severity: 'warning',
    title: 'A monitor that never reports',
    meaning:
      'Once it has started, no sequence of events ends all runs: a formula without `always` looks at the first step alone, and a promise such as `eventually` is never broken at a certain time.',
    rvgen: 'Writes a monitor that never reports anything, in silence.',
    example: ltl('RULE = eventually A')
  },
  {
    code: 'unary-takes-all',
    severity: 'warning',
    title: 'An operator that takes everything to its right',
    meaning: '`not A and B` is `not (A and B)` here. Parentheses say what is meant.',
    rvgen: 'Reads it so, in silence.',
    example: ltl('RULE = always A imply B')
  },
  {
    code: 'mixed-operators',
    severity: 'warning',
    title: 'Operators without precedence',
    meaning:
      'The right operator goes first, whatever the two are: `A and B or C` is `A and (B or C)`.',
    rvgen: 'Reads it so, in silence.',
    example: ltl('RULE = always (A and B or C)')
  },
  {
    code: 'right-associative',
    severity: 'note',
    title: 'until binds to the right',
    meaning: '`A until B until C` is `A until (B until C)`.',
    rvgen: 'Reads it so, in silence.',
    example: ltl('RULE = always (A imply (B until C until D))')
  },
  {
    code: 'equivalent',
    severity: 'note',
    title: 'equivalent, which rvgen refuses',
    meaning: 'The kernel’s documentation has the operator. rvpanel reads it.',
    rvgen: 'Refuses the file: `No terminal matches`.',
    example: ltl('RULE = always (A equivalent B)')
  },
  {
    code: 'comment-newline',
    severity: 'warning',
    title: 'A comment that ends with the file',
    meaning: 'A comment ends with a line break.',
    rvgen: 'Refuses the file.',
    example: ltl('', { text: 'RULE = always A\n# the end', excerpt: 'RULE = always A\n# the end' })
  },
  {
    code: 'keyword-in-capitals',
    severity: 'warning',
    title: 'A word of the language in capitals',
    meaning: 'In capitals it is a name, which becomes an atom.',
    rvgen: 'Takes it for an atom, in silence.',
    example: ltl('RULE = always (A or TRUE)')
  },
  {
    code: 'repeated-name',
    severity: 'warning',
    title: 'A name defined twice',
    meaning: 'The last definition counts.',
    rvgen: 'Takes the last one, in silence.',
    example: ltl('RULE = always B\nB = C\nB = D or E')
  },
  {
    code: 'unused-name',
    severity: 'warning',
    title: 'A definition that is not used',
    meaning:
      'RULE does not need it, neither itself nor through others. A misspelt name becomes an atom.',
    rvgen: 'Passes over it in silence.',
    example: ltl('RULE = always ALOWED\nALLOWED = B or C')
  },
  {
    code: 'name-of-name',
    severity: 'warning',
    title: 'A name that stands for a name',
    meaning: 'rvpanel follows it, rvgen does not: the two build different monitors.',
    rvgen: 'Takes the second name for an atom, in silence.',
    example: ltl('RULE = always B\nB = C\nC = D or E')
  },
  {
    code: 'shared-name',
    severity: 'warning',
    title: 'A definition that is used twice',
    meaning: 'rvpanel puts it in twice. rvgen has one object for both and negates it in place.',
    rvgen: 'Builds a wrong monitor, in silence.',
    example: ltl('RULE = always ((not B) or (C and B))\nB = D imply E')
  },
  {
    code: 'double-negation',
    severity: 'warning',
    title: 'Two negations',
    meaning: 'rvpanel takes both away.',
    rvgen: 'Ends with a Python NotImplementedError, or builds a wrong monitor.',
    example: ltl('RULE = always (not (not (A imply B)))')
  },
  {
    code: 'same-abbreviation',
    severity: 'warning',
    title: 'Two atoms of one abbreviation',
    meaning:
      'Trace lines shorten atoms to two letters of each word, without `is`, `by`, `or` and `and`; here two become the same.',
    rvgen: 'Does not look.',
    example: ltl('RULE = always (READY or IS_READY)')
  }
]
