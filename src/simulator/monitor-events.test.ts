import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RvEngine } from '../engine/rv'
import { RecordingHost } from '../engine/testing/host'
import type { LtlMonitorModel } from '../model/load'
import { bitmapList, monitorEvents } from './monitor-events'

describe('sets as %*pbl prints them', () => {
  it.each([
    [0, ''],
    [0b1, '0'],
    [0b100111, '0-2,5'],
    [0b11, '0-1'],
    [0xffff_ffff, '0-31'],
    [0x8000_0000, '31'],
    [-0x8000_0000, '31']
  ])('%i', (set, text) => expect(bitmapList(set)).toBe(text))

  it('name exactly the members, where the kernel’s buffer of 32 bytes holds them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (set) => {
        const text = bitmapList(set)
        expect(text.length).toBeLessThan(32)
        fc.pre(text.length < 30)
        const members = text.split(',').flatMap((range) => {
          const [first = NaN, last = first] = range.split('-').map(Number)
          return Array.from({ length: last - first + 1 }, (_, i) => first + i)
        })
        const expected = Array.from({ length: 32 }, (_, bit) => bit).filter(
          (bit) => ((set >>> bit) & 1) === 1
        )
        expect(text === '' ? [] : members).toEqual(expected)
      })
    )
  })
})

describe('events of an LTL monitor', () => {
  /** Nine atoms whose abbreviations fill the kernel's buffer of 64 bytes. */
  const atoms = Array.from({ length: 9 }, (_, i) => `ATOM_${'ABCDEFGHI'[i] ?? ''}`)
  const model: LtlMonitorModel = {
    kind: 'ltl',
    name: 'long',
    source: '',
    ltl: {
      name: 'long',
      atoms,
      abbreviations: atoms.map((_, i) => `abcdefg${i}`),
      rule: 'true',
      buchi: {
        states: 1,
        initial: 1,
        successors: Uint32Array.of(1),
        labels: [[{ care: 0, value: 0 }]],
        labelTexts: ['true']
      }
    },
    instrumentation: {
      monitor: 'long',
      type: 'per_task',
      description: 'long names of atoms.',
      parent: undefined,
      parameters: [],
      tracepoints: [],
      storage: undefined,
      hybrid: undefined,
      ltl: { fetch: new Map(), init: new Map(), created: new Map() }
    }
  }
  const [event, error, ...rest] = monitorEvents(new RvEngine(new RecordingHost()).register(model))
  const names = { comm: () => 'sh', monitors: [], marker: () => '', stack: () => [], currentCpu: 0 }
  const text = (...args: readonly number[]): string =>
    event?.text((index) => args[index] ?? 0, names) ?? ''

  it('are two: event and error', () => {
    expect([event?.name, error?.name, rest]).toEqual(['event_long', 'error_long', []])
    expect(error?.text((index) => [0, 42][index] ?? 0, names)).toBe('sh[42]: violation detected')
  })

  it('name states by number and atoms by their abbreviation', () => {
    expect(text(0, 42, 0b1, 0b101, 0b11)).toBe('sh[42]: (0) x (abcdefg0,abcdefg2) -> (0-1)')
    expect(text(0, 42, 0b1, 0, 0)).toBe('sh[42]: (0) x () -> ()')
  })

  it('cut the atoms where the kernel’s buffer ends', () => {
    const printed = / x \((.*)\) ->/.exec(text(0, 42, 1, 0x1ff, 1))?.[1] ?? ''
    expect(printed).toHaveLength(63)
    expect(printed.startsWith('abcdefg0,abcdefg1,')).toBe(true)
  })
})
