/** English texts of the event log and the kernel log. */
export const eventTexts = {
  filter: {
    label: 'Filter events',
    placeholder: 'Filter: wip, cpu:2, event:…, -comm:…',
    help: 'A word is looked for in the line and in comm. Also monitor:wip, state:…, event:…, comm:…, text:…, cpu:0-3, pid:12, id:12, time>10s, is:violation, is:final; - before a part turns it round.'
  },
  logFilter: {
    label: 'Filter the kernel log',
    placeholder: 'Filter: a word, level<=warn, monitor:…',
    help: 'A word is looked for in the text. Also level<=warn (warn and what is more severe), level:err,crit, monitor:wip, state:…, event:…, time>10s, is:rv; - before a part turns it round.'
  },
  noneMatch: (n: string) =>
    `None of the newest ${n} events matches. Those that do are listed as they come.`,
  shown: (n: string, of: string) => `${n} of ${of}`,
  paused: (n: string) => (n === '0' ? 'Paused' : `Paused · ${n} new`),
  pausedHelp: 'The list stands still while you look at older lines. Nothing is lost by it.',
  follow: 'Follow the newest',
  past: (time: string) => `As of ${time} s`,
  notKept: (n: string) =>
    n === '1' ? '1 was not kept for display' : `${n} were not kept for display`,
  columns: {
    time: 'Time',
    apart: 'Since last',
    cpu: 'CPU',
    flags: 'Flags',
    who: 'Context',
    monitor: 'Monitor',
    text: 'Event'
  },
  columnsMenu: 'Columns',
  timeHelp: (time: string) => `Show ${time} s in all views`,
  monitorHelp: (monitor: string) => `Show ${monitor} in the automaton, and follow the instance`,
  violationHelp: 'Show the violation',
  violation: 'Violation',
  noViolation:
    'The violation of this line is not in the list: it has not arrived, or is no longer kept.',
  rvOnly: 'RV only',
  rvOnlyHelp: 'Lines that RV printed (they begin with rv:)',
  level: 'Level',
  levelFrom: (name: string) => `${name} and above`,
  allLevels: 'All levels',
  /** Letters of the levels: neither two alike nor a colour alone. */
  levelLetters: ['!', 'A', 'C', 'E', 'W', 'N', 'I', 'D'],
  copy: 'Copy what is listed',
  copied: (n: string) => (n === '1' ? '1 line is copied.' : `${n} lines are copied.`),
  copyFailed: 'The clipboard did not take the text.',
  listHint:
    'Arrows choose, Enter shows the moment in all views, I the instance, X the violation, Ctrl+C copies',
  logListHint: 'Arrows choose, Enter shows the moment in all views, X the violation, Ctrl+C copies',
  commands: {
    filter: 'Event log: filter',
    filterLog: 'Kernel log: filter',
    copyLog: 'Kernel log: copy what is listed',
    copyEvents: 'Event log: copy what is listed'
  }
}
