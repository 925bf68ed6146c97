import { PORT_MESSAGE, type PreloadApi } from '../../contract/preload-api'
import type { ClientMessage } from '../../contract/requests'
import { FakeObserver } from './fake-observer'

const query = new URLSearchParams(location.search)
const fake = new FakeObserver(Object.fromEntries(query))
const { models, recordings, menu, settings, about } = fake.api
const api: PreloadApi = {
  observer: {
    wantPort: () => {
      const { port1, port2 } = new MessageChannel()
      port2.onmessage = (event: MessageEvent<ClientMessage>) => {
        fake.api.post(event.data)
      }
      fake.api.subscribe((message) => {
        port2.postMessage(message)
      })
      window.postMessage(PORT_MESSAGE, window.origin, [port1])
    },
    onGone: () => () => undefined
  },
  models,
  recordings,
  menu,
  settings,
  kioskBeat: () => undefined,
  about
}
Object.defineProperty(window, 'rvpanel', { value: api })
Object.defineProperty(window, 'fake', { value: fake })
await import('../main')
