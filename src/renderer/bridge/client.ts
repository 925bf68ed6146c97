import { CONTRACT_VERSION, type ClientMessage, type Request } from '../../contract/requests'
import type { HistoryResult } from '../../contract/history'
import { serverMessage, type AuthDialogue, type Batch } from '../../contract/state'
import type { WindowApi } from '../../contract/preload-api'
import { texts } from '../texts'

/** What the bridge tells the rest of the window. */
export interface BridgeListener {
  /** A batch that starts from nothing: drop everything and apply it. Throws when it contradicts itself. */
  snapshot(batch: Batch): void
  /** Changes after the last one, without a hole. Throws when it contradicts what came before. */
  batch(batch: Batch): void
  auth(dialogue: AuthDialogue | null): void
  notice(severity: 'info' | 'warning' | 'error', message: string): void
  terminal(terminal: number, data: Uint8Array): void
  terminalEnded(terminal: number, message: string): void
}

/** The target's or the observer's refusal of a request, in one sentence. */
export class Refusal extends Error {
  constructor(
    /** errno name or the observer's own code. */
    readonly code: string,
    message: string
  ) {
    super(message)
  }
}

/** A snapshot is asked for again at most this many times in a row without a good message in between. */
const MAX_RESYNC = 3

/**
 * The only user of the preload API. Parses everything that arrives, keeps the
 * sequence, matches replies with requests, and asks for a snapshot after a gap.
 */
export class Bridge {
  private nextRequest = 1
  private readonly pending = new Map<
    number,
    { resolve: (result: HistoryResult | undefined) => void; reject: (reason: Refusal) => void }
  >()
  /** Sequence of the last applied message; -1: a snapshot is awaited. */
  private seq = -1
  private toAck = -1
  private resyncs = 0
  private stop: (() => void) | undefined
  /** Messages that did not parse or did not fit, since start. */
  rejected = 0
  /** Batches and snapshots applied, since start. */
  received = 0
  /** Times that the sequence had a hole, since start. */
  gaps = 0

  constructor(
    private readonly api: WindowApi,
    private readonly listener: BridgeListener
  ) {}

  start(): void {
    this.stop = this.api.subscribe((message) => this.receive(message))
    this.post({ type: 'hello', version: CONTRACT_VERSION })
  }

  dispose(): void {
    this.stop?.()
    for (const waiting of this.pending.values()) {
      waiting.reject(new Refusal('CLOSED', texts.bridge.closed))
    }
    this.pending.clear()
  }

  /** Resolves when the observer has done it, with what was asked for; rejects with a Refusal. */
  request(request: Request): Promise<HistoryResult | undefined> {
    const id = this.nextRequest++
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject })
      this.post({ type: 'request', id, request })
    })
  }

  /** To be called once per frame, after everything that arrived was drawn. */
  frameDrawn(): void {
    if (this.toAck < 0) return
    const seq = this.toAck
    this.toAck = -1
    this.post({ type: 'ack', seq })
  }

  /** A frame is owed: something was applied and not yet acknowledged. */
  get owesFrame(): boolean {
    return this.toAck >= 0
  }

  private post(message: ClientMessage): void {
    this.api.post(message)
  }

  private receive(raw: unknown): void {
    const parsed = serverMessage.safeParse(raw)
    if (!parsed.success) {
      this.rejected++
      this.listener.notice('error', texts.bridge.malformed)
      this.resync()
      return
    }
    const message = parsed.data
    switch (message.type) {
      case 'hello':
        if (message.version !== CONTRACT_VERSION) {
          this.listener.notice('error', texts.bridge.version(message.version, CONTRACT_VERSION))
        }
        break
      case 'reply': {
        const waiting = this.pending.get(message.id)
        this.pending.delete(message.id)
        if (message.error === null) waiting?.resolve(message.result)
        else waiting?.reject(new Refusal(message.error.code, message.error.message))
        break
      }
      case 'snapshot':
        this.apply(message.seq, () => this.listener.snapshot(message.batch))
        break
      case 'batch':
        if (this.seq < 0) break
        if (message.seq <= this.seq) break
        if (message.seq !== this.seq + 1) {
          this.gaps++
          this.resync()
          break
        }
        this.apply(message.seq, () => this.listener.batch(message.batch))
        break
      case 'terminal':
        this.listener.terminal(message.terminal, message.data)
        break
      case 'terminalEnded':
        this.listener.terminalEnded(message.terminal, message.message)
        break
      case 'auth':
        this.listener.auth(message.dialogue)
        break
      case 'notice':
        this.listener.notice(message.severity, message.message)
        break
    }
  }

  private apply(seq: number, work: () => void): void {
    try {
      work()
    } catch {
      this.rejected++
      this.listener.notice('error', texts.bridge.contradicts)
      this.resync()
      return
    }
    this.received++
    this.resyncs = 0
    this.seq = seq
    this.toAck = seq
  }

  private resync(): void {
    this.seq = -1
    this.toAck = -1
    if (this.resyncs >= MAX_RESYNC) return
    this.resyncs++
    this.post({ type: 'resync' })
  }
}
