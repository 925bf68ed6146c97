import { gzipSync } from 'node:zlib'

import { checksum } from './checksum'
import type { ByteLink } from './link'
import type { Tools } from './script'

/** What a line does to what it carries: takes a piece of it and gives what comes out. */
export type Fault = (text: string) => string

/**
 * line.sh as a model without processes, over a link that a test damages: what each channel's
 * script writes is given, and what the panel makes it do is kept.
 */
export class FarEnd implements ByteLink {
  onBytes: (chunk: Uint8Array) => void = () => undefined
  readonly ended: Promise<string>
  /** What the agent's script was given, in the order in which it acted. */
  input = ''
  /** Every line that acted, by its number and words. */
  readonly acts: string[] = []
  /** Bytes to the panel, and from it. */
  toPanel: Fault = (text) => text
  toTarget: Fault = (text) => text
  isDead = false
  hangUp: (message: string) => void = () => undefined
  private last = 0
  private reply = ''
  private rest = ''
  private readonly sent = new Map<number, { chunk: number; lines: string[] }>()

  /** @param outputs of the scripts by channel, in what they write at a time */
  constructor(
    private readonly connection: string,
    private readonly tools: Tools,
    private readonly outputs: Map<number, Buffer[]>
  ) {
    this.ended = new Promise((resolve) => {
      this.hangUp = resolve
    })
  }

  write(text: string): void {
    if (this.isDead) return
    const lines = (this.rest + this.toTarget(text)).split('\n')
    this.rest = lines.pop() ?? ''
    for (const line of lines) this.take(line)
  }

  close(): Promise<void> {
    this.isDead = true
    return Promise.resolve()
  }

  private take(line: string): void {
    const match = /^(\S+) (\S+) (([0-9]+) (\S+) ?(.*))$/.exec(line)
    if (match?.[1] !== this.connection) return
    const [, , check, rest = '', seq, verb = '', data = ''] = match
    const right = verb === 'w' ? checksum(this.tools.summing, rest) : rest.replaceAll(' ', '.')
    if (check !== right) {
      this.say('n')
      return
    }
    if (Number(seq) === this.last + 1) {
      this.last++
      this.acts.push(rest)
      this.reply = this.act(verb, data)
    }
    if (Number(seq) === this.last) this.say(`a ${String(this.last)} ${this.reply}`)
  }

  private act(verb: string, data: string): string {
    switch (verb) {
      case 'w':
        this.input += data.replace(/\\(\\|n|0([0-7]{3}))/g, (_, c: string, octal?: string) =>
          octal === undefined ? (c === 'n' ? '\n' : '\\') : String.fromCharCode(parseInt(octal, 8))
        )
        return String(data.length)
      case 'p':
        return `r${[...this.outputs.keys()].join('')}`
      case 'a':
        return this.pull(data.split(' ').map(Number))
      case 'o':
        return '77'
      default:
        return 'ok'
    }
  }

  private pull([channel = 0, chunk = 0, size = 0, from = 0, count = 0, per = 1]: number[]): string {
    const output = this.outputs.get(channel)
    if (!output) return 'busy'
    let sent = this.sent.get(channel) ?? { chunk: 0, lines: [] }
    if (chunk === sent.chunk + 1) {
      // Nothing there yet: it waits, as dd does.
      const next = output.shift()
      if (!next) return 'ok'
      if (next.length > size) output.unshift(next.subarray(size))
      sent = { chunk, lines: this.encode(next.subarray(0, size)) }
      this.sent.set(channel, sent)
      from = 0
      count = 0
    }
    if (chunk !== sent.chunk) return 'ok'
    const total = sent.lines.length
    const end = count === 0 ? total : Math.min(total, from + count)
    if (total === 0) this.frame(`c ${String(channel)} ${String(chunk)} 0 0 0 `)
    for (let at = from; at < end; at += per) {
      const lines = sent.lines.slice(at, Math.min(end, at + per))
      this.frame(
        ['c', channel, chunk, at, lines.length, total, lines.map((line) => `,${line}`).join('')]
          .map(String)
          .join(' ')
      )
    }
    return 'ok'
  }

  private encode(bytes: Buffer): string[] {
    const { encoding, zip } = this.tools
    const packed = zip ? gzipSync(bytes) : bytes
    const text = packed.toString(encoding === 'od' ? 'hex' : 'base64')
    return text.match(/.{1,76}/g) ?? []
  }

  private say(body: string): void {
    this.frame(body, body.replaceAll(' ', '.'))
  }

  private frame(body: string, check = checksum(this.tools.summing, body)): void {
    const text = this.toPanel(
      `\u0002${this.connection} ${String(body.length)} ${check} ${body}\u0003`
    )
    // As a link does it: later.
    setTimeout(() => {
      if (text !== '') this.onBytes(Buffer.from(text, 'latin1'))
    }, 1)
  }
}

/** Numbers from 0 up to below 1 that a seed makes: the same each time. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 0x100000000
  }
}

/** Loses, turns over and doubles one in so many bytes, and writes console lines in between. */
export function dirt(random: () => number, oneIn: number, lineOneIn: number): Fault {
  let stamp = 0
  return (text) => {
    let out = ''
    for (const char of text) {
      if (random() * lineOneIn < 1) {
        out += `[${String(++stamp).padStart(5)}.000001] usb 1-1: new device\r\n`
      }
      const what = random() * oneIn
      if (what < 0.4) continue
      if (what < 0.7)
        out += String.fromCharCode(char.charCodeAt(0) ^ (1 << Math.floor(random() * 8)))
      else out += what < 1 ? char + char : char
    }
    return out
  }
}
