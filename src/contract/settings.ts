import { z } from 'zod'
import { targetSpec } from './requests'

/*
 * What the user can set. The values live in settings.json in the program's config folder, which the
 * main process owns and the user may edit; the window has a mirror of it.
 */

/** How the table of instances is arranged; columns by their keys, widths in px. */
const instanceTable = z.strictObject({
  order: z.array(z.string().max(40)).max(40).default([]),
  hidden: z.array(z.string().max(40)).max(40).default([]),
  widths: z.record(z.string().max(40), z.number().min(1).max(4000)).default({}),
  hidesExited: z.boolean().default(false)
})

/** By what the list of violations is grouped, and in which order the groups stand. */
export const GROUPINGS = ['cause', 'edge', 'monitor', 'instance', 'task', 'cpu'] as const
export const SORTINGS = ['newest', 'count', 'monitor'] as const
/** A target that was connected to, or at least tried. */
export const recentTarget = z.strictObject({
  target: targetSpec,
  /** When it was asked for or connected last, ms since 1970; absent: not known. */
  at: z.number().min(0).max(8.64e15).optional(),
  /** Its kernel's release then; absent: it was never reached. */
  release: z.string().max(120).optional(),
  /** Stays in the list whatever comes after it, and stands first. */
  pinned: z.boolean().default(false)
})
export type RecentTarget = z.infer<typeof recentTarget>
/** Most entries of the list of recent targets: pinned ones, the newest others, the newest recordings. */
const MAX_RECENT = 32

const violationList = z.strictObject({
  grouping: z.enum(GROUPINGS).default('cause'),
  sorting: z.enum(SORTINGS).default('newest')
})

/** Headings under which settings stand in the dialog and in the documentation. */
export const SETTING_SECTIONS = ['appearance', 'views', 'panes', 'memory'] as const
export type SettingSection = (typeof SETTING_SECTIONS)[number]

/** One key of the file. */
interface Definition<S extends z.ZodType> {
  readonly schema: S
  /** What counts where the file does not have the key, or has no possible value of it. */
  readonly fallback: z.output<S>
  readonly section: SettingSection
  /** What it may be, as it is written in the file; stands after "expected" in a problem. */
  readonly expected: string
  /** What it does, in one sentence. */
  readonly effect: string
}

const define = <S extends z.ZodType>(
  section: SettingSection,
  schema: S,
  fallback: z.output<S>,
  expected: string,
  effect: string
): Definition<S> => ({ schema, fallback, section, expected, effect })

const choice = <const V extends readonly [string, ...string[]]>(
  section: SettingSection,
  values: V,
  fallback: V[number],
  effect: string
): Definition<z.ZodType<V[number]>> => {
  const quoted = values.map((value) => JSON.stringify(value))
  const expected = `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1) ?? ''}`
  const schema: z.ZodType<V[number]> = z.enum(values)
  return define(section, schema, fallback, expected, effect)
}

const size = (min: number, max: number, fallback: number, effect: string) =>
  define('panes', z.number().min(min).max(max), fallback, `a number from ${min} to ${max}`, effect)

const flag = (section: SettingSection, fallback: boolean, effect: string) =>
  define(section, z.boolean(), fallback, 'true or false', effect)

/** Every key of settings.json, in the order of the documentation. */
export const settingDefinitions = {
  theme: choice(
    'appearance',
    ['system', 'dark', 'light'],
    'system',
    'Dark or light colours; `"system"` follows the desktop.'
  ),
  density: choice(
    'appearance',
    ['comfortable', 'compact'],
    'comfortable',
    'Height of rows in the tree and in tables, and of bars.'
  ),
  colours: choice(
    'appearance',
    ['standard', 'lightness'],
    'standard',
    'Colours of states: `"standard"` are hues, `"lightness"` steps from dark to bright that need no sense of hue.'
  ),
  motion: choice(
    'appearance',
    ['system', 'on', 'off'],
    'system',
    'Motion of the drawing and of controls; `"system"` follows the desktop’s wish for less.'
  ),
  times: choice(
    'views',
    ['boot', 'relative'],
    'boot',
    'Times in the lists of events, violations and log lines: seconds since the target’s boot, or how long ago.'
  ),
  heat: choice(
    'views',
    ['rate', 'count', 'off'],
    'rate',
    'What the width and colour of an automaton’s edges show.'
  ),
  instanceTable: define(
    'views',
    instanceTable,
    { order: [], hidden: [], widths: {}, hidesExited: false },
    'an object of order, hidden (lists of columns), widths (px by column) and hidesExited',
    'Order, choice and widths of the columns of the table of instances, and whether it leaves out tasks that have exited.'
  ),
  eventColumnsHidden: define(
    'views',
    z.array(z.string().max(40)).max(40),
    ['apart'],
    'a list of at most 40 columns',
    'Columns of the event log that are not shown.'
  ),
  violationList: define(
    'views',
    violationList,
    { grouping: 'cause', sorting: 'newest' },
    `an object of grouping (${GROUPINGS.join(', ')}) and sorting (${SORTINGS.join(', ')})`,
    'How the list of violations is grouped and sorted.'
  ),
  folded: define(
    'views',
    z.array(z.string().max(80)).max(200),
    [],
    'a list of at most 200 names',
    'Containers whose monitors are hidden in the tree.'
  ),
  leftOpen: flag('panes', true, 'Whether the pane of monitors is there.'),
  leftWidth: size(160, 640, 328, 'Width of the pane of monitors, px.'),
  rightOpen: flag('panes', true, 'Whether the pane of violations is there.'),
  rightWidth: size(200, 760, 344, 'Width of the pane of violations, px.'),
  bottomOpen: flag('panes', true, 'Whether the bottom pane is there.'),
  bottomHeight: size(60, 700, 212, 'Height of the bottom pane, px.'),
  bottomTab: choice(
    'panes',
    ['timeline', 'log', 'events', 'terminal'],
    'timeline',
    'What the bottom pane shows.'
  ),
  editorWidth: size(240, 1400, 680, 'Width of the text in the model editor, px.'),
  formulaHeight: size(90, 900, 236, 'Height of the formula of an LTL monitor, px.'),
  recent: define(
    'memory',
    // Earlier versions wrote the target alone.
    z
      .array(
        z.union([recentTarget, targetSpec.transform((target) => recentTarget.parse({ target }))])
      )
      .max(MAX_RECENT),
    [],
    `a list of at most ${MAX_RECENT} targets, as the panel writes them`,
    'Targets and recordings that were opened last, newest first, with time and kernel release; pinned ones stay.'
  ),
  recentCommands: define(
    'memory',
    z.array(z.string().max(200)).max(12),
    [],
    'a list of at most 12 ids of commands',
    'Commands that were chosen in the palette last, newest first.'
  )
} as const

export type SettingKey = keyof typeof settingDefinitions
/** A value for every key. */
export type Settings = {
  -readonly [K in SettingKey]: z.output<(typeof settingDefinitions)[K]['schema']>
}

export const SETTING_KEYS = Object.keys(settingDefinitions).filter(isSettingKey)

/** Whether it is the name of a setting. */
export function isSettingKey(name: string): name is SettingKey {
  return Object.hasOwn(settingDefinitions, name)
}

/** The settings of who has set nothing; new objects at each call. */
export function defaultSettings(): Settings {
  return readSettings({}).values
}

/**
 * Takes what can be taken: each possible value counts, every other key has its default.
 *
 * @param given values by key, of whoever sent or wrote them
 * @returns `refused`: the keys whose value is not possible
 */
export function readSettings(given: Readonly<Record<string, unknown>>): {
  values: Settings
  refused: SettingKey[]
} {
  const refused: SettingKey[] = []
  const values = Object.fromEntries(
    SETTING_KEYS.map((key) => {
      const { schema, fallback } = settingDefinitions[key]
      const parsed = schema.safeParse(given[key])
      if (!parsed.success && given[key] !== undefined) refused.push(key)
      // Parsed again, since what is read may be changed later.
      return [key, parsed.success ? parsed.data : schema.parse(fallback)]
    })
  )
  // Each key of the table has a value of its own schema here; the compiler cannot follow the loop.
  return { values: values as Settings, refused }
}

/** Something that is wrong with the file; the sentence names what was expected. */
export const settingProblem = z.strictObject({
  /** From 1; 0: the file as a whole. */
  line: z.int().min(0),
  column: z.int().min(0),
  message: z.string()
})
export type SettingProblem = z.infer<typeof settingProblem>

/** What main tells the window of the settings. */
export const settingsState = z.strictObject({
  /** The file's path. */
  file: z.string(),
  values: z.record(z.string(), z.unknown()),
  /** Keys that the file has. */
  given: z.array(z.string()),
  problems: z.array(settingProblem),
  /** Keys that were changed in the window and could not be written yet. */
  unsaved: z.array(z.string())
})
export type SettingsState = z.infer<typeof settingsState>

/** What the window asks of main. */
export const settingsRequest = z.discriminatedUnion('op', [
  /** Sets keys; their values are checked one by one. */
  z.strictObject({ op: z.literal('change'), values: z.record(z.string().max(40), z.unknown()) }),
  /** Opens the file in the program that the desktop has for it. */
  z.strictObject({ op: z.literal('open') })
])
export type SettingsRequest = z.infer<typeof settingsRequest>

export const settingsReply = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('state'), state: settingsState }),
  z.strictObject({ type: z.literal('failed'), message: z.string() })
])
export type SettingsReply = z.infer<typeof settingsReply>
