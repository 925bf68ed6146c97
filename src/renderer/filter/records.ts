import { filterTexts } from '../texts-filter'
import {
  compare,
  type Comparison,
  type Parsed,
  type Range,
  type Term,
  type Wanted
} from './language'

/** How the fields of a record are read. Texts need not be in lower case. */
export interface Access<R, T extends string, N extends string, M extends string> {
  /** Where a word is looked for. */
  readonly words: (record: R) => readonly string[]
  /** The values of a field, any of which may fit; none: nothing fits. */
  readonly texts: (record: R, field: T) => readonly string[]
  readonly numbers: (record: R, field: N) => readonly number[]
  readonly is: (record: R, mark: M) => boolean
  /** What a field can be, where that is known: a wrong name is then said, and a whole one means itself alone. */
  readonly known?: (field: T) => readonly string[] | undefined
}

/** A filter of records. */
export interface RecordFilter<R> {
  /** Null: everything fits. */
  readonly test: ((record: R) => boolean) | null
  /** One sentence for each part that is left out. */
  readonly problems: readonly string[]
}

/** Makes the test of a filter; parts that name what is not there are left out and told. */
export function recordFilter<R, T extends string, N extends string, M extends string>(
  { terms, problems }: Parsed<T, N, M>,
  access: Access<R, T, N, M>
): RecordFilter<R> {
  const wrong = [...problems]
  const tests: ((record: R) => boolean)[] = []
  for (const term of terms) {
    const made = testOf(term, access)
    if (typeof made === 'string') wrong.push(made)
    else tests.push(term.not ? (record) => !made(record) : made)
  }
  if (tests.length === 0) return { test: null, problems: wrong }
  return { test: (record) => tests.every((test) => test(record)), problems: wrong }
}

function testOf<R, T extends string, N extends string, M extends string>(
  term: Term<T, N, M>,
  access: Access<R, T, N, M>
): ((record: R) => boolean) | string {
  switch (term.kind) {
    case 'word': {
      const { wanted } = term
      const answer = remembered((text) => fits(text, wanted))
      return (record) => access.words(record).some(answer)
    }
    case 'text': {
      const { field } = term
      const known = unique(access.known?.(field))
      const missing = term.any.find(
        ({ text }) => known && known.length > 0 && !known.some((name) => name.includes(text))
      )
      if (known && missing) return filterTexts.noSuch(field, missing.text, known)
      const any = term.any.map(({ text, isWhole }) => ({
        text,
        isWhole: isWhole || (known?.includes(text) ?? false)
      }))
      const answer = remembered((text) => any.some((wanted) => fits(text, wanted)))
      return (record) => access.texts(record, field).some(answer)
    }
    case 'number': {
      const { field, comparison, any } = term
      return (record) => fitsNumbers(access.numbers(record, field), comparison, any)
    }
    case 'mark': {
      const { mark } = term
      return (record) => access.is(record, mark)
    }
  }
}

/** Answers that are kept of one part of a filter. */
const MAX_ANSWERS = 4096

/** The answers about texts: many records share a name, and each is looked at once. */
function remembered(test: (text: string) => boolean): (text: string) => boolean {
  const answers = new Map<string, boolean>()
  return (text) => {
    const known = answers.get(text)
    if (known !== undefined) return known
    const answer = test(text)
    if (answers.size >= MAX_ANSWERS) answers.clear()
    answers.set(text, answer)
    return answer
  }
}

/** In lower case, and none twice. */
function unique(names: readonly string[] | undefined): string[] | undefined {
  return names && [...new Set(names.map((name) => name.toLowerCase()))]
}

function fits(text: string, { text: wanted, isWhole }: Wanted): boolean {
  const lower = text.toLowerCase()
  return isWhole ? lower === wanted : lower.includes(wanted)
}

/** Of several values any may fit, and none may where it is to be another one. */
function fitsNumbers(
  values: readonly number[],
  comparison: Comparison,
  any: readonly Range[]
): boolean {
  if (comparison === '!=') return values.every((value) => compare(value, '!=', any))
  return values.some((value) => compare(value, comparison, any))
}
