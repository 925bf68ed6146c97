import type { Diagnostic, Fix, Severity } from './diagnostics'
import { Places } from './places'

/** A stretch of the text: offsets in UTF-16 units, end exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Ways to mend a finding, the best first; undefined where one does not apply. */
export type Fixes = readonly (Fix | undefined)[]

/** More than this says nothing that a reader could still use. */
const MAX_FINDINGS = 200

/**
 * Collects the findings of one text and turns offsets into lines and columns.
 */
export class Findings {
  readonly #file: string
  readonly #text: string
  readonly #list: Diagnostic[] = []
  #errors = 0
  #left = 0
  #places: Places | undefined

  constructor(file: string, text: string) {
    this.#file = file
    this.#text = text
  }

  error(code: string, at: Span, message: string, ...fixes: Fixes): void {
    this.#errors++
    this.#add('error', code, at, message, fixes)
  }

  warning(code: string, at: Span, message: string, ...fixes: Fixes): void {
    this.#add('warning', code, at, message, fixes)
  }

  note(code: string, at: Span, message: string, ...fixes: Fixes): void {
    this.#add('note', code, at, message, fixes)
  }

  /** The text that is checked: a fix may repeat a part of it. */
  get text(): string {
    return this.#text
  }

  get errorCount(): number {
    return this.#errors
  }

  get hasErrors(): boolean {
    return this.#errors > 0
  }

  /** True once further findings are only counted. */
  get full(): boolean {
    return this.#list.length >= MAX_FINDINGS
  }

  /** The findings in order of their place, and a last note when some were only counted. */
  list(): readonly Diagnostic[] {
    const sorted = [...this.#list].sort((a, b) => a.line - b.line || a.column - b.column)
    if (this.#left > 0) {
      const at = { start: this.#text.length, end: this.#text.length }
      sorted.push(
        this.#diagnostic(
          this.#errors > this.#list.filter((d) => d.severity === 'error').length ? 'error' : 'note',
          'more-findings',
          at,
          `There are ${this.#left} more findings; the first ${MAX_FINDINGS} are shown.`
        )
      )
    }
    return sorted
  }

  /** `line N, column M` of an offset, for sentences that name a second place. */
  place(offset: number): string {
    const [line, column] = this.#position(offset)
    return `line ${line}, column ${column}`
  }

  /** ` Did you mean X?`, or nothing where no name is close or nobody will read it. */
  suggestion(word: string, names: Iterable<string>): string {
    const name = this.full ? undefined : closest(word, names)
    return name === undefined ? '' : ` Did you mean ${quoted(name)}?`
  }

  #add(severity: Severity, code: string, at: Span, message: string, fixes: Fixes): void {
    if (this.full) {
      this.#left++
      return
    }
    const diagnostic = this.#diagnostic(severity, code, at, message)
    const known = fixes.filter((fix) => fix !== undefined)
    this.#list.push(known.length === 0 ? diagnostic : { ...diagnostic, fixes: known })
  }

  #diagnostic(severity: Severity, code: string, at: Span, message: string): Diagnostic {
    const [line, column] = this.#position(at.start)
    const [endLine, endColumn] = this.#position(Math.max(at.start, at.end))
    return { severity, code, file: this.#file, line, column, endLine, endColumn, message }
  }

  #position(offset: number): [number, number] {
    this.#places ??= new Places(this.#text)
    return this.#places.of(offset)
  }
}

/** Text of others inside one of our sentences: control characters visible, at most 80 characters. */
export function quoted(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 77)}...` : text
  return `\`${short.replace(/[\p{C}\u2028\u2029]/gu, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`)}\``
}

/** Looking for a close name costs word times name for each: not worth more than this. */
const MAX_WORD = 64
const MAX_NAMES = 500

/** The name closest to `word` by edit distance, for a suggestion; undefined where none is close. */
export function closest(word: string, names: Iterable<string>): string | undefined {
  if (word.length > MAX_WORD) return undefined
  let best: string | undefined
  let bestDistance = Math.floor(word.length / 3) + 1
  let left = MAX_NAMES
  for (const name of names) {
    if (left-- === 0) break
    if (Math.abs(name.length - word.length) >= bestDistance) continue
    const distance = editDistance(word, name)
    if (distance < bestDistance) {
      best = name
      bestDistance = distance
    }
  }
  return best
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      row.push(
        Math.min((row[j - 1] ?? 0) + 1, (previous[j] ?? 0) + 1, (previous[j - 1] ?? 0) + same)
      )
    }
    previous = row
  }
  return previous[b.length] ?? 0
}
