import { COMMAND_GROUPS, titleOf, type Command, type CommandGroup } from '../stores/commands'

/** One line of the list of shortcuts. */
export interface ShortcutLine {
  readonly id: string
  readonly title: string
  /** What it does whatever is shown. */
  readonly always: string
  readonly keys: readonly string[]
  readonly possible: boolean
}

/** Lines under their heading. */
export interface ShortcutGroup {
  readonly group: CommandGroup
  readonly list: readonly ShortcutLine[]
}

/** The commands that have a key, under their groups; with words, those whose title or keys have them. */
export function shortcutGroups(commands: readonly Command[], words = ''): ShortcutGroup[] {
  const all = commands
    .filter((command) => (command.keys ?? []).length > 0)
    .map((command) => ({
      id: command.id,
      group: command.group,
      title: titleOf(command),
      always: command.always ?? titleOf(command),
      keys: command.keys ?? [],
      possible: command.enabled?.() !== false
    }))
    .filter((one) => `${one.title} ${one.keys.join(' ')}`.toLowerCase().includes(words))
  return COMMAND_GROUPS.map((group) => ({
    group,
    list: all.filter((one) => one.group === group)
  })).filter(({ list }) => list.length > 0)
}
