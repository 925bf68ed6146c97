import type { TargetSpec } from '../contract/requests'

/** What main tells the observer's process. With `window` comes the port to that window. */
export type HostMessage =
  | { readonly type: 'start'; readonly settings: ObserverSettings }
  | { readonly type: 'window' }
  | { readonly type: 'close' }

/** What the observer needs to know when it starts. */
export interface ObserverSettings {
  /** Folders of models; a later one replaces models of an earlier one by name. */
  readonly modelFolders: readonly string[]
  /** Where the journal lives that restores a target after a crash. */
  readonly stateFolder: string
  /** Connected at once. */
  readonly target: TargetSpec
  /** Enables this monitor once it is listed, unless one is enabled by then. */
  readonly enable: string | undefined
}
