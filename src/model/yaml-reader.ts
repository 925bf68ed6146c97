import { Composer, Parser, isAlias, isMap, isScalar, isSeq } from 'yaml'
import type { CST, Document, Node } from 'yaml'
import { quoted } from './findings'
import type { Findings, Span } from './findings'

/** The composer calls itself for each level, and its regular expressions abort the process on a full stack. */
const MAX_DEPTH = 64

/** A value in a YAML file, with the place to name when it is wrong. */
export interface YamlValue {
  readonly node: Node | null
  readonly span: Span
}

/** One `key: value`. */
export interface YamlEntry {
  readonly key: string
  readonly keySpan: Span
  readonly value: YamlValue
}

/** A scalar's text; `at` turns an offset in it into one in the file where that is possible. */
export interface YamlText {
  readonly text: string
  readonly span: Span
  at(inside: Span): Span
}

/**
 * Reads YAML with places for every finding. Deliberately less than YAML: every
 * scalar is text, and anchors, aliases, tags and second documents are errors,
 * since a file of settings has no use for them and a hostile one has.
 */
export class YamlReader {
  readonly #text: string
  readonly #findings: Findings

  constructor(text: string, findings: Findings) {
    this.#text = text
    this.#findings = findings
  }

  /** The root value, or undefined after a syntax error. */
  parse(): YamlValue | undefined {
    const start = { start: 0, end: 0 }
    const documents = this.#compose()
    if (documents === undefined) return undefined
    const [first, second] = documents
    if (first === undefined) {
      this.#findings.error('empty', start, 'The file is empty; expected `monitor: NAME`.')
      return undefined
    }
    let sound = true
    for (const e of documents.flatMap((d) => [...d.errors, ...d.warnings])) {
      sound = false
      this.#findings.error('yaml', span(e.pos), yamlMessage(e.code, e.message))
    }
    if (!sound) return undefined
    if (second !== undefined) {
      this.#findings.error(
        'second-document',
        span(second.range),
        'A second YAML document begins here; expected one.'
      )
      return undefined
    }
    return { node: first.contents, span: this.#spanOf(first.contents, start) }
  }

  #compose(): Document.Parsed[] | undefined {
    const tokens = [...new Parser().parse(this.#text)]
    const deep = tokens.map(tooDeep).find((offset) => offset !== undefined)
    if (deep !== undefined) {
      this.#findings.error(
        'too-deep',
        { start: deep, end: deep + 1 },
        `The text nests deeper than ${MAX_DEPTH} levels; expected \`key: value\` lines and lists.`
      )
      return undefined
    }
    const composer = new Composer({
      schema: 'failsafe',
      stringKeys: true,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent'
    })
    const documents: Document.Parsed[] = []
    for (const d of composer.compose(tokens, true, this.#text.length)) {
      if ('contents' in d) documents.push(d)
    }
    return documents
  }

  /**
   * The entries of a mapping with no key twice and only keys of `known`; undefined if it is none.
   *
   * @param also keys that are taken too, but not told as expected
   */
  mapping(
    value: YamlValue,
    what: string,
    known?: readonly string[],
    also: readonly string[] = []
  ): Map<string, YamlEntry> | undefined {
    const { node } = value
    if (!this.#plain(value)) return undefined
    if (!isMap(node)) {
      this.#wrong(value, `${what}: expected \`key: value\` lines`)
      return undefined
    }
    const entries = new Map<string, YamlEntry>()
    for (const pair of node.items) {
      const keyNode = pair.key as Node | null
      const keySpan = this.#spanOf(keyNode, value.span)
      if (!this.#plain({ node: keyNode, span: keySpan })) continue
      if (!isScalar(keyNode) || typeof keyNode.value !== 'string') {
        this.#wrong({ node: keyNode, span: keySpan }, `${what}: expected a name as key`)
        continue
      }
      const key = keyNode.value
      if (known !== undefined && !known.includes(key) && !also.includes(key)) {
        this.#findings.error(
          'unknown-key',
          keySpan,
          `Unknown key ${quoted(key)} in ${what}; expected ${listOf(known)}.${this.#findings.suggestion(key, known)}`
        )
        continue
      }
      const before = entries.get(key)
      if (before !== undefined) {
        this.#findings.error(
          'duplicate-key',
          keySpan,
          `The key ${quoted(key)} stands twice, first at ${this.#findings.place(before.keySpan.start)}.`
        )
        continue
      }
      const valueNode = pair.value as Node | null
      const at = { start: keySpan.end, end: keySpan.end }
      entries.set(key, {
        key,
        keySpan,
        value: { node: valueNode, span: this.#spanOf(valueNode, at) }
      })
    }
    return entries
  }

  /** The items of a list that has at least one, or `mayBeEmpty`; undefined if it is none. */
  list(value: YamlValue, what: string, mayBeEmpty = false): YamlValue[] | undefined {
    const { node } = value
    if (!this.#plain(value)) return undefined
    if (!isSeq(node) || (node.items.length === 0 && !mayBeEmpty)) {
      this.#wrong(value, `${what}: expected a list, each item behind \`-\``)
      return undefined
    }
    return node.items.map((item) => {
      const itemNode = item as Node | null
      return { node: itemNode, span: this.#spanOf(itemNode, value.span) }
    })
  }

  /** The text of a scalar that is not empty; undefined if it is none. */
  text(value: YamlValue, what: string): YamlText | undefined {
    const { node, span: whole } = value
    if (!this.#plain(value)) return undefined
    if (!isScalar(node) || typeof node.value !== 'string' || node.value === '') {
      this.#wrong(value, `${what}: expected one value`)
      return undefined
    }
    const text = node.value
    // Escapes and folded lines make offsets in the value useless for the file.
    const start = [whole.start, whole.start + 1].find((s) => this.#text.startsWith(text, s))
    const at = (inside: Span): Span =>
      start === undefined ? whole : { start: start + inside.start, end: start + inside.end }
    return { text, span: whole, at }
  }

  /** Whether the value is that word and nothing else; no finding either way. */
  isWord({ node }: YamlValue, word: string): boolean {
    return isScalar(node) && node.value === word && node.tag === undefined && !node.anchor
  }

  #wrong(value: YamlValue, message: string): void {
    const { node } = value
    const found = isMap(node)
      ? 'key: value lines'
      : isSeq(node)
        ? node.items.length === 0
          ? 'an empty list'
          : 'a list'
        : isScalar(node) && typeof node.value === 'string' && node.value !== ''
          ? quoted(node.value)
          : 'nothing'
    const sentence = `${message}, found ${found}.`
    this.#findings.error(
      'wrong-kind',
      value.span,
      sentence.charAt(0).toUpperCase() + sentence.slice(1)
    )
  }

  /** False, and an error, for what this reader leaves out of YAML. */
  #plain({ node, span: at }: YamlValue): boolean {
    if (isAlias(node) || node?.anchor !== undefined) {
      this.#findings.error(
        'alias',
        at,
        'Anchors and aliases are not supported here; expected the value itself.'
      )
      return false
    }
    if (node?.tag !== undefined && !node.tag.startsWith('tag:yaml.org,2002:')) {
      this.#findings.error('tag', at, TAG)
      return false
    }
    return true
  }

  #spanOf(node: Node | null, otherwise: Span): Span {
    return node?.range ? span(node.range) : otherwise
  }
}

const TAG = "YAML takes a leading `!` for a tag; expected the value in quotes, as in '!preempt'."

/** Offset of the first token below MAX_DEPTH levels; walks without recursion. */
function tooDeep(root: CST.Token): number | undefined {
  const open: { token: CST.Token; depth: number }[] = [{ token: root, depth: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next
    if (depth > MAX_DEPTH) return token.offset
    if (token.type === 'document') {
      if (token.value) open.push({ token: token.value, depth: depth + 1 })
    } else if ('items' in token) {
      for (const item of token.items) {
        if (item.key) open.push({ token: item.key, depth: depth + 1 })
        if (item.value) open.push({ token: item.value, depth: depth + 1 })
      }
    }
  }
  return undefined
}

function span([start, end]: readonly number[]): Span {
  return { start: start ?? 0, end: end ?? start ?? 0 }
}

function yamlMessage(code: string, message: string): string {
  if (code === 'TAG_RESOLVE_FAILED') return TAG
  return `The text cannot be parsed as YAML: ${quoted(message.trim())}.`
}

/** `a`, `b` or `c` */
export function listOf(names: readonly string[]): string {
  const all = names.map((n) => `\`${n}\``)
  const last = all.pop() ?? ''
  return all.length === 0 ? last : `${all.join(', ')} or ${last}`
}
