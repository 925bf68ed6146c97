import { dot, ltl, yaml } from './code'
import type { CodeEntry } from './code'

const OURS = 'Has no such file.'
const hybrid = { beside: { 'm.dot': dot('"b" -> "b" [label = "stay;x < LIMIT"]').text } }
const entry = (
  code: string,
  title: string,
  meaning: string,
  example: CodeEntry['example'],
  severity: CodeEntry['severity'] = 'error'
): CodeEntry => ({ code, severity, title, meaning, rvgen: OURS, ...(example && { example }) })

const rule = (line: string): string => `tracepoints:\n  preempt_disable:\n    - ${line}`

/** The instrumentation beside a model, and folders of them. */
export const YAML: readonly CodeEntry[] = [
  entry('yaml', 'Not YAML', 'The text cannot be read as YAML.', yaml('parameters: {')),
  entry(
    'second-document',
    'A second document',
    'A file has one.',
    yaml('reactions: none\n---\nmonitor: n')
  ),
  entry(
    'alias',
    'An anchor or alias',
    'Values are written where they are needed.',
    yaml('description: &d text')
  ),
  entry(
    'tag',
    'A tag',
    'YAML takes a leading `!` for a tag: an expression that begins with it needs quotes.',
    yaml('description: ! an example')
  ),
  entry(
    'wrong-kind',
    'Another kind of value',
    'A list, keys with values, or one value is expected here.',
    yaml('tracepoints: [go]')
  ),
  entry('unknown-key', 'An unknown key', 'The format has no such key here.', yaml('colour: red')),
  entry(
    'duplicate-key',
    'A key twice',
    'Each key stands once.',
    yaml('type: per_cpu\ntype: global')
  ),
  entry('missing-key', 'A missing key', 'The key is needed.', yaml(rule('{event: go}'))),
  entry(
    'bad-name',
    'A name that the kernel does not take',
    'Monitors have names of at most 31 letters, digits and `_`.',
    yaml('monitor: my-monitor')
  ),
  entry(
    'bad-description',
    'A description of several lines',
    'The kernel shows it on one line.',
    yaml('description: "a\\nb"')
  ),
  entry(
    'bad-expression',
    'An expression that cannot be read',
    'Conditions are in C’s spelling, over the tracepoint’s arguments.',
    yaml(rule('{event: go, call: handle_event, when: "1 +"}'))
  ),
  entry(
    'no-tracepoints',
    'No tracepoint',
    'An empty mapping; `none` is for a monitor that is only described.',
    yaml('tracepoints: {}')
  ),
  entry(
    'duplicate-tracepoint',
    'A tracepoint twice',
    'All rules of a tracepoint stand together.',
    yaml(
      'tracepoints:\n  preempt_disable, preempt_disable:\n    - {event: go, call: handle_start_event}'
    )
  ),
  entry(
    'unknown-tracepoint',
    'An unknown tracepoint',
    'It is not in the catalog of src/model/tracepoints.ts.',
    yaml('tracepoints:\n  preempt_disabled:\n    - {event: go, call: handle_event}')
  ),
  entry(
    'never-chosen',
    'A rule that never runs',
    'A rule without a condition stands before it in a `choose` list.',
    yaml(
      rule(
        'choose:\n        - {event: go, call: handle_event}\n        - {event: back, call: handle_event}'
      )
    )
  ),
  entry(
    'event-and-storage',
    'An event beside a call for storage',
    'reset, create and destroy process no event.',
    yaml(`type: per_task\n${rule('{event: go, call: reset, on: current}')}`)
  ),
  entry(
    'unknown-event',
    'An event that the model has not',
    'Rules feed the model’s events.',
    yaml(rule('{event: goo, call: handle_event}'))
  ),
  entry(
    'unknown-atom',
    'An atom that the formula has not',
    'Rules set the formula’s atoms.',
    yaml(`type: per_task\n${rule('{atom: AB, call: atom_update, on: current}')}`, {
      beside: { 'm.ltl': ltl('RULE = always (A imply B)').text }
    })
  ),
  entry(
    'wrong-instance',
    'An instance of another type',
    'The key `on` names what the monitor has instances of.',
    yaml(rule('{event: go, call: handle_event, on: prev}'))
  ),
  entry(
    'unknown-call',
    'An unknown call',
    'The handlers are those of the kernel’s header of the class.',
    yaml(rule('{event: go, call: handle_events}'))
  ),
  entry(
    'unknown-type',
    'An unknown type',
    'global, per_cpu, per_task or per_obj; per_task alone for formulas.',
    yaml('type: per_thread')
  ),
  entry(
    'unknown-unit',
    'An unknown unit of a parameter',
    'ns or jiffies.',
    yaml('parameters:\n  limit: {default: 1, unit: us, description: x}')
  ),
  entry(
    'unknown-each',
    'Storage for something else',
    'Instances are made for each cpu or task.',
    yaml('type: per_obj\nstorage:\n  - {each: node, id: "1"}\ntracepoints: none')
  ),
  entry(
    'unknown-timer',
    'An unknown timer',
    'none, wheel or hrtimer.',
    yaml('timer: hires\ntracepoints: none', hybrid)
  ),
  entry('unknown-reactions', 'Unknown reactions', 'given or none.', yaml('reactions: all')),
  entry(
    'bad-parameter',
    'A parameter that cannot be called so',
    'A name that C takes and expressions have not.',
    yaml('parameters:\n  my-limit: {default: 1, description: x}')
  ),
  entry(
    'bad-default',
    'A default that is no number',
    'A whole number from 0 to 2^53 - 1, or `tick`.',
    yaml('parameters:\n  limit: {default: many, description: x}')
  ),
  entry(
    'unknown-environment',
    'A variable that the model has not',
    '`environment` says what the model’s variables are, clocks excepted.',
    yaml('environment: {y: "1"}\ntracepoints: none', hybrid)
  ),
  entry(
    'unknown-value',
    'A value that the model has not',
    '`values` says what guards compare with.',
    yaml('values: {OTHER: "1"}\ntracepoints: none', hybrid)
  ),
  entry(
    'no-getter',
    'A variable of unknown value',
    '`environment` needs an entry for it.',
    yaml('values: {LIMIT: "1"}', hybrid)
  ),
  entry(
    'no-value',
    'A name of unknown value',
    '`values` or `parameters` needs an entry for it.',
    yaml('environment: {x: "1"}', hybrid)
  ),
  entry(
    'no-invariant',
    'A timer with nothing to watch',
    'The model has no invariant.',
    yaml('timer: wheel\ntracepoints: none', hybrid)
  ),
  entry(
    'no-unit',
    'A clock of unknown unit',
    'The model must say what its clock counts.',
    yaml('reactions: given', {
      beside: { 'm.dot': dot('"b" -> "b" [label = "stay;x < 5;reset(x)"]').text }
    })
  ),
  entry(
    'wrong-class',
    'A key of another class',
    'Some keys are for hybrid automata, formulas or containers alone.',
    yaml('fetch: {A: "1"}')
  ),
  entry(
    'no-model',
    'No model beside it',
    'A monitor has a model; a container says so.',
    yaml('reactions: given', { beside: {} })
  ),
  entry(
    'container-with-model',
    'A container with a model',
    'A container has none.',
    yaml('type: container')
  ),
  entry(
    'event-not-fed',
    'An event that nothing feeds',
    'No tracepoint becomes this event, so the model cannot follow.',
    yaml(rule('{event: go, call: handle_start_event}')),
    'warning'
  ),
  entry(
    'never-starts',
    'A monitor that never starts',
    'No rule calls a handler that starts it.',
    yaml(
      'tracepoints:\n  preempt_disable:\n    - {event: go, call: handle_event}\n  preempt_enable:\n    - {event: back, call: handle_event}'
    ),
    'warning'
  ),
  entry(
    'atom-not-set',
    'An atom that nothing sets',
    'Monitoring starts when every atom is known.',
    yaml(`type: per_task\n${rule('{atom: A, call: atom_update, on: current}')}`, {
      beside: { 'm.ltl': ltl('RULE = always (A imply B)').text }
    }),
    'warning'
  ),
  entry(
    'silent-after-violation',
    'A monitor that reports once',
    'A formula’s monitor starts again at an update of an atom, in a step that the formula can begin with. Here every update repeats what violated it, so that a second violation is not reported until another atom has changed unseen.',
    yaml(
      'type: per_task\nfetch: {RT: task.rt_or_dl}\ncreated: {FAULT: "0"}\ntracepoints:\n  page_fault_user:\n    - {atom: FAULT, call: atom_pulse, on: current}',
      { beside: { 'm.ltl': ltl('RULE = always (RT imply (not FAULT))').text } }
    ),
    'note'
  ),
  entry(
    'duplicate-monitor',
    'A monitor twice',
    'Names of monitors are unique in a kernel.',
    yaml('monitor: m', {
      beside: { 'm.dot': dot('').text, 'a.dot': dot('').text, 'a.yaml': yaml('').text }
    })
  ),
  entry(
    'unknown-monitor',
    'An unknown monitor in registration.yaml',
    'No file of the folder describes it.',
    { file: 'registration.yaml', text: '- nothing\n' },
    'warning'
  ),
  entry(
    'unknown-parent',
    'An unknown parent',
    'The parent is a container of the same folder, or of the program’s models.',
    yaml('parent: nowhere')
  ),
  entry('two-files', 'Two files for one model', 'A model is in one file.', {
    file: 'm.gv',
    text: dot('').text,
    beside: { 'm.dot': dot('').text },
    excerpt: 'm.dot and m.gv'
  })
]
