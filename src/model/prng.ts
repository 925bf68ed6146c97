/**
 * The only source of chance, of the simulator and of random walks: sfc32 (Chris Doty-Humphrey, PractRand).
 * Integers and the IEEE operations + - * / alone, so that a seed gives the same
 * numbers on every machine; Math.log and friends are not specified to the bit.
 */
export class Prng {
  private a: number
  private b: number
  private c: number
  private counter = 1

  /** @param seed an integer; its lower 53 bits count */
  constructor(seed: number) {
    this.a = seed | 0
    this.b = Math.floor(seed / 0x1_0000_0000) | 0
    this.c = 0x9e3779b9 | 0
    for (let i = 0; i < 16; i++) this.next()
  }

  /** An integer from 0 to 2^32 - 1. */
  next(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0
    this.counter = (this.counter + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** An integer from 0 to limit - 1, for a limit up to 2^21; 0 for limit 0. */
  below(limit: number): number {
    return Math.floor((this.next() * limit) / 0x1_0000_0000)
  }

  /** An integer from low to high, both included. */
  between(low: number, high: number): number {
    const span = high - low + 1
    if (span <= 0x20_0000) return low + this.below(span)
    // A wide span takes two draws, 53 bits: a fraction below 1, and its product below the span.
    const fraction = ((this.next() >>> 5) * 0x400_0000 + (this.next() >>> 6)) / 2 ** 53
    return low + Math.floor(fraction * span)
  }

  /** An exponentially distributed integer, at least 1: the gap between arrivals of a Poisson process. */
  exponential(mean: number): number {
    const scaled = EXPONENTIAL[this.next() >>> 22] ?? 0
    // The table has 1,024 steps; spreading each avoids that arrivals fall on a grid.
    const spread = this.below(0x1000) / 0x1_0000
    return Math.max(1, Math.floor(mean * (scaled / 0x1_0000 + spread / 16)))
  }
}

/** -ln((i + 1/2) / 1024) in units of 2^-16. */
const EXPONENTIAL = Int32Array.from({ length: 1024 }, (_, i) =>
  Math.round(-naturalLogarithm((i + 0.5) / 1024) * 0x1_0000)
)

/** ln x for x > 0 from the series of artanh: only operations that IEEE 754 defines to the bit. */
function naturalLogarithm(x: number): number {
  let value = x
  let halvings = 0
  while (value < 0.75) {
    value *= 2
    halvings++
  }
  const z = (value - 1) / (value + 1)
  const square = z * z
  let term = z
  let sum = 0
  for (let k = 1; k < 40; k += 2) {
    sum += term / k
    term *= square
  }
  return 2 * sum - halvings * 0.6931471805599453
}
