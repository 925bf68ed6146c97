import { readFileSync, realpathSync, statSync, watch, type FSWatcher } from 'node:fs'
import { basename, dirname } from 'node:path'
import {
  isSettingKey,
  readSettings,
  settingDefinitions,
  type SettingKey,
  type SettingProblem,
  type Settings,
  type SettingsState
} from '../../contract/settings'
import { codeOf, makeFolder, reasonOf, writeWhole } from '../models/files'
import { setInText, template } from './edit'
import { parseSettings, type ParsedSettings } from './parse'

/** A file of settings that is larger is none. */
const MAX_BYTES = 1024 * 1024
/** Editors write in several steps: the file is read when it has been left alone for so long, ms. */
const QUIET_MS = 60

/**
 * settings.json: what it says, changed by the window and by whoever edits it. A file that cannot be
 * written now, or is not JSON at the moment, is left as it is: the window's changes count until the
 * program ends, and are written as soon as that is possible.
 */
export class SettingsFile {
  /** Undefined: it could not be read. */
  #text: string | undefined = ''
  #parsed: ParsedSettings = parseSettings('')
  /** Why it can be neither read nor written, of the file as a whole. */
  #trouble: string | undefined
  readonly #unsaved = new Map<SettingKey, unknown>()
  readonly #watchers: FSWatcher[] = []
  #timer: NodeJS.Timeout | undefined

  /**
   * @param file its path; it need not be there
   * @param changed is called when what counts has become another one, or its problems have
   */
  constructor(
    readonly file: string,
    private readonly changed: (state: SettingsState) => void = () => undefined
  ) {
    this.#read()
  }

  get state(): SettingsState {
    const { values, given, problems } = this.#parsed
    const whole: SettingProblem[] =
      this.#trouble === undefined ? [] : [{ line: 0, column: 0, message: this.#trouble }]
    return {
      file: this.file,
      values: { ...values, ...Object.fromEntries(this.#unsaved) },
      given: [...new Set([...given, ...this.#unsaved.keys()])],
      problems: [...whole, ...problems],
      unsaved: [...this.#unsaved.keys()]
    }
  }

  /** What counts now. */
  get values(): Settings {
    return readSettings(this.state.values).values
  }

  /** Sets keys; what is no setting, or no value of it, is left out. */
  change(values: Readonly<Record<string, unknown>>): SettingsState {
    const before = this.#said()
    this.#read()
    for (const [key, value] of Object.entries(values)) {
      if (isSettingKey(key) && settingDefinitions[key].schema.safeParse(value).success) {
        this.#unsaved.set(key, value)
      }
    }
    this.#save()
    this.#tell(before)
    return this.state
  }

  /** Reads the file again, and writes what is still to be written. */
  look(): void {
    const before = this.#said()
    this.#read()
    this.#save()
    this.#tell(before)
  }

  /** Makes the file, if it is not there, for somebody who wants to edit it. */
  make(): void {
    if (this.#text === '') this.#write(template)
  }

  /** Looks whenever the file changes, until `close()`. */
  watch(): void {
    const seen = (name: string, changed: string | null): void => {
      if (changed !== null && changed !== name) return
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => {
        this.look()
      }, QUIET_MS)
    }
    for (const path of new Set([this.file, realPath(this.file)])) {
      try {
        makeFolder(dirname(path))
        // The folder, since editors put a new file in the old one's place.
        const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
          seen(basename(path), name)
        })
        watcher.on('error', () => {
          watcher.close()
        })
        this.#watchers.push(watcher)
      } catch {
        // Without inotify the file is read again when the window gets the focus.
      }
    }
  }

  /** Stops watching. */
  close(): void {
    clearTimeout(this.#timer)
    for (const watcher of this.#watchers) watcher.close()
    this.#watchers.length = 0
  }

  #read(): void {
    try {
      const stat = statSync(this.file)
      if (!stat.isFile()) throw new Error('it is no file')
      if (stat.size > MAX_BYTES)
        throw new Error(`it has ${stat.size} bytes, more than ${MAX_BYTES}`)
      const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
        readFileSync(this.file)
      )
      this.#trouble = undefined
      if (text === this.#text) return
      this.#text = text
      this.#parsed = parseSettings(text)
    } catch (error) {
      if (codeOf(error) === 'ENOENT') {
        this.#text = ''
        this.#parsed = parseSettings('')
        this.#trouble = undefined
        return
      }
      // What counted before still counts.
      this.#text = undefined
      const reason = error instanceof TypeError ? 'it is not in UTF-8' : reasonOf(error)
      this.#trouble = `it cannot be read: ${reason}.`
    }
  }

  #save(): void {
    const text = this.#text
    if (text === undefined || !this.#parsed.sound || this.#unsaved.size === 0) return
    let changed = text
    for (const [key, value] of this.#unsaved) {
      // What already counts need not be written: a default that nobody asked for, above all.
      if (JSON.stringify(this.#parsed.values[key]) === JSON.stringify(value)) continue
      changed = setInText(changed, key, value)
    }
    if (changed === text || this.#write(changed)) this.#unsaved.clear()
  }

  #write(text: string): boolean {
    try {
      makeFolder(dirname(this.file))
      writeWhole(this.file, text)
    } catch (error) {
      this.#trouble = `it cannot be written: ${reasonOf(error)}.`
      return false
    }
    this.#text = text
    this.#parsed = parseSettings(text)
    this.#trouble = undefined
    return true
  }

  #said(): string {
    return JSON.stringify(this.state)
  }

  #tell(before: string): void {
    if (this.#said() !== before) this.changed(this.state)
  }
}

/** Where the file is behind its symbolic links. */
function realPath(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return file
  }
}
