import type { ServerMessage } from '../contract/state'

/** Stand-in until the observer's own service is there: a canned snapshot. */
export interface ClientEnd {
  receive(message: unknown): void
  detach(): void
}

export interface ObserverService {
  attach(post: (message: ServerMessage) => void): ClientEnd
  close(): Promise<void>
}

export function createStubService(): ObserverService {
  return {
    attach: (post) => ({
      receive: (message) => {
        if (typeof message !== 'object' || message === null || !('type' in message)) return
        if (message.type !== 'hello') return
        post({ type: 'hello', version: 1 })
        post({
          type: 'snapshot',
          seq: 1,
          batch: {
            target: {
              phase: 'connected',
              kind: 'sim',
              name: 'simulated kernel',
              release: '0',
              cpus: 4,
              tracefs: '/sys/kernel/tracing',
              message: '',
              generation: 1
            },
            monitors: [],
            deltas: [],
            violations: [],
            completed: [],
            log: []
          }
        })
      },
      detach: () => undefined
    }),
    close: () => Promise.resolve()
  }
}
