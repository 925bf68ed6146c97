import { visibleLine } from '../visible-text'
import { interWidth, monoWidth } from './fonts'
import { arrowOf, geometryOf, pathOf, type EdgeLine, type NodeBox } from './geometry'
import { DARK, LIGHT, type Palette } from './palette'
import {
  GUARD_GAP,
  LABEL,
  labelWidth,
  LINE,
  linesBelow,
  NAME,
  SMALL,
  type Picture
} from './picture'
import type { SpecEdge, SpecState } from './spec'

/** `auto` follows whoever looks (prefers-color-scheme). */
export type Theme = 'light' | 'dark' | 'auto'

export interface SvgOptions {
  readonly theme: Theme
  /** Each state in a colour of its own, as the window shows it. */
  readonly colours?: boolean
}

const FAMILY = "Inter, system-ui, 'DejaVu Sans', Verdana, sans-serif"
const MONO = "'JetBrains Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace"
/** Around the drawing, px. */
const MARGIN = 24

/**
 * A picture as an SVG file that stands alone: no script, no reference to anything outside, every
 * text escaped. Where a viewer lacks the fonts, texts keep their width.
 *
 * @param layout what Graphviz (engine dot, format json0) made of pictureText()
 * @throws RangeError or a ZodError where `layout` is not that
 */
export function svgOf(picture: Picture, layout: string, options: SvgOptions): string {
  const { spec, caption } = picture
  const geometry = geometryOf(layout, spec.states.length, spec.edges.length)
  const captionWidth = Math.max(0, ...caption.map((line) => monoWidth(line, LABEL)))
  const width = Math.ceil(Math.max(geometry.width, captionWidth) + 2 * MARGIN)
  const captionHeight = caption.length === 0 ? 0 : caption.length * LINE + MARGIN
  const height = Math.ceil(geometry.height + captionHeight + 2 * MARGIN)
  const dx = (width - geometry.width) / 2
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
      `viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="rv-title rv-desc">`,
    `<title id="rv-title">${escaped(picture.title)}</title>`,
    `<desc id="rv-desc">${escaped(picture.description)}</desc>`,
    `<style>${styleOf(options)}</style>`,
    `<rect class="background" width="${width}" height="${height}"/>`,
    `<g transform="translate(${n(dx)} ${MARGIN})">`
  ]
  const lines = [...geometry.initialLines, ...geometry.edges]
  if (geometry.initial) {
    out.push(
      `<circle class="arrow" cx="${n(geometry.initial.x)}" cy="${n(geometry.initial.y)}" r="5"/>`
    )
  }
  // Lines, then boxes, then labels: a label is never under a line.
  for (const line of lines) {
    out.push(`<path class="line" d="${pathOf(line)}"/><path class="arrow" d="${arrowOf(line)}"/>`)
  }
  spec.states.forEach((state, i) => {
    const box = geometry.states[i]
    if (box)
      out.push(stateOf(state, box, options.colours === true ? ` s${i % LIGHT.states.length}` : ''))
  })
  spec.edges.forEach((edge, i) => {
    const line = geometry.edges[i]
    if (line) out.push(...labelsOf(edge, line))
  })
  out.push('</g>')
  caption.forEach((line, i) => {
    const y = MARGIN + geometry.height + MARGIN + (i + 1) * LINE - 4
    out.push(monoText('caption', (width - captionWidth) / 2, y, line, LABEL))
  })
  out.push('</svg>')
  return `${out.join('\n')}\n`
}

function stateOf(state: SpecState, box: NodeBox, colour: string): string {
  const { x, y, width: w, height: h } = box
  const top = y - h / 2
  const rect = (look: string, inset: number, radius: number): string =>
    `<rect class="${look}${colour}" x="${n(x - w / 2 + inset)}" y="${n(top + inset)}" ` +
    `width="${n(w - 2 * inset)}" height="${n(h - 2 * inset)}" rx="${radius}"/>`
  const parts = ['<g>', rect('box', 0, 12)]
  // Automata theory draws a final state with a double border.
  if (state.final) parts.push(rect('inner', 4, 8.5))
  const below = linesBelow(state)
  const name = visibleLine(state.name)
  const nameWidth = interWidth(name, NAME, true)
  const nameY = y + 5 - (below.length * LINE) / 2
  parts.push(text('name', x - nameWidth / 2, nameY, name, nameWidth))
  const widest = Math.max(0, ...below.map((line) => monoWidth(line, SMALL)))
  below.forEach((line, i) => {
    parts.push(monoText('guard inside', x - widest / 2, nameY + 1 + (i + 1) * LINE, line, SMALL))
  })
  parts.push('</g>')
  return parts.join('')
}

function labelsOf({ labels }: SpecEdge, line: EdgeLine): string[] {
  const at = line.label ?? line.tip
  return labels.map((label, i) => {
    const width = labelWidth(label)
    const x = at.x - width / 2
    const y = at.y + (i - (labels.length - 1) / 2) * LINE + 4
    const event = visibleLine(label.event)
    const eventWidth = interWidth(event, LABEL, false)
    const first = text('label', x, y, event, eventWidth)
    if (label.guard === '') return first
    const guard = visibleLine(label.guard)
    return first + monoText('guard', x + eventWidth + GUARD_GAP, y, guard, SMALL)
  })
}

/** A text that is as wide as it was laid out, whatever the font. */
function text(look: string, x: number, y: number, content: string, width: number): string {
  if (content === '') return ''
  return (
    `<text class="${look}" x="${n(x)}" y="${n(y)}" textLength="${n(width)}" ` +
    `lengthAdjust="spacingAndGlyphs">${escaped(content)}</text>`
  )
}

/**
 * A text whose characters have a place each: it keeps its width, and no renderer joins `==` or
 * `||` to one sign, as some fonts want it.
 */
function monoText(look: string, x: number, y: number, content: string, size: number): string {
  // Blanks at the start would be dropped, and their places with them.
  const shown = content.trimStart()
  const start = x + monoWidth(' '.repeat(content.length - shown.length), size)
  const places = Array.from(shown, (_, i) => n(start + i * monoWidth(' ', size))).join(' ')
  return `<text class="${look}" x="${places}" y="${n(y)}">${escaped(shown)}</text>`
}

function styleOf({ theme, colours }: SvgOptions): string {
  const rules = [
    `text{font-family:${FAMILY};white-space:pre}`,
    `.name{font-size:${NAME}px;font-weight:600}`,
    `.label{font-size:${LABEL}px}`,
    `.guard,.caption{font-family:${MONO};font-variant-ligatures:none}`,
    `.guard{font-size:${SMALL}px}`,
    `.caption{font-size:${LABEL}px}`,
    '.label,.guard{paint-order:stroke;stroke-width:4px;stroke-linejoin:round}',
    '.line{fill:none;stroke-width:1.4px;stroke-linecap:round}',
    '.box{stroke-width:1.6px}',
    '.inner{fill:none;stroke-width:1.2px}',
    coloursOf(theme === 'dark' ? DARK : LIGHT, colours === true)
  ]
  if (theme === 'auto') {
    rules.push(`@media (prefers-color-scheme:dark){${coloursOf(DARK, colours === true)}}`)
  }
  return rules.join('')
}

function coloursOf(p: Palette, colours: boolean): string {
  const rules = [
    `.background{fill:${p.background}}`,
    `.box{fill:${p.fill};stroke:${p.border}}`,
    `.inner{stroke:${p.border}}`,
    `.line{stroke:${p.edge}}`,
    `.arrow{fill:${p.edge}}`,
    `.name,.caption{fill:${p.text}}`,
    `.label{fill:${p.label};stroke:${p.background}}`,
    `.guard{fill:${p.guard};stroke:${p.background}}`,
    '.inside{stroke:none}'
  ]
  if (colours) p.states.forEach((colour, i) => rules.push(`.s${i}{stroke:${colour}}`))
  return rules.join('')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;'
}

/** A text for XML: what XML takes for markup as entities, what it does not know replaced or made visible. */
export function escaped(text: string): string {
  return visibleLine(text)
    .replace(/[\p{Surrogate}\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char)
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10)
}
