/** English texts of the simulated machine's dialog and of runs to something. */
export const simulatorTexts = {
  open: 'Simulated machine…',
  title: 'Simulated machine',
  help: 'The same settings and the same acts give the same run, event by event.',
  now: 'This run',
  time: 'Virtual time',
  acts: (n: number) =>
    n === 0
      ? 'nothing was done to it since its boot'
      : n === 1
        ? 'one thing was done to it since its boot'
        : `${n} things were done to it since its boot`,
  runTo: 'Run to',
  ms: 'ms of virtual time',
  runMs: 'Run it',
  transition: 'next event of the shown monitor',
  transitionOf: (monitor: string) => `next event of ${monitor}`,
  violation: 'next violation',
  repeat: 'Repeat this run',
  repeatHelp:
    'Boots the same machine, does to it what you did at the same virtual times, and pauses where it is now.',
  cancel: 'Cancel',
  repeating: (percent: string) => `repeating ${percent}`,
  running: 'running',
  progress: 'How much of the run is repeated',
  pause: 'Pause',
  resume: 'Run',
  step: 'Next traced event',
  boot: 'Boot',
  settings: 'Boot another machine',
  cpus: 'CPUs',
  tasks: 'Tasks',
  seed: 'Seed',
  dice: 'Another seed',
  scenario: 'Fault',
  none: 'none: a correct kernel',
  parameters: 'Parameters of monitors',
  parametersHelp: 'One MONITOR.PARAMETER=NUMBER on each line, such as stall.threshold_jiffies=70.',
  command: 'Command line',
  copy: 'Copy',
  copied: 'Copied',
  close: 'Close',
  range: (name: string, min: number, max: number) =>
    `${name}: expected a whole number from ${min} to ${max}.`,
  badParameter: (line: string) =>
    `“${line}”: expected MONITOR.PARAMETER=NUMBER, such as stall.threshold_jiffies=70.`,
  onlySimulated: 'Only the simulated kernel can do that.',
  notRunning: 'Nothing runs to something.',
  commands: {
    ms: 'Simulator: run for 1 ms and pause',
    transition: 'Simulator: run to the next event of this monitor',
    violation: 'Simulator: run to the next violation',
    repeat: 'Simulator: repeat this run',
    cancel: 'Simulator: cancel the run'
  }
}
