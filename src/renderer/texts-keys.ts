import type { CommandGroup } from './stores/commands'

/** English texts of the palette, the list of shortcuts, and the commands of the window. */
export const keyTexts = {
  groups: {
    target: 'Target',
    monitors: 'Monitors',
    views: 'Views',
    time: 'Time',
    violations: 'Violations',
    simulator: 'Simulator',
    models: 'Models',
    window: 'Window',
    help: 'Help'
  } satisfies Record<CommandGroup, string>,
  palette: {
    title: 'Command palette',
    help: 'Type to find a command, a monitor, an instance, a state or a scenario. The arrow keys choose, Enter does it, Escape closes.',
    placeholder: 'A command, monitor, instance, state or scenario',
    results: 'What was found',
    none: (query: string) => `Nothing is called “${query}”.`,
    count: (n: number) => (n === 1 ? 'One entry' : `${n} entries`),
    more: (n: number) => `${n} more fit: type more of the name.`,
    instancesCut: (n: string) =>
      `Only the first ${n} instances of each monitor were looked at; the Instances tab has all.`,
    recent: 'Recent',
    kinds: { instances: 'Instances', states: 'States', scenarios: 'Scenarios' },
    goTo: (monitor: string) => `Go to ${monitor}`,
    enable: (monitor: string) => `Enable ${monitor}`,
    disable: (monitor: string) => `Disable ${monitor}`,
    follow: (instance: string, monitor: string) => `Follow ${instance} in ${monitor}`,
    state: (state: string, monitor: string) => `State ${state} of ${monitor}`,
    inState: (n: string) => `${n} in it`,
    boot: (title: string) => `Boot: ${title}`,
    notConnected: 'No target is connected.'
  },
  shortcuts: {
    title: 'Keyboard shortcuts',
    help: 'Keys in a row are pressed one after the other. Single keys act while nothing is being typed.',
    search: 'Find a shortcut or a command',
    then: 'then',
    or: 'or',
    none: (query: string) => `No shortcut is about “${query}”.`,
    print: 'Print',
    close: 'Close',
    unavailable: 'not possible now'
  },
  sequence: 'Next key',
  commands: {
    palette: 'Show the command palette',
    shortcuts: 'Show the keyboard shortcuts',
    search: 'Find a monitor',
    next: 'Next monitor',
    previous: 'Previous monitor',
    toggle: (monitor: string, on: boolean) => `${on ? 'Disable' : 'Enable'} ${monitor}`,
    toggleNone: 'Enable or disable the shown monitor',
    automaton: 'Show the automaton',
    instances: 'Show the instances',
    events: 'Show the events of this monitor',
    model: 'Show the model',
    timeline: 'Show the timeline',
    log: 'Show the kernel log',
    allEvents: 'Show the events of all monitors',
    pane: (name: string, open: boolean) => `${open ? 'Hide' : 'Show'} ${name}`,
    paneAlways: (name: string) => `Show or hide ${name}`,
    panes: {
      left: 'the pane of monitors',
      right: 'the pane of violations',
      bottom: 'the bottom pane'
    },
    theme: { system: 'Theme: as the system', dark: 'Theme: dark', light: 'Theme: light' },
    nextTheme: 'Change the theme',
    motion: (off: boolean) => (off ? 'Motion: as the system' : 'Motion: switch off'),
    motionWords: 'animation reduce',
    connect: 'Connect to a target…',
    disconnect: 'Disconnect from the target',
    monitoring: (on: boolean) => (on ? 'Switch monitoring_on off' : 'Switch monitoring_on on'),
    reacting: (on: boolean) => (on ? 'Switch reacting_on off' : 'Switch reacting_on on'),
    scenarios: 'Boot the simulated kernel with a fault…',
    editor: (shown: boolean) => (shown ? 'Leave the model editor' : 'Show the model editor'),
    editorAlways: 'Show or leave the model editor',
    newModel: 'New model…',
    openModel: 'Open model…',
    noMonitor: 'No monitor is shown.',
    inEditor: 'The model editor is shown; leave it first.',
    onStartPage: 'The start page is shown; go back to a target first.',
    noReactors: 'This kernel was built without reactors.'
  }
}
