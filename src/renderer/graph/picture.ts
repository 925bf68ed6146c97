/*
 * The live drawing as a picture of its own: what the style sheet gives is written into it, so that
 * it looks the same where there is no style sheet.
 */

/** Style properties that SVG takes as attributes. */
const PROPERTIES = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity'
] as const
const TEXT_PROPERTIES = [
  ...PROPERTIES,
  'font-size',
  'font-weight',
  'text-anchor',
  'paint-order'
] as const
/** What they are where nobody says anything; these are left out. */
const DEFAULTS: Readonly<Record<string, string>> = {
  opacity: '1',
  'stroke-dasharray': 'none',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
  'text-anchor': 'start',
  'paint-order': 'normal'
}
/** Attributes that give a shape; others are for the window. */
const SHAPE = ['d', 'x', 'y', 'dx', 'dy', 'cx', 'cy', 'r', 'rx', 'width', 'height', 'transform']
const MARGIN = 16
const NS = 'http://www.w3.org/2000/svg'

/** Room that a drawing takes, in its own units. */
export interface PictureBounds {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/**
 * An SVG file of a drawing as it is shown now.
 *
 * @param background colour behind it
 * @param title for who cannot see it
 */
export function livePicture(
  world: SVGGElement,
  bounds: PictureBounds,
  background: string,
  title: string
): string {
  const svg = document.createElementNS(NS, 'svg')
  const [x, y] = [Math.floor(bounds.x - MARGIN), Math.floor(bounds.y - MARGIN)]
  const width = Math.ceil(bounds.width + 2 * MARGIN)
  const height = Math.ceil(bounds.height + 2 * MARGIN)
  svg.setAttribute('width', String(width))
  svg.setAttribute('height', String(height))
  svg.setAttribute('viewBox', `${x} ${y} ${width} ${height}`)
  svg.setAttribute('role', 'img')
  const name = document.createElementNS(NS, 'title')
  name.append(title)
  const back = document.createElementNS(NS, 'rect')
  for (const [key, value] of Object.entries({ x, y, width, height })) {
    back.setAttribute(key, String(value))
  }
  back.setAttribute('fill', plainColour(background))
  svg.append(name, back)
  const copy = copyOf(world)
  copy?.removeAttribute('transform')
  if (copy) svg.append(copy)
  return `${new XMLSerializer().serializeToString(svg)}\n`
}

/** A copy with the computed style as attributes; undefined: it is not shown. */
function copyOf(element: SVGElement): SVGElement | undefined {
  const style = getComputedStyle(element)
  if (style.display === 'none' || style.visibility === 'hidden') return undefined
  if (element.classList.contains('hit')) return undefined
  const copy = document.createElementNS(NS, element.tagName)
  for (const name of SHAPE) {
    const value = element.getAttribute(name)
    if (value !== null) copy.setAttribute(name, value)
  }
  // A chip on its way is drawn where it goes.
  const moved = element.style.transform.replaceAll('px', '')
  if (moved !== '') copy.setAttribute('transform', moved)
  const isText = element.tagName === 'text' || element.tagName === 'tspan'
  if (element.tagName !== 'g') {
    for (const property of isText ? TEXT_PROPERTIES : PROPERTIES) {
      const value = style.getPropertyValue(property)
      if (value === '' || value === DEFAULTS[property]) continue
      copy.setAttribute(property, plainValue(property, value))
    }
    if (isText) {
      const mono = style.fontFamily.includes('Mono') && !style.fontFamily.startsWith('"Inter')
      copy.setAttribute('font-family', mono ? 'JetBrains Mono, monospace' : 'Inter, sans-serif')
    }
  } else if (style.opacity !== '1') copy.setAttribute('opacity', style.opacity)
  // Programs differ in whether this distance moves a text that ends here: a blank does in all.
  if (isText && copy.hasAttribute('dx')) {
    copy.removeAttribute('dx')
    copy.append('\u00a0')
  }
  for (const child of element.childNodes) {
    if (child instanceof SVGElement) {
      const inner = copyOf(child)
      if (inner) copy.append(inner)
    } else if (child.nodeType === Node.TEXT_NODE) copy.append(child.textContent ?? '')
  }
  return copy
}

function plainValue(property: string, value: string): string {
  if (property === 'fill' || property === 'stroke') return plainColour(value)
  // The weights that the fonts of a PNG have; others would be taken for the lighter one.
  if (property === 'font-weight') return Number(value) >= 550 ? '600' : '400'
  return value.replaceAll('px', '')
}

/** `color(srgb …)`, which color-mix() computes to, as every program reads it. */
export function plainColour(colour: string): string {
  const parts = /^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ ([\d.e-]+))?\)$/.exec(colour)
  if (!parts) return colour === 'rgba(0, 0, 0, 0)' ? 'none' : colour
  const [r, g, b] = [1, 2, 3].map((i) => Math.round(Number(parts[i]) * 255))
  const alpha = parts[4]
  return alpha === undefined
    ? `rgb(${String(r)}, ${String(g)}, ${String(b)})`
    : `rgba(${String(r)}, ${String(g)}, ${String(b)}, ${alpha})`
}

/** A name for the file: `sssw-12.104s.svg`. */
export function pictureName(monitor: string, ns: number, format: 'svg' | 'png'): string {
  const plain = monitor.replaceAll(/[^A-Za-z0-9_]/g, '_').slice(0, 60) || 'monitor'
  return `${plain}-${(ns / 1e9).toFixed(3)}s.${format}`
}
