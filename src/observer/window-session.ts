import { clientMessage, CONTRACT_VERSION, type Request } from '../contract/requests'
import type { HistoryResult } from '../contract/history'
import type { Batch, ServerMessage } from '../contract/state'
import type { Clock } from './clock'

/** Batches go out at most this often, ms. */
export const FRAME_MS = 16
/** A window that does not answer gets its next batch after all: the answer may have been lost with a reload. */
const ACK_LIMIT_MS = 10_000

/** What a session asks of the service. */
export interface SessionHost {
  /** Everything, for a window that starts from nothing. */
  snapshot(): Batch
  /** What changed; undefined: nothing. */
  takeBatch(): Batch | undefined
  /** Only a snapshot tells the window what changed. */
  readonly startsAnew: boolean
  /** Does what the window asks, and brings what it asks for. Rejects with one sentence. */
  perform(request: Request): Promise<HistoryResult | undefined>
  /** The window shows nothing yet: what else it has to know, such as a dialogue that is open. */
  greet(): void
}

/**
 * One window's end of the contract: version, replies, a snapshot and then batches that are numbered
 * without holes, one in flight, at most one for each frame.
 */
export class WindowSession {
  readonly #send: (message: ServerMessage) => void
  readonly #host: SessionHost
  readonly #clock: Clock
  /** The window speaks our version and has asked for state. */
  #isOpen = false
  #seq = 0
  /** Number of the batch that is not acknowledged; undefined: none. */
  #inFlight: number | undefined
  #sentAt = -Infinity
  #wantsSnapshot = false
  #hasNews = false
  #timer: (() => void) | undefined
  #isDetached = false

  constructor(send: (message: ServerMessage) => void, host: SessionHost, clock: Clock) {
    this.#send = send
    this.#host = host
    this.#clock = clock
  }

  /** Takes whatever the window sent; what is no message of the contract is answered with a notice. */
  receive(raw: unknown): void {
    if (this.#isDetached) return
    const parsed = clientMessage.safeParse(raw)
    if (!parsed.success) {
      this.#refuse(raw, parsed.error.issues[0]?.message ?? 'it is no message')
      return
    }
    const message = parsed.data
    switch (message.type) {
      case 'hello':
        this.#send({ type: 'hello', version: CONTRACT_VERSION })
        if (message.version !== CONTRACT_VERSION) {
          this.notice(
            'error',
            `The window speaks version ${String(message.version)} of the panel's messages, and the observer version ${String(CONTRACT_VERSION)}: restart the panel.`
          )
          return
        }
        this.#isOpen = true
        this.#host.greet()
        this.#restart()
        break
      case 'request':
        void this.#request(message.id, message.request)
        break
      case 'ack':
        if (message.seq !== this.#inFlight) return
        this.#inFlight = undefined
        // The timer that runs now is for an acknowledgement that never comes.
        this.#timer?.()
        this.#timer = undefined
        this.#schedule()
        break
      case 'resync':
        if (this.#isOpen) this.#restart()
        break
    }
  }

  /** There is something to take. */
  announce(): void {
    this.#hasNews = true
    this.#schedule()
  }

  /** The connection changed: the window drops what it has. */
  restart(): void {
    if (this.#isOpen) this.#restart()
  }

  send(message: ServerMessage): void {
    if (!this.#isDetached) this.#send(message)
  }

  notice(severity: 'info' | 'warning' | 'error', message: string): void {
    this.send({ type: 'notice', severity, message })
  }

  detach(): void {
    this.#isDetached = true
    this.#timer?.()
    this.#timer = undefined
  }

  /** A snapshot does not wait for the acknowledgement of a batch that it makes worthless. */
  #restart(): void {
    this.#wantsSnapshot = true
    this.#inFlight = undefined
    this.#timer?.()
    this.#timer = undefined
    this.#schedule()
  }

  #schedule(): void {
    if (!this.#isOpen || this.#isDetached || this.#timer !== undefined) return
    if (!this.#hasNews && !this.#wantsSnapshot) return
    const since = this.#clock.now() - this.#sentAt
    const wait = this.#inFlight === undefined ? FRAME_MS - since : ACK_LIMIT_MS - since
    if (wait <= 0 || (this.#wantsSnapshot && this.#inFlight === undefined)) {
      this.#deliver()
      return
    }
    // While a batch is in flight, its acknowledgement calls again; the timer is for one that never comes.
    this.#timer = this.#clock.after(wait, () => {
      this.#timer = undefined
      this.#deliver()
    })
  }

  #deliver(): void {
    this.#timer?.()
    this.#timer = undefined
    const anew = this.#wantsSnapshot || this.#host.startsAnew
    this.#wantsSnapshot = false
    this.#hasNews = false
    const batch = anew ? this.#host.snapshot() : this.#host.takeBatch()
    if (batch === undefined) return
    this.#seq++
    this.#inFlight = this.#seq
    this.#sentAt = this.#clock.now()
    this.#send({ type: anew ? 'snapshot' : 'batch', seq: this.#seq, batch })
  }

  async #request(id: number, request: Request): Promise<void> {
    let error: { code: string; message: string } | null = null
    let result: HistoryResult | undefined
    try {
      if (!this.#isOpen) throw new Error('The window has not said hello yet.')
      result = await this.#host.perform(request)
    } catch (thrown) {
      const code =
        thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
          ? thrown.code
          : 'REFUSED'
      const message =
        thrown instanceof Error && thrown.message !== '' ? thrown.message : 'No reason was given.'
      error = { code, message }
    }
    this.send({ type: 'reply', id, error, ...(result === undefined ? {} : { result }) })
  }

  /** A request that is none still gets its reply, so that nothing in the window waits forever. */
  #refuse(raw: unknown, reason: string): void {
    const message = `The observer did not understand the window: ${reason}.`
    if (typeof raw === 'object' && raw !== null && 'id' in raw && Number.isSafeInteger(raw.id)) {
      this.send({ type: 'reply', id: Number(raw.id), error: { code: 'EINVAL', message } })
    } else this.notice('error', message)
  }
}
