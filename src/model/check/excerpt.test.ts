import { describe, expect, it } from 'vitest'
import type { Diagnostic } from '../diagnostics'
import { excerpt, linesOf, widthOf } from './excerpt'

/** A finding from one place to another, each line and column. */
function at(line: number, column: number, endLine: number, endColumn: number): Diagnostic {
  return {
    severity: 'error',
    code: 'syntax',
    file: 'm.dot',
    message: '',
    line,
    column,
    endLine,
    endColumn
  }
}

describe('the line of a finding', () => {
  it('is marked below its place', () => {
    expect(excerpt(['a -> b'], at(1, 3, 1, 5))).toEqual({ line: 'a -> b', marks: '  ^~' })
  })

  it('keeps tabs in both lines, so that they stay below each other', () => {
    expect(excerpt(['\ta\tbc'], at(1, 4, 1, 6))).toEqual({ line: '\ta\tbc', marks: '\t \t^~' })
  })

  it('shows what is invisible, and counts the cells of wide and combining characters', () => {
    const line = '日本\u0301\u0007\u200b x'
    expect(excerpt([line], at(1, 7, 1, 8))).toEqual({
      line: '日本\u0301\u2407<U+200B> x',
      marks: `${' '.repeat(4 + 1 + 8 + 1)}^`
    })
    expect(excerpt(['日x'], at(1, 1, 1, 2))?.marks).toBe('^~')
  })

  it('has one mark for a place without a length, at the end of a line, and of an empty line', () => {
    expect(excerpt(['ab'], at(1, 2, 1, 2))?.marks).toBe(' ^')
    expect(excerpt(['ab'], at(1, 3, 1, 3))?.marks).toBe('  ^')
    expect(excerpt([''], at(1, 1, 1, 1))).toEqual({ line: '', marks: '^' })
  })

  it('is marked to its end where the place goes on in the next one', () => {
    expect(excerpt(['ab cd', 'ef'], at(1, 4, 2, 2))?.marks).toBe('   ^~')
  })

  it('is cut around the place where it is long', () => {
    const line = `${'x'.repeat(500)}HERE${'y'.repeat(500)}`
    const shown = excerpt([line], at(1, 501, 1, 505))
    expect(shown?.line).toMatch(/^…x+HEREy+…$/)
    expect(widthOf(shown?.line ?? '')).toBeLessThan(120)
    expect(shown?.marks.indexOf('^')).toBe(shown?.line.indexOf('HERE'))
    expect(shown?.marks.trimStart()).toBe('^~~~')
  })

  it('is there only where the text has it', () => {
    expect(excerpt(linesOf('a\r\nb\rc\nd'), at(4, 1, 4, 2))?.line).toBe('d')
    expect(excerpt(['a'], at(2, 1, 2, 2))).toBeUndefined()
  })
})
