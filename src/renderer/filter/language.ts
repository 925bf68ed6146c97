import { filterTexts as t } from '../texts-filter'

/** The small language in which lists are filtered: the parser, which knows the fields of a list. */

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='

/** A text that is looked for, in lower case; in quotes it must be the whole. */
export interface Wanted {
  readonly text: string
  readonly isWhole: boolean
}

/** From, to: a number is a range of one. */
export type Range = readonly [from: number, to: number]

/** How the value of a number field is written. `time`: a span with its unit, in ns. */
export type Measure = 'count' | 'time'

export interface NumberSpec<N extends string> {
  /** What the field means; several names may mean the same. */
  readonly field: N
  readonly measure?: Measure
  /** Names that stand for numbers, such as `warn` for 4. */
  readonly names?: Readonly<Record<string, number>>
}

/** The fields of a list. */
export interface Grammar<T extends string, N extends string, M extends string> {
  readonly texts: readonly T[]
  /** By the name that is typed, in lower case. */
  readonly numbers: Readonly<Record<string, NumberSpec<N>>>
  /** What can stand behind `is:`. */
  readonly marks: readonly M[]
}

/** Where a part of the filter stands in what was typed. */
interface Part {
  /** True: rows that it does not fit. */
  readonly not: boolean
  readonly source: string
}

export type Term<T extends string, N extends string, M extends string> = Part &
  (
    | { readonly kind: 'word'; readonly wanted: Wanted }
    | { readonly kind: 'text'; readonly field: T; readonly any: readonly Wanted[] }
    | {
        readonly kind: 'number'
        readonly field: N
        readonly comparison: Comparison
        /** What `=` and `!=` mean; for the others the first `from` counts. */
        readonly any: readonly Range[]
      }
    | { readonly kind: 'mark'; readonly mark: M }
  )

export interface Parsed<T extends string, N extends string, M extends string> {
  /** All must fit. */
  readonly terms: readonly Term<T, N, M>[]
  /** One sentence for each part that was not understood, and is left out. */
  readonly problems: readonly string[]
}

/** Longest filter that is read, in characters. */
export const MAX_FILTER = 1000

/** Names of all fields, as a message lists them. */
export function fieldsOf(grammar: Grammar<string, string, string>): string[] {
  const marks = grammar.marks.length > 0 ? ['is'] : []
  return [...grammar.texts, ...Object.keys(grammar.numbers), ...marks]
}

/**
 * Reads a filter: parts between blanks, all of which must fit; `-` before one turns it round. A word
 * is looked for where the list says; `field:value`, `field>number`; quotes hold blanks together,
 * commas stand between alternatives. Any text is a filter: what is wrong with it is in `problems`.
 */
export function parse<T extends string, N extends string, M extends string>(
  text: string,
  grammar: Grammar<T, N, M>
): Parsed<T, N, M> {
  const terms: Term<T, N, M>[] = []
  const problems: string[] = []
  for (const source of partsOf(text.slice(0, MAX_FILTER))) {
    const read = readPart(source, grammar)
    if (typeof read === 'string') problems.push(read)
    else if (read) terms.push(read)
  }
  return { terms, problems }
}

/** Whether a number fits. What is not known (NaN) fits nothing. */
export function compare(value: number, comparison: Comparison, any: readonly Range[]): boolean {
  const limit = any[0]?.[0] ?? NaN
  switch (comparison) {
    case '=':
      return any.some(([from, to]) => value >= from && value <= to)
    case '!=':
      return any.every(([from, to]) => value < from || value > to)
    case '<':
      return value < limit
    case '<=':
      return value <= limit
    case '>':
      return value > limit
    case '>=':
      return value >= limit
  }
}

/** Parts between blanks; blanks in quotes belong to the part. */
function partsOf(text: string): string[] {
  return text.match(/(?:[^\s"]|"[^"]*(?:"|$))+/gu) ?? []
}

/** Undefined: nothing to look for as yet; a sentence: what is wrong. */
function readPart<T extends string, N extends string, M extends string>(
  source: string,
  grammar: Grammar<T, N, M>
): Term<T, N, M> | string | undefined {
  const not = source.startsWith('-') && source.length > 1
  const body = not ? source.slice(1) : source
  const match = /^([A-Za-z]+)(:|!=|<=|>=|=|<|>)(.*)$/su.exec(body)
  if (!match) {
    const [wanted] = wantedOf(body)
    return wanted && { kind: 'word', wanted, not, source }
  }
  const [, name = '', sign = '', value = ''] = match
  const field = name.toLowerCase()
  const known = fieldsOf(grammar)
  if (!known.includes(field)) return t.noField(name, known)
  if (value === '') return undefined
  const textField = grammar.texts.find((one) => one === field)
  if (textField !== undefined) {
    if (sign !== ':' && sign !== '=' && sign !== '!=') return t.noComparison(field)
    const any = wantedOf(value)
    if (any.length === 0) return undefined
    return { kind: 'text', field: textField, any, source, not: not !== (sign === '!=') }
  }
  const spec = Object.hasOwn(grammar.numbers, field) ? grammar.numbers[field] : undefined
  if (spec) {
    const comparison = sign === ':' ? '=' : comparisonOf(sign)
    const any = readRanges(spec, field, comparison, value)
    return typeof any === 'string'
      ? any
      : { kind: 'number', field: spec.field, comparison, any, not, source }
  }
  const mark = grammar.marks.find((one) => one === value.toLowerCase())
  if (mark === undefined || (sign !== ':' && sign !== '=')) return t.noMark(value, grammar.marks)
  return { kind: 'mark', mark, not, source }
}

function readRanges(
  spec: NumberSpec<string>,
  name: string,
  comparison: Comparison,
  value: string
): Range[] | string {
  const wrong = (): string => {
    if (spec.names) return t.noNamed(name, value, Object.keys(spec.names))
    return spec.measure === 'time' ? t.noTime(name, value) : t.noNumber(name, value)
  }
  const read = (text: string): number | undefined => {
    const word = text.toLowerCase()
    if (spec.names && Object.hasOwn(spec.names, word)) return spec.names[word]
    return spec.measure === 'time' ? readTime(text) : readCount(text)
  }
  const any: Range[] = []
  for (const piece of value.split(',')) {
    if (piece === '') continue
    const range = /^([^-]+)-(.+)$/u.exec(piece)
    const from = read(range?.[1] ?? piece)
    const to = read(range?.[2] ?? piece)
    if (from === undefined || to === undefined) return wrong()
    any.push([Math.min(from, to), Math.max(from, to)])
  }
  if (any.length === 0) return wrong()
  const isOrder = comparison !== '=' && comparison !== '!='
  if (isOrder && (any.length > 1 || any[0]?.[0] !== any[0]?.[1])) {
    return t.oneNumber(name, comparison)
  }
  return any
}

const SCALES: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6 }

/** `100`, `-3`, `1.5k`, `2M` */
function readCount(text: string): number | undefined {
  const match = /^(-?[0-9]{1,15}(?:\.[0-9]{1,9})?)([km]?)$/iu.exec(text)
  if (!match) return undefined
  return Number(match[1]) * (SCALES[(match[2] ?? '').toLowerCase()] ?? 1)
}

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  min: 60e9,
  h: 3600e9
}

/** `10ms`, `1.5s`; in ns. */
function readTime(text: string): number | undefined {
  const match = /^([0-9]{1,15}(?:\.[0-9]{1,9})?)([a-zµμ]+)$/u.exec(text)
  const unit = Object.hasOwn(UNITS, match?.[2] ?? '') ? UNITS[match?.[2] ?? ''] : undefined
  return match && unit !== undefined ? Number(match[1]) * unit : undefined
}

/** What stands between commas outside of quotes. */
function wantedOf(value: string): Wanted[] {
  const pieces = value.match(/(?:[^,"]|"[^"]*(?:"|$))+/gu) ?? []
  return pieces.flatMap((piece) => {
    const quoted = /^"([^"]*)("?)$/su.exec(piece)
    const text = (quoted?.[1] ?? piece.replaceAll('"', '')).toLowerCase()
    // While the closing quote is not typed, the beginning is looked for.
    return text === '' ? [] : [{ text, isWhole: quoted?.[2] === '"' }]
  })
}

function comparisonOf(sign: string): Comparison {
  return sign === '!=' || sign === '<' || sign === '<=' || sign === '>' || sign === '>='
    ? sign
    : '='
}
