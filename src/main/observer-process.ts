import type { MessagePortMain } from 'electron'
import type { HostMessage } from './host-messages'
import type { ObserverService } from './stub-service'
import { createStubService } from './stub-service'

/*
 * The observer's own process: no window, no Electron but the ports that main
 * hands over. It ends when main says so, and with main, however main ends.
 */

let service: ObserverService | undefined

process.parentPort.on('message', (event) => {
  // Only main writes to this port.
  const message = event.data as HostMessage
  switch (message.type) {
    case 'start':
      service = createStubService()
      break
    case 'window': {
      const port = event.ports[0]
      if (service !== undefined && port !== undefined) serve(service, port)
      break
    }
    case 'close':
      void Promise.resolve(service?.close()).finally(() => {
        process.exit(0)
      })
      break
  }
})

function serve(service: ObserverService, port: MessagePortMain): void {
  const end = service.attach((message) => {
    port.postMessage(message)
  })
  port.on('message', (event) => {
    end.receive(event.data)
  })
  port.on('close', () => {
    end.detach()
  })
  port.start()
}
