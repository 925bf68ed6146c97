import {
  NO_ATOMS,
  readAtoms,
  readStates,
  takesStep,
  type AtomValues
} from '../../../model/ltl/observe'
import type { LtlModel } from '../../../model/ltl'
import type { EventRow } from '../../stores/panel'
import { MonitorLive } from '../../stores/columns'
import type { Ring } from '../../stores/ring'

/** What all tasks of an LTL monitor tell together. */
export interface LtlSummary {
  /** By atom: tasks for which it is true. */
  readonly trueFor: readonly number[]
  /** Tasks whose atoms a trace event has told. */
  readonly told: number
  /** By state: tasks in whose set it is. */
  readonly inState: readonly number[]
  /** Tasks that are in no state. */
  readonly stopped: number
  /** Tasks whose set is not told whole. */
  readonly unreadable: number
}

/** Counts over all rows; each name is read once. */
export function summaryOf(live: MonitorLive, model: LtlModel): LtlSummary {
  const tasksOfEvent = new Int32Array(live.events.length)
  let told = 0
  for (let row = 0; row < live.rows.size; row++) {
    const event = live.rows.event[row] ?? -1
    if (event < 0) continue
    tasksOfEvent[event] = (tasksOfEvent[event] ?? 0) + 1
    told++
  }
  const trueFor = model.atoms.map(() => 0)
  live.events.forEach((text, event) => {
    const tasks = tasksOfEvent[event] ?? 0
    const value = tasks === 0 ? 0 : (readAtoms(text, model)?.value ?? 0)
    for (let atom = 0; value !== 0 && atom < trueFor.length; atom++) {
      if (((value >>> atom) & 1) === 1) trueFor[atom] = (trueFor[atom] ?? 0) + tasks
    }
  })
  const inState = Array.from({ length: model.buchi.states }, () => 0)
  let stopped = live.perState[0] ?? 0
  let unreadable = 0
  live.states.forEach((text, index) => {
    const tasks = live.perState[index + 1] ?? 0
    if (tasks === 0) return
    const set = readStates(text)
    if (set === undefined) unreadable += tasks
    else if (set === 0) stopped += tasks
    for (let s = 0; set !== undefined && s < inState.length; s++) {
      if (((set >>> s) & 1) === 1) inState[s] = (inState[s] ?? 0) + tasks
    }
  })
  return { trueFor, told, inState, stopped, unreadable }
}

/** Says whether the edges seen so far are the model's; each edge is looked at once. */
export class StepCheck {
  #seen = 0
  #fits = true

  constructor(private readonly model: LtlModel) {}

  fits(live: MonitorLive): boolean {
    const { edges, states, events } = live
    if (edges.size < this.#seen) this.#seen = 0
    for (; this.#fits && this.#seen < edges.size; this.#seen++) {
      const i = this.#seen
      const from = states[edges.from[i] ?? -1]
      const to = states[edges.to[i] ?? -1]
      const atoms = events[edges.event[i] ?? -1]
      if (from === undefined || to === undefined || atoms === undefined) continue
      if (takesStep(this.model, from, atoms, to) === false) this.#fits = false
    }
    return this.#fits
  }
}

/** The live state as the drawing of the automaton takes it: a task counts in every state of its set. */
export function buchiLive(summary: LtlSummary): MonitorLive {
  const view = new MonitorLive()
  const n = summary.inState.length
  for (let s = 0; s < n; s++) {
    view.states.push(`S${s}`)
    view.stateIndex.set(`S${s}`, s)
  }
  view.perState = new Int32Array(n + 1)
  view.perState[0] = summary.stopped
  summary.inState.forEach((tasks, s) => {
    view.perState[s + 1] = tasks
  })
  return view
}

/** The atoms of one row as its last trace event told them. */
export function rowAtoms(live: MonitorLive, row: number, model: LtlModel): AtomValues {
  const text = live.events[live.rows.event[row] ?? -1]
  return text === undefined ? NO_ATOMS : (readAtoms(text, model) ?? NO_ATOMS)
}

/** The set of states of one row: none where it is not monitored, undefined where it is not told. */
export function rowSet(live: MonitorLive, row: number): number | undefined {
  const state = live.rows.state[row] ?? -1
  return state < 0 ? 0 : readStates(live.states[state] ?? '?')
}

/** One event of a task. */
export interface LtlEvent {
  readonly pid: number
  readonly states: string
  readonly atoms: string
  readonly next: string
  readonly row: EventRow
}

const EVENT = /\[(-?\d+)\]: \(([^()]*)\) x \(([^()]*)\) -> \(([^()]*)\)\s*$/

/** A row of the event log as an LTL monitor's event; undefined for others. */
export function eventOf(row: EventRow): LtlEvent | undefined {
  const found = row.error ? null : EVENT.exec(row.text)
  if (found === null) return undefined
  const [, pid = '', states = '', atoms = '', next = ''] = found
  return { pid: Number(pid), states, atoms, next, row }
}

/**
 * The last event of a monitor up to a moment (ns; null: now), and the one before it of the same
 * task, where no row is missing between the two.
 */
export function lastEvents(
  rows: Ring<EventRow>,
  monitor: number,
  pid: number | null,
  moment: number | null
): { readonly last: LtlEvent | undefined; readonly before: LtlEvent | undefined } {
  let last: LtlEvent | undefined
  let newer: number | undefined
  for (let i = rows.size - 1; i >= 0; i--) {
    const row = rows.at(i)
    if (row === undefined) break
    if (last !== undefined && newer !== undefined && row.no !== newer - 1) break
    newer = row.no
    if (row.monitor !== monitor) continue
    if (moment !== null && row.sec * 1e9 + row.nsec > moment) continue
    const event = eventOf(row)
    if (event === undefined) continue
    if (last === undefined) {
      if (pid === null || event.pid === pid) last = event
    } else if (event.pid === last.pid) return { last, before: event }
  }
  return { last, before: undefined }
}
