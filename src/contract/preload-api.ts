import type { KioskSettings } from './kiosk'
import type { MenuEntry } from './menu'
import type { ModelRequest } from './model-files'
import type { RecordingRequest } from './recordings'
import type { ClientMessage } from './requests'
import type { SettingsRequest } from './settings'

/** The window's end of its line to the observer. */
export interface ObserverEnd {
  /** Sends to the observer. Messages before the observer is up are kept, in order. */
  post(message: ClientMessage): void
  /** Receives from the observer; the bridge parses each with `serverMessage`. Returns the way to stop. */
  subscribe(listener: (message: unknown) => void): () => void
}

/** What the window's parts get of the program around it. */
export type WindowApi = ObserverEnd & Omit<PreloadApi, 'observer' | 'kioskBeat'>

/**
 * With this as its data a `message` event of the window's own carries a port to the observer. The
 * page takes the port itself, since what crosses from the preload script's world into the page's is
 * copied value by value, which at 60 batches a second costs more than drawing them.
 */
export const PORT_MESSAGE = 'rvpanel:port'

/** The only thing that the preload script puts into the window, as `window.rvpanel`. */
export interface PreloadApi {
  readonly observer: {
    /** Asks for a port to the observer, now and whenever there is a new one; each comes as PORT_MESSAGE. */
    wantPort(): void
    /** Calls `listener` with one sentence when the observer is not started again. Returns the way to stop. */
    onGone(listener: (message: unknown) => void): () => void
  }
  /** Files of models, which main reads and writes. */
  readonly models: {
    /** Asks main; the caller parses what comes with `modelReply`. */
    ask(request: ModelRequest): Promise<unknown>
  }
  /** Files of recordings, for which main asks the user. */
  readonly recordings: {
    /** Asks main; the caller parses what comes with `recordingReply`. */
    ask(request: RecordingRequest): Promise<unknown>
    /** Path of a File that was dropped on the window; empty where it has none. */
    pathOf(file: object): string
  }
  /** The application's menu, which shows commands of the window. */
  readonly menu: {
    /** Tells what it shows from now on. */
    tell(entries: readonly MenuEntry[]): void
    /** Calls `listener` with the id of each command that is chosen in it. Returns the way to stop. */
    onChoose(listener: (id: unknown) => void): () => void
  }
  /** What the user set; main owns the file. */
  readonly settings: {
    /** The settings at this moment; the caller parses them with `settingsState`. */
    now(): unknown
    /** Asks main; the caller parses what comes with `settingsReply`. */
    ask(request: SettingsRequest): Promise<unknown>
    /** Calls `listener` with each new state, as after an edit of the file. Returns the way to stop. */
    onChange(listener: (state: unknown) => void): () => void
  }
  /** Tells main that the kiosk's story goes on. `isEnd`: it was told to its end. */
  readonly kioskBeat: (isEnd: boolean) => void
  /** Facts about the program that do not change while it runs. */
  readonly about: {
    readonly version: string
    readonly platform: string
    /** How the story of a kiosk is told; null: the program is the panel. */
    readonly kiosk: KioskSettings | null
  }
}
