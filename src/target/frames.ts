/** Bytes that a reply may carry; what is longer is no control file. */
export const MAX_PAYLOAD = 4 * 1024 * 1024

/** od writes 16 bytes per line; a status line is shorter. */
const MAX_LINE = 128

/** What came before the agent's greeting: a login shell may be chatty, but not without end. */
const MAX_NOISE = 64 * 1024

/** The agent's reply to one request. For `err` the payload is the tool's message. */
export interface Reply {
  readonly id: number
  readonly ok: boolean
  readonly payload: Uint8Array
}

/** The agent's output is not what agent.sh writes. */
export class FrameError extends Error {
  override readonly name = 'FrameError'
}

/**
 * Parser of what agent.sh writes. Everything is checked and bounded; the first
 * byte that does not fit throws FrameError, after which the parser is of no use.
 */
export class FrameParser {
  /** pid of the agent's shell; undefined before its greeting. */
  agentPid: number | undefined
  private line = ''
  private noise = 0
  private payload = new Uint8Array(256)
  private length = 0
  private failing = false

  constructor(private readonly onReply: (reply: Reply) => void) {}

  /** Takes the next bytes, cut anywhere. */
  push(chunk: Uint8Array): void {
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      this.take(chunk, start, end)
      const line = this.line
      this.line = ''
      this.onLine(line)
      start = end + 1
    }
    this.take(chunk, start, chunk.length)
  }

  /** Adds bytes without a newline to the unfinished line. */
  private take(chunk: Uint8Array, start: number, end: number): void {
    if (this.agentPid === undefined) {
      this.noise += end - start + 1
      if (this.noise > MAX_NOISE) throw new FrameError('no agent answered: too much other output')
      // A long line of noise cannot be the greeting; its tail decides nothing.
      end = Math.min(end, start + Math.max(0, MAX_LINE - this.line.length))
    } else if (this.line.length + end - start > MAX_LINE) {
      throw new FrameError(`a line of more than ${String(MAX_LINE)} bytes`)
    }
    for (let i = start; i < end; i++) this.line += String.fromCharCode(chunk[i] ?? 0)
  }

  private onLine(line: string): void {
    if (this.agentPid === undefined) {
      const greeting = /^rvpanel-agent 1 ([1-9][0-9]{0,9})$/.exec(line)
      if (greeting) this.agentPid = Number(greeting[1])
      return
    }
    const status = /^\.([0-9]{1,15}) (ok|err)$/.exec(line)
    if (status) {
      if ((status[2] === 'err') !== this.failing) throw new FrameError('a status without its bytes')
      const payload = this.payload.slice(0, this.length)
      this.length = 0
      this.failing = false
      this.onReply({ id: Number(status[1]), ok: status[2] === 'ok', payload })
    } else if (line === '!') {
      if (this.failing) throw new FrameError('an error within an error')
      this.length = 0
      this.failing = true
    } else {
      this.onBytes(line)
    }
  }

  private onBytes(line: string): void {
    if (!/^(?: +[0-9a-f]{2})+ *$/.test(line)) throw new FrameError('a line that is no frame')
    for (const byte of line.trim().split(/ +/)) {
      if (this.length === MAX_PAYLOAD + 1) throw new FrameError('a reply that is too long')
      if (this.length === this.payload.length) {
        const grown = new Uint8Array(this.length * 2)
        grown.set(this.payload)
        this.payload = grown
      }
      this.payload[this.length++] = parseInt(byte, 16)
    }
  }
}
