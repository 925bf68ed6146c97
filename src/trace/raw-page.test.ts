import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RawPage, PAGE_BYTES } from '../simulator/raw-page'
import { RawPageReader } from './raw-page'
import { parseFormat, readInteger, readText } from './raw-format'

interface Event {
  readonly ns: bigint
  readonly data: Uint8Array
}

function decode(page: Uint8Array): {
  events: Event[]
  missed: number
  problem: string | undefined
} {
  const reader = new RawPageReader()
  reader.open(page)
  const events: Event[] = []
  while (reader.next()) {
    events.push({
      ns: BigInt(reader.seconds) * 1_000_000_000n + BigInt(reader.nanoseconds),
      data: page.slice(reader.offset, reader.offset + reader.length)
    })
  }
  return { events, missed: reader.missed, problem: reader.problem }
}

describe('raw pages', () => {
  it('come back as they were written, whatever the times and lengths', () => {
    const event = fc.record({
      delta: fc.oneof(
        fc.nat(1000),
        fc.integer({ min: 2 ** 27 - 2, max: 2 ** 27 + 2 }),
        fc.integer({ min: 0, max: 2 ** 45 })
      ),
      // Lengths are those of structs; a record of 0 bytes does not exist.
      data: fc.uint8Array({ minLength: 8, maxLength: 200 })
    })
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 50 }),
        fc.array(event, { maxLength: 60 }),
        fc.nat(100_000),
        (start, events, missed) => {
          const page = new RawPage()
          page.begin(missed)
          let time = start
          const written: Event[] = []
          for (const { delta, data } of events) {
            time += delta
            const at = page.add(time, data.length)
            if (at === -1) break
            page.bytes.set(data, at)
            // The ring buffer rounds a record up to words.
            const padded = new Uint8Array(Math.ceil(data.length / 4) * 4)
            padded.set(data)
            written.push({ ns: BigInt(time), data: padded })
          }
          const read = decode(page.end())
          expect(read.problem).toBeUndefined()
          expect(read.events).toEqual(written)
          // A full page has no room to say how many.
          expect([missed, -1]).toContain(read.missed)
        }
      )
    )
  })

  it('of hostile bytes end, inside of their page', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, fits) => {
        // Half of them with a length that is believed.
        if (fits && bytes.length >= 16) {
          new DataView(bytes.buffer).setUint32(8, bytes.length - 16, true)
        }
        const { events } = decode(bytes)
        expect(events.length).toBeLessThanOrEqual(bytes.length)
      })
    )
  })

  it('of a real kernel give its records, times and losses', () => {
    const read = (name: string): Uint8Array =>
      readFileSync(fileURLToPath(new URL(`../../test/fixtures/raw/${name}`, import.meta.url)))
    const pages = read('linux-7.3-cpu0.bin')
    const formats = new Map(
      Buffer.from(read('linux-7.3-formats.txt'))
        .toString()
        .split(/^=+\n/m)
        .flatMap((text) => {
          const format = parseFormat(text)
          return format === undefined ? [] : [[format.id, format] as const]
        })
    )
    const lines: string[] = []
    let missed = 0
    for (let at = 0; at < pages.length; at += PAGE_BYTES) {
      const page = decode(pages.subarray(at, at + PAGE_BYTES))
      expect(page.problem).toBeUndefined()
      missed += page.missed
      for (const { ns, data } of page.events) {
        const format = formats.get(data[0]! | (data[1]! << 8))
        if (format?.name !== 'event_wip') continue
        const text = (name: string): string =>
          readText(
            data,
            format.fields.find((field) => field.name === name)!
          ) ?? ''
        const number = (name: string): bigint =>
          readInteger(
            data,
            format.fields.find((field) => field.name === name)!
          ) ?? -1n
        const us = (ns + 500n) / 1000n
        const time = `${us / 1_000_000n}.${String(us % 1_000_000n).padStart(6, '0')}`
        const final = number('final_state') === 1n ? ' (final)' : ''
        lines.push(
          `${number('common_pid')} ${time} ${text('state')} x ${text('event')} -> ${text('next_state')}${final}`
        )
      }
    }
    // The same buffer, as the kernel printed it.
    const printed = Buffer.from(read('linux-7.3-cpu0.txt')).toString().trim().split('\n')
    const expected = printed.flatMap((line) => {
      const found = /-(\d+)\s+\[000\] \S+\s+(\d+\.\d+): event_wip: (.*)$/.exec(line)
      return found === null ? [] : [found.slice(1).join(' ')]
    })
    expect(lines.length).toBeGreaterThan(50)
    expect(lines).toEqual(expected)
    expect(missed).toBe(9837)
  })
})
