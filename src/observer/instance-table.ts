import { CLOCK_UNSEEN, type MonitorDelta, type TaskFacts } from '../contract/state'

/** Transitions of an instance that are remembered, as the path to its next violation. */
export const PATH_LENGTH = 16
/** Instances of one monitor at most. */
export const MAX_ROWS = 131_072
/** State of an instance that is not monitoring: at first, and from a violation to its next event. */
export const NOT_MONITORING = -1

type Rows = MonitorDelta['rows']

/**
 * The instances of one monitor as columns, one row each, found by id (CPU, pid, object) through
 * open addressing. Remembers which rows changed since they were last taken. A step allocates
 * nothing but when the columns double.
 */
export class InstanceTable {
  length = 0
  id = new Int32Array(16)
  state = new Int16Array(16)
  event = new Int16Array(16)
  sinceSec = new Uint32Array(16)
  sinceNsec = new Uint32Array(16)
  transitions = new Float64Array(16)
  violations = new Uint32Array(16)
  /** Time of the last violation that the event stream brought. */
  errorSec = new Uint32Array(16)
  errorNsec = new Uint32Array(16)
  /** Decoder's name index of the label, 0 where it came from elsewhere. */
  labelName = new Uint32Array(16)
  readonly labels: string[] = []
  /** 1: events were lost since the state was seen. */
  unsure = new Uint8Array(16)
  /** Time of the last reset by clock, then by row; CLOCK_UNSEEN seconds: none seen. */
  readonly clockSec: Uint32Array[]
  readonly clockNsec: Uint32Array[]
  /** Thread group of a row's task, -1: not known. */
  tgid = new Int32Array(16).fill(-1)
  /** comm of the thread that leads the group. */
  readonly leaders: string[] = []
  /** In how many lists of tasks a row's task was missing; 2 stands for more. */
  absent = new Uint8Array(16)

  /** The last PATH_LENGTH transitions of row r: entries r * PATH_LENGTH + (n % PATH_LENGTH). */
  pathSec = new Uint32Array(16 * PATH_LENGTH)
  pathNsec = new Uint32Array(16 * PATH_LENGTH)
  pathCpu = new Uint16Array(16 * PATH_LENGTH)
  pathFrom = new Int16Array(16 * PATH_LENGTH)
  pathEvent = new Int16Array(16 * PATH_LENGTH)
  pathTo = new Int16Array(16 * PATH_LENGTH)
  /** Transitions remembered and overwritten since the row is this instance's. */
  pathTotal = new Uint32Array(16)

  #slots = new Int32Array(64)
  #isDirty = new Uint8Array(16)
  #dirty = new Int32Array(16)
  #dirtyLength = 0
  readonly #newLabels = new Set<number>()
  /** Rows of tasks that are gone, to be used again. */
  #free: number[] = []
  readonly #limit: number
  /** Rows that were seen since the last loss: only these become unsure at the next one. */
  #sure = new Int32Array(16)
  #sureLength = 0

  /** Is told that a row is about to become another instance's. */
  onReuse: (row: number) => void = () => undefined

  /** @param clocks how many clocks an instance has */
  constructor(limit = MAX_ROWS, clocks = 0) {
    this.#limit = limit
    this.clockSec = Array.from({ length: clocks }, () => new Uint32Array(16))
    this.clockNsec = Array.from({ length: clocks }, () => new Uint32Array(16))
  }

  get hasChanges(): boolean {
    return this.#dirtyLength > 0 || this.#newLabels.size > 0
  }

  /** No further instance finds a row until some are freed. */
  get isFull(): boolean {
    return this.length >= this.#limit && this.#free.length === 0
  }

  /** The row of an instance, which is added where there is room; otherwise -1. */
  rowOf(id: number): number {
    const mask = this.#slots.length - 1
    let slot = hash(id) & mask
    for (;;) {
      const row = (this.#slots[slot] ?? 0) - 1
      if (row < 0) return this.#add(id, slot)
      if (this.id[row] === id) return row
      slot = (slot + 1) & mask
    }
  }

  /** The row of an instance, or -1. */
  find(id: number): number {
    const mask = this.#slots.length - 1
    let slot = hash(id) & mask
    for (;;) {
      const row = (this.#slots[slot] ?? 0) - 1
      if (row < 0 || this.id[row] === id) return row
      slot = (slot + 1) & mask
    }
  }

  touch(row: number): void {
    if (this.#isDirty[row] !== 0) return
    this.#isDirty[row] = 1
    this.#dirty[this.#dirtyLength++] = row
  }

  setLabel(row: number, label: string, name: number): void {
    this.labelName[row] = name
    if (this.labels[row] === label) return
    this.labels[row] = label
    this.#newLabels.add(row)
  }

  /** Nobody knows what the clocks of an instance show, until they are reset. */
  forgetClocks(row: number): void {
    for (const column of this.clockSec) column[row] = CLOCK_UNSEEN
  }

  resetClock(row: number, clock: number, sec: number, nsec: number): void {
    const seconds = this.clockSec[clock]
    const rest = this.clockNsec[clock]
    if (seconds) seconds[row] = sec
    if (rest) rest[row] = nsec
  }

  /** An event of it tells its state again. True: it was unsure. */
  seen(row: number): boolean {
    if (this.unsure[row] !== 1) return false
    this.unsure[row] = 0
    this.#sure[this.#sureLength++] = row
    return true
  }

  /** Events were lost: of one row, or of all. Costs what was seen since the last loss. */
  lost(only?: number): void {
    let kept = 0
    for (let i = 0; i < this.#sureLength; i++) {
      const row = this.#sure[i] ?? 0
      if (only !== undefined && row !== only) {
        this.#sure[kept++] = row
        continue
      }
      this.unsure[row] = 1
      this.touch(row)
    }
    this.#sureLength = kept
  }

  /** In how many lists of tasks the row's task was missing: from the second on it has exited. */
  setAbsent(row: number, lists: number): void {
    const before = this.absent[row] ?? 0
    const now = Math.min(2, lists)
    this.absent[row] = now
    if ((before === 2) !== (now === 2)) this.#newLabels.add(row)
  }

  /** Says which thread group a row's task is of. */
  setGroup(row: number, tgid: number, leader: string): void {
    if (this.tgid[row] === tgid && this.leaders[row] === leader) return
    this.tgid[row] = tgid
    this.leaders[row] = leader
    this.#newLabels.add(row)
  }

  /** Remembers a transition for the path of the next violation. */
  remember(
    row: number,
    sec: number,
    nsec: number,
    cpu: number,
    from: number,
    event: number,
    to: number
  ): void {
    const total = this.pathTotal[row] ?? 0
    const at = row * PATH_LENGTH + (total % PATH_LENGTH)
    this.pathSec[at] = sec
    this.pathNsec[at] = nsec
    this.pathCpu[at] = cpu
    this.pathFrom[at] = from
    this.pathEvent[at] = event
    this.pathTo[at] = to
    this.pathTotal[row] = total + 1
  }

  /** No instance is monitoring since the given time: the monitor went off, or was reset. */
  stopAll(sec: number, nsec: number): void {
    for (let row = 0; row < this.length; row++) {
      // A reset is certain, whatever was lost before it.
      if (this.seen(row)) this.touch(row)
      if (this.state[row] === NOT_MONITORING) continue
      this.state[row] = NOT_MONITORING
      this.sinceSec[row] = sec
      this.sinceNsec[row] = nsec
      this.touch(row)
    }
  }

  /** Frees the rows of instances that are gone, for others to use. */
  sweep(isThere: (id: number) => boolean): void {
    const free = new Set(this.#free)
    for (let row = 0; row < this.length; row++) {
      if (!free.has(row) && !isThere(this.id[row] ?? 0)) this.#free.push(row)
    }
    this.#rehash(this.#slots.length, new Set(this.#free))
  }

  /** Drops every instance. */
  clear(): void {
    this.length = 0
    this.#free = []
    this.#slots.fill(0)
    this.#isDirty.fill(0)
    this.#dirtyLength = 0
    this.#sureLength = 0
    this.unsure.fill(0)
    this.#newLabels.clear()
    this.labels.length = 0
    this.leaders.length = 0
    this.tgid.fill(-1)
  }

  /** The rows that changed since the last call, or all of them; none counts as changed afterwards. */
  take(all: boolean): Pick<MonitorDelta, 'rows' | 'labels' | 'clocks'> {
    const length = all ? this.length : this.#dirtyLength
    const index = new Uint32Array(length)
    for (let i = 0; i < length; i++) index[i] = all ? i : (this.#dirty[i] ?? 0)
    const rows: Rows = {
      index,
      id: gather(this.id, index, new Int32Array(length)),
      state: gather(this.state, index, new Int16Array(length)),
      event: gather(this.event, index, new Int16Array(length)),
      sinceSec: gather(this.sinceSec, index, new Uint32Array(length)),
      sinceNsec: gather(this.sinceNsec, index, new Uint32Array(length)),
      transitions: gather(this.transitions, index, new Float64Array(length)),
      violations: gather(this.violations, index, new Uint32Array(length)),
      unsure: gather(this.unsure, index, new Uint8Array(length))
    }
    const labelled = all ? this.labels.keys() : this.#newLabels
    const labels: MonitorDelta['labels'] = []
    for (const row of labelled) {
      const label = this.labels[row] ?? ''
      const task = this.#taskOf(row)
      if (!all || label !== '' || task) labels.push({ index: row, label, ...(task && { task }) })
    }
    this.#isDirty.fill(0, 0, this.length)
    this.#dirtyLength = 0
    this.#newLabels.clear()
    if (this.clockSec.length === 0) return { rows, labels }
    const clocks = this.clockSec.map((sec, clock) => ({
      sec: gather(sec, index, new Uint32Array(length)),
      nsec: gather(this.clockNsec[clock] ?? sec, index, new Uint32Array(length))
    }))
    return { rows, labels, clocks }
  }

  #taskOf(row: number): TaskFacts | undefined {
    const tgid = this.tgid[row] ?? -1
    const exited = this.absent[row] === 2
    if (tgid < 0 && !exited) return undefined
    return { tgid, leader: this.leaders[row] ?? '', exited }
  }

  #add(id: number, slot: number): number {
    const freed = this.#free.pop()
    if (freed === undefined && this.length >= this.#limit) return -1
    const row = freed ?? this.length++
    if (freed !== undefined) this.onReuse(freed)
    if (row === this.id.length) this.#double()
    this.id[row] = id
    this.state[row] = NOT_MONITORING
    this.event[row] = -1
    this.sinceSec[row] = this.sinceNsec[row] = 0
    this.errorSec[row] = this.errorNsec[row] = 0
    this.absent[row] = 0
    this.forgetClocks(row)
    if (freed === undefined) {
      this.unsure[row] = 0
      this.#sure[this.#sureLength++] = row
    } else this.seen(row)
    this.tgid[row] = -1
    this.leaders[row] = ''
    this.transitions[row] = this.violations[row] = this.pathTotal[row] = this.labelName[row] = 0
    this.labels[row] = ''
    if (freed !== undefined) this.#newLabels.add(row)
    this.#slots[slot] = row + 1
    this.touch(row)
    if (this.length * 2 > this.#slots.length) {
      this.#rehash(this.#slots.length * 2, new Set(this.#free))
    }
    return row
  }

  #double(): void {
    const size = this.id.length * 2
    this.id = grown(this.id, new Int32Array(size))
    this.state = grown(this.state, new Int16Array(size))
    this.event = grown(this.event, new Int16Array(size))
    this.sinceSec = grown(this.sinceSec, new Uint32Array(size))
    this.sinceNsec = grown(this.sinceNsec, new Uint32Array(size))
    this.transitions = grown(this.transitions, new Float64Array(size))
    this.violations = grown(this.violations, new Uint32Array(size))
    this.errorSec = grown(this.errorSec, new Uint32Array(size))
    this.errorNsec = grown(this.errorNsec, new Uint32Array(size))
    this.absent = grown(this.absent, new Uint8Array(size))
    this.tgid = grown(this.tgid, new Int32Array(size).fill(-1))
    this.labelName = grown(this.labelName, new Uint32Array(size))
    this.pathTotal = grown(this.pathTotal, new Uint32Array(size))
    this.unsure = grown(this.unsure, new Uint8Array(size))
    this.#sure = grown(this.#sure, new Int32Array(size))
    for (const columns of [this.clockSec, this.clockNsec]) {
      columns.forEach((column, i) => {
        columns[i] = grown(column, new Uint32Array(size))
      })
    }
    this.#isDirty = grown(this.#isDirty, new Uint8Array(size))
    this.#dirty = grown(this.#dirty, new Int32Array(size))
    const steps = size * PATH_LENGTH
    this.pathSec = grown(this.pathSec, new Uint32Array(steps))
    this.pathNsec = grown(this.pathNsec, new Uint32Array(steps))
    this.pathCpu = grown(this.pathCpu, new Uint16Array(steps))
    this.pathFrom = grown(this.pathFrom, new Int16Array(steps))
    this.pathEvent = grown(this.pathEvent, new Int16Array(steps))
    this.pathTo = grown(this.pathTo, new Int16Array(steps))
  }

  #rehash(size: number, without: ReadonlySet<number>): void {
    const slots = new Int32Array(size)
    const mask = size - 1
    for (let row = 0; row < this.length; row++) {
      if (without.has(row)) continue
      let slot = hash(this.id[row] ?? 0) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = row + 1
    }
    this.#slots = slots
  }
}

type Column = Int32Array | Int16Array | Uint16Array | Uint32Array | Uint8Array | Float64Array

function grown<T extends Column>(old: Column, bigger: T): T {
  bigger.set(old)
  return bigger
}

function gather<T extends Column>(column: Column, index: Uint32Array, into: T): T {
  for (let i = 0; i < index.length; i++) into[i] = column[index[i] ?? 0] ?? 0
  return into
}

function hash(id: number): number {
  const h = Math.imul(id ^ (id >>> 16), 0x45d9f3b)
  return h ^ (h >>> 15)
}
