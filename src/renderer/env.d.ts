import type { PreloadApi } from '../contract/preload-api'

declare global {
  interface Window {
    /** Put there by the preload script; absent when the page is opened elsewhere. */
    readonly rvpanel?: PreloadApi
  }
}
