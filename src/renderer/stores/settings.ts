import { reactive, watch } from 'vue'
import { z } from 'zod'
import { targetSpec, type TargetSpec } from '../../contract/requests'
import { GROUPINGS, SORTINGS } from './violation-groups'

/** How the table of instances is arranged; columns by their keys, widths in px. */
const instanceTable = z.object({
  order: z
    .array(z.string().max(40))
    .max(40)
    .catch(() => []),
  hidden: z
    .array(z.string().max(40))
    .max(40)
    .catch(() => []),
  widths: z.record(z.string().max(40), z.number().min(1).max(4000)).catch(() => ({})),
  hidesExited: z.boolean().catch(false)
})

/** How the list of violations is arranged. */
const violationList = z.object({
  grouping: z.enum(GROUPINGS).catch('cause'),
  sorting: z.enum(SORTINGS).catch('newest')
})

const settingsSchema = z.object({
  theme: z.enum(['system', 'dark', 'light']).catch('system'),
  /** Motion of the drawing and of controls: as the system says, or none. */
  motion: z.enum(['system', 'off']).catch('system'),
  leftWidth: z.number().min(160).max(640).catch(328),
  rightWidth: z.number().min(200).max(760).catch(344),
  bottomHeight: z.number().min(60).max(700).catch(212),
  editorWidth: z.number().min(240).max(1400).catch(680),
  leftOpen: z.boolean().catch(true),
  rightOpen: z.boolean().catch(true),
  formulaHeight: z.number().min(90).max(900).catch(236),
  bottomOpen: z.boolean().catch(true),
  bottomTab: z.enum(['timeline', 'log', 'events', 'terminal']).catch('timeline'),
  /** Containers whose monitors are hidden in the tree. */
  folded: z.array(z.string().max(80)).max(200).catch([]),
  // A new object for each: what is read is changed later.
  instanceTable: instanceTable.catch(() => instanceTable.parse({})),
  /** Columns of the event log that are not shown. */
  eventColumnsHidden: z
    .array(z.string().max(40))
    .max(40)
    .catch(() => ['apart']),
  violationList: violationList.catch(() => violationList.parse({})),
  /** Ids of the commands that were chosen in the palette last, newest first. */
  recentCommands: z.array(z.string().max(200)).max(12).catch([]),
  sshPort: z.number().int().min(1).max(65535).nullable().catch(null),
  /** What the width and colour of an automaton's edges show. */
  heat: z.enum(['rate', 'count', 'off']).catch('rate'),
  recent: z.array(targetSpec).max(8).catch([])
})
export type Settings = z.infer<typeof settingsSchema>

const KEY = 'rvpanel.settings'

function read(storage: Storage | undefined): Settings {
  try {
    return settingsSchema.parse(JSON.parse(storage?.getItem(KEY) ?? '{}'))
  } catch {
    return settingsSchema.parse({})
  }
}

/** What the user arranged in the window; kept in the profile's local storage. */
export function createSettings(storage: Storage | undefined): Settings {
  const settings = reactive(read(storage))
  watch(
    settings,
    (value) => {
      try {
        storage?.setItem(KEY, JSON.stringify(value))
      } catch {
        // A full or forbidden storage only forgets the arrangement.
      }
    },
    { deep: true }
  )
  return settings
}

/** Puts a target first in the list of recent ones. */
export function rememberTarget(settings: Settings, spec: TargetSpec): void {
  const key = JSON.stringify(spec)
  settings.recent = [
    spec,
    ...settings.recent.filter((other) => JSON.stringify(other) !== key)
  ].slice(0, 8)
}
