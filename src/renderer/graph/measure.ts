import type { Measure } from '../../model/draw/layout-text'
import { roughMeasure } from '../../model/draw/layout-text'

const FAMILY = "'Inter Variable', system-ui, sans-serif"
const MONO = "'JetBrains Mono Variable', monospace"

let context: CanvasRenderingContext2D | null | undefined
const widths = new Map<string, number>()

/** Loads the fonts of the drawing, so that texts are measured in them; never fails. */
export async function fontsReady(): Promise<void> {
  try {
    await Promise.all([
      document.fonts.load(`550 13px ${FAMILY}`),
      document.fonts.load(`11.5px ${MONO}`)
    ])
  } catch {
    // Measured in the fallback font then.
  }
}

/** Widths by the window's own fonts. */
export const measureText: Measure = (text, size, mono) => {
  if (text === '') return 0
  context ??= document.createElement('canvas').getContext('2d')
  if (!context) return roughMeasure(text, size, mono)
  const key = `${size}${mono ? 'm' : 's'}${text}`
  const known = widths.get(key)
  if (known !== undefined) return known
  context.font = `${mono ? '' : '550 '}${size}px ${mono ? MONO : FAMILY}`
  const width = context.measureText(text).width
  if (widths.size > 4000) widths.clear()
  widths.set(key, width)
  return width
}
