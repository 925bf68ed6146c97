import { createScanner, type Node } from 'jsonc-parser'
import type { SettingKey } from '../../contract/settings'
import { propertiesOf, rootOf } from './parse'

/** What a file begins with that the panel makes. */
export const template = `// Settings of rvpanel. Every key and what it may be: docs/settings.md.
// The panel keeps these comments, and an edit acts at once in its open window.
{
}
`

/**
 * Sets one key in a text without a mistake of syntax. Only the value is replaced; a key that is not
 * there yet comes behind the last one. Comments, order and indentation stay.
 */
export function setInText(text: string, key: SettingKey, value: unknown): string {
  const root = rootOf(text, () => undefined)
  if (root === undefined)
    return setInText(text.trim() === '' ? template : `${text}\n{\n}\n`, key, value)
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  '
  const written = print(value, indent)
  const properties = propertiesOf(root)
  const old = properties.find(([name]) => name === key)?.[2]
  if (old !== undefined) return splice(text, old.offset, old.offset + old.length, written)
  return append(text, root, properties.at(-1)?.[2], `${indent}"${key}": ${written}`)
}

/** A value on one line where it is short. Line breaks stand between values only, never in a text. */
function print(value: unknown, indent: string): string {
  const lines = JSON.stringify(value, null, indent)
  const line = lines
    .replaceAll(/\[\n\s*/g, '[')
    .replaceAll(/\n\s*\]/g, ']')
    .replaceAll(/\n\s*/g, ' ')
  return line.length <= 60 ? line : lines.replaceAll('\n', `\n${indent}`)
}

const splice = (text: string, from: number, to: number, by: string): string =>
  text.slice(0, from) + by + text.slice(to)

function append(text: string, root: Node, last: Node | undefined, property: string): string {
  const end = last === undefined ? root.offset + 1 : last.offset + last.length
  const { comma, at } = restOfLine(text, end)
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  // A brace on the same line gets a line of its own.
  const closing = /^[ \t]*\r?\n/.test(text.slice(at)) ? '' : eol
  const inserted = `${eol}${property.replaceAll('\n', eol)}${closing}`
  const after = splice(text, at, at, inserted)
  return last === undefined || comma ? after : splice(after, end, end, ',')
}

// The numbers of jsonc-parser's SyntaxKind, which is a const enum that isolated modules cannot read.
const COMMA = 5
const LINE_COMMENT = 12
const BLOCK_COMMENT = 13
const TRIVIA = 15
const NO_ERROR = 0

/** What stands behind a value on its line: whether a comma does, and where its last comment ends. */
function restOfLine(text: string, from: number): { comma: boolean; at: number } {
  const scanner = createScanner(text, false)
  scanner.setPosition(from)
  let comma = false
  let at = from
  for (;;) {
    const kind: number = scanner.scan()
    const error: number = scanner.getTokenError()
    if (error !== NO_ERROR) break
    if (kind === COMMA) comma = true
    else if (kind !== LINE_COMMENT && kind !== BLOCK_COMMENT && kind !== TRIVIA) break
    if (kind !== TRIVIA) at = scanner.getTokenOffset() + scanner.getTokenLength()
  }
  return { comma, at }
}
