import type { SettingKey } from '../contract/settings'

/** English texts of the settings: the dialog, its commands, and what is told of the file. */
export const settingsTexts = {
  title: 'Settings',
  help: 'Each change acts at once and is written to the settings file. An edit of the file acts at once here.',
  open: 'Open settings file',
  copyPath: 'Copy its path',
  close: 'Close',
  sections: { appearance: 'Appearance', views: 'Views', panes: 'Panes' },
  /** A choice: its name, what it does, and the words for its values. */
  choices: {
    theme: {
      label: 'Theme',
      effect: 'Dark or light colours.',
      values: { system: 'As the system', dark: 'Dark', light: 'Light' }
    },
    density: {
      label: 'Density',
      effect: 'Height of rows and bars.',
      values: { comfortable: 'Comfortable', compact: 'Compact' }
    },
    colours: {
      label: 'State colours',
      effect:
        'Hues that colour-blind eyes can tell apart, or steps of lightness that need no sense of hue.',
      values: { standard: 'Hues', lightness: 'Lightness' }
    },
    motion: {
      label: 'Motion',
      effect: 'Motion of the drawing and of controls.',
      values: { system: 'As the system', on: 'On', off: 'Off' }
    },
    times: {
      label: 'Times',
      effect: 'How lists of events, violations and log lines tell when something happened.',
      values: { boot: 'Seconds since boot', relative: 'How long ago' }
    },
    heat: {
      label: 'Heat of edges',
      effect: 'What the width and colour of an automaton’s edges show.',
      values: { rate: 'Rate', count: 'Count', off: 'Off' }
    }
  } satisfies Partial<
    Record<SettingKey, { label: string; effect: string; values: Readonly<Record<string, string>> }>
  >,
  panes: {
    leftOpen: 'Pane of monitors',
    rightOpen: 'Pane of violations',
    bottomOpen: 'Bottom pane'
  },
  panesEffect: 'Which panes are there. Their borders can be dragged, or moved with the arrow keys.',
  resetSizes: 'Reset the sizes of all panes',
  problems: (n: number) =>
    n === 1 ? 'The settings file has a mistake' : `The settings file has ${n} mistakes`,
  /** As a compiler says it, so that an editor can jump there. */
  problem: (file: string, line: number, column: number, message: string) =>
    line === 0 ? `${file}: ${message}` : `${file}:${line}:${column}: ${message}`,
  rest: 'Everything else in the file counts.',
  unsaved: (keys: string) =>
    `Changed in this window, and written as soon as the file can be: ${keys}.`,
  dismiss: 'Hide until the file changes',
  opened: (file: string) => `${file} was opened in the desktop’s editor.`,
  noAnswer: 'The settings file cannot be opened.',
  commands: {
    dialog: 'Settings…',
    file: 'Open settings file',
    fileWords: 'settings.json preferences configuration edit',
    words: 'preferences options configuration',
    density: (compact: boolean) => (compact ? 'Density: comfortable' : 'Density: compact'),
    colours: (lightness: boolean) =>
      lightness ? 'State colours: hues' : 'State colours: lightness',
    times: (relative: boolean) => (relative ? 'Times: seconds since boot' : 'Times: how long ago')
  }
}
