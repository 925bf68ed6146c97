import { instanceTexts } from '../../texts-instances'

const t = instanceTexts.filter

/** Fields whose value is a number. `id` is also called what it is: a pid, a CPU, an object. */
const NUMBER_FIELDS = {
  pid: 'id',
  cpu: 'id',
  id: 'id',
  object: 'id',
  tgid: 'tgid',
  violations: 'violations',
  transitions: 'transitions',
  rate: 'rate',
  time: 'time'
} as const
export type NumberField = (typeof NUMBER_FIELDS)[keyof typeof NUMBER_FIELDS]

const TEXT_FIELDS = ['state', 'comm', 'leader', 'event', 'runs', 'kind'] as const
export type TextField = (typeof TEXT_FIELDS)[number]

export const MARKS = ['pinned', 'exited', 'monitored', 'violated'] as const
export type Mark = (typeof MARKS)[number]

/** Names of all fields, as a message lists them. */
export const FIELDS: readonly string[] = [...TEXT_FIELDS, ...Object.keys(NUMBER_FIELDS), 'is']

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='

/** A text that is looked for; in quotes it must be the whole. */
export interface Wanted {
  readonly text: string
  readonly isWhole: boolean
}

/** Where a part of the filter stands in what was typed. */
interface Part {
  /** True: rows that it does not fit. */
  readonly not: boolean
  readonly source: string
}

export type Term = Part &
  (
    | { readonly kind: 'word'; readonly wanted: Wanted }
    | { readonly kind: 'text'; readonly field: TextField; readonly any: readonly Wanted[] }
    | {
        readonly kind: 'number'
        readonly field: NumberField
        readonly comparison: Comparison
        /** From, to: ranges that `=` and `!=` mean; for the others the first `from` counts. */
        readonly any: readonly (readonly [from: number, to: number])[]
      }
    | { readonly kind: 'mark'; readonly mark: Mark }
  )

export interface Parsed {
  /** All must fit. */
  readonly terms: readonly Term[]
  /** One sentence for each part that was not understood, and is left out. */
  readonly problems: readonly string[]
}

/** Longest filter that is read, in characters. */
export const MAX_FILTER = 1000

/**
 * Reads a filter: parts between blanks, all of which must fit; `-` before one turns it round. A word
 * is looked for in comm, id and state; `field:value`, `field>number`; quotes hold blanks together,
 * commas stand between alternatives. Any text is a filter: what is wrong with it is in `problems`.
 */
export function parseFilter(text: string): Parsed {
  const terms: Term[] = []
  const problems: string[] = []
  for (const source of partsOf(text.slice(0, MAX_FILTER))) {
    const read = readPart(source)
    if (typeof read === 'string') problems.push(read)
    else if (read) terms.push(read)
  }
  return { terms, problems }
}

/** Parts between blanks; blanks in quotes belong to the part. */
function partsOf(text: string): string[] {
  return text.match(/(?:[^\s"]|"[^"]*(?:"|$))+/gu) ?? []
}

/** Undefined: nothing to look for as yet; a sentence: what is wrong. */
function readPart(source: string): Term | string | undefined {
  const not = source.startsWith('-') && source.length > 1
  const body = not ? source.slice(1) : source
  const match = /^([A-Za-z]+)(:|!=|<=|>=|=|<|>)(.*)$/su.exec(body)
  if (!match) {
    const [wanted] = wantedOf(body)
    return wanted && { kind: 'word', wanted, not, source }
  }
  const [, name = '', sign = '', value = ''] = match
  const field = name.toLowerCase()
  if (value === '') return FIELDS.includes(field) ? undefined : t.noField(name)
  if (field === 'is') return readMark({ not, source }, sign, value)
  if (isTextField(field)) {
    if (sign !== ':' && sign !== '=' && sign !== '!=') return t.noComparison(field)
    const any = wantedOf(value)
    if (any.length === 0) return undefined
    return { kind: 'text', field, any, source, not: not !== (sign === '!=') }
  }
  if (isNumberField(field)) {
    return readNumber({ not, source }, field, sign === ':' ? '=' : comparisonOf(sign), value)
  }
  return t.noField(name)
}

function readMark(part: Part, sign: string, value: string): Term | string {
  const mark = MARKS.find((one) => one === value.toLowerCase())
  if (mark === undefined || (sign !== ':' && sign !== '=')) return t.noMark(value)
  return { kind: 'mark', mark, ...part }
}

function readNumber(
  part: Part,
  name: keyof typeof NUMBER_FIELDS,
  comparison: Comparison,
  value: string
): Term | string {
  const field = NUMBER_FIELDS[name]
  const read = field === 'time' ? readTime : readCount
  const any: [number, number][] = []
  for (const piece of value.split(',')) {
    if (piece === '') continue
    const range = /^([^-]+)-(.+)$/u.exec(piece)
    const from = read(range?.[1] ?? piece)
    const to = read(range?.[2] ?? piece)
    if (from === undefined || to === undefined) {
      return field === 'time' ? t.noTime(name, value) : t.noNumber(name, value)
    }
    any.push([Math.min(from, to), Math.max(from, to)])
  }
  if (any.length === 0) return field === 'time' ? t.noTime(name, value) : t.noNumber(name, value)
  const isOrder = comparison !== '=' && comparison !== '!='
  if (isOrder && (any.length > 1 || any[0]?.[0] !== any[0]?.[1]))
    return t.oneNumber(name, comparison)
  return { kind: 'number', field, comparison, any, ...part }
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

function isTextField(name: string): name is TextField {
  return TEXT_FIELDS.some((one) => one === name)
}

function isNumberField(name: string): name is keyof typeof NUMBER_FIELDS {
  return Object.hasOwn(NUMBER_FIELDS, name)
}

function comparisonOf(sign: string): Comparison {
  return sign === '!=' || sign === '<' || sign === '<=' || sign === '>' || sign === '>='
    ? sign
    : '='
}
