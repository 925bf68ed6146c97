import { z } from 'zod'

/*
 * The application's menu. Its entries are commands of the window, by the same ids as in the palette:
 * the window tells their titles, keys and whether they are possible, and runs what is chosen.
 */

/** One submenu. `-` is a line between entries. */
export interface MenuPart {
  /** With the letter that opens it behind `&`. */
  readonly label: string
  readonly items: readonly string[]
}

/** Ids of commands by submenu, in order. */
export const menuParts = {
  file: {
    label: '&File',
    items: [
      'models.new',
      'models.open',
      'models.save',
      'models.saveAs',
      '-',
      'target.openRecording',
      '-',
      'window.settings',
      'window.settings.file'
    ]
  },
  target: {
    label: '&Target',
    items: [
      'window.start',
      'target.connect',
      'target.disconnect',
      '-',
      'target.undo',
      'target.redo',
      '-',
      'target.monitoring_on',
      'target.reacting_on',
      '-',
      'target.record',
      'target.account'
    ]
  },
  simulator: {
    label: '&Simulator',
    items: [
      'simulator.machine',
      'simulator.scenarios',
      '-',
      'simulator.run.ms',
      'simulator.run.transition',
      'simulator.run.violation',
      '-',
      'simulator.repeat',
      'simulator.cancel'
    ]
  },
  monitors: {
    label: '&Monitors',
    items: [
      'monitors.search',
      'monitors.previous',
      'monitors.next',
      'monitors.toggle',
      '-',
      'models.editor',
      'models.run'
    ]
  },
  time: {
    label: 'T&ime',
    items: [
      'time.live',
      '-',
      'time.previous-violation',
      'time.next-violation',
      '-',
      'time.start',
      'time.end',
      'time.fit'
    ]
  },
  view: {
    label: '&View',
    items: [
      'views.automaton',
      'views.instances',
      'views.events',
      'views.model',
      '-',
      'views.bottom.timeline',
      'views.bottom.log',
      'views.bottom.events',
      'views.bottom.terminal',
      '-',
      'views.pane.left',
      'views.pane.bottom',
      'views.pane.right',
      '-',
      'window.theme',
      'window.density',
      'window.colours',
      'window.motion'
    ]
  },
  help: { label: '&Help', items: ['help.tour', '-', 'window.palette', 'window.shortcuts'] }
} as const satisfies Readonly<Record<string, MenuPart>>

/** Every command that the menu has. */
export const MENU_IDS: ReadonlySet<string> = new Set(
  Object.values(menuParts).flatMap(({ items }) => items.filter((id) => id !== '-'))
)

/** What the window tells of one command. */
export const menuEntry = z.strictObject({
  id: z.string().max(60),
  title: z.string().max(200),
  /** A combination as the menu writes it, such as `Ctrl+Shift+E`; null: none that a menu can show. */
  keys: z
    .string()
    .max(40)
    .regex(/^(?:(?:Ctrl|Alt|Shift|Meta)\+)*[!-~]\w*$/)
    .nullable(),
  enabled: z.boolean()
})
export type MenuEntry = z.infer<typeof menuEntry>
export const menuEntries = z.array(menuEntry).max(200)
