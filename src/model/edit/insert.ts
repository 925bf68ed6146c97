import type { TextEdit } from '../text-edit'
import type { EdgeMention, Group, NodeMention, Outline, OutlineAttribute, Word } from './outline'

/** Words that DOT takes for its own, in any case, unless they are quoted. */
const DOT_KEYWORDS = ['node', 'edge', 'graph', 'digraph', 'subgraph', 'strict']

/** A name as it has to be written: with quotes where it would mean something else without. */
function written(name: string, quoted: boolean): string {
  return quoted || DOT_KEYWORDS.includes(name.toLowerCase()) ? `"${name}"` : name
}

/** Writes another name in a word's place, quoted as that was. */
export function renamed(word: Word, name: string): TextEdit {
  if (word.quoted) return { ...word.span, text: name }
  return { ...word.whole, text: written(name, false) }
}

/** Writes another value in a word's place, with quotes if it needs them. */
export function revalued(word: Word, value: string): TextEdit {
  if (word.quoted) return { ...word.span, text: value }
  const plain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(value)
  return { ...word.whole, text: plain ? written(value, false) : `"${value}"` }
}

/** Gives a statement an attribute, or its own one another value. */
export function attributeSet(
  outline: Outline,
  mention: NodeMention | EdgeMention,
  key: string,
  value: string
): TextEdit {
  const { attributes, list } = mention
  const own = attributes.find((a) => a.key === key)
  if (own !== undefined) return revalued(own.value, value)
  const { equals } = styleOf(outline)
  const text = `${key}${equals}${key === 'label' ? `"${value}"` : value}`
  const last = attributes.at(-1)
  if (list === undefined) {
    const end = (mention.kind === 'node' ? mention.id : mention.to).whole.end
    return { start: end, end, text: ` [${text}]` }
  }
  if (last === undefined || last.end > list.close || last.end < list.open) {
    return { start: list.open, end: list.open, text }
  }
  return { start: last.end, end: last.end, text: `${last.separated ? ' ' : ', '}${text}` }
}

/** How a file is written. */
interface Style {
  readonly equals: string
  readonly quoted: boolean
  readonly terminator: string
}

function styleOf({ text, nodes, edges }: Outline): Style {
  const mentions = [...nodes, ...edges]
  const attribute = mentions.flatMap((m) => m.attributes)[0]
  const equals = attribute?.equals ?? ' = '
  return {
    // A comment in there would be copied.
    equals: /^[ \t]*=[ \t]*$/.test(equals) ? equals : ' = ',
    quoted: nodes[0]?.id.quoted ?? edges[0]?.from.quoted ?? true,
    terminator: mentions.some(({ span }) => text[span.end - 1] === ';') ? ';' : ''
  }
}

/** Blanks inside the brackets of the statement that is taken for a pattern. */
function padding({ text }: Outline, pattern: NodeMention | EdgeMention | undefined): string {
  const open = pattern?.list?.open
  return open !== undefined && text[open] === ' ' ? ' ' : ''
}

/** A statement that makes a state, behind the last one that does. */
export function nodeStatement(
  outline: Outline,
  name: string,
  attributes: readonly (readonly [string, string])[]
): TextEdit {
  const pattern = outline.nodes.findLast((n) => own(n.attributes, 'label')?.value.text)
  return statement(outline, pattern ?? outline.nodes.at(-1), pattern, (quoted) => [
    written(name, quoted),
    attributes
  ])
}

/** A statement that makes an edge, behind the last one from the same state. */
export function edgeStatement(
  outline: Outline,
  from: string,
  to: string,
  label: string | undefined
): TextEdit {
  const labelled = outline.edges.filter((e) => own(e.attributes, 'label') !== undefined)
  const pattern = labelled.findLast((e) => e.from.text === from) ?? labelled.at(-1)
  const behind = pattern ?? outline.edges.at(-1) ?? outline.nodes.at(-1)
  return statement(outline, behind, pattern, (quoted) => [
    `${written(from, quoted)} -> ${written(to, quoted)}`,
    label === undefined ? [] : [['label', label]]
  ])
}

const own = (attributes: readonly OutlineAttribute[], key: string): OutlineAttribute | undefined =>
  attributes.find((a) => a.key === key)

function statement(
  outline: Outline,
  behind: NodeMention | EdgeMention | undefined,
  pattern: NodeMention | EdgeMention | undefined,
  parts: (quoted: boolean) => readonly [string, readonly (readonly [string, string])[]]
): TextEdit {
  const { equals, quoted, terminator } = styleOf(outline)
  const [head, attributes] = parts(quoted)
  const pad = padding(outline, pattern)
  const list = attributes
    .map(([key, value]) => `${key}${equals}${key === 'label' ? `"${value}"` : value}`)
    .join(', ')
  const text = `${head}${list === '' ? '' : ` [${pad}${list}${pad}]`}${terminator}`
  return behind === undefined
    ? inserted(outline.text, outline.graph.open, text, '\t')
    : inserted(outline.text, outermost(behind, outline.graph), text, undefined)
}

/** End of the statement of the graph that holds this one. */
function outermost(mention: NodeMention | EdgeMention, graph: Group): number {
  let { group, span } = mention
  while (group !== graph && group.parent !== undefined) {
    span = group.span
    group = group.parent
  }
  return span.end
}

/** What may follow a statement on its line without the line being needed for something else. */
const REST =
  /[ \t]*(?:;[ \t]*)?(?:\/\/[^\r\n]*|#[^\r\n]*|\/\*(?:(?!\*\/)[^\r\n])*\*\/[ \t]*)?(\r\n|\n|\r)/y

/** Inserts a statement behind a place: on a line of its own where there is nothing else on that line. */
function inserted(
  text: string,
  at: number,
  statement: string,
  indent: string | undefined
): TextEdit {
  REST.lastIndex = at
  const rest = REST.exec(text)
  if (rest === null) return { start: at, end: at, text: ` ${statement}` }
  const start = at + rest[0].length
  const lineStart = Math.max(text.lastIndexOf('\n', at - 1), text.lastIndexOf('\r', at - 1)) + 1
  const blanks = indent ?? /^[ \t]*/.exec(text.slice(lineStart, at))?.[0] ?? ''
  return { start, end: start, text: `${blanks}${statement}${rest[1] ?? '\n'}` }
}
