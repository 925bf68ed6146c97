import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createKmsgDecoder } from './kmsg'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('the kernel log', () => {
  it('has level, time and text, and lines of properties that go unused', () => {
    const decoder = createKmsgDecoder()
    const text =
      '4,1203,98479501,-;rv: monitor wip does not allow event sched_waking on state preemptive\n' +
      ' SUBSYSTEM=cpu\n DEVICE=+cpu:1\n' +
      '30,1204,1,-,caller=T1;systemd[1]: a;b\n'
    expect(decoder.decode(bytes(text))).toEqual([
      {
        level: 4,
        seq: 1203,
        sec: 98,
        usec: 479_501,
        text: 'rv: monitor wip does not allow event sched_waking on state preemptive'
      },
      { level: 6, seq: 1204, sec: 0, usec: 1, text: 'systemd[1]: a;b' }
    ])
    expect(decoder.malformed).toBe(0)
  })

  it('undoes escapes, also of a character of several bytes', () => {
    const [record] = createKmsgDecoder().decode(bytes('6,1,2,-;a\\x0ab \\xc3\\xb6\\xff \\x5cx41\n'))
    expect(record?.text).toBe('a\nb ö\ufffd \\x41')
  })

  it('counts what is no record', () => {
    const decoder = createKmsgDecoder()
    expect(decoder.decode(bytes('nonsense\n6,x,2,-;a\n\n'))).toEqual([])
    expect(decoder.malformed).toBe(3)
  })

  it('keeps a bounded part of a line without end', () => {
    const decoder = createKmsgDecoder()
    expect(decoder.decode(bytes('6,1,2,-;' + 'x'.repeat(1_000_000)))).toEqual([])
    const records = decoder.decode(bytes('\n6,2,2,-;next\n'))
    expect(records.map((record) => record.text.length)).toEqual([16_384 - 8, 4])
  })

  it('may be cut anywhere', () => {
    const text = bytes('6,1,2,-;größe \\xc3\\xb6\n K=v\n3,2,5,-;b\n4,3,7,c;d\n')
    const whole = createKmsgDecoder().decode(text)
    expect(whole).toHaveLength(3)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: text.length })), (cuts) => {
        const decoder = createKmsgDecoder()
        const at = [0, ...cuts.sort((a, b) => a - b), text.length]
        const records = at.slice(1).flatMap((end, i) => decoder.decode(text.subarray(at[i], end)))
        expect(records).toEqual(whole)
      })
    )
  })
})
