const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** English texts of the start page. */
export const startTexts = {
  title: 'Runtime Verification of a Linux kernel',
  lead: 'Choose what to look at. The simulated kernel needs nothing but this program.',
  leaves: (target: string) =>
    `Another choice leaves ${target}; what the panel changed there is put back.`,
  command: 'Start page',
  commandWords: 'home welcome targets recent',
  alreadyShown: 'The start page is shown.',
  back: (target: string) => `Back to ${target}`,
  failed: (target: string) => `Not connected to ${target}`,
  failedAny: 'Not connected',
  retry: 'Try again',
  edit: 'Change the connection…',
  close: 'Close this message',
  tour: {
    help: 'What a monitor is, a live automaton, a violation in slow motion: on the simulated kernel, where nothing can be broken.'
  },
  simulated: {
    title: 'Simulated kernel',
    help: (cpus: number, tasks: number, seed: number) =>
      `Linux’s monitors on a small deterministic machine: ${cpus} CPUs, ${tasks} tasks, seed ${seed}. A card boots it.`,
    correct: 'Correct kernel',
    correctText: 'No fault. What wip and wwnr report here, their documentation explains.',
    machine: 'Another machine…',
    search: 'Find a fault or monitor',
    noMatch: (words: string) => `No fault has “${words}” in it.`,
    boot: (title: string) => `Boot: ${title}`
  },
  targets: {
    title: 'Targets',
    local: 'This machine',
    localHelp: 'the kernel that rvpanel runs on',
    ssh: 'ssh…',
    serial: 'Serial line…',
    cmd: 'Command…',
    none: 'Targets that were connected to are listed here.'
  },
  recordings: {
    title: 'Recordings',
    open: 'Open recording…',
    none: 'A recording, or the text of trace or trace_pipe, can also be dropped on the window.'
  },
  models: { title: 'Models', open: 'Write a model…' },
  recent: {
    never: 'never reached',
    pin: (name: string) => `Keep ${name} in the list`,
    unpin: (name: string) => `Keep ${name} in the list no more`,
    tooMany: 'There are as many pinned targets as the list can have: take a pin away first.',
    forget: (name: string) => `Take ${name} out of the list`,
    ago: (ms: number): string => {
      if (ms < MINUTE) return 'just now'
      if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ago`
      if (ms < DAY) return `${Math.floor(ms / HOUR)} h ago`
      const days = Math.floor(ms / DAY)
      return days === 1 ? 'a day ago' : `${days} days ago`
    },
    at: (when: Date) => when.toLocaleString()
  },
  needs: {
    title: 'What a real kernel needs',
    items: [
      [
        'CONFIG_RV=y',
        'and CONFIG_RV_MON_… of each monitor; without it tracefs has no rv folder. zgrep CONFIG_RV /proc/config.gz tells, or the file /boot/config-$(uname -r).'
      ],
      [
        'CONFIG_RV_REACTORS=y',
        'for reactors (printk, panic); without it monitors still follow events and report violations as trace events.'
      ],
      [
        'tracefs',
        'mounted: mount -t tracefs tracefs /sys/kernel/tracing. The panel looks for it in /proc/mounts.'
      ],
      ['root', 'to write there: ssh as root, or run the panel as root for this machine.']
    ],
    instead:
      'Without such a kernel: the simulated one has the same files, and a recording of another machine can be opened.'
  }
} as const
