import type { ClientMessage } from '../../contract/requests'
import type { ServerMessage } from '../../contract/state'

/** The part of a MessagePort that the line uses. */
export interface LinePort {
  onmessage: ((event: MessageEvent<unknown>) => unknown) | null
  postMessage(message: unknown): void
  addEventListener(type: 'close', listener: () => void): void
  start(): void
  close(): void
}

/**
 * The window's line to the observer, over ports that come and go: messages wait
 * until there is one, and when the observer's process dies the window hears it
 * in the words of the contract: requests without an answer are refused, the
 * target is lost, and a new port begins with the greeting of the old.
 */
export class ObserverLine {
  #port: LinePort | undefined
  #waiting: ClientMessage[] = []
  #greeting: ClientMessage | undefined
  readonly #unanswered = new Set<number>()
  readonly #listeners = new Set<(message: unknown) => void>()

  post(message: ClientMessage): void {
    if (message.type === 'hello') this.#greeting = message
    if (message.type === 'request') this.#unanswered.add(message.id)
    if (this.#port !== undefined) this.#port.postMessage(message)
    // An acknowledgement answers a line that is gone; the next one begins with a snapshot anyway.
    else if (message.type !== 'ack' && message.type !== 'resync') this.#waiting.push(message)
  }

  /** Calls `listener` with every message from now on; returns the way to stop. */
  subscribe(listener: (message: unknown) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Takes a new port, instead of the one before. */
  use(port: LinePort): void {
    if (this.#port !== undefined) this.#lost(this.#port)
    this.#port = port
    port.onmessage = (event) => {
      this.#receive(event.data)
    }
    port.addEventListener('close', () => {
      this.#lost(port)
    })
    port.start()
    const waiting = this.#waiting
    this.#waiting = []
    if (this.#greeting !== undefined && !waiting.includes(this.#greeting)) {
      port.postMessage(this.#greeting)
    }
    for (const message of waiting) port.postMessage(message)
  }

  /** Says something to the user in the observer's place. */
  tell(severity: 'info' | 'warning' | 'error', message: string): void {
    this.#give({ type: 'notice', severity, message })
  }

  #receive(message: unknown): void {
    const id = replyId(message)
    if (id !== undefined) this.#unanswered.delete(id)
    this.#give(message)
  }

  #give(message: unknown): void {
    for (const listener of this.#listeners) listener(message)
  }

  #lost(port: LinePort): void {
    if (port !== this.#port) return
    this.#port = undefined
    port.onmessage = null
    port.close()
    const text = 'The observer ended unexpectedly and is being started again.'
    for (const id of this.#unanswered) {
      const error = { code: 'LINK', message: 'The observer ended before it answered.' }
      this.#give({ type: 'reply', id, error } satisfies ServerMessage)
    }
    this.#unanswered.clear()
    this.#give(lostSnapshot(text))
    this.#give({ type: 'auth', dialogue: null } satisfies ServerMessage)
    this.tell('error', text)
  }
}

function replyId(message: unknown): number | undefined {
  if (typeof message !== 'object' || message === null) return undefined
  if (!('type' in message) || message.type !== 'reply' || !('id' in message)) return undefined
  return typeof message.id === 'number' ? message.id : undefined
}

/** What the window shows until the next observer sends a snapshot of its own. */
function lostSnapshot(message: string): ServerMessage {
  return {
    type: 'snapshot',
    seq: 0,
    batch: {
      target: {
        phase: 'lost',
        kind: null,
        name: '',
        release: '',
        cpus: 0,
        tracefs: '',
        message,
        generation: 0
      },
      switches: { monitoringOn: false, reactingOn: null, reactors: null, stacks: false },
      monitors: [],
      simulator: null,
      deltas: [],
      violations: [],
      completed: [],
      log: []
    }
  }
}
