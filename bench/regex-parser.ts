import { RecordKind } from '../src/trace'

// Lazy where the comm is: greedy would be slower, and the peer is to be as fast as it can be.
const HEAD =
  /^ *(.*?)-(\d+) +(?:\([ \d-]{7}\) )?\[(\d+)\] (?:([^\d ]\S*) +)? *(\d+)\.(\d+): ([^: ]+): (.*)$/
const EVENT = /^(?:(-?\d+): )?(\w+) x (\w+) -> (\w+)( \(final\))?$/
const ERROR = /^(?:(-?\d+): )?event (\w+) not expected in the state (\w+)(?: with env (.+))?$/
const LTL_EVENT = /^(.*)\[(-?\d+)\]: \(([\d,-]*)\) x \(([\w,]*)\) -> \(([\d,-]*)\)$/
const LTL_ERROR = /^(.*)\[(-?\d+)\]: violation detected$/
const LOST = /^CPU:(\d+) \[LOST (?:(\d+) )?EVENTS\]$/

const ROWS = 4096

/**
 * The peer of the trace decoder: what one writes first. The same columns and the
 * same interned names, by way of strings, lines and regular expressions.
 */
export class RegexParser {
  /** Rows by kind. */
  readonly counts = new Uint32Array(9)
  readonly kind = new Uint8Array(ROWS)
  readonly timeSec = new Uint32Array(ROWS)
  readonly timeNsec = new Uint32Array(ROWS)
  readonly cpu = new Uint16Array(ROWS)
  readonly pid = new Int32Array(ROWS)
  readonly comm = new Uint32Array(ROWS)
  readonly flags = new Uint32Array(ROWS)
  readonly monitor = new Uint32Array(ROWS)
  readonly hasId = new Uint8Array(ROWS)
  readonly id = new Int32Array(ROWS)
  readonly state = new Uint32Array(ROWS)
  readonly event = new Uint32Array(ROWS)
  readonly next = new Uint32Array(ROWS)
  readonly final = new Uint8Array(ROWS)
  private row = 0
  private rest = ''
  private readonly utf8 = new TextDecoder()
  private readonly indexes = new Map<string, number>()

  decode(bytes: Uint8Array): void {
    const lines = (this.rest + this.utf8.decode(bytes, { stream: true })).split('\n')
    this.rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line.startsWith('#')) continue
      const kind = this.line(line)
      this.kind[this.row] = kind
      this.counts[kind] = (this.counts[kind] ?? 0) + 1
      this.row = (this.row + 1) % ROWS
    }
  }

  private line(line: string): RecordKind {
    const head = HEAD.exec(line)
    if (head === null) return LOST.test(line) ? RecordKind.Lost : RecordKind.Malformed
    const { row } = this
    const [, comm = '', pid, cpu, flags = '', sec, usec, trace = '', payload = ''] = head
    this.comm[row] = this.name(comm)
    this.pid[row] = Number(pid)
    this.cpu[row] = Number(cpu)
    this.flags[row] = this.name(flags)
    this.timeSec[row] = Number(sec)
    this.timeNsec[row] = Number(usec) * 1000
    if (trace.startsWith('event_')) return this.eventOf(row, trace.slice(6), payload)
    if (trace.startsWith('error_')) return this.errorOf(row, trace.slice(6), payload)
    this.monitor[row] = this.name(trace)
    return RecordKind.Other
  }

  private eventOf(row: number, monitor: string, payload: string): RecordKind {
    this.monitor[row] = this.name(monitor)
    const da = EVENT.exec(payload)
    if (da !== null) {
      const [, id, state = '', event = '', next = '', final] = da
      this.identify(row, id)
      this.state[row] = this.name(state)
      this.event[row] = this.name(event)
      this.next[row] = this.name(next)
      this.final[row] = final === undefined ? 0 : 1
      return RecordKind.Event
    }
    const ltl = LTL_EVENT.exec(payload)
    if (ltl === null) return RecordKind.Malformed
    const [, , id, state = '', event = '', next = ''] = ltl
    this.identify(row, id)
    this.state[row] = this.name(state)
    this.event[row] = this.name(event)
    this.next[row] = this.name(next)
    return RecordKind.LtlEvent
  }

  private errorOf(row: number, monitor: string, payload: string): RecordKind {
    const da = ERROR.exec(payload)
    if (da !== null) {
      const [, id, event = '', state = '', env] = da
      this.identify(row, id)
      this.monitor[row] = this.name(env === undefined ? monitor : monitor.replace(/^env_/, ''))
      this.state[row] = this.name(state)
      this.event[row] = this.name(event)
      return env === undefined ? RecordKind.Error : RecordKind.ErrorEnv
    }
    const ltl = LTL_ERROR.exec(payload)
    if (ltl === null) return RecordKind.Malformed
    this.monitor[row] = this.name(monitor)
    this.identify(row, ltl[2])
    return RecordKind.LtlError
  }

  private identify(row: number, id: string | undefined): void {
    this.hasId[row] = id === undefined ? 0 : 1
    this.id[row] = Number(id ?? 0)
  }

  private name(text: string): number {
    let index = this.indexes.get(text)
    if (index === undefined) {
      index = this.indexes.size
      this.indexes.set(text, index)
    }
    return index
  }
}
