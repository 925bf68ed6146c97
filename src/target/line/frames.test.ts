import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { checksum, SUMMING, type Summing } from './checksum'
import { FrameReader } from './frames'

const CONNECTION = '0123abcd'

function frame(body: string, summing: Summing = 'cksum'): string {
  const check = body.startsWith('c ') ? checksum(summing, body) : body.replaceAll(' ', '.')
  return `\u0002${CONNECTION} ${String(body.length)} ${check} ${body}\u0003`
}

function read(
  pieces: readonly string[],
  summing: Summing = 'cksum'
): { frames: string[]; damaged: number; noise: string[] } {
  const got = { frames: [] as string[], damaged: 0, noise: [] as string[] }
  const reader = new FrameReader(CONNECTION, summing, {
    frame: (body) => got.frames.push(body),
    damaged: () => got.damaged++,
    noise: (line) => got.noise.push(line)
  })
  for (const piece of pieces) reader.push(Buffer.from(piece, 'latin1'))
  return got
}

/** A text cut at arbitrary places. */
function cut(text: string, places: readonly number[]): string[] {
  const at = [0, ...places.map((place) => place % (text.length + 1)), text.length].sort(
    (a, b) => a - b
  )
  return at.slice(1).map((end, i) => text.slice(at[i], end))
}

const payload = fc.string({
  unit: fc.constantFrom(...Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghij0123456789+/=')),
  maxLength: 300
})
const body = fc.oneof(
  payload.map((text) => `c 4 17 0 3 9 ${text}`),
  fc.nat(1e6).map((seq) => `a ${String(seq)} ok`)
)
const places = fc.array(fc.nat(), { maxLength: 6 })
const message = fc
  .string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((c) => String.fromCharCode(c)),
    maxLength: 60
  })
  .filter((text) => !text.includes('['))
const stamped = fc
  .tuple(fc.nat(99_999), fc.nat(999_999), message)
  .map(
    ([sec, usec, text]) =>
      `[${String(sec).padStart(5)}.${String(usec).padStart(6, '0')}] ${text}\r\n`
  )

describe('the frames of a line', () => {
  it('come whole however they are cut, with every checksum', () => {
    fc.assert(
      fc.property(
        fc.array(body, { maxLength: 5 }),
        places,
        fc.constantFrom(...SUMMING),
        (bodies, at, summing) => {
          const text = bodies.map((one) => frame(one, summing)).join('')
          expect(read(cut(text, at), summing)).toEqual({ frames: bodies, damaged: 0, noise: [] })
        }
      )
    )
  })

  it('come whole with lines of the console anywhere in them, and the lines too', () => {
    fc.assert(
      fc.property(body, fc.array(fc.tuple(fc.nat(), stamped), { maxLength: 5 }), (one, lines) => {
        let text = frame(one)
        const inserted: string[] = []
        // From behind, so that places stay what they are; equal places keep the order.
        const sorted = lines
          .map(([at, line]) => [1 + (at % (text.length - 1)), line] as const)
          .sort((a, b) => b[0] - a[0])
        for (const [at, line] of sorted) {
          text = text.slice(0, at) + line + text.slice(at)
          inserted.unshift(line.replace(/\r\n$/, ''))
        }
        const got = read([text])
        expect(got.frames).toEqual([one])
        expect(got.noise).toEqual(inserted)
      })
    )
  })

  it('come whole with one line without a time in their body', () => {
    fc.assert(
      fc.property(body, fc.nat(), message, (one, at, line) => {
        const text = frame(one)
        const from = text.indexOf(one)
        const place = from + (at % one.length)
        const got = read([`${text.slice(0, place)}${line}\r\n${text.slice(place)}`])
        expect(got.frames).toEqual([one])
      })
    )
  })

  it('are refused when anything in them is another', () => {
    fc.assert(
      fc.property(body, fc.nat(), fc.integer({ min: 1, max: 255 }), (one, at, bits) => {
        const text = frame(one)
        const place = at % text.length
        const other = String.fromCharCode(text.charCodeAt(place) ^ bits)
        const got = read([text.slice(0, place) + other + text.slice(place + 1)])
        expect(got.frames).toEqual([])
      })
    )
  })

  it('are found again after anything, and nothing else is taken for one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }),
        body,
        (junk, one) => {
          const pieces = junk.map((bytes) => Buffer.from(bytes).toString('latin1'))
          expect(read(pieces).frames).toEqual([])
          expect(read([...pieces, frame(one)]).frames).toEqual([one])
        }
      )
    )
  })

  it('of another connection are none', () => {
    const other = frame('a 1 ok').replace(CONNECTION, 'ffffffff')
    expect(read([other, frame('a 2 ok')]).frames).toEqual(['a 2 ok'])
  })

  it('leave megabytes without an end behind', () => {
    const flood = 'x'.repeat(1 << 20)
    const got = read(['\u0002', flood, flood, frame('a 1 ok')])
    expect(got.frames).toEqual(['a 1 ok'])
    expect(got.damaged).toBe(1)
  })
})
