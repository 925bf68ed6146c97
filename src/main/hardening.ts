import type { Session, WebContents, WebFrameMain } from 'electron'
import { app } from 'electron'
import { appOrigin, appPage } from './protocol'

/** Refuses every permission, every device and every request that is not for the program's own files. */
export function hardenSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => {
    answer(false)
  })
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.setSpellCheckerEnabled(false)
  session.on('will-download', (event) => {
    event.preventDefault()
  })
  session.webRequest.onBeforeRequest((details, answer) => {
    // devtools: is Chromium's own page, which a developer opens from the menu.
    answer({ cancel: !/^(rvpanel|devtools):/.test(details.url) })
  })
}

/** Refuses navigation, new windows and embedded pages, for every page that this process will ever have. */
export function hardenContents(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      // A page that reloads itself stays where it is.
      if (event.url !== appPage) event.preventDefault()
    })
    contents.on('will-redirect', (event) => {
      event.preventDefault()
    })
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame) event.preventDefault()
    })
    contents.on('will-attach-webview', (event) => {
      event.preventDefault()
    })
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
}

/**
 * Whether a message comes from the page of this window: its main frame, on the
 * program's own origin. A frame that is gone sends nothing that counts.
 */
export function isTrustedSender(frame: WebFrameMain | null, contents: WebContents): boolean {
  if (frame === null || contents.isDestroyed()) return false
  return frame === contents.mainFrame && frame.origin === appOrigin
}
