import type { PreloadApi } from '../../contract/preload-api'
import {
  readSettings,
  type SettingProblem,
  type SettingsReply,
  type SettingsState
} from '../../contract/settings'

/** Main's side of the settings, in memory. */
export class FakeSettings {
  given: Record<string, unknown> = {}
  problems: SettingProblem[] = []
  /** What the window asked to change, oldest first. */
  readonly changes: Readonly<Record<string, unknown>>[] = []
  private readonly listeners = new Set<(state: unknown) => void>()
  /** Resolves before each answer: a test holds answers back with it. */
  before: () => Promise<void> = () => Promise.resolve()

  readonly api: PreloadApi['settings'] = {
    now: () => this.state,
    ask: async (request): Promise<SettingsReply> => {
      if (request.op === 'change') {
        this.changes.push(request.values)
        this.given = { ...this.given, ...request.values }
      }
      await this.before()
      return { type: 'state', state: this.state }
    },
    onChange: (listener) => {
      this.listeners.add(listener)
      return () => this.listeners.delete(listener)
    }
  }

  get state(): SettingsState {
    const { values } = readSettings(this.given)
    const given = Object.keys(this.given)
    return { file: '/home/user/settings.json', values, given, problems: this.problems, unsaved: [] }
  }

  /** As an edit of the file does. */
  edit(given: Record<string, unknown>, problems: SettingProblem[] = []): void {
    this.given = given
    this.problems = problems
    for (const listener of this.listeners) listener(this.state)
  }
}
