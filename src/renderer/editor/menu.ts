import type { PreloadApi } from '../../contract/preload-api'
import { modelCommand } from '../../contract/model-files'
import type { EditorSession } from './session'

/** Does what is chosen in the application's menu, and keeps the draft when the window goes. */
export function obeyMenu(session: EditorSession, api: PreloadApi['models']): void {
  api.onCommand((command) => {
    const parsed = modelCommand.safeParse(command)
    if (!parsed.success) return
    switch (parsed.data) {
      case 'new':
        session.newOpen.value = true
        break
      case 'open':
        session.openOpen.value = true
        break
      case 'save':
        if (session.shown.value) void session.save()
        break
    }
  })
  window.addEventListener('pagehide', () => {
    session.keepNow()
  })
}
