import type { Violation } from '../../contract/state'

/** Violations that are listed one by one; of older ones the counts are. The observer keeps 100,000. */
export const MAX_ROWS = 1 << 17
const FIRST_CAPACITY = 1024
/** Names beyond this are sorted out: those of rows that are gone are forgotten. */
const MAX_NAMES = 1 << 20

const KINDS = ['error', 'error_env', 'ltl', 'retries'] as const satisfies Violation['kind'][]
/** In place of an id: the instance is a CPU or the only one. */
const NO_ID = -0x8000_0000

/** Columns whose numbers are names. */
const NAMES = [
  'comm',
  'label',
  'state',
  'event',
  'env',
  'cause',
  'edge',
  'instance',
  'task'
] as const

/** What violations can have in common. */
export type SharedProperty = 'cause' | 'edge' | 'instance' | 'task' | 'monitor' | 'cpu'

/** The cause of a violation as a key: instances of per-CPU monitors are told apart by CPU. */
export function causeKey(v: Violation): string {
  return `${edgeKey(v)}|${instanceKey(v)}`
}

function edgeKey(v: Violation): string {
  // State and event of a formula's violation are known only when it is complete, and are sets.
  if (v.kind === 'ltl') return `${String(v.monitor)}|ltl`
  return `${String(v.monitor)}|${v.kind}|${v.state}|${v.event}`
}

function instanceKey({ id, cpu }: Violation): string {
  return id === null ? `cpu${String(cpu)}` : `id${String(id)}`
}

/**
 * The violations of a connection in columns, by their number. A violation is its `seq`: what is asked
 * about one that is not listed reads as empty.
 */
export class ViolationRows {
  /** Number of the newest; 0: none. */
  lastSeq = 0
  /** Rows that were added since the connection. */
  received = 0
  /** Rows that are listed. */
  listed = 0
  /** Rows that are listed and not looked at. */
  unseen = 0
  /** Counts what makes all that was derived from the rows worthless. */
  epoch = 0
  /** Counts changes of what is seen. */
  seenVersion = 0
  private capacity: number
  private oldest = 1
  private columns: Columns
  private names: string[] = ['']
  private ids = new Map<string, number>([['', 0]])

  /** `limit`: a power of two. */
  constructor(
    private readonly limit = MAX_ROWS,
    private readonly maxNames = MAX_NAMES
  ) {
    this.capacity = Math.min(FIRST_CAPACITY, limit)
    this.columns = columnsOf(this.capacity)
  }

  /** Number of the oldest that may be listed. */
  get firstSeq(): number {
    return this.oldest
  }

  /** Violations that were numbered and never arrived. */
  get missing(): number {
    return this.lastSeq - this.received
  }

  /** Forgets all; of the same connection it stays known what was looked at. */
  clear(isSameConnection: boolean): void {
    this.lastSeq = 0
    this.received = 0
    this.listed = 0
    this.unseen = 0
    this.oldest = 1
    this.epoch++
    if (isSameConnection) return
    this.columns.seq.fill(0)
    this.columns.seen.fill(0)
  }

  has(seq: number): boolean {
    return seq >= this.oldest && seq <= this.lastSeq && this.columns.seq[this.slot(seq)] === seq
  }

  /** Appends one; its number is greater than that of all before. */
  add(violation: Violation): void {
    const { seq } = violation
    if (this.capacity < this.limit && seq - this.oldest >= this.capacity) this.grow(seq)
    const slot = this.slot(seq)
    const c = this.columns
    const isKnown = c.seq[slot] === seq
    this.lastSeq = seq
    this.received++
    this.listed++
    this.evict(seq - this.capacity + 1)
    c.seq[slot] = seq
    if (!isKnown) c.seen[slot] = 0
    if (c.seen[slot] === 0) this.unseen++
    c.time[slot] = violation.sec * 1e9 + violation.nsec
    c.monitor[slot] = violation.monitor
    c.kind[slot] = KINDS.indexOf(violation.kind)
    c.cpu[slot] = violation.cpu
    c.pid[slot] = violation.pid
    c.id[slot] = violation.id ?? NO_ID
    c.comm[slot] = this.intern(violation.comm)
    c.label[slot] = this.intern(violation.label)
    c.state[slot] = this.intern(violation.state)
    c.event[slot] = this.intern(violation.event)
    c.env[slot] = violation.env === null ? 0 : this.intern(violation.env)
    c.stack[slot] = violation.stack.length > 0 ? 1 : 0
    c.cause[slot] = this.intern(causeKey(violation))
    c.edge[slot] = this.intern(edgeKey(violation))
    c.instance[slot] = this.intern(`${String(violation.monitor)}|${instanceKey(violation)}`)
    c.task[slot] = this.intern(`${String(violation.pid)}|${violation.comm}`)
    if (this.names.length > this.maxNames) this.compact()
  }

  /** What became known of one later. */
  complete(violation: Violation): void {
    const { seq } = violation
    if (!this.has(seq)) return
    const slot = this.slot(seq)
    this.columns.label[slot] = this.intern(violation.label)
    this.columns.state[slot] = this.intern(violation.state)
    this.columns.event[slot] = this.intern(violation.event)
    this.columns.stack[slot] = violation.stack.length > 0 ? 1 : 0
  }

  /** ns since the target's boot. */
  time(seq: number): number {
    return this.columns.time[this.slot(seq)] ?? 0
  }
  monitor(seq: number): number {
    return this.columns.monitor[this.slot(seq)] ?? 0
  }
  kind(seq: number): Violation['kind'] {
    return KINDS[this.columns.kind[this.slot(seq)] ?? 0] ?? 'error'
  }
  cpu(seq: number): number {
    return this.columns.cpu[this.slot(seq)] ?? 0
  }
  pid(seq: number): number {
    return this.columns.pid[this.slot(seq)] ?? 0
  }
  /** pid or object; null: the instance is a CPU, or the only one. */
  id(seq: number): number | null {
    const id = this.columns.id[this.slot(seq)] ?? NO_ID
    return id === NO_ID ? null : id
  }
  comm(seq: number): string {
    return this.names[this.columns.comm[this.slot(seq)] ?? 0] ?? ''
  }
  label(seq: number): string {
    return this.names[this.columns.label[this.slot(seq)] ?? 0] ?? ''
  }
  state(seq: number): string {
    return this.names[this.columns.state[this.slot(seq)] ?? 0] ?? ''
  }
  event(seq: number): string {
    return this.names[this.columns.event[this.slot(seq)] ?? 0] ?? ''
  }
  env(seq: number): string {
    return this.names[this.columns.env[this.slot(seq)] ?? 0] ?? ''
  }
  /** What its cause is called, see causeKey(). */
  causeKey(seq: number): string {
    return this.names[this.columns.cause[this.slot(seq)] ?? 0] ?? ''
  }
  /** A number that violations with the same property share; it holds as long as the epoch. */
  shared(seq: number, property: SharedProperty): number {
    return this.columns[property][this.slot(seq)] ?? 0
  }
  hasStack(seq: number): boolean {
    return this.columns.stack[this.slot(seq)] === 1
  }
  isSeen(seq: number): boolean {
    return this.columns.seen[this.slot(seq)] === 1
  }

  /** The user has looked at these. */
  markSeen(seqs: Iterable<number>): void {
    const { seen } = this.columns
    for (const seq of seqs) {
      const slot = this.slot(seq)
      if (!this.has(seq) || seen[slot] === 1) continue
      seen[slot] = 1
      this.unseen--
    }
    this.seenVersion++
  }

  markAllSeen(): void {
    this.columns.seen.fill(1)
    this.unseen = 0
    this.seenVersion++
  }

  *[Symbol.iterator](): Generator<number> {
    for (let seq = this.oldest; seq <= this.lastSeq; seq++) if (this.has(seq)) yield seq
  }

  private slot(seq: number): number {
    // Capacities are powers of two.
    return seq & (this.capacity - 1)
  }

  /** Rows before a number have no room any more. */
  private evict(before: number): void {
    const { seq, seen } = this.columns
    for (; this.oldest < before; this.oldest++) {
      const slot = this.slot(this.oldest)
      if (seq[slot] !== this.oldest) continue
      this.listed--
      if (seen[slot] === 0) this.unseen--
    }
  }

  private grow(seq: number): void {
    const old = this.columns
    const { capacity } = this
    while (this.capacity < this.limit && seq - this.oldest >= this.capacity) this.capacity *= 2
    this.columns = columnsOf(this.capacity)
    for (let slot = 0; slot < capacity; slot++) {
      const to = this.slot(old.seq[slot] ?? 0)
      if ((old.seq[slot] ?? 0) > 0) copyRow(old, slot, this.columns, to)
    }
  }

  private intern(text: string): number {
    const known = this.ids.get(text)
    if (known !== undefined) return known
    const id = this.names.push(text) - 1
    this.ids.set(text, id)
    return id
  }

  private compact(): void {
    const { names, columns } = this
    this.names = ['']
    this.ids = new Map([['', 0]])
    this.epoch++
    for (const seq of this) {
      const slot = this.slot(seq)
      for (const key of NAMES) {
        columns[key][slot] = this.intern(names[columns[key][slot] ?? 0] ?? '')
      }
    }
  }
}

type Columns = ReturnType<typeof columnsOf>

function columnsOf(capacity: number) {
  return {
    seq: new Float64Array(capacity),
    time: new Float64Array(capacity),
    monitor: new Uint16Array(capacity),
    kind: new Uint8Array(capacity),
    cpu: new Uint16Array(capacity),
    pid: new Int32Array(capacity),
    id: new Int32Array(capacity),
    comm: new Uint32Array(capacity),
    label: new Uint32Array(capacity),
    state: new Uint32Array(capacity),
    event: new Uint32Array(capacity),
    env: new Uint32Array(capacity),
    cause: new Uint32Array(capacity),
    edge: new Uint32Array(capacity),
    instance: new Uint32Array(capacity),
    task: new Uint32Array(capacity),
    stack: new Uint8Array(capacity),
    seen: new Uint8Array(capacity)
  }
}

const KEYS = Object.keys(columnsOf(0)) as readonly (keyof Columns)[]

function copyRow(from: Columns, slot: number, into: Columns, to: number): void {
  for (const key of KEYS) into[key][to] = from[key][slot] ?? 0
}
