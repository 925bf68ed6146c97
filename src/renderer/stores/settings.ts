import { reactive, shallowRef, watch, type ShallowRef } from 'vue'
import type { PreloadApi } from '../../contract/preload-api'
import {
  readSettings,
  SETTING_KEYS,
  settingsReply,
  settingsState,
  type SettingKey,
  type Settings,
  type SettingsState
} from '../../contract/settings'

export type { Settings } from '../../contract/settings'

type SettingsApi = PreloadApi['settings']

/** Changes are sent together when there was none for so long, ms: a border that is dragged makes many. */
export const QUIET_MS = 150
/** Where versions before the file kept them. */
const OLD_KEY = 'rvpanel.settings'
const NOTHING: SettingsState = { file: '', values: {}, given: [], problems: [], unsaved: [] }

/** The window's mirror of settings.json. */
export interface SettingsMirror {
  /** What counts; whatever is changed here is written to the file by main. */
  readonly values: Settings
  /** What else main says of the file. */
  readonly file: Readonly<ShallowRef<SettingsState>>
  /** Opens the file in an editor. Resolves with a sentence where that is not possible. */
  open(): Promise<string | undefined>
  /** Sends what was changed, without waiting for more. */
  flush(): Promise<void>
}

/**
 * Follows main's settings, and tells it what is changed in the window. A key that was changed and
 * not yet answered keeps the window's value, whatever comes in between.
 *
 * @param storage of a version that kept the settings there: they move to the file, once
 */
export function createSettings(api: SettingsApi, storage?: Storage): SettingsMirror {
  const file = shallowRef(parsed(api.now()))
  const values = reactive(readSettings(file.value.values).values)
  /** What main and the window agree on, as text, by key. */
  const agreed = new Map(SETTING_KEYS.map((key) => [key, JSON.stringify(values[key])]))
  const changed = new Set<SettingKey>()
  const asked = new Map<SettingKey, number>()
  let timer: ReturnType<typeof setTimeout> | undefined

  const take = (state: SettingsState): void => {
    file.value = state
    const { values: fresh } = readSettings(state.values)
    for (const key of SETTING_KEYS) {
      const text = JSON.stringify(fresh[key])
      if (changed.has(key) || (asked.get(key) ?? 0) > 0 || agreed.get(key) === text) continue
      agreed.set(key, text)
      Object.assign(values, { [key]: fresh[key] })
    }
  }
  const flush = async (): Promise<void> => {
    clearTimeout(timer)
    if (changed.size === 0) return
    const keys = [...changed]
    changed.clear()
    for (const key of keys) {
      agreed.set(key, JSON.stringify(values[key]))
      asked.set(key, (asked.get(key) ?? 0) + 1)
    }
    // Plain copies: what is reactive cannot be sent.
    const sent: unknown = JSON.parse(
      JSON.stringify(Object.fromEntries(keys.map((k) => [k, values[k]])))
    )
    const reply = await api
      .ask({ op: 'change', values: sent as Record<string, unknown> })
      .catch(() => undefined)
    for (const key of keys) asked.set(key, (asked.get(key) ?? 1) - 1)
    const answer = settingsReply.safeParse(reply)
    if (answer.success && answer.data.type === 'state') take(answer.data.state)
  }

  watch(
    values,
    () => {
      for (const key of SETTING_KEYS) {
        if (agreed.get(key) !== JSON.stringify(values[key])) changed.add(key)
      }
      clearTimeout(timer)
      if (changed.size > 0) timer = setTimeout(() => void flush(), QUIET_MS)
    },
    { deep: true, flush: 'sync' }
  )
  api.onChange((state) => {
    take(parsed(state))
  })
  if (storage !== undefined)
    void migrate(api, storage, file.value).then((state) => state && take(state))
  return {
    values,
    file,
    open: async () => {
      const reply = settingsReply.safeParse(await api.ask({ op: 'open' }).catch(() => undefined))
      if (!reply.success) return ''
      return reply.data.type === 'failed' ? reply.data.message : undefined
    },
    flush
  }
}

/** Main is trusted, but a version of it that does not fit leaves the window with the defaults. */
function parsed(message: unknown): SettingsState {
  const state = settingsState.safeParse(message)
  return state.success ? state.data : NOTHING
}

/** Moves what an earlier version kept in the profile's storage to the file, unless the file has it. */
async function migrate(
  api: SettingsApi,
  storage: Storage,
  now: SettingsState
): Promise<SettingsState | undefined> {
  const text = storage.getItem(OLD_KEY)
  if (text === null) return undefined
  let old: unknown
  try {
    old = JSON.parse(text)
  } catch {
    old = {}
  }
  const values = Object.fromEntries(
    Object.entries(typeof old === 'object' && old !== null ? old : {}).filter(
      ([key]) => !now.given.includes(key)
    )
  )
  const reply = settingsReply.safeParse(
    await api.ask({ op: 'change', values }).catch(() => undefined)
  )
  // Kept until main has it.
  if (!reply.success || reply.data.type !== 'state') return undefined
  storage.removeItem(OLD_KEY)
  return reply.data.state
}
