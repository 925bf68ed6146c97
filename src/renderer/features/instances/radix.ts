const DIGITS = 1 << 16
const IS_LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1

/**
 * Sorts rows by one number each without comparing any two of them: by the digits of the numbers'
 * bits, the lowest first. Stable. A second sort by another key keeps the order of the first among
 * equals. Works in buffers of its own that grow by doubling.
 */
export class RadixSort {
  private spare = new Uint32Array(0)
  private high = new Uint32Array(0)
  private low = new Uint32Array(0)
  private readonly counts = new Uint32Array(DIGITS)
  private readonly double = new Float64Array(1)
  private readonly words = new Uint32Array(this.double.buffer)

  /** Sorts `rows` in place, ascending by `keys[row]`. NaN comes last. */
  sort(rows: Uint32Array, keys: Float64Array): void {
    if (rows.length < 2) return
    this.prepare(rows, keys)
    let from: Uint32Array = rows
    let to: Uint32Array = this.spare.subarray(0, rows.length)
    for (let pass = 0; pass < 4; pass++) {
      const words = pass < 2 ? this.low : this.high
      if (!this.count(from, words, (pass & 1) * 16)) continue
      this.scatter(from, to, words, (pass & 1) * 16)
      const sorted = to
      to = from
      from = sorted
    }
    if (from !== rows) rows.set(from)
  }

  /** Bits of the keys, so that their order as unsigned integers is that of the numbers. */
  private prepare(rows: Uint32Array, keys: Float64Array): void {
    if (this.high.length < keys.length) {
      this.high = new Uint32Array(keys.length)
      this.low = new Uint32Array(keys.length)
    }
    if (this.spare.length < rows.length) this.spare = new Uint32Array(keys.length)
    const { high, low, double, words } = this
    const top = IS_LITTLE_ENDIAN ? 1 : 0
    for (const row of rows) {
      const key = keys[row] ?? NaN
      // Minus zero is zero.
      double[0] = key + 0
      const h = words[top] ?? 0
      const l = words[1 - top] ?? 0
      if (Number.isNaN(key)) high[row] = low[row] = 0xffffffff
      else if (h >>> 31 === 1) {
        high[row] = ~h
        low[row] = ~l
      } else {
        high[row] = h ^ 0x80000000
        low[row] = l
      }
    }
  }

  /** Where each digit begins; false: all have the same. */
  private count(rows: Uint32Array, words: Uint32Array, shift: number): boolean {
    const { counts } = this
    counts.fill(0)
    for (const row of rows) {
      const digit = ((words[row] ?? 0) >>> shift) & 0xffff
      counts[digit] = (counts[digit] ?? 0) + 1
    }
    const first = ((words[rows[0] ?? 0] ?? 0) >>> shift) & 0xffff
    if (counts[first] === rows.length) return false
    let before = 0
    for (let digit = 0; digit < DIGITS; digit++) {
      const here = counts[digit] ?? 0
      counts[digit] = before
      before += here
    }
    return true
  }

  private scatter(from: Uint32Array, to: Uint32Array, words: Uint32Array, shift: number): void {
    const { counts } = this
    for (const row of from) {
      const digit = ((words[row] ?? 0) >>> shift) & 0xffff
      const at = counts[digit] ?? 0
      to[at] = row
      counts[digit] = at + 1
    }
  }
}
