import type { Measure } from './layout-text'

/*
 * Widths of the fonts of a picture, so that boxes fit their texts where there is no
 * canvas to measure with. They are Inter's and JetBrains Mono's; a test reads them
 * from the fonts' files. Where a viewer has other fonts, the texts of a picture are
 * set to these widths.
 */

/** Advance widths of U+0020 to U+007E in thousandths of an em: Inter Regular. */
export const INTER_REGULAR: readonly number[] = [
  281, 288, 466, 633, 642, 982, 644, 300, 365, 365, 501, 662, 288, 460, 288, 360, 631, 407, 610,
  618, 646, 593, 620, 566, 619, 620, 288, 302, 662, 662, 662, 511, 966, 690, 654, 730, 722, 601,
  590, 746, 743, 269, 571, 672, 565, 903, 753, 765, 639, 765, 644, 642, 646, 744, 690, 985, 682,
  679, 629, 365, 360, 365, 471, 456, 323, 562, 612, 571, 612, 583, 370, 613, 591, 242, 242, 549,
  242, 876, 591, 600, 612, 612, 376, 528, 327, 591, 562, 818, 546, 562, 552, 426, 333, 426, 662
]

/** The same of Inter SemiBold. */
export const INTER_SEMIBOLD: readonly number[] = [
  252, 321, 523, 644, 650, 1004, 663, 326, 373, 373, 540, 673, 319, 465, 319, 379, 660, 423, 623,
  636, 666, 612, 640, 576, 640, 640, 319, 329, 673, 673, 673, 543, 999, 728, 659, 737, 722, 605,
  588, 749, 746, 277, 580, 703, 565, 922, 759, 769, 645, 773, 652, 650, 660, 736, 728, 1020, 720,
  713, 652, 373, 379, 373, 481, 469, 351, 574, 624, 583, 624, 591, 389, 625, 612, 262, 262, 569,
  262, 900, 612, 609, 624, 624, 397, 549, 353, 612, 587, 839, 569, 588, 566, 455, 359, 455, 673
]

/** Every character of JetBrains Mono, in thousandths of an em. */
export const JETBRAINS_MONO = 600

/** A character that is not in the tables: as wide as the widest, so that it never overflows. */
const UNKNOWN = 1000

/** Width of a text in Inter, px. */
export function interWidth(text: string, size: number, bold: boolean): number {
  const table = bold ? INTER_SEMIBOLD : INTER_REGULAR
  let sum = 0
  for (const char of text) sum += table[(char.codePointAt(0) ?? 0) - 0x20] ?? UNKNOWN
  return (sum * size) / 1000
}

/** Width of a text in JetBrains Mono, px. */
export function monoWidth(text: string, size: number): number {
  return (text.length * JETBRAINS_MONO * size) / 1000
}

/** For layoutText(), where there is no canvas. */
export const measureByTable: Measure = (text, size, mono) =>
  mono ? monoWidth(text, size) : interWidth(text, size, true)
