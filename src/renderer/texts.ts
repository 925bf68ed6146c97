import { recordingTexts } from './texts-recording'
import { toolTexts } from './texts-tools'

/** Every English text of the window. Functions take what varies; what a target sent is shown as it is. */
export const texts = {
  app: {
    name: 'rvpanel',
    noBridge: 'This page is the window of rvpanel and works only inside it.'
  },
  bridge: {
    closed: 'The observer has ended; nothing more can be asked of it.',
    malformed: 'The observer sent a message that this window does not understand; it was dropped.',
    contradicts: 'A message of the observer contradicted what came before; the state is read anew.',
    version: (theirs: number, ours: number) =>
      `The observer speaks version ${theirs} of the protocol and this window version ${ours}; restart rvpanel.`
  },
  top: {
    noTarget: 'No target',
    connect: 'Connect',
    cpus: (n: number) => (n === 1 ? '1 CPU' : `${n} CPUs`),
    monitoring: 'monitoring',
    reacting: 'reacting',
    monitoringHelp:
      'rv/monitoring_on: off stops every monitor that has a reset (all but LTL) without disabling it',
    reactingHelp: 'rv/reacting_on: off keeps monitoring but suppresses every reactor',
    eventsPerSecond: 'events/s',
    violations: 'violations',
    lost: 'lost',
    lostUnknown: 'unknown',
    theme: (now: string) => `Theme: ${now}`,
    themes: { system: 'follows the system', dark: 'dark', light: 'light' },
    panes: { left: 'Monitors', right: 'Violations', bottom: 'Timeline and logs' },
    kinds: {
      sim: 'simulated kernel',
      local: 'this machine',
      ssh: 'ssh',
      serial: 'serial line',
      cmd: 'command',
      recording: recordingTexts.kind
    }
  },
  phases: {
    none: 'not connected',
    connecting: 'connecting',
    authenticating: 'authenticating',
    connected: 'connected',
    lost: 'connection lost',
    panicked: 'kernel panic'
  },
  simulator: {
    label: 'Simulated kernel',
    pause: 'Pause virtual time',
    resume: 'Let virtual time run',
    step: 'One event',
    speed: 'Speed of virtual time',
    time: 'Virtual time since boot',
    seed: (cpus: number, tasks: number, seed: number) =>
      `${cpus} CPUs, ${tasks} tasks, seed ${seed}: the same settings give the same run`,
    reboot: 'Reboot the simulated kernel',
    scenario: (title: string, description: string) => `${title}. ${description}`,
    noScenario: 'Correct kernel',
    chooseScenario: 'Boot the simulated kernel with a documented fault',
    achieved: (factor: string) => `runs at ${factor}`,
    achievedHelp: (factor: string, asked: string) =>
      `Runs at ${factor}: this computer is too slow for ${asked}.`,
    running: 'What its CPUs do now',
    runningFirst: (n: number, of: number) => `What CPUs 0 to ${n - 1} of ${of} do now`,
    contexts: { idle: 'idle', task: 'task', softirq: 'softirq', hardirq: 'hardirq' }
  },
  scenarios: {
    title: 'Boot with a fault',
    help: 'Each scenario is a mechanism in the simulated kernel that makes one monitor report. Choosing one boots the machine anew, and enables that monitor.',
    search: 'Find by monitor or word',
    none: 'Correct kernel',
    noneHelp:
      'No fault. What a monitor reports then is what its documentation explains, as for wip and wwnr.',
    noMatch: (words: string) => `No scenario has “${words}” in it.`,
    cancel: 'Cancel'
  },
  banner: {
    armed: (monitors: string, target: string) =>
      `panic is armed on ${monitors}: the next violation stops ${target}.`,
    armedOff: 'Set to nop',
    panicked: (target: string) => `${target} stopped with a kernel panic`,
    panickedHelp: 'What you see below is the last state before it stopped.',
    rebootHelp: 'Connect again once the machine is back.',
    lost: (target: string) => `The connection to ${target} is lost.`,
    reconnect: 'Reconnect',
    monitoringOff:
      'monitoring_on is off: no monitor follows its events, what you see stands still.',
    turnOn: 'Turn monitoring on',
    connecting: (target: string) => `Connecting to ${target}…`,
    cancel: 'Cancel'
  },
  connect: {
    title: 'Connect to a target',
    sim: 'Simulated kernel',
    simHelp: 'A small deterministic kernel inside rvpanel. No root, no hardware.',
    local: 'This machine',
    localHelp:
      'The kernel that rvpanel runs on. Needs read access to tracefs, which is usually root.',
    ssh: 'ssh',
    sshHelp: 'A board or server through your own OpenSSH: ~/.ssh/config, agents, jump hosts.',
    serial: 'Serial line',
    serialHelp:
      'A shell or a login at the end of a serial line, the kernel’s own console too. Needs nothing but busybox there.',
    cmd: 'Command',
    cmdHelp:
      'Any program that leads to a shell on the board: picocom, adb shell, docker exec -it, a lab’s gateway.',
    device: 'Device',
    devicePlaceholder: '/dev/ttyUSB0',
    baud: 'Baud',
    command: 'Program and arguments',
    commandPlaceholder: 'picocom -q -b 115200 /dev/ttyUSB0',
    cpus: 'CPUs',
    tasks: 'Tasks',
    seed: 'Seed',
    scenario: 'Scenario',
    destination: 'Host',
    destinationPlaceholder: 'user@host or an alias',
    port: 'Port',
    portPlaceholder: 'default',
    recent: 'Recent',
    go: 'Connect',
    cancel: 'Cancel',
    disconnect: 'Disconnect',
    badHost:
      'Expected a host, user@host or an alias of ~/.ssh/config that does not begin with a dash.',
    badDevice: 'Expected the path of a device, such as /dev/ttyUSB0.',
    badCommand:
      'Expected a program that does not begin with a dash, and its arguments, with every quote closed.',
    badNumber: (what: string, low: number, high: number) =>
      `${what}: expected a whole number from ${low} to ${high}.`,
    describe: {
      sim: (cpus: number, tasks: number, seed: number, scenario: string | undefined) =>
        `Simulated kernel, ${cpus} CPUs, ${tasks} tasks, seed ${seed}${scenario === undefined ? '' : `, ${scenario}`}`,
      simulated: (scenario: string | undefined) => scenario ?? 'Simulated kernel',
      machine: (cpus: number, tasks: number, seed: number) =>
        `${cpus === 1 ? '1 CPU' : `${cpus} CPUs`}, ${tasks === 1 ? '1 task' : `${tasks} tasks`}, seed ${seed}`,
      local: 'This machine',
      serial: (device: string, baud: number) => `${device}, ${baud} baud`
    }
  },
  auth: {
    title: 'The target asks',
    help: 'Your answer goes to ssh, or to the program that asks, and nowhere else.',
    answer: 'Answer',
    secret: 'Not shown while you type',
    send: 'Send',
    cancel: 'Cancel'
  },
  panic: {
    title: 'Arm the panic reactor?',
    body: (monitor: string, target: string) =>
      `With panic on ${monitor}, the next violation stops ${target} at once: no sync, no shutdown.`,
    type: 'Type the target’s name to confirm:',
    arm: 'Arm panic',
    cancel: 'Keep it as it is'
  },
  tree: {
    label: 'Monitors',
    search: 'Find a monitor',
    clear: 'Clear the search',
    nothing: 'No monitor matches.',
    empty: 'This kernel lists no monitors.',
    notConnected: 'Connect to a target to see its monitors.',
    enable: (name: string) => `Enable ${name}`,
    reactor: (name: string) => `Reactor of ${name}`,
    noReactors: 'This kernel has no reactors (CONFIG_RV_REACTORS)',
    violations: (n: string) => (n === '1' ? '1 violation' : `${n} violations`),
    children: (n: number) => `${n} monitors`,
    types: { global: 'global', per_cpu: 'cpu', per_task: 'task', per_obj: 'obj', unknown: '' },
    typesLong: {
      global: 'global',
      per_cpu: 'per-CPU',
      per_task: 'per-task',
      per_obj: 'per-object',
      unknown: 'type not known yet'
    },
    classes: { da: 'DA', ha: 'HA', ltl: 'LTL', container: 'container', unknown: '' },
    classesLong: {
      da: 'deterministic automaton',
      ha: 'hybrid automaton',
      ltl: 'linear temporal logic',
      container: 'container',
      unknown: 'class not known yet'
    }
  },
  monitor: {
    tabs: { automaton: 'Automaton', instances: 'Instances', events: 'Events', model: 'Model' },
    instances: (n: string) => `${n} instances`,
    oneInstance: '1 instance',
    learned: 'No model of this monitor is known: drawn from the states and edges seen so far.',
    waitingCpus: 'waiting for a start event',
    waitingTasks: 'not monitored: ',
    cpu: (n: number) => `CPU ${n}`,
    object: (n: number) => `object ${n}`,
    global: 'global',
    following: 'Following',
    stopFollowing: 'Stop following',
    for: 'for',
    notMonitoring: 'not monitoring',
    fit: 'Fit the drawing (F)',
    zoomIn: 'Zoom in (+)',
    zoomOut: 'Zoom out (−)',
    counters: 'Counters on every edge',
    legend: 'edge width: transitions/s',
    layoutFailed: (why: string) => `Graphviz could not lay this automaton out: ${why}`,
    layingOut: 'Laying out…',
    inState: (n: string, state: string) => `${n} in ${state}`,
    close: 'Close',
    more: (n: string) => `and ${n} more: see Instances`
  },
  empty: {
    disabledTitle: (name: string) => `${name} is not enabled`,
    disabled: 'Press Space or the switch to enable it.',
    enable: 'Enable',
    noneTitle: 'Select a monitor on the left',
    noStatesTitle: 'Nothing seen yet',
    noStates: 'The drawing appears with the first events of this monitor.',
    noInstanceTitle: 'Enabled, and no instance has started yet',
    startGeneric: 'An instance starts with the first start event of its CPU or task.',
    start: {
      wip: 'A CPU starts with its next preempt_enable, the start event of wip.',
      wwnr:
        'A task starts only when it is switched out while its state is exactly TASK_INTERRUPTIBLE (1). ' +
        'A sleep with further bits, such as nanosleep’s TASK_INTERRUPTIBLE | TASK_FREEZABLE, does not start it.'
    } as Readonly<Record<string, string>>,
    noViolationsTitle: 'No violations',
    noViolations: 'Nothing that an enabled monitor forbids has happened since the connection.',
    noViolationsIdle: 'No monitor is enabled, so nothing is checked.',
    noViolationsPanicked:
      'None was traced before the kernel stopped. A panic reaction stops it within the violation, before the trace event: what was violated is in the panic message.',
    noInstances: 'No instances yet.',
    noInstancesMatch: 'No instance matches the filter.',
    noLog: 'The kernel has printed nothing since the connection.',
    noEvents: 'No events yet: enable a monitor.',
    noModel: 'No model of this monitor is known to the panel.',
    noLanes: 'Lanes appear with the first events of an enabled monitor.',
    noLanesContainer: 'A container has no lanes. Choose one of its monitors.',
    containerTitle: 'Monitors of this container'
  },
  instances: {
    filter: 'Filter by name, pid or state',
    columns: {
      name: 'Instance',
      id: 'id',
      state: 'State',
      since: 'In state for',
      transitions: 'Transitions',
      violations: 'Violations',
      event: 'Last event'
    },
    shown: (n: string, of: string) => `${n} of ${of}`
  },
  violations: {
    title: 'Violations',
    groups: (n: string) => (n === '1' ? '1 cause' : `${n} causes`),
    times: (n: string) => `×${n}`,
    notExpected: 'not expected in',
    env: 'with',
    timeout: 'Timeout in',
    ltl: 'violation detected',
    retries: 'event lost in a race: 3 retries reached',
    when: 'When',
    where: 'Where',
    context: 'Context',
    instance: 'Instance',
    path: 'Path that led here',
    noPath: 'No earlier transitions of this instance were seen.',
    around: 'Trace of this CPU around it',
    sentence: 'The kernel’s words',
    why: 'What this usually means',
    copy: 'Copy as text',
    copied: 'Copied',
    copyFailed: 'The clipboard did not take the text: select it and press Ctrl+C.',
    explain: {
      wip:
        'preempt_disable and preempt_enable trace only the outermost change of the preempt count. When an interrupt ' +
        'arrives after the count was raised or lowered and before its trace event, a wakeup in that interrupt is ' +
        'seen in the wrong state. The kernel’s documentation names this as a known false positive of wip: a ' +
        'shortcoming of the instrumentation, not a bug of the scheduler.',
      wwnr:
        'A task set its own state to sleep and was woken before it reached schedule(): the wakeup finds it still ' +
        'running. The kernel allows this; wwnr is a testing monitor whose model is deliberately too strict, which ' +
        'makes it good for trying reactors.'
    } as Readonly<Record<string, string>>
  },
  flags: {
    irqsOff: 'irqs off',
    irqsOn: 'irqs on',
    irqsUnknown: 'irq state unknown',
    bhOff: 'bottom halves off',
    needResched: 'need resched',
    needReschedLazy: 'need resched (lazy)',
    preemptResched: 'preempt resched',
    preempt: (n: number) => `preempt depth ${n}`,
    migrate: (n: number) => `migration disabled ${n}×`,
    contexts: {
      task: 'task context',
      softirq: 'softirq',
      hardirq: 'hardirq',
      'hardirq in softirq': 'hardirq in softirq',
      nmi: 'NMI',
      'nmi in hardirq': 'NMI in hardirq'
    }
  },
  bottom: {
    timeline: 'Timeline',
    log: 'Kernel log',
    events: 'Event log',
    live: 'Live',
    frozen: 'Frozen',
    frozenHelp: 'The lanes stand still; new events are still recorded.',
    window: 'Width of the timeline',
    unknownStates: 'striped: more happened than was shown',
    hole: (n: string) => `${n} events were not kept for display`
  },
  model: {
    source: 'Source',
    table: 'Transition function',
    state: 'state',
    invalid: 'not allowed',
    copied: 'Copied.',
    problems: 'The model’s text has problems'
  },
  editor: {
    edit: 'Edit',
    enter: 'Models: write and try them',
    back: 'Back to the monitors; what is not saved stays as a draft',
    backShort: 'Monitors',
    name: 'Name of the model',
    create: 'New…',
    open: 'Open…',
    save: 'Save',
    saveAs: 'Save as…',
    run: 'Run',
    runHelp: 'Save, and run it on the simulated kernel (Ctrl+Enter)',
    cancel: 'Cancel',
    text: 'Text',
    files: 'Files of the model',
    side: 'Views of the model',
    panels: { drawing: 'Drawing' },
    textOf: (file: string) => `Text of ${file}`,
    status: {
      draft: 'not saved; kept as a draft',
      saved: 'saved',
      copy: 'copy of a model of rvpanel'
    },
    malformed: 'The program answered something that this window does not understand.',
    noAnswer: 'The program did not answer about files of models.',
    tooLong: (file: string, length: number, most: number) =>
      `${file} has ${length} characters; expected a model of at most ${most}. It is kept nowhere until it is shorter.`,
    checkStopped: (seconds: number) =>
      `The check took longer than ${seconds} s and was stopped; it begins anew with the next change.`,
    checkFailed: 'The check ended with an error of its own; it begins anew with the next change.',
    restored: (at: Date) =>
      `Restored from the draft of ${at.toLocaleString()}: it has changes that were not saved.`,
    notDrawn: 'The text cannot be read as it is: mend its syntax first.',
    problems: 'Problems',
    checking: 'checking …',
    problemKeys: 'F8 next, Shift+F8 previous',
    counts: (errors: number, warnings: number, notes: number) => {
      const some = (n: number, word: string): string[] =>
        n === 0 ? [] : [`${n} ${word}${n === 1 ? '' : 's'}`]
      const all = [...some(errors, 'error'), ...some(warnings, 'warning'), ...some(notes, 'note')]
      return all.length === 0 ? 'none found' : all.join(', ')
    },
    hasErrors: (model: string, first: string) =>
      `${model} does not run with errors in it. ${first}`,
    needsInstrumentation: (model: string) =>
      `${model} has no instrumentation yet: which tracepoint is which event. Begin one for a monitor that is`,
    mapEvents: 'Say in the YAML file which tracepoint raises which event, then run it again.',
    notSoundYet: 'The model has errors: mend them first, then its events are known.',
    noTracepoints:
      'No tracepoint raises an event yet: name them under the key tracepoints of the YAML file.',
    replace: 'Run it in its place',
    leave: 'Go to the simulated kernel',
    disk: {
      sentence: (files: string) => `${files} changed on the disk since it was read.`,
      theirs: 'Take what is on the disk',
      keep: 'Keep what is here',
      overwrite: 'Overwrite it',
      later: 'Do not save'
    },
    drawing: {
      label: 'Drawing of the model',
      hints:
        'Double click or N: state. Drag between states or E: event. F2: rename. Del: remove. G: guard or invariant.',
      done: 'Done.',
      stale: 'The text has a syntax error: this is the last drawing before it.',
      staleFormula: 'The formula has an error: this is the last drawing before it.',
      none: 'There is nothing to draw until the text is a graph, `digraph NAME { … }`.',
      noStates: 'No states yet.',
      tooLarge: 'The model is too large to be drawn in a way that one could read.',
      formula:
        'The Büchi automaton that the kernel runs for the formula; it is changed by the formula.',
      noFormula: 'The Büchi automaton of the formula is drawn where it has no errors.',
      state: (
        name: string,
        initial: boolean,
        final: boolean,
        invariant: string,
        undeclared: boolean
      ) =>
        [
          `state ${name}`,
          ...(initial ? ['initial'] : []),
          ...(final ? ['final'] : []),
          ...(invariant === '' ? [] : [`invariant ${invariant}`]),
          ...(undeclared ? ['no node statement'] : [])
        ].join(', '),
      event: (event: string, from: string, to: string, guard: string) =>
        `event ${event} from ${from} to ${to}${guard === '' ? '' : `, ${guard}`}`,
      menu: {
        addState: 'Add a state…',
        rename: 'Rename…',
        addEvent: 'Add an event…',
        invariant: 'Invariant…',
        initial: 'Make it the initial state',
        final: 'Make it final',
        notFinal: 'Make it not final',
        guard: 'Guard and reset…',
        move: 'Move to another state…',
        remove: 'Remove'
      }
    },
    ask: {
      newState: 'Name of the new state',
      newEvent: (from: string) => `Event in ${from}`,
      renameState: 'Name of the state',
      renameEvent: 'Name of the event',
      invariant: 'Invariant',
      guard: 'Guard and reset',
      move: 'Move the event',
      to: 'To the state',
      everywhere: 'on every edge that has it',
      eventHelp: 'An event, or event;guard such as wakeup;clk<10us',
      invariantHelp: 'A limit of a clock, such as clk < 10us; empty: none',
      guardHelp: 'Such as clk<10us, reset(clk), or clk<10us;reset(clk); empty: none',
      ok: 'OK',
      cancel: 'Cancel'
    },
    newModel: {
      title: 'New model',
      help: 'It begins as a small model that runs, to change into yours.',
      name: 'Name of the monitor',
      namePlaceholder: 'such as wip',
      badName: 'Expected a name of letters, digits and _, at most 31 characters.',
      kind: 'Class',
      type: 'Instances',
      kinds: { da: 'Automaton', ha: 'Hybrid automaton', ltl: 'LTL' },
      kindHelp: {
        da: 'States and events (DA).',
        ha: 'With clocks, guards and invariants (HA).',
        ltl: 'A formula of linear temporal logic, per task.'
      },
      create: 'Create',
      cancel: 'Cancel'
    },
    openModel: {
      title: 'Models',
      help: 'Automata (.dot) and formulas (.ltl), each with its instrumentation (.yaml) beside it. Those that come with rvpanel are opened as copies.',
      begin: 'New model…',
      choose: 'Open a file…',
      drafts: 'Drafts: not saved yet',
      draft: (at: Date, folder: string) =>
        `kept ${at.toLocaleString()}${folder === '' ? '' : ` · ${folder}`}`,
      discard: (model: string) => `Discard the draft of ${model}`,
      models: 'Models',
      search: 'Find a model',
      kinds: { automaton: 'automaton', ltl: 'LTL', container: 'container' },
      own: 'in your models folder'
    },
    completion: {
      state: 'state',
      event: 'event',
      atom: 'atom',
      shape: 'shape',
      container: 'container',
      tracepoint: 'tracepoint',
      environment: 'environment variable',
      reset: 'resets a clock',
      constant: 'constant',
      argument: (tracepoint: string) => `argument of ${tracepoint}`
    }
  },
  tools: toolTexts,
  ltl: {
    intro:
      'An LTL monitor follows the set of Büchi states in which each task can be. An empty set is a violation.',
    set: 'State set',
    tasks: 'Tasks',
    atoms: 'Atoms that held',
    next: 'Next set',
    count: 'Count',
    notStarted: 'not started'
  },
  footer: {
    ring: 'lost in kernel ring',
    link: 'lost on the link',
    window: 'rows not shown',
    malformed: 'malformed lines',
    unknown: 'unknown',
    frame: 'frame',
    batches: 'batches/s',
    gaps: 'gaps',
    dormant: (monitors: string) => `panic is set on ${monitors}, which cannot react now`,
    worst: (ms: string) => `longest in the last second: ${ms} ms`
  },
  toast: { dismiss: 'Dismiss' }
} as const
