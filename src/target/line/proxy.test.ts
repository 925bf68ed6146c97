import fc from 'fast-check'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { AGENT, LineChannel } from './line-channel'
import type { ByteLink } from './link'
import { LineMux } from './mux'
import type { Tools } from './script'
import { FarEnd, seeded } from './testing'

const CONNECTION = 'feedf00d'
const TOOLS: Tools = { summing: 'cksum', encoding: 'base64', zip: false }
/** Bytes that meet the same fate. */
const PIECE = 24

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Shares of the pieces: 0 none, 1 all. */
interface Faults {
  readonly drop: number
  readonly double: number
  readonly corrupt: number
  /** ms that a piece takes at most; none overtakes another. */
  readonly delay: number
}

/** A link that drops, doubles, corrupts and delays what goes through it, both ways. */
class LinkProxy implements ByteLink {
  onBytes: (chunk: Uint8Array) => void = () => undefined
  readonly ended: Promise<string>
  /** Off: it only delays. */
  isFaulty = false
  private readonly due = { down: 0, up: 0 }

  constructor(
    private readonly inner: ByteLink,
    private readonly random: () => number,
    private readonly faults: Faults
  ) {
    this.ended = inner.ended
    inner.onBytes = (chunk) => {
      this.pass('down', Buffer.from(chunk).toString('latin1'), (text) => {
        this.onBytes(Buffer.from(text, 'latin1'))
      })
    }
  }

  write(text: string): void {
    this.pass('up', text, (piece) => {
      this.inner.write(piece)
    })
  }

  close(): Promise<void> {
    return this.inner.close()
  }

  private pass(way: 'down' | 'up', text: string, out: (text: string) => void): void {
    for (let at = 0; at < text.length; at += PIECE) {
      const pieces = this.fate(text.slice(at, at + PIECE))
      const now = Date.now()
      this.due[way] = Math.max(this.due[way], now + this.random() * this.faults.delay)
      setTimeout(() => {
        for (const piece of pieces) out(piece)
      }, this.due[way] - now)
    }
  }

  private fate(piece: string): string[] {
    if (!this.isFaulty) return [piece]
    const { drop, double, corrupt } = this.faults
    const at = this.random()
    if (at < drop) return []
    if (at < drop + double) return [piece, piece]
    if (at >= drop + double + corrupt) return [piece]
    const byte = Math.floor(this.random() * piece.length)
    const wrong = String.fromCharCode(
      piece.charCodeAt(byte) ^ (1 + Math.floor(this.random() * 255))
    )
    return [piece.slice(0, byte) + wrong + piece.slice(byte + 1)]
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 72_000) throw new Error('it never came about')
    await vi.advanceTimersByTimeAsync(100)
  }
}

const share = fc.integer({ min: 0, max: 30 }).map((n) => n / 1000)
const faults: fc.Arbitrary<Faults> = fc.record({
  drop: share,
  double: share,
  corrupt: share,
  delay: fc.integer({ min: 0, max: 200 })
})

it('brings nothing twice, loses nothing unsaid, and acts once, through whatever the link does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 0x7fffffff }), faults, async (seed, what) => {
      const random = seeded(seed)
      const line = (n: number): string => `event ${String(n).padStart(6, '0')}\n`
      const written = Array.from({ length: 12 }, (_, chunk) =>
        Buffer.from(Array.from({ length: 25 }, (_, i) => line(chunk * 25 + i)).join(''))
      )
      const outputs = new Map([
        [AGENT, []],
        [5, [Buffer.from('rvpanel-stream 1 7 8\n'), ...written]]
      ])
      const far = new FarEnd(CONNECTION, TOOLS, outputs)
      const proxy = new LinkProxy(far, random, what)
      const mux = new LineMux(proxy, CONNECTION, TOOLS)
      const agent = new LineChannel(mux, AGENT, () => undefined)
      const stream = new LineChannel(mux, 5, () => undefined)
      let got = ''
      stream.stdout.on('data', (chunk: Buffer) => (got += chunk.toString('latin1')))
      proxy.isFaulty = true
      const requests = Array.from({ length: 5 }, (_, i) => `${String(i)} write append x .a\n`)
      for (const one of requests) agent.stdin.write(one)
      stream.stdin.write('file .x\n')
      const last = line(299)
      const all = requests.join('')
      const isThere = (): boolean =>
        far.input.includes(all) && (got.endsWith(last) || got.endsWith('[LOST EVENTS]\n'))
      await until(() => mux.isGone || (isThere() && outputs.get(5)?.length === 0))

      // A link that is too bad ends, and that is said; until then every request acted once.
      const acted = far.acts.map((act) => Number(act.split(' ')[0]))
      expect(acted).toEqual(acted.map((_, i) => i + 1))
      if (mux.isGone) expect(await mux.lost).toMatch(/link|line/)
      // In order, none twice; where one is missing, a mark stands.
      let next = 0
      let isMarked = false
      let marks = 0
      for (const part of got.split('\n').slice(1, -1)) {
        if (part === 'CPU:0 [LOST EVENTS]') {
          isMarked = true
          marks++
          continue
        }
        const number = /^event (\d{6})$/.exec(part)?.[1]
        // What is left of a line whose other part was lost.
        if (number === undefined) continue
        if (isMarked) expect(Number(number)).toBeGreaterThanOrEqual(next)
        else expect(Number(number)).toBe(next)
        next = Number(number) + 1
        isMarked = false
      }
      expect(mux.account.lost).toBe(marks)
      if (!mux.isGone && !isMarked) expect(next).toBe(300)
      await Promise.all([mux.close(), vi.advanceTimersByTimeAsync(5_000)])
    }),
    { numRuns: 25 }
  )
})
