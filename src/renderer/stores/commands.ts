import { markRaw, shallowReactive } from 'vue'

/** Headings under which commands stand in the palette and in the list of shortcuts. */
export const COMMAND_GROUPS = [
  'target',
  'monitors',
  'views',
  'time',
  'violations',
  'simulator',
  'models',
  'window',
  'help'
] as const
export type CommandGroup = (typeof COMMAND_GROUPS)[number]

/** Something that the user can do, wherever it is offered: a button, a key, the palette. */
export interface Command {
  /** Stable name, such as `time.live`. */
  readonly id: string
  readonly group: CommandGroup
  /** What it does, as the palette shows it. */
  readonly title: string | (() => string)
  /** What it does whatever the state, for the documentation; absent: the title says it. */
  readonly always?: string
  /**
   * Key combinations as `Ctrl+K`, `Shift+F3`, `g t` (one after the other) or `/`: modifiers in the
   * order Ctrl, Alt, Shift, Meta, then `KeyboardEvent.key`. Single letters act only while nothing
   * is being typed.
   */
  readonly keys?: readonly string[]
  /** False: shown greyed, and its key does nothing. Absent: always possible. */
  readonly enabled?: () => boolean
  /** Why it is not possible now, in one sentence; the palette shows it. */
  readonly why?: () => string
  /** Further words by which the palette finds it. */
  readonly words?: string
  /** True: a key that is held down does it again and again. */
  readonly repeats?: boolean
  /**
   * True: its keys are heard before the part that has the focus hears them, and typed text does not
   * get them.
   */
  readonly first?: boolean
  /** Part of the window in which it is possible: commands of different parts may share keys. */
  readonly scope?: 'monitors' | 'editor'
  readonly run: () => unknown
}

/** The commands of this window; views add theirs while they are there. */
export class Commands {
  private readonly byId = shallowReactive(new Map<string, Command>())

  /** Adds commands; of two with the same id the later one counts. Returns what takes them away. */
  add(...commands: readonly Command[]): () => void {
    for (const command of commands) this.byId.set(command.id, markRaw(command))
    return () => {
      for (const command of commands) {
        if (this.byId.get(command.id) === command) this.byId.delete(command.id)
      }
    }
  }

  /** All of them, in the order of their groups. Read in a computed value it follows changes. */
  get all(): readonly Command[] {
    return [...this.byId.values()].sort(
      (a, b) => COMMAND_GROUPS.indexOf(a.group) - COMMAND_GROUPS.indexOf(b.group)
    )
  }

  get(id: string): Command | undefined {
    return this.byId.get(id)
  }

  /** Does it, if it is there and possible now. */
  run(id: string): boolean {
    const command = this.byId.get(id)
    if (command === undefined || command.enabled?.() === false) return false
    command.run()
    return true
  }
}

/** A command's title as text. */
export function titleOf(command: Command): string {
  return typeof command.title === 'string' ? command.title : command.title()
}
