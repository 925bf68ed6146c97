import { parseTree, type Node, type ParseError, type ParseErrorCode } from 'jsonc-parser'
import {
  isSettingKey,
  readSettings,
  SETTING_KEYS,
  settingDefinitions,
  type SettingKey,
  type SettingProblem,
  type Settings
} from '../../contract/settings'

/** What a text of settings says. */
export interface ParsedSettings {
  /** A value for every key: the file's where it is possible, otherwise the default. */
  readonly values: Settings
  /** Keys that the text has with a possible value. */
  readonly given: readonly SettingKey[]
  readonly problems: readonly SettingProblem[]
  /** Whether it can be changed: it is empty, or JSON with comments without a mistake of syntax. */
  readonly sound: boolean
}

/** Reads JSON with comments and trailing commas; a mistake in one place leaves the rest as it is. */
export function parseSettings(text: string): ParsedSettings {
  const problems: SettingProblem[] = []
  const add = (offset: number, message: string): void => {
    problems.push({ ...placeOf(text, offset), message })
  }
  const root = rootOf(text, (error) => {
    add(error.offset, `${syntaxTexts[error.error] ?? 'this is no JSON'}.`)
  })
  const sound = problems.length === 0 && (root === undefined || root.type === 'object')
  if (root !== undefined && root.type !== 'object') {
    add(root.offset, `expected an object in braces, found ${excerpt(text, root)}.`)
  }
  const found = new Map<SettingKey, Node>()
  for (const [name, key, value] of propertiesOf(root)) {
    if (!isSettingKey(name)) {
      add(key.offset, `there is no setting ${quoted(name)}${nearest(name)}.`)
    } else if (found.has(name)) {
      add(key.offset, `${name} stands in the file twice; the first one counts.`)
    } else found.set(name, value)
  }
  const given = Object.fromEntries([...found].map(([key, node]) => [key, valueOf(node)]))
  const { values, refused } = readSettings(given)
  for (const key of refused) {
    const node = found.get(key)
    if (node !== undefined) {
      const { expected } = settingDefinitions[key]
      add(node.offset, `${key}: expected ${expected}, found ${excerpt(text, node)}.`)
    }
  }
  problems.sort((a, b) => a.line - b.line || a.column - b.column)
  return {
    values,
    given: [...found.keys()].filter((key) => !refused.includes(key)),
    problems,
    sound
  }
}

/** The tree of the text, with its mistakes told; undefined where there is nothing but comments. */
export function rootOf(text: string, mistake: (error: ParseError) => void): Node | undefined {
  const errors: ParseError[] = []
  const options = { allowTrailingComma: true, allowEmptyContent: true }
  // An editor's byte-order mark is no part of the settings; a space keeps the offsets.
  const root = parseTree(text.replace(/^\uFEFF/, ' '), errors, options)
  errors.forEach(mistake)
  return root
}

/** Name, key and value of each property of an object that has all three. */
export function propertiesOf(root: Node | undefined): [string, Node, Node][] {
  if (root?.type !== 'object') return []
  return (root.children ?? []).flatMap(({ children }): [string, Node, Node][] => {
    const [key, value] = children ?? []
    return key !== undefined && value !== undefined ? [[String(key.value), key, value]] : []
  })
}

/** As jsonc-parser's getNodeValue, without ever writing to an object's prototype. */
function valueOf(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(valueOf)
  if (node.type !== 'object') return node.value as unknown
  return Object.fromEntries(propertiesOf(node).map(([name, , value]) => [name, valueOf(value)]))
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  const start = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: offset - start + 1 }
}

function excerpt(text: string, node: Node): string {
  const written = text.slice(node.offset, node.offset + node.length).replaceAll(/\s+/g, ' ')
  return written.length > 60 ? `${written.slice(0, 60)}…` : written
}

const quoted = (name: string): string =>
  JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name)

/** The setting that was probably meant: at most two letters are other ones. */
function nearest(name: string): string {
  if (name.length > 40) return ''
  const far = (a: string, b: string): number => {
    let row = Array.from({ length: b.length + 1 }, (_, i) => i)
    for (let i = 1; i <= a.length; i++) {
      const next = [i]
      for (let j = 1; j <= b.length; j++) {
        const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
        next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
      }
      row = next
    }
    return row[b.length] ?? 0
  }
  const found = SETTING_KEYS.map((key) => ({ key, d: far(name.toLowerCase(), key.toLowerCase()) }))
    .filter((one) => one.d <= 2)
    .sort((a, b) => a.d - b.d)[0]
  return found === undefined ? '' : `; ${found.key} was probably meant`
}

/** What jsonc-parser found, in words, by its ParseErrorCode. */
const syntaxTexts: Readonly<Partial<Record<ParseErrorCode, string>>> = {
  1: 'there is a sign that JSON does not have',
  2: 'expected a number',
  3: 'expected a name in double quotes',
  4: 'expected a value',
  5: 'expected a colon after the name',
  6: 'expected a comma before this',
  7: 'expected a closing brace }',
  8: 'expected a closing bracket ]',
  9: 'expected the end of the file',
  11: 'a comment is not closed; expected */',
  12: 'a text is not closed; expected a double quote',
  13: 'a number ends too early',
  14: 'expected four hexadecimal digits after \\u',
  15: 'expected one of " \\ / b f n r t u after the backslash',
  16: 'a control character stands in a text; expected it as an escape'
}
