import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RecordKind } from './batch'
import { decodeRows, decodeText } from './testing'
import type { Row } from './testing'

/*
 * Real recordings, read a second time by regular expressions that share nothing
 * with the decoder.
 */

const folder = fileURLToPath(new URL('../../test/fixtures/trace/', import.meta.url))
const files = readdirSync(folder).filter((name) => name.endsWith('.txt'))

const HEAD =
  /^(?<comm>.{16})-(?<pid>\d+) +\[(?<cpu>\d{3})\] (?<flags>\S{5}) +(?<sec>\d+)\.(?<usec>\d{6}): (?<trace>\w+): (?<payload>.*)$/
const PAYLOADS: readonly (readonly [RecordKind, RegExp, RegExp])[] = [
  [
    RecordKind.Event,
    /^event_(?<monitor>\w+)$/,
    /^(?:(?<id>\d+): )?(?<state>\w+) x (?<event>\w+) -> (?<next>\w+)(?<final> \(final\))?$/
  ],
  [
    RecordKind.LtlEvent,
    /^event_(?<monitor>\w+)$/,
    /^(?<taskComm>.*)\[(?<id>\d+)\]: \((?<state>.*)\) x \((?<event>.*)\) -> \((?<next>.*)\)$/
  ],
  [
    RecordKind.Error,
    /^error_(?<monitor>\w+)$/,
    /^(?:(?<id>\d+): )?event (?<event>\w+) not expected in the state (?<state>\w+)$/
  ],
  [
    RecordKind.LtlError,
    /^error_(?<monitor>\w+)$/,
    /^(?<taskComm>.*)\[(?<id>\d+)\]: violation detected$/
  ],
  [RecordKind.Other, /^(?!event_|error_)(?<monitor>\w+)$/, /^/]
]

function reference(line: string): Row {
  const head = HEAD.exec(line)?.groups
  if (head === undefined) throw new Error(`no head: ${line}`)
  for (const [kind, name, payload] of PAYLOADS) {
    const trace = name.exec(head.trace ?? '')?.groups
    const parts = payload.exec(head.payload ?? '')
    if (trace === undefined || parts === null) continue
    const of = parts.groups ?? {}
    return {
      kind,
      sec: Number(head.sec),
      nsec: Number(head.usec) * 1000,
      cpu: Number(head.cpu),
      pid: Number(head.pid),
      comm: (head.comm ?? '').trimStart(),
      flags: head.flags ?? '',
      monitor: trace.monitor ?? '',
      id: of.id === undefined ? undefined : Number(of.id),
      state: of.state ?? '',
      event: of.event ?? '',
      next: of.next ?? '',
      final: of.final !== undefined,
      taskComm: of.taskComm ?? '',
      env: '',
      text: head.payload ?? ''
    }
  }
  throw new Error(`no payload: ${line}`)
}

describe('recordings of a real kernel', () => {
  it('has some for each class of monitor', () => {
    expect(files).toHaveLength(8)
  })

  it.each(files)('%s: every line as a regular expression reads it', (file) => {
    const text = readFileSync(folder + file, 'utf8')
    const expected = text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map(reference)
    expect(decodeText(text)).toEqual(expected)
  })

  it('is the same in any pieces', () => {
    const bytes = readFileSync(folder + 'rtapp.trace.txt').subarray(0, 20_000)
    const whole = decodeRows([bytes])
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 50 }),
        (cuts, capacity) => {
          const at = [0, ...cuts.sort((a, b) => a - b), bytes.length]
          const pieces = at.slice(1).map((end, i) => bytes.subarray(at[i], end))
          expect(decodeRows(pieces, { capacity })).toEqual(whole)
        }
      ),
      { numRuns: 30 }
    )
  })

  it('is the same byte by byte', () => {
    const bytes = readFileSync(folder + 'wip.trace.txt').subarray(0, 5000)
    const single = Array.from(bytes, (byte) => Uint8Array.of(byte))
    expect(decodeRows(single)).toEqual(decodeRows([bytes]))
  })

  it('takes damaged text without an exception, and keeps a row for every line', () => {
    const bytes = readFileSync(folder + 'wwnr-stall-with-sched.trace.txt').subarray(2000, 6000)
    const mutation = fc.tuple(
      fc.integer({ min: 0, max: bytes.length - 1 }),
      fc.integer({ min: 0, max: 255 })
    )
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 60 }), (mutations) => {
        const damaged = Uint8Array.from(bytes)
        for (const [at, byte] of mutations) damaged[at] = byte
        const lines = new TextDecoder('latin1').decode(damaged).split('\n')
        const kept = lines.filter(
          (line, i) => !line.startsWith('#') && (line !== '' || i < lines.length - 1)
        )
        expect(decodeRows([damaged])).toHaveLength(kept.length)
      }),
      { numRuns: 200 }
    )
  })
})
