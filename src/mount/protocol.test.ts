import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HEADER_BYTES, OP, parseRequest } from './protocol'
import { joined, name, request, words } from './testing'

describe('parseRequest', () => {
  it('reads what a kernel writes', () => {
    expect(parseRequest(request(OP.lookup, 5, 1, name('rv')))).toEqual({
      unique: 5n,
      node: 1,
      body: { kind: 'lookup', name: 'rv' }
    })
    expect(
      parseRequest(request(OP.mkdir, 6, 9, joined(words(0o755, 0o22), name('x'))))?.body
    ).toEqual({
      kind: 'mkdir',
      name: 'x'
    })
    expect(
      parseRequest(request(OP.read, 7, 9, words(3n, 4096n, 65536, 0, 0n, 0o4000, 0)))?.body
    ).toEqual({
      kind: 'read',
      handle: 3,
      offset: 4096,
      size: 65536,
      flags: 0o4000
    })
    const write = joined(words(3n, 2n, 4, 0, 0n, 1, 0), name('wip'))
    expect(parseRequest(request(OP.write, 8, 9, write))?.body).toEqual({
      kind: 'write',
      handle: 3,
      offset: 2,
      data: name('wip'),
      flags: 1
    })
    expect(parseRequest(request(OP.batchForget, 9, 0, words(2, 0, 5n, 1n, 6n, 2n)))?.body).toEqual({
      kind: 'forget',
      nodes: [
        [5, 1],
        [6, 2]
      ]
    })
    expect(parseRequest(request(OP.poll, 9, 2, words(1n, 77n, 1, 1)))?.body).toEqual({
      kind: 'poll',
      handle: 1,
      pollHandle: 77n,
      notify: true,
      events: 1
    })
    expect(parseRequest(request(9999, 9, 2))?.body).toEqual({ kind: 'unknown', opcode: 9999 })
  })

  it('takes extensions behind a body for none of it', () => {
    const bytes = request(OP.mkdir, 6, 9, joined(words(0o755, 0o22), name('x'), new Uint8Array(16)))
    new DataView(bytes.buffer).setUint16(36, 2, true)
    expect(parseRequest(bytes)?.body).toEqual({ kind: 'mkdir', name: 'x' })
  })

  it('answers for every frame with a header, and reads nothing outside of it', () => {
    const opcodes = Object.values(OP)
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom(...opcodes), fc.nat(5000)),
        fc.uint8Array({ maxLength: 200 }),
        fc.nat(64),
        fc.boolean(),
        (opcode, body, before, honest) => {
          const frame = request(opcode, 42, 3, body)
          if (!honest) new DataView(frame.buffer).setUint32(0, frame.length + 1, true)
          // In the middle of a larger buffer, as the device's is.
          const buffer = new Uint8Array(frame.length + before + 500).fill(0xff)
          buffer.set(frame, before)
          const parsed = parseRequest(buffer.subarray(before, before + frame.length))
          expect(parsed?.unique).toBe(42n)
          if (!honest) expect(parsed?.body.kind).toBe('malformed')
          if (parsed?.body.kind === 'write') {
            expect(parsed.body.data.length).toBeLessThanOrEqual(body.length - 40)
          }
        }
      )
    )
    expect(parseRequest(new Uint8Array(HEADER_BYTES - 1))).toBeUndefined()
  })

  it('refuses names, offsets and counts that cannot be', () => {
    const kinds = [
      request(OP.lookup, 1, 1, new TextEncoder().encode('no end')),
      request(OP.lookup, 1, 1, name('')),
      request(OP.lookup, 1, 1, name('x'.repeat(1025))),
      request(OP.read, 1, 1, words(1n, 2n ** 63n, 1, 0, 0n, 0, 0)),
      request(OP.write, 1, 1, words(1n, 0n, 100, 0, 0n, 0, 0)),
      request(OP.batchForget, 1, 1, words(0xffffffff, 0)),
      request(OP.release, 1, 1, words(1n)),
      request(OP.open, 1, 1)
    ].map((bytes) => parseRequest(bytes)?.body.kind)
    expect(kinds).toEqual(kinds.map(() => 'malformed'))
  })
})
