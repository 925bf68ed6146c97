import { compare, type Wanted } from '../../filter/language'
import { filterTexts } from '../../texts-filter'
import type { Mark, NumberField, Parsed, Term, TextField } from './filter'
import type { InstanceView } from './view'

/** A filter that knows the monitor. */
export interface Matcher {
  readonly matches: (row: number) => boolean
  /** As of the parser, and names that the monitor does not have. */
  readonly problems: readonly string[]
}

/** Lists everything. */
export const ALL: Matcher = { matches: () => true, problems: [] }

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
  const inName = (name: string): boolean => (isWhole ? name === text : isFuzzy(name, text))
  const inComm = valueTest(view, 'comm', inName)
  const inState = valueTest(view, 'state', (name) =>
    isWhole ? name === text : name.includes(text)
  )
  const others = [inComm, inState]
  if (/^[0-9]{1,9}$/.test(text)) others.push(digitsTest(view, text, isWhole))
  if (view.info.type === 'per_cpu') others.push(valueTest(view, 'runs', inName))
  if (view.info.type === 'per_obj') others.push(valueTest(view, 'kind', inName))
  return (row) => others.some((test) => test(row))
}

/** Whether the digits are in the id, without making a text of it. */
function digitsTest(view: InstanceView, text: string, isWhole: boolean): Test {
  const wanted = Number(text)
  if (isWhole) return (row) => view.id(row) === wanted
  const scale = 10 ** text.length
  // A number of fewer digits does not contain them, zeros in front included.
  const least = text.length === 1 ? 0 : scale / 10
  return (row) => {
    for (let rest = Math.abs(view.id(row)); rest >= least; rest = Math.floor(rest / 10)) {
      if (rest % scale === wanted) return true
      if (rest < 10) return false
    }
    return false
  }
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
      return filterTexts.noName(field, missing.text, known)
    }
  }
  return valueTest(view, field, (name) =>
    any.some(({ text, isWhole }) => {
      // `running` is not to mean `not_running` where there is a state of that very name.
      const whole = isWhole || (known?.includes(text) ?? false)
      return whole ? name === text : name.includes(text)
    })
  )
}

/** A test of a field's text in lower case; the answer about each text is found once. An empty one never fits. */
function valueTest(view: InstanceView, field: TextField, fits: (text: string) => boolean): Test {
  const isFit = (text: string): boolean => text !== '' && fits(text.toLowerCase())
  if (field === 'comm') {
    view.prepare()
    const answers = view.commTexts.map(isFit)
    return (row) => answers[view.commId(row)] ?? false
  }
  if (field === 'state') {
    const answers = ['', ...view.live.states].map((_, i) => isFit(view.nameOfState(i - 1)))
    return (row) => answers[view.state(row) + 1] ?? false
  }
  if (field === 'event') {
    const answers = view.live.events.map(isFit)
    return (row) => answers[view.event(row)] ?? false
  }
  const answer = remembered(isFit)
  if (field === 'leader') return (row) => answer(view.leader(row))
  if (field === 'runs') return (row) => answer(view.runs(row))
  return (row) => answer(view.kind(row))
}

/** What a field can be, where that is known: a wrong name is then said. */
function namesOf(view: InstanceView, field: TextField): string[] | undefined {
  const lower = (name: string): string => name.toLowerCase()
  if (field === 'event') return view.live.events.map(lower)
  if (field !== 'state' || view.live.states.length === 0) return undefined
  return [...view.live.states, view.nameOfState(-1)].map(lower)
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

/** The answers about texts, each found once. */
function remembered(test: (text: string) => boolean): (text: string) => boolean {
  const answers = new Map<string, boolean>()
  return (text) => {
    let answer = answers.get(text)
    if (answer === undefined) {
      answer = test(text)
      answers.set(text, answer)
    }
    return answer
  }
}
