import type { Change } from '../contract/state'

/** Texts about what is done to a target, and about what was seen of it and lost. */
export const targetTexts = {
  changes: {
    undo: (what: string) => `Undo: ${what}`,
    redo: (what: string) => `Redo: ${what}`,
    always: {
      undo: 'Undo the last change of the target',
      redo: 'Make the undone change of the target again'
    },
    nothingToUndo: 'Undo: nothing was changed',
    nothingToRedo: 'Redo: nothing was undone',
    what: (change: Change): string => {
      switch (change.op) {
        case 'enable':
          return `${change.on ? 'enable' : 'disable'} ${change.monitor}`
        case 'setReactor':
          return `reactor of ${change.monitor} to ${change.reactor}`
        case 'switch':
          return `${change.which} ${change.on ? 'on' : 'off'}`
        case 'stacks':
          return `stacks of violations ${change.on ? 'on' : 'off'}`
      }
    }
  },
  tree: {
    children: (on: number, all: number) => `${on} of ${all} monitors enabled`,
    since: (count: string, when: string) => `${count} since ${when}`,
    showViolations: (count: string, when: string) =>
      `${count} since ${when}. Press to see them; the command palette can count from now.`,
    hitState: 'state',
    hitEvent: 'event',
    takes: 'has a per-task slot:',
    disable: (monitor: string) => `Disable ${monitor}`,
    dismiss: 'Close this message'
  },
  since: {
    one: (monitor: string) => `Count violations of ${monitor} from now`,
    all: 'Count violations of all monitors from now',
    back: 'Count violations since the connection again'
  },
  silent: (target: string, seconds: string) =>
    `${target} has not answered for ${seconds} s: what you see may be old.`,
  losing: (rate: string, fastest: string) =>
    `${rate} events/s are overwritten in the kernel’s ring before they can be read: what you see of the monitors has gaps, and violations are kept apart from that. The fastest is ${fastest}.`,
  losingAccount: 'What was lost',
  account: {
    open: 'What was seen and what was lost, hop by hop',
    title: 'What was seen, and what was lost',
    help: 'Records on their way from the kernel to this window, since the connection. The counters of the rings are read in turns, some CPUs every five seconds.',
    none: 'The target keeps no trace instance for the panel: there is nothing to count.',
    hop: 'Hop',
    instances: { events: 'events', violations: 'violations', raw: 'events, raw' },
    text: (why: string) => `Events come as text. ${why}`,
    ring: 'Kernel ring',
    cpu: (cpu: number) => `CPU ${cpu}`,
    all: (n: number) => (n === 1 ? '1 CPU' : `all ${n} CPUs`),
    columns: {
      written: ['written', 'read + unread + overwritten + dropped'],
      read: ['read', 'taken out of the ring by the panel’s agent'],
      entries: ['unread', 'still in the ring'],
      overrun: ['overwritten', 'replaced by newer records before they were read'],
      dropped: ['dropped', 'without room in the ring, never written'],
      arrived: ['arrived', 'decoded here when the counters were asked for'],
      underWay: ['under way', 'read on the target and not here yet at that moment']
    },
    link: 'Link',
    linkWhole: 'delivers everything, in order, as long as it delivers',
    linkEnded: 'a stream has ended by itself: what came after is not known',
    linkParts: {
      received: 'bytes from the target',
      sent: 'bytes to the target',
      delivered: 'bytes of output delivered, unpacked',
      frames: 'whole frames',
      damaged: 'damaged frames, fetched again',
      repeated: 'lines said again',
      refetched: 'chunks asked for again',
      lost: 'chunks given up',
      noise: 'lines of the console beside the frames'
    },
    observer: 'Observer',
    observerParts: {
      events: 'monitor events folded into the state',
      violations: 'violations kept',
      malformed: 'lines that could not be read',
      malformedLog: 'lines of the kernel log that could not be read',
      eventRows: 'rows of the event log not kept',
      logLines: 'lines of the kernel log not kept',
      violationsNotSent: 'violations not sent to a window',
      instances: 'instances beyond what a monitor may have',
      edges: 'edges beyond what a monitor may have'
    },
    window: 'Window',
    windowParts: {
      received: 'batches drawn',
      gaps: 'gaps, after which all was read anew',
      rejected: 'messages that were refused'
    },
    lost: 'lost',
    copy: 'Copy as text',
    copied: 'Copied',
    save: 'Save as JSON…',
    saved: (file: string) => `Saved as ${file}`,
    close: 'Close'
  }
} as const
