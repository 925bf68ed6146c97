/** Advance widths of the printable ASCII characters in a TrueType font, in thousandths of its em. */
export function asciiWidths(font: Uint8Array): number[] {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength)
  const table = (tag: string): number => {
    for (let i = 0; i < view.getUint16(4); i++) {
      const at = 12 + 16 * i
      const name = String.fromCharCode(...font.subarray(at, at + 4))
      if (name === tag) return view.getUint32(at + 8)
    }
    throw new Error(`the font has no table ${tag}`)
  }
  const em = view.getUint16(table('head') + 18)
  const metrics = view.getUint16(table('hhea') + 34)
  const hmtx = table('hmtx')
  const glyphOf = characterMap(view, table('cmap'))
  return Array.from({ length: 95 }, (_, i) => {
    const glyph = Math.min(glyphOf(0x20 + i), metrics - 1)
    return Math.round((view.getUint16(hmtx + 4 * glyph) * 1000) / em)
  })
}

/** The map of the Basic Multilingual Plane: cmap's format 4. */
function characterMap(view: DataView, cmap: number): (code: number) => number {
  for (let i = 0; i < view.getUint16(cmap + 2); i++) {
    const at = cmap + view.getUint32(cmap + 4 + 8 * i + 4)
    if (view.getUint16(at) !== 4) continue
    const twice = view.getUint16(at + 6)
    return (code) => {
      for (let s = 0; s < twice; s += 2) {
        if (view.getUint16(at + 14 + s) < code) continue
        const start = view.getUint16(at + 16 + twice + s)
        if (start > code) return 0
        const delta = view.getUint16(at + 16 + 2 * twice + s)
        const offsetAt = at + 16 + 3 * twice + s
        const offset = view.getUint16(offsetAt)
        if (offset === 0) return (code + delta) & 0xffff
        const glyph = view.getUint16(offsetAt + offset + 2 * (code - start))
        return glyph === 0 ? 0 : (glyph + delta) & 0xffff
      }
      return 0
    }
  }
  throw new Error('the font has no map of format 4')
}
