import type { MessagePortMain, UtilityProcess } from 'electron'
import { MessageChannelMain, utilityProcess } from 'electron'
import type { HostMessage, ObserverReport, ObserverSettings } from './host-messages'

/** Crashes within this time, in milliseconds, count together. */
const crashWindow = 60_000
/** Crashes in that time after which the observer stays down. */
const crashLimit = 3

/** What the host tells main about the observer's process. */
export interface HostEvents {
  /** It ended by itself; it runs again when this is called, and the windows need new ports. */
  restarted(): void
  /** It ended too often; one sentence. */
  gaveUp(message: string): void
  /** It has something to say beside what it tells the window. */
  reported(report: ObserverReport): void
}

/**
 * Keeps the observer's process: starts it, starts it again when it dies, and
 * asks it to put the target back before the program ends.
 */
export class ObserverHost {
  #process: UtilityProcess | undefined
  #closing = false
  #crashes: number[] = []
  #isRenewed = false

  constructor(
    private readonly script: string,
    private readonly settings: ObserverSettings,
    private readonly events: HostEvents
  ) {
    this.#start(settings)
  }

  /** The process's id while it runs. */
  get pid(): number | undefined {
    return this.#process?.pid
  }

  /** A window's end of a new line to the observer, or undefined when that has ended for good. */
  connect(): MessagePortMain | undefined {
    if (this.#process === undefined) return undefined
    const { port1, port2 } = new MessageChannelMain()
    this.#post({ type: 'window' }, [port1])
    return port2
  }

  /** Ends the process, which is started again and counts as no crash. */
  renew(): void {
    this.#isRenewed = true
    this.#process?.kill()
  }

  /** Has the observer record its target; what becomes of it the observer tells the window. */
  record(path: string): void {
    this.#post({ type: 'record', path })
  }

  /** Asks the observer to restore its target and end; waits for at most `limit` milliseconds. */
  async close(limit: number): Promise<void> {
    this.#closing = true
    const process = this.#process
    if (process === undefined) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        process.kill()
        resolve()
      }, limit)
      process.once('exit', () => {
        clearTimeout(timer)
        resolve()
      })
      this.#post({ type: 'close' })
    })
  }

  #post(message: HostMessage, ports: MessagePortMain[] = []): void {
    this.#process?.postMessage(message, ports)
  }

  #start(settings: ObserverSettings): void {
    const started = utilityProcess.fork(this.script, [], {
      serviceName: 'rvpanel observer',
      stdio: 'inherit'
    })
    this.#process = started
    started.once('exit', () => {
      this.#ended()
    })
    started.on('message', (report: ObserverReport) => {
      this.events.reported(report)
    })
    this.#post({ type: 'start', settings })
  }

  #ended(): void {
    this.#process = undefined
    if (this.#closing) return
    if (this.#isRenewed) {
      this.#isRenewed = false
      this.#start(this.settings)
      this.events.restarted()
      return
    }
    const now = Date.now()
    this.#crashes = [...this.#crashes.filter((at) => now - at < crashWindow), now]
    if (this.#crashes.length >= crashLimit) {
      this.events.gaveUp(
        `The observer's process ended ${crashLimit} times within a minute and is not started again; close the panel and start it anew.`
      )
      return
    }
    this.#start(this.settings)
    this.events.restarted()
  }
}
