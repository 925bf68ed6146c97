/** Words of one step of a story. */
export interface StepWords {
  readonly title: string
  readonly text: string
}

/** English texts of the tour and of the kiosk's film, by chapter and step. */
export const storyTexts = {
  tour: {
    open: 'Two-minute tour',
    words: 'introduction help demo learn',
    label: 'Tour',
    of: (i: number, n: number) => `${i} of ${n}`,
    next: 'Next',
    back: 'Back',
    end: 'End the tour',
    finish: 'Finish',
    busy: 'The simulated kernel is getting ready …',
    leave: (target: string) =>
      `The tour runs on the simulated kernel: it leaves ${target}, and connects to it again at its end.`,
    stay: 'Stay here',
    begin: 'Begin the tour',
    steps: {
      welcome: {
        title: 'What this window shows',
        text: 'Runtime Verification monitors live in the kernel. Each follows a small model of what may happen, and says so when something else does. This is a simulated kernel with all of Linux’s monitors: nothing here can be broken.'
      },
      tree: {
        title: 'The monitors',
        text: 'As the files under /sys/kernel/tracing/rv have them: containers such as sched open and close; a monitor has one instance for the system, for each CPU, task or object.'
      },
      enable: {
        title: 'A monitor is switched on',
        text: 'The tour has just enabled wip, “wakeup in preemptive”: it demands that tasks are only woken while preemption is disabled. The switch writes to the monitor’s enable file.'
      },
      automaton: {
        title: 'The model, live',
        text: 'This is the automaton that runs in the kernel. Each chip is a CPU, on the state that it is in now; edges glow with the rate of their events. Drag, zoom with the wheel, press F to fit.'
      },
      slow: {
        title: 'Time in your hands',
        text: 'The simulated machine now runs 5,000 times slower, so that single events can be seen. You can pause it, step from event to event, and repeat a run from its seed.'
      },
      fault: {
        title: 'Something goes wrong',
        text: 'The machine was booted again, with a driver that wakes a task without disabling preemption. Here is every violation, grouped by its cause: open one for its path through the model, its surroundings and its stack.'
      },
      red: {
        title: 'How the kernel left its model',
        text: 'The red edge is an event that the model does not have: it shows where the kernel deviated, and how often. Time stands still now.'
      },
      timeline: {
        title: 'Back in time',
        text: 'A lane for each CPU, coloured by state, with violations as marks. Click into it and every view shows that moment; Escape or the Live button brings you back to now.'
      },
      tasks: {
        title: 'Thousands of tasks',
        text: 'wwnr follows every task. Sort and filter the table, pin a task to see its lane, and follow it through the automaton.'
      },
      reactor: {
        title: 'What the kernel does about it',
        text: 'A reactor is called at each violation: nop does nothing, printk prints to the kernel log, panic stops the machine. Here it is chosen; panic asks before it is armed.'
      },
      end: {
        title: 'Your own kernel',
        text: 'Connect to a board over ssh, a serial line or any command that leads to a shell, or to this machine: what the panel changes there is put back when it leaves. Ctrl+K finds every command.'
      }
    } as Readonly<Record<string, StepWords>>
  },
  kiosk: {
    label: 'rvpanel: runtime verification of the Linux kernel',
    pause: 'Pause',
    resume: 'Go on',
    again: 'From the beginning',
    chapters: 'Chapters',
    close: 'Close',
    touch: 'Touch a state, an arrow or a CPU',
    waiting: 'The simulated kernel is starting …',
    state: (name: string, monitor: string) => `State ${name} of ${monitor}`,
    inState: (n: number, what: string) =>
      n === 1 ? `One ${what} is in it now.` : `${n} ${what}s are in it now.`,
    cpu: 'CPU',
    task: 'task',
    edge: (event: string) => `Event ${event}`,
    edgeText: (from: string, to: string, n: string) =>
      from === to
        ? `In the state ${from} it may happen, and changes nothing. Seen ${n} times.`
        : `It leads from ${from} to ${to}. Seen ${n} times.`,
    refused: (event: string, from: string) => `${event} in the state ${from}`,
    refusedText:
      'The model has no such arrow. The kernel did it all the same: this is a violation, and the monitor reports it.',
    chip: (n: string) => `CPU ${n}`,
    chipText:
      'A processor of the machine. Its chip stands on the state that it is in, and jumps when an event happens on it.',
    chapterNames: {
      model: 'What a monitor is',
      cpus: 'Four CPUs',
      violation: 'A violation',
      realTime: 'A real-time task'
    } as Readonly<Record<string, string>>,
    steps: {
      'model.kernel': {
        title: 'Can you watch a kernel keep its rules?',
        text: 'The Linux kernel runs phones, satellites and operating theatres. It has rules that must never be broken, not once in a million events per second.'
      },
      'model.model': {
        title: 'A rule, drawn as a machine',
        text: 'This is the model of one rule. Its circles are states: a processor can be preemptive, when the kernel may take it away from a task, or non_preemptive.'
      },
      'model.events': {
        title: 'Arrows are what may happen',
        text: 'preempt_disable and preempt_enable lead from one state to the other. sched_waking, a task is being woken, has an arrow in non_preemptive only. That is the rule.'
      },
      'model.enable': {
        title: 'A monitor follows it in the kernel',
        text: 'Now the monitor is switched on. The chips are the processors of this computer, moving through the model as the kernel works.'
      },
      'cpus.four': {
        title: 'Each processor for itself',
        text: 'Four processors, four instances of the same model. The thicker and warmer an arrow, the more often it is taken.'
      },
      'cpus.slow': {
        title: 'Ten thousand times slower',
        text: 'Only now can an eye follow. Watch a chip jump: one event of the kernel, one step in the model.'
      },
      'cpus.fast': {
        title: 'And as it really is',
        text: 'This goes on all the time, on every computer that runs Linux. The monitor checks every single step.'
      },
      'violation.fault': {
        title: 'A driver with a mistake',
        text: 'This machine has a faulty driver: it wakes tasks without disabling preemption first. Nobody would notice, for weeks perhaps.'
      },
      'violation.again': {
        title: 'There it was. Once more, slowly',
        text: 'The monitor has seen it. The same run is repeated, up to just before the moment …'
      },
      'violation.watch': {
        title: 'Watch the chips in preemptive',
        text: 'Ten thousand times slower again. One of these processors will do what it must not.'
      },
      'violation.refused': {
        title: 'Not allowed',
        text: 'The red arrow is not in the model: a task was woken while the processor was still preemptive. The monitor noticed at that very event.'
      },
      'violation.reaction': {
        title: 'And then?',
        text: 'The kernel can ignore it, write it down, or stop the machine before harm is done. Whoever builds the machine decides.'
      },
      'realTime.task': {
        title: 'A task that must be on time',
        text: 'Real-time tasks steer brakes and robot arms. One of them, here, has a programming mistake that makes it late now and then.'
      },
      'realTime.rule': {
        title: 'A rule in logic',
        text: 'This rule is a formula: always, a real-time task that sleeps does so in an allowed way. Its parts light up as they become true and false.'
      },
      'realTime.sleeps': {
        title: 'Caught',
        text: 'The task slept relative to now instead of until a fixed time: each delay adds to the next. The monitor names the task, and the call.'
      },
      'realTime.end': {
        title: 'Rules that watch themselves',
        text: 'That is Runtime Verification: a mathematical model beside the running system, comparing. The story begins again in a moment.'
      }
    } as Readonly<Record<string, StepWords>>
  }
}
