import { describe, expect, it } from 'vitest'
import { decodeFlags } from './flags'

describe('decodeFlags', () => {
  it.each([
    ['d.h1.', { irqs: 'off', context: 'hardirq', preemptDepth: 1, migrateDepth: 0 }],
    ['.....', { irqs: 'on', context: 'task', preemptDepth: 0, needResched: false }],
    ['dNs5.', { irqs: 'off', needResched: true, preemptResched: true, context: 'softirq' }],
    ['D.Hf2', { bottomHalvesOff: true, irqs: 'off', preemptDepth: 15, migrateDepth: 2 }],
    ['bl.1.', { irqs: 'on', bottomHalvesOff: true, needReschedLazy: true, needResched: false }],
    ['..Z..', { context: 'nmi in hardirq' }],
    ['d..2', { preemptDepth: 2, migrateDepth: 0 }]
  ])('%s', (flags, expected) => {
    expect(decodeFlags(flags)).toMatchObject(expected)
  })

  it('leaves alone what is none', () => {
    for (const text of ['', 'x', '??', '€€€€', 'q.h1.']) expect(decodeFlags(text)).toBeUndefined()
  })
})
