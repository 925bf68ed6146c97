import { describe, expect, it } from 'vitest'
import type { Hops } from '../../contract/state'
import { accountText, ringRows } from './account'

const hops: Hops = {
  connectedAt: 0,
  silentSeconds: 0,
  rings: [
    ring(0, { read: 90, entries: 5, overrun: 5, arrived: 80 }),
    ring(1, { read: 10, dropped: 3, commitOverrun: 2, arrived: 10 })
  ],
  link: null,
  streamsWhole: true,
  whyText: '',
  observer: {
    events: 90,
    violations: 0,
    malformed: 0,
    malformedLog: 0,
    eventRows: 12,
    logLines: 0,
    violationsNotSent: 0,
    instances: 0,
    edges: 0
  }
}

function ring(cpu: number, parts: Partial<Hops['rings'][number]>): Hops['rings'][number] {
  return {
    instance: 'events',
    cpu,
    entries: 0,
    overrun: 0,
    commitOverrun: 0,
    dropped: 0,
    read: 0,
    arrived: 0,
    ...parts
  }
}

describe('the account of what was seen and lost', () => {
  it('sums the rings, and what was written is what became of it', () => {
    const [sum, first] = ringRows(hops)
    expect(sum).toMatchObject({ cpu: null, cpus: 2, written: 115, read: 100, arrived: 90 })
    expect(sum).toMatchObject({ overrun: 7, dropped: 3, entries: 5, underWay: 10 })
    expect(first).toMatchObject({ cpu: 0, written: 100, underWay: 10 })
  })

  it('is text that names every hop', () => {
    const text = accountText('board-7', hops, { received: 3, gaps: 0, rejected: 0 })
    expect(text).toContain('What was seen, and what was lost: board-7\n')
    expect(text).toContain('Kernel ring, events, all 2 CPUs: written 115, read 100')
    expect(text).toContain('Link: delivers everything')
    expect(text).toContain('Observer: 12 rows of the event log not kept')
    expect(text).toContain('Window: 3 batches drawn')
  })
})
