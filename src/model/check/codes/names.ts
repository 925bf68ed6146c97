import { dot, ltl } from './code'
import type { CodeEntry } from './code'

/** Names that the kernel or C does not take. */
export const NAMES: readonly CodeEntry[] = [
  {
    code: 'model-name',
    severity: 'warning',
    title: 'A file name that makes no monitor’s name',
    meaning: 'The monitor is called as the file: letters, digits and `_`, and no digit first.',
    rvgen: 'Uses it in C as it is, unless -n gives another.',
    example: dot('', { file: 'my-model.dot', excerpt: 'my-model.dot' })
  },
  {
    code: 'name-too-long',
    severity: 'warning',
    title: 'A monitor’s name that is too long',
    meaning: 'The kernel registers names of at most 31 characters.',
    rvgen: 'Does not look.',
    example: dot('', {
      file: 'a_name_that_goes_on_for_far_too_long.dot',
      excerpt: 'a_name_that_goes_on_for_far_too_long.dot'
    })
  },
  {
    code: 'reserved-name',
    severity: 'warning',
    title: 'A monitor’s name that C has taken',
    meaning:
      'The name is a macro or a keyword, and the generated `MONITOR_NAME` becomes what that stands for.',
    rvgen: 'Does not look.',
    example: dot('', { file: 'current.dot', excerpt: 'current.dot' })
  },
  {
    code: 'name-collision',
    severity: 'warning',
    title: 'One name for two things',
    meaning:
      'States, events and environment variables become enumerators of one name space, beside `state_max`, `event_max`, `env_max` and `automaton`: the C code does not compile.',
    rvgen: 'Does not look.',
    example: dot('"b" -> "b" [label = "a"]')
  },
  {
    code: 'reserved-value',
    severity: 'warning',
    title: 'A value’s name that C has taken',
    meaning: 'Values that guards compare with become macros, variables or functions of that name.',
    rvgen: 'Does not look.',
    example: dot('"b" -> "b" [label = "stay;x < current"]')
  },
  {
    code: 'reserved-atom',
    severity: 'warning',
    title: 'An atom’s name that C has taken',
    meaning:
      'An atom becomes a variable in lower case, beside `task`, `mon`, `state`, `next` and `val1`: the C code does not compile, or means another thing.',
    rvgen: 'Does not look.',
    example: ltl('RULE = always (A imply CURRENT)')
  },
  {
    code: 'c-name',
    severity: 'note',
    title: 'A name that is a word of C',
    meaning:
      'With the monitor’s name behind it, it is none any more; `dot2c` puts nothing behind it.',
    rvgen: 'rvgen monitor is fine, the code of dot2c does not compile.',
    example: dot('"b" -> "b" [label = "continue"]')
  },
  {
    code: 'long-name',
    severity: 'note',
    title: 'A long name of a state or event',
    meaning: 'Linux 7.3 takes it; 6.12 cuts it off in trace events, so that names may look alike.',
    rvgen: 'Does not look.',
    example: dot('"b" -> "b" [label = "a_name_that_goes_on_for_far_too_long"]')
  }
]
