/** Texts of the terminal tab. */
export const terminalTexts = {
  tab: 'Terminal',
  label: (target: string) => `Terminal on ${target}`,
  start: 'Open a terminal',
  restart: 'Open again',
  end: 'End the shell',
  copy: 'Copy',
  paste: 'Paste',
  clear: 'Clear',
  none: 'No target is connected: there is nothing to open a terminal on.',
  noneRecording: 'A recording has no terminal: nothing runs there.',
  about: (target: string) =>
    `Your own commands on ${target}, over the link that the panel has. What you change with them is yours: the panel does not put it back.`,
  ended: 'The terminal has ended.',
  endedWhy: (why: string) => `The terminal has ended: ${why}`,
  pasteLines: (lines: number) => `Paste ${lines} lines? Each one may run at once.`,
  pasteNow: 'Paste them',
  cancel: 'Cancel',
  commands: {
    show: 'Show the terminal',
    restart: 'Open a terminal on the target again',
    end: 'End the shell in the terminal'
  }
} as const
