import type { Constraint, Transition } from '../../automaton'
import type { Diagnostic } from '../../diagnostics'
import { Findings, quoted } from '../../findings'
import { printDot } from '../../print-dot'
import { scanC } from '../c-tokens'
import type { CToken } from '../c-tokens'
import { readConstraints } from './constraints'
import type { Enumerators, ReadConstraints } from './constraints'
import { readHeader } from './header'
import type { HeaderModel } from './header'

/** A file of C. */
export interface CFile {
  /** Path, for findings. */
  readonly file: string
  readonly text: string
}

/** The model that was read of a header. */
export interface ReadModel {
  /** DOT text; undefined exactly when there is a diagnostic of severity error. */
  readonly dot: string | undefined
  /** Warnings say what the DOT text does not have. */
  readonly diagnostics: readonly Diagnostic[]
}

const START = { start: 0, end: 0 }

/**
 * Reads a generated header back: dot2c's, a monitor's, or one that a person wrote in this form. The
 * guards and invariants of a hybrid automaton do not stand in the header but in NAME.c. Two things
 * that C does not have come back in their plainest form: units are ns or jiffies, and an invariant is
 * `<`. Never throws, whatever the text.
 *
 * @param main NAME.c beside the header, where there is one
 */
export function c2dot(header: CFile, main: CFile | undefined): ReadModel {
  const findings = new Findings(header.file, header.text)
  const tokens = scan(header, findings)
  const model = tokens === undefined ? undefined : readHeader(tokens, findings)
  if (model === undefined || findings.hasErrors)
    return { dot: undefined, diagnostics: findings.list() }
  const inMain = main === undefined ? undefined : new Findings(main.file, main.text)
  const constraints = constraintsOf(model, main, findings, inMain)
  const dot = print(model, constraints, header.file, findings)
  const diagnostics = [...findings.list(), ...(inMain?.list() ?? [])]
  return { dot, diagnostics }
}

function scan({ text }: CFile, findings: Findings): readonly CToken[] | undefined {
  if (text.trim() === '') {
    findings.error('empty', START, 'The file is empty; expected a header as dot2c prints it.')
    return undefined
  }
  const { tokens, error } = scanC(text)
  if (error === undefined) return tokens
  findings.error('syntax', { start: error.at, end: error.at + 1 }, error.message)
  return undefined
}

const NOTHING: ReadConstraints = { guards: new Map(), invariants: new Map() }

function constraintsOf(
  model: HeaderModel,
  main: CFile | undefined,
  findings: Findings,
  inMain: Findings | undefined
): ReadConstraints {
  if (model.envs.length === 0) return NOTHING
  const envs = model.envs.map(quoted).join(', ')
  const missing = (why: string): ReadConstraints => {
    findings.warning(
      'no-constraints',
      model.span,
      `This is a hybrid automaton with ${envs}, and its guards, resets and invariants are left out: ${why}.`
    )
    return NOTHING
  }
  if (main === undefined || inMain === undefined) {
    return missing('they stand in the C file of the monitor, which is not beside the header')
  }
  const { tokens, error } = scanC(main.text)
  if (error !== undefined) {
    inMain.warning('syntax', { start: error.at, end: error.at + 1 }, error.message)
    return missing(`${main.file} cannot be read`)
  }
  const constraints = readConstraints(tokens, enumerators(model), inMain)
  if (constraints.guards.size + constraints.invariants.size === 0) {
    return missing(
      `${main.file} has none in ha_verify_guards() and ha_verify_invariants() as rvgen writes them`
    )
  }
  return constraints
}

/** What an enumerator stands for: its name is the state's, event's or variable's with a suffix. */
function enumerators({ states, events, envs, constants }: HeaderModel): Enumerators {
  const indexIn =
    (names: readonly string[]) =>
    (word: string): number | undefined => {
      const value = constants.get(word)
      const name = value === undefined ? undefined : names[value]
      return name !== undefined && word.startsWith(name) ? value : undefined
    }
  const env = indexIn(envs)
  return {
    state: indexIn(states),
    event: indexIn(events),
    env: (word) => envs[env(word) ?? -1]
  }
}

function print(
  model: HeaderModel,
  { guards, invariants }: ReadConstraints,
  file: string,
  findings: Findings
): string | undefined {
  const { states, events, next, initial, final } = model
  const byName = (names: readonly string[]): number[] =>
    names.map((_, i) => i).sort((a, b) => ((names[a] ?? '') < (names[b] ?? '') ? -1 : 1))
  const order = [initial, ...byName(states).filter((i) => i !== initial)]
  const used = byName(events).filter((event) => next.some((row) => row[event] !== undefined))
  if (used.length === 0) {
    findings.error(
      'no-events',
      model.span,
      'No event is valid in any state; expected a transition.'
    )
    return undefined
  }
  events.forEach((event, i) => {
    if (used.includes(i)) return
    findings.warning(
      'unused-event',
      model.span,
      `The event ${quoted(event)} is valid in no state, so it is left out: in DOT an event is on an edge.`
    )
  })
  if (!final.includes(true)) {
    findings.warning(
      'no-final-state',
      model.span,
      'No state is final in the header; in DOT the initial state is then.'
    )
  }
  const place = new Map(order.map((state, i) => [state, i]))
  const transitions: Transition[] = []
  order.forEach((state, from) => {
    used.forEach((event, e) => {
      const target = next[state]?.[event]
      const to = target === undefined ? undefined : place.get(target)
      if (to === undefined) return
      transitions.push({ from, event: e, to, guard: guards.get(`${state},${event}`) })
    })
  })
  const stem = (file.split(/[\\/]/).pop() ?? '').replace(/\.\w+$/, '')
  return printDot({
    name: model.name ?? (/^\w+$/.test(stem) ? stem : 'model'),
    states: order.map((i) => states[i] ?? ''),
    events: used.map((i) => events[i] ?? ''),
    final: order.map((i) => final[i] === true),
    transitions,
    invariants: order.map((i): Constraint | undefined => invariants.get(i))
  })
}
