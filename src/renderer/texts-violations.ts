import type { Reaction } from '../contract/state'

/** What happened with a violation, in the kernel's terms (kernel/trace/rv/reactor_*.c). */
function reaction({ reactor, without }: Reaction): string {
  switch (without) {
    case 'no-reactors':
      return 'none: this kernel has no reactors'
    case 'reacting-off':
      return `none: reacting_on was off (the monitor’s reactor is ${reactor ?? ''})`
    case 'not-given':
      return 'none: this is not given to a reactor'
    case null:
      break
  }
  switch (reactor) {
    case 'nop':
      return 'nop: nothing is done'
    case 'printk':
      return 'printk: printed to the kernel log:'
    case 'panic':
      return 'panic: the kernel stopped with:'
    default:
      return `${reactor ?? ''} was called`
  }
}

/** English texts of stacks, reactions and reports of violations. */
export const violationTexts = {
  stack: 'Kernel stack',
  stacks: 'Stacks',
  stacksHelp:
    'Has the kernel record the stack behind each violation (a stacktrace trigger in the panel’s own trace instance)',
  noStack: 'Not recorded: switch Stacks on above, and the next violations have one.',
  reaction: 'Reaction',
  reactionOf: reaction,
  allowed: 'Allowed in that state',
  nothingAllowed: 'no event',
  preview: 'Report…',
  reportTitle: 'Report of a violation',
  reportHelp: 'Plain text of at most 78 columns, for a mail to a kernel list.',
  copyReport: 'Copy',
  saveReport: 'Save…',
  savedReport: (file: string) => `Saved as ${file}.`,
  close: 'Close',
  report: {
    monitor: 'Monitor',
    kernel: 'Kernel',
    instance: 'Instance',
    time: 'Time',
    seen: 'Seen',
    context: 'Context',
    allowed: 'Allowed',
    reaction: 'Reaction',
    lost: 'Lost',
    times: (count: number, since: string | undefined) =>
      (count === 1 ? 'once' : `${count} times`) + (since === undefined ? '' : ` since ${since} s`),
    lostUnknown: 'events were lost, and nobody can say how many',
    words: 'Trace event:',
    path: 'What the instance did before:',
    none: 'no such transition',
    around: (cpu: number) => `Trace of CPU ${cpu}:`,
    stack: 'Kernel stack, innermost first:',
    again: 'To see it again, on the simulated kernel:'
  }
}
