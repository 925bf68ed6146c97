import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkModel } from '../check'
import type { Diagnostic } from '../diagnostics'

/** An edge of a model that is sound: one for a pair of states, an event once in a state. */
interface Edge {
  readonly from: number
  readonly to: number
  readonly labels: readonly string[]
}

const GUARDS = [
  '',
  '',
  '',
  ';reset(clk)',
  ';clk < 5us',
  ';clk > 20us;reset(clk)',
  ';x < 3 && x > 5'
]
const INVARIANTS = ['', '', '', '\\nclk < 10us']
const STATES = ['idle', 'busy', 'wait', 'gone', 'off']

const model = fc
  .record({
    states: fc.integer({ min: 2, max: STATES.length }),
    moves: fc.array(fc.tuple(fc.nat(4), fc.nat(3), fc.nat(4), fc.constantFrom(...GUARDS)), {
      minLength: 1,
      maxLength: 9
    }),
    finals: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
    invariants: fc.array(fc.constantFrom(...INVARIANTS), { minLength: 5, maxLength: 5 })
  })
  .map(({ states, moves, finals, invariants }) => {
    const seen = new Set<string>()
    const edges = new Map<string, Edge>()
    for (const [a, event, b, guard] of moves) {
      const [from, to] = [a % states, b % states]
      if (seen.has(`${from} ${event}`)) continue
      seen.add(`${from} ${event}`)
      const key = `${from} ${to}`
      const labels = [...(edges.get(key)?.labels ?? []), `ev${event}${guard}`]
      edges.set(key, { from, to, labels })
    }
    return { states, edges: [...edges.values()], finals, invariants }
  })
type Model = typeof model extends fc.Arbitrary<infer T> ? T : never

const name = (state: number): string => STATES[state] ?? ''

function lines({ states, edges, finals, invariants }: Model): string[] {
  return [
    'digraph m {',
    '"__init_idle" [label = ""]',
    ...Array.from({ length: states }, (_, i) => {
      const shape = finals[i] === true ? 'doublecircle' : 'circle'
      return `"${name(i)}" [shape = ${shape}, label = "${name(i)}${invariants[i] ?? ''}"]`
    }),
    '"__init_idle" -> "idle"',
    ...edges.map((e) => `"${name(e.from)}" -> "${name(e.to)}" [label = "${e.labels.join('\\n')}"]`),
    '}'
  ]
}

const textOf = (own: readonly string[]): string => `${own.join('\n')}\n`
const check = (own: readonly string[]): readonly Diagnostic[] => checkModel(textOf(own), 'm.dot')
const isError = (d: Diagnostic): boolean => d.severity === 'error'
/** Without the place: what a repair moves is the same finding. */
const said = (d: Diagnostic): string =>
  `${d.code} ${d.message.replace(/`(idle|busy|wait|gone|off)[ey]`/g, '`$1`').replace(/line \d+, column \d+/, '')}`

/** Errors in statements that share nothing with the model. */
const UNRELATED: readonly (readonly string[])[] = [
  ['// a comment'],
  ['zz1 [label = zz1, width = 5]'],
  ['"é" [label = é]'],
  ['zz1'],
  ['zz1 [label = "zz1 zz2"]'],
  ['zz1 [label = zz2]'],
  ['zz1 [label = "zz1\\nzzclk > 5us"]'],
  ['zz1 [label = zz1]', 'zz2 [label = zz2]', 'zz1 -> zz1 [label = z]', 'zz1 -> zz2 [label = z]'],
  ['zz1 [label = zz1]', 'zz1 -> zz1 [label = "z;zx == 1\\nz;zx == 2"]'],
  ['zz1 [label = zz1]', 'zz1 -> zz1 [label = "z z"]'],
  ['zz1 [label = zz1]', 'zz1 -> zz1 [color = red]'],
  ['zz1 [label = zz1]', 'zz1 -> zzzzzzzzzz [label = z]'],
  ['zz1 [label = zz1]', 'zz1 -> zz1 -> zz1 [label = z]'],
  ['zz1:port [label = zz1]']
]
/** Errors behind which anything may stand. */
const LOSSY: readonly (readonly string[])[] = [['zz1 [label = ]'], ['= zz1'], ['{ zz1 } -> zz1']]

/** What is found because something is missing, which may stand in what was not read. */
const ABSENCES = new Set(
  'unreachable-state dead-end no-way-to-final event-never-accepted no-start-event clock-never-compared clock-never-reset unit-without-reset clock-without-unit'.split(
    ' '
  )
)

describe('an error', () => {
  it('hides nothing that has nothing to do with it', () => {
    let kept = 0
    fc.assert(
      fc.property(model, fc.constantFrom(...UNRELATED, ...LOSSY), (sound, error) => {
        const own = lines(sound)
        const before = check(own)
        expect(before.filter(isError)).toEqual([])
        const after = check([...own.slice(0, -1), ...error, '}'])
        expect(after.filter(isError)).not.toEqual([])
        const left = after.map((d) => `${d.line}:${d.column} ${said(d)}`)
        for (const d of before) {
          if (LOSSY.includes(error) && ABSENCES.has(d.code)) continue
          // An edge without a label may be where a clock is reset.
          if (error.some((l) => l.includes('color')) && /^(clock|unit)-/.test(d.code)) continue
          expect(left).toContain(`${d.line}:${d.column} ${said(d)}`)
          kept++
        }
      }),
      { numRuns: 600 }
    )
    expect(kept).toBeGreaterThan(500)
  })

  /** Ways to break a model in line `i`; each gives the texts that mend it, too. */
  const breaks: Readonly<
    Record<string, (own: string[], i: number, n: number) => readonly string[][] | undefined>
  > = {
    'a label that cannot be read': (own, i) => {
      const label = /label = "([^"\n]+)"/.exec(own[i] ?? '')
      if (label === null || i < 2) return undefined
      const sound = [...own]
      own[i] = (own[i] ?? '').replace('label = "', 'label = "; ')
      return [sound]
    },
    'an edge’s end that is misspelt': (own, i, n) => {
      if (!/^"\w+" -> .*label/.test(own[i] ?? '')) return undefined
      const sound = [...own]
      let at = 0
      own[i] = (own[i] ?? '').replace(/"(\w+)"(?= (?:->|\[))/g, (all, word: string) =>
        at++ === n % 2 ? `"${word}e"` : all
      )
      return [sound]
    },
    'a label that differs': (own, i) => {
      if (!/^"[a-z]+" \[shape/.test(own[i] ?? '')) return undefined
      const sound = [...own]
      const node = /^"(\w+)"/.exec(own[i] ?? '')?.[1] ?? ''
      own[i] = (own[i] ?? '').replace(`"${node}"`, `"${node}y"`)
      return [sound]
    },
    'an event with two targets': (own, i, n) => {
      const edge = /^"(\w+)" -> "(\w+)" \[label = "(ev\d)([^"\\]*)/.exec(own[i] ?? '')
      const nodes = own.filter((l) => l.includes('[shape'))
      const target = /^"(\w+)"/.exec(nodes[n % nodes.length] ?? '')?.[1]
      if (edge === null || target === edge[2]) return undefined
      const [, from = '', , event = '', guard = ''] = edge
      if (own.some((l) => l.startsWith(`"${from}" -> "${target}"`))) return undefined
      const more = `"${from}" -> "${target}" [label = "${event}"]`
      const without = [...own]
      const other = [...own.slice(0, -1), more, '}']
      // The other way to mend it: the first of the two goes.
      other[i] = (own[i] ?? '').replace(`"${event}${guard}`, '"').replace('"\\n', '"')
      own.splice(-1, 0, more)
      return (own[i] ?? '').includes('\\n')
        ? [without, other]
        : [without, other.filter((_, j) => j !== i)]
    },
    'an event with two guards': (own, i) => {
      if (!/^"\w+" -> "\w+" \[label = "ev\d["\\]/.test(own[i] ?? '')) return undefined
      const without = [...own]
      const line = own[i] ?? ''
      own[i] = line.replace(/"(ev\d)(["\\])/, '"$1\\n$1;clk < 7us;reset(clk)$2')
      const other = [...own]
      other[i] = line.replace(/"(ev\d)(["\\])/, '"$1;clk < 7us;reset(clk)$2')
      return [without, other]
    },
    'a chain': (own, i) => {
      const edge = /^"(\w+)" -> "(\w+)" \[label/.exec(own[i] ?? '')
      if (edge === null) return undefined
      const sound = [...own]
      own[i] = (own[i] ?? '').replace(' [label', ` -> "${edge[2] ?? ''}" [label`)
      return [sound]
    },
    'two initial states': (own, _, n) => {
      const nodes = own.filter((l) => l.includes('[shape'))
      const other = /^"(\w+)"/.exec(nodes[n % nodes.length] ?? '')?.[1] ?? ''
      if (other === 'idle') return undefined
      const sound = [...own]
      own.splice(2, 0, `"__init_${other}" [label = ""]`)
      return [sound]
    },
    'no initial state': (own) => {
      const sound = [...own]
      own.splice(1, 1)
      return [sound]
    },
    'a statement that cannot be read': (own, i) => {
      if (i < 1 || i >= own.length - 1) return undefined
      const sound = [...own]
      own[i] = (own[i] ?? '').replace('[', '[ =')
      return own[i] === sound[i] ? undefined : [sound]
    },
    'an edge without its label': (own, i) => {
      if (!/^"\w+" -> .*label/.test(own[i] ?? '')) return undefined
      const sound = [...own]
      own[i] = (own[i] ?? '').replace('label', 'color')
      return [sound]
    },
    'a node without attributes': (own, i) => {
      // Its limit would go with its label.
      if (!/^"[a-z]+" \[shape/.test(own[i] ?? '') || own[i]?.includes('clk')) return undefined
      const sound = [...own]
      own[i] = (own[i] ?? '').replace(/ \[.*/, '')
      return [sound]
    }
  }

  it.each(Object.keys(breaks))('%s leads to no finding that mending it takes away', (way) => {
    let looked = 0
    fc.assert(
      fc.property(model, fc.nat(20), fc.nat(20), (sound, at, n) => {
        const own = lines(sound)
        const mended = breaks[way]?.(own, at % own.length, n)
        fc.pre(mended !== undefined)
        const after = check(own)
        expect(after.filter(isError)).not.toEqual([])
        for (const text of mended) {
          const real = check(text)
          if (real.some(isError)) continue
          const all = new Set(real.map(said))
          for (const d of after) {
            if (isError(d)) continue
            looked++
            // What is said of one of two transitions goes with it.
            if (/two (targets|guards)/.test(way) && !text.includes(own[d.line - 1] ?? '')) continue
            const isGraph = /^(no-way-to-final|unreachable-state|dead-end)$/.test(d.code)
            const state = /`(\w+)`/.exec(said(d))?.[1] ?? ''
            // A state that turns out not to be reached, or to have no way out, is reported as that.
            const instead = [...all].some(
              (other) =>
                isGraph &&
                /^(unreachable-state|dead-end)/.test(other) &&
                other.includes(`\`${state}\``)
            )
            const same = all.has(said(d)) || instead
            expect(same, `${said(d)}\n${textOf(own)}\nmended:\n${textOf(text)}`).toBe(true)
          }
        }
      }),
      { numRuns: 150 }
    )
    expect(looked).toBeGreaterThan(0)
  })
})
