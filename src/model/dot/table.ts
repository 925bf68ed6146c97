import type { ClockKind, Constraint, Guard, Transition } from '../automaton'
import { GuardLogic } from '../check/guards'
import { quoted } from '../findings'
import type { Findings, Span } from '../findings'
import { clockKind } from '../labels'
import type { EventLabel } from '../labels'

/** A labelled node. */
export interface State {
  readonly name: string
  readonly span: Span
  readonly final: boolean
  readonly invariant: Constraint | undefined
  readonly invariantSpan: Span | undefined
}

/** An event on an edge. */
export interface Labelled {
  readonly from: State
  readonly to: State
  readonly label: EventLabel
  /** Of the event, and its guard, in the file. */
  readonly span: Span
  /** Where the event before it in the label ends. */
  readonly before: number
}

/** A transition and where it stands. */
interface Cell {
  readonly transition: Transition
  readonly span: Span
}

/** The transitions in order of (from, event). */
export interface Table {
  readonly cells: readonly Cell[]
  /** Those that contradict each other. */
  readonly contested: ReadonlySet<Transition>
}

/** Reports the transitions that contradict each other. */
export function fillTable(
  states: readonly State[],
  events: readonly string[],
  labelled: readonly Labelled[],
  findings: Findings
): Table {
  const stateIndex = new Map(states.map((s, i) => [s, i]))
  const eventIndex = new Map(events.map((e, i) => [e, i]))
  const cells = new Array<Cell | undefined>(states.length * events.length).fill(undefined)
  const others = new Map<number, Cell[]>()
  let logic: GuardLogic | undefined
  for (const { from: source, to: target, label, span, before: end } of labelled) {
    const from = stateIndex.get(source)
    const to = stateIndex.get(target)
    const event = eventIndex.get(label.event)
    if (from === undefined || to === undefined || event === undefined) continue
    const place = from * events.length + event
    const cell: Cell = { transition: { from, event, to, guard: label.guard }, span }
    const before = cells[place]
    if (before === undefined) {
      cells[place] = cell
      continue
    }
    const pair = `${quoted(label.event)} in ${quoted(source.name)}`
    const first = findings.place(before.span.start)
    const { guard } = before.transition
    const same = sameGuard(guard, label.guard)
    const relation = (): string => {
      // Of thousands of such pairs most are only counted.
      if (findings.full) return ''
      logic ??= guardLogic(labelled)
      return compared(logic, guard, label.guard)
    }
    if (before.transition.to === to && same) {
      findings.warning('duplicate-event', span, `${pair} stands twice, first at ${first}.`, {
        title: 'Remove the second one',
        edits: [{ start: end, end: span.end, text: '' }]
      })
      continue
    }
    const rest = others.get(place)
    if (rest === undefined) others.set(place, [cell])
    else rest.push(cell)
    if (before.transition.to !== to) {
      const other = states[before.transition.to]?.name ?? ''
      findings.error(
        'nondeterministic',
        span,
        `${pair} goes to ${quoted(target.name)} here and to ${quoted(other)} at ${first}${same ? '' : relation()}; expected one target.`
      )
    } else {
      findings.error(
        'two-guards',
        span,
        `${pair} has a guard here that differs from the one at ${first}${relation()}; expected one guard.`
      )
    }
  }
  const contested = new Set<Transition>()
  const all = cells.flatMap((cell, place) => {
    if (cell === undefined) return []
    const rest = others.get(place)
    if (rest === undefined) return [cell]
    for (const { transition } of [cell, ...rest]) contested.add(transition)
    return [cell, ...rest]
  })
  return { cells: all, contested }
}

/** Decides on guards of some labels, whose units say what their clocks count. */
function guardLogic(labelled: readonly Labelled[]): GuardLogic {
  const guards = labelled.flatMap(({ label }) => (label.guard ? [{ guard: label.guard }] : []))
  const kinds = readKinds(guards, [])
  const envs = [...kinds.keys()]
  return new GuardLogic({ envs, envKinds: envs.map((env) => kinds.get(env)) })
}

/** Whether two guards can hold at once, for a sentence: the dialect takes neither. */
function compared(logic: GuardLogic, a: Guard | undefined, b: Guard | undefined): string {
  const both = logic.overlap(a, b)
  if (both === undefined) return ''
  return both
    ? ', and both guards can hold at once'
    : '; the guards never hold at once, but rvgen keeps one guard for a state and event'
}

const sameGuard = (a: Guard | undefined, b: Guard | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

/** As rvgen infers it: of several units of one variable the last counts (checks.ts warns of them). */
export function readKinds(
  transitions: readonly Pick<Transition, 'guard'>[],
  invariants: readonly (Constraint | undefined)[]
): Map<string, ClockKind> {
  const kinds = new Map<string, ClockKind>()
  for (const c of [...transitions.flatMap((t) => t.guard?.constraints ?? []), ...invariants]) {
    if (c === undefined) continue
    const kind = clockKind(c)
    if (kind !== undefined) kinds.set(c.env, kind)
  }
  return kinds
}

/** Environment variables in the order of Automaton.envs. */
export function orderEnvs(
  transitions: readonly Transition[],
  invariants: readonly (Constraint | undefined)[]
): { envs: string[]; storedEnvs: number } {
  const all = new Set<string>()
  const stored = new Set<string>()
  for (const { guard } of transitions) {
    for (const c of guard?.constraints ?? []) all.add(c.env)
    if (guard?.reset !== undefined) stored.add(guard.reset)
  }
  for (const c of invariants) if (c !== undefined) all.add(c.env)
  const envs = [...[...stored].sort(), ...[...all].filter((e) => !stored.has(e)).sort()]
  return { envs, storedEnvs: stored.size }
}
