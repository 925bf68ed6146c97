import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compact, duration, integer, moment, visible, visibleLine } from './text'

describe('visible', () => {
  it('shows control and bidi characters instead of obeying them', () => {
    expect(visible('a\u001b[31mb')).toBe('a␛[31mb')
    expect(visible('nomiss\u202edeadline')).toBe('nomiss‹U+202E›deadline')
    expect(visible('zero\u200bwidth\u{e0041}')).toBe('zero‹U+200B›width‹U+E0041›')
    expect(visible('äö 日本 🙂\n\tx')).toBe('äö 日本 🙂\n\tx')
    expect(visibleLine('a\nb\tc\r')).toBe('a␤b c␍')
  })

  it('leaves nothing hidden, and is stable', () => {
    const hidden = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = visibleLine(text)
        expect(hidden.test(shown)).toBe(false)
        expect(visibleLine(shown)).toBe(shown)
      })
    )
  })
})

describe('numbers', () => {
  it('are short and keep their magnitude', () => {
    expect([0, 999, 1234, 12_340, 999_000, 1.2e6].map(compact)).toEqual([
      '0',
      '999',
      '1.23k',
      '12.3k',
      '999k',
      '1.20M'
    ])
    expect(integer(412806)).toBe('412\u202f806')
    expect([12, 12_400, 8.4e5, 3.05e9, 125e9].map(duration)).toEqual([
      '12 ns',
      '12.4 µs',
      '840 µs',
      '3.05 s',
      '2 min 5 s'
    ])
    expect(moment(12, 345_678_000)).toBe('12.345678')
    expect(moment(12, 5)).toBe('12.000000\u202f005')
  })
})
