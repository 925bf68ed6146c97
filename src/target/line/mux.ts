import { CANCELLED } from '../agent'
import { newAccount, type LinkAccount } from './account'
import { checksum } from './checksum'
import { parsePart, type Part } from './chunks'
import { FrameReader } from './frames'
import type { ByteLink } from './link'
import { escaped, type Tools } from './script'

/** Time limits in ms. */
export interface LineTimes {
  /** Between two signs of life that are asked for. */
  readonly ping: number
  /** Silence after which the link counts as dead. */
  readonly dead: number
  /** The same, once the kernel has said that it panics. */
  readonly deadOfPanic: number
  /** A line is said again after this long at least and at most. */
  readonly shortest: number
  readonly longest: number
}

const TIMES: LineTimes = {
  ping: 2_000,
  dead: 9_000,
  deadOfPanic: 3_000,
  shortest: 400,
  longest: 1_500
}

/** Characters of data in one line to the target, whose terminal keeps 4,095: at first, and where none comes through. */
const MOST_DATA = 700
const LEAST_DATA = 40

/** Makes the words of a line, with at most so many characters of data. */
export type Words = (room: number) => string

/** Questions in quick succession after a frame was damaged. */
const HURRIES = 8

interface Saying {
  readonly words: Words
  readonly resolve: (reply: string) => void
  readonly reject: (error: Error) => void
}

/** What the multiplexer tells a channel of it. */
export interface ChannelSink {
  part(part: Part): void
  /** The far end waits to be asked for a chunk; it did so when `asked` (ms) was long past. */
  idle(asked: number): void
  /** The link is gone. */
  lost(): void
}

/**
 * This end of a line whose far end is line.sh: says one numbered line at a time until it is
 * answered, hands on the parts of chunks, and notices a link that is dead.
 */
export class LineMux {
  /** Settles with one sentence when the link is gone, for any reason but close(). Never rejects. */
  readonly lost: Promise<string>
  readonly account: LinkAccount = newAccount()
  /** Told of lines that are no frames. */
  onNoise: (line: string) => void = () => undefined
  /** The panic that the kernel's console has told of. */
  panic: string | undefined
  private readonly times: LineTimes
  private readonly reader: FrameReader
  private readonly queue: Saying[] = []
  private readonly channels = new Map<number, ChannelSink>()
  private current: (Saying & { tries: number; since: number; last: number }) | undefined
  private seq = 0
  private lastFrame = now()
  private saidSinceFrame = 0
  private trip = 200
  private repeater: NodeJS.Timeout | undefined
  private readonly watcher: NodeJS.Timeout
  private hurried: NodeJS.Timeout | undefined
  private gone: string | undefined
  private settleLost: (message: string) => void = () => undefined
  private isClosed = false

  constructor(
    private readonly link: ByteLink,
    private readonly connection: string,
    readonly tools: Tools,
    times: Partial<LineTimes> = {}
  ) {
    this.times = { ...TIMES, ...times }
    this.lost = new Promise((resolve) => {
      this.settleLost = resolve
    })
    this.reader = new FrameReader(connection, tools.summing, {
      frame: (body) => {
        this.onFrame(body)
      },
      damaged: () => {
        this.account.damaged++
        this.hurries = HURRIES
        this.hurry()
      },
      noise: (line) => {
        this.account.noise++
        const panic = /Kernel panic - not syncing.*/.exec(line)?.[0]
        if (panic !== undefined && !panic.includes('end Kernel panic')) this.panic ??= panic
        this.onNoise(line)
      }
    })
    link.onBytes = (chunk) => {
      this.account.received += chunk.length
      this.reader.push(chunk)
    }
    void link.ended.then((message) => {
      this.fail(message)
    })
    this.watcher = setInterval(
      () => {
        this.watch()
      },
      Math.min(500, this.times.ping)
    )
    this.watcher.unref()
  }

  /** Says a line until it is answered. Rejects once the link is gone. */
  say(...words: readonly (string | number)[]): Promise<string> {
    return this.enqueue(() => words.join(' '))
  }

  /**
   * The same for a line that is made when its turn has come, and made shorter where it does
   * not come through: the answer must tell which of them acted.
   */
  sayWhat(words: Words): Promise<string> {
    return this.enqueue(words)
  }

  /** Bytes for printf %b in at most so many characters, and how many bytes they are. */
  static data(bytes: Uint8Array, room: number): { readonly text: string; readonly taken: number } {
    let text = ''
    let taken = 0
    for (const piece of escaped(bytes)) {
      if (text.length + piece.length > room) break
      text += piece
      taken++
    }
    const edge = (blank: string): string => blank.replaceAll(' ', '\\0040')
    return { text: text.replace(/^ +/, edge).replace(/ +$/, edge), taken }
  }

  attach(channel: number, sink: ChannelSink): void {
    this.channels.set(channel, sink)
  }

  detach(channel: number): void {
    this.channels.delete(channel)
  }

  /** Something is missing: asks sooner who waits for what. */
  hurry(): void {
    if (this.hurried !== undefined || this.gone !== undefined) return
    this.hurried = setTimeout(
      () => {
        this.hurried = undefined
        this.ping()
      },
      Math.max(20, Math.min(this.times.shortest, this.trip))
    )
  }

  /** Declares the link gone. */
  fail(message: string): void {
    if (this.gone !== undefined) return
    this.gone = message
    this.stop()
    const error = new Error(message)
    this.current?.reject(error)
    this.current = undefined
    for (const { reject } of this.queue.splice(0)) reject(error)
    for (const sink of [...this.channels.values()]) sink.lost()
    if (!this.isClosed) this.settleLost(message)
  }

  /** Ends the far end; it has answered when this resolves, or the link is given up after `grace` ms. */
  async close(grace = 3_000): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    if (this.gone === undefined) {
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, grace)
      })
      await Promise.race([this.say('q').catch(() => undefined), late])
      clearTimeout(timer)
    }
    this.fail(CANCELLED)
  }

  get isGone(): boolean {
    return this.gone !== undefined
  }

  private stop(): void {
    clearInterval(this.watcher)
    clearTimeout(this.repeater)
    clearTimeout(this.hurried)
  }

  private enqueue(words: Words): Promise<string> {
    if (this.gone !== undefined) return Promise.reject(new Error(this.gone))
    return new Promise((resolve, reject) => {
      this.queue.push({ words, resolve, reject })
      this.next()
    })
  }

  private next(): void {
    while (this.current === undefined) {
      const saying = this.queue.shift()
      if (!saying) return
      this.seq++
      this.current = { ...saying, tries: 0, since: now(), last: 0 }
      this.transmit()
    }
  }

  /** The line that is to be answered. */
  private line({ words, tries }: { readonly words: Words; readonly tries: number }): string {
    const room = Math.max(LEAST_DATA, MOST_DATA >> Math.max(0, tries - 2))
    const rest = `${String(this.seq)} ${words(room)}`
    const isData = rest.startsWith('w ', rest.indexOf(' ') + 1)
    const check = isData ? checksum(this.tools.summing, rest) : rest.replaceAll(' ', '.')
    return `${this.connection} ${check} ${rest}\n`
  }

  private transmit(): void {
    const { current } = this
    if (!current) return
    current.tries++
    current.last = now()
    this.saidSinceFrame++
    if (current.tries > 1) this.account.repeated++
    // The end of a line that was lost would make it one with the next.
    const line = (current.tries === 1 ? '' : '\n') + this.line(current)
    this.account.sent += line.length
    this.link.write(line)
    const patience = Math.max(this.times.shortest, this.trip * 4) * 2 ** (current.tries - 1)
    clearTimeout(this.repeater)
    this.repeater = setTimeout(
      () => {
        this.transmit()
      },
      Math.min(this.times.longest, patience)
    )
  }

  private onFrame(body: string): void {
    this.account.frames++
    this.lastFrame = now()
    this.saidSinceFrame = 0
    if (body.startsWith('c ')) {
      const part = parsePart(body)
      if (part) this.channels.get(part.channel)?.part(part)
      return
    }
    if (body === 'n') {
      // What was sent again meanwhile may be on its way.
      if (this.current && now() - this.current.last > this.trip / 2) this.transmit()
      return
    }
    const answer = /^a ([0-9]{1,15}) (\S+)$/.exec(body)
    const { current } = this
    if (!answer || !current || Number(answer[1]) !== this.seq) return
    clearTimeout(this.repeater)
    // Of a line that was said again nobody knows which of them is answered.
    if (current.tries === 1) this.trip = this.trip * 0.8 + (now() - current.since) * 0.2
    this.current = undefined
    current.resolve(answer[2] ?? '')
    this.next()
  }

  private watch(): void {
    const silent = now() - this.lastFrame
    if (silent >= this.times.ping) this.reader.giveUp()
    const limit = this.panic === undefined ? this.times.dead : this.times.deadOfPanic
    // A machine that slept has not listened.
    if (silent > limit && this.saidSinceFrame >= 2) {
      this.fail(
        this.panic === undefined
          ? `The link to the target is gone: no answer for ${String(Math.round(limit / 1000))} seconds.`
          : `The kernel of the target has panicked: ${this.panic}`
      )
    } else if (silent >= this.times.ping) this.ping()
    else if (now() - this.pinged >= this.times.ping) this.ping()
  }

  private pinged = 0

  private ping(): void {
    // A line that waits for its answer is a ping too, but does not tell who is idle.
    if (this.queue.length > 8 || this.gone !== undefined || this.isPinging) return
    this.isPinging = true
    this.pinged = now()
    let asked = 0
    this.sayWhat(() => {
      asked = now()
      return 'p'
    })
      .then((reply) => {
        this.isPinging = false
        for (const digit of reply.slice(1)) this.channels.get(Number(digit))?.idle(asked)
        // The far end may still be sending what follows the frame that was damaged.
        if (--this.hurries > 0) this.hurry()
      })
      .catch(() => undefined)
  }

  private isPinging = false
  private hurries = 0
}

function now(): number {
  return performance.now()
}
