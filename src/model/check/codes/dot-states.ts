import { dot, wholeDot } from './code'
import type { CodeEntry } from './code'

/** States, events and transitions. */
export const DOT_STATES: readonly CodeEntry[] = [
  {
    code: 'bare-node',
    severity: 'error',
    title: 'A node without attributes',
    meaning: 'A node statement that never gets an attribute, not even by a default.',
    rvgen: 'Ends with a Python KeyError.',
    example: dot('"c"')
  },
  {
    code: 'bad-state-label',
    severity: 'error',
    title: 'A state’s label that cannot be read',
    meaning: 'A label is a name, or a name, `\\n` and one limit such as `clk < 10us`.',
    rvgen: 'Refuses the file: `Unrecognised state`.',
    example: dot('"c" [label = "c d"]')
  },
  {
    code: 'label-differs',
    severity: 'error',
    title: 'A label that is not the node’s name',
    meaning:
      'The state is called as its label says, its transitions as its node: the two must be the same.',
    rvgen:
      'Ends with a Python KeyError where an edge leaves the node; else goes by the label, in silence.',
    example: dot('"c" [label = "d"]')
  },
  {
    code: 'bad-invariant',
    severity: 'error',
    title: 'An invariant that is no limit',
    meaning: 'What holds while in a state is that a clock is below a limit.',
    rvgen: 'Refuses the file: `State constraints must be clock expirations`.',
    example: dot('"c" [label = "c\\nclk > 5us"]')
  },
  {
    code: 'no-initial-state',
    severity: 'error',
    title: 'No initial state',
    meaning: 'A node `__init_` and a state’s name marks the initial state; an edge alone does not.',
    rvgen: 'Refuses the file: `The automaton doesn’t have an initial state`.',
    example: wholeDot('digraph m {\n"a" [label = "a"]\n"a" -> "a" [label = "go"]\n}\n')
  },
  {
    code: 'two-initial-states',
    severity: 'error',
    title: 'Two initial states',
    meaning: 'An automaton has one.',
    rvgen: 'Takes one of them, not always the same, in silence.',
    example: dot('"__init_b" [label = ""]')
  },
  {
    code: 'init-arrow-elsewhere',
    severity: 'warning',
    title: 'The initial arrow goes elsewhere',
    meaning: 'The marker’s name says which state is initial; the arrow from it is drawn only.',
    rvgen: 'Follows the name, in silence.',
    example: dot('"__init_a" -> "b"')
  },
  {
    code: 'not-a-state',
    severity: 'error',
    title: 'An edge’s end that is no state',
    meaning: 'A state is a node with a label of its own.',
    rvgen:
      'A source ends with a Python KeyError; a target makes code with an undefined name, in silence.',
    example: dot('"b" -> "c" [label = "on"]')
  },
  {
    code: 'not-state-to-state',
    severity: 'error',
    title: 'An edge with other than two ends',
    meaning: 'Chains `a -> b -> c` and edges of subgraphs are not read.',
    rvgen: 'Refuses the file: `Only state-to-state transition is supported`.',
    example: dot('"a" -> "b" -> "a" [label = "on"]')
  },
  {
    code: 'edge-without-label',
    severity: 'error',
    title: 'An edge with attributes and no label',
    meaning: 'An edge with any attribute is a transition, which needs events.',
    rvgen: 'Ends with a Python TypeError.',
    example: dot('"a" -> "a" [color = red]')
  },
  {
    code: 'edge-ignored',
    severity: 'warning',
    title: 'An edge without attributes',
    meaning: 'Only the arrow to the initial state is drawn without being a transition.',
    rvgen: 'Passes over it in silence.',
    example: dot('"a" -> "a"')
  },
  {
    code: 'bad-event-label',
    severity: 'error',
    title: 'An edge’s label that cannot be read',
    meaning:
      'A label is events joined by `\\n`, each with `;` and a guard or a reset if it has one.',
    rvgen: 'Refuses the file: `Unrecognised event`.',
    example: dot('"a" -> "a" [label = "stay put"]')
  },
  {
    code: 'no-events',
    severity: 'error',
    title: 'No event at all',
    meaning: 'A monitor without events has nothing to follow.',
    rvgen: 'Writes a matrix that does not compile, in silence.',
    example: wholeDot('digraph m {\n"__init_a" [label = ""]\n"a" [label = "a"]\n}\n')
  },
  {
    code: 'duplicate-edge',
    severity: 'warning',
    title: 'A second edge between the same states',
    meaning: 'Only the first label counts; events that stand in the second alone are lost.',
    rvgen: 'Keeps the first label, in silence.',
    example: dot('"a" -> "b" [label = "fly"]')
  },
  {
    code: 'duplicate-event',
    severity: 'warning',
    title: 'An event twice',
    meaning: 'The same event stands twice in one label, with the same guard.',
    rvgen: 'Takes one of them, in silence.',
    example: dot('"b" -> "b" [label = "stay\\nstay"]')
  },
  {
    code: 'nondeterministic',
    severity: 'error',
    title: 'One event, two targets',
    meaning:
      'In a state an event leads to one state; guards that exclude each other do not change that.',
    rvgen: 'Takes one of them, not always the same, in silence.',
    example: dot('"a" -> "a" [label = "go"]')
  },
  {
    code: 'two-guards',
    severity: 'error',
    title: 'One event, two guards',
    meaning:
      'A state and an event have one guard; the finding says whether the two can hold at once.',
    rvgen: 'Writes a check of which the first part counts, in silence.',
    example: dot('"b" -> "b" [label = "stay;x == 1\\nstay;x == 2"]')
  },
  {
    code: 'duplicate-attribute',
    severity: 'warning',
    title: 'An attribute twice',
    meaning: 'In one statement the first value counts.',
    rvgen: 'Takes the first one; Graphviz draws the last one.',
    example: dot('"b" [shape = ellipse, shape = box]')
  },
  {
    code: 'attribute-ignored',
    severity: 'warning',
    title: 'An attribute that comes too late',
    meaning:
      'Of several statements for one node the first value of a label or shape counts; here a later one differs, and would make another state or another final state.',
    rvgen: 'Takes the first one, in silence; Graphviz draws the last one.',
    example: dot('"b" [shape = circle]\n"b" [shape = doublecircle]')
  },
  {
    code: 'quoted-attribute',
    severity: 'warning',
    title: 'An attribute’s name in quotes',
    meaning: 'A name in quotes is no `label` and no `shape`.',
    rvgen: 'Does not recognise it, in silence; Graphviz does.',
    example: dot('"b" ["shape" = ellipse]')
  },
  {
    code: 'unreachable-state',
    severity: 'warning',
    title: 'A state that is never reached',
    meaning: 'No sequence of events leads from the initial state to it.',
    rvgen: 'Does not look.',
    example: dot('"c" [label = "c"]\n"c" -> "a" [label = "go"]')
  },
  {
    code: 'dead-end',
    severity: 'warning',
    title: 'A state without a way out',
    meaning: 'Every event is a violation there.',
    rvgen: 'Does not look.',
    example: dot('"c" [label = "c"]\n"b" -> "c" [label = "end"]')
  },
  {
    code: 'no-way-to-final',
    severity: 'warning',
    title: 'No way to a final state',
    meaning: 'Once in this state the monitor goes on for ever without passing a final state.',
    rvgen: 'Does not look.',
    example: dot('"c" [label = "c"]\n"b" -> "c" [label = "end"]\n"c" -> "c" [label = "go"]')
  },
  {
    code: 'event-never-accepted',
    severity: 'warning',
    title: 'An event that no state accepts',
    meaning:
      'It stands only on edges out of states that are never reached, so each is a violation.',
    rvgen: 'Does not look.',
    example: dot('"c" [label = "c"]\n"c" -> "a" [label = "home"]')
  },
  {
    code: 'no-start-event',
    severity: 'warning',
    title: 'No event to start with',
    meaning:
      'Monitoring starts where the state is known: at an event that leads to the initial state wherever it is accepted, or is accepted there alone. There is none, so a handler must call `da_handle_start_event()` by hand. An instrumentation beside the model that does so answers this.',
    rvgen: 'Writes handlers of which none starts the monitor, in silence.',
    example: wholeDot(
      'digraph m {\n"__init_a" [label = ""]\n"a" [label = "a"]\n"b" [label = "b"]\n"__init_a" -> "a"\n"a" -> "b" [label = "go"]\n"b" -> "a" [label = "go"]\n}\n'
    )
  },
  {
    code: 'class-mismatch',
    severity: 'error',
    title: 'Another class than asked for',
    meaning:
      'With guards, resets or invariants the automaton is hybrid (ha), else deterministic (da).',
    rvgen: 'Refuses the file with the same words.',
    example: dot('"a" -> "a" [label = "stay;x == 1"]', { class: 'da' })
  }
]
