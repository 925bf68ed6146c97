/*
 * What a target sends or a file holds is hostile text: what could reorder or hide
 * it is made visible here, for every place that shows it.
 */

/** C0 and C1 controls, soft hyphen, zero-width and bidi controls, separators, BOM, tags: first and last of each range. */
const HIDDEN: readonly (readonly [number, number])[] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0xe0000, 0xe0fff]
]

/** One of the characters that visible() shows, for what shows them in its own way. */
export const HIDDEN_CHARACTER = new RegExp(
  `[${HIDDEN.map(([first, last]) => `\\u{${first.toString(16)}}-\\u{${last.toString(16)}}`).join('')}]`,
  'gu'
)

function isHidden(code: number): boolean {
  return HIDDEN.some(([first, last]) => code >= first && code <= last)
}

/** Most texts are plain: this says so at once. */
const PLAIN = /^[\t\n\x20-\x7e]*$/

/** Makes control and bidi characters visible (`␛`, `‹U+202E›`); tabs and newlines stay. */
export function visible(text: string): string {
  if (PLAIN.test(text)) return text
  let out = ''
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    if (!isHidden(code)) out += char
    else if (code < 0x20) out += String.fromCodePoint(0x2400 + code)
    else if (code === 0x7f) out += '\u2421'
    else out += `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`
  }
  return out
}

/** For places with one line: newlines and tabs become visible too. */
export function visibleLine(text: string): string {
  return visible(text).replace(/\n/g, '\u2424').replace(/\t/g, ' ')
}
