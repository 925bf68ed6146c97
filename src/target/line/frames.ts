import { checksum, type Summing } from './checksum'

const STX = '\u0002'
const ETX = '\u0003'
/** Characters between two marks; frames have less than a thousand, the rest is the console's. */
const MAX_FRAME = 65_536
/** Characters of a line of noise that are kept. */
const MAX_NOISE = 4096

/** What comes over a line, told apart. */
export interface FrameSink {
  /** The body of a frame whose check was right. */
  frame(body: string): void
  /** Something between marks was no frame, or not whole. */
  damaged(): void
  /** A line that was beside the frames or in the middle of one, without its end. */
  noise(line: string): void
}

/**
 * Picks the frames of one connection (line.sh) out of whatever a line carries. Lines that a
 * console wrote into a frame are cut out of it. Everything is bounded; nothing throws.
 */
export class FrameReader {
  private inside: string | undefined
  private outside = ''

  /** @param connection number of this connection @param summing the target's program for checksums */
  constructor(
    private readonly connection: string,
    private readonly summing: Summing,
    private readonly sink: FrameSink
  ) {}

  /** Takes the next bytes, cut anywhere. */
  push(chunk: Uint8Array): void {
    const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1')
    let start = 0
    for (;;) {
      const begin = text.indexOf(STX, start)
      const end = this.inside === undefined ? -1 : text.indexOf(ETX, start)
      if (end >= 0 && (begin < 0 || end < begin)) {
        const whole = (this.inside ?? '') + text.slice(start, end)
        this.inside = undefined
        this.close(whole)
        start = end + 1
      } else if (begin >= 0) {
        this.take(text.slice(start, begin))
        // The end of the one before is missing.
        this.giveUp()
        this.inside = ''
        start = begin + 1
      } else {
        this.take(text.slice(start))
        return
      }
    }
  }

  private take(text: string): void {
    if (this.inside === undefined) this.outside = this.lines(this.outside + text)
    else {
      this.inside += text
      if (this.inside.length > MAX_FRAME) this.giveUp()
    }
  }

  /** Nothing has come for a while: what was begun will not be ended. */
  giveUp(): void {
    if (this.inside === undefined) return
    const text = this.inside
    this.inside = undefined
    this.sink.damaged()
    this.lines(`${text.slice(Math.max(0, text.search(STAMP)))}\n`, true)
  }

  /** Hands on the whole lines; returns the rest. */
  private lines(text: string, onlyStamped = false): string {
    const lines = text.split('\n')
    const rest = lines.pop() ?? ''
    for (const line of lines) {
      const clean = line.replace(/\r+$/, '').slice(0, MAX_NOISE)
      if (clean !== '' && (!onlyStamped || STAMP_AT_START.test(clean))) this.sink.noise(clean)
    }
    return rest.slice(-MAX_NOISE)
  }

  private close(text: string): void {
    const body = this.check(text)
    if (body !== undefined) {
      this.sink.frame(body)
      return
    }
    if (text.includes('\n')) {
      for (const [shorter, cut] of withoutConsole(text)) {
        const rescued = this.check(shorter)
        if (rescued === undefined) continue
        this.lines(cut.endsWith('\n') ? cut : `${cut}\n`)
        this.sink.frame(rescued)
        return
      }
    }
    this.sink.damaged()
    this.lines(`${text.slice(Math.max(0, text.search(STAMP)))}\n`, true)
  }

  /** The body of a text that is a frame of this connection. */
  private check(text: string): string | undefined {
    const match = /^([0-9a-z]+) ([0-9]{1,4}) (\S+) /.exec(text)
    if (match?.[1] !== this.connection) return undefined
    const body = text.slice(match[0].length)
    if (body.length !== Number(match[2])) return undefined
    const given = match[3] ?? ''
    const right = body.startsWith('c ') ? checksum(this.summing, body) : body.replaceAll(' ', '.')
    return given === right ? body : undefined
  }
}

const STAMP = /(?:<[0-9]+>)?\[ *[0-9]+\.[0-9]{6}\]/
const STAMP_AT_START = new RegExp(`^${STAMP.source}`)
const STAMPED_LINE = new RegExp(`${STAMP.source}[^\\n]*\\n`, 'g')

/**
 * Guesses at a frame without what the console wrote into it, with what was cut out: its lines
 * begin with a time and end with a newline, which no frame has; or, where they have no time,
 * what is too long stands in one place, before a newline. The check tells a right guess.
 */
function* withoutConsole(text: string): Generator<readonly [string, string]> {
  yield [text.replace(STAMPED_LINE, ''), (text.match(STAMPED_LINE) ?? []).join('')]
  const head = /^[0-9a-z]+ ([0-9]{1,4}) \S+ /.exec(text)
  if (!head) return
  const extra = text.length - head[0].length - Number(head[1])
  if (extra <= 0) return
  let tries = 0
  for (let end = text.indexOf('\n') + 1; end > 0 && tries < 32; end = text.indexOf('\n', end) + 1) {
    tries++
    const start = end - extra
    if (start < head[0].length) continue
    yield [text.slice(0, start) + text.slice(end), text.slice(start, end)]
  }
}
