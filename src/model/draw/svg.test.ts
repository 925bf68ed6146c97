import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { instance } from '@viz-js/viz'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseDot } from '../dot'
import type { MonitorSpec } from '../instrumentation-yaml'
import { parseLtl } from '../ltl/parse'
import { INTER_REGULAR, INTER_SEMIBOLD, JETBRAINS_MONO } from './fonts'
import { pictureOf, pictureText, type Picture } from './picture'
import { svgOf, type SvgOptions } from './svg'
import { asciiWidths } from './ttf.testing'

const FOLDER = new URL('../../../models/', import.meta.url)
const MODELS = readdirSync(FOLDER).filter((name) => /\.(dot|ltl)$/.test(name))

let layout: (text: string) => string
beforeAll(async () => {
  const graphviz = await instance()
  layout = (text) => {
    const result = graphviz.render(text, { format: 'json0', engine: 'dot' })
    if (result.status !== 'success') throw new Error(result.errors.map((e) => e.message).join())
    return result.output
  }
})

function modelOfFile(name: string): MonitorSpec {
  const text = readFileSync(new URL(name, FOLDER), 'utf8')
  return name.endsWith('.ltl')
    ? { kind: 'ltl', ltl: parseLtl(text, name).model! }
    : { kind: 'automaton', automaton: parseDot(text, name).automaton! }
}

function draw(picture: Picture, options: SvgOptions = { theme: 'light' }): string {
  return svgOf(picture, layout(pictureText(picture, 'LR')), options)
}

/** What a reader of the picture reads. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text = '']) =>
    text
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&apos;', "'")
      .replaceAll('&amp;', '&')
  )
}

describe('an SVG', () => {
  it.each(MODELS)('of %s shows every state, event, guard and invariant', (name) => {
    const picture = pictureOf(modelOfFile(name))
    const svg = draw(picture)
    const all = textsOf(svg).join(' ').replace(/ +/g, ' ')
    for (const { name: state, invariant } of picture.spec.states) {
      expect(all).toContain(state)
      expect(all).toContain(invariant)
    }
    const labels = picture.spec.edges.flatMap((edge) => edge.labels)
    for (const { event, guard } of labels) {
      expect(all).toContain(guard === '' ? event : `${event} ${guard}`)
    }
    const initial = picture.spec.states.filter((state) => state.initial).length
    expect(svg.match(/class="line"/g)).toHaveLength(picture.spec.edges.length + initial)
    expect(svg.match(/class="box"/g)).toHaveLength(picture.spec.states.length)
    const final = picture.spec.states.filter((state) => state.final).length
    expect(svg.match(/class="inner"/g) ?? []).toHaveLength(final)
  })

  it('says what it is to who cannot see it', () => {
    const svg = draw(pictureOf(modelOfFile('wip.dot')))
    expect(svg).toContain('<title id="rv-title">wip</title>')
    expect(svg).toMatch(
      /<desc id="rv-desc">Deterministic automaton wip with 2 states and 3 events; /
    )
    expect(svg).toContain('initial: preemptive, final: preemptive.')
    expect(svg).toContain('aria-labelledby="rv-title rv-desc"')
  })

  it('has the rule of a formula below its Büchi automaton', () => {
    const texts = textsOf(draw(pictureOf(modelOfFile('pagefault.ltl'))))
    expect(texts.at(-1)).toBe('RULE = always (RT imply (not PAGEFAULT))')
  })

  it('leads an arrow to every initial state of a Büchi automaton', () => {
    const picture = pictureOf(modelOfFile('sleep.ltl'))
    expect(picture.spec.states.filter(({ initial }) => initial).length).toBeGreaterThan(1)
    const svg = draw(picture)
    const lines = svg.match(/class="line"/g)?.length ?? 0
    const edges = picture.spec.edges.length
    expect(lines - edges).toBe(picture.spec.states.filter(({ initial }) => initial).length)
  })

  it('has the colours of its theme, or both', () => {
    const picture = pictureOf(modelOfFile('wip.dot'))
    const [light, dark, auto] = (['light', 'dark', 'auto'] as const).map((theme) =>
      draw(picture, { theme })
    )
    expect(light).toContain('.background{fill:#ffffff}')
    expect(light).not.toContain('prefers-color-scheme')
    expect(dark).toContain('.background{fill:#0c0f14}')
    expect(dark).not.toContain('prefers-color-scheme')
    expect(auto).toMatch(
      /#ffffff.*@media \(prefers-color-scheme:dark\)\{\.background\{fill:#0c0f14\}/
    )
    expect(draw(picture, { theme: 'light', colours: true })).toContain('class="box s1"')
  })

  it('has no markup but its own, whatever the names', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        '<script>',
        '"/><a href="x">',
        ']]>',
        '&amp;',
        '\u0000',
        '\ud800',
        '\ufffe',
        "'"
      )
    )
    fc.assert(
      fc.property(hostile, hostile, hostile, hostile, (title, name, event, guard) => {
        const svg = draw({
          title,
          description: title,
          spec: {
            states: [{ name, initial: true, final: true, invariant: guard }],
            edges: [{ from: 0, to: 0, labels: [{ event, guard }] }],
            learned: false
          },
          caption: [guard]
        })
        const tags = new Set([...svg.matchAll(/<\/?([^\s/>]*)/g)].map(([, tag]) => tag))
        const own = ['svg', 'title', 'desc', 'style', 'rect', 'g', 'circle', 'path', 'text']
        expect([...tags].filter((tag) => !own.includes(tag ?? ''))).toEqual([])
        // Of what XML 1.0 allows.
        expect(svg).toMatch(/^[\n\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u)
        expect(svg.replace(/&(amp|lt|gt|quot|apos);/g, '')).not.toContain('&')
        const attributes = [...svg.matchAll(/ ([a-zA-Z:-]+)="/g)].map(([, attribute]) => attribute)
        for (const attribute of attributes) expect(attribute).not.toMatch(/^on|href|src/)
      }),
      { numRuns: 60 }
    )
  })

  it('refuses what is no layout of the picture', () => {
    const picture = pictureOf(modelOfFile('wip.dot'))
    expect(() => svgOf(picture, '{"bb":"0,0,9,9"}', { theme: 'light' })).toThrow(/misses/)
  })
})

describe('the table of widths', () => {
  const { resolve } = createRequire(import.meta.url)
  const widths = (font: string): number[] =>
    asciiWidths(readFileSync(resolve(`@expo-google-fonts/${font}.ttf`)))

  it("is that of the fonts' files", () => {
    expect(widths('inter/400Regular/Inter_400Regular')).toEqual(INTER_REGULAR)
    expect(widths('inter/600SemiBold/Inter_600SemiBold')).toEqual(INTER_SEMIBOLD)
    const mono = widths('jetbrains-mono/400Regular/JetBrainsMono_400Regular')
    expect(new Set(mono)).toEqual(new Set([JETBRAINS_MONO]))
  })
})
