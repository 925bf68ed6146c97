import type { Request } from '../../contract/requests'
import {
  MAX_HISTORY_MARKS,
  type HistoryRequest,
  type HistoryResult,
  type LanesResult,
  type MonitorPast
} from '../../contract/history'
import type { Fold } from '../fold'
import type { MonitorState } from '../monitor-state'
import type { Violations } from '../violations'
import { findChange } from './find'
import { laneColumns } from './lanes'

/** What a window may ask about the past. */
export type PastRequest = Extract<Request, { op: 'moment' | 'history' | 'find' | 'violation' }>

/** Whether a request is about the past, which is there as long as the observer is. */
export function isAboutPast(request: Request): request is PastRequest {
  return (
    request.op === 'moment' ||
    request.op === 'history' ||
    request.op === 'find' ||
    request.op === 'violation'
  )
}

/**
 * Answers what a window asks about the past. Long ones are worked on in slices, between which
 * `pause` lets events in; a newer one of the same kind ends them with SUPERSEDED.
 */
export class PastAnswers {
  readonly #fold: Fold
  readonly #violations: Pick<Violations, 'one'>
  readonly #pause: () => Promise<void>
  #newest = 0

  constructor(fold: Fold, violations: Pick<Violations, 'one'>, pause: () => Promise<void>) {
    this.#fold = fold
    this.#violations = violations
    this.#pause = pause
  }

  async answer(request: PastRequest): Promise<HistoryResult> {
    switch (request.op) {
      case 'moment':
        return {
          kind: 'moment',
          at: request.at,
          monitors: request.monitors.map((index) => pastOf(this.#monitor(index), request.at))
        }
      case 'history':
        return this.#lanes(request)
      case 'violation':
        return { kind: 'violation', violation: this.#violations.one(request.seq) }
      case 'find': {
        const { history } = this.#monitor(request.monitor)
        if (request.what === 'change') {
          const found = findChange(history, request.row ?? 0, request.from, request.direction)
          const { at, state, event } = found ?? { at: null, state: -1, event: -1 }
          return { kind: 'found', at, seq: null, state, event }
        }
        const log = history.violations
        const found = log.find(request.from, request.direction, request.row)
        return {
          kind: 'found',
          at: found < 0 ? null : (log.time[found] ?? null),
          seq: found < 0 ? null : (log.seq[found] ?? null),
          state: -1,
          event: -1
        }
      }
    }
  }

  async #lanes(request: HistoryRequest): Promise<LanesResult> {
    const number = ++this.#newest
    const monitor = this.#monitor(request.monitor)
    const { history } = monitor
    const { from, columns } = request
    const to = Math.max(request.to, from + columns)
    const rows = Uint32Array.from(request.rows)
    const work = laneColumns(history, { rows, from, to, columns }, monitor.states.names.length)
    let step = work.next()
    while (step.done !== true) {
      await this.#pause()
      if (number !== this.#newest) throw new Superseded()
      step = work.next()
    }
    const log = history.violations
    const marks = log.within(from, to, MAX_HISTORY_MARKS)
    return {
      kind: 'lanes',
      monitor: request.monitor,
      from,
      to,
      columns,
      keptFrom: history.keptFrom,
      oldest: history.chunks[0]?.base ?? 0,
      newest: history.newest,
      rows,
      ...step.value,
      marks: {
        time: Float64Array.from(marks, (i) => log.time[i] ?? 0),
        row: Uint32Array.from(marks, (i) => log.row[i] ?? 0),
        seq: Uint32Array.from(marks, (i) => log.seq[i] ?? 0)
      }
    }
  }

  #monitor(index: number): MonitorState {
    const monitor = this.#fold.monitors[index]
    if (monitor === undefined) throw new Error('The target has no such monitor.')
    return monitor
  }
}

/** A newer request took the place of this one. */
class Superseded extends Error {
  readonly code = 'SUPERSEDED'
  constructor() {
    super('A newer request took the place of this one.')
  }
}

function pastOf(monitor: MonitorState, at: number): MonitorPast {
  const { history, edges, refused } = monitor
  const then = history.at(at)
  const head = { monitor: monitor.index, keptFrom: history.keptFrom }
  // Of a monitor without a record nothing has happened.
  if (then === undefined) return { ...head, state: null }
  const { past } = then
  const n = past.rows
  const sinceSec = new Uint32Array(n)
  const sinceNsec = new Uint32Array(n)
  let unsure = 0
  for (let row = 0; row < n; row++) {
    const since = past.since[row] ?? 0
    const sec = Math.floor(since / 1e9)
    sinceSec[row] = sec
    sinceNsec[row] = since - sec * 1e9
    unsure += past.unsure[row] ?? 0
  }
  const refusedThen = refused.columns(then.refused)
  return {
    ...head,
    state: {
      id: then.ids.slice(0, n),
      state: past.state.slice(0, n),
      event: past.event.slice(0, n),
      sinceSec,
      sinceNsec,
      transitions: past.transitions.slice(0, n),
      violations: then.violations.slice(0, n),
      labels: then.labels.filter(({ index }) => index < n),
      edges: edges.columns(past.edges),
      refused: { from: refusedThen.from, event: refusedThen.event, count: refusedThen.count },
      lastEdge: past.lastEdge,
      lastRow: past.lastRow,
      events: past.events,
      violationCount: then.violationCount,
      unsure
    }
  }
}
