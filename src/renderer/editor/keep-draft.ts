import type { EditorSession } from './session'

/** Keeps the draft when the window goes. */
export function keepDraft(session: EditorSession): void {
  window.addEventListener('pagehide', () => {
    session.keepNow()
  })
}
