import type { Request } from '../contract/requests'
import { MAX_TERMINAL_DATA, type ServerMessage } from '../contract/state'
import type { TargetTerminal } from '../target/console/terminal'
import type { TracefsPort } from '../target/port'
import { sentence } from './text'

/** Bytes that may be under way to the window, and how few they must be to go on. */
const HOLD = 100_000
const GO_ON = 5_000

type TerminalRequest = Extract<
  Request,
  { op: 'terminalOpen' | 'terminalInput' | 'terminalResize' | 'terminalAck' | 'terminalClose' }
>

/** Whether a request is about a terminal. */
export function isTerminalRequest(request: Request): request is TerminalRequest {
  return request.op.startsWith('terminal')
}

/** The terminal of a window: one at a time, with output that waits for the window. */
export class TerminalDesk {
  readonly #send: (message: ServerMessage) => void
  #open: { readonly id: number; readonly terminal: TargetTerminal } | undefined
  #unseen = 0
  #goOn: (() => void) | undefined

  constructor(send: (message: ServerMessage) => void) {
    this.#send = send
  }

  /**
   * Does what the window asks.
   *
   * @param port the connected target; undefined: none
   * @throws Error of one sentence
   */
  async perform(request: TerminalRequest, port: TracefsPort | undefined): Promise<void> {
    if (request.op === 'terminalOpen') {
      await this.#start(request, port)
      return
    }
    const open = this.#open
    // What is for a terminal that has just ended is for nobody.
    if (open?.id !== request.terminal) return
    switch (request.op) {
      case 'terminalInput':
        open.terminal.write(request.text)
        break
      case 'terminalResize':
        open.terminal.resize(request)
        break
      case 'terminalAck':
        this.#unseen = Math.max(0, this.#unseen - request.bytes)
        if (this.#unseen <= GO_ON) this.#goOn?.()
        break
      case 'terminalClose':
        await this.close('')
        break
    }
  }

  /** Ends the terminal, if there is one; the window is told why. */
  async close(message: string): Promise<void> {
    const open = this.#open
    if (open === undefined) return
    this.#open = undefined
    this.#goOn?.()
    this.#send({ type: 'terminalEnded', terminal: open.id, message })
    await open.terminal.close()
  }

  async #start(
    request: Extract<Request, { op: 'terminalOpen' }>,
    port: TracefsPort | undefined
  ): Promise<void> {
    if (port === undefined) throw new Error('No target is connected: connect to one first.')
    if (port.openTerminal === undefined) {
      throw new Error(`${port.info.name} has no terminal: nothing runs there.`)
    }
    await this.close('')
    const terminal = await port.openTerminal(request)
    const open = { id: request.terminal, terminal }
    this.#open = open
    this.#unseen = 0
    void this.#follow(open)
  }

  async #follow(open: { readonly id: number; readonly terminal: TargetTerminal }): Promise<void> {
    let why = ''
    try {
      for (let bytes = await open.terminal.next(); bytes; bytes = await open.terminal.next()) {
        for (let at = 0; at < bytes.length; at += MAX_TERMINAL_DATA) {
          if (this.#open !== open) return
          const data = bytes.slice(at, at + MAX_TERMINAL_DATA)
          this.#unseen += data.length
          this.#send({ type: 'terminal', terminal: open.id, data })
          if (this.#unseen > HOLD) await this.#room()
        }
      }
    } catch (error) {
      why = sentence(error)
    }
    if (this.#open === open) await this.close(why)
  }

  #room(): Promise<void> {
    return new Promise((resolve) => {
      this.#goOn = () => {
        this.#goOn = undefined
        resolve()
      }
    })
  }
}
