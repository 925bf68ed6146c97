import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { initWasm, Resvg } from '@resvg/resvg-wasm'

/** Pixels of a picture: 160 MiB of memory. */
const MAX_PIXELS = 40_000_000
/** Longest side that common viewers take. */
const MAX_SIDE = 32_767

const FONTS = [
  '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
  '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf',
  '@expo-google-fonts/jetbrains-mono/400Regular/JetBrainsMono_400Regular.ttf'
]

/** A picture that nothing could show, in one sentence. */
export class PictureTooLarge extends Error {
  override readonly name = 'PictureTooLarge'
}

let ready: Promise<readonly Uint8Array[]> | undefined

/**
 * An SVG of svgOf() as PNG, with the fonts that it was laid out for.
 *
 * @param scale pixels for each px of the SVG
 * @throws PictureTooLarge
 */
export async function pngOf(svg: string, scale: number): Promise<Uint8Array> {
  ready ??= prepare()
  const fontBuffers = [...(await ready)]
  const resvg = new Resvg(svg, {
    font: {
      fontBuffers,
      defaultFontFamily: 'Inter',
      sansSerifFamily: 'Inter',
      monospaceFamily: 'JetBrains Mono'
    },
    fitTo: { mode: 'zoom', value: scale }
  })
  try {
    const [width, height] = [Math.round(resvg.width * scale), Math.round(resvg.height * scale)]
    if (width * height > MAX_PIXELS || Math.max(width, height) > MAX_SIDE) {
      throw new PictureTooLarge(
        `the picture would have ${width} x ${height} pixels; expected at most ` +
          `${MAX_PIXELS / 1e6} million and ${MAX_SIDE} on a side: use a smaller scale, or make an SVG`
      )
    }
    const image = resvg.render()
    try {
      return image.asPng()
    } finally {
      image.free()
    }
  } finally {
    resvg.free()
  }
}

/** Loads the renderer, once, and its fonts. */
async function prepare(): Promise<readonly Uint8Array[]> {
  const { resolve } = createRequire(import.meta.url)
  await initWasm(readFile(resolve('@resvg/resvg-wasm/index_bg.wasm')))
  return Promise.all(FONTS.map((name) => readFile(resolve(name))))
}
