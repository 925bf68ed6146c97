import { describe, expect, it } from 'vitest'
import type { BuchiAutomaton } from '../ltl'
import { startBuchi, stepBuchi } from './buchi'

/** 32 states in a ring, of which each needs the atom of its number; the last two are initial. */
const ring: BuchiAutomaton = {
  states: 32,
  initial: 0xc0000000,
  successors: Uint32Array.from({ length: 32 }, (_, i) => (1 << ((i + 1) % 32)) >>> 0),
  labels: Array.from({ length: 32 }, (_, i) => [{ care: (1 << i) >>> 0, value: (1 << i) >>> 0 }]),
  labelTexts: Array.from({ length: 32 }, (_, i) => `A${i}`)
}

describe('sets of states', () => {
  it('start with the initial states whose label holds', () => {
    expect(startBuchi(ring, 0xffffffff)).toBe(0xc0000000)
    expect(startBuchi(ring, 0x80000000)).toBe(0x80000000)
    expect(startBuchi(ring, 0x00000001)).toBe(0)
  })

  it('go on with the successors whose label holds, state 31 and atom 31 too', () => {
    expect(stepBuchi(ring, 0xc0000000, 0xffffffff)).toBe(0x80000001)
    expect(stepBuchi(ring, 0x40000000, 0x80000000)).toBe(0x80000000)
    expect(stepBuchi(ring, 0x80000000, 0x7fffffff)).toBe(1)
    expect(stepBuchi(ring, 0x80000000, 0xfffffffe)).toBe(0)
    expect(stepBuchi(ring, 0, 0xffffffff)).toBe(0)
  })

  it('take any cube of a label, and none of an empty one', () => {
    const buchi: BuchiAutomaton = {
      states: 3,
      initial: 0b111,
      successors: Uint32Array.of(0b111, 0, 0),
      labels: [
        [
          { care: 0b11, value: 0b01 },
          { care: 0b100, value: 0b000 }
        ],
        [],
        [{ care: 0, value: 0 }]
      ],
      labelTexts: ['A && !B || !C', 'false', 'true']
    }
    expect(startBuchi(buchi, 0b101)).toBe(0b101)
    expect(startBuchi(buchi, 0b010)).toBe(0b101)
    expect(startBuchi(buchi, 0b111)).toBe(0b100)
    expect(stepBuchi(buchi, 0b110, 0)).toBe(0)
  })
})
