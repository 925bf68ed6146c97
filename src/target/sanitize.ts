/*
 * What a target sends is hostile text: control characters, and those that turn
 * the direction of what follows, are made visible or dropped before it is shown.
 */

// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g
const BIDI = /[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g
// eslint-disable-next-line no-control-regex -- terminal escape sequences begin with ESC
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g

/** Text of several lines: terminal sequences and control characters dropped, bidi and invisible characters as `\u{...}`. */
export function plainText(text: string): string {
  return text
    .replace(ESCAPES, '')
    .replace(/\r+\n/g, '\n')
    .replace(CONTROL, '')
    .replace(BIDI, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`)
}

/** One line of at most `limit` characters, for the inside of a sentence. */
export function oneLine(text: string, limit = 200): string {
  const line = plainText(text).replace(/\s+/g, ' ').trim()
  return line.length > limit ? `${line.slice(0, limit)}…` : line
}
