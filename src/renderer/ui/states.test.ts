import {
  differenceCiede2000,
  filterDeficiencyDeuter,
  filterDeficiencyProt,
  filterDeficiencyTrit,
  filterGrayscale,
  parse,
  wcagContrast,
  type Color
} from 'culori'
import { describe, expect, it } from 'vitest'
import { DARK, LIGHT } from '../../model/draw/palette'
import { HUES, patternOf, stateClass } from '../graph/colours'
import states from './states.css?raw'
import tokens from './tokens.css?raw'

/*
 * Colour vision deficiencies are simulated as in Machado, Oliveira, Fernandes: A physiologically-based
 * model for simulation of color vision deficiency, IEEE Transactions on Visualization and Computer
 * Graphics 15(6), 2009, at severity 1. Differences are CIEDE2000 (ISO/CIE 11664-6): 1 is about what
 * can be seen side by side.
 */
const difference = differenceCiede2000()
const EYES: Readonly<Record<string, (colour: Color) => Color>> = {
  'all colours': (colour) => colour,
  protanopia: (colour) => filterDeficiencyProt(1)(colour),
  deuteranopia: (colour) => filterDeficiencyDeuter(1)(colour),
  tritanopia: (colour) => filterDeficiencyTrit(1)(colour)
}

/** Values of a rule's tokens by name. */
function rule(css: string, selector: string): Map<string, string> {
  const at = css.indexOf(`${selector} {`)
  if (at < 0) throw new Error(`no rule ${selector}`)
  const body = css.slice(at, css.indexOf('}', at))
  return new Map([...body.matchAll(/(--[\w-]+): ([^;]+);/g)].map((m) => [m[1]!, m[2]!]))
}

function coloured(text: string | undefined): Color {
  const colour = text === undefined ? undefined : parse(text)
  if (!colour) throw new Error(`${String(text)} is no colour`)
  return colour
}

const SETS = {
  'dark hues': { at: ':root', theme: ':root', neighbours: 18, all: 9 },
  'light hues': {
    at: ":root[data-theme='light']",
    theme: ":root[data-theme='light']",
    neighbours: 17,
    all: 9
  },
  'dark lightness': {
    at: ":root[data-colours='lightness']",
    theme: ':root',
    neighbours: 12,
    all: 3
  },
  'light lightness': {
    at: ":root[data-theme='light'][data-colours='lightness']",
    theme: ":root[data-theme='light']",
    neighbours: 10,
    all: 2.5
  }
} as const

const list = (selector: string): string[] =>
  Array.from({ length: HUES }, (_, i) => rule(states, selector).get(`--s${i}`) ?? '')

describe.each(Object.entries(SETS))('the colours of states, %s', (name, set) => {
  const hex = list(set.at)
  const colours = hex.map(coloured)
  const eyes = name.includes('lightness')
    ? { ...EYES, achromatopsia: (c: Color) => filterGrayscale(1)(c) }
    : EYES

  it.each(Object.entries(eyes))('are told apart with %s', (_, seen) => {
    const shown = colours.map(seen)
    for (let i = 0; i < HUES; i++) {
      for (let j = i + 1; j < HUES; j++) {
        const adjacent = j - i === 1 || j - i === HUES - 1
        expect(
          difference(shown[i]!, shown[j]!),
          `${hex[i]!} (state ${i}) and ${hex[j]!} (state ${j})`
        ).toBeGreaterThan(adjacent ? set.neighbours : set.all)
      }
    }
  })

  it('stand out from the panel, carry their text, and are none of them the red of violations', () => {
    const theme = rule(tokens, set.theme)
    const text = coloured(rule(states, set.theme).get('--on-state'))
    for (const [i, colour] of colours.entries()) {
      expect(wcagContrast(colour, text), `text on ${hex[i]!}`).toBeGreaterThanOrEqual(4.5)
      for (const behind of ['--panel', '--raised', '--state-fill']) {
        const back = coloured(theme.get(behind))
        expect(wcagContrast(colour, back), `${hex[i]!} on ${behind}`).toBeGreaterThanOrEqual(4.1)
      }
      expect(difference(colour, coloured(theme.get('--bad')))).toBeGreaterThan(18)
    }
  })
})

describe('a state', () => {
  it('has the same colours in exported pictures', () => {
    expect(DARK.states).toEqual(list(':root'))
    expect(LIGHT.states).toEqual(list(":root[data-theme='light']"))
  })

  it('has a sign beside its colour, and no other state has both', () => {
    const pairs = Array.from({ length: HUES * HUES }, (_, i) => `${i % HUES} ${patternOf(i)}`)
    expect(new Set(pairs).size).toBe(HUES * HUES)
    for (let i = 1; i < HUES; i++) expect(states).toContain(`.sp-${i} {`)
    expect(stateClass(9)).toBe('sc-1 sp-2')
  })
})
