import { CLOCK_UNSEEN, type MonitorDelta } from '../../contract/state'

/** Upper bound of instances per monitor: pids go to 2^22. */
const MAX_ROWS = 1 << 22
/** States, events and edges that one monitor may have, learned ones included. */
const MAX_NAMES = 32_000
const MAX_EDGES = 1 << 18

type Column = Uint8Array | Int16Array | Int32Array | Uint32Array | Float64Array

function grown<T extends Column>(old: T, capacity: number): T {
  const next = new (old.constructor as new (length: number) => T)(capacity)
  next.set(old)
  return next
}

function capacityFor(have: number, need: number): number {
  let capacity = Math.max(have, 16)
  while (capacity < need) capacity *= 2
  return capacity
}

/** One row per instance of a monitor, as columns that grow by doubling. */
export class Rows {
  size = 0
  id: Int32Array = new Int32Array(16)
  /** Index into the monitor's states, -1: not monitoring. */
  state: Int16Array = new Int16Array(16).fill(-1)
  /** Last event, -1: none. */
  event: Int16Array = new Int16Array(16).fill(-1)
  /** When the state was entered, target's clock. */
  sinceSec: Uint32Array = new Uint32Array(16)
  sinceNsec: Uint32Array = new Uint32Array(16)
  transitions: Float64Array = new Float64Array(16)
  violations: Uint32Array = new Uint32Array(16)
  /** 1: events of it were lost since its state was seen. */
  unsure: Uint8Array = new Uint8Array(16)
  /** When a clock was reset last, by the model's clocks, then by row; CLOCK_UNSEEN seconds: no reset was seen. */
  readonly clockSec: Uint32Array[] = []
  readonly clockNsec: Uint32Array[] = []
  readonly labels: string[] = []
  /** Thread group of a row's task, -1: not known, or no task. */
  tgid: Int32Array = new Int32Array(16).fill(-1)
  /** comm of the thread that leads the group. */
  readonly leaders: string[] = []
  /** 1: the row's task has exited. */
  exited: Uint8Array = new Uint8Array(16)

  ensure(size: number): void {
    if (size > MAX_ROWS) throw new RangeError('more instances than a kernel has pids')
    if (size > this.id.length) {
      const before = this.id.length
      const capacity = capacityFor(before, size)
      this.id = grown(this.id, capacity)
      this.state = grown(this.state, capacity).fill(-1, before)
      this.event = grown(this.event, capacity).fill(-1, before)
      this.sinceSec = grown(this.sinceSec, capacity)
      this.sinceNsec = grown(this.sinceNsec, capacity)
      this.transitions = grown(this.transitions, capacity)
      this.violations = grown(this.violations, capacity)
      this.unsure = grown(this.unsure, capacity)
      this.clockSec.forEach((old, i) => {
        this.clockSec[i] = grown(old, capacity).fill(CLOCK_UNSEEN, before)
      })
      this.clockNsec.forEach((old, i) => {
        this.clockNsec[i] = grown(old, capacity)
      })
      this.tgid = grown(this.tgid, capacity).fill(-1, before)
      this.exited = grown(this.exited, capacity)
    }
    if (size > this.size) this.size = size
  }

  /** Room for so many clocks. */
  ensureClocks(count: number): void {
    while (this.clockSec.length < count) {
      this.clockSec.push(new Uint32Array(this.id.length).fill(CLOCK_UNSEEN))
      this.clockNsec.push(new Uint32Array(this.id.length))
    }
  }
}

/** Counters by (from, event, to); `to` is -1 for refused events. */
export class Edges {
  size = 0
  from: Int16Array = new Int16Array(16)
  event: Int16Array = new Int16Array(16)
  to: Int16Array = new Int16Array(16)
  count: Float64Array = new Float64Array(16)
  private readonly index = new Map<number, number>()

  /** Index of the edge, or -1. */
  find(from: number, event: number, to: number): number {
    return this.index.get(edgeKey(from, event, to)) ?? -1
  }

  /** Sets a counter; true when the edge is new. */
  set(from: number, event: number, to: number, count: number): boolean {
    const key = edgeKey(from, event, to)
    const have = this.index.get(key)
    if (have !== undefined) {
      this.count[have] = count
      return false
    }
    if (this.size >= MAX_EDGES) throw new RangeError('more edges than a monitor can have')
    if (this.size === this.from.length) {
      const capacity = this.size * 2
      this.from = grown(this.from, capacity)
      this.event = grown(this.event, capacity)
      this.to = grown(this.to, capacity)
      this.count = grown(this.count, capacity)
    }
    this.from[this.size] = from
    this.event[this.size] = event
    this.to[this.size] = to
    this.count[this.size] = count
    this.index.set(key, this.size++)
    return true
  }
}

/** Indexes are i16: three of them fit a double's 53 bits. */
function edgeKey(from: number, event: number, to: number): number {
  return ((from + 1) * 32768 + (event + 1)) * 32768 + (to + 1)
}

/** Live state of one monitor. */
export class MonitorLive {
  readonly states: string[] = []
  readonly events: string[] = []
  /** Index of a name in `states`, `events`. */
  readonly stateIndex = new Map<string, number>()
  readonly eventIndex = new Map<string, number>()
  readonly rows = new Rows()
  readonly edges = new Edges()
  readonly refused = new Edges()
  /** Instances per state; entry 0 is "not monitoring", entry i + 1 is state i. */
  perState: Int32Array = new Int32Array(17)
  /** Instances of which events were lost since; they count for no state. */
  unsureTotal = 0
  eventsTotal = 0
  violationsTotal = 0
  /** Counts every delta. */
  version = 0
  /** Counts changes of names, edges, refused edges or rows: a drawing must be extended. */
  structure = 0
  /** The transition that happened last, as an index into edges; -1: none seen. */
  lastEdge = -1
  /** Row that took it. */
  lastRow = -1
  /** Counts changes of names, thread groups and ids of rows. */
  naming = 0
  private readonly byId = new Map<number, number>()
  /** Set once a row that had a state has changed it. */
  moved = false

  /** Row of an instance, -1: not seen. A global monitor's only row has id 0. */
  rowOf(id: number): number {
    return this.byId.get(id) ?? -1
  }

  /** Applies whole values: applying the same delta twice changes nothing. Throws RangeError on contradictions. */
  apply(delta: MonitorDelta): void {
    this.addNames(delta)
    this.applyEdges(delta)
    this.applyRows(delta)
    this.eventsTotal = delta.events
    this.violationsTotal = delta.violations
    this.version++
  }

  private addNames(delta: MonitorDelta): void {
    if (delta.newStates.length === 0 && delta.newEvents.length === 0) return
    for (const name of delta.newStates) {
      if (!this.stateIndex.has(name)) this.stateIndex.set(name, this.states.push(name) - 1)
    }
    for (const name of delta.newEvents) {
      if (!this.eventIndex.has(name)) this.eventIndex.set(name, this.events.push(name) - 1)
    }
    if (this.states.length > MAX_NAMES || this.events.length > MAX_NAMES) {
      throw new RangeError('more states or events than a monitor can have')
    }
    if (this.perState.length < this.states.length + 1) {
      this.perState = grown(
        this.perState,
        capacityFor(this.perState.length, this.states.length + 1)
      )
    }
    this.structure++
  }

  private applyEdges(delta: MonitorDelta): void {
    const { from, event, to, count } = delta.edges
    const refused = delta.refused
    if (event.length !== from.length || to.length !== from.length || count.length !== from.length) {
      throw new RangeError('edge columns of different lengths')
    }
    if (
      refused.event.length !== refused.from.length ||
      refused.count.length !== refused.from.length
    ) {
      throw new RangeError('columns of refused events of different lengths')
    }
    for (let i = 0; i < from.length; i++) {
      const f = this.checkState(from[i] ?? -2, -1)
      const e = this.checkEvent(event[i] ?? -2)
      const t = this.checkState(to[i] ?? -2, -1)
      if (this.edges.set(f, e, t, count[i] ?? 0)) this.structure++
    }
    for (let i = 0; i < refused.from.length; i++) {
      const f = this.checkState(refused.from[i] ?? -2, -1)
      const e = this.checkEvent(refused.event[i] ?? -2)
      if (this.refused.set(f, e, -1, refused.count[i] ?? 0)) this.structure++
    }
  }

  private applyRows(delta: MonitorDelta): void {
    const r = delta.rows
    const n = r.index.length
    const clocks = delta.clocks ?? []
    for (const column of [
      r.id,
      r.state,
      r.event,
      r.sinceSec,
      r.sinceNsec,
      r.transitions,
      r.violations,
      ...(r.unsure ? [r.unsure] : []),
      ...clocks.flatMap(({ sec, nsec }) => [sec, nsec])
    ]) {
      if (column.length !== n) throw new RangeError('row columns of different lengths')
    }
    const rows = this.rows
    rows.ensureClocks(clocks.length)
    let newest = -1
    let newestFrom = -1
    for (let i = 0; i < n; i++) {
      const row = r.index[i] ?? 0
      const fresh = row >= rows.size
      if (fresh) {
        // Rows between are "not monitoring" until their values arrive.
        const before = rows.size
        rows.ensure(row + 1)
        this.perState[0] = (this.perState[0] ?? 0) + rows.size - before
        this.structure++
      }
      const state = this.checkState(r.state[i] ?? -2, -1)
      const old = rows.state[row] ?? -1
      const transitions = r.transitions[i] ?? 0
      if (transitions > (rows.transitions[row] ?? 0) && old >= 0) {
        this.moved ||= state !== old
        if (newest < 0 || this.later(r, i, newest)) {
          newest = i
          newestFrom = old
        }
      }
      const unsure = r.unsure?.[i] ?? 0
      if (rows.unsure[row] === 1) this.unsureTotal--
      else this.perState[old + 1] = (this.perState[old + 1] ?? 0) - 1
      if (unsure === 1) this.unsureTotal++
      else this.perState[state + 1] = (this.perState[state + 1] ?? 0) + 1
      rows.unsure[row] = unsure
      const id = r.id[i] ?? 0
      if (fresh || rows.id[row] !== id) {
        // The row of an instance that is gone has a new one: its old id names nothing any more.
        const old = rows.id[row] ?? 0
        if (!fresh && this.byId.get(old) === row) this.byId.delete(old)
        this.byId.set(id, row)
        this.structure++
        this.naming++
      }
      rows.id[row] = id
      rows.state[row] = state
      rows.event[row] = this.checkEvent(r.event[i] ?? -2)
      rows.sinceSec[row] = r.sinceSec[i] ?? 0
      rows.sinceNsec[row] = r.sinceNsec[i] ?? 0
      rows.transitions[row] = transitions
      rows.violations[row] = r.violations[i] ?? 0
      clocks.forEach(({ sec, nsec }, clock) => {
        const seconds = rows.clockSec[clock]
        const rest = rows.clockNsec[clock]
        if (seconds) seconds[row] = sec[i] ?? CLOCK_UNSEEN
        if (rest) rest[row] = nsec[i] ?? 0
      })
    }
    for (const { index, label, task } of delta.labels) {
      if (index < 0 || index >= MAX_ROWS) throw new RangeError('label of an impossible instance')
      rows.labels[index] = label
      if (index >= rows.size) continue
      rows.tgid[index] = task?.tgid ?? -1
      rows.leaders[index] = task?.leader ?? ''
      rows.exited[index] = task?.exited === true ? 1 : 0
    }
    if (delta.labels.length > 0) this.naming++
    if (newest >= 0) this.findLastEdge(r, newest, newestFrom)
  }

  private later(r: MonitorDelta['rows'], a: number, b: number): boolean {
    const ds = (r.sinceSec[a] ?? 0) - (r.sinceSec[b] ?? 0)
    return ds > 0 || (ds === 0 && (r.sinceNsec[a] ?? 0) > (r.sinceNsec[b] ?? 0))
  }

  /** Several transitions may lie between two frames, so that `from` is a guess: the edge must exist. */
  private findLastEdge(r: MonitorDelta['rows'], at: number, from: number): void {
    const event = r.event[at] ?? -1
    const to = r.state[at] ?? -1
    if (event < 0 || to < 0) return
    let edge = this.edges.find(from, event, to)
    if (edge < 0) {
      for (let i = 0; i < this.edges.size && edge < 0; i++) {
        if (this.edges.event[i] === event && this.edges.to[i] === to) edge = i
      }
    }
    if (edge < 0) return
    this.lastEdge = edge
    this.lastRow = r.index[at] ?? -1
  }

  private checkState(state: number, least: number): number {
    if (state < least || state >= this.states.length) throw new RangeError('unknown state index')
    return state
  }

  private checkEvent(event: number): number {
    if (event < -1 || event >= this.events.length) throw new RangeError('unknown event index')
    return event
  }
}
