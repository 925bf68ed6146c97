import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { FrameError, FrameParser, type Reply } from './frames'

const GREETING = 'rvpanel-agent 1 77\n'

/** What od -An -v -tx1 writes for bytes. */
function od(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 16) {
    for (const byte of bytes.subarray(i, i + 16)) text += ` ${byte.toString(16).padStart(2, '0')}`
    text += '\n'
  }
  return text
}

function parse(chunks: readonly Uint8Array[]): { replies: Reply[]; pid: number | undefined } {
  const replies: Reply[] = []
  const parser = new FrameParser((reply) => replies.push(reply))
  for (const chunk of chunks) parser.push(chunk)
  return { replies, pid: parser.agentPid }
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value)

describe('FrameParser', () => {
  it('reads replies cut anywhere', () => {
    const reply = fc.record({ ok: fc.boolean(), payload: fc.uint8Array({ maxLength: 80 }) })
    fc.assert(
      fc.property(
        fc.array(reply),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        (all, cuts) => {
          const output = text(
            `motd\n${GREETING}${all
              .map(({ ok, payload }, id) =>
                ok
                  ? `${od(payload)}.${String(id)} ok\n`
                  : ` 6d\n!\n${od(payload)}.${String(id)} err\n`
              )
              .join('')}`
          )
          const chunks: Uint8Array[] = []
          for (let at = 0; at < output.length;) {
            const size = cuts[chunks.length % cuts.length] ?? 1
            chunks.push(output.subarray(at, at + size))
            at += size
          }
          const { replies, pid } = parse(chunks)
          expect(pid).toBe(77)
          expect(replies).toEqual(all.map(({ ok, payload }, id) => ({ id, ok, payload })))
        }
      )
    )
  })

  it('throws FrameError, and nothing else, on whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        try {
          parse([text(GREETING), bytes])
        } catch (error) {
          expect(error).toBeInstanceOf(FrameError)
        }
      })
    )
  })

  it.each([
    ['a word', 'hello\n'],
    ['half a byte', ' 6\n'],
    ['an error without its mark', ' 61\n.1 err\n'],
    ['an ok after an error mark', '!\n.1 ok\n'],
    ['a number that is none', '.x ok\n'],
    ['a line without end', ' 61'.repeat(100)],
    ['a second greeting', GREETING]
  ])('refuses %s', (_, output) => {
    expect(() => parse([text(GREETING + output)])).toThrow(FrameError)
  })

  it('gives up on a login shell that never ends', () => {
    const parser = new FrameParser(() => undefined)
    const noise = text('spam '.repeat(200))
    expect(() => {
      for (let i = 0; i < 1000; i++) parser.push(noise)
    }).toThrow(FrameError)
  })

  it('gives up on a reply without end', () => {
    const parser = new FrameParser(() => undefined)
    parser.push(text(GREETING))
    const line = text(od(new Uint8Array(16 * 1024)))
    expect(() => {
      for (let i = 0; i < 1000; i++) parser.push(line)
    }).toThrow(FrameError)
  })
})
