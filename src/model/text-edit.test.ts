import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyEdits, cut, cutStatement } from './text-edit'

describe('edits of a text', () => {
  it('are applied to the text as it was before, in whatever order they are given', () => {
    const edits = [
      { start: 4, end: 5, text: 'E' },
      { start: 0, end: 2, text: '' },
      { start: 3, end: 3, text: '+' }
    ]
    expect(applyEdits('abcdef', edits)).toBe('c+dEf')
  })

  it('at one place come in the order given', () => {
    expect(
      applyEdits('ab', [
        { start: 1, end: 1, text: '1' },
        { start: 1, end: 1, text: '2' }
      ])
    ).toBe('a12b')
  })

  it.each([
    [
      { start: 0, end: 2, text: '' },
      { start: 1, end: 3, text: '' }
    ],
    [{ start: 2, end: 9, text: '' }],
    [{ start: 2, end: 1, text: '' }]
  ])('that overlap or leave the text are refused', (...edits) => {
    expect(() => applyEdits('abc', edits)).toThrow(RangeError)
  })

  it('that write each stretch anew leave the text as it is', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (parts) => {
        let at = 0
        const edits = parts.map((text) => ({ start: at, end: (at += text.length), text }))
        expect(applyEdits(parts.join(''), edits)).toBe(parts.join(''))
      })
    )
  })
})

describe('what is cut out', () => {
  const taken = (text: string): string => {
    const start = text.indexOf('X')
    return applyEdits(text, [cut(text, start, text.lastIndexOf('X') + 1)])
  }

  it.each([
    ['a\n\tXX\nb', 'a\nb'],
    ['a\r\n  X\r\nb', 'a\r\nb'],
    ['a X\nb', 'a\nb'],
    ['a X b', 'a b'],
    ['aXb', 'a b'],
    ['X b', ' b'],
    ['a\nX', 'a\n'],
    ['X', '']
  ])('%j becomes %j', (text, expected) => {
    expect(taken(text)).toBe(expected)
  })

  it('takes the semicolon of a statement along', () => {
    expect(applyEdits('a; X ;\nb', [cutStatement('a; X ;\nb', 3, 4)])).toBe('a;\nb')
  })
})
