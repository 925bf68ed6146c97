import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkModel } from '../check'
import { misplaced } from '../diagnostics.testing'
import { decodeModel } from './decode'
import { excerpt, linesOf } from './excerpt'

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.uint8Array({ maxLength: 300 }).map((b) => String.fromCharCode(...b)),
  fc
    .array(
      fc.constantFrom(
        ...'digraph graph strict subgraph node edge { } [ ] = ; , -> -- : + < > " \\ # // /* */'.split(
          ' '
        ),
        ...'a b "a" "b" "__init_a" label shape doublecircle RULE always until A B ( )'.split(' '),
        '"a\\nclk<1us"',
        '"e;clk>2us && x==1 || y!=3;reset(clk)"',
        '\n',
        '\r',
        '\0',
        '\ud800',
        '\u{1f600}',
        '\u00a0'
      ),
      { maxLength: 80 }
    )
    .map((words) => words.join(' '))
)

describe('any text', () => {
  it('gets findings with places in it and a line to show, and never throws', () => {
    fc.assert(
      fc.property(text, fc.constantFrom('m.dot', 'm.gv', 'm.ltl', 'm', ''), (own, file) => {
        const found = checkModel(own, file)
        expect(misplaced(own, found)).toEqual([])
        const lines = linesOf(own)
        for (const d of found) {
          const shown = excerpt(lines, d)
          expect(shown?.line).not.toMatch(/[\n\r\0]/)
          expect(shown?.marks).toMatch(/^[ \t]*\^~*$/)
        }
      }),
      { numRuns: 800 }
    )
  })

  it.each([
    ['one line of a megabyte', `digraph m { ${'a '.repeat(1 << 19)}`],
    ['a million braces', '{'.repeat(1_000_000)],
    ['a million strings', '"a" '.repeat(1_000_000)],
    ['a label of a megabyte', `digraph m { "a" [label = "${'e\\n'.repeat(400_000)}"] }`],
    [
      'an event label of a megabyte',
      `digraph m { "__init_a" [label=""] "a" [label="a"] "a" -> "a" [label = "${Array.from({ length: 60_000 }, (_, i) => `e${i}`).join('\\n')}"] }`
    ],
    [
      'a guard of many parts',
      `digraph m { "__init_a" [label=""] "a" [label="a"] "a" -> "a" [label = "e;${'x<5 && x>2 || '.repeat(3000)}x==1"] }`
    ],
    [
      'many states to suggest from',
      `digraph m { ${Array.from({ length: 5000 }, (_, i) => `{ "s${i}" [label="s${i}"] "s${i}" -> "t${i}" [label=e] }`).join('\n')} }`
    ],
    [
      'an event label of clocks',
      `digraph m { "__init_a" [label=""] "a" [label="a"] "a" -> "a" [label = "${Array.from({ length: 40_000 }, (_, i) => `e${i};x${i}<5us;reset(y${i})`).join('\\n')}"] }`
    ],
    [
      'an event of many targets and guards',
      `digraph m { "__init_a" [label=""] ${Array.from({ length: 20_000 }, (_, i) => `{ "s${i}" [label="s${i}"] "a" -> "s${i}" [label="e;x==${i}"] }`).join('\n')} "a" [label="a"] }`
    ],
    [
      'two guards of many parts',
      `digraph m { "__init_a" [label=""] "a" [label="a"] "a" -> "a" [label = "e;${'x<5 && x>2 || '.repeat(3000)}x==1\\ne;${'x<5 && x>2 || '.repeat(3000)}x==2"] }`
    ],
    ['comments alone', '// c\n'.repeat(200_000)],
    ['a formula of parentheses', `RULE = ${'('.repeat(100_000)}`],
    ['a formula of operators', `RULE = ${'not '.repeat(10_000)}A`]
  ])('%s ends', (_, own) => {
    for (const file of ['m.dot', 'm.ltl']) {
      const found = checkModel(own, file)
      expect(found.length).toBeLessThanOrEqual(201)
    }
  })
})

describe('bytes', () => {
  it('are text exactly where a strict decoder takes them, and else the finding names the first bad one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const decoded = decodeModel(bytes, 'm.dot')
        const isText = (of: Uint8Array): boolean => {
          try {
            new TextDecoder('utf-8', { fatal: true }).decode(of)
            return true
          } catch {
            return false
          }
        }
        expect('text' in decoded).toBe(isText(bytes) && !bytes.includes(0))
        if ('text' in decoded || decoded.diagnostic.code === 'binary') return
        const at = Number(/^Byte (\d+) /.exec(decoded.diagnostic.message)?.[1]) - 1
        expect(isText(bytes.subarray(0, at))).toBe(true)
        // Nothing that follows makes a character of what begins there.
        for (let to = at + 1; to <= bytes.length; to++) {
          expect(isText(bytes.subarray(0, to))).toBe(false)
        }
      }),
      { numRuns: 2000 }
    )
  })
})
