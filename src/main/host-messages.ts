import type { TargetSpec } from '../contract/requests'

/** What main tells the observer's process. With `window` comes the port to that window. */
export type HostMessage =
  | { readonly type: 'start'; readonly settings: ObserverSettings }
  | { readonly type: 'window' }
  /** Writes what arrives from the target into this file, which the user chose. */
  | { readonly type: 'record'; readonly path: string }
  | { readonly type: 'close' }

/** What the observer needs to know when it starts. */
export interface ObserverSettings {
  /** Folders of models; a later one replaces models of an earlier one by name. */
  readonly modelFolders: readonly string[]
  /** Where the journal lives that restores a target after a crash. */
  readonly stateFolder: string
  /** Connected at once; undefined: the user chooses on the start page. */
  readonly target: TargetSpec | undefined
  /** Enables this monitor once it is listed, unless one is enabled by then. */
  readonly enable: string | undefined
}

/** What the observer's process tells main, for whoever reads the program's standard error. */
export type ObserverReport =
  /** Something is wrong with a model; `fatal` where it is left out. One sentence. */
  | { readonly type: 'problem'; readonly message: string; readonly fatal: boolean }
  /** The first connection did not come about, or not as it was asked for. One sentence. */
  | { readonly type: 'failed'; readonly message: string }
