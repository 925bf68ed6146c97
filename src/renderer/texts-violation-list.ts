import type { Grouping, Sorting } from './stores/violation-groups'

const many = (n: string, one: string, more: string): string =>
  n === '1' ? `1 ${one}` : `${n} ${more}`

/** English texts of the list of violations: filter, groups, and what is new. */
export const violationListTexts = {
  filter: {
    label: 'Filter violations',
    placeholder: 'Filter: wip, cpu:2, -state:…',
    help: 'A word is looked for in monitor, state, event, comm and environment. Also monitor:wip, state:…, event:…, comm:…, env:…, cpu:0-3, pid:12, id:12, time>10s, is:new, is:stack, is:timeout, is:retries; - before a part turns it round.'
  },
  grouping: 'Group by',
  groupings: {
    cause: 'Cause',
    edge: 'State and event',
    monitor: 'Monitor',
    instance: 'Instance',
    task: 'Task',
    cpu: 'CPU'
  } satisfies Record<Grouping, string>,
  groupingHelp:
    'Cause: the same event in the same state of the same instance. Task: the context that ran the handler.',
  sorting: 'Sort by',
  sortings: {
    newest: 'Newest first',
    count: 'Most first',
    monitor: 'Monitor'
  } satisfies Record<Sorting, string>,
  filterCleared: 'The filter of the violations is cleared: it hid the one that was asked for.',
  shown: (n: string, of: string) => `${n} of ${of}`,
  all: (n: string) => many(n, 'violation', 'violations'),
  newCount: (n: string) => `${n} new`,
  newHelp: 'Violations since you looked: a group counts as seen when it is closed again.',
  markSeen: 'Mark all as seen',
  isNew: 'new',
  newest: 'Newest:',
  anyCpu: (cpu: number) => `CPU ${String(cpu)}`,
  held: 'Order held',
  heldHelp: 'Groups do not move while the pointer or the keyboard is among them.',
  heldMore: (n: string) => `${n} new at the end`,
  past: (time: string) => `As of ${time} s: later violations are dimmed.`,
  lostRing: (n: string) =>
    `${many(n, 'violation was', 'violations were')} overwritten in the kernel’s ring before being read.`,
  lostUnknown: 'Violations were lost in the kernel’s ring; how many cannot be counted.',
  notTaken: (n: string) =>
    `${many(n, 'violation', 'violations')} came faster than this window took them.`,
  notListed: (n: string) =>
    `${many(n, 'older violation is', 'older violations are')} counted but no longer listed.`,
  histogram: (n: string, from: string, to: string, most: string) =>
    `${many(n, 'violation', 'violations')} from ${from} s to ${to} s, at most ${most} in one bar. A click shows the first of a bar.`,
  list: (n: string) => `${many(n, 'violation', 'violations')}, newest last`,
  listHint: 'Arrows choose, Enter shows the moment in all views',
  columns: { time: 'Time', apart: 'Since last', cpu: 'CPU', task: 'Context' },
  position: (i: string, n: string) => `${i} of ${n}`,
  older: 'Older (Alt+Up)',
  newer: 'Newer (Alt+Down)',
  moment: 'Show the moment',
  stepHelp: (time: string) => `Shows the automaton at ${time} s`,
  lineHelp: (time: string) => `Shows ${time} s in all views`,
  asking: 'Asking for what led to it…',
  outlineOnly: 'Of its path and its surroundings nothing is kept any more.',
  allowed: 'Allowed there',
  allowedStep: (event: string, to: string) => `${event} → ${to}`,
  allowedHelp: (to: string) => `Leads to ${to}`,
  openInAutomaton: 'Show in the automaton',
  commands: {
    filter: 'Violations: filter',
    older: 'Violations: older one of the group',
    newer: 'Violations: newer one of the group',
    moment: 'Violations: show the moment of the chosen one',
    report: 'Violations: report of the chosen one',
    automaton: 'Violations: chosen one in the automaton',
    seen: 'Violations: mark all as seen',
    group: (name: string) => `Violations: group by ${name.toLowerCase()}`,
    nothingChosen: 'Open a group of violations first.',
    nothingNew: 'Nothing is new.'
  }
}
