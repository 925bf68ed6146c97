import { Readable, Writable } from 'node:stream'

import type { ChannelEnd, ScriptChannel } from '../channel'
import { oneLine } from '../sanitize'
import { Chunk, decodeChunk, LEAST_BYTES, MOST_BYTES, MOST_LINES, type Part } from './chunks'
import { LineMux } from './mux'

/** Rounds in which a chunk does not become whole, after which it is given up. */
const ROUNDS = 100
/** A chunk takes about so long at most, ms, so that others have their turn. */
const LONG = 600
/** In place of what was given up, as trace_pipe has it where the number is not known. */
const LOST_MARK = '\nCPU:0 [LOST EVENTS]\n'

/** A script at the far end of a line: its output in chunks that are asked for one by one. */
export class LineChannel implements ScriptChannel {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly ended: Promise<ChannelEnd>
  /** Process of the far end that serves this channel. */
  pid: number | undefined
  private settle: (end: ChannelEnd) => void = () => undefined
  private wanted = 1
  private chunk = new Chunk()
  private state: 'closed' | 'idle' | 'asking' | 'waiting' | 'over' = 'closed'
  private demanded = false
  private askedAt = 0
  private began = 0
  private rounds = 0
  private size = 4096
  private per = MOST_LINES
  private said = ''
  private greeted = false

  /**
   * @param number of the channel: 4 is the agent's, which is open from the start
   * @param release when it is free for another
   */
  constructor(
    private readonly mux: LineMux,
    private readonly number: number,
    private readonly release: () => void
  ) {
    this.ended = new Promise((resolve) => {
      this.settle = resolve
    })
    this.stdout = new Readable({
      read: () => {
        this.demanded = true
        this.ask()
      }
    })
    this.stdin = new Writable({
      decodeStrings: true,
      write: (bytes: Buffer, _, done) => {
        void this.write(bytes).then(() => {
          done()
        })
      },
      final: (done) => {
        void this.finish().then(() => {
          done()
        })
      }
    })
    // What goes wrong with the link is told by `ended`.
    this.stdin.on('error', () => undefined)
    this.stdout.on('error', () => undefined)
    if (number === AGENT) this.state = 'idle'
    mux.attach(number, {
      part: (part) => {
        this.onPart(part)
      },
      idle: (asked) => {
        if (this.state === 'waiting' && this.askedAt < asked) this.askAgain()
      },
      lost: () => {
        this.over(null, '')
      }
    })
  }

  async end(afterGrace: 'kill' | 'leave', grace = 5_000): Promise<void> {
    // What is still to come keeps the far end from its end.
    this.stdout.resume()
    this.stdin.end()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        if (afterGrace === 'kill') this.drop()
        resolve()
      }, grace)
    })
    await Promise.race([this.ended, late])
    clearTimeout(timer)
  }

  drop(): void {
    this.over(null, '')
  }

  /** The agent's requests as data; the first line of a stream opens it. */
  private async write(bytes: Buffer): Promise<void> {
    try {
      if (this.number !== AGENT) {
        const reply = await this.mux.say('o', this.number, bytes.toString('latin1').trim())
        if (/^[1-9][0-9]*$/.test(reply)) {
          this.pid = Number(reply)
          this.state = 'idle'
          this.ask()
        } else {
          this.over(1, 'no pipe could be made: No space left on device')
        }
        return
      }
      for (let rest = bytes; rest.length > 0;) {
        // By the length of their text, which is what the far end answers with.
        const said = new Map<string, number>()
        const reply = await this.mux.sayWhat((room) => {
          const { text, taken } = LineMux.data(rest, room)
          said.set(String(text.length), taken)
          return `w ${text}`
        })
        const taken = said.get(reply)
        if (taken === undefined) {
          this.mux.fail('The link to the target is gone: its far end answered what was not said.')
          return
        }
        rest = rest.subarray(taken)
      }
    } catch {
      // The link is gone: `ended` says so.
    }
  }

  private async finish(): Promise<void> {
    try {
      if (this.number === AGENT) await this.mux.say('x')
      else this.over(0, '')
    } catch {
      // The link is gone: `ended` says so.
    }
  }

  private ask(): void {
    if (this.state !== 'idle' || !this.demanded) return
    this.demanded = false
    this.chunk = new Chunk()
    this.rounds = 0
    this.request(0, 0)
  }

  private request(from: number, count: number): void {
    this.state = 'asking'
    this.mux
      .say('a', this.number, this.wanted, this.size, from, count, this.per)
      .then((reply) => {
        if (this.state !== 'asking') return
        this.state = 'waiting'
        this.askedAt = performance.now()
        if (reply === 'busy') this.mux.hurry()
      })
      .catch(() => undefined)
  }

  /** The far end has sent the chunk, and it is not whole here. */
  private askAgain(): void {
    const missing = this.chunk.missing()
    if (!missing) return
    if (!this.chunk.isEmpty || this.rounds > 0) {
      this.mux.account.refetched++
      // One that was hit by chance passes the second time; where none does, shorter ones may.
      if (this.rounds > 0) this.per = Math.max(1, this.per >> 1)
      this.size = Math.max(LEAST_BYTES, this.size >> 1)
    }
    if (++this.rounds > ROUNDS) {
      this.giveUp()
      return
    }
    this.request(missing.from, missing.count)
  }

  private giveUp(): void {
    if (this.number === AGENT) {
      this.mux.fail('The link to the target is gone: it damages everything that is sent.')
      return
    }
    this.mux.account.lost++
    this.deliver(Buffer.from(LOST_MARK))
  }

  private onPart(part: Part): void {
    if (part.chunk !== this.wanted || (this.state !== 'asking' && this.state !== 'waiting')) return
    if (this.chunk.isEmpty) this.began = performance.now()
    if (!this.chunk.add(part)) {
      this.mux.fail('The link to the target is gone: its far end sent parts that do not fit.')
      return
    }
    if (this.chunk.missing()) return
    const { encoding, zip } = this.mux.tools
    const bytes = decodeChunk(this.chunk.text(), encoding, zip)
    if (!bytes) {
      this.mux.fail(`The link to the target is gone: its far end sent what is not ${encoding}.`)
      return
    }
    if (this.rounds <= 1) {
      this.per = Math.min(MOST_LINES, this.per * 2)
      const took = performance.now() - this.began
      if (took > LONG) this.size = Math.max(LEAST_BYTES, this.size >> 1)
      else if (bytes.length === this.size) this.size = Math.min(MOST_BYTES, this.size * 2)
    }
    if (bytes.length === 0) this.over(this.greeted ? 0 : 1, this.said)
    else this.deliver(bytes)
  }

  private deliver(bytes: Buffer): void {
    this.mux.account.delivered += bytes.length
    this.wanted++
    this.state = 'idle'
    // Before its greeting a script says why it does not begin.
    if (!this.greeted) {
      this.said += bytes.toString('latin1').slice(0, 4096)
      this.greeted = /(^|\n)rvpanel-(agent|stream) /.test(this.said)
    }
    if (this.stdout.push(bytes)) this.demanded = true
    this.ask()
  }

  private over(code: number | null, said: string): void {
    if (this.state === 'over') return
    this.state = 'over'
    this.mux.detach(this.number)
    // Only then may another have the number.
    const free = this.number === AGENT ? Promise.resolve('') : this.mux.say('s', this.number)
    free.then(this.release, this.release)
    this.stdout.push(null)
    this.settle({ code, said: this.greeted ? '' : oneLine(said) })
  }
}

/** The channel that line.sh has open from its start. */
export const AGENT = 4
