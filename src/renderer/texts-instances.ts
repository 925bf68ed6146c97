/** English texts of the table of instances. */
export const instanceTexts = {
  ids: { global: 'Instance', per_cpu: 'CPU', per_task: 'PID', per_obj: 'Object', unknown: 'id' },
  columns: {
    comm: 'comm',
    group: 'Thread group',
    runs: 'Runs',
    kind: 'Kind',
    state: 'State',
    since: 'In state for',
    transitions: 'Transitions',
    rate: 'Rate 1/s',
    violations: 'Violations',
    event: 'Last event'
  },
  help: {
    id: 'What the kernel prints as the id of the instance: a CPU, a pid, or an object',
    comm: 'Name of the task, as it gave it to itself',
    group: 'tgid, and the comm of the thread that leads the group',
    runs: 'The task that the CPU runs now; the simulated kernel says it for its first CPUs',
    kind: 'Whose deadline entity it is: that of a task, or of a server',
    state: 'State of the automaton that the instance is in',
    since: 'Time since the state was entered, on the clock of the target',
    transitions: 'Transitions since the connection',
    rate: 'Transitions per second, as they arrive, smoothed over 3 s',
    violations: 'Violations of this instance since the connection',
    event: 'The last event that the monitor saw of the instance'
  },
  kinds: {
    task: 'task',
    fairServer: (cpu: number) => `fair server of CPU ${String(cpu)}`,
    server: 'server'
  },
  idle: 'idle',
  exited: 'exited',
  exitedHelp: 'The task is in the list of tasks no more. Its row stays until its room is needed.',
  left: 'It does not match any more; the list is made anew in a moment.',
  unknown: '–',
  /** A rate that needs a second look at the counter. */
  measuring: '…',
  table: (monitor: string) => `Instances of ${monitor}`,
  shown: (n: string, of: string) => `${n} of ${of}`,
  noneYet: {
    off: 'The monitor is off. Enable it, and its instances appear with their first events.',
    paused: 'monitoring_on is off: no monitor sees an event until it is switched on.',
    per_cpu: 'No instance yet: a CPU appears with its first event.',
    per_task: 'No instance yet: a task appears with its first event, such as a switch or a wakeup.',
    per_obj: 'No instance yet: an object appears with its first event.',
    global: 'No instance yet: the monitor has seen no event.',
    unknown: 'No instance yet: one appears with its first event.',
    past: 'At this moment no instance had had an event.',
    pastUnknown: 'What the instances did at this moment is not kept.'
  },
  noneMatch: 'No instance matches.',
  clear: 'Show all',
  past: (time: string) => `As of ${time} s`,
  pastHelp: 'The table shows a moment of the past. Rates are known of the present alone.',
  held: 'Order held',
  heldPointer: 'Rows do not move while the pointer is over them.',
  heldSelection: 'Rows do not move while several are selected.',
  chips: 'Only instances in these states',
  chip: (state: string, n: string) => `${state}: ${n}`,
  hideExited: 'Hide exited',
  showsExited: (n: string) => `Tasks that have exited: ${n}`,
  followHint: 'Enter follows, p pins, Ctrl+C copies',
  pin: (name: string) => `Pin ${name}: it stays on top and gets a lane in the timeline`,
  unpin: (name: string) => `Unpin ${name}`,
  pinned: 'pinned',
  resize: (column: string) => `Width of ${column}`,
  columnsMenu: 'Columns',
  columnsReset: 'As they were at first',
  export: 'Export as CSV…',
  exporting: (file: string) => `${file} has the table.`,
  tooLong: 'The table is too long for a file: filter it first.',
  copied: (n: number) => (n === 1 ? 'The row is copied.' : `${String(n)} rows are copied.`),
  copyFailed: 'The clipboard did not take the text.',
  menu: {
    follow: 'Follow',
    unfollow: 'Stop following',
    pin: 'Pin',
    unpin: 'Unpin',
    copy: (n: number) => (n === 1 ? 'Copy row' : `Copy ${String(n)} rows`),
    select: 'Select all',
    only: (state: string) => `Only ${state}`
  },
  commands: {
    filter: 'Instances: filter',
    pin: 'Instances: pin or unpin',
    follow: 'Instances: follow or stop following',
    copy: 'Instances: copy the selected rows',
    export: 'Instances: export as CSV',
    clear: 'Instances: show all'
  },
  filter: {
    label: 'Filter instances',
    placeholder: 'Filter: a name, state:…, violations>0',
    help: 'A word is looked for in comm, id and state. Also state:sleeping, pid:100-200, tgid:1, rate>100, time>10ms, violations>0, is:exited; - before a part turns it round.'
  }
}
