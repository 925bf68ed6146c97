import { instanceTexts } from '../../texts-instances'
import type { Comparison, Mark, NumberField, Parsed, Term, TextField, Wanted } from './filter'
import type { InstanceView } from './view'

/** A filter that knows the monitor. */
export interface Matcher {
  matches(row: number): boolean
  /** As of the parser, and names that the monitor does not have. */
  readonly problems: readonly string[]
}

type Test = (row: number) => boolean

/** What is chosen beside the text: chips of states, and whether tasks that are gone are listed. */
export interface Quick {
  /** States, -1: not monitoring; none: all. */
  readonly states: ReadonlySet<number>
  readonly hidesExited: boolean
}

/**
 * Makes the test of a filter. What does not depend on a single row is looked up once, and the answer
 * about a text is kept, since many rows share it.
 */
export function matcherOf(
  view: InstanceView,
  { terms, problems }: Parsed,
  quick: Quick,
  isPinned: (id: number) => boolean
): Matcher {
  const tests: Test[] = []
  const wrong = [...problems]
  if (quick.hidesExited) tests.push((row) => !view.exited(row))
  if (quick.states.size > 0) tests.push((row) => quick.states.has(view.state(row)))
  for (const term of terms) {
    const made = testOf(view, term, isPinned)
    if (typeof made === 'string') wrong.push(made)
    else tests.push(term.not ? (row) => !made(row) : made)
  }
  return { matches: (row) => tests.every((test) => test(row)), problems: wrong }
}

function testOf(view: InstanceView, term: Term, isPinned: (id: number) => boolean): Test | string {
  switch (term.kind) {
    case 'word':
      return wordTest(view, term.wanted)
    case 'text':
      return textTest(view, term.field, term.any)
    case 'number': {
      const value = numberOf(view, term.field)
      const { comparison, any } = term
      return (row) => compare(value(row), comparison, any)
    }
    case 'mark':
      return markTest(view, term.mark, isPinned)
  }
}

function wordTest(view: InstanceView, wanted: Wanted): Test {
  const { text, isWhole } = wanted
  const inName = remembered((name) => (isWhole ? name === text : isFuzzy(name, text)))
  const inState = remembered((name) => (isWhole ? name === text : name.includes(text)))
  const isNumber = /^-?[0-9]+$/.test(text)
  return (row) =>
    inName(view.comm(row)) ||
    inState(view.stateName(row)) ||
    (isNumber && idHas(view.id(row), text, isWhole)) ||
    inName(view.runs(row)) ||
    inName(view.kind(row))
}

function idHas(id: number, text: string, isWhole: boolean): boolean {
  return isWhole ? String(id) === text : String(id).includes(text)
}

/** Whether the letters occur in this order; a text that is contained always does. */
function isFuzzy(text: string, letters: string): boolean {
  let at = 0
  for (const letter of letters) {
    at = text.indexOf(letter, at)
    if (at < 0) return false
    at += letter.length
  }
  return true
}

function textTest(view: InstanceView, field: TextField, any: readonly Wanted[]): Test | string {
  const known = namesOf(view, field)
  if (known) {
    const missing = any.find(({ text }) => !known.some((name) => name.includes(text)))
    if (missing && known.length > 0) {
      return instanceTexts.filter.noName(field, missing.text, known)
    }
  }
  const fits = remembered((name) =>
    any.some(({ text, isWhole }) => {
      // `running` is not to mean `not_running` where there is a state of that very name.
      const whole = isWhole || (known?.includes(text) ?? false)
      return whole ? name === text : name.includes(text)
    })
  )
  const value = textOf(view, field)
  return (row) => fits(value(row))
}

/** What a field can be, where that is known: a wrong name is then said. */
function namesOf(view: InstanceView, field: TextField): string[] | undefined {
  const lower = (name: string): string => name.toLowerCase()
  if (field === 'event') return view.live.events.map(lower)
  if (field !== 'state' || view.live.states.length === 0) return undefined
  return [...view.live.states, view.nameOfState(-1)].map(lower)
}

function textOf(view: InstanceView, field: TextField): (row: number) => string {
  switch (field) {
    case 'state':
      return (row) => view.stateName(row)
    case 'comm':
      return (row) => view.comm(row)
    case 'leader':
      return (row) => view.leader(row)
    case 'event':
      return (row) => view.eventName(row)
    case 'runs':
      return (row) => view.runs(row)
    case 'kind':
      return (row) => view.kind(row)
  }
}

function numberOf(view: InstanceView, field: NumberField): (row: number) => number {
  switch (field) {
    case 'id':
      return (row) => view.id(row)
    case 'tgid':
      return (row) => view.tgid(row)
    case 'violations':
      return (row) => view.violations(row)
    case 'transitions':
      return (row) => view.transitions(row)
    case 'rate':
      return (row) => view.rate(row)
    case 'time':
      return (row) => view.age(row)
  }
}

/** What is not known (NaN) fits nothing. */
function compare(
  value: number,
  comparison: Comparison,
  any: readonly (readonly [number, number])[]
): boolean {
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

function markTest(view: InstanceView, mark: Mark, isPinned: (id: number) => boolean): Test {
  switch (mark) {
    case 'pinned':
      return (row) => isPinned(view.id(row))
    case 'exited':
      return (row) => view.exited(row)
    case 'monitored':
      return (row) => view.state(row) >= 0
    case 'violated':
      return (row) => view.violations(row) > 0
  }
}

/** The answers about texts, each found once; in lower case. */
function remembered(test: (text: string) => boolean): (text: string) => boolean {
  const answers = new Map<string, boolean>()
  return (text) => {
    if (text === '') return false
    let answer = answers.get(text)
    if (answer === undefined) {
      answer = test(text.toLowerCase())
      // A monitor has at most so many names of tasks; what a target makes up is not kept without end.
      if (answers.size < 1 << 17) answers.set(text, answer)
    }
    return answer
  }
}
