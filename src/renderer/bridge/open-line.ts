import { PORT_MESSAGE, type PreloadApi } from '../../contract/preload-api'
import { ObserverLine } from './observer-line'

/** Opens the window's line to the observer; the preload script hands over each port. */
export function openObserverLine(page: Window, api: PreloadApi['observer']): ObserverLine {
  const line = new ObserverLine()
  page.addEventListener('message', (event) => {
    // The page has no frames, and nobody else has a handle of it; the preload script is this window.
    if (event.source !== page || event.data !== PORT_MESSAGE) return
    const port = event.ports[0]
    if (port !== undefined) line.use(port)
  })
  api.onGone((message) => {
    line.tell('error', String(message))
  })
  api.wantPort()
  return line
}
