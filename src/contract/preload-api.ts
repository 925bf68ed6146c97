import type { ClientMessage } from './requests'

/** The only thing that the preload script puts into the window, as `window.rvpanel`. */
export interface PreloadApi {
  /** Sends to the observer. Messages before the observer is up are kept, in order. */
  post(message: ClientMessage): void
  /** Receives from the observer; the bridge parses each with `serverMessage`. Returns the way to stop. */
  subscribe(listener: (message: unknown) => void): () => void
  /** Facts about the program that do not change while it runs. */
  readonly about: { readonly version: string; readonly platform: string }
}
